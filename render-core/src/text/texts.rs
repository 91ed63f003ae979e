//! The words of a poster → [`ShapedTexts`]: each line in its weight, case and tracking.

use super::case::upper;
use super::font::{Fonts, Weight};
use super::shape::{LineStyle, shape_line};
use super::{GlyphRun, ShapedTexts};
use crate::error::{Warned, Warning};

/// What every poster says, as OpenStreetMap's licence asks.
pub const ATTRIBUTION: &str = "© OpenStreetMap contributors";

/// The words of a poster; an empty one is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Texts<'a> {
    /// The title, usually the city.
    pub title: &'a str,
    /// The subtitle, usually the country.
    pub subtitle: &'a str,
    /// The coordinates, see [`coordinates_line`](crate::page::coordinates_line).
    pub coordinates: &'a str,
    /// Their language, a BCP 47 tag, for rules of case; empty for unknown.
    pub locale: &'a str,
}

/// Shapes every line of a poster.
#[must_use]
pub fn shape_texts(texts: &Texts<'_>, fonts: &Fonts) -> Warned<ShapedTexts> {
    let mut warnings: Vec<Warning> = Vec::new();
    let mut line = |text: &str, weight: Weight, tracking: f32, what: &str| -> GlyphRun {
        let style = LineStyle { tracking, locale: texts.locale, what };
        let shaped = shape_line(text, &fonts.by_preference(weight), &style);
        warnings.extend(shaped.warnings);
        shaped.output
    };
    let title = upper(texts.title, texts.locale);
    let subtitle = upper(texts.subtitle, texts.locale);
    let output = ShapedTexts {
        title: line(&title, Weight::Bold, title_tracking(&title), "title"),
        subtitle: line(&subtitle, Weight::Light, 0.3, "subtitle"),
        coordinates: line(texts.coordinates, Weight::Regular, 0.08, "coordinates"),
        attribution: line(ATTRIBUTION, Weight::Regular, 0.03, "attribution"),
    };
    Warned { output, warnings }
}

/// Short names stand wide, long ones closer: an even measure across posters, and no long name
/// made small by its own spaces.
fn title_tracking(title: &str) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of letters")]
    let n_letters = title.chars().count().min(100) as f32;
    (0.42 - 0.018 * n_letters).clamp(0.08, 0.34)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::builtin;

    #[test]
    fn a_poster_is_set_in_capitals_with_its_attribution() {
        let texts = Texts {
            title: "Helsinki",
            subtitle: "Finland",
            coordinates: "60.1719° N / 24.9414° E",
            locale: "fi",
        };
        let shaped = shape_texts(&texts, &builtin::fonts());
        assert_eq!(shaped.warnings, []);
        let output = shaped.output;
        assert_eq!((output.title.text.as_str(), output.title.glyphs.len()), ("HELSINKI", 8));
        assert_eq!(output.subtitle.fonts, ["Jost-Light"]);
        assert_eq!(output.coordinates.fonts, ["Jost-Regular"]);
        assert_eq!(output.attribution.text, ATTRIBUTION);
    }

    #[test]
    fn without_fonts_there_are_warnings_and_no_text() {
        let texts = Texts { title: "Rome", ..Texts::default() };
        let shaped = shape_texts(&texts, &Fonts::default());
        assert_eq!(shaped.warnings.len(), 2);
        assert!(shaped.output.title.glyphs.is_empty());
    }

    #[test]
    fn tracking_never_makes_a_longer_name_narrower() {
        let widths: Vec<f32> = (1..60)
            .map(|n| {
                let title = "N".repeat(n);
                let texts = Texts { title: &title, ..Texts::default() };
                shape_texts(&texts, &builtin::fonts()).output.title.width
            })
            .collect();
        assert!(widths.is_sorted());
    }
}

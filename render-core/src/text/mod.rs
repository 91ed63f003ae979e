//! Strings and fonts → [`GlyphRun`]s: shaped lines of text whose outlines are plain paths.
//!
//! A run is in em units, so fitting, paper and position need no font: the text engine is asked
//! only when the words or the font change.

pub mod builtin;
pub mod case;
pub mod font;
pub mod shape;
pub mod shaped;
mod texts;

use serde::{Deserialize, Serialize};

pub use font::{Font, Fonts, Weight};
pub use texts::{ATTRIBUTION, Texts, shape_texts};

/// A drawing command of an outline, in font units scaled to 1 em, y up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum OutlineStep {
    /// Starts a contour.
    #[serde(rename = "M")]
    Move(f32, f32),
    /// A straight edge.
    #[serde(rename = "L")]
    Line(f32, f32),
    /// A quadratic curve: control point, end point.
    #[serde(rename = "Q")]
    Quad(f32, f32, f32, f32),
    /// A cubic curve: two control points, end point.
    #[serde(rename = "C")]
    Cubic(f32, f32, f32, f32, f32, f32),
    /// Closes the contour.
    #[serde(rename = "Z")]
    Close,
}

/// A glyph of a run, at its place on the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Glyph {
    /// The font's number of the glyph.
    pub id: u32,
    /// Which of [`GlyphRun::fonts`] it is from.
    pub font: u16,
    /// Its origin, em, to the right of the run's start, tracking included.
    pub x: f32,
    /// Its origin, em, above the baseline.
    pub y: f32,
    /// Its outline, as an index of [`GlyphRun::outlines`].
    pub outline: u32,
}

/// A shaped line of text in em units, baseline at y = 0, y up, glyphs in visual order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GlyphRun {
    /// The text it shows, after any change of case.
    pub text: String,
    /// Names of the fonts used, such as `Montserrat-Bold`.
    pub fonts: Vec<String>,
    /// Glyphs, left to right.
    pub glyphs: Vec<Glyph>,
    /// Each outline once.
    pub outlines: Vec<Vec<OutlineStep>>,
    /// Width, em, from the first glyph's origin to the end of the last, without trailing tracking.
    pub width: f32,
    /// Height of capitals, em, for optical placing.
    pub cap_height: f32,
    /// Left edge of the ink, em.
    pub ink_left: f32,
    /// Right edge of the ink, em.
    pub ink_right: f32,
}

/// A box around ink, em, y up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct InkBox {
    /// Left edge.
    pub left: f32,
    /// Right edge.
    pub right: f32,
    /// Lower edge.
    pub bottom: f32,
    /// Upper edge.
    pub top: f32,
}

impl GlyphRun {
    /// The box around all outlines; control points count as ink, so it may be a little large.
    #[must_use]
    pub fn ink(&self) -> InkBox {
        let mut ink: Option<InkBox> = None;
        for glyph in &self.glyphs {
            for step in self.outlines.get(glyph.outline as usize).into_iter().flatten() {
                for (x, y) in step.points() {
                    let (x, y) = (x + glyph.x, y + glyph.y);
                    let so_far = ink.unwrap_or(InkBox { left: x, right: x, bottom: y, top: y });
                    ink = Some(InkBox {
                        left: so_far.left.min(x),
                        right: so_far.right.max(x),
                        bottom: so_far.bottom.min(y),
                        top: so_far.top.max(y),
                    });
                }
            }
        }
        ink.unwrap_or_default()
    }

    /// The run in two lines, of which the second is its last word; `None` where a word's glyphs cannot be told, as its
    /// letters are not one glyph each. Of runs from left to right.
    #[must_use]
    pub fn before_last_word(&self) -> Option<[Self; 2]> {
        let (before, word) = self.text.rsplit_once(char::is_whitespace)?;
        let n_letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).count();
        if n_letters(&self.text) != self.glyphs.len() {
            return None;
        }
        let (first, second) = self.glyphs.split_at_checked(n_letters(before))?;
        let start = second.first()?.x;
        let part = |text: &str, glyphs: &[Glyph], start: f32| {
            let moved = |glyph: &Glyph| Glyph { x: glyph.x - start, ..glyph.clone() };
            let mut part = Self {
                text: text.trim().to_owned(),
                glyphs: glyphs.iter().map(moved).collect(),
                ..self.clone()
            };
            let ink = part.ink();
            (part.ink_left, part.ink_right, part.width) = (ink.left, ink.right, ink.right);
            part
        };
        Some([part(before, first, 0.0), part(word, second, start)])
    }
}

impl OutlineStep {
    /// Its points, control points first.
    pub fn points(&self) -> impl Iterator<Item = (f32, f32)> {
        let (points, n) = match *self {
            Self::Move(x, y) | Self::Line(x, y) => ([(x, y), (0.0, 0.0), (0.0, 0.0)], 1),
            Self::Quad(cx, cy, x, y) => ([(cx, cy), (x, y), (0.0, 0.0)], 2),
            Self::Cubic(cx, cy, dx, dy, x, y) => ([(cx, cy), (dx, dy), (x, y)], 3),
            Self::Close => ([(0.0, 0.0); 3], 0),
        };
        points.into_iter().take(n)
    }
}

/// The lines a poster shows, shaped. A line that is not shown is empty.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShapedTexts {
    /// The title, usually the city.
    pub title: GlyphRun,
    /// The subtitle, usually the country.
    pub subtitle: GlyphRun,
    /// The coordinates line.
    pub coordinates: GlyphRun,
    /// `© OpenStreetMap contributors`; never empty.
    pub attribution: GlyphRun,
}

//! Bytes of font files → [`Font`]s, sorted by weight into [`Fonts`].

use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use harfrust::{GlyphId, font};

use super::OutlineStep;
use crate::error::{Warned, Warning};

/// A font that can be shaped and drawn.
#[derive(Clone)]
pub struct Font {
    /// Its name, such as `Jost-Bold`.
    pub name: String,
    pub(super) inner: font::Font,
}

impl Font {
    /// From the bytes of a TTF or OTF file; `None` where they are no font.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Option<Self> {
        let inner = font::Font::new(bytes, 0)?;
        // A font must at least have characters and outlines to be of use.
        let is_usable = inner.units_per_em() > 0 && inner.charmap().has_unicode();
        is_usable.then(|| Self { name: name.into(), inner })
    }

    /// Whether it has a glyph for a character.
    #[must_use]
    pub fn has(&self, c: char) -> bool {
        self.inner.charmap().map_unicode(c).is_some_and(|glyph| glyph.to_u32() != 0)
    }

    /// What turns its units into em.
    pub(super) fn em(&self) -> f32 {
        f32::from(self.inner.units_per_em())
    }

    /// Height of capitals, em: as the font says, else of its H.
    pub(super) fn cap_height(&self) -> f32 {
        let stated = self.inner.metrics().cap_height.map_or(0.0, |height| height.to_f32());
        if stated > 0.0 {
            return stated / self.em();
        }
        let glyph = self.inner.charmap().map_unicode('H');
        let outline = glyph.map(|glyph| self.outline(glyph.to_u32())).unwrap_or_default();
        let top = outline.iter().flat_map(OutlineStep::points).map(|(_, y)| y);
        top.fold(0.0, f32::max)
    }

    /// The outline of a glyph, em; empty for a space or a glyph that cannot be drawn.
    pub(super) fn outline(&self, glyph: u32) -> Vec<OutlineStep> {
        let mut pen = Pen { em: self.em(), steps: Vec::new() };
        if let Some(outline) = self.inner.outline_glyphs().get(GlyphId::new(glyph)) {
            // A damaged glyph may stop halfway; half a letter is worse than none.
            if outline.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut pen).is_err() {
                pen.steps.clear();
            }
        }
        pen.steps
    }
}

/// Collects an outline, scaled to 1 em.
struct Pen {
    em: f32,
    steps: Vec<OutlineStep>,
}

/// 1/100 000 em is under a micrometre in a title; rounding keeps baked runs short.
pub(super) fn rounded(em: f32) -> f32 {
    (em * 100_000.0).round() / 100_000.0
}

impl Pen {
    fn at(&self, value: f32) -> f32 {
        rounded(value / self.em)
    }
}

impl PathSink for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.steps.push(OutlineStep::Move(self.at(x), self.at(y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.steps.push(OutlineStep::Line(self.at(x), self.at(y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.steps.push(OutlineStep::Quad(self.at(cx), self.at(cy), self.at(x), self.at(y)));
    }

    fn curve_to(&mut self, cx: f32, cy: f32, dx: f32, dy: f32, x: f32, y: f32) {
        let [cx, cy, dx, dy, x, y] = [cx, cy, dx, dy, x, y].map(|value| self.at(value));
        self.steps.push(OutlineStep::Cubic(cx, cy, dx, dy, x, y));
    }

    fn close(&mut self) {
        self.steps.push(OutlineStep::Close);
    }
}

/// How heavy a line of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Subtitles.
    Light,
    /// Coordinates and attribution.
    Regular,
    /// Titles.
    Bold,
}

/// The fonts a poster is set in. Of each weight, the first font that has all letters of a line
/// sets it.
#[derive(Clone, Default)]
pub struct Fonts {
    fonts: Vec<(Weight, Font)>,
}

impl Fonts {
    /// From font files by name, in order of preference; the names end in the weight, such as
    /// `Jost-Bold` or `NotoSansArabic-Light`, and count as regular where they do not.
    #[must_use]
    pub fn new(files: Vec<(String, Vec<u8>)>) -> Warned<Self> {
        let mut fonts = Self::default();
        let mut warnings = Vec::new();
        for (name, bytes) in files {
            let weight = match name.rsplit(['-', '_', ' ']).next() {
                Some("Bold") => Weight::Bold,
                Some("Light") => Weight::Light,
                _ => Weight::Regular,
            };
            match Font::new(name.clone(), bytes) {
                Some(font) => fonts.fonts.push((weight, font)),
                None => warnings.push(Warning {
                    code: "W-FONT-READ",
                    element: None,
                    what: format!("the font {name} cannot be read"),
                }),
            }
        }
        Warned { output: fonts, warnings }
    }

    /// Every font, those of `weight` first, then the nearest: a letter in another weight is better
    /// than none.
    pub(super) fn by_preference(&self, weight: Weight) -> Vec<&Font> {
        let mut fonts: Vec<_> = self.fonts.iter().collect();
        fonts.sort_by_key(|(other, _)| (*other as u8).abs_diff(weight as u8));
        fonts.into_iter().map(|(_, font)| font).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_font_is_a_warning() {
        for bytes in [Vec::new(), b"wOF2 but not quite".to_vec(), vec![0; 4096]] {
            let read = Fonts::new(vec![("Odd-Bold".into(), bytes)]);
            assert_eq!(read.warnings.len(), 1);
            assert_eq!(read.output.by_preference(Weight::Bold).len(), 0);
        }
    }

    #[test]
    fn a_cut_font_never_panics() {
        let whole = include_bytes!("../../../public/fonts/Jost-Bold.ttf");
        for n in (0..whole.len()).step_by(997) {
            let Some(font) = Font::new("Jost-Bold", whole[..n].to_vec()) else { continue };
            font.outline(40);
            font.cap_height();
            let _ = font.has('A');
        }
    }

    #[test]
    fn the_nearest_weight_comes_next() {
        let fonts = crate::text::builtin::fonts();
        let names = |weight| {
            fonts.by_preference(weight).iter().map(|font| font.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(names(Weight::Bold)[..3], ["Jost-Bold", "Geologica-Bold", "Jost-Regular"]);
        assert_eq!(names(Weight::Light)[..2], ["Jost-Light", "Geologica-Light"]);
        assert_eq!(names(Weight::Regular)[0], "Jost-Regular");
    }
}

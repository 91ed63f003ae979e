//! [`ShapedTexts`] ↔ a compact file, so that a known poster needs no text engine.
//!
//! JSON, with each outline as a string of relative whole numbers in 1/100 000 em: small after
//! compression, and readable in a diff.

use serde::{Deserialize, Serialize};

use super::{Glyph, GlyphRun, OutlineStep, ShapedTexts};

/// Version of the format.
const VERSION: u32 = 1;
/// Units of the numbers in an em.
const UNITS: f32 = 100_000.0;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    lines: [Line; 4],
}

#[derive(Serialize, Deserialize)]
struct Line {
    text: String,
    fonts: Vec<String>,
    /// Glyph id, font, x, y, outline.
    glyphs: Vec<(u32, u16, i64, i64, u32)>,
    outlines: Vec<String>,
    /// Width, height of capitals, left and right edge of the ink.
    measures: [i64; 4],
}

/// The texts as the bytes of a file.
#[must_use]
pub fn write(texts: &ShapedTexts) -> Vec<u8> {
    let lines = [&texts.title, &texts.subtitle, &texts.coordinates, &texts.attribution];
    let file = File { version: VERSION, lines: lines.map(write_run) };
    // Only maps with odd keys and failing writers make this fail.
    serde_json::to_vec(&file).unwrap_or_default()
}

/// The texts of a file; `None` where the bytes are not one of this version.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<ShapedTexts> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    if file.version != VERSION {
        return None;
    }
    let [title, subtitle, coordinates, attribution] = file.lines.map(read_run);
    Some(ShapedTexts {
        title: title?,
        subtitle: subtitle?,
        coordinates: coordinates?,
        attribution: attribution?,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "saturates; outlines are a few em large")]
fn to_units(em: f32) -> i64 {
    (em * UNITS).round() as i64
}

/// The very number shaping rounded to: the same division gives the same bits.
#[expect(clippy::cast_precision_loss, reason = "whole numbers of a few em are below 2^24")]
fn to_em(units: i64) -> f32 {
    units as f32 / UNITS
}

fn write_run(run: &GlyphRun) -> Line {
    let glyph = |g: &Glyph| (g.id, g.font, to_units(g.x), to_units(g.y), g.outline);
    Line {
        text: run.text.clone(),
        fonts: run.fonts.clone(),
        glyphs: run.glyphs.iter().map(glyph).collect(),
        outlines: run.outlines.iter().map(|outline| write_outline(outline)).collect(),
        measures: [run.width, run.cap_height, run.ink_left, run.ink_right].map(to_units),
    }
}

fn read_run(line: Line) -> Option<GlyphRun> {
    let n_outlines = line.outlines.len();
    let glyph = |(id, font, x, y, outline): (u32, u16, i64, i64, u32)| {
        let is_whole = (outline as usize) < n_outlines && usize::from(font) < line.fonts.len();
        is_whole.then(|| Glyph { id, font, x: to_em(x), y: to_em(y), outline })
    };
    let glyphs = line.glyphs.into_iter().map(glyph).collect::<Option<_>>()?;
    let [width, cap_height, ink_left, ink_right] = line.measures.map(to_em);
    Some(GlyphRun {
        text: line.text,
        glyphs,
        outlines: line.outlines.iter().map(|text| read_outline(text)).collect::<Option<_>>()?,
        fonts: line.fonts,
        width,
        cap_height,
        ink_left,
        ink_right,
    })
}

fn letter(step: &OutlineStep) -> char {
    match step {
        OutlineStep::Move(..) => 'm',
        OutlineStep::Line(..) => 'l',
        OutlineStep::Quad(..) => 'q',
        OutlineStep::Cubic(..) => 'c',
        OutlineStep::Close => 'z',
    }
}

/// Each point relative to the one before.
fn write_outline(outline: &[OutlineStep]) -> String {
    let mut text = String::new();
    let mut last = (0, 0);
    for step in outline {
        text.push(letter(step));
        for (n, (x, y)) in step.points().enumerate() {
            let (x, y) = (to_units(x), to_units(y));
            let comma = if n == 0 { "" } else { "," };
            text.push_str(&format!("{comma}{},{}", x - last.0, y - last.1));
            last = (x, y);
        }
    }
    text
}

fn read_outline(text: &str) -> Option<Vec<OutlineStep>> {
    let mut steps = Vec::new();
    let mut last = (0_i64, 0_i64);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        rest = rest.get(letter.len_utf8()..)?;
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (numbers, after) = rest.split_at(end);
        rest = after;
        let numbers: Vec<i64> = if numbers.is_empty() {
            Vec::new()
        } else {
            numbers.split(',').map(|n| n.parse().ok()).collect::<Option<_>>()?
        };
        let mut points = Vec::new();
        for pair in numbers.chunks(2) {
            let [dx, dy] = *pair else { return None };
            last = (last.0.checked_add(dx)?, last.1.checked_add(dy)?);
            points.push((to_em(last.0), to_em(last.1)));
        }
        steps.push(match (letter, points.as_slice()) {
            ('m', [a]) => OutlineStep::Move(a.0, a.1),
            ('l', [a]) => OutlineStep::Line(a.0, a.1),
            ('q', [a, b]) => OutlineStep::Quad(a.0, a.1, b.0, b.1),
            ('c', [a, b, c]) => OutlineStep::Cubic(a.0, a.1, b.0, b.1, c.0, c.1),
            ('z', []) => OutlineStep::Close,
            _ => return None,
        });
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::builtin;
    use crate::text::{Texts, shape_texts};

    fn helsinki() -> ShapedTexts {
        let texts = Texts {
            title: "Helsinki",
            subtitle: "Finland",
            coordinates: "60.1717° N / 24.9443° E",
            locale: "en",
        };
        shape_texts(&texts, &builtin::fonts()).output
    }

    #[test]
    fn every_bit_survives() {
        let texts = helsinki();
        assert_eq!(read(&write(&texts)), Some(texts));
        assert_eq!(read(&write(&ShapedTexts::default())), Some(ShapedTexts::default()));
    }

    #[test]
    fn a_poster_takes_little_room() {
        let n = write(&helsinki()).len();
        assert!(n < 24_000, "{n} bytes");
    }

    #[test]
    fn damage_is_refused() {
        let bytes = write(&helsinki());
        for n in (0..bytes.len()).step_by(211) {
            assert_eq!(read(&bytes[..n]), None);
        }
        let text = String::from_utf8(bytes).unwrap();
        for (from, to) in [("\"version\":1", "\"version\":2"), ("z\"", "z1\""), ("\"m", "\"x")] {
            assert_eq!(read(text.replacen(from, to, 1).as_bytes()), None, "{from} → {to}");
        }
    }
}

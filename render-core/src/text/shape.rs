//! A string and fonts → [`GlyphRun`]: bidi, a font for every letter, shaping, tracking.

use std::ops::Range;

use harfrust::{
    Buffer, BufferFlags, Direction, Feature, Language, Script, ShapeOptions, ShaperFont, Tag,
    shape, unicode,
};
use unicode_bidi::ParagraphBidiInfo;

use super::font::{Font, rounded};
use super::{Glyph, GlyphRun};
use crate::error::{Warned, Warning};

/// Longest line shaped, characters; the longest place names have 180.
const MAX_CHARS: usize = 240;

/// How to set a line.
#[derive(Debug, Clone, Copy)]
pub struct LineStyle<'a> {
    /// Space added between letters, em, in scripts that bear it.
    pub tracking: f32,
    /// Language of the text, a BCP 47 tag; empty for unknown.
    pub locale: &'a str,
    /// What the line is called in warnings, such as `title`.
    pub what: &'a str,
}

/// Shapes a line in the first of `fonts` that has all its letters; where none has, letter by
/// letter. Letters that no font has are left out, with a warning that names them.
#[must_use]
pub fn shape_line(text: &str, fonts: &[&Font], style: &LineStyle<'_>) -> Warned<GlyphRun> {
    let mut warnings = Vec::new();
    let text = one_line(text, style, &mut warnings);
    let Choice { text, fonts: chosen } = choose_fonts(&text, fonts, style, &mut warnings);
    let mut shaped = Shaped::default();
    for piece in visual_pieces(&text, &chosen) {
        if let Some(font) = fonts.get(usize::from(piece.font)) {
            shaped.add(&text, &piece, font, style, &mut warnings);
        }
    }
    let cap_height = chosen
        .first()
        .and_then(|first| fonts.get(usize::from(*first)))
        .map_or(0.0, |font| font.cap_height());
    Warned { output: shaped.into_run(text, fonts, style.tracking, cap_height), warnings }
}

/// The text on one line, without control characters and of a length that can be drawn.
fn one_line(text: &str, style: &LineStyle<'_>, warnings: &mut Vec<Warning>) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = composed(words.join(" ").chars().filter(|c| !c.is_control()));
    match text.char_indices().nth(MAX_CHARS) {
        None => text,
        Some((at, _)) => {
            warnings.push(Warning {
                code: "W-TEXT-LONG",
                element: None,
                what: format!("the {} is cut after {MAX_CHARS} characters", style.what),
            });
            text.get(..at).unwrap_or_default().to_owned()
        }
    }
}

/// Letters with their accents as one character where Unicode has one, as fonts do.
fn composed(chars: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for c in chars {
        let last = text.chars().next_back();
        let pair = last.and_then(|last| unicode::compose(last.into(), c.into()));
        match pair.and_then(char::from_u32) {
            Some(pair) => {
                text.pop();
                text.push(pair);
            }
            None => text.push(c),
        }
    }
    text
}

/// Text that the fonts can show, and the font of each of its characters.
struct Choice {
    text: String,
    fonts: Vec<u16>,
}

fn choose_fonts(
    text: &str,
    fonts: &[&Font],
    style: &LineStyle<'_>,
    warnings: &mut Vec<Warning>,
) -> Choice {
    let covers = |font: &Font, c: char| is_invisible(c) || font.has(c);
    // One font for the whole line first: two designs in one word look like a mistake.
    let whole = fonts.iter().position(|font| text.chars().all(|c| covers(font, c)));
    let mut choice = Choice { text: String::new(), fonts: Vec::new() };
    let mut missing = String::new();
    let mut last = 0;
    for c in text.chars() {
        let is_mark = unicode::script(c.into()) == Script::INHERITED || is_invisible(c);
        let found = match whole {
            Some(font) => Some(font),
            // A mark stays with its letter where that font has it.
            None if is_mark && fonts.get(last).is_some_and(|font| covers(font, c)) => Some(last),
            None => fonts.iter().position(|font| covers(font, c)),
        };
        let (found, c) = match stand_in(c) {
            Some(near) if found.is_none() => {
                (fonts.iter().position(|font| covers(font, near)), near)
            }
            _ => (found, c),
        };
        match found {
            Some(font) => {
                choice.text.push(c);
                choice.fonts.push(u16::try_from(font).unwrap_or(u16::MAX));
                last = font;
            }
            None if missing.contains(c) => {}
            None => missing.push(c),
        }
    }
    if !missing.is_empty() {
        let letters: Vec<String> =
            missing.chars().map(|c| format!("“{c}” (U+{:04X})", u32::from(c))).collect();
        warnings.push(Warning {
            code: "W-TEXT-MISSING",
            element: None,
            what: format!(
                "no font has {}, so the {} is printed without",
                letters.join(", "),
                style.what
            ),
        });
    }
    if choice.text.trim().is_empty() {
        choice = Choice { text: String::new(), fonts: Vec::new() };
    }
    choice
}

/// What may be printed in place of a character that few fonts have, because it looks the same.
fn stand_in(c: char) -> Option<char> {
    Some(match c {
        // Hawaiian ʻokina and the like, then the glottal stop of many Latin spellings.
        '\u{2bb}' | '\u{2bd}' => '‘',
        '\u{2bc}' | '\u{2be}' | '\u{2032}' => '’',
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => ' ',
        _ => return None,
    })
}

/// Joiners, direction marks and variation selectors: they steer shaping and need no glyph.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ad}')
}

/// A stretch of text of one font, script and direction.
struct Piece {
    bytes: Range<usize>,
    font: u16,
    script: Script,
    is_rtl: bool,
}

/// The pieces from left to right, as they are read on paper.
fn visual_pieces(text: &str, fonts: &[u16]) -> Vec<Piece> {
    if text.is_empty() {
        return Vec::new();
    }
    let scripts = resolved_scripts(text);
    let bidi = ParagraphBidiInfo::new(text, None);
    let (levels, runs) = bidi.visual_runs(0..text.len());
    let mut pieces = Vec::new();
    for run in runs {
        let is_rtl = levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl);
        let mut in_run: Vec<Piece> = Vec::new();
        for (((at, c), font), script) in text.char_indices().zip(fonts).zip(&scripts) {
            if !run.contains(&at) {
                continue;
            }
            let end = at + c.len_utf8();
            match in_run.last_mut() {
                Some(piece) if piece.font == *font && piece.script == *script => {
                    piece.bytes.end = end;
                }
                _ => in_run.push(Piece { bytes: at..end, font: *font, script: *script, is_rtl }),
            }
        }
        if is_rtl {
            in_run.reverse();
        }
        pieces.extend(in_run);
    }
    pieces
}

/// The script of each character; spaces, digits and marks take their neighbour's.
fn resolved_scripts(text: &str) -> Vec<Script> {
    let is_real =
        |script: &Script| !matches!(*script, Script::COMMON | Script::INHERITED | Script::UNKNOWN);
    let own: Vec<Script> = text.chars().map(|c| unicode::script(c.into())).collect();
    let mut current = own.iter().copied().find(is_real).unwrap_or(Script::LATIN);
    own.into_iter()
        .map(|script| {
            if is_real(&script) {
                current = script;
            }
            current
        })
        .collect()
}

/// Whether letters of a script stand apart, so that space between them breaks nothing.
fn bears_tracking(script: Script) -> bool {
    matches!(script, Script::LATIN | Script::GREEK | Script::CYRILLIC)
}

/// What has been shaped, left to right.
#[derive(Default)]
struct Shaped {
    glyphs: Vec<ShapedGlyph>,
}

struct ShapedGlyph {
    font: u16,
    id: u32,
    advance: f32,
    dx: f32,
    dy: f32,
    /// Where its cluster begins in the text.
    cluster: usize,
    is_tracked: bool,
}

impl Shaped {
    fn add(
        &mut self,
        text: &str,
        piece: &Piece,
        font: &Font,
        style: &LineStyle<'_>,
        warnings: &mut Vec<Warning>,
    ) {
        let shaper = ShaperFont::new(&font.inner);
        let mut buffer = Buffer::new();
        let (before, rest) = text.split_at(piece.bytes.start.min(text.len()));
        let (inside, after) = rest.split_at(piece.bytes.len().min(rest.len()));
        // Letters at a piece's edge join those beyond it.
        buffer.set_pre_context(before);
        buffer.push_str(inside);
        buffer.set_post_context(after);
        buffer.set_flags(BufferFlags::DO_NOT_INSERT_DOTTED_CIRCLE);
        let direction = if piece.is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        buffer.set_script(Some(piece.script));
        buffer.set_language(Language::new(style.locale));
        let is_tracked = style.tracking > 0.0 && bears_tracking(piece.script);
        // A ligature between tracked letters would be a knot.
        let off = [b"liga", b"clig"].map(|tag| Feature::new(Tag::new(tag), 0, ..));
        let features = if is_tracked { off.as_slice() } else { &[] };
        if let Err(error) = shape(&shaper, &mut buffer, ShapeOptions::new().features(features)) {
            warnings.push(Warning {
                code: "W-TEXT-SHAPE",
                element: None,
                what: format!("the {} cannot be set in {}: {error}", style.what, font.name),
            });
            return;
        }
        let em = font.em();
        #[expect(clippy::cast_precision_loss, reason = "font units are below 2^24")]
        let to_em = |units: i32| units as f32 / em;
        for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            self.glyphs.push(ShapedGlyph {
                font: piece.font,
                id: info.glyph_id,
                advance: to_em(position.x_advance),
                dx: to_em(position.x_offset),
                dy: to_em(position.y_offset),
                cluster: piece.bytes.start + info.cluster as usize,
                is_tracked,
            });
        }
    }

    /// Places the glyphs along the baseline, tracking between clusters only.
    fn into_run(self, text: String, fonts: &[&Font], tracking: f32, cap_height: f32) -> GlyphRun {
        let mut run = GlyphRun { text, cap_height, ..GlyphRun::default() };
        let mut outlines: Vec<(u16, u32)> = Vec::new();
        let mut used: Vec<u16> = Vec::new();
        let mut x = 0.0_f32;
        let mut previous: Option<&ShapedGlyph> = None;
        for glyph in &self.glyphs {
            if previous.is_some_and(|p| p.cluster != glyph.cluster && p.is_tracked)
                && glyph.is_tracked
            {
                x += tracking;
            }
            previous = Some(glyph);
            let Some(font) = fonts.get(usize::from(glyph.font)) else { continue };
            let key = (glyph.font, glyph.id);
            let known = outlines.iter().position(|other| *other == key);
            let outline = known.or_else(|| {
                let steps = font.outline(glyph.id);
                let has_ink = !steps.is_empty();
                has_ink.then(|| {
                    outlines.push(key);
                    run.outlines.push(steps);
                    outlines.len() - 1
                })
            });
            // What has no ink, a space, moves the pen and is nothing to draw.
            if let Some(outline) = outline {
                let font_at =
                    used.iter().position(|font| *font == glyph.font).unwrap_or_else(|| {
                        used.push(glyph.font);
                        run.fonts.push(font.name.clone());
                        used.len() - 1
                    });
                run.glyphs.push(Glyph {
                    id: glyph.id,
                    font: u16::try_from(font_at).unwrap_or(u16::MAX),
                    x: rounded(x + glyph.dx),
                    y: rounded(glyph.dy),
                    outline: u32::try_from(outline).unwrap_or(u32::MAX),
                });
            }
            x += glyph.advance;
        }
        run.width = rounded(x);
        let ink = run.ink();
        run.ink_left = ink.left;
        run.ink_right = ink.right;
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::font::Weight;
    use crate::text::{OutlineStep, builtin};

    fn line(text: &str, tracking: f32) -> Warned<GlyphRun> {
        let fonts = builtin::fonts();
        let style = LineStyle { tracking, locale: "en", what: "title" };
        shape_line(text, &fonts.by_preference(Weight::Bold), &style)
    }

    fn quiet(text: &str, tracking: f32) -> GlyphRun {
        let shaped = line(text, tracking);
        assert_eq!(shaped.warnings, [], "{text}");
        shaped.output
    }

    #[test]
    fn tracking_stands_between_letters_and_not_after_the_last() {
        let (tight, wide) = (quiet("HELSINKI", 0.0), quiet("HELSINKI", 0.2));
        assert!((wide.width - tight.width - 7.0 * 0.2).abs() < 1e-4);
        assert_eq!(wide.glyphs.len(), 8);
        // I and K each once more than the outlines: H E L S I N K.
        assert_eq!(wide.outlines.len(), 7);
        assert!(wide.ink_left > 0.0 && wide.ink_right < wide.width);
        let mut points = wide.outlines.iter().flatten().flat_map(OutlineStep::points);
        assert!(points.all(|(x, y)| x.is_finite() && y.is_finite()));
    }

    #[test]
    fn pairs_are_kerned_also_when_tracked() {
        let advance = |text| quiet(text, 0.0).width;
        assert!(advance("AV") < advance("A") + advance("V") - 0.02);
        assert!((quiet("AV", 0.1).width - advance("AV") - 0.1).abs() < 1e-4);
    }

    #[test]
    fn accents_stay_on_their_letters() {
        for (composed, apart) in [("SÃO", "SA\u{303}O"), ("İSTANBUL", "I\u{307}STANBUL")] {
            let (composed, apart) = (quiet(composed, 0.2), quiet(apart, 0.2));
            assert!((composed.width - apart.width).abs() < 1e-4, "{}", composed.text);
        }
    }

    #[test]
    fn one_font_sets_the_whole_line_where_one_can() {
        assert_eq!(quiet("МОСКВА", 0.2).fonts, ["Jost-Bold"]);
        assert_eq!(quiet("ΑΘΗΝΑ", 0.2).fonts, ["Geologica-Bold"]);
        // Jost has all but one of these letters.
        assert_eq!(quiet("HÀ NỘI", 0.2).fonts, ["Geologica-Bold"]);
        assert_eq!(quiet("ҚАРАҒАНДЫ", 0.2).fonts, ["Geologica-Bold"]);
        // None has both of these.
        assert_eq!(quiet("ΩŴ", 0.0).fonts, ["Geologica-Bold", "Jost-Bold"]);
    }

    #[test]
    fn what_no_font_has_is_told_and_left_out() {
        for text in ["القاهرة", "ירושלים", "東京", "दिल्ली", "🙂"] {
            let shaped = line(text, 0.3);
            assert_eq!(shaped.warnings.len(), 1, "{text}");
            assert_eq!(shaped.warnings[0].code, "W-TEXT-MISSING");
            assert!(shaped.output.glyphs.is_empty(), "{text}");
        }
        let mixed = line("Tokyo 東京", 0.0);
        assert!(mixed.warnings[0].what.contains("“東” (U+6771), “京” (U+4EAC)"));
        assert_eq!(mixed.output.glyphs.len(), 5);
    }

    #[test]
    fn rare_marks_have_stand_ins() {
        assert_eq!(quiet("HAWAIʻI", 0.0).text, "HAWAI‘I");
        assert_eq!(quiet("A‑B", 0.0).text, "A-B");
    }

    #[test]
    fn odd_strings_are_survived() {
        for text in ["", " ", "\u{301}", "\n\t", "\u{202e}abc", "a\u{200d}b", "\u{feff}"] {
            let _ = line(text, 0.2);
        }
        let long = line(&"W".repeat(5000), 0.2);
        assert_eq!(long.output.glyphs.len(), MAX_CHARS);
        assert_eq!(long.warnings[0].code, "W-TEXT-LONG");
    }

    #[test]
    fn right_to_left_text_is_reordered() {
        let text = "אב 12";
        let pieces = visual_pieces(text, &[0; 5]);
        let shown: Vec<&str> = pieces.iter().map(|piece| &text[piece.bytes.clone()]).collect();
        assert_eq!(shown, ["12", "אב "]);
        assert!(pieces[1].is_rtl && !pieces[0].is_rtl);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_is_set_or_told(text in "\\PC{0,24}", tracking in 0.0_f32..0.5) {
            let shaped = line(&text, tracking);
            let run = shaped.output;
            proptest::prop_assert!(run.width.is_finite() && run.ink_left <= run.ink_right);
            let n_outlines = run.outlines.len();
            proptest::prop_assert!(run.glyphs.iter().all(|g| (g.outline as usize) < n_outlines));
        }
    }
}

//! The design inside an exported file: the bytes of a PNG, SVG or PDF → the design's JSON.
//!
//! All three hold it as plain text in their XMP metadata, between two marks, so that it
//! is found without reading the rest of the file.

use std::borrow::Cow;

use memchr::memmem;

/// What stands before the design.
pub(crate) const START: &str = "<mapposter:design>";
/// What stands behind it.
pub(crate) const END: &str = "</mapposter:design>";

/// Longest design that is taken from a file, bytes: a thousand times what is usual.
const MOST_BYTES: usize = 1 << 20;

/// Bytes that tell what a file is: an editor may have put comments before an SVG's root.
pub const HEAD: usize = 4096;

/// A kind of file that a poster is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PosterFile {
    /// Pixels: PNG, and the kinds that others make of it.
    Picture,
    /// A drawing.
    Svg,
    /// A page.
    Pdf,
}

impl PosterFile {
    /// What a file is by its first bytes; `None` where it is none of them.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
        if head.starts_with(b"\x89PNG\r\n\x1a\n") || head.starts_with(b"\xff\xd8\xff") || is_webp {
            return Some(Self::Picture);
        }
        if head.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        let head = head.get(..HEAD).unwrap_or(head);
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let is_svg = text.starts_with(b"<") && memmem::find(text, b"<svg").is_some();
        is_svg.then_some(Self::Svg)
    }
}

/// Looks for a design in the bytes of a file, part by part.
///
/// ```
/// use render_core::design::embedded::DesignFinder;
///
/// let mut finder = DesignFinder::default();
/// finder.push(b"%PDF-1.7 \xff\xff <mapposter:des");
/// finder.push(b"ign>{\"version\":1}</mapposter:design> and so on");
/// assert_eq!(finder.finish().as_deref(), Some("{\"version\":1}"));
/// ```
#[derive(Debug, Default)]
pub struct DesignFinder {
    /// What may be the beginning of what is looked for.
    seen: Vec<u8>,
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Before,
    Inside,
    Found,
}

impl DesignFinder {
    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.is_found() {
            return;
        }
        self.seen.extend_from_slice(bytes);
        if self.state == State::Before {
            if let Some(at) = memmem::find(&self.seen, START.as_bytes()) {
                self.seen.drain(..at + START.len());
                self.state = State::Inside;
            } else {
                // The mark may begin at the end of these bytes.
                let kept = self.seen.len().min(START.len() - 1);
                self.seen.drain(..self.seen.len() - kept);
            }
        }
        if self.state == State::Inside {
            if let Some(at) = memmem::find(&self.seen, END.as_bytes()) {
                self.seen.truncate(at);
                self.state = State::Found;
            } else if self.seen.len() > MOST_BYTES {
                self.seen = Vec::new();
                self.state = State::Before;
            }
        }
    }

    /// Whether the design is found, so that no more bytes are needed.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.state == State::Found
    }

    /// The design's JSON, as far as it was put there by an exporter; `None` where there is none.
    #[must_use]
    pub fn finish(self) -> Option<String> {
        if self.state != State::Found {
            return None;
        }
        let text = String::from_utf8(self.seen).ok()?;
        // An editor that saved the file again may have written entities.
        let text = quick_xml::escape::unescape(&text).map(Cow::into_owned).unwrap_or(text);
        Some(text)
    }
}

/// JSON in which no character means anything to XML, or is not allowed there: all these stand in
/// strings, where JSON has escapes of its own.
pub(crate) fn as_markup(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '&' | '<' | '>' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                text += &format!("\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;

    fn find(bytes: &[u8], part: usize) -> Option<String> {
        let mut finder = DesignFinder::default();
        for part in bytes.chunks(part) {
            finder.push(part);
        }
        finder.finish()
    }

    #[test]
    fn a_design_is_found_whatever_parts_the_file_comes_in() {
        let mut design = Design::default();
        design.texts.title = Some("</mapposter:design> & <b> \u{1}\u{fffe} 東京 \"q\"".into());
        let json = design.to_json();
        let file = [
            b"\x89PNG<mapposter:",
            START.as_bytes(),
            as_markup(&json).as_bytes(),
            END.as_bytes(),
            b"\xff rest",
        ]
        .concat();
        for part in [1, 2, 7, 1000, file.len()] {
            let found = find(&file, part).unwrap();
            assert_eq!(Design::from_json(&found).unwrap().output.title(), design.title(), "{part}");
        }
    }

    #[test]
    fn a_file_saved_again_by_an_editor_still_has_it() {
        let file = format!("<svg>{START}{{&quot;version&quot;:1}}{END}");
        assert_eq!(find(file.as_bytes(), 5).as_deref(), Some("{\"version\":1}"));
    }

    #[test]
    fn what_is_cut_or_far_too_long_is_none() {
        assert_eq!(find(b"", 1), None);
        assert_eq!(find(format!("{START}{{\"version\":1}}").as_bytes(), 9), None);
        let long = [START.as_bytes(), &vec![b' '; 3 * MOST_BYTES], END.as_bytes()].concat();
        assert_eq!(find(&long, 1 << 16), None);
    }

    #[test]
    fn a_file_is_told_by_its_first_bytes() {
        assert_eq!(PosterFile::of(b"\x89PNG\r\n\x1a\n\0"), Some(PosterFile::Picture));
        assert_eq!(PosterFile::of(b"%PDF-1.7\n"), Some(PosterFile::Pdf));
        assert_eq!(PosterFile::of(b"\xEF\xBB\xBF<?xml?>\n<!-- a --><svg>"), Some(PosterFile::Svg));
        for other in [&b"<?xml version='1.0'?><osm>"[..], b"{\"a\":\"<svg\"}", b"", b"RIFF"] {
            assert_eq!(PosterFile::of(other), None);
        }
    }
}

//! An Overpass JSON reply, in chunks as the network brings them → [`OsmData`].
//!
//! Memory holds the result and the token that a chunk's end cut in two, never the text.

mod elements;
mod number;

use json_event_parser::LowLevelJsonParser;

use super::OsmData;
use super::builder::Limits;
use crate::error::{ReadError, Warning};
use elements::Elements;

/// Reads one reply; chunks may be split anywhere, also inside a character or an escape.
///
/// ```
/// use render_core::osm::{Limits, json::OverpassReader};
///
/// let mut warnings = Vec::new();
/// let mut reader = OverpassReader::new(Limits::default());
/// reader.push(br#"{"elements":[{"type":"way","id":1,"geometry":[{"la"#, &mut warnings)?;
/// reader.push(br#"t":60.17,"lon":24.94}]}]}"#, &mut warnings)?;
/// assert_eq!(reader.finish(&mut warnings)?.ways.len(), 1);
/// # Ok::<(), render_core::error::ReadError>(())
/// ```
pub struct OverpassReader {
    parser: LowLevelJsonParser,
    elements: Elements,
    /// What of the last chunk could not be parsed yet.
    rest: Vec<u8>,
    /// The reply's first bytes, for [`ReadError::NotOsmData`].
    head: Vec<u8>,
    is_json: bool,
    n_bytes: u64,
    limits: Limits,
}

/// Parsed at once; small enough to stay in the processor's cache.
const PIECE: usize = 64 << 10;
/// OSM's values have at most 255 characters; a longer token than this is no OSM data.
const LONGEST_TOKEN: usize = 1 << 20;
/// How much of a wrong reply an error shows.
const HEAD: usize = 160;
/// Some servers put it before UTF-8; it means nothing there.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl OverpassReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            parser: LowLevelJsonParser::new().with_max_stack_size(limits.depth),
            elements: Elements::new(limits),
            rest: Vec::new(),
            head: Vec::new(),
            is_json: false,
            n_bytes: 0,
            limits,
        }
    }

    /// Takes the next bytes. After an error the reader is of no more use.
    pub fn push(&mut self, chunk: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        self.n_bytes += chunk.len() as u64;
        if self.n_bytes > self.limits.bytes {
            let (found, limit) = (self.n_bytes, self.limits.bytes);
            return Err(ReadError::TooLarge { found, limit, unit: "bytes" });
        }
        if !self.is_json(chunk)? {
            return Ok(());
        }
        if self.rest.is_empty() {
            let n_parsed = self.parse(chunk, warnings)?;
            self.rest.extend_from_slice(chunk.get(n_parsed..).unwrap_or(&[]));
            return self.check_token();
        }
        for piece in chunk.chunks(PIECE) {
            let mut bytes = std::mem::take(&mut self.rest);
            bytes.extend_from_slice(piece);
            let n_parsed = self.parse(&bytes, warnings)?;
            bytes.drain(..n_parsed);
            self.rest = bytes;
            self.check_token()?;
        }
        Ok(())
    }

    /// Ends the reply and gives the data.
    pub fn finish(self, warnings: &mut Vec<Warning>) -> Result<OsmData, ReadError> {
        if !self.elements.is_complete() {
            let text = self.head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.head);
            let is_blank =
                text.iter().all(u8::is_ascii_whitespace) || BYTE_ORDER_MARK.starts_with(text);
            return Err(if self.is_json || is_blank {
                ReadError::Truncated
            } else {
                self.not_osm_data()
            });
        }
        if !self.rest.iter().all(u8::is_ascii_whitespace) {
            let what = "there is more text after the end of the JSON".to_owned();
            return Err(ReadError::Malformed { what });
        }
        if !self.elements.has_elements() {
            return Err(self.not_osm_data());
        }
        self.elements.into_builder().finish(warnings)
    }

    /// A busy server's HTML page is told from JSON by its first letter; an error shows some more.
    fn is_json(&mut self, chunk: &[u8]) -> Result<bool, ReadError> {
        let n_wanted = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(chunk.get(..n_wanted).unwrap_or(chunk));
        if self.is_json {
            return Ok(true);
        }
        let text = self.head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.head);
        let is_full = self.head.len() >= HEAD;
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            // The parser may well begin on blanks and on half a byte order mark.
            None => self.is_json = is_full,
            Some(_) if BYTE_ORDER_MARK.starts_with(text) => {}
            Some(b'{') => self.is_json = true,
            Some(_) if is_full => return Err(self.not_osm_data()),
            Some(_) => return Ok(false),
        }
        Ok(true)
    }

    fn not_osm_data(&self) -> ReadError {
        let text = String::from_utf8_lossy(&self.head);
        let words: Vec<&str> = text.split_whitespace().collect();
        ReadError::NotOsmData { starts_with: words.join(" ").chars().take(80).collect() }
    }

    fn check_token(&self) -> Result<(), ReadError> {
        if self.rest.len() <= LONGEST_TOKEN {
            return Ok(());
        }
        let what = format!("a text of more than {LONGEST_TOKEN} bytes");
        Err(ReadError::Malformed { what })
    }

    /// Gives the events of `bytes` to the elements; returns how many bytes were used up.
    fn parse(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<usize, ReadError> {
        let mut n_parsed = 0;
        loop {
            let result = self.parser.parse_next(bytes.get(n_parsed..).unwrap_or(&[]), false);
            n_parsed += result.consumed_bytes;
            match result.event {
                Some(Ok(event)) => self.elements.event(event, warnings)?,
                Some(Err(error)) => {
                    let position = error.location().start;
                    let (line, column) = (position.line + 1, position.column + 1);
                    let what = format!("line {line}, column {column}: {}", error.message());
                    return Err(ReadError::Malformed { what });
                }
                None => return Ok(n_parsed),
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! An Overpass JSON reply, in chunks as the network brings them → [`OsmData`].
//!
//! Memory holds the result and the token that a chunk's end cut in two, never the text.

mod elements;
mod number;
pub(super) mod scan;
mod way;

use super::OsmData;
use super::builder::Limits;
use crate::error::{ReadError, Warning};
use elements::Elements;
use scan::{BYTE_ORDER_MARK, Scanner, is_blank};

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
    scanner: Scanner,
    elements: Elements,
    /// The token that the last chunk's end cut.
    rest: Vec<u8>,
    /// The reply's first bytes, for [`ReadError::NotOsmData`].
    head: Vec<u8>,
    is_json: bool,
    n_bytes: u64,
    /// Bytes and elements of the replies that came whole.
    n_whole: (u64, u32),
    limits: Limits,
}

/// Added to a cut token at once; nearly all are shorter.
const PIECE: usize = 256;
/// OSM's values have at most 255 characters; a longer token than this is no OSM data. What is cut
/// by a chunk's end is scanned again with the next chunk, so it must not be long.
const LONGEST_TOKEN: usize = 64 << 10;
/// How much of a wrong reply an error shows.
const HEAD: usize = 160;

impl OverpassReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            scanner: Scanner::new(limits.depth),
            elements: Elements::new(limits),
            rest: Vec::new(),
            head: Vec::new(),
            is_json: false,
            n_bytes: 0,
            n_whole: (0, 0),
            limits,
        }
    }

    /// Makes room for so many vertices: growing as they come copies what is there again and again.
    pub fn reserve(&mut self, n_vertices: usize) {
        self.elements.reserve(n_vertices);
    }

    /// Takes the next bytes. After an error there must be another reply, or none.
    pub fn push(&mut self, chunk: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        self.n_bytes += chunk.len() as u64;
        if self.n_bytes > self.limits.bytes {
            let (found, limit) = (self.n_bytes, self.limits.bytes);
            return Err(ReadError::TooLarge { found, limit, unit: "bytes" });
        }
        if !self.is_json(chunk)? {
            return Ok(());
        }
        let mut chunk = chunk;
        // What the last chunk began is ended by a few bytes of this one; the rest is not copied.
        while !self.rest.is_empty() && !chunk.is_empty() {
            let n_before = self.rest.len();
            let (piece, others) = chunk.split_at(chunk.len().min(PIECE));
            self.rest.extend_from_slice(piece);
            let n_scanned = self.scanner.scan(&self.rest, &mut self.elements, warnings)?;
            if let Some(n_used) = n_scanned.checked_sub(n_before) {
                self.rest.clear();
                chunk = chunk.get(n_used..).unwrap_or(&[]);
            } else {
                self.rest.drain(..n_scanned);
                chunk = others;
                self.check_token()?;
            }
        }
        let n_scanned = self.scanner.scan(chunk, &mut self.elements, warnings)?;
        self.rest.extend_from_slice(chunk.get(n_scanned..).unwrap_or(&[]));
        self.check_token()
    }

    /// The elements that have come so far. Ways whose vertices are given apart have none yet.
    #[must_use]
    pub fn data(&self) -> &OsmData {
        self.elements.data()
    }

    /// Goes on with another reply about a neighbouring area: what is in both is kept once. Of a
    /// reply that broke off what had begun is dropped, and the rest does not count against the
    /// limits, as it comes again.
    pub fn begin_reply(&mut self) {
        let (n_bytes, n_elements) = self.n_whole;
        self.n_bytes = n_bytes;
        self.scanner = Scanner::new(self.limits.depth);
        self.elements.begin_reply(n_elements);
        self.rest.clear();
        self.head.clear();
        self.is_json = false;
    }

    /// Whether the reply came whole; the reader can go on with another, or finish.
    ///
    /// # Errors
    /// Where it ended too early, or was no reply.
    pub fn end_reply(&mut self) -> Result<(), ReadError> {
        if !self.elements.is_complete() {
            let text = self.head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.head);
            let is_blank = text.iter().all(is_blank) || BYTE_ORDER_MARK.starts_with(&self.head);
            return Err(if self.is_json || is_blank {
                ReadError::Truncated
            } else {
                ReadError::not_osm_data(&self.head)
            });
        }
        if !self.rest.iter().all(is_blank) {
            let what = "there is more text after the end of the JSON".to_owned();
            return Err(ReadError::Malformed { what });
        }
        if !self.elements.has_elements() {
            return Err(ReadError::not_osm_data(&self.head));
        }
        self.n_whole = (self.n_bytes, self.elements.n_elements());
        Ok(())
    }

    /// Ends the last reply and gives the data of all.
    ///
    /// # Errors
    /// As [`Self::end_reply`], and where there is nothing to draw in them.
    pub fn finish(mut self, warnings: &mut Vec<Warning>) -> Result<OsmData, ReadError> {
        self.end_reply()?;
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
        match text.iter().find(|byte| !is_blank(byte)) {
            // The scanner may well begin on blanks and on half a byte order mark.
            None => self.is_json = is_full,
            Some(_) if BYTE_ORDER_MARK.starts_with(&self.head) => {}
            Some(b'{') => self.is_json = true,
            Some(_) if is_full => return Err(ReadError::not_osm_data(&self.head)),
            Some(_) => return Ok(false),
        }
        Ok(true)
    }

    fn check_token(&self) -> Result<(), ReadError> {
        if self.rest.len() <= LONGEST_TOKEN {
            return Ok(());
        }
        let what = format!("a text of more than {LONGEST_TOKEN} bytes");
        Err(ReadError::Malformed { what })
    }
}

#[cfg(test)]
mod tests;

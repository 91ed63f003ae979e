//! The bytes of a file of a person's own, in parts → [`OsmData`]. What it is, its content says and
//! not its name.

mod unpack;

use std::borrow::Cow;

use super::builder::Limits;
use super::geojson::GeoJsonReader;
use super::json::OverpassReader;
use super::pack::{self, PackReader};
use super::pbf::{self, PbfReader};
use super::xml::XmlReader;
use super::{OsmData, bounds};
use crate::error::{ReadError, Warning};
use crate::lonlat::Bbox;
use unpack::{Packing, Unpacker};

/// Bytes that tell how a file is packed.
const MAGIC: usize = 4;
/// Bytes that tell Overpass's JSON from `GeoJSON`, whatever the order of their keys.
const HEAD: usize = 1 << 16;

/// Reads one file: a pack, `.osm.pbf`, OSM XML, Overpass JSON or `GeoJSON`, as it is or packed by
/// gzip or bzip2.
///
/// ```
/// use render_core::osm::{Limits, file::FileReader};
///
/// let mut warnings = Vec::new();
/// let mut reader = FileReader::new(Limits::default());
/// reader.push(br#"{"type":"LineString","coordinates":[[24.9,60."#, &mut warnings)?;
/// reader.push(b"1],[25,60.2]]}", &mut warnings)?;
/// assert_eq!(reader.finish(&mut warnings)?.data.ways.len(), 1);
/// # Ok::<(), render_core::error::ReadError>(())
/// ```
pub struct FileReader {
    packed: Packed,
    content: Content,
}

/// What a file held.
#[derive(Debug, Clone)]
pub struct FileData {
    /// The elements.
    pub data: OsmData,
    /// The box they fill, by the file's own word or by their vertices.
    pub area: Bbox,
    /// Whether that box is only as large as what is in it, not cut out of more: of drawings, which
    /// `GeoJSON` mostly is.
    pub is_drawing: bool,
}

enum Packed {
    /// The first bytes.
    Unknown(Vec<u8>),
    No,
    Yes(Unpacker),
}

struct Content {
    limits: Limits,
    n_bytes: u64,
    /// The first bytes, until they tell the format.
    head: Vec<u8>,
    reader: Option<Reader>,
}

enum Reader {
    Pack(PackReader),
    Pbf(PbfReader),
    Xml(XmlReader),
    Overpass(OverpassReader),
    GeoJson(GeoJsonReader),
}

impl FileReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let content = Content { limits, n_bytes: 0, head: Vec::new(), reader: None };
        Self { packed: Packed::Unknown(Vec::new()), content }
    }

    /// Takes the next bytes. After an error the reader is of no more use.
    pub fn push(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        match &mut self.packed {
            Packed::No => self.content.push(bytes, warnings),
            Packed::Yes(unpacker) => unpacker.push(bytes, |part| self.content.push(part, warnings)),
            Packed::Unknown(head) if head.len() + bytes.len() < MAGIC => {
                head.extend_from_slice(bytes);
                Ok(())
            }
            Packed::Unknown(head) => {
                let head = std::mem::take(head);
                self.begin(&joined(&head, bytes), warnings)
            }
        }
    }

    fn begin(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        self.packed = match Packing::of(bytes) {
            Some(packing) => Packed::Yes(Unpacker::new(packing)),
            None => Packed::No,
        };
        self.push(bytes, warnings)
    }

    /// Ends the file and gives what it held.
    pub fn finish(mut self, warnings: &mut Vec<Warning>) -> Result<FileData, ReadError> {
        if let Packed::Unknown(head) = &mut self.packed {
            let head = std::mem::take(head);
            self.begin(&head, warnings)?;
        }
        if let Packed::Yes(unpacker) = &self.packed {
            unpacker.finish()?;
        }
        self.content.finish(warnings)
    }
}

impl Content {
    fn push(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        self.n_bytes += bytes.len() as u64;
        let (found, limit) = (self.n_bytes, self.limits.bytes);
        if found > limit {
            return Err(ReadError::TooLarge { found, limit, unit: "bytes" });
        }
        if let Some(reader) = &mut self.reader {
            return reader.push(bytes, warnings);
        }
        if self.head.len() + bytes.len() < HEAD {
            self.head.extend_from_slice(bytes);
            return Ok(());
        }
        let head = std::mem::take(&mut self.head);
        self.begin(&joined(&head, bytes), warnings)
    }

    fn begin(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        self.reader.insert(Reader::of(bytes, self.limits)?).push(bytes, warnings)
    }

    fn finish(mut self, warnings: &mut Vec<Warning>) -> Result<FileData, ReadError> {
        if self.reader.is_none() {
            let head = std::mem::take(&mut self.head);
            self.begin(&head, warnings)?;
        }
        let (data, is_drawing) = match self.reader.ok_or(ReadError::Truncated)? {
            Reader::Pack(reader) => (reader.finish()?.data, false),
            Reader::Pbf(reader) => (reader.finish(warnings)?, false),
            Reader::Xml(reader) => (reader.finish(warnings)?, false),
            Reader::Overpass(reader) => (reader.finish(warnings)?, false),
            Reader::GeoJson(reader) => (reader.finish(warnings)?, true),
        };
        // A lake's relation may reach far beyond the ways that were asked for.
        let of_ways = || bounds(data.ways.iter().flat_map(|way| data.coords(&way.coords)));
        let area = data.area.or_else(of_ways).or_else(|| data.bounds());
        Ok(FileData { area: area.ok_or(ReadError::Empty)?, data, is_drawing })
    }
}

/// Bytes after what came before them, copied only where something did.
fn joined<'a>(head: &[u8], bytes: &'a [u8]) -> Cow<'a, [u8]> {
    if head.is_empty() { bytes.into() } else { [head, bytes].concat().into() }
}

impl Reader {
    fn of(head: &[u8], limits: Limits) -> Result<Self, ReadError> {
        if head.starts_with(&pack::MAGIC) {
            return Ok(Self::Pack(PackReader::new()));
        }
        if pbf::is_pbf(head) {
            return Ok(Self::Pbf(PbfReader::new(limits)));
        }
        // However a file is cut into parts, the same bytes tell.
        let telling = head.get(..HEAD).unwrap_or(head);
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        match text.first() {
            Some(b'<') => Ok(Self::Xml(XmlReader::new(limits))),
            Some(b'{') if is_geojson(telling) => Ok(Self::GeoJson(GeoJsonReader::new(limits))),
            Some(b'{') => Ok(Self::Overpass(OverpassReader::new(limits))),
            None => Err(ReadError::Empty),
            Some(_) => Err(ReadError::not_osm_data(text)),
        }
    }

    fn push(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        match self {
            Self::Pack(reader) => reader.push(bytes),
            Self::Pbf(reader) => reader.push(bytes, warnings),
            Self::Xml(reader) => reader.push(bytes),
            Self::Overpass(reader) => reader.push(bytes, warnings),
            Self::GeoJson(reader) => reader.push(bytes, warnings),
        }
    }
}

/// Whether a text of JSON begins as `GeoJSON` does rather than as a reply of Overpass.
fn is_geojson(text: &[u8]) -> bool {
    let first = |words: &[&str]| {
        let places = words.iter().filter_map(|word| {
            text.windows(word.len()).position(|window| window == word.as_bytes())
        });
        places.min().unwrap_or(usize::MAX)
    };
    let geojson = ["\"Feature\"", "\"FeatureCollection\"", "\"features\"", "\"coordinates\""];
    first(&geojson) < first(&["\"elements\"", "\"osm3s\""])
}

#[cfg(test)]
mod tests;

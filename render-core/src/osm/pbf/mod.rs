//! An `.osm.pbf` file → [`OsmData`] (<https://wiki.openstreetmap.org/wiki/PBF_Format>).
//!
//! Read by hand: the format needs five messages, and a general protocol buffer library would
//! weigh more in the browser than all other readers together.

mod block;
mod wire;

use super::OsmData;
use super::builder::{Limits, OsmDataBuilder};
use super::rest::Rest;
use crate::error::{ReadError, Warning};
use crate::lonlat::Bbox;
use wire::{Fields, Value, malformed, zigzag};

/// The format's own limits: a blob's header, and a block when unpacked.
const LONGEST_HEADER: usize = 64 << 10;
const LONGEST_BLOCK: usize = 32 << 20;

/// Whether `bytes` look like an OSM PBF file: their first blob says it is the header.
#[must_use]
pub fn is_pbf(bytes: &[u8]) -> bool {
    bytes.get(4..15) == Some(b"\x0a\x09OSMHeader")
}

/// Reads a whole file. Its nodes may come before or after the ways that need them.
pub fn read(
    bytes: &[u8],
    limits: Limits,
    warnings: &mut Vec<Warning>,
) -> Result<OsmData, ReadError> {
    let mut reader = PbfReader::new(limits);
    let n_read = reader.blobs(bytes, warnings)?;
    if n_read == bytes.len() { reader.finish(warnings) } else { Err(ReadError::Truncated) }
}

/// Reads a file as its bytes arrive, a blob at a time.
pub struct PbfReader {
    builder: OsmDataBuilder,
    limits: Limits,
    /// Of whole blocks, unpacked.
    n_bytes: u64,
    rest: Rest,
}

impl PbfReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { builder: OsmDataBuilder::new(limits), limits, n_bytes: 0, rest: Rest::default() }
    }

    /// Takes the next bytes. After an error the reader is of no more use.
    pub fn push(&mut self, chunk: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        let mut rest = std::mem::take(&mut self.rest);
        rest.feed(chunk, |bytes| self.blobs(bytes, warnings))?;
        self.rest = rest;
        Ok(())
    }

    /// Ends the file and gives the data.
    pub fn finish(self, warnings: &mut Vec<Warning>) -> Result<OsmData, ReadError> {
        if self.rest.bytes().is_empty() {
            self.builder.finish(warnings)
        } else {
            Err(ReadError::Truncated)
        }
    }

    /// Reads the whole blobs at the beginning of `bytes`; returns how long they are.
    fn blobs(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<usize, ReadError> {
        let mut rest = bytes;
        while let Some(blob) = Blob::next(&mut rest)? {
            let block = blob.unpack()?;
            self.n_bytes += block.len() as u64;
            let (found, limit) = (self.n_bytes, self.limits.bytes);
            if found > limit {
                return Err(ReadError::TooLarge { found, limit, unit: "bytes" });
            }
            match blob.kind {
                b"OSMHeader" => read_header(&block, &mut self.builder)?,
                b"OSMData" => block::read(&block, &mut self.builder, warnings)?,
                _ => {} // Indexes that some writers add.
            }
        }
        Ok(bytes.len() - rest.len())
    }
}

/// A compressed piece of the file.
struct Blob<'a> {
    kind: &'a [u8],
    body: &'a [u8],
}

impl<'a> Blob<'a> {
    /// The blob that `rest` begins with; none if it is not whole.
    fn next(rest: &mut &'a [u8]) -> Result<Option<Self>, ReadError> {
        let Some((len, after)) = rest.split_first_chunk::<4>() else { return Ok(None) };
        let len = u32::from_be_bytes(*len) as usize;
        if len > LONGEST_HEADER {
            return Err(malformed("a blob's header is too long"));
        }
        let Some((header, after)) = after.split_at_checked(len) else { return Ok(None) };
        let (mut kind, mut body_len) = (&[][..], 0);
        let mut fields = Fields(header);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Bytes(bytes)) => kind = bytes,
                (3, Value::Number(n)) => body_len = usize::try_from(n).unwrap_or(usize::MAX),
                _ => {}
            }
        }
        if body_len > LONGEST_BLOCK {
            return Err(malformed("a blob is too long"));
        }
        let Some((body, after)) = after.split_at_checked(body_len) else { return Ok(None) };
        *rest = after;
        Ok(Some(Self { kind, body }))
    }

    fn unpack(&self) -> Result<Vec<u8>, ReadError> {
        let mut fields = Fields(self.body);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Bytes(raw)) if raw.len() <= LONGEST_BLOCK => return Ok(raw.to_vec()),
                (3, Value::Bytes(zlib)) => {
                    let block = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(
                        zlib,
                        LONGEST_BLOCK,
                    );
                    return block.map_err(|error| malformed(&error.to_string()));
                }
                (2, _) => {}
                (4..=7, _) => {
                    let what = "its blocks are not packed by zlib".to_owned();
                    return Err(ReadError::Unsupported { what });
                }
                _ => {}
            }
        }
        Err(malformed("a blob without data"))
    }
}

fn read_header(block: &[u8], builder: &mut OsmDataBuilder) -> Result<(), ReadError> {
    let mut fields = Fields(block);
    while let Some(field) = fields.next()? {
        match field {
            (4, Value::Bytes(b"OsmSchema-V0.6" | b"DenseNodes")) => {}
            (4, Value::Bytes(feature)) => {
                let feature = String::from_utf8_lossy(feature);
                let what = format!("it needs “{feature}” of its reader, which MapPoster is not");
                return Err(ReadError::Unsupported { what });
            }
            (1, Value::Bytes(bbox)) => {
                if let Some(area) = read_bbox(bbox)? {
                    builder.set_area(area);
                }
            }
            (32, Value::Number(seconds)) => builder.set_timestamp(&iso_8601(seconds)),
            _ => {}
        }
    }
    Ok(())
}

/// A header's box: zigzag nanodegrees, left, right, top and bottom.
fn read_bbox(message: &[u8]) -> Result<Option<Bbox>, ReadError> {
    let [mut west, mut east, mut north, mut south] = [f64::NAN; 4];
    let mut fields = Fields(message);
    while let Some(field) = fields.next()? {
        let (side, n) = match field {
            (1, Value::Number(n)) => (&mut west, n),
            (2, Value::Number(n)) => (&mut east, n),
            (3, Value::Number(n)) => (&mut north, n),
            (4, Value::Number(n)) => (&mut south, n),
            _ => continue,
        };
        *side = zigzag(n) as f64 / 1e9;
    }
    let is_on_globe = (-180.0..=180.0).contains(&west)
        && (-180.0..=180.0).contains(&east)
        && -90.0 <= south
        && south < north
        && north <= 90.0;
    Ok(is_on_globe.then_some(Bbox { south, west, north, east }))
}

/// Seconds since 1970 as Overpass writes times.
fn iso_8601(seconds: u64) -> String {
    // Civil from days, after Howard Hinnant: years begin in March, so leap days come last.
    let seconds = seconds.min(253_402_300_799);
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, in_next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + in_next_year;
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests;

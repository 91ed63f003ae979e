//! The `.mpk` pack: [`OsmData`](super::OsmData) ↔ few bytes, quantised, delta-coded and checksummed.
//!
//! ```text
//! header   16 bytes, of this shape in every version
//!   0  4   89 4D 50 4B ("\x89MPK"; the first byte is no text, so a text-mode copy is noticed)
//!   4  2   version, 1; little-endian like all fixed-width numbers here
//!   6  1   decimals of a degree: 7 (as OSM has them) or 6 (11 cm)
//!   7  1   0
//!   8  4   length of the whole file
//!  12  4   CRC-32 of bytes 0..12
//! sections, one after another; each is complete in itself, so a stream is read as it comes
//!   0  1   kind
//!   1  4   length of the payload
//!   5  n   payload
//!  5+n 4   CRC-32 of the 5+n bytes before it
//! ```
//!
//! Sections come in this order; a reader passes over kinds it does not know. `n` is a LEB128
//! number. A column is its length in bytes as LEB128, then LEB128 numbers; ± marks zigzag numbers,
//! Δ the difference from the entry before (0 before the first). Columns keep like beside like,
//! which is what brotli and gzip need.
//!
//! | kind | payload |
//! |---|---|
//! | 1 about | JSON of [`PackMeta`] |
//! | 2 strings | n; lengths in bytes; then, in one column, UTF-8 |
//! | 3 tag sets | n; tags in each; key of each tag; value of each tag (string numbers) |
//! | 4 ways, any number of times | n; Δ± ids; tag set numbers; lines |
//! | 5 relations | n; Δ± ids; tag set numbers; members in each; per member role + 4 × how (0 no vertices, 1 those of a way, 2 a line of its own); per member its way: Δ± way number in the file for how 1, else Δ± id (two running values); n of lines, Δ± line number of each member with how 2; lines |
//! | 0 end | empty |
//!
//! Lines: vertices in each × 2, + 1 where the first is repeated as the last (and not stored twice);
//! number of vertices between one missing vertex and the next; Δ± longitude and Δ± latitude of each
//! line's first vertex; Δ± longitudes and Δ± latitudes of the others. The Δ of vertices runs through
//! all four columns: a line's first vertex is relative to the last vertex of the line before.

mod columns;
mod lines;
mod read;
mod write;

use serde::{Deserialize, Serialize};

use crate::lonlat::Bbox;
pub use read::{Pack, PackReader, read, read_meta};
pub use write::write;

/// What every pack begins with.
pub const MAGIC: [u8; 4] = *b"\x89MPK";
/// The version written, and the newest that can be read.
pub const VERSION: u16 = 1;

const HEADER_LEN: usize = 16;
/// Kind and length before a payload.
const SECTION_HEAD: usize = 5;
/// So that a streamed pack shows its first ways early and no section needs much memory.
const WAYS_PER_SECTION: usize = 16_384;

const END: u8 = 0;
const ABOUT: u8 = 1;
const STRINGS: u8 = 2;
const TAG_SETS: u8 = 3;
const WAYS: u8 = 4;
const RELATIONS: u8 = 5;

/// How exactly places are kept.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 1e-7 degree, as OSM has them: nothing is lost.
    #[default]
    E7,
    /// 1e-6 degree, 11 cm at most: finer than ink, and a quarter smaller.
    E6,
}

impl Precision {
    const fn decimals(self) -> u8 {
        match self {
            Self::E7 => 7,
            Self::E6 => 6,
        }
    }

    /// 1e-7 degrees in a step.
    const fn step(self) -> i64 {
        match self {
            Self::E7 => 1,
            Self::E6 => 10,
        }
    }
}

/// What a pack says about itself; readable without decoding the rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackMeta {
    /// The place's name, such as `Helsinki`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The country it is in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Where to look first: latitude and longitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre: Option<[f64; 2]>,
    /// Half the height of a map that the data fill, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// The area that has data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<Bbox>,
    /// Where the data come from, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The data's licence and whom to name, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// When the data are from; becomes [`OsmData::timestamp`](super::OsmData::timestamp).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

#[cfg(test)]
mod tests;

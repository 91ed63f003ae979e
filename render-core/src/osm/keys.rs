//! The tag keys that any later stage reads. Readers drop every other tag: three of four in a city
//! say who mapped a house and which number it has, and no poster shows it.

use super::StrId;

/// In alphabetical order. The strings of an
/// [`OsmDataBuilder`](super::OsmDataBuilder) begin with them.
pub const KEYS: [&str; 18] = [
    "aeroway", "amenity", "area", "boundary", "bridge", "building", "covered", "highway", "indoor",
    "landuse", "layer", "leisure", "man_made", "natural", "railway", "tunnel", "type", "waterway",
];

/// The key's id in a reader's strings, if it is one of [`KEYS`].
pub(super) fn key_id(key: &[u8]) -> Option<StrId> {
    KEYS.iter().position(|known| known.as_bytes() == key).map(|index| StrId(index as u32))
}

//! Bytes of any source → [`OsmData`]: elements as OSM wrote them, in flat arrays.
//!
//! One reader per source; each fills an [`OsmDataBuilder`], so all sources give the same type.

pub mod bake;
pub mod builder;
pub mod file;
pub mod geojson;
pub mod json;
pub mod keys;
pub mod pack;
pub mod pbf;
mod rest;
pub mod strings;
pub mod xml;

use std::ops::Range;

use crate::error::{ReadError, Warning};
use crate::lonlat::{Bbox, LonLat};
pub use builder::{Limits, OsmDataBuilder};
pub use strings::{StrId, Strings};

/// Reads a whole file of any kind known here, told apart by its content; see [`file::FileReader`].
pub fn read(
    bytes: &[u8],
    limits: Limits,
    warnings: &mut Vec<Warning>,
) -> Result<OsmData, ReadError> {
    let mut reader = file::FileReader::new(limits);
    reader.push(bytes, warnings)?;
    Ok(reader.finish(warnings)?.data)
}

/// What kind of element an id belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ElementKind {
    /// A single point.
    Node,
    /// An ordered list of nodes.
    Way,
    /// A list of members, each with a role.
    Relation,
}

/// An OSM element's name, as printed in warnings: `way 4253434`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OsmId {
    /// Node, way or relation.
    pub kind: ElementKind,
    /// OSM's number; unique within its kind only.
    pub id: i64,
}

impl std::fmt::Display for OsmId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            ElementKind::Node => "node",
            ElementKind::Way => "way",
            ElementKind::Relation => "relation",
        };
        write!(f, "{kind} {}", self.id)
    }
}

/// One `key=value`, both interned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag {
    /// The key, such as `highway`.
    pub key: StrId,
    /// The value, such as `residential`.
    pub value: StrId,
}

/// A way: a run of [`OsmData::coords`] with tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// OSM's way number.
    pub id: i64,
    /// Vertices, as a range of [`OsmData::coords`]; some may be [`LonLat::MISSING`].
    pub coords: Range<u32>,
    /// Tags, as a range of [`OsmData::tags`]; elements with equal tags share it.
    pub tags: Range<u32>,
}

/// A relation's role for a member, as far as drawing needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `outer`: the ring's inside belongs to the area.
    Outer,
    /// `inner`: a hole.
    Inner,
    /// Empty or any other text; treated by what its geometry says.
    Other,
}

/// A way inside a relation. Members that are nodes or relations are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// OSM's way number.
    pub way_id: i64,
    /// The member's role.
    pub role: Role,
    /// Vertices, as a range of [`OsmData::coords`]; empty where the source had no geometry.
    /// A source that shares nodes (PBF, pack) shares the range with the way itself.
    pub coords: Range<u32>,
}

/// A relation with its way members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// OSM's relation number.
    pub id: i64,
    /// Members, as a range of [`OsmData::members`].
    pub members: Range<u32>,
    /// Tags, as a range of [`OsmData::tags`].
    pub tags: Range<u32>,
}

/// Elements as their source gave them, in flat arrays.
///
/// Only ways and relations: nothing on a poster is drawn from a lone node yet.
#[derive(Debug, Clone, Default)]
pub struct OsmData {
    /// Every key and value once.
    pub strings: Strings,
    /// Vertices of ways and members.
    pub coords: Vec<LonLat>,
    /// Tags of ways and relations, as far as a later stage reads them ([`keys::KEYS`]).
    pub tags: Vec<Tag>,
    /// Members of relations.
    pub members: Vec<Member>,
    /// Ways in the source's order.
    pub ways: Vec<Way>,
    /// Relations in the source's order.
    pub relations: Vec<Relation>,
    /// When the source says its data are from, as it wrote it (`2019-04-21T20:21:00Z`).
    pub timestamp: Option<String>,
    /// The box that the source says its data fill, if it does: what ends at its edge goes on in
    /// reality.
    pub area: Option<Bbox>,
}

impl OsmData {
    /// The vertices of a range, none where the range is not in the array.
    #[must_use]
    pub fn coords(&self, range: &Range<u32>) -> &[LonLat] {
        self.coords.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }

    /// The box around all vertices, `None` if there are none. Of data on both sides of the
    /// antimeridian it is the one that goes around the other way.
    #[must_use]
    pub fn bounds(&self) -> Option<Bbox> {
        bounds(self.coords.iter())
    }

    /// The tags of a range as text.
    pub fn tags(&self, range: &Range<u32>) -> impl Iterator<Item = (&str, &str)> {
        self.tags
            .get(range.start as usize..range.end as usize)
            .unwrap_or(&[])
            .iter()
            .map(|tag| (self.strings.get(tag.key), self.strings.get(tag.value)))
    }

    /// The members of a range.
    #[must_use]
    pub fn members(&self, range: &Range<u32>) -> &[Member] {
        self.members.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }

    /// Every element as text, to compare what two readers gave.
    #[cfg(test)]
    pub(crate) fn describe(&self) -> String {
        let mut text = format!("{:?}\n", self.timestamp);
        for way in &self.ways {
            let tags: Vec<_> = self.tags(&way.tags).collect();
            text += &format!("way {} {tags:?} {:?}\n", way.id, self.coords(&way.coords));
        }
        for relation in &self.relations {
            let tags: Vec<_> = self.tags(&relation.tags).collect();
            text += &format!("relation {} {tags:?}\n", relation.id);
            for member in self.members(&relation.members) {
                let coords = self.coords(&member.coords);
                text += &format!("  {} {:?} {coords:?}\n", member.way_id, member.role);
            }
        }
        text
    }

    /// Whether the source held nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ways.is_empty() && self.relations.is_empty()
    }
}

/// The box around vertices; see [`OsmData::bounds`].
fn bounds<'a>(coords: impl Iterator<Item = &'a LonLat> + Clone) -> Option<Bbox> {
    let places = || coords.clone().filter(|at| !at.is_missing());
    let range = |value: &dyn Fn(&LonLat) -> i32| {
        let values = places().map(value);
        Some((f64::from(values.clone().min()?) / 1e7, f64::from(values.max()?) / 1e7))
    };
    let (south, north) = range(&|at| at.lat_e7)?;
    let (west, east) = range(&|at| at.lon_e7)?;
    if east - west <= 180.0 {
        return Some(Bbox { south, west, north, east });
    }
    let east = places().filter(|at| at.lon_e7 < 0).map(|at| at.lon()).fold(-180.0, f64::max);
    let west = places().filter(|at| at.lon_e7 >= 0).map(|at| at.lon()).fold(180.0, f64::min);
    Some(Bbox { south, west, north, east })
}

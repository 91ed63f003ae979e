//! [`OsmData`](crate::osm::OsmData) → [`Features`]: kinds decided, rings closed, tags gone.

pub mod assemble;
pub mod classify;
mod open;
mod plane;
mod polygons;
mod rings;
mod sea;
mod surroundings;

use std::ops::Range;

use crate::kind::FeatureKind;
use crate::lonlat::LonLat;
use crate::osm::OsmId;

pub use assemble::{Assembler, assemble};

/// A closed ring without its repeated last vertex: a range of [`Features::coords`].
pub type RingRange = Range<u32>;

/// A polygon: one outer ring, counter-clockwise (y up), and its holes, clockwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// What it is; an area kind.
    pub kind: FeatureKind,
    /// Where it came from, for warnings. A relation with several outer rings gives several areas.
    pub id: OsmId,
    /// Its rings, as a range of [`Features::rings`]: the outer one first. None where an
    /// [`Assembler`] found that another area draws it.
    pub rings: Range<u32>,
}

/// Where a line runs relative to the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Structure {
    /// `tunnel=yes`, or covered.
    Tunnel,
    /// On the ground.
    Ground,
    /// `bridge=yes` and its kin.
    Bridge,
}

/// An open or closed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is; a line kind.
    pub kind: FeatureKind,
    /// Where it came from, for warnings.
    pub id: OsmId,
    /// Tunnel, ground or bridge.
    pub structure: Structure,
    /// OSM's `layer`, −5..=5: which of two crossing bridges is above.
    pub layer: i8,
    /// Vertices, as a range of [`Features::coords`]; at least two, none missing.
    pub coords: Range<u32>,
}

/// Everything drawable of a place, still on the globe.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// Vertices of rings and lines; none is missing.
    pub coords: Vec<LonLat>,
    /// Rings of areas.
    pub rings: Vec<RingRange>,
    /// Areas in the source's order.
    pub areas: Vec<Area>,
    /// Lines in the source's order.
    pub lines: Vec<Line>,
}

//! [`Features`](crate::features::Features) → [`MapGeometry`]: metres, clipped to the frame.

pub mod order;
pub mod project;
pub mod projection;
pub mod simplify;

use std::ops::Range;

use crate::features::Structure;
use crate::kind::FeatureKind;
use crate::units::MapPoint;

pub use order::Tier;
pub use project::{ProjectOptions, Projector, project};
pub use projection::Projection;

/// What the map shows: a box centred on the place, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Half the box's width, m.
    pub half_width: f64,
    /// Half the box's height, m.
    pub half_height: f64,
}

/// A polygon in metres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapArea {
    /// What it is.
    pub kind: FeatureKind,
    /// Where it is drawn among land cover and water; the lowest for all else.
    pub tier: Tier,
    /// Its rings, as a range of [`MapGeometry::rings`]: the outer one first.
    pub rings: Range<u32>,
    /// Its triangles where they are known, as a range of [`MapGeometry::corners`].
    pub corners: Range<u32>,
}

/// A line in metres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapLine {
    /// What it is.
    pub kind: FeatureKind,
    /// Tunnel, ground or bridge.
    pub structure: Structure,
    /// OSM's `layer`, −5..=5.
    pub layer: i8,
    /// Whether the last vertex joins the first again (it is not repeated).
    pub is_closed: bool,
    /// Vertices, as a range of [`MapGeometry::points`].
    pub points: Range<u32>,
}

/// A place's geometry in metres around the design's place, y up, clipped with a margin.
///
/// Flat arrays of `f32`: within 100 km of the centre a step is under 8 mm, and this is what the
/// GPU takes.
#[derive(Debug, Clone, Default)]
pub struct MapGeometry {
    /// Vertices of rings and lines.
    pub points: Vec<MapPoint>,
    /// Rings of areas, as ranges of `points`; the last vertex is not repeated.
    pub rings: Vec<Range<u32>>,
    /// Corners of triangles, three to each: numbers of an area's points, counted through its rings.
    pub corners: Vec<u16>,
    /// Areas, sorted by tier and kind; then in the source's order.
    pub areas: Vec<MapArea>,
    /// Lines, sorted by structure, layer and kind; then in the source's order.
    pub lines: Vec<MapLine>,
    /// Whether nothing of the place was cut away.
    pub is_whole: bool,
}

//! What is known of an area besides the lines that are to be closed in it.

use geo::Coord;

use super::plane::Plane;
use crate::planar::Frame;

/// How near to its edge a source may have cut a line, as a share of the source's size.
const SOURCE_EDGE: f64 = 0.03;

/// An area and what lies in it.
pub(super) struct Surroundings<'a> {
    pub(super) plane: Plane,
    /// What may be seen.
    pub(super) frame: Frame,
    /// What the source says its data fill; a line that ends at its edge goes on there.
    pub(super) source: Option<Frame>,
    /// Places that are on land: vertices of streets, corners of buildings.
    pub(super) land: &'a [Coord],
}

impl Surroundings<'_> {
    /// Whether a line that ends here may have been cut by the source.
    pub(super) fn is_cut(&self, at: Coord) -> bool {
        self.source.is_some_and(|source| source.depth(at) < source_edge(&source))
    }
}

/// How far from its edge a source may have cut a line.
pub(super) fn source_edge(source: &Frame) -> f64 {
    SOURCE_EDGE * source.shorter_side()
}

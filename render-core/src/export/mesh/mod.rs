//! [`Scene`](crate::scene::Scene) → [`Mesh`]: triangles for the GPU, tessellated once per place.

mod fill;
mod grid;
mod stroke;
mod styles;
mod tessellate;

use std::ops::Range;

use bytemuck::{Pod, Zeroable};

pub use self::grid::Grids;
pub use self::styles::{MeshStyle, styles};
pub use self::tessellate::{groups, to_mesh};
use crate::scene::{StyleId, Transform};
use crate::units::PageRect;

/// A vertex of a stroke. The shader moves it from the centre line by half the style's width, so a
/// change of width or zoom touches no vertex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Pod, Zeroable)]
#[repr(C)]
pub struct StrokeVertex {
    /// Centre line, in the group's space.
    pub position: [u16; 2],
    /// Which way to move, in the group's space, [`NORMAL`](Self::NORMAL) to a length of 1; longer
    /// than 1 at a miter.
    pub normal: [i16; 2],
}

impl StrokeVertex {
    /// What a normal of length 1 is.
    pub const NORMAL: f32 = 8191.0;

    #[expect(clippy::cast_possible_truncation, reason = "no longer than a miter's limit, 4")]
    fn new(position: [u16; 2], normal: [f32; 2]) -> Self {
        Self { position, normal: normal.map(|v| (v * Self::NORMAL) as i16) }
    }
}

/// A vertex of a stroke that may be dashed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Pod, Zeroable)]
#[repr(C)]
pub struct DashVertex {
    /// What every stroke has.
    pub stroke: StrokeVertex,
    /// How far along the line, in the group's units.
    pub along: f32,
}

/// Which buffers a batch draws from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// Triangles of `fill_vertices`, by `fill_indices`.
    Fill,
    /// A strip of `stroke_vertices`.
    Stroke,
    /// A strip of `dash_vertices`.
    Dash,
}

/// Triangles drawn in one call, in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Which buffers.
    pub kind: BatchKind,
    /// Which of [`Mesh::groups`].
    pub group: u16,
    /// Which style of the scene.
    pub style: StyleId,
    /// Which indices, or which vertices of a strip. A casing and its core share them.
    pub range: Range<u32>,
    /// The vertex that index 0 is; 0 for a strip.
    pub first_vertex: u32,
}

/// The space batches are in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeshGroup {
    /// From the batch's space to page millimetres.
    pub transform: Transform,
    /// Nothing is drawn outside of it, page millimetres.
    pub clip: Option<PageRect>,
}

/// A scene as triangles.
#[derive(Debug, Clone, Default)]
pub struct Mesh {
    /// Fill vertices: x, y in the group's space.
    pub fill_vertices: Vec<[u16; 2]>,
    /// Three to a triangle; counted from the batch's first vertex.
    pub fill_indices: Vec<u16>,
    /// Strips of whole lines.
    pub stroke_vertices: Vec<StrokeVertex>,
    /// Strips of lines that may be dashed.
    pub dash_vertices: Vec<DashVertex>,
    /// Spaces of the batches; the first is the page itself.
    pub groups: Vec<MeshGroup>,
    /// What their vertices are on, for [`groups`] of the same shapes at another place.
    pub grids: Grids,
    /// Draw calls, the lowest first.
    pub batches: Vec<Batch>,
}

//! [`Scene`](crate::scene::Scene) → [`Mesh`]: triangles for the GPU, tessellated once per place.

mod fill;
mod stroke;
mod styles;
mod tessellate;

use std::ops::Range;

use bytemuck::{Pod, Zeroable};

pub use self::styles::{MeshStyle, styles};
pub use self::tessellate::{groups, to_mesh};
use crate::scene::{StyleId, Transform};
use crate::units::PageRect;

/// A vertex of a stroke. The shader moves it from the centre line by half the style's width, so a
/// change of width or zoom touches no vertex.
#[derive(Debug, Clone, Copy, PartialEq, Default, Pod, Zeroable)]
#[repr(C)]
pub struct StrokeVertex {
    /// Centre line, in the group's space.
    pub position: [f32; 2],
    /// Which way to move, in the group's space; longer than 1 at a miter.
    pub normal: [f32; 2],
    /// How far along the line, in the group's units, for dashes.
    pub along: f32,
}

/// Which buffers a batch draws from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// `fill_vertices`, `fill_indices`.
    Fill,
    /// `stroke_vertices`, `stroke_indices`.
    Stroke,
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
    /// Which indices. A casing and its core share them.
    pub indices: Range<u32>,
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
    pub fill_vertices: Vec<[f32; 2]>,
    /// Three to a triangle.
    pub fill_indices: Vec<u32>,
    /// Stroke vertices.
    pub stroke_vertices: Vec<StrokeVertex>,
    /// Three to a triangle.
    pub stroke_indices: Vec<u32>,
    /// Spaces of the batches; the first is the page itself.
    pub groups: Vec<MeshGroup>,
    /// Draw calls, the lowest first.
    pub batches: Vec<Batch>,
}

impl Mesh {
    /// [`fill_vertices`](Self::fill_vertices) as the GPU reads them: two `f32` a vertex.
    #[must_use]
    pub fn fill_vertex_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.fill_vertices)
    }

    /// [`fill_indices`](Self::fill_indices) as the GPU reads them.
    #[must_use]
    pub fn fill_index_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.fill_indices)
    }

    /// [`stroke_vertices`](Self::stroke_vertices) as the GPU reads them: five `f32` a vertex.
    #[must_use]
    pub fn stroke_vertex_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.stroke_vertices)
    }

    /// [`stroke_indices`](Self::stroke_indices) as the GPU reads them.
    #[must_use]
    pub fn stroke_index_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.stroke_indices)
    }
}

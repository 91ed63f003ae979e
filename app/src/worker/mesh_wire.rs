//! [`Mesh`]es and their styles ↔ buffers that go to the GPU as they are.
//!
//! | buffer of a mesh | content |
//! |---|---|
//! | 0 | fill vertices: x, y (`u16`) |
//! | 1 | fill indices (`u16`) |
//! | 2 | stroke vertices: x, y (`u16`), normal x, normal y (`i16`) |
//! | 3 | dash vertices: x, y (`u16`), normal x, normal y (`i16`), along (`f32`) |
//! | 4 | batches: kind (0 fill, 1 stroke, 2 dash), group, style, first index or vertex, end, the vertex that index 0 is (`u32`) |
//! | 5 | groups: a b c d e f, has a clip (0, 1), x, y, width, height (`f32`) |
//!
//! An answer is the page below the map (6 buffers), the page above it (6), the styles
//! ([`STYLE_LEN`] numbers each, those of `MeshStyle` in their order, `f32`), the map's groups, and
//! the map (6) if it is another than the last.

use bytemuck::cast_slice;
use js_sys::{ArrayBuffer, Float32Array, Uint32Array};
use render_core::export::mesh::{BatchKind, Mesh, MeshGroup, MeshStyle};

use super::port::buffer;

/// Numbers of a batch.
pub const BATCH_LEN: usize = 6;
/// The kind of a batch of fills.
pub const FILL: u32 = 0;
/// Numbers of a group.
pub const GROUP_LEN: usize = 11;
/// Numbers of a style: red, green, blue, alpha, multiplied by alpha; dash, gap, dash, gap, mm; y
/// where a fade is opaque, y where it is clear, mm; width, mm; sum of dashes and gaps, mm.
pub const STYLE_LEN: usize = 12;

/// Buffers of a mesh.
pub const MESH_BUFFERS: usize = 6;
/// Where the styles are in an answer.
pub const STYLES: usize = 2 * MESH_BUFFERS;
/// Where the map's groups are.
pub const MAP_GROUPS: usize = STYLES + 1;
/// Where the map begins, if it is there.
pub const MAP: usize = MAP_GROUPS + 1;

/// The mesh's six buffers.
#[must_use]
pub fn mesh_buffers(mesh: &Mesh) -> Vec<ArrayBuffer> {
    let batches: Vec<u32> = mesh
        .batches
        .iter()
        .flat_map(|batch| {
            let kind = match batch.kind {
                BatchKind::Fill => FILL,
                BatchKind::Stroke => 1,
                BatchKind::Dash => 2,
            };
            let (group, style) = (u32::from(batch.group), u32::from(batch.style.0));
            [kind, group, style, batch.range.start, batch.range.end, batch.first_vertex]
        })
        .collect();
    vec![
        buffer(cast_slice(&mesh.fill_vertices)),
        buffer(cast_slice(&mesh.fill_indices)),
        buffer(cast_slice(&mesh.stroke_vertices)),
        buffer(cast_slice(&mesh.dash_vertices)),
        Uint32Array::from(batches.as_slice()).buffer(),
        group_buffer(&mesh.groups),
    ]
}

/// The groups' buffer.
#[must_use]
pub fn group_buffer(groups: &[MeshGroup]) -> ArrayBuffer {
    let groups: Vec<f32> = groups
        .iter()
        .flat_map(|group| {
            let (t, clip) = (&group.transform, group.clip.unwrap_or_default());
            let is_clipped = f64::from(u8::from(group.clip.is_some()));
            [t.a, t.b, t.c, t.d, t.e, t.f, is_clipped, clip.x, clip.y, clip.width, clip.height]
        })
        .map(|number| number as f32)
        .collect();
    Float32Array::from(groups.as_slice()).buffer()
}

/// The styles' buffer.
#[must_use]
pub fn style_buffer(styles: &[MeshStyle]) -> ArrayBuffer {
    Float32Array::from(cast_slice::<_, f32>(styles)).buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_has_as_many_numbers_as_the_ui_reads() {
        assert_eq!(size_of::<MeshStyle>(), 4 * STYLE_LEN);
        let style = MeshStyle { width: 0.5, opaque_y: 400.0, ..MeshStyle::default() };
        let numbers: &[f32] = cast_slice(std::slice::from_ref(&style));
        assert_eq!((numbers[8], numbers[10]), (400.0, 0.5));
    }
}

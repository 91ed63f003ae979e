//! [`Mesh`]es and their styles ↔ buffers that go to the GPU as they are, and come back for the next mesh.
//!
//! | buffer of a mesh | content |
//! |---|---|
//! | 0 | fill vertices: x, y (`u16`) |
//! | 1 | fill indices (`u16`) |
//! | 2 | stroke vertices: x, y (`u16`), normal x, normal y (`i16`) |
//! | 3 | dash vertices: x, y (`u16`), normal x, normal y (`i16`), along (`f32`) |
//! | 4 | how many bytes of each of these are the mesh's; batches: kind (0 fill, 1 stroke, 2 dash), group, style, first index or vertex, end, the vertex that index 0 is (`u32`) |
//! | 5 | groups: a b c d e f, has a clip (0, 1), x, y, width, height (`f32`) |
//!
//! An answer is the page below the map (6 buffers), the page above it (6), the styles
//! ([`STYLE_LEN`] numbers each, those of `MeshStyle` in their order, `f32`), the map's groups, and
//! the map (6) if it is another than the last.

use bytemuck::cast_slice;
use js_sys::{ArrayBuffer, Float32Array, Uint8Array, Uint32Array};
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
/// So many of them hold its triangles.
pub const TRIANGLES: usize = 4;
/// Where the styles are in an answer.
pub const STYLES: usize = 2 * MESH_BUFFERS;
/// Where the map's groups are.
pub const MAP_GROUPS: usize = STYLES + 1;
/// Where the map begins, if it is there.
pub const MAP: usize = MAP_GROUPS + 1;

/// Buffers whose triangles the GPU has, for those of other meshes: what was written to before needs no new memory, which
/// the system gives page by page.
#[derive(Default)]
pub struct Spare(Vec<ArrayBuffer>);

impl Spare {
    /// Takes buffers back; of many the largest.
    pub fn put(&mut self, buffers: Vec<ArrayBuffer>) {
        self.0.extend(buffers.into_iter().filter(|buffer| buffer.byte_length() >= LEAST_SPARE));
        while self.0.len() > MOST_SPARE {
            self.take_smallest(|_| true);
        }
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The smallest of those whose length is right.
    fn take_smallest(&mut self, is_right: impl Fn(u32) -> bool) -> Option<ArrayBuffer> {
        let lengths = self.0.iter().map(ArrayBuffer::byte_length).enumerate();
        let (i, _) = lengths.filter(|(_, n)| is_right(*n)).min_by_key(|(_, n)| *n)?;
        Some(self.0.swap_remove(i))
    }

    /// A buffer that begins with these bytes.
    fn filled(&mut self, bytes: &[u8]) -> ArrayBuffer {
        let Ok(n) = u32::try_from(bytes.len()) else { return buffer(bytes) };
        // One that is much too large would keep its memory for little.
        let whole = match self.take_smallest(|spare| (n..=n.saturating_mul(4)).contains(&spare)) {
            Some(spare) => spare,
            // What is not written takes no memory, and a larger place may be next.
            None if n >= LEAST_SPARE => ArrayBuffer::new(n.saturating_add(n / 4)),
            None => ArrayBuffer::new(n),
        };
        Uint8Array::new_with_byte_offset_and_length(&whole, 0, n).copy_from(bytes);
        whole
    }
}

/// Smaller buffers are not worth keeping, bytes.
const LEAST_SPARE: u32 = 1 << 16;
/// So many buffers are kept: a mesh's, and those of the one before.
const MOST_SPARE: usize = 2 * TRIANGLES;

/// The mesh's six buffers.
#[must_use]
pub fn mesh_buffers(mesh: &Mesh, spare: &mut Spare) -> Vec<ArrayBuffer> {
    let triangles: [&[u8]; TRIANGLES] = [
        cast_slice(&mesh.fill_vertices),
        cast_slice(&mesh.fill_indices),
        cast_slice(&mesh.stroke_vertices),
        cast_slice(&mesh.dash_vertices),
    ];
    let lengths = triangles.iter().map(|bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    let batches = mesh.batches.iter().flat_map(|batch| {
        let kind = match batch.kind {
            BatchKind::Fill => FILL,
            BatchKind::Stroke => 1,
            BatchKind::Dash => 2,
        };
        let (group, style) = (u32::from(batch.group), u32::from(batch.style.0));
        [kind, group, style, batch.range.start, batch.range.end, batch.first_vertex]
    });
    let batches: Vec<u32> = lengths.chain(batches).collect();
    let mut buffers: Vec<ArrayBuffer> = triangles.iter().map(|bytes| spare.filled(bytes)).collect();
    buffers.push(Uint32Array::from(batches.as_slice()).buffer());
    buffers.push(group_buffer(&mesh.groups));
    buffers
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

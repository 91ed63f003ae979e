//! What each batch looks like, in a texture that the shaders read: a frame sets next to nothing.

use js_sys::{Float32Array, Int32Array};
use mapposter_app::worker::mesh_wire::{BATCH_LEN, FILL, STYLE_LEN};
use web_sys::{WebGl2RenderingContext as Gl, WebGlTexture};

/// Texels of a style, four numbers each.
const TEXELS: usize = STYLE_LEN / 4;
/// Texels in a row of the texture, which every GPU can have; the shaders know it too.
pub const ROW: usize = 1536;
/// Bytes of an index.
const INDEX_BYTES: i32 = 2;

/// The batches of a mesh's parts, one after the other, as the GPU is told of them.
pub struct Table {
    texture: WebGlTexture,
    /// Where each batch starts, in bytes of indices or in vertices, and how many it has.
    pub draws: Vec<(i32, i32)>,
    /// The first of each, for calls that draw many.
    pub starts: Int32Array,
    /// The second of each.
    pub counts: Int32Array,
    /// Made of these.
    styles: Vec<f32>,
    batches: Vec<u32>,
}

impl Table {
    /// The table of batches in these styles: the last one where that is it.
    pub fn of<'a>(
        gl: &Gl,
        last: Option<Self>,
        parts: impl Iterator<Item = &'a [u32]> + Clone,
        styles: &[f32],
    ) -> Option<Self> {
        let batches = parts.flatten();
        let texture = match last {
            Some(last) if last.styles == styles && last.batches.iter().eq(batches.clone()) => {
                gl.bind_texture(Gl::TEXTURE_2D, Some(&last.texture));
                return Some(last);
            }
            Some(last) => last.texture,
            None => gl.create_texture()?,
        };
        let batches: Vec<u32> = batches.copied().collect();
        gl.bind_texture(Gl::TEXTURE_2D, Some(&texture));
        // Filtered, a texture of floats without smaller copies would be black.
        for name in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(Gl::TEXTURE_2D, name, Gl::NEAREST as i32);
        }
        let mut texels = Vec::new();
        let mut draws = Vec::new();
        for batch in batches.chunks_exact(BATCH_LEN) {
            let &[kind, _, style, start, end, _] = batch else { continue };
            let at = style as usize * STYLE_LEN;
            texels.extend_from_slice(styles.get(at..at + STYLE_LEN).unwrap_or(&[0.0; STYLE_LEN]));
            let unit = if kind == FILL { INDEX_BYTES } else { 1 };
            draws.push((start as i32 * unit, end.saturating_sub(start) as i32));
        }
        let n_rows = draws.len().div_ceil(ROW / TEXELS).max(1);
        texels.resize(n_rows * ROW * 4, 0.0);
        let (width, height) = (ROW as i32, n_rows as i32);
        let texels = Float32Array::from(texels.as_slice());
        gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_array_buffer_view(
            Gl::TEXTURE_2D,
            0,
            Gl::RGBA32F as i32,
            width,
            height,
            0,
            Gl::RGBA,
            Gl::FLOAT,
            Some(&texels),
        )
        .ok()?;
        let numbers = |of: fn(&(i32, i32)) -> i32| {
            Int32Array::from(draws.iter().map(of).collect::<Vec<_>>().as_slice())
        };
        let (starts, counts) = (numbers(|draw| draw.0), numbers(|draw| draw.1));
        Some(Self { texture, draws, starts, counts, styles: styles.to_vec(), batches })
    }
}

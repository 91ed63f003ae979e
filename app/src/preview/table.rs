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
    /// What the texture was filled from, kept to be filled again.
    texels: Float32Array,
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
    /// The table of batches in these styles: the last one where that is it, and but for its colours where only they are
    /// others, as in each frame of a sweep over themes.
    pub fn of<'a>(
        gl: &Gl,
        last: Option<Self>,
        parts: impl Iterator<Item = &'a [u32]> + Clone,
        styles: &[f32],
    ) -> Option<Self> {
        let batches = parts.flatten();
        let mut table = match last {
            Some(last) => {
                gl.bind_texture(Gl::TEXTURE_2D, Some(&last.texture));
                if last.batches.iter().eq(batches.clone()) {
                    last
                } else {
                    Self::new(gl, last.texture, batches.copied().collect())?
                }
            }
            None => {
                let texture = gl.create_texture()?;
                gl.bind_texture(Gl::TEXTURE_2D, Some(&texture));
                // Filtered, a texture of floats without smaller copies would be black.
                for name in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
                    gl.tex_parameteri(Gl::TEXTURE_2D, name, Gl::NEAREST as i32);
                }
                Self::new(gl, texture, batches.copied().collect())?
            }
        };
        if table.styles != styles {
            table.fill(gl, styles)?;
        }
        Some(table)
    }

    /// The table of batches without styles, in the texture that is bound.
    fn new(gl: &Gl, texture: WebGlTexture, batches: Vec<u32>) -> Option<Self> {
        let draw = |batch: &[u32]| {
            let &[kind, _, _, start, end, _] = batch else { return (0, 0) };
            let unit = if kind == FILL { INDEX_BYTES } else { 1 };
            (start as i32 * unit, end.saturating_sub(start) as i32)
        };
        let draws: Vec<_> = batches.chunks_exact(BATCH_LEN).map(draw).collect();
        let n_rows = draws.len().div_ceil(ROW / TEXELS).max(1);
        gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_array_buffer_view(
            Gl::TEXTURE_2D,
            0,
            Gl::RGBA32F as i32,
            ROW as i32,
            n_rows as i32,
            0,
            Gl::RGBA,
            Gl::FLOAT,
            None,
        )
        .ok()?;
        let numbers = |of: fn(&(i32, i32)) -> i32| {
            Int32Array::from(draws.iter().map(of).collect::<Vec<_>>().as_slice())
        };
        let (starts, counts) = (numbers(|draw| draw.0), numbers(|draw| draw.1));
        let texels = Float32Array::new_with_length((n_rows * ROW * 4) as u32);
        Some(Self { texture, texels, draws, starts, counts, styles: Vec::new(), batches })
    }

    fn fill(&mut self, gl: &Gl, styles: &[f32]) -> Option<()> {
        let mut texels = Vec::with_capacity(self.draws.len() * STYLE_LEN);
        for batch in self.batches.chunks_exact(BATCH_LEN) {
            let at = batch.get(2).map_or(0, |style| *style as usize * STYLE_LEN);
            texels.extend_from_slice(styles.get(at..at + STYLE_LEN).unwrap_or(&[0.0; STYLE_LEN]));
        }
        let n_rows = self.texels.length() as i32 / (ROW * 4) as i32;
        self.texels.subarray(0, texels.len() as u32).copy_from(&texels);
        gl.tex_sub_image_2d_with_i32_and_i32_and_u32_and_type_and_opt_array_buffer_view(
            Gl::TEXTURE_2D,
            0,
            0,
            0,
            ROW as i32,
            n_rows,
            Gl::RGBA,
            Gl::FLOAT,
            Some(&self.texels),
        )
        .ok()?;
        self.styles = styles.to_vec();
        Some(())
    }
}

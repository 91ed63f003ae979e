//! A mesh in other styles → pixels of a small picture, read without stopping the page.

use js_sys::{ArrayBuffer, Float32Array};
use web_sys::{WebGl2RenderingContext as Gl, WebGlBuffer, WebGlSync};

use super::gl::{MeshData, Renderer, View, has_passed};

/// A picture that the GPU is painting.
pub struct Snapshot {
    /// Pixels across and down.
    pub size: (u32, u32),
    /// Where its pixels will be.
    buffer: WebGlBuffer,
    /// Passed when they are there.
    fence: WebGlSync,
}

impl Renderer {
    /// Has the GPU paint the mesh in other styles; the canvas stays as it is.
    pub fn snapshot(
        &self,
        mesh: &MeshData,
        styles: &ArrayBuffer,
        size: (u32, u32),
    ) -> Option<Snapshot> {
        let gl = &self.gl;
        let (w, h) = (size.0 as i32, size.1 as i32);
        let styles = Float32Array::new(styles).to_vec();
        let [smooth, plain] = &mut *self.small.borrow_mut();
        plain.bind(gl, size);
        smooth.bind(gl, size);
        self.paint(mesh, &styles, size, View::default());
        smooth.copy_onto(Some(plain), gl);
        let buffer = gl.create_buffer()?;
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, Some(&buffer));
        gl.buffer_data_with_i32(Gl::PIXEL_PACK_BUFFER, w * h * 4, Gl::STREAM_READ);
        let (format, kind) = (Gl::RGBA, Gl::UNSIGNED_BYTE);
        let read = gl.read_pixels_with_i32(0, 0, w, h, format, kind, 0);
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, None);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
        read.ok()?;
        let fence = gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0)?;
        gl.flush();
        Some(Snapshot { size, buffer, fence })
    }

    /// Whether a snapshot's pixels are there, or never will be.
    pub fn has_painted(&self, snapshot: &Snapshot) -> bool {
        has_passed(&self.gl, &snapshot.fence)
    }

    /// Has a snapshot pass for painted once the GPU has done what it was asked for since, too.
    pub fn wait_again(&self, snapshot: &mut Snapshot) {
        if let Some(fence) = self.gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0) {
            self.gl.flush();
            self.gl.delete_sync(Some(&std::mem::replace(&mut snapshot.fence, fence)));
        }
    }

    /// A painted snapshot's pixels: RGBA from the top.
    pub fn pixels(&self, snapshot: &Snapshot) -> Option<Vec<u8>> {
        let gl = &self.gl;
        let row = snapshot.size.0 as usize * 4;
        let mut pixels = vec![0; row * snapshot.size.1 as usize];
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, Some(&snapshot.buffer));
        gl.get_buffer_sub_data_with_i32_and_u8_array(Gl::PIXEL_PACK_BUFFER, 0, &mut pixels);
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, None);
        gl.delete_buffer(Some(&snapshot.buffer));
        gl.delete_sync(Some(&snapshot.fence));
        // The GPU counts rows from the bottom.
        (!self.is_lost()).then(|| pixels.chunks_exact(row).rev().flatten().copied().collect())
    }
}

//! A mesh in other styles → pixels of a small picture, read without stopping the page.

use js_sys::{ArrayBuffer, Float32Array};
use web_sys::{WebGl2RenderingContext as Gl, WebGlBuffer, WebGlSync};

use super::gl::{MeshData, Renderer, View, has_passed};

/// Samples to a pixel; every WebGL2 has as many.
const SAMPLES: i32 = 4;

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
        let (width, height) = (size.0 as i32, size.1 as i32);
        let styles = Float32Array::new(styles).to_vec();
        let (fine, plain) = (gl.create_framebuffer()?, gl.create_framebuffer()?);
        let stores =
            [gl.create_renderbuffer()?, gl.create_renderbuffer()?, gl.create_renderbuffer()?];
        let store = |i: usize, samples: i32, format: u32, attachment: u32| {
            let (target, store) = (Gl::RENDERBUFFER, stores.get(i));
            gl.bind_renderbuffer(target, store);
            gl.renderbuffer_storage_multisample(target, samples, format, width, height);
            gl.framebuffer_renderbuffer(Gl::FRAMEBUFFER, attachment, target, store);
        };
        gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&plain));
        store(0, 0, Gl::RGBA8, Gl::COLOR_ATTACHMENT0);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&fine));
        store(1, SAMPLES, Gl::RGBA8, Gl::COLOR_ATTACHMENT0);
        store(2, SAMPLES, Gl::DEPTH_COMPONENT24, Gl::DEPTH_ATTACHMENT);
        self.paint(mesh, &styles, size, View::default());
        gl.disable(Gl::SCISSOR_TEST);
        gl.bind_framebuffer(Gl::READ_FRAMEBUFFER, Some(&fine));
        gl.bind_framebuffer(Gl::DRAW_FRAMEBUFFER, Some(&plain));
        let (w, h) = (width, height);
        gl.blit_framebuffer(0, 0, w, h, 0, 0, w, h, Gl::COLOR_BUFFER_BIT, Gl::NEAREST);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&plain));
        let buffer = gl.create_buffer()?;
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, Some(&buffer));
        gl.buffer_data_with_i32(Gl::PIXEL_PACK_BUFFER, w * h * 4, Gl::STREAM_READ);
        let (format, kind) = (Gl::RGBA, Gl::UNSIGNED_BYTE);
        let read = gl.read_pixels_with_i32(0, 0, w, h, format, kind, 0);
        gl.bind_buffer(Gl::PIXEL_PACK_BUFFER, None);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
        for framebuffer in [&fine, &plain] {
            gl.delete_framebuffer(Some(framebuffer));
        }
        for store in &stores {
            gl.delete_renderbuffer(Some(store));
        }
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

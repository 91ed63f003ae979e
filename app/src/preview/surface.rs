//! Where a frame is painted: beside the canvas, then copied onto it whole.
//!
//! Samples of the canvas's own are its context's, for good: the page would wait at each new size until the GPU has made and
//! cleared their memory, 30 to 50 ms where that is made of software, and a map that moves on such a GPU could not be painted
//! with fewer: it takes a triangle once for each of the four, which of Manhattan took 540 ms a frame, and 160 with one.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{WebGl2RenderingContext as Gl, WebGlFramebuffer, WebGlRenderbuffer};

/// Samples to a pixel of a frame with smooth edges; every WebGL2 has as many.
pub const SMOOTH: i32 = 4;
/// The same of a frame without.
pub const ROUGH: i32 = 0;

const COLOR: u32 = Gl::COLOR_ATTACHMENT0;
const DEPTH: u32 = Gl::DEPTH_ATTACHMENT;

/// A place to paint frames of one size.
pub struct Surface {
    framebuffer: WebGlFramebuffer,
    color: WebGlRenderbuffer,
    depth: WebGlRenderbuffer,
    /// The names of both.
    parts: Array,
    samples: i32,
    size: (u32, u32),
}

impl Surface {
    /// One without memory.
    pub fn new(gl: &Gl, samples: i32) -> Option<Self> {
        Some(Self {
            framebuffer: gl.create_framebuffer()?,
            color: gl.create_renderbuffer()?,
            depth: gl.create_renderbuffer()?,
            parts: [COLOR, DEPTH].map(JsValue::from).iter().collect(),
            samples,
            size: (0, 0),
        })
    }

    /// Has what is painted next be painted here, on so many pixels.
    pub fn bind(&mut self, gl: &Gl, size: (u32, u32)) {
        gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&self.framebuffer));
        if std::mem::replace(&mut self.size, size) == size {
            return;
        }
        let (target, width, height) = (Gl::RENDERBUFFER, size.0 as i32, size.1 as i32);
        for (store, format, attachment) in
            [(&self.color, Gl::RGBA8, COLOR), (&self.depth, Gl::DEPTH_COMPONENT24, DEPTH)]
        {
            gl.bind_renderbuffer(target, Some(store));
            gl.renderbuffer_storage_multisample(target, self.samples, format, width, height);
            gl.framebuffer_renderbuffer(Gl::FRAMEBUFFER, attachment, target, Some(store));
        }
    }

    /// Copies what was painted onto another of this size, or the canvas; what is painted or read next is there.
    pub fn copy_onto(&self, other: Option<&Self>, gl: &Gl) {
        let (width, height) = (self.size.0 as i32, self.size.1 as i32);
        let other = other.map(|other| &other.framebuffer);
        gl.disable(Gl::SCISSOR_TEST);
        gl.bind_framebuffer(Gl::DRAW_FRAMEBUFFER, other);
        let (all, way) = (Gl::COLOR_BUFFER_BIT, Gl::NEAREST);
        gl.blit_framebuffer(0, 0, width, height, 0, 0, width, height, all, way);
        // Phones need not write it to memory.
        let _ = gl.invalidate_framebuffer(Gl::READ_FRAMEBUFFER, &self.parts);
        gl.bind_framebuffer(Gl::FRAMEBUFFER, other);
    }
}

//! Frames without smoothed edges, for a GPU that is too slow for smooth ones while the map moves.
//!
//! A canvas's samples are its context's, for good. A GPU made of software takes a triangle once for each of the four:
//! Manhattan took 540 ms a frame so, and 160 with one. So such a frame is painted beside the canvas, with one sample,
//! and then laid over it.

use web_sys::{
    WebGl2RenderingContext as Gl, WebGlFramebuffer, WebGlProgram, WebGlRenderbuffer, WebGlTexture,
};

use super::program::link;

/// One triangle over all of the canvas.
const VERTEX: &str = "#version 300 es
void main(){
  gl_Position = vec4(vec2(gl_VertexID%2, gl_VertexID/2)*4.0-1.0, 0.0, 1.0);
}";
const FRAGMENT: &str = "#version 300 es
precision highp float;
uniform highp sampler2D picture;
out vec4 ink;
void main(){ ink = vec4(texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb, 1.0); }";

/// The program that lays a frame over the canvas. To be had before the GPU is slow: at its first use at the latest the
/// page waits for it.
pub fn program(gl: &Gl) -> Option<WebGlProgram> {
    link(gl, VERTEX, FRAGMENT)
}

/// Where such frames are painted.
pub struct Rough {
    framebuffer: WebGlFramebuffer,
    picture: WebGlTexture,
    depth: WebGlRenderbuffer,
    size: (u32, u32),
}

impl Rough {
    /// A place to paint frames of this size, the last one where it has it; bound, unless there is none.
    pub fn of(gl: &Gl, last: Option<Self>, size: (u32, u32)) -> Option<Self> {
        let rough = match last {
            Some(last) => last,
            None => Self {
                framebuffer: gl.create_framebuffer()?,
                picture: gl.create_texture()?,
                depth: gl.create_renderbuffer()?,
                size: (0, 0),
            },
        };
        let bind = || gl.bind_framebuffer(Gl::FRAMEBUFFER, Some(&rough.framebuffer));
        if rough.size == size {
            bind();
            return Some(rough);
        }
        let (width, height) = (size.0 as i32, size.1 as i32);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&rough.picture));
        // Without smaller copies only what needs none can be read.
        for name in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(Gl::TEXTURE_2D, name, Gl::NEAREST as i32);
        }
        gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_u8_array(
            Gl::TEXTURE_2D,
            0,
            Gl::RGBA8 as i32,
            width,
            height,
            0,
            Gl::RGBA,
            Gl::UNSIGNED_BYTE,
            None,
        )
        .ok()?;
        bind();
        gl.framebuffer_texture_2d(
            Gl::FRAMEBUFFER,
            Gl::COLOR_ATTACHMENT0,
            Gl::TEXTURE_2D,
            Some(&rough.picture),
            0,
        );
        gl.bind_renderbuffer(Gl::RENDERBUFFER, Some(&rough.depth));
        gl.renderbuffer_storage(Gl::RENDERBUFFER, Gl::DEPTH_COMPONENT24, width, height);
        gl.framebuffer_renderbuffer(
            Gl::FRAMEBUFFER,
            Gl::DEPTH_ATTACHMENT,
            Gl::RENDERBUFFER,
            Some(&rough.depth),
        );
        Some(Self { size, ..rough })
    }

    /// Lays what was painted over the canvas, by [`program`].
    pub fn lay(&self, gl: &Gl, program: &WebGlProgram) {
        gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
        for test in [Gl::DEPTH_TEST, Gl::SCISSOR_TEST, Gl::BLEND] {
            gl.disable(test);
        }
        gl.bind_texture(Gl::TEXTURE_2D, Some(&self.picture));
        gl.use_program(Some(program));
        gl.draw_arrays(Gl::TRIANGLES, 0, 3);
    }
}

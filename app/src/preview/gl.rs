//! A mesh's buffers → pictures on a WebGL2 canvas. Geometry is uploaded once a place; a change of
//! style or zoom changes uniforms.

use js_sys::{ArrayBuffer, Float32Array, Uint32Array};
use mapposter_app::worker::mesh_wire::{BATCH_LEN, GROUP_LEN, STYLE_LEN};
use wasm_bindgen::prelude::*;
use web_sys::{
    HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlContextAttributes, WebGlVertexArrayObject,
};

use super::camera::Camera;
use super::program::Program;

/// What the UI knows of a mesh: the buffers, kept so that a lost context can be filled again.
pub struct MeshData {
    /// Width of the page, mm.
    pub width: f64,
    /// Height of the page, mm.
    pub height: f64,
    buffers: Vec<ArrayBuffer>,
    batches: Vec<u32>,
    groups: Vec<f32>,
    styles: Vec<f32>,
}

impl MeshData {
    /// From an engine's answer; `None` where a buffer is missing.
    pub fn new(width: f64, height: f64, buffers: Vec<ArrayBuffer>) -> Option<Self> {
        let floats = |i: usize| Some(Float32Array::new(buffers.get(i)?).to_vec());
        let batches = Uint32Array::new(buffers.get(4)?).to_vec();
        let (groups, styles) = (floats(5)?, floats(6)?);
        Some(Self { width, height, batches, groups, styles, buffers })
    }

    /// Takes new styles for the same shapes.
    pub fn set_styles(&mut self, buffer: &ArrayBuffer) {
        self.styles = Float32Array::new(buffer).to_vec();
    }
}

/// A context with its programs and the mesh it holds.
pub struct Renderer {
    gl: Gl,
    fill: Program,
    stroke: Program,
    vertex_arrays: Option<[WebGlVertexArrayObject; 2]>,
}

impl Renderer {
    /// A renderer on the canvas; `None` where there is no WebGL2.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let options = WebGlContextAttributes::new();
        options.set_antialias(true);
        options.set_alpha(false);
        options.set_depth(false);
        options.set_stencil(true);
        let gl = canvas.get_context_with_context_options("webgl2", &options).ok()??;
        let gl: Gl = gl.dyn_into().ok()?;
        let (fill, stroke) = (Program::fill(&gl)?, Program::stroke(&gl)?);
        Some(Self { gl, fill, stroke, vertex_arrays: None })
    }

    /// Whether the browser took the context away.
    pub fn is_lost(&self) -> bool {
        self.gl.is_context_lost()
    }

    /// Hands a mesh to the GPU in place of the last one.
    pub fn upload(&mut self, mesh: &MeshData) -> Option<()> {
        let gl = &self.gl;
        for old in self.vertex_arrays.take().iter().flatten() {
            gl.delete_vertex_array(Some(old));
        }
        let upload = |target: u32, i: usize| {
            let buffer = gl.create_buffer()?;
            gl.bind_buffer(target, Some(&buffer));
            gl.buffer_data_with_opt_array_buffer(target, mesh.buffers.get(i), Gl::STATIC_DRAW);
            Some(buffer)
        };
        let array = |vertices: usize, attributes: &[(i32, i32)], stride: i32| {
            let array = gl.create_vertex_array()?;
            gl.bind_vertex_array(Some(&array));
            let buffers = [
                upload(Gl::ARRAY_BUFFER, vertices)?,
                upload(Gl::ELEMENT_ARRAY_BUFFER, vertices + 1)?,
            ];
            for ((size, offset), location) in attributes.iter().zip(0..) {
                gl.enable_vertex_attrib_array(location);
                gl.vertex_attrib_pointer_with_i32(
                    location,
                    *size,
                    Gl::FLOAT,
                    false,
                    stride,
                    *offset,
                );
            }
            gl.bind_vertex_array(None);
            // They live as long as the array that holds them.
            for buffer in &buffers {
                gl.delete_buffer(Some(buffer));
            }
            Some(array)
        };
        self.vertex_arrays =
            Some([array(0, &[(2, 0)], 8)?, array(2, &[(2, 0), (2, 8), (1, 16)], 20)?]);
        Some(())
    }

    /// Draws. `zoom` enlarges the map about its window's centre until a sharper mesh is here.
    pub fn draw(&self, mesh: &MeshData, canvas: (u32, u32), zoom: f32) {
        let Some(arrays) = &self.vertex_arrays else { return };
        let gl = &self.gl;
        let camera = Camera {
            width: mesh.width as f32,
            height: mesh.height as f32,
            canvas_width: canvas.0 as f32,
            canvas_height: canvas.1 as f32,
        };
        let pixel = 1.0 / camera.scale();
        gl.viewport(0, 0, canvas.0 as i32, canvas.1 as i32);
        gl.disable(Gl::SCISSOR_TEST);
        gl.clear_color(1.0, 1.0, 1.0, 1.0);
        gl.clear(Gl::COLOR_BUFFER_BIT | Gl::STENCIL_BUFFER_BIT);
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        gl.stencil_op(Gl::KEEP, Gl::KEEP, Gl::REPLACE);
        let (mut kind_now, mut group_now, mut mark) = (u32::MAX, u32::MAX, 0);
        for batch in mesh.batches.chunks_exact(BATCH_LEN) {
            let &[kind, group, style, start, end] = batch else { continue };
            let (at_group, at_style) = (group as usize * GROUP_LEN, style as usize * STYLE_LEN);
            let Some(space) = mesh.groups.get(at_group..at_group + GROUP_LEN) else { continue };
            let Some(look) = mesh.styles.get(at_style..at_style + STYLE_LEN) else { continue };
            let program = if kind == 0 { &self.fill } else { &self.stroke };
            if kind != kind_now {
                gl.use_program(Some(&program.program));
                gl.bind_vertex_array(arrays.get(kind as usize));
                gl.uniform2f(program.page.as_ref(), camera.width, camera.height);
            }
            if kind != kind_now || group != group_now {
                self.enter(program, space, &camera, zoom);
            }
            (kind_now, group_now) = (kind, group);
            gl.uniform4f(program.color.as_ref(), look[0], look[1], look[2], look[3]);
            gl.uniform2f(program.fade.as_ref(), look[8], look[9]);
            let mut is_clear = look[3] < 1.0 && look[8] == look[9];
            if kind == 1 {
                gl.uniform2f(program.width.as_ref(), look[10], pixel);
                gl.uniform4f(program.dash.as_ref(), look[4], look[5], look[6], look[7]);
                is_clear |= look[10] < pixel;
            }
            // A see-through line must not be darker where its own triangles overlap.
            if is_clear {
                mark = mark % 255 + 1;
                if mark == 1 {
                    gl.clear(Gl::STENCIL_BUFFER_BIT);
                }
                gl.enable(Gl::STENCIL_TEST);
                gl.stencil_func(Gl::NOTEQUAL, mark, 0xff);
            } else {
                gl.disable(Gl::STENCIL_TEST);
            }
            let count = end.saturating_sub(start) as i32;
            gl.draw_elements_with_i32(Gl::TRIANGLES, count, Gl::UNSIGNED_INT, start as i32 * 4);
        }
        gl.bind_vertex_array(None);
    }

    fn enter(&self, program: &Program, space: &[f32], camera: &Camera, zoom: f32) {
        let gl = &self.gl;
        let (mut m, mut t) = ([space[0], space[1], space[2], space[3]], [space[4], space[5]]);
        if space[6] > 0.0 {
            let [x, y, width, height] = camera.scissor(space[7], space[8], space[9], space[10]);
            gl.enable(Gl::SCISSOR_TEST);
            gl.scissor(x, y, width, height);
            // Only the map is cut to a window; the map is what zooms.
            let centre = [space[7] + space[9] / 2.0, space[8] + space[10] / 2.0];
            m = m.map(|part| part * zoom);
            t = [centre[0] + (t[0] - centre[0]) * zoom, centre[1] + (t[1] - centre[1]) * zoom];
        } else {
            gl.disable(Gl::SCISSOR_TEST);
        }
        gl.uniform4f(program.matrix.as_ref(), m[0], m[1], m[2], m[3]);
        gl.uniform2f(program.shift.as_ref(), t[0], t[1]);
    }
}

//! A mesh's buffers → pictures on a WebGL2 canvas. Geometry is uploaded once a place; a change of
//! style or zoom changes uniforms.

use std::cell::RefCell;

use js_sys::{ArrayBuffer, Float32Array, Int32Array, Uint8Array, Uint32Array};
use mapposter_app::worker::mesh_wire::{
    BATCH_LEN, FILL, GROUP_LEN, MAP, MAP_GROUPS, MESH_BUFFERS, STYLE_LEN, STYLES, TRIANGLES,
};
use mapposter_app::worker::port::bytes;
use wasm_bindgen::prelude::*;
use web_sys::{
    HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlContextAttributes,
    WebGlSync, WebGlVertexArrayObject,
};

use super::camera::Camera;
use super::program::Program;
use super::surface::{ROUGH, SMOOTH, Surface};
use super::table::Table;

/// What the UI knows of a poster's picture. The map's triangles are the GPU's alone once it has them: kept here too, they
/// would have the UI's garbage looked through sooner, and the worker's next map would need new memory.
pub struct MeshData {
    /// Width of the page, mm.
    pub width: f64,
    /// Height of the page, mm.
    pub height: f64,
    /// Below the map, the map, above it.
    parts: [Part; 3],
    styles: Vec<f32>,
}

/// A mesh.
#[derive(Clone)]
struct Part {
    /// Another one for other triangles.
    id: u32,
    /// Of the page, to know them again; of the map until they are uploaded.
    triangles: Vec<ArrayBuffer>,
    /// How many of each one's bytes are the mesh's.
    lengths: [u32; TRIANGLES],
    batches: Vec<u32>,
    groups: Vec<f32>,
}

impl Part {
    fn new(id: u32, buffers: &[ArrayBuffer]) -> Option<Self> {
        let triangles = buffers.get(..TRIANGLES)?.to_vec();
        let numbers = Uint32Array::new(buffers.get(4)?).to_vec();
        let (lengths, batches) = numbers.split_first_chunk()?;
        let groups = Float32Array::new(buffers.get(5)?).to_vec();
        Some(Self { id, triangles, lengths: *lengths, batches: batches.to_vec(), groups })
    }

    /// A part of the page, which mostly comes again as it was.
    fn of_page(buffers: &[ArrayBuffer], last: Option<&Self>) -> Option<Self> {
        let mut part = Self::new(1, buffers)?;
        if let Some(last) = last {
            let pairs = part.triangles.iter().zip(&last.triangles);
            part.id = last.id + u32::from(!pairs.into_iter().all(|(a, b)| bytes(a) == bytes(b)));
        }
        Some(part)
    }
}

impl MeshData {
    /// From an engine's answer, which may leave out the map where it is the last one's; `None`
    /// where a buffer is missing.
    pub fn new(
        width: f64,
        height: f64,
        buffers: &[ArrayBuffer],
        last: Option<&Self>,
    ) -> Option<Self> {
        let part = |from: usize| buffers.get(from..from + MESH_BUFFERS);
        let of_last = |i: usize| last.and_then(|last| last.parts.get(i));
        let below = Part::of_page(part(0)?, of_last(0))?;
        let above = Part::of_page(part(MESH_BUFFERS)?, of_last(2))?;
        let mut map = match part(MAP) {
            Some(map) => Part::new(of_last(MAP_PART).map_or(1, |last| last.id + 1), map)?,
            None => of_last(MAP_PART)?.clone(),
        };
        let floats = |i: usize| Some(Float32Array::new(buffers.get(i)?).to_vec());
        map.groups = floats(MAP_GROUPS)?;
        Some(Self { width, height, parts: [below, map, above], styles: floats(STYLES)? })
    }

    /// Takes another theme's styles.
    pub fn set_styles(&mut self, styles: &ArrayBuffer) {
        self.styles = Float32Array::new(styles).to_vec();
    }

    /// How many times a map was handed to the GPU; neither colours nor small moves do it.
    pub fn n_maps(&self) -> u32 {
        self.parts[MAP_PART].id
    }

    /// The map's triangles, which are not needed here any more.
    pub fn take_map(&mut self) -> Vec<ArrayBuffer> {
        std::mem::take(&mut self.parts[MAP_PART].triangles)
    }
}

/// Where the map is among the parts.
const MAP_PART: usize = 1;

/// A context with its programs and the mesh it holds.
pub struct Renderer {
    pub(super) gl: Gl,
    fill: Program,
    stroke: Program,
    /// Of each part.
    meshes: [Option<MeshOnGpu>; 3],
    /// Which parts these are.
    held: [u32; 3],
    /// What was drawn last.
    table: RefCell<Option<Table>>,
    /// Where frames with smooth edges and without are painted.
    surfaces: RefCell<[Surface; 2]>,
    /// The same of small pictures.
    pub(super) small: RefCell<[Surface; 2]>,
    many: Option<MultiDraw>,
}

#[wasm_bindgen]
extern "C" {
    /// The extension `WEBGL_multi_draw`: many batches in one call.
    /// <https://registry.khronos.org/webgl/extensions/WEBGL_multi_draw/>
    type MultiDraw;

    #[wasm_bindgen(method, js_name = multiDrawArraysWEBGL)]
    fn draw_arrays(
        this: &MultiDraw,
        mode: u32,
        firsts: &Int32Array,
        firsts_from: u32,
        counts: &Int32Array,
        counts_from: u32,
        n: i32,
    );

    #[wasm_bindgen(method, js_name = multiDrawElementsWEBGL)]
    fn draw_elements(
        this: &MultiDraw,
        mode: u32,
        counts: &Int32Array,
        counts_from: u32,
        kind: u32,
        offsets: &Int32Array,
        offsets_from: u32,
        n: i32,
    );
}

/// Batches that one call draws.
#[derive(Clone, Copy)]
struct Run<'a> {
    kind: u32,
    /// What a fill counts its vertices from.
    first_vertex: u32,
    /// Of the group.
    space: &'a [f32],
    /// In the table.
    first: u32,
    n: u32,
}

impl Run<'_> {
    /// Whether a batch can be drawn with these, which are the last before it.
    fn goes_on(&self, next: &Self) -> bool {
        let is_alike = (self.kind, self.space) == (next.kind, next.space)
            && (self.kind != FILL || self.first_vertex == next.first_vertex);
        is_alike && self.first + self.n == next.first
    }
}

/// What the GPU has of a part.
struct MeshOnGpu {
    /// Of fills, strokes and dashes.
    arrays: [WebGlVertexArrayObject; 3],
    /// What fills count their vertices from, batch by batch.
    fill_vertices: WebGlBuffer,
}

/// An input of a shader: how many numbers, of which type, how far into a vertex.
type Attribute = (i32, u32, i32);

const POSITION: Attribute = (2, Gl::UNSIGNED_SHORT, 0);
const NORMAL: Attribute = (2, Gl::SHORT, 4);
const ALONG: Attribute = (1, Gl::FLOAT, 8);

/// Bytes of a vertex of a fill.
const FILL_STRIDE: i32 = 4;

/// Lines thinner than this, in pixels, hardly tint what they cross: on the gallery's small pictures
/// the outlines of buildings, half of a city's vertices.
const FINEST: f32 = 0.05;

/// How the map on screen differs from the one that was drawn, until it is drawn anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// How much larger it is, about the window's middle.
    pub zoom: f32,
    /// What is moved to the window's middle, mm from it on the page as drawn.
    pub shift: [f32; 2],
    /// How far it is turned clockwise, rad.
    pub turn: f32,
}

impl Default for View {
    fn default() -> Self {
        Self { zoom: 1.0, shift: [0.0, 0.0], turn: 0.0 }
    }
}

/// Whether the GPU has done all that it was asked for before a fence, or never will.
pub fn has_passed(gl: &Gl, fence: &WebGlSync) -> bool {
    gl.is_context_lost() || gl.get_sync_parameter(fence, Gl::SYNC_STATUS) == Gl::SIGNALED
}

/// The canvas's context, which it has from then on.
pub fn context(canvas: &HtmlCanvasElement) -> Option<Gl> {
    let options = WebGlContextAttributes::new();
    // A frame is painted beside it, and copied where both have the same kind of pixels.
    options.set_antialias(false);
    options.set_alpha(true);
    options.set_depth(false);
    options.set_stencil(false);
    canvas.get_context_with_context_options("webgl2", &options).ok()??.dyn_into().ok()
}

impl Renderer {
    /// A renderer on the canvas; `None` where there is no WebGL2.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let gl = context(canvas)?;
        let many = gl.get_extension("WEBGL_multi_draw").ok().flatten();
        let many: Option<MultiDraw> = many.map(JsCast::unchecked_into);
        let (fill, stroke) =
            (Program::fill(&gl, many.is_some())?, Program::stroke(&gl, many.is_some())?);
        let pair = || Some(RefCell::new([Surface::new(&gl, SMOOTH)?, Surface::new(&gl, ROUGH)?]));
        let (surfaces, small) = (pair()?, pair()?);
        let (meshes, table) = ([const { None }; 3], RefCell::new(None));
        Some(Self { gl, fill, stroke, meshes, held: [0; 3], table, surfaces, small, many })
    }

    /// Has the GPU make room for frames of this size before the first is painted.
    pub fn prepare(&self, canvas: (u32, u32)) {
        let [smooth, _] = &mut *self.surfaces.borrow_mut();
        smooth.bind(&self.gl, canvas);
        self.gl.bind_framebuffer(Gl::FRAMEBUFFER, None);
    }

    /// Whether the browser took the context away.
    pub fn is_lost(&self) -> bool {
        self.gl.is_context_lost()
    }

    /// Whether the GPU has the map.
    pub fn holds_map(&self, mesh: &MeshData) -> bool {
        let is_there = self.meshes[MAP_PART].is_some() && !self.is_lost();
        is_there && self.held[MAP_PART] == mesh.n_maps()
    }

    /// Hands to the GPU what it does not hold yet and is here.
    pub fn upload(&mut self, mesh: &MeshData) -> Option<()> {
        for (i, part) in mesh.parts.iter().enumerate() {
            if part.triangles.is_empty()
                || std::mem::replace(self.held.get_mut(i)?, part.id) == part.id
            {
                continue;
            }
            let mesh = self.upload_part(part);
            let place = self.meshes.get_mut(i)?;
            if let Some(old) = std::mem::replace(place, mesh) {
                for array in &old.arrays {
                    self.gl.delete_vertex_array(Some(array));
                }
                self.gl.delete_buffer(Some(&old.fill_vertices));
            }
        }
        Some(())
    }

    fn upload_part(&self, part: &Part) -> Option<MeshOnGpu> {
        let gl = &self.gl;
        let upload = |target: u32, i: usize| {
            let buffer = gl.create_buffer()?;
            gl.bind_buffer(target, Some(&buffer));
            let (bytes, n) = (part.triangles.get(i)?, *part.lengths.get(i)?);
            let bytes = Uint8Array::new_with_byte_offset_and_length(bytes, 0, n);
            gl.buffer_data_with_array_buffer_view(target, &bytes, Gl::STATIC_DRAW);
            Some(buffer)
        };
        let array = |vertices: usize, attributes: &[Attribute], stride: i32| {
            let array = gl.create_vertex_array()?;
            gl.bind_vertex_array(Some(&array));
            let buffer = upload(Gl::ARRAY_BUFFER, vertices)?;
            for (attribute, location) in attributes.iter().zip(0..) {
                gl.enable_vertex_attrib_array(location);
                self.point(location, attribute, stride, 0);
            }
            Some((array, buffer))
        };
        let (fills, fill_vertices) = array(0, &[POSITION], FILL_STRIDE)?;
        let indices = upload(Gl::ELEMENT_ARRAY_BUFFER, 1)?;
        let (strokes, stroke_vertices) = array(2, &[POSITION, NORMAL], 8)?;
        let (dashes, dash_vertices) = array(3, &[POSITION, NORMAL, ALONG], 12)?;
        gl.bind_vertex_array(None);
        // They live as long as the array that holds them.
        for buffer in [indices, stroke_vertices, dash_vertices] {
            gl.delete_buffer(Some(&buffer));
        }
        Some(MeshOnGpu { arrays: [fills, strokes, dashes], fill_vertices })
    }

    /// Has an input read the bound buffer, from a byte on.
    fn point(&self, location: u32, (size, kind, offset): &Attribute, stride: i32, from: i32) {
        let offset = from + offset;
        self.gl.vertex_attrib_pointer_with_i32(location, *size, *kind, false, stride, offset);
    }

    /// Draws, the map moved and enlarged as `view` says; `is_rough`: without smoothed edges, sooner.
    pub fn draw(&self, mesh: &MeshData, canvas: (u32, u32), view: View, is_rough: bool) {
        let [smooth, rough] = &mut *self.surfaces.borrow_mut();
        let surface = if is_rough { rough } else { smooth };
        surface.bind(&self.gl, canvas);
        self.paint(mesh, &mesh.styles, canvas, view);
        surface.copy_onto(None, &self.gl);
    }

    /// Draws into the bound framebuffer of this size.
    pub(super) fn paint(&self, mesh: &MeshData, styles: &[f32], canvas: (u32, u32), view: View) {
        let gl = &self.gl;
        let camera = Camera {
            width: mesh.width as f32,
            height: mesh.height as f32,
            canvas_width: canvas.0 as f32,
            canvas_height: canvas.1 as f32,
        };
        gl.viewport(0, 0, canvas.0 as i32, canvas.1 as i32);
        gl.disable(Gl::SCISSOR_TEST);
        gl.clear_color(1.0, 1.0, 1.0, 1.0);
        gl.clear(Gl::COLOR_BUFFER_BIT | Gl::DEPTH_BUFFER_BIT);
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        gl.enable(Gl::DEPTH_TEST);
        let batches = mesh.parts.iter().map(|part| part.batches.as_slice());
        let table = Table::of(gl, self.table.take(), batches, styles);
        let Some(table) = table else { return };
        let mut painter = Painter {
            renderer: self,
            table: &table,
            camera: &camera,
            view,
            finest: FINEST / camera.scale(),
            is_fill_now: None,
        };
        let mut first = 0;
        for (part, on_gpu) in mesh.parts.iter().zip(&self.meshes) {
            if let Some(on_gpu) = on_gpu {
                painter.draw_part(part, on_gpu, styles, first);
            }
            first += (part.batches.len() / BATCH_LEN) as u32;
        }
        gl.bind_vertex_array(None);
        self.table.replace(Some(table));
    }
}

/// A frame being drawn; what is set already is known, as a call costs more than all that is compared.
struct Painter<'a> {
    renderer: &'a Renderer,
    table: &'a Table,
    camera: &'a Camera,
    view: View,
    /// Width of the thinnest line that is drawn, mm.
    finest: f32,
    is_fill_now: Option<bool>,
}

/// What is set for a part.
#[derive(Default)]
struct Set<'a> {
    kind: Option<u32>,
    first_vertex: Option<u32>,
    clip: Option<&'a [f32]>,
    /// Of each program.
    spaces: [&'a [f32]; 2],
}

impl Painter<'_> {
    /// Draws a part whose batches are in the table from `first` on.
    fn draw_part(&mut self, part: &Part, on_gpu: &MeshOnGpu, styles: &[f32], first: u32) {
        let mut set = Set::default();
        let mut run: Option<Run<'_>> = None;
        for (batch, number) in part.batches.chunks_exact(BATCH_LEN).zip(first..) {
            let &[kind, group, style, _, _, first_vertex] = batch else { continue };
            let (at_group, width) = (group as usize * GROUP_LEN, style as usize * STYLE_LEN + 10);
            let Some(space) = part.groups.get(at_group..at_group + GROUP_LEN) else { continue };
            if kind != FILL && styles.get(width).is_none_or(|width| *width < self.finest) {
                continue;
            }
            let next = Run { kind, first_vertex, space, first: number, n: 1 };
            match &mut run {
                Some(run) if self.renderer.many.is_some() && run.goes_on(&next) => run.n += 1,
                _ => {
                    if let Some(run) = run.replace(next) {
                        self.draw(&run, on_gpu, &mut set);
                    }
                }
            }
        }
        if let Some(run) = run {
            self.draw(&run, on_gpu, &mut set);
        }
    }

    fn draw<'a>(&mut self, run: &Run<'a>, on_gpu: &MeshOnGpu, set: &mut Set<'a>) {
        let Renderer { gl, fill, stroke, many, .. } = self.renderer;
        let is_fill = run.kind == FILL;
        let program = if is_fill { fill } else { stroke };
        if self.is_fill_now.replace(is_fill) != Some(is_fill) {
            gl.use_program(Some(&program.program));
        }
        if set.kind.replace(run.kind) != Some(run.kind) {
            gl.bind_vertex_array(on_gpu.arrays.get(run.kind as usize));
        }
        let clip = run.space.get(6..).unwrap_or(&[]);
        if set.clip.replace(clip) != Some(clip) {
            self.clip(run.space);
        }
        let Some(space) = set.spaces.get_mut(usize::from(!is_fill)) else { return };
        if *space != run.space {
            if space.is_empty() {
                gl.uniform2f(program.page.as_ref(), self.camera.width, self.camera.height);
                gl.uniform1f(program.pixel.as_ref(), 1.0 / self.camera.scale());
            }
            *space = run.space;
            self.enter(program, run.space);
        }
        if is_fill && set.first_vertex.replace(run.first_vertex) != Some(run.first_vertex) {
            gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&on_gpu.fill_vertices));
            let from = run.first_vertex as i32 * FILL_STRIDE;
            self.renderer.point(0, &POSITION, FILL_STRIDE, from);
        }
        gl.uniform1i(program.first.as_ref(), run.first as i32);
        let Table { draws, starts, counts, .. } = self.table;
        if let Some(many) = many.as_ref().filter(|_| run.n > 1) {
            let (first, n) = (run.first, run.n as i32);
            if is_fill {
                let kind = Gl::UNSIGNED_SHORT;
                many.draw_elements(Gl::TRIANGLES, counts, first, kind, starts, first, n);
            } else {
                many.draw_arrays(Gl::TRIANGLE_STRIP, starts, first, counts, first, n);
            }
        } else if let Some((start, count)) = draws.get(run.first as usize) {
            if is_fill {
                gl.draw_elements_with_i32(Gl::TRIANGLES, *count, Gl::UNSIGNED_SHORT, *start);
            } else {
                gl.draw_arrays(Gl::TRIANGLE_STRIP, *start, *count);
            }
        }
    }

    fn clip(&self, space: &[f32]) {
        let gl = &self.renderer.gl;
        if space[6] > 0.0 {
            let [x, y, width, height] =
                self.camera.scissor(space[7], space[8], space[9], space[10]);
            gl.enable(Gl::SCISSOR_TEST);
            gl.scissor(x, y, width, height);
        } else {
            gl.disable(Gl::SCISSOR_TEST);
        }
    }

    fn enter(&self, program: &Program, space: &[f32]) {
        let (gl, view) = (&self.renderer.gl, self.view);
        let (mut m, mut t) = ([space[0], space[1], space[2], space[3]], [space[4], space[5]]);
        if space[6] > 0.0 {
            // Only the map is cut to a window; the map is what moves.
            let centre = [space[7] + space[9] / 2.0, space[8] + space[10] / 2.0];
            let (sin, cos) = view.turn.sin_cos();
            let (sin, cos) = (sin * view.zoom, cos * view.zoom);
            let turned = |[x, y]: [f32; 2]| [x * cos - y * sin, x * sin + y * cos];
            let ([a, b], [c, d]) = (turned([m[0], m[1]]), turned([m[2], m[3]]));
            m = [a, b, c, d];
            let away = [0, 1].map(|i| t[i] - centre[i] - view.shift[i]);
            let away = turned(away);
            t = [centre[0] + away[0], centre[1] + away[1]];
        }
        gl.uniform4f(program.matrix.as_ref(), m[0], m[1], m[2], m[3]);
        gl.uniform2f(program.shift.as_ref(), t[0], t[1]);
    }
}

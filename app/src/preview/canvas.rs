//! The sheet on the desk: one canvas that follows its size on screen, the GPU's life and the mesh.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Function};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{
    CanvasRenderingContext2d, ContextAttributes2d, HtmlCanvasElement, ImageData, ResizeObserver,
    WebGl2RenderingContext as Gl,
};

use super::camera::canvas_size;
use super::gl::{MeshData, Renderer, View, context, has_passed};
use super::hands;
use super::pace::{LATE_MS, Pace};
use crate::platform::page;
use crate::state::{App, Mode};

/// Pixels across a small picture: two to a CSS pixel of the gallery, so that they halve evenly.
const LOOK_WIDTH: u32 = 88;

/// How often the GPU is looked at while it is waited for, ms.
const GPU_MS: i32 = 4;

/// At most so long is waited between two looks at it for a small picture, for which nobody waits, ms. No frame is asked
/// for: each would have the whole page looked through.
const LONGEST_MS: i32 = 256;

/// When nothing has moved for so long, a rough frame is drawn once more with smooth edges, ms.
const REST_MS: i32 = 200;

/// The canvas with all it shows; the page has one.
#[derive(Clone)]
pub struct Preview {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    canvas: HtmlCanvasElement,
    renderer: Option<Renderer>,
    mesh: Option<MeshData>,
    /// Pixels.
    size: (u32, u32),
    /// CSS pixels.
    css_size: (f64, f64),
    view: View,
    n_frames: u32,
    /// How often the GPU was asked for something that takes it long.
    n_gpu_tasks: u32,
    is_asked: bool,
    pace: Pace,
    /// Whether what is asked for is one of many frames, and another comes soon.
    is_moving: bool,
    /// Whether a rest is waited for.
    is_watched: bool,
    /// Draws.
    on_frame: Function,
    state: &'static str,
}

impl Preview {
    /// Takes a canvas.
    pub fn new(canvas: HtmlCanvasElement) -> Self {
        let renderer = Renderer::new(&canvas);
        let is_lost = renderer.is_none() && context(&canvas).is_some_and(|gl| gl.is_context_lost());
        let inner = Inner {
            renderer,
            mesh: None,
            size: (canvas.width(), canvas.height()),
            css_size: css_size(&canvas),
            canvas,
            view: View::default(),
            n_frames: 0,
            n_gpu_tasks: 0,
            is_asked: false,
            pace: Pace::default(),
            is_moving: false,
            is_watched: false,
            on_frame: Function::default(),
            state: "waiting",
        };
        let preview = Self { inner: Rc::new(RefCell::new(inner)) };
        let drawing = preview.clone();
        let draw = Closure::<dyn Fn()>::new(move || {
            let is_rough = drawing.inner.borrow_mut().draw();
            if is_rough {
                drawing.smooth_at_rest();
            } else {
                drawing.look_at_pace();
            }
        });
        preview.inner.borrow_mut().on_frame = draw.into_js_value().unchecked_into();
        if is_lost {
            preview.lose();
        }
        preview.measure();
        {
            let inner = preview.inner.borrow();
            if let Some(renderer) = &inner.renderer {
                renderer.prepare(inner.size);
            }
        }
        preview
    }

    /// How it can draw: a context that was lost comes back, and leaves the canvas for nothing else.
    pub fn mode(&self) -> Mode {
        let has_renderer = self.inner.borrow().renderer.is_some();
        if has_renderer || self.is_lost() { Mode::Gpu } else { Mode::Raster }
    }

    /// Whether the browser took the context away.
    pub fn is_lost(&self) -> bool {
        self.inner.borrow().state == "lost"
    }

    /// Pixels of the canvas.
    pub fn size(&self) -> (u32, u32) {
        self.inner.borrow().size
    }

    /// CSS pixels of the canvas, as it was measured last: asking the page would have it laid out.
    pub fn css_size(&self) -> (f64, f64) {
        self.inner.borrow().css_size
    }

    /// How many maps were handed to the GPU.
    pub fn n_maps(&self) -> u32 {
        self.inner.borrow().mesh.as_ref().map_or(0, MeshData::n_maps)
    }

    /// Whether the GPU has the map of the last answer, so that the next need not bring it.
    pub fn has_map(&self) -> bool {
        self.inner.borrow().has_map()
    }

    /// Shows what an engine answered; the buffers that are the engine's again. `None`, and nothing happens, where one is
    /// missing. `is_whole`: whether it is all of a map, no part that has come so far.
    pub fn show(
        &self,
        (width, height): (f64, f64),
        buffers: &[ArrayBuffer],
        is_whole: bool,
    ) -> Option<Vec<ArrayBuffer>> {
        let mut inner = self.inner.borrow_mut();
        let mut mesh = MeshData::new(width, height, buffers, inner.mesh.as_ref())?;
        if let Some(renderer) = &mut inner.renderer {
            renderer.upload(&mesh);
        }
        inner.n_gpu_tasks += 1;
        if inner.mesh.as_ref().map(MeshData::n_maps) != Some(mesh.n_maps()) {
            let name = if is_whole { "data-maps" } else { "data-sketches" };
            let _ = inner.canvas.set_attribute(name, &mesh.n_maps().to_string());
            inner.pace.look_again();
        }
        let spare = mesh.take_map();
        inner.mesh = Some(mesh);
        inner.view = View::default();
        drop(inner);
        self.ask_for_frame();
        Some(spare)
    }

    /// Shows the same in other styles.
    pub fn restyle(&self, styles: &ArrayBuffer) {
        if let Some(mesh) = &mut self.inner.borrow_mut().mesh {
            mesh.set_styles(styles);
        }
        self.ask_for_moving_frame();
    }

    /// Shows the map moved and enlarged until it is drawn so.
    pub fn set_view(&self, view: View) {
        self.inner.borrow_mut().view = view;
        self.ask_for_moving_frame();
    }

    /// Paints what is shown, in other styles, onto a small canvas; once it `may` stop the page for a moment, if it does.
    pub async fn look(
        &self,
        styles: &ArrayBuffer,
        onto: &HtmlCanvasElement,
        may: impl AsyncFn() -> bool,
    ) -> Option<()> {
        let (mut n, mut look) = {
            let inner = self.inner.borrow();
            let (renderer, mesh) = (inner.renderer.as_ref()?, inner.mesh.as_ref()?);
            if !renderer.holds_map(mesh) {
                return None;
            }
            let height = (f64::from(LOOK_WIDTH) * mesh.height / mesh.width).round() as u32;
            (inner.n_gpu_tasks, renderer.snapshot(mesh, styles, (LOOK_WIDTH, height))?)
        };
        // Asking for pixels stops the page until the GPU has done all that it was asked for, by the browser too, whose
        // painting of the last small picture it may be at: it is first seen to answer within one pause, at leisure.
        let (mut pause, mut shortest, mut n_pauses) = (GPU_MS, GPU_MS, 0);
        loop {
            if !may().await {
                return None;
            }
            {
                let inner = self.inner.borrow();
                let renderer = inner.renderer.as_ref()?;
                if renderer.has_painted(&look) {
                    if n_pauses == 1 && inner.n_gpu_tasks == n {
                        break;
                    }
                    n = inner.n_gpu_tasks;
                    renderer.wait_again(&mut look);
                    if n_pauses > 1 {
                        // One that is always busy answers in a longer pause at last.
                        shortest = (2 * shortest).min(LONGEST_MS);
                    }
                    (pause, n_pauses) = (shortest, 0);
                }
            }
            page::sleep(pause).await;
            n_pauses += 1;
            pause = (2 * pause).min(LONGEST_MS);
        }
        let pixels = self.inner.borrow().renderer.as_ref()?.pixels(&look)?;
        put_pixels(onto, look.size.0, look.size.1, &pixels)
    }

    /// Shows pixels a worker painted.
    pub fn show_pixels(&self, width: u32, height: u32, rgba: &ArrayBuffer) -> Option<()> {
        let mut inner = self.inner.borrow_mut();
        let rgba = js_sys::Uint8Array::new(rgba).to_vec();
        put_pixels(&inner.canvas, width, height, &rgba)?;
        inner.drawn("drawn");
        Some(())
    }

    /// Follows the canvas's size on screen; true when its pixels changed.
    fn measure(&self) -> bool {
        let mut inner = self.inner.borrow_mut();
        let css = css_size(&inner.canvas);
        let size = canvas_size(css, page::device_pixel_ratio());
        let is_new = size != inner.size && css.0 > 0.0;
        inner.css_size = css;
        if is_new {
            inner.size = size;
            if inner.renderer.is_some() {
                inner.canvas.set_width(size.0);
                inner.canvas.set_height(size.1);
            }
        }
        is_new
    }

    /// Draws before the screen is painted next, once however often it is asked.
    fn ask_for_frame(&self) {
        self.ask(false);
    }

    /// The same of a frame that others follow: where the GPU is slow it need not be smooth.
    fn ask_for_moving_frame(&self) {
        self.ask(true);
    }

    fn ask(&self, is_moving: bool) {
        let mut inner = self.inner.borrow_mut();
        inner.is_moving = is_moving;
        if inner.renderer.is_none() || std::mem::replace(&mut inner.is_asked, true) {
            return;
        }
        page::ask_for_frame(&inner.on_frame);
    }

    /// Looks whether the GPU keeps up with frames of a map that moves, until that is known.
    fn look_at_pace(&self) {
        let fence = {
            let mut inner = self.inner.borrow_mut();
            let is_moving = inner.is_moving;
            let Some(gl) = inner.renderer.as_ref().map(|renderer| renderer.gl.clone()) else {
                return;
            };
            if !is_moving || !inner.pace.looks() {
                return;
            }
            gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0).map(|fence| (gl, fence))
        };
        let preview = self.clone();
        leptos::task::spawn_local(async move {
            page::sleep(LATE_MS).await;
            let is_late = fence.is_some_and(|(gl, fence)| {
                let is_late = !has_passed(&gl, &fence);
                gl.delete_sync(Some(&fence));
                is_late
            });
            preview.inner.borrow_mut().pace.tell(is_late);
        });
    }

    /// Draws a rough frame once more, smooth, when the hand rests.
    fn smooth_at_rest(&self) {
        if std::mem::replace(&mut self.inner.borrow_mut().is_watched, true) {
            return;
        }
        let preview = self.clone();
        leptos::task::spawn_local(async move {
            let frame = || {
                let inner = preview.inner.borrow();
                (inner.n_frames, inner.is_asked)
            };
            loop {
                let before = frame();
                page::sleep(REST_MS).await;
                if frame() == before && !before.1 {
                    break;
                }
            }
            preview.inner.borrow_mut().is_watched = false;
            preview.ask_for_frame();
        });
    }

    fn lose(&self) {
        self.inner.borrow_mut().set_state("lost");
    }

    /// After the browser gave the GPU back, which has nothing any more: the map is to be asked for.
    fn restore(&self) {
        let mut inner = self.inner.borrow_mut();
        let mut renderer = Renderer::new(&inner.canvas);
        if let (Some(renderer), Some(mesh)) = (&mut renderer, &inner.mesh) {
            renderer.upload(mesh);
        }
        if renderer.is_some() {
            inner.renderer = renderer;
        }
    }
}

fn css_size(canvas: &HtmlCanvasElement) -> (f64, f64) {
    (f64::from(canvas.client_width()), f64::from(canvas.client_height()))
}

fn put_pixels(canvas: &HtmlCanvasElement, width: u32, height: u32, rgba: &[u8]) -> Option<()> {
    canvas.set_width(width);
    canvas.set_height(height);
    // Kept out of the GPU: the gallery's would else be seventeen layers of each of the page's frames.
    let options = ContextAttributes2d::new();
    options.set_will_read_frequently(true);
    let context = canvas.get_context_with_context_options("2d", &options).ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height);
    context.put_image_data(&image.ok()?, 0.0, 0.0).ok()
}

impl Inner {
    fn has_map(&self) -> bool {
        let pair = self.renderer.as_ref().zip(self.mesh.as_ref());
        pair.is_some_and(|(renderer, mesh)| renderer.holds_map(mesh))
    }

    /// Draws; whether it did so roughly.
    fn draw(&mut self) -> bool {
        self.is_asked = false;
        let (Some(renderer), Some(mesh)) = (&self.renderer, &self.mesh) else { return false };
        // What was lost comes again, and is drawn whole.
        if !renderer.holds_map(mesh) {
            return false;
        }
        let is_rough = self.is_moving && self.pace.is_slow();
        renderer.draw(mesh, self.size, self.view, is_rough);
        self.n_gpu_tasks += 1;
        self.drawn(if is_rough { "rough" } else { "drawn" });
        is_rough
    }

    /// Tells tests and scripts that a picture is there, and which.
    fn drawn(&mut self, state: &'static str) {
        self.n_frames += 1;
        self.set_state(state);
        let _ = self.canvas.set_attribute("data-frame", &self.n_frames.to_string());
    }

    fn set_state(&mut self, state: &'static str) {
        if std::mem::replace(&mut self.state, state) != state {
            let _ = self.canvas.set_attribute("data-state", state);
        }
    }
}

/// Until the GPU has done what it was asked for: until then a question about it stops the page, and
/// the first ones follow its longest work, a context's buffers.
async fn caught_up(gl: &Gl) {
    let Some(fence) = gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0) else { return };
    gl.flush();
    while !has_passed(gl, &fence) {
        page::sleep(GPU_MS).await;
    }
    gl.delete_sync(Some(&fence));
}

/// The poster's canvas.
pub fn canvas(app: App) -> impl IntoView {
    let node = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move || {
        let Some(canvas) = node.get() else { return };
        leptos::task::spawn_local(async move {
            page::gpu_is_awake().await;
            // To ask for it has the page laid out: not in the task that made the page.
            let size = canvas_size(css_size(&canvas), page::device_pixel_ratio());
            // Other pages' posters may take it away at once, and without this the browser never gives it back.
            page::listen(&canvas, "webglcontextlost", Box::new(|event| event.prevent_default()));
            // The page waits for a context, and for its buffers: by turns, so that neither makes the other's wait longer.
            for (width, height) in [(1, 1), size] {
                canvas.set_width(width);
                canvas.set_height(height);
                if let Some(gl) = context(&canvas) {
                    caught_up(&gl).await;
                }
            }
            let preview = Preview::new(canvas.clone());
            page::end_boot();
            observe(&canvas, &preview, app);
            hands::listen(&canvas, &preview, app);
            app.is_lost.set(preview.is_lost());
            app.mode.set(Some(preview.mode()));
            app.machinery.update_value(|machinery| machinery.preview = Some(preview));
            app.draw();
        });
    });
    let label = move || {
        app.design.with(|design| {
            let title = design.title();
            let place = format!("{:.4}, {:.4}", design.place.lat, design.place.lon);
            let of = if title.is_empty() { &place } else { title };
            format!(
                "Map poster of {of}, {:.0} by {:.0} millimetres",
                design.paper.width, design.paper.height
            )
        })
    };
    view! { <canvas id="poster" node_ref=node role="img" tabindex="0" aria-label=label aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - [ ]" aria-busy=move || app.is_stale().to_string() data-state="waiting"></canvas> }
        .into_any()
}

fn observe(canvas: &HtmlCanvasElement, preview: &Preview, app: App) {
    let lost = preview.clone();
    page::listen(
        canvas,
        "webglcontextlost",
        Box::new(move |_| {
            lost.lose();
            app.is_lost.set(true);
        }),
    );
    let restored = preview.clone();
    page::listen(
        canvas,
        "webglcontextrestored",
        Box::new(move |_| {
            restored.restore();
            app.is_lost.set(false);
            app.draw();
        }),
    );
    let resized = preview.clone();
    let follow_size = move || {
        if resized.measure() {
            match resized.mode() {
                Mode::Gpu => resized.ask_for_frame(),
                Mode::Raster => app.draw(),
            }
        }
    };
    // Another screen's finer pixels are no news to the observer.
    page::on_new_pixels(Rc::new(follow_size.clone()));
    let on_resize = Closure::<dyn Fn()>::new(follow_size).into_js_value();
    if let Ok(observer) = ResizeObserver::new(on_resize.unchecked_ref()) {
        observer.observe(canvas);
        // It lives as long as the page.
        std::mem::forget(observer);
    }
}

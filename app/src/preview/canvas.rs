//! The sheet on the desk: one canvas that follows its size on screen, the GPU's life and the mesh.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData, ResizeObserver};

use super::camera::canvas_size;
use super::gl::{MeshData, Renderer, View};
use super::hands;
use crate::platform::page;
use crate::state::{App, Mode};

/// Pixels across a small picture: two to a CSS pixel of the gallery, so that they halve evenly.
const LOOK_WIDTH: u32 = 88;

/// The canvas with all it shows; the page has one.
#[derive(Clone)]
pub struct Preview {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    canvas: HtmlCanvasElement,
    renderer: Option<Renderer>,
    mesh: Option<MeshData>,
    size: (u32, u32),
    view: View,
    n_frames: u32,
    is_asked: bool,
}

impl Preview {
    /// Takes a canvas.
    pub fn new(canvas: HtmlCanvasElement) -> Self {
        let renderer = Renderer::new(&canvas);
        let inner = Inner {
            canvas,
            renderer,
            mesh: None,
            size: (0, 0),
            view: View::default(),
            n_frames: 0,
            is_asked: false,
        };
        let preview = Self { inner: Rc::new(RefCell::new(inner)) };
        preview.measure();
        preview
    }

    /// How it can draw.
    pub fn mode(&self) -> Mode {
        if self.inner.borrow().renderer.is_some() { Mode::Gpu } else { Mode::Raster }
    }

    /// Pixels of the canvas.
    pub fn size(&self) -> (u32, u32) {
        self.inner.borrow().size
    }

    /// Shows what an engine answered; nothing happens where a buffer is missing.
    pub fn show(&self, width: f64, height: f64, buffers: &[ArrayBuffer]) {
        let mut inner = self.inner.borrow_mut();
        let last = inner.mesh.take();
        let Some(mesh) = MeshData::new(width, height, buffers, last) else { return };
        if let Some(renderer) = &mut inner.renderer {
            renderer.upload(&mesh);
        }
        let _ = inner.canvas.set_attribute("data-maps", &mesh.n_maps().to_string());
        inner.mesh = Some(mesh);
        inner.view = View::default();
        drop(inner);
        self.ask_for_frame();
    }

    /// Shows the map moved and enlarged until it is drawn so.
    pub fn set_view(&self, view: View) {
        self.inner.borrow_mut().view = view;
        self.ask_for_frame();
    }

    /// Paints what is shown, in other styles, onto a small canvas.
    pub fn look(&self, styles: &ArrayBuffer, onto: &HtmlCanvasElement) -> Option<()> {
        let inner = self.inner.borrow();
        let (renderer, mesh) = (inner.renderer.as_ref()?, inner.mesh.as_ref()?);
        if renderer.is_lost() {
            return None;
        }
        let width = LOOK_WIDTH;
        let height = (f64::from(width) * mesh.height / mesh.width).round() as u32;
        let pixels = renderer.look(mesh, styles, (width, height))?;
        put_pixels(onto, width, height, &pixels)
    }

    /// Shows pixels a worker painted.
    pub fn show_pixels(&self, width: u32, height: u32, rgba: &ArrayBuffer) -> Option<()> {
        let mut inner = self.inner.borrow_mut();
        let rgba = js_sys::Uint8Array::new(rgba).to_vec();
        put_pixels(&inner.canvas, width, height, &rgba)?;
        inner.drawn();
        Some(())
    }

    /// Follows the canvas's size on screen; true when it changed.
    fn measure(&self) -> bool {
        let mut inner = self.inner.borrow_mut();
        let css = (f64::from(inner.canvas.client_width()), f64::from(inner.canvas.client_height()));
        let size = canvas_size(css, page::device_pixel_ratio());
        let is_new = size != inner.size && css.0 > 0.0;
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
        let mut inner = self.inner.borrow_mut();
        if inner.renderer.is_none() || std::mem::replace(&mut inner.is_asked, true) {
            return;
        }
        drop(inner);
        let preview = self.clone();
        leptos::task::spawn_local(async move {
            page::next_frame().await;
            preview.inner.borrow_mut().draw();
        });
    }

    fn lose(&self) {
        let inner = self.inner.borrow();
        let _ = inner.canvas.set_attribute("data-state", "lost");
    }

    /// After the browser gave the GPU back.
    fn restore(&self) {
        let mut inner = self.inner.borrow_mut();
        let mut renderer = Renderer::new(&inner.canvas);
        if let (Some(renderer), Some(mesh)) = (&mut renderer, &inner.mesh) {
            renderer.upload(mesh);
        }
        if renderer.is_some() {
            inner.renderer = renderer;
        }
        drop(inner);
        self.ask_for_frame();
    }
}

fn put_pixels(canvas: &HtmlCanvasElement, width: u32, height: u32, rgba: &[u8]) -> Option<()> {
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height);
    context.put_image_data(&image.ok()?, 0.0, 0.0).ok()
}

impl Inner {
    fn draw(&mut self) {
        self.is_asked = false;
        let (Some(renderer), Some(mesh)) = (&self.renderer, &self.mesh) else { return };
        if renderer.is_lost() {
            return;
        }
        renderer.draw(mesh, self.size, self.view);
        self.drawn();
    }

    /// Tells tests and scripts that a picture is there, and which.
    fn drawn(&mut self) {
        self.n_frames += 1;
        let _ = self.canvas.set_attribute("data-state", "drawn");
        let _ = self.canvas.set_attribute("data-frame", &self.n_frames.to_string());
    }
}

/// The poster's canvas.
pub fn canvas(app: App) -> impl IntoView {
    let node = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move || {
        let Some(canvas) = node.get() else { return };
        let preview = Preview::new(canvas.clone());
        observe(&canvas, &preview, app);
        hands::listen(&canvas, app);
        app.mode.set(Some(preview.mode()));
        app.machinery.update_value(|machinery| machinery.preview = Some(preview));
        app.begin();
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
    view! { <canvas id="poster" node_ref=node role="img" tabindex="0" aria-label=label aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + -" aria-busy=move || app.is_stale().to_string() data-state="waiting"></canvas> }
        .into_any()
}

fn observe(canvas: &HtmlCanvasElement, preview: &Preview, app: App) {
    let on = |name: &str, act: Box<dyn Fn(web_sys::Event)>| {
        let closure = Closure::<dyn Fn(web_sys::Event)>::new(act);
        let _ = canvas.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget();
    };
    let lost = preview.clone();
    on(
        "webglcontextlost",
        Box::new(move |event| {
            // Without this the browser never gives it back.
            event.prevent_default();
            lost.lose();
        }),
    );
    let restored = preview.clone();
    on("webglcontextrestored", Box::new(move |_| restored.restore()));
    let resized = preview.clone();
    let on_resize = Closure::<dyn Fn()>::new(move || {
        if resized.measure() {
            match resized.mode() {
                Mode::Gpu => resized.ask_for_frame(),
                Mode::Raster => app.draw(),
            }
        }
    });
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(canvas);
        // It lives as long as the page.
        std::mem::forget(observer);
    }
    on_resize.forget();
}

//! The dialog's elements.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlDialogElement, HtmlElement};

use crate::platform::page;

/// The dialog and what of it changes.
#[derive(Clone)]
pub struct Dialog {
    /// The whole.
    pub dialog: HtmlDialogElement,
    /// The canvas of the world.
    pub world: HtmlCanvasElement,
    /// The canvas of the frame, which lies over it and takes the hands.
    pub map: HtmlCanvasElement,
}

impl Dialog {
    /// Puts the dialog, still shut, and its style sheet on the page.
    pub fn new() -> Option<Self> {
        let document = page::document()?;
        let dialog: HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
        let style = document.create_element("style").ok()?;
        style.set_text_content(Some(include_str!("style.css")));
        document.head()?.append_child(&style).ok()?;
        dialog.set_id("picker");
        dialog.set_attribute("aria-labelledby", "picker-title").ok()?;
        dialog.set_inner_html(include_str!("dialog.html"));
        document.body()?.append_child(&dialog).ok()?;
        let canvas = |selector: &str| -> Option<HtmlCanvasElement> {
            dialog.query_selector(selector).ok().flatten()?.dyn_into().ok()
        };
        Some(Self { world: canvas(".map")?, map: canvas("#picker-map")?, dialog })
    }

    /// An element by its id.
    pub fn element<T: JsCast>(&self, id: &str) -> Option<T> {
        self.dialog.query_selector(&format!("#{id}")).ok().flatten()?.dyn_into().ok()
    }

    /// Says something in an element.
    pub fn say(&self, id: &str, words: &str) {
        if let Some(element) = self.element::<HtmlElement>(id)
            && element.text_content().as_deref() != Some(words)
        {
            element.set_text_content(Some(words));
        }
    }

    /// What lies over the map: left, top, right and bottom, pixels.
    pub fn covered(&self) -> Vec<[f64; 4]> {
        let rect = |selector: &str| -> Option<[f64; 4]> {
            let element = self.dialog.query_selector(selector).ok().flatten()?;
            let element: HtmlElement = element.dyn_into().ok()?;
            let (left, top) = (f64::from(element.offset_left()), f64::from(element.offset_top()));
            let right = left + f64::from(element.offset_width());
            Some([left, top, right, top + f64::from(element.offset_height())])
        };
        [".view", "#picker-attribution"].into_iter().filter_map(rect).collect()
    }

    /// A colour of the style sheet.
    pub fn colour(&self, name: &str) -> String {
        let style = web_sys::window()
            .and_then(|window| window.get_computed_style(&self.dialog).ok().flatten());
        let value = style.and_then(|style| style.get_property_value(name).ok());
        value.map(|value| value.trim().to_owned()).unwrap_or_default()
    }
}

/// What is drawn with on a canvas.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok().flatten()?.dyn_into().ok()
}

//! The app's tests that need a real browser, run in Chromium by `cargo xtask test --only wasm`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "clippy does not see that these are tests")]

use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

/// Without it, every test of the preview would silently test the fallback.
#[wasm_bindgen_test]
fn the_test_browser_has_webgl2() {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    assert!(canvas.get_context("webgl2").unwrap().is_some());
}

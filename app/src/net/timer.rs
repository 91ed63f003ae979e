//! Waits, on the page and within a worker.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The browser's own, which the page and its workers have by the same name.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(act: &Function, ms: i32) -> i32;
}

/// Resolves after so many milliseconds, whatever else has come in being done first.
pub fn sleep(ms: i32) -> Promise {
    Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, ms);
    })
}

//! Waits within a worker.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// Resolves after so many milliseconds, whatever else has come in being done first.
pub fn sleep(ms: i32) -> Promise {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    Promise::new(&mut |resolve, _| {
        let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    })
}

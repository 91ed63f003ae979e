//! A deflated file beside the page → its bytes, inflated by the browser.

use js_sys::{Array, ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableWritablePair, Response};

use super::page;

/// `None` where the file is missing or damaged, or the browser cannot inflate.
pub async fn inflated(path: &str) -> Option<Vec<u8>> {
    let window = web_sys::window()?;
    let response = JsFuture::from(window.fetch_with_str(&page::data_url(path))).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    // By name: web-sys counts the type as unstable, though every browser since Safari 16.4 has it.
    let inflater: Function =
        Reflect::get(&window, &"DecompressionStream".into()).ok()?.dyn_into().ok()?;
    let inflater = Reflect::construct(&inflater, &Array::of1(&"deflate".into())).ok()?;
    let side = |name: &str| Reflect::get(&inflater, &name.into()).ok();
    let pair = ReadableWritablePair::new(
        side("readable")?.unchecked_ref(),
        side("writable")?.unchecked_ref(),
    );
    let stream = response.body().filter(|_| response.ok())?.pipe_through(&pair);
    let whole = Response::new_with_opt_readable_stream(Some(&stream)).ok()?;
    let buffer: ArrayBuffer =
        JsFuture::from(whole.array_buffer().ok()?).await.ok()?.unchecked_into();
    Some(Uint8Array::new(&buffer).to_vec())
}

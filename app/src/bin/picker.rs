//! The map picker; loaded by the page when first opened.

use js_sys::{Array, Float64Array};
use mapposter_app::net::config::TileServer;
use mapposter_app::platform::page;
use picker::Frame;
use wasm_bindgen::prelude::*;

fn main() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line()));
        page::say_stopped(&place.unwrap_or_default());
    }));
}

/// Lets a person choose an area. `frame`: latitude, longitude, distance, rotation, and width by height; the answer
/// is the first four of them, or null when cancelled. `tiles`: address, name, attribution and greatest zoom, or empty.
#[wasm_bindgen]
pub async fn pick(frame: Vec<f64>, server: String, tiles: Array) -> Result<JsValue, JsValue> {
    let [lat, lon, distance, rotation, ratio] = frame[..] else { return Ok(JsValue::NULL) };
    let frame = Frame { lat, lon, distance, rotation, ratio };
    let text = |i| tiles.get(i).as_string();
    let tiles = text(0).zip(text(1)).zip(text(2)).map(|((url, name), attribution)| TileServer {
        url,
        name,
        attribution,
        max_zoom: tiles.get(3).as_f64().unwrap_or_default() as u8,
    });
    let picked = mapposter_app::picker::pick(frame, &server, tiles).await;
    let no_dialog = |_| JsValue::from_str("the browser opens no dialog");
    Ok(picked.map_err(no_dialog)?.map_or(JsValue::NULL, |frame| {
        let Frame { lat, lon, distance, rotation, .. } = frame;
        Float64Array::from(&[lat, lon, distance, rotation][..]).into()
    }))
}

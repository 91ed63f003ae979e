//! Where the person is, as far as they let their browser tell.

use crate::failure::Failure;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::PositionOptions;

/// The browser's code for a person's or a system's no.
const PERMISSION_DENIED: f64 = 1.0;
/// How long a device may look for itself, ms.
const PATIENCE: u32 = 20_000;

/// Latitude and longitude, degrees; the browser asks the person first.
///
/// # Errors
/// `E-LOCATE-…` where they refuse, or the device does not know.
pub async fn here() -> Result<(f64, f64), Failure> {
    let geolocation = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
    let Some(geolocation) = geolocation else { return Err(unknown()) };
    let promise = Promise::new(&mut |resolve, reject| {
        let options = PositionOptions::new();
        options.set_timeout(PATIENCE);
        let asked = geolocation.get_current_position_with_error_callback_and_options(
            &resolve,
            Some(&reject),
            &options,
        );
        if let Err(error) = asked {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    let number = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok()?.as_f64();
    match JsFuture::from(promise).await {
        Ok(position) => {
            let coords = Reflect::get(&position, &"coords".into()).unwrap_or_default();
            let at = number(&coords, "latitude").zip(number(&coords, "longitude"));
            at.ok_or_else(unknown)
        }
        Err(error) => Err(match number(&error, "code") {
            Some(PERMISSION_DENIED) => Failure::new(
                "E-LOCATE-DENIED",
                "Your browser does not tell this page where you are.",
                "Allow it in the browser's settings for this site, or search for a place.",
            ),
            _ => unknown(),
        }),
    }
}

fn unknown() -> Failure {
    Failure::new(
        "E-LOCATE-UNKNOWN",
        "Your device could not find out where it is.",
        "Try again, or search for a place.",
    )
}

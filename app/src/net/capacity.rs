//! How much map a device can hold: by its memory, as far as the browser tells, and whether it is a phone.

use js_sys::Reflect;
use render_core::osm::Limits;
use wasm_bindgen::prelude::*;

/// Bytes of a reply that a browser can hold beside the rest, on any device.
const MOST_BYTES: u64 = 256 << 20;
const LEAST_BYTES: u64 = 48 << 20;
/// Bytes for each GB of memory: a map in the making takes about three times its reply.
const BYTES_PER_GB: f64 = (32 << 20) as f64;
/// Where the browser does not tell: what nearly all computers and phones have, GB.
const USUAL_GB: f64 = 8.0;
const USUAL_GB_OF_PHONE: f64 = 4.0;
/// A phone's browser ends a page sooner.
const SHARE_OF_PHONE: f64 = 0.75;

/// What a reply may be, with so much memory in GB.
#[must_use]
pub fn limits(memory: Option<f64>, is_phone: bool) -> Limits {
    let usual = if is_phone { USUAL_GB_OF_PHONE } else { USUAL_GB };
    let memory = memory.filter(|memory| *memory > 0.0).unwrap_or(usual);
    let share = if is_phone { SHARE_OF_PHONE } else { 1.0 };
    let bytes = ((memory * share * BYTES_PER_GB) as u64).clamp(LEAST_BYTES, MOST_BYTES);
    let all = Limits::default();
    // Elements and vertices by the same measure.
    let part = |most: u32| (u64::from(most) * bytes / MOST_BYTES) as u32;
    Limits { bytes, elements: part(all.elements), vertices: part(all.vertices), ..all }
}

/// The same for the device this runs on.
#[must_use]
pub fn of_this_device() -> Limits {
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let navigator = of(&js_sys::global(), "navigator");
    // Safari and Firefox tell no memory, and Firefox and Safari tell a phone in their name alone.
    let memory = of(&navigator, "deviceMemory").as_f64();
    let name = of(&navigator, "userAgent").as_string().unwrap_or_default();
    let is_phone = of(&of(&navigator, "userAgentData"), "mobile").is_truthy()
        || name.contains("Mobi")
        || name.contains("Android");
    limits(memory, is_phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_takes_what_its_memory_holds() {
        let megabytes = |memory, is_phone| limits(memory, is_phone).bytes >> 20;
        assert_eq!(megabytes(None, false), 256);
        assert_eq!(megabytes(None, true), 96);
        assert_eq!(megabytes(Some(4.0), false), 128);
        assert_eq!(megabytes(Some(2.0), true), 48);
        assert_eq!(megabytes(Some(0.25), true), 48);
        assert_eq!(megabytes(Some(64.0), false), 256);
        let (whole, half) = (limits(None, false), limits(Some(4.0), false));
        assert_eq!((half.elements, half.vertices), (whole.elements / 2, whole.vertices / 2));
    }
}

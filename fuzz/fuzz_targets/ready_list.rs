//! Lists of ready places: whatever one holds, its places can be shown and their files lie in the folder.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::design::input;

// The app's crate would bring all of its user interface along.
#[path = "../../app/src/ready_list.rs"]
#[allow(dead_code, reason = "the target asks less of it than the app")]
mod ready_list;

fuzz_target!(|text: &str| {
    for place in ready_list::parse(text).unwrap_or_default() {
        assert!(input::LATITUDE.check(place.lat).is_ok(), "{place:?}");
        assert!(input::LONGITUDE.check(place.lon).is_ok(), "{place:?}");
        assert!(input::DISTANCE.check(place.distance).is_ok(), "{place:?}");
        assert!(place.bbox.iter().all(|degrees| degrees.is_finite()), "{place:?}");
        assert!(!place.file.contains(['/', '\\', ':']), "{place:?}");
    }
});

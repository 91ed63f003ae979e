//! Answers of geocoders, and what was kept of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use places::geocoder::{Kept, Service, read};

fuzz_target!(|bytes: &[u8]| {
    for service in [Service::Photon, Service::Nominatim] {
        for found in read(service, bytes).unwrap_or_default() {
            assert!(found.lat.abs() <= 90.0 && found.lon.abs() <= 180.0, "{found:?}");
            assert!((600.0..=5000.0).contains(&found.distance), "{found:?}");
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let mut kept = Kept::read(text);
        kept.keep("url", 0.0, &[]);
    }
});

//! GeoJSON, split at places the input itself chooses: never a panic, and the same data whatever the
//! split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::osm::Limits;
use render_core::osm::geojson::GeoJsonReader;

fuzz_target!(|input: (u8, &[u8])| {
    let (size, text) = input;
    let _ = fuzz::same_data(text, size, |parts| {
        let mut warnings = Vec::new();
        let mut reader = GeoJsonReader::new(Limits::default());
        for part in parts {
            reader.push(part, &mut warnings)?;
        }
        reader.finish(&mut warnings)
    });
});

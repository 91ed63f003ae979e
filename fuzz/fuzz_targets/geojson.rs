//! GeoJSON, split at places the input itself chooses: never a panic, and the same data whatever the
//! split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::error::ReadError;
use render_core::osm::geojson::GeoJsonReader;
use render_core::osm::{Limits, OsmData};

fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Result<OsmData, ReadError> {
    let mut warnings = Vec::new();
    let mut reader = GeoJsonReader::new(Limits::default());
    for chunk in chunks {
        reader.push(chunk, &mut warnings)?;
    }
    reader.finish(&mut warnings)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, text) = input;
    let whole = read(std::iter::once(text));
    let split = read(text.chunks(usize::from(size).max(1)));
    match (whole, split) {
        (Ok(whole), Ok(split)) => {
            assert_eq!(whole.coords, split.coords);
            assert_eq!(whole.ways, split.ways);
            assert_eq!(whole.relations, split.relations);
        }
        (whole, split) => assert_eq!(whole.is_ok(), split.is_ok()),
    }
});

//! Overpass replies, split at places the input itself chooses: never a panic, and the same data
//! whatever the split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::error::ReadError;
use render_core::osm::json::OverpassReader;
use render_core::osm::{Limits, OsmData};

fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Result<OsmData, ReadError> {
    let mut warnings = Vec::new();
    let mut reader = OverpassReader::new(Limits::default());
    for chunk in chunks {
        reader.push(chunk, &mut warnings)?;
    }
    reader.finish(&mut warnings)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, reply) = input;
    let whole = read(std::iter::once(reply));
    let split = read(reply.chunks(usize::from(size).max(1)));
    match (whole, split) {
        (Ok(whole), Ok(split)) => {
            assert_eq!(whole.coords, split.coords);
            assert_eq!(whole.ways, split.ways);
            assert_eq!(whole.relations, split.relations);
        }
        (whole, split) => assert_eq!(whole.err(), split.err()),
    }
});

//! Overpass replies, split at places the input itself chooses: never a panic, and the same data or
//! error whatever the split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::osm::Limits;
use render_core::osm::json::OverpassReader;

fuzz_target!(|input: (u8, &[u8])| {
    let (size, reply) = input;
    let errors = fuzz::same_data(reply, size, |parts| {
        let mut warnings = Vec::new();
        let mut reader = OverpassReader::new(Limits::default());
        for part in parts {
            reader.push(part, &mut warnings)?;
        }
        reader.finish(&mut warnings)
    });
    if let Some((whole, split)) = errors {
        assert_eq!(whole, split);
    }
});

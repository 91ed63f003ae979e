//! OSM XML, split at places the input itself chooses: never a panic, and the same data whatever the
//! split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::osm::Limits;
use render_core::osm::xml::XmlReader;

fuzz_target!(|input: (u8, &[u8])| {
    let (size, body) = input;
    for start in ["", "<osm>"] {
        let text = [start.as_bytes(), body].concat();
        let _ = fuzz::same_data(&text, size, |parts| {
            let mut reader = XmlReader::new(Limits::default());
            for part in parts {
                reader.push(part)?;
            }
            reader.finish(&mut Vec::new())
        });
    }
});

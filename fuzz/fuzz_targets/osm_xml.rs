//! OSM XML, split at places the input itself chooses: never a panic, and the same data whatever the
//! split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::error::ReadError;
use render_core::osm::xml::XmlReader;
use render_core::osm::{Limits, OsmData};

fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Result<OsmData, ReadError> {
    let mut reader = XmlReader::new(Limits::default());
    for chunk in chunks {
        reader.push(chunk)?;
    }
    reader.finish(&mut Vec::new())
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, body) = input;
    for start in ["", "<osm>"] {
        let text = [start.as_bytes(), body].concat();
        let whole = read(std::iter::once(text.as_slice()));
        let split = read(text.chunks(usize::from(size).max(1)));
        if let (Ok(whole), Ok(split)) = (&whole, &split) {
            assert_eq!(whole.coords, split.coords);
            assert_eq!(whole.ways, split.ways);
            assert_eq!(whole.relations, split.relations);
        }
        assert_eq!(whole.is_ok(), split.is_ok());
    }
});

//! PBF files, and blocks that are not compressed, so that the odd bytes reach every message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::osm::{Limits, pbf};

/// A blob of `kind` around a block, by the format's rules.
fn blob(kind: &str, block: &[u8]) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| {
        let mut field = vec![number << 3 | 2];
        let mut len = bytes.len();
        while len >= 0x80 {
            field.push(len as u8 | 0x80);
            len >>= 7;
        }
        field.push(len as u8);
        field.extend_from_slice(bytes);
        field
    };
    let body = field(1, block);
    let mut header = field(1, kind.as_bytes());
    header.extend([3 << 3, body.len() as u8 | 0x80, (body.len() >> 7) as u8 | 0x80]);
    header.push((body.len() >> 14) as u8 & 0x7F);
    [&(header.len() as u32).to_be_bytes()[..], &header, &body].concat()
}

fuzz_target!(|bytes: &[u8]| {
    let _ = pbf::read(bytes, Limits::default(), &mut Vec::new());
    let block = &bytes[..bytes.len().min(1 << 20)];
    let file = [blob("OSMHeader", &[]), blob("OSMData", block)].concat();
    let _ = pbf::read(&file, Limits::default(), &mut Vec::new());
});

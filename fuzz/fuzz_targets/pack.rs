//! Packs whose checksums are made right, so that the decoder itself meets the odd bytes; what it
//! accepts is written and read again without a change.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::osm::pack::{self, Precision};

/// Header and section lengths as in `render-core/src/osm/pack/mod.rs`.
const HEADER: usize = 16;
const HEAD: usize = 5;

fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut at = HEADER;
    while let Some(head) = bytes.get(at + 1..at + HEAD) {
        let len = head.iter().rev().fold(0, |len, byte| len << 8 | usize::from(*byte));
        let end = at + HEAD + len;
        let Some(crc) = bytes.get(at..end).map(crc32fast::hash) else { break };
        let Some(place) = bytes.get_mut(end..end + 4) else { break };
        place.copy_from_slice(&crc.to_le_bytes());
        at = end + 4;
    }
    if bytes.len() >= HEADER {
        bytes[..4].copy_from_slice(&pack::MAGIC);
        let len = (bytes.len() as u32).to_le_bytes();
        bytes[8..12].copy_from_slice(&len);
        let crc = crc32fast::hash(&bytes[..12]).to_le_bytes();
        bytes[12..16].copy_from_slice(&crc);
    }
    bytes
}

fuzz_target!(|bytes: &[u8]| {
    let _ = pack::read(bytes);
    let _ = pack::read_meta(bytes);
    if let Ok(first) = pack::read(&with_checksums(bytes.to_vec())) {
        let again = pack::read(&pack::write(&first.data, &first.meta, Precision::E7))
            .expect("what was written can be read");
        assert_eq!(first.data.ways.len(), again.data.ways.len());
        for (a, b) in first.data.ways.iter().zip(&again.data.ways) {
            assert_eq!(first.data.coords(&a.coords), again.data.coords(&b.coords));
        }
    }
});

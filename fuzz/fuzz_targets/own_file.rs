//! Files of any kind, and packed ones whose headers are right, split at places the input itself
//! chooses: never a panic, and the same end whatever the split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::osm::Limits;
use render_core::osm::file::FileReader;

const GZIP: &[u8] = &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
/// Up to the first block's checksum.
const BZIP2: &[u8] = b"BZh11AY&SY";

fuzz_target!(|input: (u8, &[u8])| {
    let (size, body) = input;
    for start in [&[], GZIP, BZIP2] {
        let file = [start, body].concat();
        let _ = fuzz::whole_and_split(&file, size, |parts| {
            let mut warnings = Vec::new();
            let mut reader = FileReader::new(Limits { bytes: 1 << 24, ..Limits::default() });
            for part in parts {
                reader.push(part, &mut warnings)?;
            }
            reader.finish(&mut warnings)
        });
    }
});

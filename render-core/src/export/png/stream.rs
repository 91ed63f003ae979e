//! Rows of pixels → parts of one zlib stream, packed apart from each other and put behind one another.
//!
//! Each part is a deflate block that refers to nothing before it and ends at a whole byte, as an empty
//! stored block follows it; so the parts of several threads are the stream one thread would write.

use std::io;

use fdeflate::Compressor;
use zlib_rs::adler32::adler32_combine;

/// What a stream begins with: deflate, a window of 32 kB, the fastest level.
pub(super) const HEAD: [u8; 2] = [0x78, 0x01];

/// Room for what stands before a chunk's data: its length and its name.
pub(super) const AHEAD: usize = 8;

/// An empty stored block behind its three bits of header.
const STORED: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// The checksum of some bytes of the stream, before they were packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checksum {
    /// Adler-32.
    pub adler: u32,
    /// How many bytes.
    pub n_bytes: u32,
}

impl Checksum {
    /// Of no bytes.
    pub const NONE: Self = Self { adler: 1, n_bytes: 0 };

    /// Of these bytes and those behind them.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let adler = adler32_combine(self.adler, next.adler, u64::from(next.n_bytes));
        Self { adler, n_bytes: self.n_bytes.wrapping_add(next.n_bytes) }
    }
}

/// Packs a part of the stream. Its first [`AHEAD`] bytes are the caller's to write.
pub(super) fn pack(bytes: &[u8]) -> io::Result<(Vec<u8>, Checksum)> {
    // Its head, which is not wanted, lies within these.
    let mut out = Vec::with_capacity(bytes.len() / 8 + 1024);
    out.resize(AHEAD - HEAD.len(), 0);
    let mut compressor = Compressor::new(out)?;
    compressor.write_data(bytes)?;
    let mut out = compressor.finish()?;
    // Of what is a whole stream the block alone is wanted, which then is not the last.
    let adler = out.split_off(out.len().saturating_sub(size_of::<u32>()));
    let adler = adler.try_into().map_or(1, u32::from_be_bytes);
    if let Some(first) = out.get_mut(AHEAD) {
        *first &= !1;
    }
    // The code that ends a block ends in a set bit: what is unset behind that is free.
    if out.last().is_none_or(|last| last.leading_zeros() < 3) {
        out.push(0);
    }
    out.extend(STORED);
    Ok((out, Checksum { adler, n_bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX) }))
}

/// What a stream ends with.
pub(super) fn tail(checksum: Checksum) -> [u8; 9] {
    let [a, b, c, d] = checksum.adler.to_be_bytes();
    let [e, f, g, h] = STORED;
    [1, e, f, g, h, a, b, c, d]
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn stream(parts: &[&[u8]]) -> Vec<u8> {
        let (mut out, mut checksum) = (HEAD.to_vec(), Checksum::NONE);
        for part in parts {
            let (packed, of_part) = pack(part).unwrap();
            out.extend(&packed[AHEAD..]);
            checksum = checksum.then(of_part);
        }
        out.extend(tail(checksum));
        out
    }

    #[test]
    fn parts_of_any_bytes_are_one_stream_that_another_library_reads() {
        // Each length ends at another bit.
        let mut noise = 1_u32;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if noise >> 29 == 0 { (noise >> 16) as u8 } else { 0 }
        })
        .take(3000)
        .collect();
        for n in 0..200 {
            let parts = [&bytes[..n], &[], &bytes[n..n * 3], &bytes[n * 3..]];
            let packed = stream(&parts);
            let mut found = Vec::new();
            flate2::read::ZlibDecoder::new(&*packed).read_to_end(&mut found).unwrap();
            assert!(found == bytes, "cut at {n}");
        }
    }

    #[test]
    fn a_stream_of_nothing_is_one() {
        let mut found = Vec::new();
        flate2::read::ZlibDecoder::new(&*stream(&[])).read_to_end(&mut found).unwrap();
        assert!(found.is_empty());
    }
}

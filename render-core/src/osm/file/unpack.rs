//! The bytes of a gzip or bzip2 file, in parts → what was packed, in parts, none of it kept.

use bzip2::Decompress as Bunzip;
use flate2::{Decompress as Gunzip, FlushDecompress};

use crate::error::ReadError;

/// Maps pack to a tenth, all zeros of a file to a thousandth; what is far beyond the one is the other.
const MOST_RATIO: u64 = 200;
/// Small files may pack as well as they like.
const UNSUSPICIOUS: u64 = 64 << 20;
/// Unpacked at a time, bytes.
const PART: usize = 64 << 10;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Bzip2,
}

impl Packing {
    /// By the first bytes of a file.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Self::Bzip2),
            _ => None,
        }
    }

    const fn first_byte(self) -> u8 {
        match self {
            Self::Gzip => 0x1F,
            Self::Bzip2 => b'B',
        }
    }
}

/// Unpacks one stream after another, as parallel packers write them.
pub(super) struct Unpacker {
    packing: Packing,
    stream: Option<Stream>,
    has_stream: bool,
    part: Vec<u8>,
    n_in: u64,
    n_out: u64,
}

enum Stream {
    Gzip(Gunzip),
    Bzip2(Bunzip),
}

/// What one step took, gave, and whether the stream ended with it.
struct Step {
    n_in: usize,
    n_out: usize,
    is_end: bool,
}

impl Stream {
    fn new(packing: Packing) -> Self {
        match packing {
            // Window bits of 15, the most there are.
            Packing::Gzip => Self::Gzip(Gunzip::new_gzip(15)),
            Packing::Bzip2 => Self::Bzip2(Bunzip::new(false)),
        }
    }

    fn step(&mut self, input: &[u8], part: &mut [u8]) -> Result<Step, ReadError> {
        let step = |before: (u64, u64), after: (u64, u64), is_end| Step {
            n_in: (after.0 - before.0) as usize,
            n_out: (after.1 - before.1) as usize,
            is_end,
        };
        match self {
            Self::Gzip(stream) => {
                let before = (stream.total_in(), stream.total_out());
                let status = stream
                    .decompress(input, part, FlushDecompress::None)
                    .map_err(|_| malformed("the gzip data are damaged"))?;
                let is_end = status == flate2::Status::StreamEnd;
                Ok(step(before, (stream.total_in(), stream.total_out()), is_end))
            }
            Self::Bzip2(stream) => {
                let before = (stream.total_in(), stream.total_out());
                let status = stream
                    .decompress(input, part)
                    .map_err(|_| malformed("the bzip2 data are damaged"))?;
                let is_end = status == bzip2::Status::StreamEnd;
                Ok(step(before, (stream.total_in(), stream.total_out()), is_end))
            }
        }
    }
}

impl Unpacker {
    pub(super) fn new(packing: Packing) -> Self {
        Self { packing, stream: None, has_stream: false, part: vec![0; PART], n_in: 0, n_out: 0 }
    }

    /// Takes the next bytes and gives what was in them.
    pub(super) fn push(
        &mut self,
        mut input: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.n_in += input.len() as u64;
        loop {
            if self.stream.is_none() {
                // Whatever else follows a stream is filling, as on tapes.
                if input.first().is_none_or(|byte| *byte != self.packing.first_byte()) {
                    return Ok(());
                }
                self.has_stream = true;
            }
            let stream = self.stream.get_or_insert_with(|| Stream::new(self.packing));
            let Step { n_in, n_out, is_end } = stream.step(input, &mut self.part)?;
            input = input.get(n_in..).unwrap_or(&[]);
            self.n_out += n_out as u64;
            if self.n_out > UNSUSPICIOUS && self.n_out / MOST_RATIO > self.n_in {
                let what =
                    format!("it unpacks to more than {MOST_RATIO} times its size, as no map does");
                return Err(ReadError::Unsupported { what });
            }
            take(self.part.get(..n_out).unwrap_or(&[]))?;
            if is_end {
                self.stream = None;
            } else if n_in == 0 && n_out == 0 || input.is_empty() && n_out < self.part.len() {
                return Ok(());
            }
        }
    }

    /// Whether the last stream is whole.
    pub(super) fn finish(&self) -> Result<(), ReadError> {
        if self.has_stream && self.stream.is_none() { Ok(()) } else { Err(ReadError::Truncated) }
    }
}

fn malformed(what: &str) -> ReadError {
    ReadError::Malformed { what: what.to_owned() }
}

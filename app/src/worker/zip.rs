//! Files → a ZIP that holds them as they are, written as they come: sizes and checksums stand behind each, so that none
//! is held. As PKWARE's APPNOTE 6.3 has it, without its ZIP64.

use crc32fast::Hasher;

/// Sizes are in the header behind the data; names are UTF-8.
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// What readers must understand.
const VERSION: u16 = 20;
/// 1980-01-01, the first that there is: the same files are the same bytes.
const DATE: u16 = 1 << 5 | 1;
/// Most bytes of the whole; with more, fields of 64 bits would be needed.
pub const MOST_BYTES: u64 = u32::MAX as u64;

/// A file that is being put in.
pub struct Entry {
    name: String,
    at: u64,
    n_bytes: u64,
    checksum: Hasher,
}

impl Entry {
    /// Begins a file at a place in the ZIP, and what is written before its bytes.
    #[must_use]
    pub fn begin(name: &str, at: u64) -> (Self, Vec<u8>) {
        let entry = Self { name: name.to_owned(), at, n_bytes: 0, checksum: Hasher::new() };
        let mut head = b"PK\x03\x04".to_vec();
        entry.common(&mut head, (0, 0));
        head.extend(name.as_bytes());
        (entry, head)
    }

    /// Takes note of the next bytes, which are written as they are.
    pub fn push(&mut self, bytes: &[u8]) {
        self.n_bytes += bytes.len() as u64;
        self.checksum.update(bytes);
    }

    /// Ends the file: its line in the directory, and what is written behind its bytes.
    #[must_use]
    pub fn end(self) -> (Vec<u8>, Vec<u8>) {
        let (checksum, size) = (self.checksum.clone().finalize(), u32_of(self.n_bytes));
        let mut tail = b"PK\x07\x08".to_vec();
        [checksum, size, size].into_iter().for_each(|number| tail.extend(number.to_le_bytes()));
        let mut line = b"PK\x01\x02".to_vec();
        line.extend(VERSION.to_le_bytes());
        self.common(&mut line, (checksum, size));
        // No comment, first disk, no attributes.
        line.extend([0; 10]);
        line.extend(u32_of(self.at).to_le_bytes());
        line.extend(self.name.as_bytes());
        (line, tail)
    }

    /// What both headers have.
    fn common(&self, out: &mut Vec<u8>, (checksum, size): (u32, u32)) {
        const STORED: u16 = 0;
        for number in [VERSION, FLAGS, STORED, 0, DATE] {
            out.extend(number.to_le_bytes());
        }
        for number in [checksum, size, size] {
            out.extend(number.to_le_bytes());
        }
        let length = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        out.extend(length.to_le_bytes());
        out.extend([0; 2]);
    }
}

/// The directory, which stands behind the last file, at a place in the ZIP.
#[must_use]
pub fn directory(lines: &[Vec<u8>], at: u64) -> Vec<u8> {
    let mut out = lines.concat();
    let (n, size) = (u16::try_from(lines.len()).unwrap_or(u16::MAX), u32_of(out.len() as u64));
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(u32_of(at).to_le_bytes());
    out.extend([0; 2]);
    out
}

fn u32_of(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Byte for byte, what is read by any reader of the format; `e2e/files.test.mjs` has other readers read it.
    #[test]
    fn a_file_stands_between_its_headers_and_in_the_directory() {
        let mut zip = Vec::new();
        let mut lines = Vec::new();
        for (name, bytes) in [("ä.svg", &b"<svg/>"[..]), ("b.png", b"")] {
            let (mut entry, head) = Entry::begin(name, zip.len() as u64);
            zip.extend(head);
            for part in bytes.chunks(4) {
                entry.push(part);
                zip.extend(part);
            }
            let (line, tail) = entry.end();
            lines.push(line);
            zip.extend(tail);
        }
        let at = zip.len();
        zip.extend(directory(&lines, at as u64));
        let u32_at = |at: usize| u32::from_le_bytes(zip[at..at + 4].try_into().unwrap());
        let end = zip.len() - 22;
        assert_eq!((&zip[end..end + 4], u32_at(end + 16) as usize), (&b"PK\x05\x06"[..], at));
        assert_eq!((zip[end + 10], u32_at(end + 12) as usize), (2, end - at));
        // The first line: checksum, twice the size, where the file begins.
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        assert_eq!([16, 20, 24].map(|i| u32_at(at + i)), [crc32fast::hash(b"<svg/>"), 6, 6]);
        assert_eq!(&zip[at + 46..at + 52], "ä.svg".as_bytes());
        let second = at + 46 + 6;
        let from = u32_at(second + 42) as usize;
        assert_eq!(&zip[from..from + 4], b"PK\x03\x04");
        assert_eq!(&zip[from + 30..from + 35], b"b.png");
        assert_eq!(&zip[30 + 6..30 + 12], b"<svg/>");
    }
}

//! Integers ↔ bytes: variable-length numbers in columns, each with its byte length before it.

use crate::error::ReadError;

/// One column being written.
#[derive(Debug, Default)]
pub(super) struct Column(Vec<u8>);

impl Column {
    /// LEB128: seven bits a byte, the lowest first; the top bit says that more follow.
    pub(super) fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Zigzag (0, −1, 1, −2, …), so that small negative numbers are short too.
    pub(super) fn signed(&mut self, value: i64) {
        self.unsigned(((value << 1) ^ (value >> 63)) as u64);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Appends the column to a section.
    pub(super) fn end(self, section: &mut Vec<u8>) {
        put_unsigned(section, self.0.len() as u64);
        section.extend_from_slice(&self.0);
    }
}

/// Appends a number outside any column.
pub(super) fn put_unsigned(section: &mut Vec<u8>, value: u64) {
    let mut column = Column(std::mem::take(section));
    column.unsigned(value);
    *section = column.0;
}

/// Reads numbers from a section or a column; never past its end.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn unsigned(&mut self) -> Result<u64, ReadError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let Some((byte, rest)) = self.0.split_first() else { break };
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if *byte < 0x80 {
                return Ok(value);
            }
        }
        Err(malformed("a number does not end"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, ReadError> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A number used as a length or an index, at most `most`.
    pub(super) fn at_most(&mut self, most: usize) -> Result<usize, ReadError> {
        let value = self.unsigned()?;
        if value > most as u64 {
            return Err(malformed("a length or an index is too large"));
        }
        Ok(value as usize)
    }

    /// How many entries the section's columns have. Each takes at least one byte in at least one
    /// column, so a damaged count cannot make us ask for more memory than the file is long.
    pub(super) fn count(&mut self) -> Result<usize, ReadError> {
        self.at_most(self.0.len())
    }

    /// The next column, as a cursor of its own.
    pub(super) fn column(&mut self) -> Result<Cursor<'a>, ReadError> {
        let len = self.at_most(self.0.len())?;
        Ok(Cursor(self.take(len)?))
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) =
            self.0.split_at_checked(len).ok_or_else(|| malformed("a column ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// Whether everything was read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub(super) fn malformed(what: &str) -> ReadError {
    ReadError::Malformed { what: format!("place file: {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        let numbers = [0, 1, -1, 63, 64, -65, 1_800_000_000, -3_600_000_000, i64::MAX, i64::MIN];
        let mut column = Column::default();
        for number in numbers {
            column.signed(number);
        }
        let mut section = Vec::new();
        column.end(&mut section);
        let mut column = Cursor(&section).column().unwrap();
        for number in numbers {
            assert_eq!(column.signed().unwrap(), number);
        }
        assert!(column.is_empty() && column.unsigned().is_err());
    }

    #[test]
    fn an_endless_number_is_refused() {
        assert!(Cursor(&[0xFF; 20]).unsigned().is_err());
        assert!(Cursor(&[9, 1]).column().is_err());
    }
}

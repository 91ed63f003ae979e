//! Protocol buffers' wire format, as far as OSM files use it.

use crate::error::ReadError;

/// A field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// `int32`, `int64`, `uint32`, `bool`, enums.
    Number(u64),
    /// Text, messages and packed numbers.
    Bytes(&'a [u8]),
}

/// The fields of one message, in the order they were written.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next field's number and value. Fixed-width fields, which OSM does not use, are left out.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, ReadError> {
        while !self.0.is_empty() {
            let key = varint(&mut self.0)?;
            let value = match key & 7 {
                0 => Value::Number(varint(&mut self.0)?),
                2 => {
                    let len = usize::try_from(varint(&mut self.0)?).unwrap_or(usize::MAX);
                    Value::Bytes(take(&mut self.0, len)?)
                }
                1 => {
                    take(&mut self.0, 8)?;
                    continue;
                }
                5 => {
                    take(&mut self.0, 4)?;
                    continue;
                }
                _ => return Err(malformed("a field of an unknown type")),
            };
            return Ok(Some((key >> 3, value)));
        }
        Ok(None)
    }
}

/// Packed numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl Packed<'_> {
    /// The next plain number.
    pub(super) fn number(&mut self) -> Result<Option<u64>, ReadError> {
        if self.0.is_empty() { Ok(None) } else { varint(&mut self.0).map(Some) }
    }

    /// The next zigzag number.
    pub(super) fn signed(&mut self) -> Result<Option<i64>, ReadError> {
        Ok(self.number()?.map(zigzag))
    }
}

/// `sint64`: 0, −1, 1, −2, …
pub(super) fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, ReadError> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let Some((byte, rest)) = bytes.split_first() else { break };
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            return Ok(value);
        }
    }
    Err(malformed("a number does not end"))
}

fn take<'a>(bytes: &mut &'a [u8], len: usize) -> Result<&'a [u8], ReadError> {
    let (taken, rest) = bytes
        .split_at_checked(len)
        .ok_or_else(|| malformed("a field is longer than its message"))?;
    *bytes = rest;
    Ok(taken)
}

pub(super) fn malformed(what: &str) -> ReadError {
    ReadError::Malformed { what: format!("OSM PBF: {what}") }
}

//! Flat arrays ↔ the ranges that name their parts: of `u32`, as there are millions of them.

use std::ops::Range;

/// A range of a flat array.
#[expect(clippy::cast_possible_truncation, reason = "readers cap vertices far below u32::MAX")]
pub(crate) fn range(start: usize, end: usize) -> Range<u32> {
    start as u32..end as u32
}

/// The part of an array that a range names; nothing where it is not in it.
pub(crate) fn part<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or(&[])
}

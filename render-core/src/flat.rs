//! Flat arrays ↔ the ranges that name their parts: of `u32`, as there are millions of them.

use std::ops::Range;

/// A place in a flat array; readers cap vertices far below the limit.
pub(crate) fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A range of a flat array.
pub(crate) fn range(start: usize, end: usize) -> Range<u32> {
    index(start)..index(end)
}

/// The part of an array that a range names; nothing where it is not in it.
pub(crate) fn part<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or(&[])
}

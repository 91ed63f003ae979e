//! What the targets share: readers that take bytes in parts are read twice, whole and in parts.

use std::fmt::Debug;

use render_core::osm::OsmData;

/// Bytes part by part.
pub type Parts<'a> = dyn Iterator<Item = &'a [u8]> + 'a;

/// What `read` makes of the bytes at once, and of parts of this many; it must not depend on the parts whether it
/// makes anything.
pub fn whole_and_split<T, E: Debug>(
    bytes: &[u8],
    size: u8,
    read: impl Fn(&mut Parts) -> Result<T, E>,
) -> (Result<T, E>, Result<T, E>) {
    let whole = read(&mut std::iter::once(bytes));
    let split = read(&mut bytes.chunks(usize::from(size).max(1)));
    assert_eq!(whole.is_ok(), split.is_ok(), "{:?} {:?}", whole.err(), split.err());
    (whole, split)
}

/// The same for a map's data, which must not depend on the parts either; the errors, where there is no data.
pub fn same_data<E: Debug>(
    bytes: &[u8],
    size: u8,
    read: impl Fn(&mut Parts) -> Result<OsmData, E>,
) -> Option<(E, E)> {
    match whole_and_split(bytes, size, read) {
        (Ok(whole), Ok(split)) => {
            assert_eq!(whole.coords, split.coords);
            assert_eq!(whole.ways, split.ways);
            assert_eq!(whole.relations, split.relations);
            None
        }
        (whole, split) => whole.err().zip(split.err()),
    }
}

//! Ways that an extract cut at its edge → areas closed along that edge, lines without the lost part.
//!
//! Extracts leave out the nodes beyond their edge, so a house that stands across it has a gap.
//! Without this step it could not be filled at all.

use super::edge::Edge;
use crate::lonlat::LonLat;

/// Fills an area's gaps along the edge, from where it leaves the data to where it comes back.
/// `None` where too little of it is left.
pub(super) fn mend_area(ring: &[LonLat], edge: Edge) -> Option<Vec<LonLat>> {
    let ring = match ring {
        [first, rest @ ..] if rest.last() == Some(first) && !first.is_missing() => rest,
        ring => ring,
    };
    // Begin after a gap, so that no run of vertices is split between end and beginning.
    let gap = ring.iter().position(|place| place.is_missing())?;
    let (before, after) = ring.split_at(gap);
    let turned: Vec<LonLat> = after.iter().chain(before).copied().collect();
    let runs: Vec<&[LonLat]> =
        turned.split(|place| place.is_missing()).filter(|run| !run.is_empty()).collect();
    let mut mended = Vec::new();
    for (run, next) in runs.iter().zip(runs.iter().cycle().skip(1)) {
        mended.extend_from_slice(run);
        let (leaves, returns) = (run.last()?, next.first()?);
        mended.extend(edge.shorter_walk(edge.nearest(*leaves), edge.nearest(*returns)));
    }
    mended.dedup();
    mended.push(*mended.first()?);
    (mended.len() > 3).then_some(mended)
}

/// Keeps the parts of a line that have two vertices or more, with one missing vertex between them.
pub(super) fn mend_line(line: &[LonLat]) -> Vec<LonLat> {
    let runs = line.split(|place| place.is_missing()).filter(|run| run.len() > 1);
    let runs: Vec<&[LonLat]> = runs.collect();
    runs.join(&LonLat::MISSING)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: Edge = Edge { west: 0, east: 20, south: 0, north: 10 };
    const GAP: (i32, i32) = (i32::MIN, i32::MIN);

    fn line(places: &[(i32, i32)]) -> Vec<LonLat> {
        places.iter().map(|(lon_e7, lat_e7)| LonLat { lon_e7: *lon_e7, lat_e7: *lat_e7 }).collect()
    }

    #[test]
    fn a_house_across_the_edge_is_closed_along_it() {
        let house = line(&[(2, 3), GAP, GAP, (2, 6), (3, 6), (3, 3), (2, 3)]);
        let mended = mend_area(&house, EDGE).unwrap();
        assert_eq!(mended, line(&[(2, 6), (3, 6), (3, 3), (2, 3), (0, 3), (0, 6), (2, 6)]));
    }

    #[test]
    fn a_lake_across_a_corner_keeps_the_corner() {
        let lake = line(&[GAP, (4, 9), (5, 5), (1, 5), GAP]);
        let mended = mend_area(&lake, EDGE).unwrap();
        assert_eq!(mended, line(&[(4, 9), (5, 5), (1, 5), (0, 5), (0, 10), (4, 10), (4, 9)]));
        assert_eq!(mend_area(&line(&[GAP, GAP]), EDGE), None);
    }

    #[test]
    fn a_line_is_broken_where_it_was_outside() {
        let road = line(&[GAP, (1, 1), (2, 2), GAP, GAP, (3, 3), GAP, (4, 4), (5, 5), GAP]);
        assert_eq!(mend_line(&road), line(&[(1, 1), (2, 2), GAP, (4, 4), (5, 5)]));
    }
}

//! Coastlines → the sea inside a box, as closed rings.
//!
//! OSM draws the coast with land on its left and water on its right, and draws no sea at all. A
//! coast that crosses the box is closed clockwise along the edge, which keeps the water on the
//! right all the way round.

use super::edge::Edge;
use crate::lonlat::LonLat;

/// Rings of water and, in them, of islands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sea {
    pub(super) outer: Vec<Vec<LonLat>>,
    pub(super) islands: Vec<Vec<LonLat>>,
}

/// The sea in the box. Ends of coast inside it, where an extract was cut, are led to the edge.
pub(super) fn sea(coasts: Vec<Vec<LonLat>>, edge: Edge) -> Sea {
    let mut sea = Sea::default();
    let mut pieces = Vec::new();
    for chain in join(coasts) {
        let mut clipped = edge.clip(&chain);
        // A ring that begins inside the box and leaves it comes in two halves.
        if is_closed(&chain)
            && clipped.len() > 1
            && clipped.first().and_then(|piece| piece.first())
                == clipped.last().and_then(|piece| piece.last())
        {
            let first = clipped.remove(0);
            clipped.last_mut().into_iter().for_each(|last| last.extend(first.iter().skip(1)));
        }
        if is_closed(&chain) && clipped.len() == 1 && clipped.first().is_some_and(|c| *c == chain) {
            sea.islands.push(chain);
        } else {
            pieces.extend(clipped);
        }
    }
    // A ring with the water inside is a lake that was mapped as coast.
    let (lakes, islands) = sea.islands.into_iter().partition(|ring| twice_area(ring) < 0);
    (sea.outer, sea.islands) = (lakes, islands);
    if pieces.is_empty() {
        if !sea.islands.is_empty() && sea.outer.is_empty() {
            let mut ring = edge.corners().to_vec();
            ring.extend(ring.first().copied());
            sea.outer.push(ring);
        }
        return sea;
    }
    close(pieces, edge, &mut sea.outer);
    sea
}

/// Leads each piece from its end along the edge to the next piece's beginning.
fn close(pieces: Vec<Vec<LonLat>>, edge: Edge, rings: &mut Vec<Vec<LonLat>>) {
    let mut pieces: Vec<(i64, i64, Vec<LonLat>)> = pieces
        .into_iter()
        .filter_map(|piece| {
            let (first, last) = (*piece.first()?, *piece.last()?);
            Some((edge.nearest(first), edge.nearest(last), piece))
        })
        .collect();
    while let Some((start, mut end, mut ring)) = pieces.pop() {
        loop {
            let home = edge.clockwise(end, start);
            let next = pieces
                .iter()
                .enumerate()
                .map(|(index, piece)| (edge.clockwise(end, piece.0), index))
                .min()
                .filter(|(distance, _)| *distance < home);
            let Some((_, index)) = next else { break };
            let (next_start, next_end, piece) = pieces.swap_remove(index);
            ring.extend(edge.walk(end, next_start));
            ring.extend(piece);
            end = next_end;
        }
        ring.extend(edge.walk(end, start));
        ring.dedup();
        if ring.first() != ring.last() {
            ring.extend(ring.first().copied());
        }
        if ring.len() > 3 {
            rings.push(ring);
        }
    }
}

/// Coastline ways joined end to beginning.
fn join(mut coasts: Vec<Vec<LonLat>>) -> Vec<Vec<LonLat>> {
    let mut chains = Vec::new();
    coasts.retain(|coast| coast.len() > 1);
    while let Some(mut chain) = coasts.pop() {
        while !is_closed(&chain) {
            if let Some(i) = coasts.iter().position(|next| next.first() == chain.last()) {
                chain.extend(coasts.swap_remove(i).into_iter().skip(1));
            } else if let Some(i) = coasts.iter().position(|before| before.last() == chain.first())
            {
                let mut before = coasts.swap_remove(i);
                before.extend(chain.into_iter().skip(1));
                chain = before;
            } else {
                break;
            }
        }
        chains.push(chain);
    }
    chains
}

fn is_closed(chain: &[LonLat]) -> bool {
    chain.len() > 3 && chain.first() == chain.last()
}

/// Positive where the ring runs counter-clockwise.
fn twice_area(ring: &[LonLat]) -> i128 {
    let cross = |(a, b): (&LonLat, &LonLat)| {
        i128::from(a.lon_e7) * i128::from(b.lat_e7) - i128::from(b.lon_e7) * i128::from(a.lat_e7)
    };
    ring.iter().zip(ring.iter().skip(1)).map(cross).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: Edge = Edge { west: 0, east: 20, south: 0, north: 10 };

    fn line(places: &[(i32, i32)]) -> Vec<LonLat> {
        places.iter().map(|(lon_e7, lat_e7)| LonLat { lon_e7: *lon_e7, lat_e7: *lat_e7 }).collect()
    }

    fn area(rings: &[Vec<LonLat>]) -> i128 {
        rings.iter().map(|ring| twice_area(ring).abs() / 2).sum()
    }

    #[test]
    fn the_water_is_right_of_the_coast() {
        // Northwards through the middle: the east is sea.
        let sea_east = sea(vec![line(&[(12, -5), (12, 5)]), line(&[(12, 5), (12, 15)])], EDGE);
        assert_eq!(area(&sea_east.outer), 8 * 10);
        let sea_west = sea(vec![line(&[(12, 15), (12, -5)])], EDGE);
        assert_eq!(area(&sea_west.outer), 12 * 10);
    }

    #[test]
    fn a_strait_is_one_ring_and_two_bays_are_two() {
        let west = line(&[(5, -1), (5, 11)]);
        let east = line(&[(15, 11), (15, -1)]);
        let strait = sea(vec![west, east], EDGE);
        assert_eq!((strait.outer.len(), area(&strait.outer)), (1, 100));
        let bays = sea(vec![line(&[(5, 11), (5, -1)]), line(&[(15, -1), (15, 11)])], EDGE);
        assert_eq!((bays.outer.len(), area(&bays.outer)), (2, 100));
    }

    #[test]
    fn an_island_across_the_edge_may_begin_anywhere() {
        let island = [(5, 5), (15, 5), (15, 15), (5, 15)];
        for turn in 0..4 {
            let mut ring = island;
            ring.rotate_left(turn);
            let ring = line(&[&ring[..], &ring[..1]].concat());
            assert_eq!(area(&sea(vec![ring], EDGE).outer), 200 - 50, "begins at {turn}");
        }
    }

    #[test]
    fn a_coast_cut_inside_the_box_is_led_to_the_edge() {
        let cut = sea(vec![line(&[(12, 1), (12, 9)])], EDGE);
        assert_eq!(area(&cut.outer), 80);
    }

    #[test]
    fn an_island_alone_lies_in_water_all_round() {
        let island = line(&[(5, 5), (6, 5), (6, 6), (5, 5)]);
        let found = sea(vec![island.clone()], EDGE);
        assert_eq!((found.outer.len(), area(&found.outer)), (1, 200));
        assert_eq!(found.islands, std::slice::from_ref(&island));
        let lake = island.into_iter().rev().collect();
        let found = sea(vec![lake], EDGE);
        assert_eq!((found.outer.len(), found.islands.len()), (1, 0));
        assert_eq!(sea(vec![line(&[(50, 1), (50, 9)])], EDGE), Sea::default(), "nothing near");
    }
}

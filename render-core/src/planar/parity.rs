//! Rings that cross → polygons that do not: what is inside an odd number of rings.

use std::collections::BTreeMap;

use geo::{Coord, coord};
use lyon::math::point;
use lyon::tessellation::geometry_builder::{BuffersBuilder, VertexBuffers};
use lyon::tessellation::{FillOptions, FillRule, FillTessellator, FillVertex};

use super::rings::{nest, twice_area};

/// A vertex of the result in whole units.
type Place = (i64, i64);

/// The polygons of rings by the even-odd rule, of one ring alone by the non-zero rule; vertices
/// are whole numbers. `is_kept` is asked about a place in each part; parts lie between rings.
///
/// lyon cuts the rings at their crossings and into triangles; what is left of the triangles'
/// edges, once those that two share are gone, are the new rings. A library of polygon operations
/// would weigh more in the browser than all else that is done to rings. `None` where lyon gives up.
#[must_use]
pub fn uncross(
    rings: &[&[Coord]],
    is_kept: impl Fn(Coord) -> bool,
) -> Option<Vec<Vec<Vec<Coord>>>> {
    let origin = rings.iter().find_map(|ring| ring.first())?;
    // lyon counts in f32, which near the origin holds whole numbers up to 16 million.
    let origin = coord! { x: origin.x.round(), y: origin.y.round() };
    let rule = if rings.len() == 1 { FillRule::NonZero } else { FillRule::EvenOdd };
    let options = FillOptions::default().with_fill_rule(rule);
    let mut buffers: VertexBuffers<lyon::math::Point, u32> = VertexBuffers::new();
    let mut output = BuffersBuilder::new(&mut buffers, |vertex: FillVertex| vertex.position());
    let mut tessellator = FillTessellator::new();
    let mut builder = tessellator.builder(&options, &mut output);
    #[expect(clippy::cast_possible_truncation, reason = "rounded back to whole numbers below")]
    let local = |at: &Coord| point((at.x - origin.x) as f32, (at.y - origin.y) as f32);
    for ring in rings.iter().filter(|ring| ring.len() > 2) {
        let [first, rest @ ..] = ring else { continue };
        builder.begin(local(first));
        for at in rest {
            builder.line_to(local(at));
        }
        builder.end(true);
    }
    builder.build().ok()?;
    let place = |i: &u32| -> Option<Place> {
        let at = buffers.vertices.get(*i as usize)?;
        #[expect(clippy::cast_possible_truncation, reason = "a float of 24 bits fits")]
        Some((at.x.round() as i64, at.y.round() as i64))
    };
    let mut edges: BTreeMap<(Place, Place), u32> = BTreeMap::new();
    for triangle in buffers.indices.chunks_exact(3) {
        let [a, b, c] = triangle else { continue };
        let (Some(a), Some(mut b), Some(mut c)) = (place(a), place(b), place(c)) else { continue };
        let turn = (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1);
        let middle = coord! {
            x: (a.0 + b.0 + c.0) as f64 / 3.0 + origin.x,
            y: (a.1 + b.1 + c.1) as f64 / 3.0 + origin.y
        };
        if turn == 0 || !is_kept(middle) {
            continue;
        }
        if turn < 0 {
            (b, c) = (c, b);
        }
        for (from, to) in [(a, b), (b, c), (c, a)] {
            match edges.get_mut(&(to, from)) {
                Some(n) if *n > 0 => *n -= 1,
                _ => *edges.entry((from, to)).or_default() += 1,
            }
        }
    }
    let rings = chained(edges).into_iter().map(|ring| {
        let back = |at: Place| coord! { x: at.0 as f64 + origin.x, y: at.1 as f64 + origin.y };
        ring.into_iter().map(back).collect::<Vec<_>>()
    });
    let rings = rings.filter(|ring| twice_area(ring) != 0.0).collect();
    Some(nest(rings).polygons)
}

/// Edges with the inside on their left → rings that pass no vertex twice.
fn chained(edges: BTreeMap<(Place, Place), u32>) -> Vec<Vec<Place>> {
    let mut next: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    for ((from, to), n) in edges {
        for _ in 0..n {
            next.entry(from).or_default().push(to);
        }
    }
    let mut rings = Vec::new();
    while let Some(start) = next.keys().next().copied() {
        let mut path = vec![start];
        let mut at: BTreeMap<Place, usize> = BTreeMap::from([(start, 0)]);
        while let Some(here) = path.last().copied() {
            let to = next.get_mut(&here).and_then(Vec::pop);
            if next.get(&here).is_some_and(Vec::is_empty) {
                next.remove(&here);
            }
            let Some(to) = to else { break };
            if let Some(joint) = at.get(&to).copied() {
                let ring = path.split_off(joint);
                for place in &ring {
                    at.remove(place);
                }
                rings.push(ring);
                if path.is_empty() && !next.contains_key(&to) {
                    break;
                }
            }
            at.insert(to, path.len());
            path.push(to);
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planar::any_crossing;

    /// How many holes there are, and the area. lyon may leave a polygon in parts that share edges.
    fn check(rings: &[&[(i32, i32)]], n_holes: usize, area: f64) {
        let rings: Vec<Vec<Coord>> = rings
            .iter()
            .map(|ring| {
                ring.iter().map(|(x, y)| coord! { x: f64::from(*x), y: f64::from(*y) }).collect()
            })
            .collect();
        let rings: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
        let polygons = uncross(&rings, |_| true).unwrap();
        let found: f64 = polygons.iter().flatten().map(|ring| twice_area(ring)).sum::<f64>() / 2.0;
        assert_eq!((polygons.iter().map(|p| p.len() - 1).sum::<usize>(), found), (n_holes, area));
        assert!(!any_crossing(polygons.iter().flatten().map(Vec::as_slice)));
    }

    #[test]
    fn a_bow_tie_is_two_triangles() {
        check(&[&[(0, 0), (20, 20), (20, 0), (0, 20)]], 0, 200.0);
    }

    #[test]
    fn a_ring_twice_around_itself_is_filled_once() {
        check(
            &[&[(0, 0), (30, 0), (30, 30), (10, 30), (10, 10), (20, 10), (20, 20), (0, 20)]],
            0,
            800.0,
        );
    }

    #[test]
    fn squares_that_overlap_leave_out_what_both_hold() {
        check(
            &[&[(0, 0), (20, 0), (20, 20), (0, 20)], &[(10, 10), (30, 10), (30, 30), (10, 30)]],
            0,
            600.0,
        );
    }

    #[test]
    fn a_hole_that_crosses_nothing_stays_a_hole() {
        check(
            &[
                &[(0, 0), (90, 0), (90, 90), (0, 90)],
                &[(10, 10), (20, 10), (20, 20), (10, 20)],
                &[(40, 40), (60, 60), (60, 40), (40, 60)],
            ],
            3,
            8100.0 - 100.0 - 200.0,
        );
    }
}

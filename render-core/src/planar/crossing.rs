//! Rings → whether any two of their edges cross.

use geo::Coord;

/// An edge, its left end first.
#[derive(Clone, Copy)]
struct Segment {
    a: Coord,
    b: Coord,
    /// The lower and the higher y of both ends.
    low: f64,
    high: f64,
}

impl Segment {
    fn new(a: Coord, b: Coord) -> Self {
        let (a, b) = if a.x <= b.x { (a, b) } else { (b, a) };
        let (low, high) = if a.y <= b.y { (a.y, b.y) } else { (b.y, a.y) };
        Self { a, b, low, high }
    }
}

/// Whether two edges of these rings cross in a place that is not an end of either. Rings that only
/// touch, or share an edge, do not.
///
/// A sweep along x; quick because edges of a map are short beside the ring.
#[must_use]
pub fn any_crossing<'a>(rings: impl Iterator<Item = &'a [Coord]>) -> bool {
    let mut segments: Vec<Segment> = Vec::new();
    for ring in rings {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            segments.push(Segment::new(*a, *b));
        }
    }
    segments.sort_unstable_by(|one, other| one.a.x.total_cmp(&other.a.x));
    let mut active: Vec<Segment> = Vec::new();
    for segment in segments {
        let mut i = 0;
        while let Some(other) = active.get(i) {
            if other.b.x <= segment.a.x {
                active.swap_remove(i);
            } else if cross(*other, segment) {
                return true;
            } else {
                i += 1;
            }
        }
        active.push(segment);
    }
    false
}

fn cross(one: Segment, other: Segment) -> bool {
    if one.high < other.low || one.low > other.high {
        return false;
    }
    let side =
        |s: Segment, at: Coord| (s.b.x - s.a.x) * (at.y - s.a.y) - (s.b.y - s.a.y) * (at.x - s.a.x);
    let is_between = |s: Segment, t: Segment| {
        let (a, b) = (side(s, t.a), side(s, t.b));
        (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0)
    };
    is_between(one, other) && is_between(other, one)
}

#[cfg(test)]
mod tests {
    use geo::coord;

    use super::*;

    fn check(rings: &[&[(f64, f64)]]) -> bool {
        let rings: Vec<Vec<Coord>> = rings
            .iter()
            .map(|ring| ring.iter().map(|(x, y)| coord! { x: *x, y: *y }).collect())
            .collect();
        any_crossing(rings.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_bow_tie_crosses_and_a_square_does_not() {
        assert!(check(&[&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]]));
        assert!(!check(&[&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]));
    }

    #[test]
    fn rings_that_touch_or_share_an_edge_do_not_cross() {
        let square: &[(f64, f64)] = &[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)];
        let beside: &[(f64, f64)] = &[(2.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 2.0)];
        let inside: &[(f64, f64)] = &[(0.0, 0.0), (1.0, 0.5), (0.5, 1.0)];
        let across: &[(f64, f64)] = &[(1.0, 1.0), (3.0, 0.9), (3.0, 1.1)];
        assert!(!check(&[square, beside]));
        assert!(!check(&[square, inside]));
        assert!(check(&[square, across]));
    }
}

//! A polygon with holes → triangles on its own vertices: a fan where at most one corner turns
//! inwards, else by cutting off ears.

use earcut::Earcut;
use geo::coord;

use super::twice_area_of;
use crate::flat::index;

/// Polygons of more points are left to others: time must not grow with their square.
const MOST_POINTS: usize = 10_000;

/// Fills polygons; keeps its buffers between them.
#[derive(Default)]
pub struct Triangulator {
    earcut: Earcut<f32>,
    points: Vec<[f32; 2]>,
    holes: Vec<u32>,
    triangles: Vec<u32>,
}

impl Triangulator {
    /// Fills a ring of finite points with holes that turn the other way. The triangles' corners are
    /// numbers of the rings' points, counted through all rings; three to a triangle.
    ///
    /// `None` where they would not fill the polygon exactly: its rings cross, or a hole lies
    /// elsewhere. On Surprise's buildings and parks this takes a third of lyon's time.
    pub fn polygon<R: AsRef<[[f32; 2]]>>(&mut self, rings: &[R]) -> Option<&[u32]> {
        let Self { earcut, points, holes, triangles } = self;
        triangles.clear();
        if let [ring] = rings
            && let Some(from) = sees_all(ring.as_ref())
        {
            let n = index(ring.as_ref().len());
            let next = |at: u32| if at + 1 < n { at + 1 } else { 0 };
            let mut second = next(from);
            for _ in 2..n {
                triangles.extend([from, second, next(second)]);
                second = next(second);
            }
            return Some(triangles);
        }
        points.clear();
        holes.clear();
        for ring in rings {
            if !points.is_empty() {
                holes.push(index(points.len()));
            }
            points.extend_from_slice(ring.as_ref());
        }
        if points.len() > MOST_POINTS {
            return None;
        }
        earcut.earcut_slice(points.as_slice(), holes, triangles);
        let area: f64 = rings.iter().map(|ring| twice_area(ring.as_ref())).sum();
        let mut filled = 0.0;
        for corners in triangles.as_chunks::<3>().0 {
            let corners = corners.map(|i| points.get(i as usize).copied().unwrap_or_default());
            filled += twice_area(&corners).abs();
        }
        ((filled - area.abs()).abs() <= 1e-4 * area.abs()).then_some(triangles)
    }
}

/// The point from which a fan fills a ring that goes round once: any where it is convex, as most
/// buildings are; where one corner alone turns inwards, as of an L, that one.
fn sees_all(ring: &[[f32; 2]]) -> Option<u32> {
    let [first, second, ..] = ring else { return None };
    let edge = |a: &[f32; 2], b: &[f32; 2]| [b[0] - a[0], b[1] - a[1]];
    // How many corners turn so, and which last.
    let (mut left, mut right, mut n_flips) = ((0, 0), (0, 0), 0);
    let (mut at, mut from) = (second, edge(first, second));
    for (next, i) in ring.iter().skip(2).chain([first, second]).zip(1_u32..) {
        let to = edge(at, next);
        let cross = from[0] * to[1] - from[1] * to[0];
        if cross > 0.0 {
            left = (left.0 + 1, i);
        } else if cross < 0.0 {
            right = (right.0 + 1, i);
        }
        if left.0.min(right.0) > 1 {
            return None;
        }
        // Going round once turns from leftward to rightward and back: two flips of x.
        n_flips += u32::from((from[0] < 0.0) != (to[0] < 0.0));
        (at, from) = (next, to);
    }
    let (fewer, more) = if left.0 < right.0 { (left, right) } else { (right, left) };
    match (fewer.0, more.0) {
        (0, 1..) if n_flips <= 2 => Some(0),
        (1, _) => {
            let middle = fewer.1 as usize % ring.len();
            let (before, [middle, after @ ..]) = ring.split_at_checked(middle)? else {
                return None;
            };
            // If it crosses itself, a triangle turns the other way. If none does, they fill it: their
            // borders within cancel out.
            let mut around = after.iter().chain(before);
            let mut from = edge(middle, around.next()?);
            let turns_left = left.0 > right.0;
            let is_filled = around.all(|next| {
                let to = edge(middle, next);
                let cross = from[0] * to[1] - from[1] * to[0];
                from = to;
                if turns_left { cross >= 0.0 } else { cross <= 0.0 }
            });
            is_filled.then_some(index(before.len()))
        }
        _ => None,
    }
}

/// Twice the area a ring encloses; negative where it turns clockwise.
fn twice_area(ring: &[[f32; 2]]) -> f64 {
    twice_area_of(ring.iter().map(|[x, y]| coord! { x: f64::from(*x), y: f64::from(*y) }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks from which place a fan fills a ring, whichever vertex it starts at and whichever way it
    /// winds; any will do where it is convex.
    fn check(ring: &[[f32; 2]], expected: Option<&[f32; 2]>) {
        let mut ring = ring.to_vec();
        for i in 0..2 * ring.len() {
            ring.rotate_left(1);
            if i == ring.len() {
                ring.reverse();
            }
            let found = sees_all(&ring).and_then(|at| ring.get(at as usize));
            assert_eq!(
                found,
                expected.map(|at| if *at == ANY { &ring[0] } else { at }),
                "{ring:?}"
            );
        }
    }

    const ANY: [f32; 2] = [f32::MAX; 2];
    const ELL: [[f32; 2]; 6] =
        [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 4.0], [2.0, 2.0], [0.0, 2.0]];
    const BOW_TIE: [[f32; 2]; 4] = [[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]];

    #[test]
    fn where_a_fan_fills_a_ring() {
        check(&[[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]], Some(&ANY));
        check(&[[0.0, 0.0], [2.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]], Some(&ANY));
        check(&ELL, Some(&[2.0, 2.0]));
        check(&[[0.0, 0.0], [4.0, 0.0], [1.0, 1.0], [0.0, 4.0]], Some(&[1.0, 1.0]));
        let court =
            [[0.0, 0.0], [6.0, 0.0], [6.0, 4.0], [4.0, 4.0], [4.0, 2.0], [2.0, 2.0], [2.0, 4.0]];
        check(&court, None);
        // A star of five points bends one way only but goes round twice.
        let star = [[0.0, 3.0], [2.0, -3.0], [-3.0, 1.0], [3.0, 1.0], [-2.0, -3.0]];
        check(&star, None);
        // A bow tie bends both ways.
        check(&BOW_TIE, None);
        // One corner turns inwards, and the ring crosses itself.
        check(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [1.0, -1.0], [0.0, 4.0]], None);
        assert!(sees_all(&[]).is_none() && sees_all(&[[1.0, 1.0]]).is_none());
    }

    proptest! {
        /// One corner pulled inwards, however far.
        #[test]
        fn a_fan_from_the_corner_that_turns_inwards_fills_the_ring(
            far in prop::collection::vec(9.0_f32..10.0, 8), dent in 0.0_f32..6.0
        ) {
            let at = |(i, far): (usize, &f32)| {
                let (sin, cos) = libm::sincos(i as f64 / 9.0 * std::f64::consts::TAU);
                [far * cos as f32, far * sin as f32]
            };
            let dent = [dent * 0.766_044_5, dent * -0.642_787_6];
            let ring: Vec<_> = far.iter().enumerate().map(at).chain([dent]).collect();
            let mut triangulator = Triangulator::default();
            let triangles = triangulator.polygon(&[&ring]).unwrap_or_default();
            let filled: f64 = triangles
                .as_chunks::<3>()
                .0
                .iter()
                .map(|corners| twice_area(&corners.map(|i| ring[i as usize])).abs())
                .sum();
            prop_assert!((filled - twice_area(&ring).abs()).abs() < 1e-3, "{ring:?}: {triangles:?}");
        }
    }

    #[test]
    fn a_polygon_is_filled_exactly_or_not_at_all() {
        let mut triangulator = Triangulator::default();
        let mut filled = |rings: &[&[[f32; 2]]]| {
            let points: Vec<[f32; 2]> = rings.concat();
            let triangles = triangulator.polygon(rings)?;
            let corners =
                triangles.as_chunks::<3>().0.iter().map(|t| t.map(|i| points[i as usize]));
            Some(corners.map(|corners| twice_area(&corners).abs() / 2.0).sum::<f64>())
        };
        assert_eq!(filled(&[&ELL]), Some(12.0));
        let hole = [[0.5, 0.5], [0.5, 1.5], [1.5, 1.5], [1.5, 0.5]];
        assert_eq!(filled(&[&ELL, &hole]), Some(11.0));
        assert_eq!(filled(&[&BOW_TIE]), None);
        let elsewhere = hole.map(|[x, y]| [x + 9.0, y]);
        assert_eq!(filled(&[&ELL, &elsewhere]), None);
    }
}

//! A polygon with holes → triangles on its own vertices: a fan where it is convex, else by cutting
//! off ears.

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
            && is_convex(ring.as_ref())
        {
            for at in 1..index(ring.as_ref().len()).saturating_sub(1) {
                triangles.extend([0, at, at + 1]);
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

/// Whether a ring is convex and goes round once, so that a fan fills it. Most buildings are.
fn is_convex(ring: &[[f32; 2]]) -> bool {
    let [first, second, ..] = ring else { return false };
    let edge = |a: &[f32; 2], b: &[f32; 2]| [b[0] - a[0], b[1] - a[1]];
    let (mut is_left, mut is_right, mut n_flips) = (false, false, 0);
    let (mut at, mut from) = (second, edge(first, second));
    for next in ring.iter().skip(2).chain([first, second]) {
        let to = edge(at, next);
        let cross = from[0] * to[1] - from[1] * to[0];
        is_left |= cross > 0.0;
        is_right |= cross < 0.0;
        if is_left && is_right {
            return false;
        }
        // Going round once turns from leftward to rightward and back: two flips of x.
        n_flips += u32::from((from[0] < 0.0) != (to[0] < 0.0));
        (at, from) = (next, to);
    }
    is_left != is_right && n_flips <= 2
}

/// Twice the area a ring encloses; negative where it turns clockwise.
fn twice_area(ring: &[[f32; 2]]) -> f64 {
    twice_area_of(ring.iter().map(|[x, y]| coord! { x: f64::from(*x), y: f64::from(*y) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ring: &[[f32; 2]], expected: bool) {
        // Whichever vertex it starts at and whichever way it winds.
        let mut ring = ring.to_vec();
        for _ in 0..ring.len() {
            ring.rotate_left(1);
            assert_eq!(is_convex(&ring), expected, "{ring:?}");
        }
        ring.reverse();
        assert_eq!(is_convex(&ring), expected, "{ring:?}");
    }

    const ELL: [[f32; 2]; 6] =
        [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 4.0], [2.0, 2.0], [0.0, 2.0]];
    const BOW_TIE: [[f32; 2]; 4] = [[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]];

    #[test]
    fn only_convex_rings_are_fans() {
        check(&[[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]], true);
        check(&[[0.0, 0.0], [2.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]], true);
        check(&ELL, false);
        check(&[[0.0, 0.0], [4.0, 0.0], [1.0, 1.0], [0.0, 4.0]], false);
        // A star of five points bends one way only but goes round twice.
        let star = [[0.0, 3.0], [2.0, -3.0], [-3.0, 1.0], [3.0, 1.0], [-2.0, -3.0]];
        check(&star, false);
        // A bow tie bends both ways.
        check(&BOW_TIE, false);
        assert!(!is_convex(&[]) && !is_convex(&[[1.0, 1.0]]));
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

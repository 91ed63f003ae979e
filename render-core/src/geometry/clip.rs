//! Lines and rings → the parts of them inside a box, in metres.

use geo::Coord;

/// A box in metres around the map's centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClipBox {
    /// Half its width, m.
    pub half_width: f64,
    /// Half its height, m.
    pub half_height: f64,
}

/// Where a set of points lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Wholly within the box.
    Inside,
    /// Wholly beyond one edge, so nothing of it can be seen.
    Outside,
    /// Neither is sure.
    Across,
}

impl ClipBox {
    /// Where points lie, by their bounding box.
    #[must_use]
    pub fn side(&self, points: &[Coord]) -> Side {
        let (mut min, mut max) =
            (Coord { x: f64::MAX, y: f64::MAX }, Coord { x: f64::MIN, y: f64::MIN });
        for at in points {
            min = Coord { x: min.x.min(at.x), y: min.y.min(at.y) };
            max = Coord { x: max.x.max(at.x), y: max.y.max(at.y) };
        }
        let (w, h) = (self.half_width, self.half_height);
        if min.x > w || max.x < -w || min.y > h || max.y < -h {
            Side::Outside
        } else if min.x >= -w && max.x <= w && min.y >= -h && max.y <= h {
            Side::Inside
        } else {
            Side::Across
        }
    }

    /// The parts of an open line inside the box, each of two points or more (Liang–Barsky, edge by
    /// edge of the line).
    #[must_use]
    pub fn clip_line(&self, line: &[Coord]) -> Vec<Vec<Coord>> {
        let mut parts: Vec<Vec<Coord>> = Vec::new();
        let mut part: Vec<Coord> = Vec::new();
        for edge in line.windows(2) {
            let &[a, b] = edge else { continue };
            let Some((from, to)) = self.clip_edge(a, b) else {
                parts.extend((part.len() > 1).then(|| std::mem::take(&mut part)));
                part.clear();
                continue;
            };
            if part.last() != Some(&from) {
                parts.extend((part.len() > 1).then(|| std::mem::take(&mut part)));
                part.clear();
                part.push(from);
            }
            if to != from {
                part.push(to);
            }
        }
        parts.extend((part.len() > 1).then_some(part));
        parts
    }

    fn clip_edge(&self, a: Coord, b: Coord) -> Option<(Coord, Coord)> {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, a.x + self.half_width),
            (dx, self.half_width - a.x),
            (-dy, a.y + self.half_height),
            (dy, self.half_height - a.y),
        ] {
            if step == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else {
                leave = leave.min(room / step);
            }
        }
        if enter > leave {
            return None;
        }
        // The ends themselves stay as they are, bit by bit, so that joined lines stay joined.
        let at = |t: f64| Coord { x: a.x + t * dx, y: a.y + t * dy };
        Some((if enter == 0.0 { a } else { at(enter) }, if leave == 1.0 { b } else { at(leave) }))
    }

    /// The part of a ring inside the box (Sutherland–Hodgman). A ring that leaves and enters again
    /// stays one ring, with edges along the box that a fill does not show.
    #[must_use]
    pub fn clip_ring(&self, ring: &[Coord]) -> Vec<Coord> {
        let (w, h) = (self.half_width, self.half_height);
        let mut ring = clip_half(ring, Axis::X, -1.0, w);
        for (axis, sign, limit) in [(Axis::X, 1.0, w), (Axis::Y, -1.0, h), (Axis::Y, 1.0, h)] {
            ring = clip_half(&ring, axis, sign, limit);
        }
        ring
    }
}

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

/// Keeps the part of a ring where `sign` times the axis' coordinate is at most `limit`.
fn clip_half(ring: &[Coord], axis: Axis, sign: f64, limit: f64) -> Vec<Coord> {
    let room = |at: &Coord| match axis {
        Axis::X => limit - sign * at.x,
        Axis::Y => limit - sign * at.y,
    };
    let mut out = Vec::with_capacity(ring.len() + 4);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (room_a, room_b) = (room(a), room(b));
        if room_a >= 0.0 {
            out.push(*a);
        }
        if (room_a < 0.0) != (room_b < 0.0) {
            let t = room_a / (room_a - room_b);
            let (x, y) = (a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
            // Exactly on the edge, whatever the division rounded to.
            out.push(match axis {
                Axis::X => Coord { x: sign * limit, y },
                Axis::Y => Coord { x, y: sign * limit },
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use geo::{Area, LineString, Polygon, coord};
    use proptest::prelude::*;

    use super::*;

    const BOX: ClipBox = ClipBox { half_width: 10.0, half_height: 5.0 };

    #[test]
    fn a_line_that_leaves_and_enters_again_is_two_parts() {
        let line = [
            coord! {x: 0.0, y: 0.0},
            coord! {x: 20.0, y: 0.0},
            coord! {x: 20.0, y: 4.0},
            coord! {x: 0.0, y: 4.0},
        ];
        let parts = BOX.clip_line(&line);
        assert_eq!(
            parts,
            [
                vec![coord! {x: 0.0, y: 0.0}, coord! {x: 10.0, y: 0.0}],
                vec![coord! {x: 10.0, y: 4.0}, coord! {x: 0.0, y: 4.0}],
            ]
        );
    }

    #[test]
    fn a_ring_around_the_box_becomes_the_box() {
        let ring = [
            coord! {x: -99.0, y: -99.0},
            coord! {x: 99.0, y: -99.0},
            coord! {x: 99.0, y: 99.0},
            coord! {x: -99.0, y: 99.0},
        ];
        let area = Polygon::new(LineString(BOX.clip_ring(&ring)), vec![]).signed_area();
        assert!((area - 200.0).abs() < 1e-9);
    }

    proptest! {
        /// A triangle's part inside and its parts beyond each edge add up to the triangle.
        #[test]
        fn area_is_conserved(v in prop::array::uniform6(-30.0..30.0_f64)) {
            let ring = [coord! {x: v[0], y: v[1]}, coord! {x: v[2], y: v[3]}, coord! {x: v[4], y: v[5]}];
            let area = |ring: Vec<Coord>| Polygon::new(LineString(ring), vec![]).signed_area();
            let mut rest = ring.to_vec();
            let mut beyond = 0.0;
            for (axis, sign, limit) in
                [(Axis::X, 1.0, 10.0), (Axis::X, -1.0, 10.0), (Axis::Y, 1.0, 5.0), (Axis::Y, -1.0, 5.0)]
            {
                beyond += area(clip_half(&rest, axis, -sign, -limit));
                rest = clip_half(&rest, axis, sign, limit);
            }
            prop_assert!((area(BOX.clip_ring(&ring)) + beyond - area(ring.to_vec())).abs() < 1e-6);
        }
    }
}

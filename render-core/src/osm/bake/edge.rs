//! The box that a place's data fill, and ways along its edge.

use crate::lonlat::{Bbox, LonLat};

/// A box in OSM's integers, not across the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) west: i64,
    pub(super) east: i64,
    pub(super) south: i64,
    pub(super) north: i64,
}

/// A position on the edge: 0 in the south-west, then clockwise.
pub(super) type Position = i64;

impl Edge {
    /// `None` for a box across the antimeridian, which has no single edge to walk along.
    pub(super) fn new(bbox: Bbox) -> Option<Self> {
        let e7 = |degrees: f64| (degrees * 1e7).round() as i64;
        let edge = Self {
            west: e7(bbox.west),
            east: e7(bbox.east),
            south: e7(bbox.south),
            north: e7(bbox.north),
        };
        (edge.west < edge.east && edge.south < edge.north).then_some(edge)
    }

    fn width(&self) -> i64 {
        self.east - self.west
    }

    fn height(&self) -> i64 {
        self.north - self.south
    }

    pub(super) fn length(&self) -> i64 {
        2 * (self.width() + self.height())
    }

    /// Corners clockwise from the south-west.
    pub(super) fn corners(&self) -> [LonLat; 4] {
        [
            place(self.west, self.south),
            place(self.west, self.north),
            place(self.east, self.north),
            place(self.east, self.south),
        ]
    }

    fn corner_positions(&self) -> [Position; 4] {
        [0, self.height(), self.height() + self.width(), 2 * self.height() + self.width()]
    }

    /// The nearest place on the edge.
    pub(super) fn nearest(&self, from: LonLat) -> Position {
        let lon = i64::from(from.lon_e7).clamp(self.west, self.east);
        let lat = i64::from(from.lat_e7).clamp(self.south, self.north);
        let [_, north_west, north_east, south_east] = self.corner_positions();
        // A degree of longitude is shorter; near an edge that hardly matters, so it is left out.
        let sides = [
            (lon - self.west, lat - self.south),
            (self.north - lat, north_west + lon - self.west),
            (self.east - lon, north_east + self.north - lat),
            (lat - self.south, south_east + self.east - lon),
        ];
        let nearest = sides.into_iter().min_by_key(|(distance, _)| *distance);
        nearest.map_or(0, |(_, position)| position) % self.length()
    }

    /// Where a position is.
    pub(super) fn at(&self, position: Position) -> LonLat {
        let [_, north_west, north_east, south_east] = self.corner_positions();
        let position = position.rem_euclid(self.length());
        if position < north_west {
            place(self.west, self.south + position)
        } else if position < north_east {
            place(self.west + position - north_west, self.north)
        } else if position < south_east {
            place(self.east, self.north - (position - north_east))
        } else {
            place(self.east - (position - south_east), self.south)
        }
    }

    /// How far it is clockwise from one position to the other.
    pub(super) fn clockwise(&self, from: Position, to: Position) -> i64 {
        (to - from).rem_euclid(self.length())
    }

    /// Along the edge clockwise, both ends included.
    pub(super) fn walk(&self, from: Position, to: Position) -> Vec<LonLat> {
        let mut corners: Vec<i64> = self
            .corner_positions()
            .into_iter()
            .map(|corner| self.clockwise(from, corner))
            .filter(|ahead| *ahead > 0 && *ahead < self.clockwise(from, to))
            .collect();
        corners.sort_unstable();
        let mut walk = vec![self.at(from)];
        walk.extend(corners.into_iter().map(|ahead| self.at(from + ahead)));
        walk.push(self.at(to));
        walk
    }

    /// Along the edge the shorter way round, both ends included.
    pub(super) fn shorter_walk(&self, from: Position, to: Position) -> Vec<LonLat> {
        if self.clockwise(from, to) <= self.length() / 2 {
            return self.walk(from, to);
        }
        let mut walk = self.walk(to, from);
        walk.reverse();
        walk
    }

    /// The part of a segment inside the box: where it begins and ends, in 0..=1.
    fn clip_segment(&self, a: LonLat, b: LonLat) -> Option<(f64, f64)> {
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (start, end, low, high) in [
            (a.lon_e7, b.lon_e7, self.west, self.east),
            (a.lat_e7, b.lat_e7, self.south, self.north),
        ] {
            let (start, step) = (f64::from(start), f64::from(end) - f64::from(start));
            let (low, high) = (low as f64, high as f64);
            if step == 0.0 {
                if start < low || start > high {
                    return None;
                }
                continue;
            }
            let (first, second) = ((low - start) / step, (high - start) / step);
            enter = enter.max(first.min(second));
            leave = leave.min(first.max(second));
        }
        (enter < leave).then_some((enter, leave))
    }

    /// The pieces of a line that lie in the box.
    pub(super) fn clip(&self, line: &[LonLat]) -> Vec<Vec<LonLat>> {
        let mut pieces: Vec<Vec<LonLat>> = Vec::new();
        let mut goes_on = false;
        for (a, b) in line.iter().zip(line.iter().skip(1)) {
            let Some((enter, leave)) = self.clip_segment(*a, *b) else {
                goes_on = false;
                continue;
            };
            if !goes_on {
                pieces.push(vec![between(*a, *b, enter)]);
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(between(*a, *b, leave));
            }
            goes_on = leave >= 1.0;
        }
        pieces
    }
}

fn between(a: LonLat, b: LonLat, t: f64) -> LonLat {
    let mix = |a: i32, b: i32| (f64::from(a) + t * (f64::from(b) - f64::from(a))).round() as i32;
    match t {
        0.0 => a,
        1.0 => b,
        _ => LonLat { lon_e7: mix(a.lon_e7, b.lon_e7), lat_e7: mix(a.lat_e7, b.lat_e7) },
    }
}

fn place(lon: i64, lat: i64) -> LonLat {
    LonLat { lon_e7: lon as i32, lat_e7: lat as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: Edge = Edge { west: 0, east: 20, south: 0, north: 10 };

    fn places(walk: &[LonLat]) -> Vec<(i32, i32)> {
        walk.iter().map(|at| (at.lon_e7, at.lat_e7)).collect()
    }

    #[test]
    fn positions_run_clockwise_from_the_south_west() {
        for (place, position) in
            [((0, 0), 0), ((0, 4), 4), ((5, 10), 15), ((20, 8), 32), ((19, 0), 41)]
        {
            let place = LonLat { lon_e7: place.0, lat_e7: place.1 };
            assert_eq!(EDGE.nearest(place), position);
            assert_eq!(EDGE.at(position), place);
        }
        assert_eq!(EDGE.nearest(LonLat { lon_e7: 9, lat_e7: 8 }), 19, "two below the north edge");
    }

    #[test]
    fn walks_turn_at_corners() {
        assert_eq!(places(&EDGE.walk(5, 15)), [(0, 5), (0, 10), (5, 10)]);
        let around = [(5, 10), (20, 10), (20, 0), (0, 0), (0, 5)];
        assert_eq!(places(&EDGE.walk(15, 5)), around);
        assert_eq!(places(&EDGE.shorter_walk(15, 5)), [(5, 10), (0, 10), (0, 5)]);
    }

    #[test]
    fn lines_are_cut_at_the_edge() {
        let line: Vec<LonLat> = [(-5, 5), (5, 5), (5, 15), (15, 15), (15, 5), (16, 5)]
            .map(|(lon_e7, lat_e7)| LonLat { lon_e7, lat_e7 })
            .to_vec();
        let pieces: Vec<_> = EDGE.clip(&line).iter().map(|piece| places(piece)).collect();
        assert_eq!(pieces, [[(0, 5), (5, 5), (5, 10)], [(15, 10), (15, 5), (16, 5)]]);
    }
}

//! Longitude and latitude ↔ a plane of OSM's integers around an area, with nothing special about
//! the antimeridian.

use geo::{Coord, coord};

use crate::lonlat::{Bbox, LonLat};
use crate::planar::Frame;

/// 360° in OSM's integers.
const TURN: i64 = 3_600_000_000;

/// OSM's integers with longitudes counted from an area's middle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    /// Longitude of the middle, 1e-7 degree.
    lon: i64,
}

impl Plane {
    /// The plane of an area, and the area in it. Its edges lie half a step beside OSM's integers,
    /// so no vertex is ever on them.
    pub(super) fn new(area: Bbox) -> (Self, Frame) {
        let e7 = |degrees: f64| (degrees * 1e7).round() as i64;
        let (west, mut east) = (e7(area.west), e7(area.east));
        if east < west {
            east += TURN;
        }
        let plane = Self { lon: i64::midpoint(west, east) };
        let (half_width, south, north) =
            ((east - west) as f64 / 2.0, e7(area.south) as f64, e7(area.north) as f64);
        let frame = Frame {
            min: coord! { x: -half_width.ceil() - 0.5, y: south - 0.5 },
            max: coord! { x: half_width.ceil() + 0.5, y: north + 0.5 },
        };
        (plane, frame)
    }

    /// Where a place is; exact.
    pub(super) fn to(self, at: LonLat) -> Coord {
        let mut x = i64::from(at.lon_e7) - self.lon;
        if x > TURN / 2 {
            x -= TURN;
        } else if x < -TURN / 2 {
            x += TURN;
        }
        coord! { x: x as f64, y: f64::from(at.lat_e7) }
    }

    /// The place nearest to a point.
    #[expect(clippy::cast_possible_truncation, reason = "wrapped and clamped to the globe before")]
    pub(super) fn place(self, at: Coord) -> LonLat {
        let mut lon = at.x.round() as i64 + self.lon;
        if lon > TURN / 2 {
            lon -= TURN;
        } else if lon < -TURN / 2 {
            lon += TURN;
        }
        LonLat { lon_e7: lon as i32, lat_e7: at.y.round().clamp(-9e8, 9e8) as i32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_antimeridian_are_neighbours() {
        let area = Bbox { south: -1.0, west: 179.0, north: 1.0, east: -179.0 };
        let (plane, frame) = Plane::new(area);
        for (lon, x) in [(179.5, -5e6), (-179.5, 5e6), (180.0, 0.0), (-180.0, 0.0)] {
            let place = LonLat::from_degrees(lon, 0.5).unwrap();
            assert_eq!(plane.to(place), coord! { x: x, y: 5e6 });
            assert_eq!(plane.to(plane.place(plane.to(place))), plane.to(place));
        }
        assert_eq!(frame.min, coord! { x: -10_000_000.5, y: -10_000_000.5 });
    }
}

//! Places on the globe, as OSM stores them.

use serde::{Deserialize, Serialize};

/// WGS84 longitude and latitude in units of 1e-7 degree, OSM's own resolution (about 1 cm).
///
/// Integers, so that two ways meeting at a node compare equal whatever source they came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(C)]
pub struct LonLat {
    /// Longitude × 1e7, −1 800 000 000..=1 800 000 000.
    pub lon_e7: i32,
    /// Latitude × 1e7, −900 000 000..=900 000 000.
    pub lat_e7: i32,
}

impl LonLat {
    /// Stands where the source had no vertex: `null` in an Overpass geometry, or a node missing
    /// from an extract. A line is broken there.
    pub const MISSING: Self = Self { lon_e7: i32::MIN, lat_e7: i32::MIN };

    /// From degrees, rounded to the nearest 1e-7; `None` when not finite or off the globe.
    #[must_use]
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
        Some(Self { lon_e7: (lon * 1e7).round() as i32, lat_e7: (lat * 1e7).round() as i32 })
    }

    /// Whether there is a vertex at all; see [`LonLat::MISSING`].
    #[must_use]
    pub const fn is_missing(self) -> bool {
        self.lon_e7 == i32::MIN
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }
}

/// A box on the globe in degrees; `west` is greater than `east` where it crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bbox {
    /// Southern edge, degrees.
    pub south: f64,
    /// Western edge, degrees.
    pub west: f64,
    /// Northern edge, degrees.
    pub north: f64,
    /// Eastern edge, degrees.
    pub east: f64,
}

/// The same meridian within −180..=180 degrees, if it is less than a turn beyond.
#[must_use]
pub fn wrap_longitude(lon: f64) -> f64 {
    match lon {
        lon if lon > 180.0 => lon - 360.0,
        lon if lon < -180.0 => lon + 360.0,
        lon => lon,
    }
}

impl Bbox {
    /// From west to east, degrees.
    #[must_use]
    pub fn width(self) -> f64 {
        match (self.east - self.west).rem_euclid(360.0) {
            // It goes all around the globe.
            0.0 => 360.0,
            width => width,
        }
    }

    /// Latitude and longitude of its middle, degrees.
    #[must_use]
    pub fn centre(self) -> (f64, f64) {
        let lon = wrap_longitude(self.west + self.width() / 2.0);
        (f64::midpoint(self.south, self.north), lon)
    }

    /// Whether another box lies within, but for what rounding may add.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        let slack = 1e-9;
        // Degrees east of our western edge, so that the antimeridian is no edge.
        let east_of = |lon: f64| (lon - self.west + slack).rem_euclid(360.0) - slack;
        other.south >= self.south - slack
            && other.north <= self.north + slack
            && east_of(other.west) <= east_of(other.east) + slack
            && east_of(other.east) <= east_of(self.east) + slack
    }

    /// What two boxes share, `None` if that is nothing.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let unrolled = |bbox: Self| (bbox.west, bbox.west + bbox.width());
        let (south, north) = (self.south.max(other.south), self.north.min(other.north));
        let (west, east) = unrolled(self);
        let (other_west, other_east) = unrolled(other);
        // The other box, moved by whole turns to where it meets this one.
        let shared = [-360.0, 0.0, 360.0].into_iter().find_map(|turn| {
            let (from, to) = (west.max(other_west + turn), east.min(other_east + turn));
            (from < to).then_some((from, to))
        });
        let (from, to) = shared.filter(|_| south < north)?;
        Some(Self { south, west: wrap_longitude(from), north, east: wrap_longitude(to) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bbox(west: f64, east: f64) -> Bbox {
        Bbox { south: 0.0, west, north: 1.0, east }
    }

    #[test]
    fn the_middle_of_a_box_across_the_antimeridian_is_in_it() {
        assert_eq!(bbox(170.0, -160.0).centre(), (0.5, -175.0));
        assert_eq!((bbox(170.0, -160.0).width(), bbox(-180.0, 180.0).width()), (30.0, 360.0));
    }

    #[test]
    fn boxes_share_what_lies_in_both_also_across_the_antimeridian() {
        for (one, other, shared) in [
            (bbox(1.0, 3.0), bbox(2.0, 5.0), Some(bbox(2.0, 3.0))),
            (bbox(1.0, 2.0), bbox(3.0, 5.0), None),
            (bbox(179.0, -179.0), bbox(-180.0, -170.0), Some(bbox(180.0, -179.0))),
            (bbox(-180.0, -170.0), bbox(179.0, -179.0), Some(bbox(-180.0, -179.0))),
            (bbox(-180.0, 180.0), bbox(179.0, -179.0), Some(bbox(-180.0, -179.0))),
        ] {
            assert_eq!(one.intersection(other), shared, "{one:?} {other:?}");
        }
    }
}

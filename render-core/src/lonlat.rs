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

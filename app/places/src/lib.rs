//! What a person types about a place → where that is: cities by name, coordinates, plus codes, map links, and
//! what geocoders answer.
//!
//! No I/O. It knows nothing of maps and posters, and they nothing of it, so it is a crate of its own.

pub mod fold;
pub mod gazetteer;
pub mod geocoder;
mod links;
mod numbers;
pub mod plus_code;
pub mod query;
mod search;
mod typo;

pub use gazetteer::Gazetteer;
pub use query::{PlaceQuery, Point};
pub use search::Hit;

use serde::{Deserialize, Serialize};

/// Metres to a degree of latitude on the mean sphere.
const METRES_PER_DEGREE: f64 = 111_195.0;

/// A place that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Its name, or street and number; a city's usual one in English.
    pub name: String,
    /// City and region, without the country; empty where that says nothing.
    pub region: String,
    /// Its country.
    pub country: String,
    /// Degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// Half the height of a map that shows it, m; of a city its centre.
    pub distance: f64,
}

/// Kilometres between two places, degrees.
#[must_use]
pub fn kilometres(one: (f64, f64), other: (f64, f64)) -> f64 {
    let ((lat, lon), (other_lat, other_lon)) = (one, other);
    let half = |degrees: f64| (degrees / 2.0).to_radians().sin();
    let across = lat.to_radians().cos() * other_lat.to_radians().cos();
    let chord = half(lat - other_lat).powi(2) + across * half(lon - other_lon).powi(2);
    2.0 * 6371.0 * chord.clamp(0.0, 1.0).sqrt().asin()
}

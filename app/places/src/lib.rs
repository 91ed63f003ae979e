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

pub use gazetteer::{City, Gazetteer};
pub use query::{PlaceQuery, Point};
pub use search::Hit;

/// Kilometres between two places, degrees.
#[must_use]
pub fn kilometres(one: (f64, f64), other: (f64, f64)) -> f64 {
    let ((lat, lon), (other_lat, other_lon)) = (one, other);
    let half = |degrees: f64| (degrees / 2.0).to_radians().sin();
    let across = lat.to_radians().cos() * other_lat.to_radians().cos();
    let chord = half(lat - other_lat).powi(2) + across * half(lon - other_lon).powi(2);
    2.0 * 6371.0 * chord.clamp(0.0, 1.0).sqrt().asin()
}

//! Plane geometry that knows nothing of maps: cutting by a box, closing regions, sorting rings.
//!
//! Coordinates are `f64` in any unit; OSM's integers are held exactly.

pub mod crossing;
pub mod frame;
pub mod parity;
pub mod rings;
pub mod stretch;
pub mod triangles;

pub use crossing::any_crossing;
pub use frame::{Cut, Frame, Piece, Side};
pub use parity::uncross;
pub use rings::{Locator, interior_point, nest, parents, twice_area, twice_area_of};
pub use stretch::stretch_inside;
pub use triangles::Triangulator;

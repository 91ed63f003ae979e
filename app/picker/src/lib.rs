//! The map picker's arithmetic: a built-in world, a view of it on the screen, and the poster's frame on it.
//!
//! No I/O and no web types, so that all of it is tested natively; the canvas and the hands are in
//! `app/src/picker/`.

pub mod frame;
pub mod graticule;
pub mod lettering;
pub mod outline;
pub mod tiles;
pub mod view;
pub mod words;
pub mod world;

pub use frame::{Frame, Grip};
pub use view::View;
pub use world::World;

//! The only files that fetch, and what they need to ask and to explain.

pub mod capacity;
pub mod config;
pub mod fetch;
pub mod geocode;
pub mod overpass;
pub mod patience;
pub mod query;
pub mod tiles;
pub mod timer;
pub mod turn;

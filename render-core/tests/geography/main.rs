//! Where the sea is and what a relation's rings enclose, through the public API: hand-made cases,
//! each in every turn and order that must not matter, and random ones.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are outside of #[test] functions, where clippy.toml does not reach"
)]

mod ahead;
mod coasts;
mod doubts;
mod islands;
mod map;
mod multipolygons;
mod odd;
mod rings;
mod sea;

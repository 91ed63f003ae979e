//! A worker module.
fn main() {}

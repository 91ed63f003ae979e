//! The project's commands: `cargo xtask <word>`.
fn main() {}

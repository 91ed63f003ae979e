//! Every exporter, on small scenes of one problem each and on one busy scene.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests are outside of #[test] functions, where clippy.toml does not reach"
)]

mod agree;
mod mesh;
mod odd;
mod others;
mod pdf;
mod pictures;
mod plotter;
mod png;
mod reopen;
mod scenes;
mod svg;

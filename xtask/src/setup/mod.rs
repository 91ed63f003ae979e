//! Installs what the build and the tests need, each thing once, and says what and why.

mod apt;
pub mod browser;
pub mod playwright;
mod trunk;
mod wasm_bindgen;
pub mod wasm_opt;
pub mod wasm_target;

use crate::shell::{Failure, Outcome};

/// What the page's build needs.
pub fn for_building() -> Outcome {
    wasm_target::ensure()?;
    trunk::ensure()?;
    wasm_bindgen::ensure()?;
    wasm_opt::ensure()
}

/// What the tests need beyond the build.
pub fn for_testing() -> Outcome {
    for_building()?;
    browser::ensure()?;
    playwright::ensure()
}

/// Says that nothing is to do.
fn already_there(what: &str) {
    println!("set-up: {what}: already there");
}

/// Says what is about to be installed, and why.
fn installing(what: &str, why: &str) {
    println!("set-up: {what}: installing, because {why}");
}

/// Adds to a failure the one thing to do by hand.
fn by_hand(failure: &Failure, advice: &str) -> Failure {
    Failure(format!("{failure} {advice}"))
}

//! `test`: everything that must hold, in the order that fails soonest.

use super::Options;
use crate::gates;
use crate::setup;
use crate::shell::Outcome;
use crate::steps::{Step, run_all};

const STEPS: [Step; 9] = [
    gates::FORMAT,
    gates::CLIPPY,
    gates::CLIPPY_WASM,
    gates::DOCS,
    gates::NATIVE,
    gates::WASM,
    gates::BUILD,
    gates::SIZE,
    gates::BROWSER,
];

pub fn run(arguments: &[String]) -> Outcome {
    let options = Options::parse(arguments, &["--only"], &["--skip-setup"])?;
    if !options.has("--skip-setup") {
        setup::for_testing()?;
    }
    run_all(&STEPS, options.value("--only"))
}

//! `check`: what must hold before a merge and needs no browser.

use super::Options;
use crate::gates;
use crate::setup;
use crate::shell::Outcome;
use crate::steps::{Step, run_all};

const STEPS: [Step; 7] = [
    gates::FORMAT,
    gates::CLIPPY,
    gates::CLIPPY_WASM,
    gates::DOCS,
    gates::NATIVE,
    gates::BUILD,
    gates::SIZE,
];

pub fn run(arguments: &[String]) -> Outcome {
    let options = Options::parse(arguments, &["--only"], &["--skip-setup"])?;
    if !options.has("--skip-setup") {
        setup::for_building()?;
    }
    run_all(&STEPS, options.value("--only"))
}

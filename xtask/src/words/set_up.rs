//! `setup`: only the installing.

use super::Options;
use crate::setup;
use crate::shell::Outcome;

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    setup::for_testing()
}

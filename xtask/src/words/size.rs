//! `size`: the bytes a visitor loads.

use super::Options;
use crate::shell::Outcome;
use crate::site;

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    site::size::report(&site::dist())
}

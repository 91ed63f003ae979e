//! `dist`: the folder to put on a static host.

use super::Options;
use crate::shell::Outcome;
use crate::{setup, site};

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    setup::for_building()?;
    site::build(site::DEPLOYABLE)?;
    site::size::report(&site::dist())
}

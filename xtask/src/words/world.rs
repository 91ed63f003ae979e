//! `world`: makes the map picker's world anew from what npm holds of Natural Earth.

use super::Options;
use crate::packages::{of_npm, remake};
use crate::shell::{Outcome, command, run as start};
use crate::workspace;

/// Natural Earth 1:10m, as TopoJSON; of npm.
const PACKAGE: &str = "world-atlas@2.0.2";
const OUT: &str = "public/places/world.bin";

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    let countries = of_npm(PACKAGE)?.join("countries-10m.json");
    let out = workspace::root().join(OUT);
    remake(&out, || {
        let mut cargo = command("cargo");
        cargo.args(["run", "--quiet", "--release", "-p", "picker", "--example", "world", "--"]);
        start(cargo.arg(countries).arg(&out).current_dir(workspace::root()))
    })
}

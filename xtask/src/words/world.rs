//! `world`: makes the map picker's world anew from what npm holds of Natural Earth.

use std::fs;

use super::Options;
use crate::shell::{Outcome, because, command, run as start};
use crate::workspace;

/// Natural Earth 1:10m, as TopoJSON; of npm.
const PACKAGE: &str = "world-atlas@2.0.2";
const OUT: &str = "public/places/world.bin";

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    let folder = workspace::scratch().join("world");
    fs::create_dir_all(&folder).map_err(because(format!("could not make {}", folder.display())))?;
    let countries = folder.join("package/countries-10m.json");
    if !countries.exists() {
        start(command("npm").args(["pack", "--silent", PACKAGE]).current_dir(&folder))?;
        let archive = workspace::file_ending(&folder, ".tgz")?;
        start(command("tar").arg("-xzf").arg(archive).arg("-C").arg(&folder))?;
    }
    let out = workspace::root().join(OUT);
    let before = fs::read(&out).ok();
    let mut cargo = command("cargo");
    cargo.args(["run", "--quiet", "--release", "-p", "picker", "--example", "world", "--"]);
    cargo.arg(&countries).arg(&out);
    start(cargo.current_dir(workspace::root()))?;
    println!(
        "{OUT} {}",
        if before == fs::read(&out).ok() { "is as it was" } else { "has changed" }
    );
    Ok(())
}

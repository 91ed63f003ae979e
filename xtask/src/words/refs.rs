//! `refs`: renews the pictures and texts that tests and the README compare with or show.

use super::Options;
use crate::shell::{Outcome, command, run as start};
use crate::workspace;

/// The overview of all themes, beside the README that shows it.
const SHEET: &str = "render-core/tests/refs/themes.png";

pub fn run(arguments: &[String]) -> Outcome {
    let options = Options::parse(arguments, &[], &["--sheet"])?;
    let root = workspace::root();
    let cargo = |arguments: &[&str]| {
        let mut cargo = command("cargo");
        cargo.args(arguments).args(["--release", "-p", "render-core"]).current_dir(&root);
        cargo
    };
    if !options.has("--sheet") {
        start(cargo(&["test", "--tests"]).env("UPDATE_REFS", "1"))?;
    }
    start(cargo(&["run", "--example", "sheet"]).arg("--").arg(root.join(SHEET)))?;
    let Some(corpus) = std::env::var_os("MAPPOSTER_DATA") else {
        println!("no sheet of real places: MAPPOSTER_DATA does not name the corpus");
        return Ok(());
    };
    // Not beside the other: nothing of the corpus is committed.
    let sheet = root.join("target/places.png");
    let places = std::path::Path::new(&corpus).join("places");
    start(cargo(&["run", "--example", "sheet"]).arg("--").arg(&sheet).arg("--places").arg(places))?;
    println!("{}", sheet.display());
    Ok(())
}

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
    start(cargo(&["run", "--example", "sheet"]).arg("--").arg(root.join(SHEET)))
}

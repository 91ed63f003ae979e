//! `bench`: how long each stage takes natively, or the page in Chromium beside a JavaScript baseline.

use super::Options;
use crate::setup::{self, browser, playwright};
use crate::shell::{Failure, Outcome, command, run as start};
use crate::{site, workspace};

pub fn run(arguments: &[String]) -> Outcome {
    let options =
        Options::parse(arguments, &["--place", "--runs"], &["--browser", "--prints", "--typing"])?;
    if options.has("--browser") {
        return in_browser(&options);
    }
    if ["--place", "--runs", "--prints", "--typing"].iter().any(|option| options.has(option)) {
        return Err(Failure(
            "--place, --runs, --prints and --typing go with --browser.".to_owned(),
        ));
    }
    // By `--bench`, as cargo would else start the unit tests too, to measure nothing.
    start(
        command("cargo")
            .args(["bench", "--locked", "--package", "render-core", "--package", "places"])
            .args(["--bench", "*"])
            .current_dir(workspace::root()),
    )
}

/// Runs `e2e/bench/run.mjs` on `dist/`. It is told by environment as the browser tests are, and the
/// corpus by `MAPPOSTER_DATA`.
fn in_browser(options: &Options<'_>) -> Outcome {
    setup::for_testing()?;
    site::build(site::SIMD_ALONE)?;
    let mut node = command("node");
    node.arg("bench/run.mjs");
    for place in options.values("--place") {
        node.args(["--place", place]);
    }
    for part in ["--prints", "--typing"] {
        if options.has(part) {
            node.arg(part);
        }
    }
    if let Some(runs) = options.value("--runs") {
        node.args(["--runs", runs]);
    }
    start(
        node.env("MAPPOSTER_DIST", site::dist())
            .env("MAPPOSTER_CHROMIUM", browser::chromium()?)
            .current_dir(playwright::folder()),
    )
}

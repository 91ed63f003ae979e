//! The npm packages of the browser tests, exactly as `e2e/package-lock.json` names them.

use std::fs;
use std::path::PathBuf;

use crate::shell::{Outcome, because, command, run};
use crate::workspace;

/// The folder of the browser tests.
pub fn folder() -> PathBuf {
    workspace::root().join("e2e")
}

/// Installs the packages unless those of this lock file are there.
pub fn ensure() -> Outcome {
    let what = "npm packages of e2e/";
    let lock = fs::read(folder().join("package-lock.json"))
        .map_err(because("could not read e2e/package-lock.json"))?;
    let installed = folder().join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        super::already_there(what);
        return Ok(());
    }
    super::installing(
        what,
        "playwright-core drives Chromium in the browser tests, others read the files it saves",
    );
    run(command("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder())
        // Debian's Chromium is used; npm must not fetch another.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    .map_err(|failure| super::by_hand(&failure, "Install them by hand: npm ci --prefix e2e"))?;
    fs::write(&installed, lock).map_err(because("could not write into e2e/node_modules"))
}

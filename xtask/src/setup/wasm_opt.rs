//! wasm-opt, which makes the wasm modules smaller and faster.

use std::fs;

use super::apt;
use crate::shell::{Failure, Outcome, command, output, run};
use crate::workspace;

/// The oldest binaryen known to read what today's rustc writes; Debian 12's.
const OLDEST: u32 = 108;

/// The release taken from npm where apt cannot install.
const NPM_PACKAGE: &str = "binaryen@132.0.0";

/// The release of the wasm-opt that is there.
pub fn version() -> Option<u32> {
    // "wasm-opt version 108", or with "(version_108)" behind it.
    let said = output(command("wasm-opt").arg("--version"))?;
    said.split_whitespace().find_map(|word| word.parse().ok())
}

/// Installs binaryen unless a usable one is there: Debian's, for its speed, else npm's.
pub fn ensure() -> Outcome {
    if let Some(version) = version().filter(|version| *version >= OLDEST) {
        super::already_there(&format!("wasm-opt {version}"));
        return Ok(());
    }
    super::installing("wasm-opt", "it makes the wasm modules smaller and faster");
    let from_apt = if apt::can_install() { apt::install(&["binaryen"]) } else { from_npm() };
    if from_apt.is_err() || version().is_none_or(|version| version < OLDEST) {
        from_npm()?;
    }
    match version() {
        Some(version) if version >= OLDEST => Ok(()),
        _ => Err(Failure(format!(
            "wasm-opt does not run. Install binaryen, release {OLDEST} or newer, by hand."
        ))),
    }
}

fn from_npm() -> Outcome {
    let folder = workspace::tools_dir().join("npm");
    let _ = fs::create_dir_all(&folder);
    run(command("npm")
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"])
        .arg(&folder)
        .arg(NPM_PACKAGE))
    .map_err(|failure| super::by_hand(&failure, "Install binaryen by hand."))
}

//! wasm-opt, which makes the wasm modules smaller and faster.

use std::fs;

use crate::shell::{Failure, Outcome, command, output, run};
use crate::workspace;

/// The release the build is tested with; any later one does. Not Debian 12's, release 108: it damages
/// the table of JavaScript values, and the page stops at `WebAssembly.Table.set`.
const RELEASE: u32 = 132;

/// The release of the wasm-opt that is there.
pub fn version() -> Option<u32> {
    // "wasm-opt version 108", or with "(version_108)" behind it.
    let said = output(command("wasm-opt").arg("--version"))?;
    said.split_whitespace().find_map(|word| word.parse().ok())
}

/// Installs binaryen from npm unless one that is new enough is there.
pub fn ensure() -> Outcome {
    let is_new_enough = |version: &u32| *version >= RELEASE;
    if let Some(version) = version().filter(is_new_enough) {
        super::already_there(&format!("wasm-opt {version}"));
        return Ok(());
    }
    super::installing(
        &format!("wasm-opt {RELEASE}"),
        "it makes the wasm modules smaller and faster, and Debian's is too old for them",
    );
    let advice = format!("Install binaryen, release {RELEASE} or newer, by hand.");
    let folder = workspace::tools_dir().join("npm");
    let _ = fs::create_dir_all(&folder);
    run(command("npm")
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"])
        .arg(&folder)
        .arg(format!("binaryen@{RELEASE}.0.0")))
    .map_err(|failure| super::by_hand(&failure, &advice))?;
    if version().as_ref().is_some_and(is_new_enough) {
        return Ok(());
    }
    Err(Failure(format!("wasm-opt was installed but does not run. {advice}")))
}

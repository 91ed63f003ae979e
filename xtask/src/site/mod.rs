//! The checkout → `dist/`, the folder that is served and deployed.

mod fingerprint;
pub mod size;
mod stamp;
mod wasm_opt;

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup::wasm_target;
use crate::shell::{Failure, Outcome, because, run};
use crate::workspace;

/// The deployable folder.
pub fn dist() -> PathBuf {
    workspace::root().join("dist")
}

/// Brings `dist/` up to date with the checkout; does nothing when it is.
pub fn build() -> Outcome {
    let fingerprint = fingerprint::of_checkout()?;
    let record = workspace::scratch().join("dist.fingerprint");
    let is_current = fs::read_to_string(&record).is_ok_and(|recorded| recorded == fingerprint);
    if is_current && dist().join("index.html").exists() {
        println!("build: dist/ is up to date");
        return Ok(());
    }
    let _ = fs::remove_file(&record);
    let staging = workspace::scratch().join("site");
    trunk_build(&staging)?;
    wasm_opt::optimise(&staging)?;
    let build = stamp::stamp(&staging)?;
    replace(&staging, &dist())?;
    fs::write(&record, fingerprint).map_err(because("could not write into target/xtask"))?;
    println!("build: dist/ is {build}");
    Ok(())
}

fn trunk_build(staging: &Path) -> Outcome {
    // Trunk in its offline mode makes cargo offline too, so the crates must be there before.
    println!("build: fetching crates");
    run(wasm_target::cargo()?
        .args(["fetch", "--locked", "--quiet"])
        .current_dir(workspace::root()))?;
    println!("build: trunk, three wasm modules (minutes the first time)");
    let mut trunk = crate::shell::command("trunk");
    let Some(toolchain) = wasm_target::toolchain() else {
        return Err(Failure("there is no wasm standard library.".to_owned()));
    };
    toolchain.apply(&mut trunk);
    trunk
        // Offline, Trunk says that a tool's version is wrong instead of loading one from the net.
        .args(["build", "--release", "--offline", "--locked", "--color", "never", "--dist"])
        .arg(staging)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .current_dir(workspace::root());
    run(&mut trunk)
}

/// Puts the new folder in the old one's place.
fn replace(new: &Path, old: &Path) -> Outcome {
    let what = || format!("could not replace {}", old.display());
    if old.exists() {
        fs::remove_dir_all(old).map_err(because(what()))?;
    }
    fs::rename(new, old).map_err(because(what()))
}

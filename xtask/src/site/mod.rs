//! The checkout → `dist/`, the folder that is served and deployed.

mod fingerprint;
mod offline;
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

/// One way of compiling the page's modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// As `.cargo/config.toml` says, for nearly every browser.
    Simd,
    /// For a browser without simd128.
    Plain,
}

impl Build {
    /// In the names of folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Simd => "simd",
            Self::Plain => "plain",
        }
    }
}

/// What a `dist/` has to hold.
pub const DEPLOYABLE: &[Build] = &[Build::Simd, Build::Plain];
/// What it may do with on the developer's own machine, in half the time.
pub const SIMD_ALONE: &[Build] = &[Build::Simd];

/// Brings `dist/` up to date with the checkout; does nothing when it is, with `builds` or more.
pub fn build(builds: &[Build]) -> Outcome {
    let fingerprint = fingerprint::of_checkout()?;
    let record = workspace::scratch().join("dist.fingerprint");
    // `FINGERPRINT NAME NAME`.
    let recorded = fs::read_to_string(&record).unwrap_or_default();
    let mut recorded = recorded.split(' ');
    let is_current = recorded.next() == Some(&fingerprint);
    let has: Vec<&str> = recorded.collect();
    let has_all = builds.iter().all(|build| has.contains(&build.name()));
    if is_current && has_all && dist().join("index.html").exists() {
        println!("build: dist/ is up to date");
        return Ok(());
    }
    let _ = fs::remove_file(&record);
    // Trunk in its offline mode makes cargo offline too, so the crates must be there before.
    println!("build: fetching crates");
    run(wasm_target::cargo()?
        .args(["fetch", "--locked", "--quiet"])
        .current_dir(workspace::root()))?;
    let mut stagings = Vec::new();
    for build in builds {
        let staging = workspace::scratch().join(format!("site-{}", build.name()));
        trunk_build(&staging, *build)?;
        wasm_opt::optimise(&staging, *build)?;
        stagings.push((staging, *build));
    }
    let folders = stamp::stamp(&stagings)?;
    let (site, _) = &stagings[0];
    offline::write(site)?;
    replace(site, &dist())?;
    let names: Vec<&str> = builds.iter().map(|build| build.name()).collect();
    fs::write(&record, format!("{fingerprint} {}", names.join(" ")))
        .map_err(because("could not write into target/xtask"))?;
    println!("build: dist/ is {}", folders.join(", "));
    Ok(())
}

fn trunk_build(staging: &Path, build: Build) -> Outcome {
    println!("build: trunk, {} wasm modules (minutes the first time)", build.name());
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
    if build == Build::Plain {
        // Cargo adds these to the flags of `.cargo/config.toml`, and the last word on a feature counts.
        trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-C target-feature=-simd128");
    }
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

//! wasm-bindgen's programs, of the very version that the lock file names for its crate.

use std::fs;

use crate::shell::{Failure, Outcome, command, output, run};
use crate::workspace;

/// Installs the programs unless this version is there. Another version would refuse the modules.
pub fn ensure() -> Outcome {
    let version = workspace::locked_version("wasm-bindgen")?;
    let what = format!("wasm-bindgen {version}");
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let is_there = |program: &&str| {
        let said = output(command(program).arg("--version"));
        said.is_some_and(|said| said == format!("{program} {version}"))
    };
    if programs.iter().all(is_there) {
        super::already_there(&what);
        return Ok(());
    }
    super::installing(
        &what,
        "it ties the wasm modules to JavaScript and runs their tests (once, some minutes)",
    );
    // Not --locked: its lock names a version that some mirrors lack.
    cargo_install("wasm-bindgen-cli", &version, &[])
}

/// `cargo install` into the tools folder, built to be ready soon rather than to run fast.
pub fn cargo_install(package: &str, version: &str, options: &[&str]) -> Outcome {
    let tools = workspace::tools_dir();
    let build = tools.join("build").join(package);
    let mut cargo = command("cargo");
    cargo
        .args(["install", package, "--version", version, "--force"])
        .args(options)
        .arg("--root")
        .arg(&tools)
        // Kept when it is interrupted, so that the next start goes on where this one stopped.
        .arg("--target-dir")
        .arg(&build)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("CARGO_BUILD_TARGET")
        // Measured: a sixth of the time for Trunk, and its share of a page's build stays under a second.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    run(&mut cargo).map_err(|failure| {
        let options = options.join(" ");
        let advice = format!("Install it by hand: cargo install {package}@{version} {options}");
        Failure(format!("{failure} {}", advice.trim_end()))
    })?;
    let _ = fs::remove_dir_all(build);
    Ok(())
}

//! Runs wasm-opt over each module, and keeps the results so that an unchanged module costs nothing.
//!
//! Not left to Trunk, because Trunk takes only the one release it was told of.

use std::fs;
use std::path::Path;

use super::Build;
use crate::setup;
use crate::shell::{Outcome, because, command, run};
use crate::workspace::{self, Hash};

/// What rustc may emit today and every supported browser reads, beside SIMD. Named one by one: `--all-features`
/// makes newer releases of wasm-opt write encodings that browsers refuse.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// Optimises every `.wasm` directly in `folder` in place.
pub fn optimise(folder: &Path, build: Build) -> Outcome {
    let cache = workspace::scratch().join("wasm-opt");
    fs::create_dir_all(&cache).map_err(because("could not write into target/xtask"))?;
    for name in workspace::files_below(folder)? {
        if name.extension().is_some_and(|extension| extension == "wasm") {
            optimise_one(&folder.join(&name), &name.to_string_lossy(), build, &cache)?;
        }
    }
    Ok(())
}

fn optimise_one(file: &Path, name: &str, build: Build, cache: &Path) -> Outcome {
    let level = match build {
        // The workers hold the hot loops; the page's own module only has to arrive soon.
        Build::Simd if name.contains("worker") => "-O3",
        Build::Simd => "-Oz",
        // A fifth of the time for 1 % more bytes, which few load.
        Build::Plain => "-O1",
    };
    let mut features = FEATURES.to_vec();
    if build == Build::Simd {
        features.push("--enable-simd");
    }
    let what = || format!("could not read or write {}", file.display());
    let input = fs::read(file).map_err(because(what()))?;
    let mut hash = Hash::new();
    hash.add(&input);
    hash.add(level.as_bytes());
    hash.add(features.concat().as_bytes());
    hash.add(&setup::wasm_opt::version().unwrap_or_default().to_le_bytes());
    let kept = cache.join(format!("{}.wasm", hash.hex()));
    if !kept.exists() {
        println!("build: wasm-opt {level} {name}");
        let partial = kept.with_extension("partial");
        run(command("wasm-opt").arg(level).args(features).arg(file).arg("-o").arg(&partial))?;
        fs::rename(&partial, &kept).map_err(because(what()))?;
    }
    fs::copy(&kept, file).map_err(because(what()))?;
    Ok(())
}

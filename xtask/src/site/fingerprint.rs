//! One short text that changes whenever the built page could: sources, tools and their versions.

use std::fs;
use std::path::PathBuf;

use crate::setup::wasm_target;
use crate::shell::{Failure, Outcome, because, command, output};
use crate::workspace::{self, Hash};

/// What the page is made of.
const SOURCES: [&str; 9] = [
    "app",
    "render-core",
    "public",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "xtask/src/site",
];

/// Contents, not times: a fresh clone or a switched branch would otherwise be built again.
pub fn of_checkout() -> Outcome<String> {
    let mut hash = Hash::new();
    let root = workspace::root();
    for source in SOURCES {
        let path = root.join(source);
        let files =
            if path.is_dir() { workspace::files_below(&path)? } else { vec![PathBuf::new()] };
        for file in files {
            let file = if path.is_dir() { path.join(file) } else { path.clone() };
            let what = format!("could not read {}", file.display());
            hash.add(file.strip_prefix(&root).unwrap_or(&file).as_os_str().as_encoded_bytes());
            hash.add(&fs::read(&file).map_err(because(what))?);
        }
    }
    let toolchain = wasm_target::toolchain()
        .ok_or_else(|| Failure("there is no wasm standard library.".to_owned()))?;
    let mut rustc = command("rustc");
    toolchain.apply(&mut rustc);
    let tools = [rustc, command("trunk"), command("wasm-bindgen"), command("wasm-opt")];
    for mut tool in tools {
        hash.add(output(tool.arg("--version")).unwrap_or_default().as_bytes());
    }
    Ok(hash.hex())
}

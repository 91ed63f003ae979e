//! Trunk, which builds the page out of `index.html` and the wasm modules.

use super::wasm_bindgen::cargo_install;
use crate::shell::{Outcome, command, output};

/// The newest release that builds with the Rust of Debian 12 and of the manifest.
const VERSION: &str = "0.21.14";

/// Installs Trunk unless this version is there.
pub fn ensure() -> Outcome {
    let what = format!("trunk {VERSION}");
    if output(command("trunk").arg("--version")).as_deref() == Some(what.as_str()) {
        super::already_there(&what);
        return Ok(());
    }
    super::installing(
        &what,
        "it builds the page from index.html and the wasm modules (once, some minutes)",
    );
    // Without its own updater and native TLS: fewer crates, and no OpenSSL headers.
    let options = ["--locked", "--no-default-features", "--features", "rustls"];
    cargo_install("trunk", VERSION, &options)
}

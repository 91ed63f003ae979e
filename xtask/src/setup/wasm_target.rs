//! The standard library for wasm32, from rustup or, where rustup reaches no server, built once
//! for Debian's own Rust from the sources that Debian ships.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::apt;
use crate::shell::{Failure, Outcome, because, command, output, run, run_within};
use crate::workspace;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The name under which rustup knows Debian's Rust.
const DEBIAN_TOOLCHAIN: &str = "system";

/// Debian's Rust that is new enough, the sources of its standard library, its linker and lints.
const DEBIAN_PACKAGES: [&str; 6] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "lld-22"];

/// rustup's own limits are minutes long; a try that is blocked should cost less than that.
const RUSTUP_LIMIT: Duration = Duration::from_secs(90);

const ADVICE: &str = "Install it by hand: rustup target add wasm32-unknown-unknown";

/// Which toolchain builds for wasm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that runs xtask.
    Current,
    /// Debian's, known to rustup as `system`.
    Debian,
}

impl Toolchain {
    /// Makes the command use this toolchain for cargo and rustc.
    pub fn apply(self, command: &mut Command) {
        if self == Self::Debian {
            command.env("RUSTUP_TOOLCHAIN", DEBIAN_TOOLCHAIN);
        }
        // A RUSTFLAGS from outside would replace the checkout's own flags, SIMD among them.
        command.env_remove("RUSTFLAGS");
    }

    fn has_wasm_std(self) -> bool {
        let mut rustc = command("rustc");
        self.apply(&mut rustc);
        let Some(folder) = output(rustc.args(["--print", "target-libdir", "--target", TARGET]))
        else {
            return false;
        };
        // `test` too: without that crate there is no test harness for wasm.
        holds_crate(Path::new(&folder), "std") && holds_crate(Path::new(&folder), "test")
    }
}

/// The toolchain that has the wasm standard library, the current one before Debian's.
pub fn toolchain() -> Option<Toolchain> {
    static FOUND: OnceLock<Toolchain> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Some(*found);
    }
    let found = [Toolchain::Current, Toolchain::Debian]
        .into_iter()
        .find(|toolchain| toolchain.has_wasm_std())?;
    Some(*FOUND.get_or_init(|| found))
}

/// A cargo that can build for wasm.
pub fn cargo() -> Outcome<Command> {
    let Some(toolchain) = toolchain() else {
        return Err(Failure(format!("there is no {TARGET} standard library. {ADVICE}")));
    };
    let mut cargo = command("cargo");
    toolchain.apply(&mut cargo);
    Ok(cargo)
}

/// Installs the target with rustup, else Debian's Rust with a standard library built here.
pub fn ensure() -> Outcome {
    match toolchain() {
        Some(Toolchain::Current) => {
            super::already_there(TARGET);
            return Ok(());
        }
        Some(Toolchain::Debian) => {
            super::already_there(&format!("{TARGET} (Debian's Rust)"));
            return ensure_debian_clippy();
        }
        None => {}
    }
    super::installing(TARGET, "the app is Rust compiled for the browser");
    let mut rustup = command("rustup");
    rustup.args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "0");
    match run_within(&mut rustup, RUSTUP_LIMIT) {
        Ok(()) if toolchain().is_some() => return Ok(()),
        Ok(()) => println!("set-up: rustup added the target to another toolchain than this one."),
        Err(failure) => println!("set-up: {failure}"),
    }
    println!("set-up: {TARGET}: taking Debian's Rust and building its standard library once");
    build_for_debian().map_err(|failure| super::by_hand(&failure, ADVICE))
}

fn build_for_debian() -> Outcome {
    if !debian_rust_is_there() {
        apt::install(&DEBIAN_PACKAGES)?;
    }
    let rustc = Path::new("/usr/bin/rustc");
    let sysroot = output(command(rustc).args(["--print", "sysroot"]))
        .ok_or_else(|| Failure("Debian's rustc does not run.".to_owned()))?;
    let built = build_std()?;
    let target = PathBuf::from(sysroot).join("lib/rustlib").join(TARGET).join("lib");
    copy_as_root(&built, &target)?;
    // Fails where it is linked already, or where there is no rustup; the check below decides.
    let _ = output(command("rustup").args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]));
    if toolchain().is_some() {
        return ensure_debian_clippy();
    }
    Err(Failure("the wasm standard library was built, but rustc does not find it.".to_owned()))
}

fn debian_rust_is_there() -> bool {
    let files = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/bin/rust-lld", "/usr/bin/cargo-clippy"];
    let rustc = Path::new(files[0]);
    let sources = output(command(rustc).args(["--print", "sysroot"]))
        .map(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock"));
    files.iter().all(|file| Path::new(file).exists()) && sources.is_some_and(|file| file.exists())
}

/// The lints must come from the same release as the standard library they look at.
fn ensure_debian_clippy() -> Outcome {
    let mut clippy = command("cargo");
    Toolchain::Debian.apply(&mut clippy);
    if output(clippy.args(["clippy", "--version"])).is_some() {
        return Ok(());
    }
    super::installing("rust-web-clippy", "the wasm code is linted with the Rust that builds it");
    apt::install(&["rust-web-clippy"])
}

/// Builds the standard library with an empty crate and returns the folder with its parts.
fn build_std() -> Outcome<PathBuf> {
    let folder = workspace::tools_dir().join("wasm-std");
    let what = || format!("could not write {}", folder.display());
    fs::create_dir_all(folder.join("src")).map_err(because(what()))?;
    let manifest =
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).map_err(because(what()))?;
    fs::write(folder.join("src/lib.rs"), "").map_err(because(what()))?;
    let mut cargo = command("/usr/bin/cargo");
    cargo
        .args(["build", "--release", "--target", TARGET])
        .args(["-Z", "build-std=std,panic_abort,test"])
        .arg("--target-dir")
        .arg(folder.join("target"))
        .current_dir(&folder)
        // Debian's own, whatever rustup would choose.
        .env("RUSTC", "/usr/bin/rustc")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTFLAGS")
        // `-Z` on a release compiler: its standard library is built no other way.
        .env("RUSTC_BOOTSTRAP", "1");
    run(&mut cargo)?;
    Ok(folder.join("target").join(TARGET).join("release/deps"))
}

/// Copies the parts of the standard library, without the empty crate that had them built.
fn copy_as_root(from: &Path, to: &Path) -> Outcome {
    let needs_root = || Failure(format!("only root can write to {}.", to.display()));
    run(apt::as_root("mkdir").ok_or_else(needs_root)?.arg("-p").arg(to))?;
    let mut copy = apt::as_root("cp").ok_or_else(needs_root)?;
    for name in workspace::files_below(from)? {
        let is_library = name.extension().is_some_and(|extension| extension == "rlib");
        if is_library && !name.to_string_lossy().starts_with("libempty") {
            copy.arg(from.join(name));
        }
    }
    run(copy.arg(to))
}

fn holds_crate(folder: &Path, name: &str) -> bool {
    let start = format!("lib{name}-");
    fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let file = entry.file_name();
            let file = file.to_string_lossy();
            file.starts_with(&start) && file.ends_with(".rlib")
        })
    })
}

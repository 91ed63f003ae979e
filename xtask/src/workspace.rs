//! Where things are: the checkout, the folder of installed tools, and files walked in a fixed order.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Failure, Outcome, because};

/// The checkout's top folder.
pub fn root() -> PathBuf {
    // Set by `cargo run` even when the checkout was moved since the build.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// Where xtask installs tools: `MAPPOSTER_TOOLS`, else the user's cache, so that every checkout
/// shares them.
pub fn tools_dir() -> PathBuf {
    if let Some(folder) = std::env::var_os("MAPPOSTER_TOOLS") {
        return PathBuf::from(folder);
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    cache.map_or_else(|| root().join(".tools"), |cache| cache.join("mapposter-tools"))
}

/// xtask's own scratch folder in the checkout, never committed.
pub fn scratch() -> PathBuf {
    root().join("target").join("xtask")
}

/// All files under `folder`, sorted, as paths below it.
pub fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let what = || format!("could not read {}", next.display());
        for entry in fs::read_dir(&next).map_err(because(what()))? {
            let path = entry.map_err(because(what()))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(below) = path.strip_prefix(folder) {
                files.push(below.to_path_buf());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The first file directly in `folder` whose name ends so.
pub fn file_ending(folder: &Path, end: &str) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(because(folder.display()))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths
        .find(|path| path.to_string_lossy().ends_with(end))
        .ok_or_else(|| Failure(format!("no {end} came into {}.", folder.display())))
}

/// The version that `Cargo.lock` names for a package.
pub fn locked_version(package: &str) -> Outcome<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(because("could not read Cargo.lock"))?;
    version_in_lock(&lock, package)
        .ok_or_else(|| Failure(format!("Cargo.lock names no package `{package}`.")))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    version.strip_suffix('"').map(str::to_owned)
}

/// A 64-bit FNV-1a hash, the same on every machine and for every Rust release. It names builds
/// and spots changed files; nothing relies on it against an attacker.
pub struct Hash(u64);

impl Hash {
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds the bytes and their number, so that `ab`+`c` and `a`+`bc` differ.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().copied().chain((bytes.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Sixteen hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_gives_the_version_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"9.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n";
        assert_eq!(version_in_lock(lock, "a").as_deref(), Some("1.2.3"));
        assert_eq!(version_in_lock(lock, "b"), None);
    }

    #[test]
    fn the_hash_tells_where_one_file_ends() {
        let mut one = Hash::new();
        one.add(b"ab");
        one.add(b"c");
        let mut other = Hash::new();
        other.add(b"a");
        other.add(b"bc");
        assert_ne!(one.hex(), other.hex());
    }

    /// `ARCHITECTURE.md` is a map, and a map with a wrong path is worse than none.
    #[test]
    fn every_path_the_architecture_names_exists() {
        let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
        let paths = paths_named(&text);
        assert!(paths.len() >= 10, "found only {paths:?}");
        let missing: Vec<_> = paths.iter().filter(|path| !root().join(path).exists()).collect();
        assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
    }

    /// Whatever stands in backticks and looks like a path of the checkout: a folder with its slash,
    /// or a file whose name has an extension and which stands in a folder or at the top.
    fn paths_named(text: &str) -> Vec<&str> {
        const TOP: [&str; 10] = [
            "app/",
            "render-core/",
            "xtask/",
            "e2e/",
            "public/",
            "docs/",
            "tools/",
            "fuzz/",
            ".ci/",
            ".cargo/",
        ];
        text.split('`')
            .skip(1)
            .step_by(2)
            .filter(|quoted| !quoted.contains(char::is_whitespace))
            .filter(|quoted| {
                let at_top = !quoted.contains('/')
                    && [".md", ".toml", ".lock", "index.html"]
                        .iter()
                        .any(|end| quoted.ends_with(end));
                at_top || TOP.iter().any(|top| quoted.starts_with(top))
            })
            .collect()
    }
}

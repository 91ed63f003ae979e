//! Debian packages, installed as root or through a sudo that asks no password.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use crate::shell::{Failure, Outcome, command, find, output, run};

/// How commands that need root can be run here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    Already,
    Sudo,
    No,
}

fn root() -> Root {
    static ROOT: OnceLock<Root> = OnceLock::new();
    *ROOT.get_or_init(|| {
        if output(command("id").arg("-u")).as_deref() == Some("0") {
            Root::Already
        } else if output(command("sudo").args(["-n", "true"])).is_some() {
            Root::Sudo
        } else {
            Root::No
        }
    })
}

/// The command as root, or `None` where there is no way to be root without a password.
pub fn as_root(program: impl AsRef<Path>) -> Option<Command> {
    match root() {
        Root::Already => Some(command(program)),
        Root::Sudo => {
            let mut sudo = command("sudo");
            sudo.arg("-n").arg(program.as_ref());
            Some(sudo)
        }
        Root::No => None,
    }
}

/// Installs the packages; where that is not possible, the failure is the one command to run.
pub fn install(packages: &[&str]) -> Outcome {
    let by_hand =
        format!("Run by hand: sudo apt-get install --no-install-recommends {}", packages.join(" "));
    if find(&["apt-get"]).is_none() {
        let named = packages.join(", ");
        return Err(Failure(format!(
            "this is no Debian: install what its packages {named} hold with this system's own tool."
        )));
    }
    let (Some(mut update), Some(mut install)) = (as_root("apt-get"), as_root("apt-get")) else {
        return Err(Failure(format!("packages are missing and this is not root. {by_hand}")));
    };
    // Once is enough for all packages of one start.
    static UPDATED: OnceLock<()> = OnceLock::new();
    if UPDATED.get().is_none() {
        // One dead source of several must not stop us: the install says what it lacks.
        if let Err(failure) = run(update.args(["update", "--quiet=2"])) {
            eprintln!("set-up: {failure} Going on with the package lists that are there.");
        }
        let _ = UPDATED.set(());
    }
    install
        .args(["install", "--yes", "--quiet=2", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut install).map_err(|failure| Failure(format!("{failure} {by_hand}")))
}

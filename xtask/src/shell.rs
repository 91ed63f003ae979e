//! Starts other programs and says in one sentence what went wrong.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::workspace;

/// A sentence for the person at the terminal: what failed and what to do next.
#[derive(Debug)]
pub struct Failure(pub String);

/// What every word and step returns.
pub type Outcome<T = ()> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Turns an I/O error into a sentence that names the file or program.
pub fn because<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure(format!("{what}: {error}"))
}

/// A command that finds xtask's own tools first, without what an outer `cargo run` leaves behind.
pub fn command(program: impl AsRef<Path>) -> Command {
    // By its full path, because `Command` looks a bare name up in the parent's PATH at times.
    let program = program.as_ref();
    let found = program.to_str().and_then(|name| find(&[name]));
    let mut command = Command::new(found.as_deref().unwrap_or(program));
    if let Ok(path) = std::env::join_paths(search_path()) {
        command.env("PATH", path);
    }
    // `CARGO` names the outer toolchain's cargo; tools that follow it would miss RUSTUP_TOOLCHAIN.
    command.env_remove("CARGO");
    // Trunk takes the usual `NO_COLOR=1` for a wrong argument and stops.
    command.env_remove("NO_COLOR");
    command
}

/// The folders in which programs are looked for, those of xtask's own tools first.
fn search_path() -> Vec<PathBuf> {
    let tools = workspace::tools_dir();
    let mut folders = vec![tools.join("bin"), tools.join("npm/node_modules/.bin")];
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders
}

/// Runs the command with its output on the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    let status = command.status().map_err(because(format!("could not start `{shown}`")))?;
    if status.success() { Ok(()) } else { Err(Failure(format!("`{shown}` failed ({status})."))) }
}

/// Runs the command with its output on the terminal and hands each line of its standard output
/// to `look` as well. `Ok(false)` means that it ran and failed.
pub fn run_reading(command: &mut Command, mut look: impl FnMut(&str)) -> Outcome<bool> {
    let shown = shown(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(because(format!("could not start `{shown}`")))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        // By bytes, because a test may print what is not UTF-8.
        while output.read_until(b'\n', &mut line).map_err(because(&shown))? > 0 {
            let _ = std::io::stdout().write_all(&line);
            look(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }
    Ok(child.wait().map_err(because(shown))?.success())
}

/// What the command prints on standard output, trimmed; `None` when it is missing or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs the command and kills it after `limit`. Its error output comes back when it did not succeed.
pub fn run_within(command: &mut Command, limit: Duration) -> Outcome {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(because(format!("could not start `{shown}`")))?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(because(&shown))? {
            break status;
        }
        if start.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Failure(format!("`{shown}` took over {} s.", limit.as_secs())));
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    if status.success() {
        return Ok(());
    }
    let mut errors = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        let _ = stderr.read_to_string(&mut errors);
    }
    let last = errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no message");
    Err(Failure(format!("`{shown}` failed: {}", last.trim())))
}

/// The program and its arguments as one would type them.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text =
        program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text += &argument.to_string_lossy();
    }
    text
}

/// The first of `names` that is a program xtask can start.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let folders = search_path();
    names
        .iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_hangs_is_killed() {
        let start = Instant::now();
        let failure =
            run_within(command("sleep").arg("30"), Duration::from_millis(200)).unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(10));
        assert!(failure.0.contains("sleep 30"), "{failure}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = run(command("no-such-program").arg("--now")).unwrap_err();
        assert!(failure.0.contains("no-such-program --now"), "{failure}");
    }

    #[test]
    fn lines_are_read_even_when_the_command_fails() {
        let mut lines = Vec::new();
        let passed =
            run_reading(command("sh").args(["-c", "echo one; echo two; exit 3"]), |line| {
                lines.push(line.to_owned());
            });
        assert!(!passed.unwrap());
        assert_eq!(lines, ["one", "two"]);
    }
}

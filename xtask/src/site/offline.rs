//! The service worker of a built site: `app/sw.js` with the build's files and version in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::shell::{Failure, Outcome, because, command};
use crate::workspace::{self, Hash};

const SOURCE: &str = "app/sw.js";
/// What the first poster takes beside the page, its style and its code.
const FIRST: [&str; 2] = ["places/helsinki.mpk", "places/helsinki.texts.json"];
/// The page's element that names the version; the app puts it behind the addresses of its data.
const ELEMENT: &str = r#"<meta name="mapposter-version" content=""#;

/// As browsers count; Node is there for the tests anyway, and no crate has to be built for it.
const HASH: &str = r#"
const { createHash } = require("crypto"), fs = require("fs");
for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  console.log(createHash("sha256").update(fs.readFileSync(name)).digest("base64"));
}
"#;

/// Writes `sw.js` into a stamped site, and the version into its page.
pub fn write(site: &Path) -> Outcome {
    let source = fs::read_to_string(workspace::root().join(SOURCE)).map_err(because(SOURCE))?;
    let files = files(site)?;
    let sums = sums(site, &files)?;
    let page = site.join("index.html");
    let html = fs::read_to_string(&page).map_err(because("the built index.html"))?;
    let version = version(&html, &source, &files, &sums);
    fs::write(&page, with_version(&html, &version)?)
        .map_err(because("could not write the built index.html"))?;
    let script = script(&source, &version, &files, &sums)?;
    fs::write(site.join("sw.js"), script).map_err(because("could not write sw.js"))
}

/// What the app fetches of its own site, with slashes, but for the page and what an owner may change.
fn files(site: &Path) -> Outcome<Vec<String>> {
    let files: Vec<PathBuf> = workspace::files_below(site)?;
    let names = files.iter().map(|file| {
        let parts: Vec<_> =
            file.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    });
    let is_asked = |name: &String| {
        let is_code = name.starts_with("build-") || name.starts_with("style-");
        let is_place =
            name.starts_with("places/") && !name.ends_with(".md") && name != "places/index.json";
        is_code || is_place || (name.starts_with("fonts/") && name.ends_with(".ttf"))
    };
    Ok(names.filter(is_asked).collect())
}

fn sums(site: &Path, files: &[String]) -> Outcome<Vec<String>> {
    let mut node = command("node");
    node.args(["-e", HASH]).current_dir(site).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().map_err(because("could not start node"))?;
    if let Some(mut input) = node.stdin.take() {
        input.write_all(files.join("\n").as_bytes()).map_err(because("node"))?;
    }
    let output = node.wait_with_output().map_err(because("node"))?;
    let sums: Vec<String> =
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    if sums.len() == files.len() {
        return Ok(sums);
    }
    Err(Failure("node could not add up the files of the site.".to_owned()))
}

fn version(html: &str, source: &str, files: &[String], sums: &[String]) -> String {
    let mut hash = Hash::new();
    for text in [html, source].into_iter().chain(files.iter().chain(sums).map(String::as_str)) {
        hash.add(text.as_bytes());
    }
    hash.hex()
}

fn with_version(html: &str, version: &str) -> Outcome<String> {
    let element = format!("{ELEMENT}{version}\" />\n");
    let (head, rest) = html
        .split_once("<meta name=\"mapposter-build\"")
        .ok_or_else(|| Failure("the built index.html names no build.".to_owned()))?;
    Ok(format!("{head}{element}<meta name=\"mapposter-build\"{rest}"))
}

/// The script without its comments, with what it has to know.
fn script(source: &str, version: &str, files: &[String], sums: &[String]) -> Outcome<String> {
    let is_code =
        |line: &&str| !["//", "/**"].iter().any(|mark| line.trim_start().starts_with(mark));
    let mut script: String = source.lines().filter(is_code).flat_map(|line| [line, "\n"]).collect();
    let list: Vec<String> =
        files.iter().zip(sums).map(|(file, sum)| format!("{file:?}: {sum:?}")).collect();
    for (empty, whole) in [
        ("VERSION = \"\"", format!("VERSION = {version:?}")),
        ("FILES = {}", format!("FILES = {{\n\"\": \"\",\n{}\n}}", list.join(",\n"))),
        ("FIRST = []", format!("FIRST = {FIRST:?}")),
    ] {
        if !script.contains(empty) {
            return Err(Failure(format!("{SOURCE} has lost its `{empty}`.")));
        }
        script = script.replacen(empty, &whole, 1);
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_lists_what_the_app_fetches_and_the_page_names_the_version() {
        let site = workspace::scratch().join("offline-test");
        let _ = fs::remove_dir_all(&site);
        for name in ["build-simd-1/a.js", "places/a.mpk", "places/index.json", "places/README.md"] {
            let file = site.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "abc").unwrap();
        }
        let html = "<head>\n<meta name=\"mapposter-build\" content=\"build-simd-1/\" />\n</head>";
        fs::write(site.join("index.html"), html).unwrap();
        write(&site).unwrap();
        let script = fs::read_to_string(site.join("sw.js")).unwrap();
        let sum = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert!(script.contains(&format!("\"build-simd-1/a.js\": \"{sum}\"")), "{script}");
        assert!(script.contains("\"places/a.mpk\"") && !script.contains("README.md\""));
        assert!(!script.contains("\"places/index.json\":"), "an owner may change it");
        let page = fs::read_to_string(site.join("index.html")).unwrap();
        let version = page.split(ELEMENT).nth(1).unwrap().split('"').next().unwrap();
        assert!(version.len() == 16 && script.contains(&format!("VERSION = \"{version}\"")));
        fs::remove_dir_all(site).unwrap();
    }

    #[test]
    fn the_first_poster_takes_what_the_app_says() {
        let app = fs::read_to_string(workspace::root().join("app/src/jobs.rs")).unwrap();
        for file in FIRST {
            assert!(app.contains(&format!("\"{file}\"")), "{file}");
        }
    }

    #[test]
    fn a_version_changes_with_every_file() {
        let of = |sum: &str| version("page", "worker", &["a".to_owned()], &[sum.to_owned()]);
        assert_ne!(of("1"), of("2"));
    }
}

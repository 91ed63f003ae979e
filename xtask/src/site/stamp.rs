//! Moves the code of each build into a folder named after its content, and tells the page those names.
//!
//! Trunk gives the workers' files fixed names. After a deploy a browser could then run yesterday's
//! wasm from its cache with today's JavaScript. All code therefore lives in `build-simd-<hash>/` and
//! `build-plain-<hash>/`: files of two builds never share an address.

use std::fs;
use std::path::{Path, PathBuf};

use super::Build;
use crate::shell::{Failure, Outcome, because};
use crate::workspace::{self, Hash};

/// The start of the element that names a build's folder, as Trunk leaves it.
const UNSTAMPED: &str = r#"<meta name="mapposter-build" content="""#;

/// Gathers the code of all `sites` in the first of them, whose page is the one that stays; returns the
/// folders' names.
pub fn stamp(sites: &[(PathBuf, Build)]) -> Outcome<Vec<String>> {
    let Some((site, _)) = sites.first() else { return Ok(Vec::new()) };
    let mut folders = Vec::new();
    let mut elements = String::new();
    for (built, build) in sites {
        let folder = move_code(built, site, *build)?;
        elements += &element(&read_page(built)?, &folder)?;
        folders.push(folder);
    }
    let html = lean(&read_page(site)?);
    let html = html.replace(&unstamped_element(&html)?, &elements);
    fs::write(site.join("index.html"), html)
        .map_err(because("could not write the built index.html"))?;
    Ok(folders)
}

fn read_page(site: &Path) -> Outcome<String> {
    fs::read_to_string(site.join("index.html"))
        .map_err(because("could not read the built index.html"))
}

/// Moves the JavaScript and wasm of `built` into `site`, into a folder whose name it returns.
fn move_code(built: &Path, site: &Path, build: Build) -> Outcome<String> {
    let code = code_files(built)?;
    let mut hash = Hash::new();
    for file in &code {
        hash.add(file.as_os_str().as_encoded_bytes());
        hash.add(&fs::read(built.join(file)).map_err(because(file.display()))?);
    }
    let folder = format!("build-{}-{}", build.name(), hash.hex());
    for file in &code {
        let target = site.join(&folder).join(file);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(because(parent.display()))?;
        }
        fs::rename(built.join(file), &target).map_err(because(target.display()))?;
    }
    let _ = fs::remove_dir_all(built.join("snippets"));
    Ok(folder)
}

/// What wasm-bindgen wrote: modules and scripts at the top, and the snippets they import.
fn code_files(site: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = workspace::files_below(site)?;
    files.retain(|file| {
        let at_top = file.components().count() == 1;
        let is_code = file.extension().is_some_and(|end| end == "js" || end == "wasm");
        (at_top && is_code && !is_fixed(file)) || file.starts_with("snippets")
    });
    Ok(files)
}

/// Scripts that other pages or the browser know by their address, such as a service worker.
fn is_fixed(file: &Path) -> bool {
    ["sw.js", "embed.js"].iter().any(|name| file == Path::new(name))
}

/// The page without what explains its source: HTML comments, and lines of its scripts that are one.
fn lean(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept += before.trim_end();
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    kept += rest;
    // Trunk puts a script's first line behind its tag.
    let kept =
        kept.replace("<script>//", "<script>\n//").replace("\"module\">//", "\"module\">\n//");
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    kept.lines().filter(is_code).flat_map(|line| [line, "\n"]).collect()
}

/// The element of Trunk's page that names the build's module, whole.
fn unstamped_element(html: &str) -> Outcome<String> {
    let found = html.split_once(UNSTAMPED).and_then(|(_, rest)| rest.split_once('>'));
    let Some((attributes, _)) = found else {
        return Err(Failure(format!("index.html has lost its `{UNSTAMPED} …>`.")));
    };
    Ok(format!("{UNSTAMPED}{attributes}>"))
}

/// The same element with the build's folder in it.
fn element(html: &str, folder: &str) -> Outcome<String> {
    let named = UNSTAMPED.replace(r#"content="""#, &format!(r#"content="{folder}/""#));
    Ok(unstamped_element(html)?.replace(UNSTAMPED, &named))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<meta name="mapposter-build" content="" data-script="app-1f.js" />
<link rel="stylesheet" href="./style-2.css">
"#;

    #[test]
    fn an_element_names_the_folder_and_keeps_the_script() {
        let stamped =
            r#"<meta name="mapposter-build" content="build-7/" data-script="app-1f.js" />"#;
        assert_eq!(element(PAGE, "build-7").unwrap(), stamped);
    }

    #[test]
    fn comments_go_and_all_else_stays() {
        assert_eq!(lean("<a>\n <!-- one\n two -->\n<b><!----><c>\n"), "<a>\n<b><c>\n");
        assert_eq!(lean("<script>// why\n  // what\n  go(); // on\n"), "<script>\n  go(); // on\n");
        assert_eq!(lean(PAGE), PAGE);
    }

    #[test]
    fn a_page_without_the_element_is_refused() {
        assert!(element("<html></html>", "build-7").is_err());
    }

    #[test]
    fn the_first_page_names_both_builds_and_holds_their_code() {
        let folder = workspace::scratch().join("stamp-test");
        let _ = fs::remove_dir_all(&folder);
        let sites = [("one", Build::Simd), ("two", Build::Plain)]
            .map(|(name, build)| (folder.join(name), build));
        for (site, build) in &sites {
            fs::create_dir_all(site).unwrap();
            fs::write(site.join("index.html"), PAGE).unwrap();
            fs::write(site.join("app-1f.js"), build.name()).unwrap();
        }
        let folders = stamp(&sites).unwrap();
        let html = fs::read_to_string(sites[0].0.join("index.html")).unwrap();
        for (name, (_, build)) in folders.iter().zip(&sites) {
            let code = sites[0].0.join(name).join("app-1f.js");
            assert_eq!(fs::read_to_string(code).unwrap(), build.name());
            assert!(html.contains(&format!(r#"content="{name}/""#)));
        }
        assert!(html.find("build-simd-") < html.find("build-plain-"));
        fs::remove_dir_all(folder).unwrap();
    }
}

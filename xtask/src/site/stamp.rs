//! Moves the built code into a folder named after its content, and tells the page that name.
//!
//! Trunk gives the workers' files fixed names. After a deploy a browser could then run yesterday's
//! wasm from its cache with today's JavaScript. All code therefore lives in `build-<hash>/`: files
//! of two builds never share an address.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Failure, Outcome, because};
use crate::workspace::{self, Hash};

/// The attribute in `index.html` that names the folder; empty as Trunk leaves it.
const UNSTAMPED: &str = r#"name="mapposter-build" content="""#;

/// Moves the JavaScript and wasm of `site` into `build-<hash>/` and returns that folder's name.
pub fn stamp(site: &Path) -> Outcome<String> {
    let page = site.join("index.html");
    let html = fs::read_to_string(&page).map_err(because("could not read the built index.html"))?;
    let code = code_files(site)?;
    let mut hash = Hash::new();
    for file in &code {
        hash.add(file.as_os_str().as_encoded_bytes());
        hash.add(&fs::read(site.join(file)).map_err(because(file.display()))?);
    }
    let build = format!("build-{}", hash.hex());
    for file in &code {
        let target = site.join(&build).join(file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(because(folder.display()))?;
        }
        fs::rename(site.join(file), &target).map_err(because(target.display()))?;
    }
    let _ = fs::remove_dir_all(site.join("snippets"));
    let html = point_to(&without_comments(&html), &code, &build)?;
    fs::write(&page, html).map_err(because("could not write the built index.html"))?;
    Ok(build)
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

/// The comments explain the source; a visitor need not load them.
fn without_comments(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept += before.trim_end();
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The page's text with the folder's name in its meta element and before each code file.
fn point_to(html: &str, code: &[PathBuf], build: &str) -> Outcome<String> {
    if !html.contains(UNSTAMPED) {
        return Err(Failure(format!("index.html has lost its `<meta {UNSTAMPED} />`.")));
    }
    let stamped = UNSTAMPED.replace(r#"content="""#, &format!(r#"content="{build}/""#));
    let mut html = html.replace(UNSTAMPED, &stamped);
    for file in code {
        let name = file.to_string_lossy();
        html = html.replace(&format!("./{name}"), &format!("./{build}/{name}"));
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<meta name="mapposter-build" content=""><script type="module">
import init from './app-1f.js'; init({ module_or_path: './app-1f_bg.wasm' });</script>
<link rel="modulepreload" href="./app-1f.js"><link rel="stylesheet" href="./style-2.css">"#;

    fn pointed() -> String {
        let code = ["app-1f.js", "app-1f_bg.wasm", "worker.js"].map(PathBuf::from);
        point_to(PAGE, &code, "build-7").unwrap()
    }

    #[test]
    fn the_page_names_the_folder() {
        assert!(pointed().contains(r#"name="mapposter-build" content="build-7/""#));
    }

    #[test]
    fn every_link_to_code_goes_through_the_folder() {
        let html = pointed();
        assert_eq!(html.matches("./build-7/app-1f.js").count(), 2);
        assert_eq!(html.matches("./build-7/app-1f_bg.wasm").count(), 1);
        assert!(!html.contains("'./app-1f") && !html.contains("\"./app-1f"));
        assert!(html.contains("\"./style-2.css\""));
    }

    #[test]
    fn comments_go_and_all_else_stays() {
        assert_eq!(without_comments("<a>\n <!-- one\n two -->\n<b><!----><c>"), "<a>\n<b><c>");
        assert_eq!(without_comments(PAGE), PAGE);
    }

    #[test]
    fn a_page_without_the_meta_element_is_refused() {
        assert!(point_to("<html></html>", &[], "build-7").is_err());
    }
}

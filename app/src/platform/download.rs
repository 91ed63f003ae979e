//! Parts of a file → a file in the visitor's downloads.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::page;

/// How long a finished file stays reachable, ms: some browsers read it after the click.
const KEPT_MS: i32 = 60_000;

/// Saves the parts under `name`; `None` where the browser refused.
pub fn save(parts: &[ArrayBuffer], name: &str, mime: &str) -> Option<()> {
    let list: Array = parts.iter().collect();
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&list, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = page::document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    wasm_bindgen_futures::spawn_local(async move {
        page::sleep(KEPT_MS).await;
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}

/// A file's name: `helsinki-terracotta-300x400mm.png`, of letters any file system takes.
pub fn file_name(title: &str, theme: &str, width: f64, height: f64, extension: &str) -> String {
    let mut words = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !words.ends_with('-') && !words.is_empty() {
            words.push('-');
        }
    }
    let words = words.trim_end_matches('-');
    let words = if words.is_empty() { "poster" } else { words };
    let theme = theme.replace('_', "-");
    format!("{words}-{theme}-{width:.0}x{height:.0}mm.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_in_any_script() {
        let name = file_name(" São Paulo / SP ", "midnight_blue", 304.8, 406.4, "png");
        assert_eq!(name, "são-paulo-sp-midnight-blue-305x406mm.png");
        assert_eq!(file_name("東京", "noir", 300.0, 400.0, "pdf"), "東京-noir-300x400mm.pdf");
        assert_eq!(file_name("…", "noir", 300.0, 400.0, "svg"), "poster-noir-300x400mm.svg");
    }
}

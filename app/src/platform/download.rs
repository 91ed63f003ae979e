//! A finished file → a file in the visitor's downloads.

use render_core::design::length::LengthUnit;
use render_core::design::{Design, PaperSize};
use render_core::page::paper::unit_of;
use wasm_bindgen::prelude::*;
use web_sys::HtmlAnchorElement;

use super::page;

/// Saves what is at an address of the browser's own under `name`; `None` where it refused.
pub fn save(url: &str, name: &str) -> Option<()> {
    let link: HtmlAnchorElement = page::document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(url);
    link.set_download(name);
    link.click();
    Some(())
}

/// A file's name: `helsinki-terracotta-300x400mm.png`, of letters any file system takes. A screen's
/// size is told in its pixels.
pub fn file_name(design: &Design, theme: &str, extension: &str) -> String {
    let (PaperSize { width, height }, dpi) = (design.paper, design.dpi);
    let unit = unit_of(width, height, dpi);
    let [width, height] = [width, height].map(|side| match unit {
        LengthUnit::Mm => format!("{side:.0}"),
        unit => unit.words(side, dpi),
    });
    let size = format!("{width}x{height}{}", unit.name());
    named_file(design.title(), theme, &size, extension)
}

fn named_file(title: &str, theme: &str, size: &str, extension: &str) -> String {
    let words = words(title);
    let theme = theme.replace('_', "-");
    format!("{words}-{theme}-{size}.{extension}")
}

/// A title's letters and numbers, with dashes for all else.
pub fn words(title: &str) -> String {
    let mut words = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !words.ends_with('-') && !words.is_empty() {
            words.push('-');
        }
    }
    let words = words.trim_end_matches('-');
    if words.is_empty() { "poster".to_owned() } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use render_core::page::paper::parse_size;

    use super::*;

    #[test]
    fn a_name_is_plain_in_any_script() {
        let name = |title: &str, paper: &str| {
            let size = parse_size(paper).unwrap();
            let mut design = Design::default();
            design.paper = PaperSize { width: size.width, height: size.height };
            design.dpi = size.dpi.unwrap_or(design.dpi);
            design.texts.title = Some(title.into());
            file_name(&design, "midnight_blue", "png")
        };
        assert_eq!(name(" São Paulo / SP ", "12x16in"), "são-paulo-sp-midnight-blue-305x406mm.png");
        assert_eq!(name("東京", "a4"), "東京-midnight-blue-210x297mm.png");
        assert_eq!(name("…", "story"), "poster-midnight-blue-1080x1920px.png");
    }
}

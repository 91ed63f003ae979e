//! Bytes of a theme file → [`Theme`], with a warning for each value that could not be used.
//!
//! The format is JSON, described in `public/themes/README.md`; the original 13-key themes of
//! maptoposter are a subset of it.

use std::fmt;

use serde_json::Value;

use super::{ColorKey, Given, Theme, TunnelStyle, derive};
use crate::color::Color;
use crate::error::{Warned, Warning};

/// Newest version of the format this reader knows.
pub const VERSION: u64 = 1;
/// Code of the warning about a colour that is none, so that one is derived from the others.
pub const BAD_COLOR: &str = "W-THEME-COLOR";
/// Longest theme file, bytes; a real one has about 600.
pub const MAX_BYTES: usize = 256 * 1024;
/// Longest name or description kept, characters.
const MAX_CHARS: usize = 300;

/// Why a file is no theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThemeError {
    /// Not JSON at all: choose another file.
    NotJson {
        /// Where and why, in the parser's words.
        what: String,
    },
    /// JSON, but a list, a number…: choose another file.
    NotATheme,
    /// Too long to be a theme.
    TooLarge {
        /// Its length, bytes.
        found: usize,
    },
    /// It names none of the colours we know.
    NoColors,
    /// Made for a later MapPoster: reload the app.
    NewerVersion {
        /// The file's version.
        found: u64,
    },
}

impl ThemeError {
    /// A stable code for messages and bug reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "E-THEME-NOT-JSON",
            Self::NotATheme => "E-THEME-SHAPE",
            Self::TooLarge { .. } => "E-THEME-TOO-LARGE",
            Self::NoColors => "E-THEME-NO-COLORS",
            Self::NewerVersion { .. } => "E-THEME-NEWER",
        }
    }
}

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { what } => write!(f, "the theme file is not JSON: {what}"),
            Self::NotATheme => {
                write!(f, "the theme file is JSON, but not a list of colours by name")
            }
            Self::TooLarge { found } => write!(
                f,
                "the theme file has {found} bytes, more than the {MAX_BYTES} a theme may have"
            ),
            Self::NoColors => {
                write!(f, "the theme file names no colour we know, such as \"bg\": \"#ffffff\"")
            }
            Self::NewerVersion { found } => write!(
                f,
                "the theme file has version {found}, and this MapPoster reads up to {VERSION}"
            ),
        }
    }
}

impl std::error::Error for ThemeError {}

/// Reads a theme file. `id` is its name in links, such as the file's name without `.json`.
///
/// # Errors
///
/// Where the bytes are no theme at all; single bad colours are warnings, and derived.
pub fn parse(bytes: impl AsRef<[u8]>, id: &str) -> Result<Warned<Theme>, ThemeError> {
    let bytes = bytes.as_ref();
    if bytes.len() > MAX_BYTES {
        return Err(ThemeError::TooLarge { found: bytes.len() });
    }
    // Editors on Windows still write a byte order mark, which JSON forbids.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // serde_json itself refuses nesting deeper than 128.
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ThemeError::NotJson { what: error.to_string() })?;
    from_value(&value, id)
}

/// As [`parse`], for a theme that is part of a larger JSON document.
///
/// # Errors
///
/// As [`parse`], except for what concerns bytes.
pub fn from_value(value: &Value, id: &str) -> Result<Warned<Theme>, ThemeError> {
    let object = value.as_object().ok_or(ThemeError::NotATheme)?;
    let mut warnings = Vec::new();
    let odd_value = |what: String| Warning { code: "W-THEME-VALUE", element: None, what };

    match object.get("version") {
        None => {}
        Some(version) => match version.as_u64() {
            Some(found) if found > VERSION => return Err(ThemeError::NewerVersion { found }),
            Some(_) => {}
            None => {
                let what = format!("the theme's version is not a number: {}", shown(version));
                warnings.push(odd_value(what));
            }
        },
    }

    let mut given = Given::new();
    for key in ColorKey::ALL {
        let Some(value) = object.get(key.name()) else { continue };
        match value.as_str().and_then(Color::from_hex) {
            Some(color) => _ = given.insert(key, color),
            None => {
                let (name, shown) = (key.name(), shown(value));
                let what = format!("the theme's {name} is not a colour such as #1a3a5c: {shown}");
                warnings.push(Warning { code: BAD_COLOR, element: None, what });
            }
        }
    }
    if given.is_empty() {
        return Err(ThemeError::NoColors);
    }

    let text = |key: &str| object.get(key).and_then(Value::as_str).map(clean).unwrap_or_default();
    let name = match text("name") {
        name if name.is_empty() => id.to_owned(),
        name => name,
    };
    let tunnels = match object.get("tunnels").map(|value| (value, value.as_str())) {
        None | Some((_, Some("faded"))) => TunnelStyle::Faded,
        Some((_, Some("dashed"))) => TunnelStyle::Dashed,
        Some((value, _)) => {
            let what =
                format!("the theme's tunnels are neither faded nor dashed: {}", shown(value));
            warnings.push(odd_value(what));
            TunnelStyle::Faded
        }
    };
    let theme = Theme { tunnels, ..derive::resolve(id, &name, &text("description"), given) };
    if super::lab::contrast(theme.text, theme.background) < 3.0 {
        warnings.push(odd_value(format!(
            "the theme's text {} is hard to read on its background {}",
            theme.text.to_hex(),
            theme.background.to_hex()
        )));
    }
    Ok(Warned { output: theme, warnings })
}

/// One line, no control characters, not endless.
fn clean(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect()
}

/// The beginning of a value, for a message.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::FeatureKind;

    const ORIGINAL: &str = r##"{
        "name": "Noir", "description": "Pure black background with white roads",
        "bg": "#000000", "text": "#FFFFFF", "gradient_color": "#000000",
        "water": "#0A0A0A", "parks": "#111111", "road_motorway": "#FFFFFF",
        "road_primary": "#E0E0E0", "road_secondary": "#B0B0B0", "road_tertiary": "#808080",
        "road_residential": "#505050", "road_default": "#808080"
    }"##;

    fn code(text: &str) -> &'static str {
        parse(text, "x").unwrap_err().code()
    }

    #[test]
    fn an_original_theme_opens_unchanged() {
        let read = parse(ORIGINAL, "noir").unwrap();
        assert_eq!(read.warnings, []);
        let theme = read.output;
        assert_eq!((theme.id.as_str(), theme.name.as_str()), ("noir", "Noir"));
        assert_eq!(theme.color(FeatureKind::Water).to_hex(), "#0a0a0a");
        assert_eq!(theme.color(FeatureKind::Residential).to_hex(), "#505050");
        assert_eq!(theme.color(FeatureKind::Trunk), theme.color(FeatureKind::Primary));
        assert!(theme.is_dark());
    }

    #[test]
    fn what_is_no_theme_is_refused_with_its_reason() {
        assert_eq!(code("<html>"), "E-THEME-NOT-JSON");
        assert_eq!(code(""), "E-THEME-NOT-JSON");
        assert_eq!(code("{\"bg\": \"#fff\""), "E-THEME-NOT-JSON");
        assert_eq!(code(&"[".repeat(100_000)), "E-THEME-NOT-JSON");
        assert_eq!(code("[1, 2]"), "E-THEME-SHAPE");
        assert_eq!(code("{}"), "E-THEME-NO-COLORS");
        assert_eq!(code("{\"bg\": \"reddish\"}"), "E-THEME-NO-COLORS");
        assert_eq!(code("{\"version\": 2, \"bg\": \"#fff\"}"), "E-THEME-NEWER");
        assert_eq!(code(&" ".repeat(MAX_BYTES + 1)), "E-THEME-TOO-LARGE");
        assert_eq!(parse(b"\xff\xfe{}", "x").unwrap_err().code(), "E-THEME-NOT-JSON");
    }

    #[test]
    fn a_bad_colour_is_a_warning_and_derived() {
        let text = r##"{"bg": "#fff", "text": "#222", "water": 7, "parks": "green", "x": [[{}]]}"##;
        let read = parse(text, "x").unwrap();
        assert_eq!(read.warnings.len(), 2);
        assert!(read.warnings[0].what.contains("parks") || read.warnings[0].what.contains("water"));
        assert_ne!(read.output.color(FeatureKind::Water), read.output.background);
    }

    #[test]
    fn tunnels_are_faded_unless_the_theme_says_dashed() {
        let read = |value: &str| {
            let read = parse(format!(r##"{{"bg": "#fff", "tunnels": {value}}}"##), "x").unwrap();
            (read.output.tunnels, read.warnings.len())
        };
        assert_eq!(read("\"dashed\""), (TunnelStyle::Dashed, 0));
        assert_eq!(read("\"faded\""), (TunnelStyle::Faded, 0));
        assert_eq!(read("7"), (TunnelStyle::Faded, 1));
        let dashed = parse(r##"{"bg": "#fff", "tunnels": "dashed"}"##, "x").unwrap().output;
        assert_eq!(dashed.with_overrides(&[].into()).tunnels, TunnelStyle::Dashed);
    }

    #[test]
    fn paper_and_ink_are_found_where_one_is_missing() {
        let dark = parse(r##"{"text": "#ffeecc"}"##, "x").unwrap().output;
        assert_eq!(dark.background.to_hex(), "#000000");
        let light = parse(r##"{"bg": "#f4f0e8"}"##, "x").unwrap().output;
        assert_eq!(light.text.to_hex(), "#000000");
    }

    #[test]
    fn unreadable_text_is_told() {
        let read = parse(r##"{"bg": "#808080", "text": "#8a8a8a"}"##, "x").unwrap();
        assert_eq!(read.warnings.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(key in "bg|text|water|rail", value in ".{0,12}", id in ".{0,8}") {
            let _ = parse(&value, &id);
            let document = serde_json::json!({ key: value, "name": id, "parks": "#123456" });
            proptest::prop_assert!(parse(document.to_string(), &id).is_ok());
        }
    }
}

//! The themes one can choose: the built-in ones, and one opened from a file.

use mapposter_app::failure::Failure;
use render_core::color::Color;
use render_core::design::ThemeChoice;
use render_core::theme::builtin::BUILTIN;
use render_core::theme::file::MAX_BYTES;
use serde_json::Value;

/// What a swatch shows of a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Swatch {
    /// Its id in designs.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// One sentence about its look.
    pub description: String,
    /// Paper, ink, water, parks, motorways, streets.
    pub colors: [Color; 6],
}

/// The id of a theme from a file.
pub const OPENED: &str = "opened";

const KEYS: [&str; 6] = ["bg", "text", "water", "parks", "road_motorway", "road_tertiary"];

impl Swatch {
    fn new(id: &str, theme: &Value) -> Self {
        let text =
            |key: &str| theme.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let paper = Color::from_hex(&text("bg")).unwrap_or(Color::new(255, 255, 255));
        let name = Some(text("name")).filter(|name| !name.is_empty());
        Self {
            id: id.to_owned(),
            name: name.unwrap_or_else(|| id.to_owned()),
            description: text("description"),
            colors: KEYS.map(|key| Color::from_hex(&text(key)).unwrap_or(paper)),
        }
    }
}

/// The built-in themes' swatches.
pub fn builtin() -> Vec<Swatch> {
    let value = |json: &str| serde_json::from_str(json).unwrap_or(Value::Null);
    BUILTIN.iter().map(|(id, json)| Swatch::new(id, &value(json))).collect()
}

/// The swatch of a theme from a file.
pub fn inline(theme: &Value) -> Swatch {
    Swatch { id: OPENED.into(), ..Swatch::new("Opened theme", theme) }
}

/// A choice's id and file, as the workers take it. An id of a later version falls back to the
/// first theme rather than to none.
pub fn file_of(choice: &ThemeChoice) -> (String, String) {
    match choice {
        ThemeChoice::Inline(theme) => (OPENED.into(), theme.to_string()),
        ThemeChoice::Named(id) => {
            let found = BUILTIN.iter().find(|(name, _)| name == id);
            let (id, json) = found.copied().unwrap_or(BUILTIN[0]);
            (id.into(), json.into())
        }
    }
}

/// The name of the theme that is shown where this version knows none of this id.
pub fn instead_of(id: &str) -> Option<String> {
    let is_known = BUILTIN.iter().any(|(name, _)| *name == id);
    (!is_known).then(|| builtin().swap_remove(0).name)
}

/// Refused before it is read: no theme is so long.
pub fn check_size(bytes: f64) -> Result<(), Failure> {
    if bytes <= MAX_BYTES as f64 {
        return Ok(());
    }
    let what = format!("The file is {:.0} kB long; a theme has one or two.", bytes / 1000.0);
    Err(Failure::new("E-THEME-TOO-LARGE", what, "Choose a theme file in JSON."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_theme_has_a_swatch_of_its_own() {
        let swatches = builtin();
        assert_eq!(swatches.len(), 18);
        for swatch in &swatches {
            assert_ne!(swatch.colors[0], swatch.colors[1], "{}", swatch.id);
            assert!(!swatch.name.is_empty() && !swatch.description.is_empty(), "{}", swatch.id);
        }
    }
}

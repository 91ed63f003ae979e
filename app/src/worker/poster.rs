//! A [`Poster`] message → the design, theme and lines of text that `render_core` takes.

use std::cell::RefCell;

use render_core::design::Design;
use render_core::error::Warning;
use render_core::text::{ShapedTexts, shaped};
use render_core::theme::{Theme, file};

use super::protocol::{Poster, Texts};
use super::source::text_file;
use crate::failure::{Failure, sentence};

/// The lines of text of the last poster: they stay while colours and places change.
#[derive(Default)]
pub struct TextsCache {
    last: RefCell<Option<(Texts, ShapedTexts)>>,
}

impl TextsCache {
    /// The lines a poster names.
    ///
    /// # Errors
    /// Where their file is not there or is none.
    pub async fn get(&self, texts: &Texts) -> Result<ShapedTexts, Failure> {
        if let Some((of, shaped)) = &*self.last.borrow()
            && of == texts
        {
            return Ok(shaped.clone());
        }
        let shaped: ShapedTexts = match texts {
            Texts::Baked { url } => read(&text_file(url).await?)?,
            Texts::Shaped { json } => read(json)?,
        };
        *self.last.borrow_mut() = Some((texts.clone(), shaped.clone()));
        Ok(shaped)
    }
}

fn read(json: &str) -> Result<ShapedTexts, Failure> {
    shaped::read(json.as_bytes()).ok_or_else(|| {
        let what = "The poster's lines of text could not be read.";
        Failure::new("E-TEXTS", what, "Reload the page to get files of one version.")
    })
}

impl Poster {
    /// The design it was sent with; what is odd in it was repaired by the UI already.
    ///
    /// # Errors
    /// Where it is no design.
    pub fn design(&self) -> Result<Design, Failure> {
        Ok(Design::from_json(&self.design)?.output)
    }

    /// Its design, and its theme in the design's own colours.
    ///
    /// # Errors
    /// Where a text is none.
    pub fn design_and_theme(&self) -> Result<(Design, Theme), Failure> {
        let design = self.design()?;
        let theme = in_own_colors(read_theme(&self.theme, &self.theme_id)?, &design);
        Ok((design, theme))
    }
}

/// A theme with what a design has colours of its own for.
pub fn in_own_colors(theme: Theme, design: &Design) -> Theme {
    if design.colors.is_empty() { theme } else { theme.with_overrides(&design.colors) }
}

/// A theme file's text as a theme; what is odd in it was told when the file was opened.
///
/// # Errors
/// Where the text is none.
pub fn read_theme(text: &str, id: &str) -> Result<Theme, Failure> {
    Ok(file::parse(text, id)?.output)
}

/// Themes that were read: deriving what a file leaves out takes milliseconds.
#[derive(Default)]
pub struct Themes {
    /// Id, file and theme, the newest last.
    read: Vec<(String, String, Theme)>,
}

impl Themes {
    /// All built-in ones and some of a person's own.
    const MOST: usize = 24;

    /// As [`read_theme`].
    ///
    /// # Errors
    /// Where the text is none.
    pub fn get(&mut self, text: &str, id: &str) -> Result<Theme, Failure> {
        let found = self.read.iter().find(|(of, file, _)| of == id && file == text);
        if let Some((_, _, theme)) = found {
            return Ok(theme.clone());
        }
        let theme = read_theme(text, id)?;
        if self.read.len() >= Self::MOST {
            self.read.remove(0);
        }
        self.read.push((id.to_owned(), text.to_owned(), theme.clone()));
        Ok(theme)
    }
}

/// What is odd in a theme file, in sentences.
///
/// # Errors
/// Where the text is no theme at all.
pub fn theme_remarks(text: &str) -> Result<Vec<String>, Failure> {
    let warnings = file::parse(text, "")?.warnings;
    Ok(warnings.iter().map(theme_remark).collect())
}

fn theme_remark(warning: &Warning) -> String {
    let instead = match warning.code {
        file::BAD_COLOR => " One derived from its other colours is used instead.",
        _ => "",
    };
    format!("{}{instead}", sentence(&warning.what))
}

#[cfg(test)]
mod tests {
    use render_core::color::Color;
    use render_core::kind::FeatureKind;
    use render_core::theme::builtin;

    use super::*;

    #[test]
    fn a_poster_is_in_the_colours_of_its_design() {
        let poster = |design: &str| Poster {
            design: design.to_owned(),
            theme_id: "noir".into(),
            theme: builtin::BUILTIN.iter().find(|(id, _)| *id == "noir").unwrap().1.into(),
            texts: Texts::Shaped { json: String::new() },
        };
        let (_, plain) = poster("{}").design_and_theme().unwrap();
        assert_eq!(plain, builtin::theme("noir").unwrap());
        let (_, own) = poster(r##"{"colors":{"water":"#ff0000"}}"##).design_and_theme().unwrap();
        assert_eq!(own.color(FeatureKind::Water), Color::new(255, 0, 0));
        assert_eq!(own.background, plain.background);
    }

    #[test]
    fn what_is_no_theme_is_refused_with_a_code() {
        assert_eq!(theme_remarks("<html>").unwrap_err().code, "E-THEME-NOT-JSON");
        assert_eq!(theme_remarks("[1]").unwrap_err().code, "E-THEME-SHAPE");
        assert_eq!(theme_remarks(r##"{"bg":"#ffffff"}"##), Ok(vec![]));
    }

    #[test]
    fn a_theme_is_read_once_and_never_for_another() {
        let mut themes = Themes::default();
        let mut get = |bg: &str, id: &str| {
            let theme = themes.get(&format!(r#"{{"bg":"{bg}"}}"#), id).unwrap();
            (theme.background, theme.id, themes.read.len())
        };
        let red = get("#ff0000", "mine");
        assert_eq!(get("#ff0000", "mine"), red);
        assert_ne!(get("#0000ff", "mine").0, red.0);
        assert_eq!(get("#ff0000", "yours").1, "yours");
        for i in 0..2 * Themes::MOST {
            assert!(get("#ff0000", &i.to_string()).2 <= Themes::MOST);
        }
        assert_eq!(themes.get("<html>", "mine").unwrap_err().code, "E-THEME-NOT-JSON");
    }

    #[test]
    fn a_colour_that_is_none_is_named_with_what_takes_its_place() {
        let remarks = theme_remarks(r##"{"bg":"#fff","parks":"greenish"}"##).unwrap();
        assert_eq!(
            remarks,
            ["The theme's parks is not a colour such as #1a3a5c: \"greenish\". \
              One derived from its other colours is used instead."]
        );
        let faint = theme_remarks(r##"{"bg":"#808080","text":"#8a8a8a"}"##).unwrap();
        assert_eq!(faint.len(), 1);
        assert!(faint[0].ends_with("is hard to read on its background #808080."), "{faint:?}");
    }
}

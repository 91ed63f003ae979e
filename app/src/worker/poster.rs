//! A [`Poster`] message → the design, theme and lines of text that `render_core` takes.

use std::cell::RefCell;

use render_core::design::Design;
use render_core::text::{ShapedTexts, shaped};
use render_core::theme::{Theme, file};

use super::protocol::{Poster, Texts};
use super::source::text_file;
use crate::failure::Failure;

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

    /// Its theme.
    ///
    /// # Errors
    /// Where the text is no theme.
    pub fn theme(&self) -> Result<Theme, Failure> {
        read_theme(&self.theme, &self.theme_id)
    }
}

/// A theme file's text as a theme.
///
/// # Errors
/// Where the text is none.
pub fn read_theme(text: &str, id: &str) -> Result<Theme, Failure> {
    Ok(file::parse(text, id)?.output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_theme_is_refused_with_a_code() {
        assert_eq!(read_theme("<html>", "").unwrap_err().code, "E-THEME-NOT-JSON");
        assert_eq!(read_theme("[1]", "").unwrap_err().code, "E-THEME-SHAPE");
        assert!(read_theme(r##"{"bg":"#ffffff"}"##, "").is_ok());
    }
}

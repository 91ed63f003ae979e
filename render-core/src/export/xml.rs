//! Any string → text XML 1.0 allows. Every string in an SVG or XMP goes through [`Xml`].

use std::fmt;

/// Shows a string escaped for element content and for attributes in double quotes; characters
/// that XML 1.0 cannot hold even escaped are left out.
#[derive(Debug, Clone, Copy)]
pub struct Xml<'a>(pub &'a str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut plain = 0;
        for (at, character) in self.0.char_indices() {
            let written = match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                // Raw, a reader turns these into spaces inside an attribute.
                '\t' => "&#9;",
                '\n' => "&#10;",
                '\r' => "&#13;",
                '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => "",
                _ => continue,
            };
            f.write_str(self.0.get(plain..at).unwrap_or(""))?;
            f.write_str(written)?;
            plain = at + character.len_utf8();
        }
        f.write_str(self.0.get(plain..).unwrap_or(""))
    }
}

/// A name as an XML id: letters, digits, `-`, `_`; never empty, never starting with a digit.
pub fn id(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let id: String = name.chars().map(keep).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("i{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_what_xml_cannot_hold_is_left_out() {
        let odd = "a<b> & \"c\"\u{0}\u{1b}\u{ffff}\nथे 😀";
        assert_eq!(Xml(odd).to_string(), "a&lt;b&gt; &amp; &quot;c&quot;&#10;थे 😀");
    }

    #[test]
    fn ids_are_names() {
        assert_eq!(id("motorway casing"), "motorway-casing");
        assert_eq!(id("2nd"), "i2nd");
        assert_eq!(id(""), "i");
    }
}

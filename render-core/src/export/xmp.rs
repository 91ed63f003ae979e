//! A poster's metadata → XMP, the one form that PNG, SVG and PDF all hold. In it is the design,
//! which [`crate::design::embedded`] finds again.

use super::xml::Xml;
use crate::design::embedded::{END, START, as_markup};

/// Namespaces of what is written, as attributes.
const NAMESPACES: &str = "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
    xmlns:mapposter=\"urn:mapposter:1.0:\"";

/// Whose the map is, also where a poster has been cut to what does not say so.
const RIGHTS: &str = "Map data © OpenStreetMap contributors, Open Database License 1.0";

/// What is said of a file.
#[derive(Debug, Clone, Copy)]
pub struct Metadata<'a> {
    /// The document's title.
    pub title: &'a str,
    /// The file's type, as MIME has it.
    pub format: &'a str,
    /// The design as JSON, if the file is to reopen.
    pub design: Option<&'a str>,
}

impl Metadata<'_> {
    /// One RDF element, for an SVG's metadata; `more` is of other namespaces, which it declares.
    pub fn rdf(&self, more: &str) -> String {
        let (title, format) = (Xml(self.title), Xml(self.format));
        let design = self
            .design
            .map_or(String::new(), |design| format!("{START}{}{END}", as_markup(design)));
        format!(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" {NAMESPACES}>\
             <dc:format>{format}</dc:format>\
             <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
             <dc:rights><rdf:Alt><rdf:li xml:lang=\"x-default\">{RIGHTS}</rdf:li></rdf:Alt></dc:rights>\
             <xmp:CreatorTool>MapPoster</xmp:CreatorTool>{design}\
             </rdf:Description>{more}</rdf:RDF>"
        )
    }

    /// A whole packet, for a PNG or PDF.
    pub fn packet(&self, more: &str) -> String {
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">{}</x:xmpmeta>\n<?xpacket end=\"r\"?>",
            self.rdf(more)
        )
    }
}

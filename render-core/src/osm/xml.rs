//! OSM XML, in parts as a file is read → [`OsmData`].
//!
//! Memory holds the result and the tag that a part's end cut in two, never the text.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::builder::{Limits, OsmDataBuilder};
use super::rest::Rest;
use super::{ElementKind, OsmData, Role};
use crate::error::{ReadError, Warning};
use crate::lonlat::{Bbox, LonLat};

/// A tag longer than this is no OSM data; what is cut by a part's end is scanned again.
const LONGEST_TAG: usize = 256 << 10;

const LONGEST_REMARK: usize = 500;

/// Reads one file.
pub struct XmlReader {
    rest: Rest,
    elements: Elements,
}

impl XmlReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let elements = Elements {
            builder: OsmDataBuilder::new(limits),
            place: Place::Start,
            element: None,
            nodes: Vec::new(),
            member: None,
            remark: None,
            most_nodes: limits.vertices,
        };
        Self { rest: Rest::default(), elements }
    }

    /// Takes the next bytes. After an error the reader is of no more use.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let Self { rest, elements } = self;
        rest.feed(bytes, |text| elements.read(text))?;
        if rest.bytes().len() > LONGEST_TAG {
            return Err(malformed(&format!("a tag of more than {LONGEST_TAG} bytes")));
        }
        Ok(())
    }

    /// Ends the file and gives the data.
    pub fn finish(self, warnings: &mut Vec<Warning>) -> Result<OsmData, ReadError> {
        match self.elements.place {
            Place::End if self.rest.bytes().trim_ascii().is_empty() => {
                self.elements.builder.finish(warnings)
            }
            Place::End => Err(malformed("there is more text after the end")),
            Place::Start | Place::Osm => Err(ReadError::Truncated),
        }
    }
}

/// Where in the file the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Osm,
    End,
}

/// Follows the tags of one file. Whatever it does not know it skips.
struct Elements {
    builder: OsmDataBuilder,
    place: Place,
    /// The open node, way or relation.
    element: Option<Element>,
    /// Nodes of the open way: their ids, and their places where the file gives them here.
    nodes: Vec<(Option<i64>, Option<LonLat>)>,
    /// The open way of a relation, whose vertices may follow.
    member: Option<(i64, Role)>,
    /// What the server that wrote the file had to say.
    remark: Option<String>,
    most_nodes: u32,
}

struct Element {
    kind: ElementKind,
    id: i64,
    place: Option<LonLat>,
    /// Deleted in an editor, or before the file was written.
    is_gone: bool,
}

impl Elements {
    /// Follows the whole tags at the beginning of a text; returns how many bytes they are.
    fn read(&mut self, text: &[u8]) -> Result<usize, ReadError> {
        let text = match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => {
                let whole = text.get(..error.valid_up_to()).unwrap_or(&[]);
                std::str::from_utf8(whole).unwrap_or_default()
            }
            Err(_) => return Err(malformed("it is not in UTF-8")),
        };
        // The reader would pass over these too, and not count them.
        let n_marks = text.len() - text.trim_start_matches('\u{FEFF}').len();
        let text = text.get(n_marks..).unwrap_or_default();
        let mut reader = Reader::from_str(text);
        // Each part is read by itself: what it closes may have been opened in another.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        reader.config_mut().allow_dangling_amp = true;
        let mut n_read = 0;
        // A tag that is not whole is an error; if it is one, the next part does not mend it.
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(tag) => self.open(&tag)?,
                Event::Empty(tag) => {
                    self.open(&tag)?;
                    self.close(tag.name().0)?;
                }
                Event::End(tag) => self.close(tag.name().0)?,
                Event::Text(text) => {
                    if let Some(remark) = &mut self.remark {
                        remark.extend(text.chars().take(LONGEST_REMARK));
                    }
                }
                Event::Eof => break,
                _ => {}
            }
            n_read = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        }
        Ok(n_marks + n_read.min(text.len()))
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        match (self.place, tag.name().0) {
            (Place::Start, "osm") => self.place = Place::Osm,
            (Place::Start, "osmChange") => {
                let what = "it is a list of changes (osmChange), not a map".to_owned();
                return Err(ReadError::Unsupported { what });
            }
            (Place::Start, other) => {
                return Err(ReadError::not_osm_data(format!("<{other}").as_bytes()));
            }
            (Place::End, _) => return Err(malformed("there is more after its end")),
            (Place::Osm, "bounds") => {
                if let Some(area) = bounds(tag) {
                    self.builder.set_area(area);
                }
            }
            (Place::Osm, "meta") => {
                if let Some(timestamp) = text(tag, "osm_base") {
                    self.builder.set_timestamp(&timestamp);
                }
            }
            (Place::Osm, "remark") => self.remark = Some(String::new()),
            (Place::Osm, "node") => self.begin(ElementKind::Node, tag),
            (Place::Osm, "way") => self.begin(ElementKind::Way, tag),
            (Place::Osm, "relation") => self.begin(ElementKind::Relation, tag),
            (Place::Osm, "tag") if self.element.is_some() => {
                if let (Some(key), Some(value)) = (text(tag, "k"), text(tag, "v")) {
                    self.builder.tag(&key, &value)?;
                }
            }
            (Place::Osm, "nd") if self.member.is_some() => self.builder.vertex(place(tag))?,
            (Place::Osm, "nd") if self.is_in(ElementKind::Way) => {
                let limit = u64::from(self.most_nodes);
                if self.nodes.len() as u64 >= limit {
                    let (found, unit) = (limit + 1, "node references");
                    return Err(ReadError::TooLarge { found, limit, unit });
                }
                self.nodes.push((number(tag, "ref"), place(tag)));
            }
            (Place::Osm, "member") if self.is_in(ElementKind::Relation) => {
                let is_way = text(tag, "type").as_deref() == Some("way");
                if let Some(id) = number(tag, "ref").filter(|_| is_way) {
                    let role = match text(tag, "role").as_deref() {
                        Some("outer") => Role::Outer,
                        Some("inner") => Role::Inner,
                        _ => Role::Other,
                    };
                    self.builder.begin_member();
                    self.member = Some((id, role));
                }
            }
            (Place::Osm, _) => {}
        }
        Ok(())
    }

    fn is_in(&self, kind: ElementKind) -> bool {
        self.element.as_ref().is_some_and(|element| element.kind == kind)
    }

    fn begin(&mut self, kind: ElementKind, tag: &BytesStart<'_>) {
        self.builder.discard();
        self.nodes.clear();
        self.member = None;
        let is_gone = text(tag, "action").as_deref() == Some("delete")
            || text(tag, "visible").as_deref() == Some("false");
        let element = |id| Element { kind, id, place: place(tag), is_gone };
        self.element = number(tag, "id").map(element);
    }

    fn close(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "osm" if self.place == Place::Osm => self.place = Place::End,
            "remark" => {
                if let Some(remark) = self.remark.take().filter(|remark| !remark.is_empty()) {
                    return Err(ReadError::ServerRemark { remark });
                }
            }
            "member" => {
                if let Some((id, role)) = self.member.take() {
                    self.builder.end_member(id, role)?;
                }
            }
            "node" | "way" | "relation" => {
                if let Some(element) = self.element.take() {
                    self.end(&element)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, element: &Element) -> Result<(), ReadError> {
        match element.kind {
            _ if element.is_gone => self.builder.discard(),
            ElementKind::Node => match element.place {
                Some(place) => self.builder.end_node(element.id, place)?,
                None => self.builder.discard(),
            },
            ElementKind::Way => {
                // Places on the ways themselves, as Overpass writes them with `out geom`.
                if self.nodes.iter().any(|(_, place)| place.is_some()) {
                    self.builder.begin_geometry();
                    for (_, place) in &self.nodes {
                        self.builder.vertex(*place)?;
                    }
                    self.builder.end_geometry();
                } else {
                    for id in self.nodes.iter().filter_map(|(id, _)| *id) {
                        self.builder.node_ref(id)?;
                    }
                }
                self.builder.end_way(element.id)?;
            }
            ElementKind::Relation => self.builder.end_relation(element.id)?,
        }
        self.nodes.clear();
        Ok(())
    }
}

fn text(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    // That an attribute is not there twice is nobody's concern here.
    let mut attributes = attributes.with_checks(false).flatten();
    let attribute = attributes.find(|attribute| attribute.key.0 == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

fn number<T: std::str::FromStr>(tag: &BytesStart<'_>, name: &str) -> Option<T> {
    text(tag, name)?.parse().ok()
}

fn place(tag: &BytesStart<'_>) -> Option<LonLat> {
    LonLat::from_degrees(number(tag, "lon")?, number(tag, "lat")?)
}

fn bounds(tag: &BytesStart<'_>) -> Option<Bbox> {
    let [south, west, north, east] =
        ["minlat", "minlon", "maxlat", "maxlon"].map(|name| number::<f64>(tag, name));
    let (south, west, north, east) = (south?, west?, north?, east?);
    let is_on_globe = LonLat::from_degrees(west, south).is_some()
        && LonLat::from_degrees(east, north).is_some()
        && south < north;
    is_on_globe.then_some(Bbox { south, west, north, east })
}

fn malformed(what: &str) -> ReadError {
    ReadError::Malformed { what: format!("OSM XML: {what}") }
}

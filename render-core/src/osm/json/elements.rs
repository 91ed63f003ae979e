//! JSON events of an Overpass reply → elements in an [`OsmDataBuilder`].

use super::number::parse_e7;
use super::scan::{Event, Sink, run_len};
use super::way::{vertex, way};
use crate::error::{ReadError, Warning};
use crate::lonlat::LonLat;
use crate::osm::builder::{Limits, OsmDataBuilder};
use crate::osm::keys::key_id;
use crate::osm::{ElementKind, OsmData, OsmId, Role, StrId};

/// The array or object being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Top,
    Osm3s,
    Elements,
    Element,
    Tags,
    Refs,
    Geometry,
    Vertex,
    Members,
    Member,
    MemberGeometry,
    MemberVertex,
    End,
}

/// The last key read, if it is one that means something where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Unknown,
    Osm3s,
    Elements,
    Remark,
    TimestampOsmBase,
    Type,
    Id,
    Lat,
    Lon,
    Tags,
    Nodes,
    Geometry,
    Members,
    Role,
    Tag(StrId),
}

/// What an element or a member said of itself so far.
#[derive(Debug, Default)]
struct Named {
    kind: Option<ElementKind>,
    id: Option<i64>,
    role: Option<Role>,
}

/// Half-read coordinates; the outer `Option` tells absent from present but unusable.
#[derive(Debug, Default)]
struct Degrees {
    lon_e7: Option<i32>,
    lat_e7: Option<i32>,
}

impl Degrees {
    fn place(&self) -> Option<LonLat> {
        let (lon_e7, lat_e7) = (self.lon_e7?, self.lat_e7?);
        let on_globe = lon_e7.abs() <= 1_800_000_000 && lat_e7.abs() <= 900_000_000;
        on_globe.then_some(LonLat { lon_e7, lat_e7 })
    }
}

/// Follows the events of one reply. Whatever it does not know it skips.
#[derive(Debug)]
pub(super) struct Elements {
    builder: OsmDataBuilder,
    place: Place,
    key: Key,
    /// How many arrays and objects deep we are inside something unknown.
    skipping: u32,
    element: Named,
    member: Named,
    degrees: Degrees,
    has_elements: bool,
}

impl Sink for Elements {
    /// Whole ways and vertices, in place of the events they are made of.
    fn values(&mut self, token: &[u8]) -> Result<usize, ReadError> {
        match self.place {
            _ if self.skipping > 0 => Ok(0),
            Place::Geometry | Place::MemberGeometry => run_len(token, |text| {
                let Some((place, rest)) = vertex(text) else { return Ok(None) };
                self.builder.vertex(Some(place))?;
                Ok(Some(rest))
            }),
            Place::Elements => run_len(token, |text| way(text, &mut self.builder)),
            _ => Ok(0),
        }
    }

    fn event(&mut self, event: Event<'_>, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        if self.skipping > 0 {
            match event {
                Event::StartObject | Event::StartArray => self.skipping += 1,
                Event::EndObject | Event::EndArray => self.skipping -= 1,
                _ => {}
            }
            return Ok(());
        }
        match event {
            Event::Key(key) => self.key(key),
            Event::Number(text) => self.number(text)?,
            Event::Text(text) => self.string(text, warnings)?,
            Event::Boolean(value) => self.tag_value(if value { "true" } else { "false" })?,
            Event::Null => self.null()?,
            Event::StartObject => self.start_object(),
            Event::StartArray => self.start_array(),
            Event::EndObject | Event::EndArray => self.end(warnings)?,
        }
        Ok(())
    }
}

impl Elements {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            builder: OsmDataBuilder::new(limits),
            place: Place::Start,
            key: Key::Unknown,
            skipping: 0,
            element: Named::default(),
            member: Named::default(),
            degrees: Degrees::default(),
            has_elements: false,
        }
    }

    /// How many elements have come.
    pub(super) fn n_elements(&self) -> u32 {
        self.builder.n_elements()
    }

    /// Goes on with another reply after so many elements; one that the last left open is dropped.
    pub(super) fn begin_reply(&mut self, n_elements: u32) {
        self.builder.discard();
        self.builder.count_from(n_elements);
        self.place = Place::Start;
        self.key = Key::Unknown;
        self.skipping = 0;
        self.element = Named::default();
        self.member = Named::default();
        self.degrees = Degrees::default();
        self.has_elements = false;
    }

    /// Whether the outermost object has closed.
    pub(super) fn is_complete(&self) -> bool {
        self.place == Place::End
    }

    /// Whether there was an `elements` array.
    pub(super) fn has_elements(&self) -> bool {
        self.has_elements
    }

    /// See [`OverpassReader::reserve`](super::OverpassReader::reserve).
    pub(super) fn reserve(&mut self, n_vertices: usize) {
        self.builder.reserve(n_vertices);
    }

    /// The whole elements so far.
    pub(super) fn data(&self) -> &OsmData {
        self.builder.data()
    }

    /// Hands the collection over.
    pub(super) fn into_builder(self) -> OsmDataBuilder {
        self.builder
    }

    fn key(&mut self, key: &str) {
        self.key = match (self.place, key) {
            (Place::Vertex | Place::MemberVertex | Place::Element, "lat") => Key::Lat,
            (Place::Vertex | Place::MemberVertex | Place::Element, "lon") => Key::Lon,
            (Place::Tags, key) => key_id(key.as_bytes()).map_or(Key::Unknown, Key::Tag),
            (Place::Element | Place::Member, "type") => Key::Type,
            (Place::Element, "id") | (Place::Member, "ref") => Key::Id,
            (Place::Element, "tags") => Key::Tags,
            (Place::Element, "nodes") => Key::Nodes,
            (Place::Element | Place::Member, "geometry") => Key::Geometry,
            (Place::Element, "members") => Key::Members,
            (Place::Member, "role") => Key::Role,
            (Place::Top, "osm3s") => Key::Osm3s,
            (Place::Top, "elements") => Key::Elements,
            (Place::Top, "remark") => Key::Remark,
            (Place::Osm3s, "timestamp_osm_base") => Key::TimestampOsmBase,
            _ => Key::Unknown,
        };
    }

    fn number(&mut self, text: &str) -> Result<(), ReadError> {
        match (self.place, self.key) {
            (Place::Vertex | Place::MemberVertex | Place::Element, Key::Lat) => {
                self.degrees.lat_e7 = parse_e7(text);
            }
            (Place::Vertex | Place::MemberVertex | Place::Element, Key::Lon) => {
                self.degrees.lon_e7 = parse_e7(text);
            }
            // A reference that is no integer finds no node, and is reported as missing.
            (Place::Refs, _) => self.builder.node_ref(text.parse().unwrap_or(i64::MIN))?,
            (Place::Element, Key::Id) => self.element.id = text.parse().ok(),
            (Place::Member, Key::Id) => self.member.id = text.parse().ok(),
            _ => self.tag_value(text)?,
        }
        Ok(())
    }

    fn string(&mut self, text: &str, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        match (self.place, self.key) {
            (Place::Element, Key::Type) => self.element.kind = element_kind(text),
            (Place::Member, Key::Type) => self.member.kind = element_kind(text),
            (Place::Member, Key::Role) => {
                self.member.role = Some(match text {
                    "outer" => Role::Outer,
                    "inner" => Role::Inner,
                    _ => Role::Other,
                });
            }
            (Place::Top, Key::Remark) => return self.remark(text, warnings),
            (Place::Osm3s, Key::TimestampOsmBase) => self.builder.set_timestamp(text),
            _ => self.tag_value(text)?,
        }
        Ok(())
    }

    /// A remark may stand after any number of good elements, which are then not all.
    fn remark(&mut self, text: &str, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        let lower = text.to_ascii_lowercase();
        // Parts of the sentence, because the server's wording has changed between versions.
        if ["error", "out of memory", "timed out"].iter().any(|sign| lower.contains(sign)) {
            return Err(ReadError::ServerRemark { remark: text.trim().to_owned() });
        }
        let what = format!("the server remarks: {}", text.trim());
        self.builder.warn(warnings, Warning { code: "W-REMARK", element: None, what });
        Ok(())
    }

    fn tag_value(&mut self, text: &str) -> Result<(), ReadError> {
        if let (Place::Tags, Key::Tag(key)) = (self.place, self.key) {
            self.builder.tag_by_id(key, text)?;
        }
        Ok(())
    }

    fn null(&mut self) -> Result<(), ReadError> {
        match self.place {
            Place::Geometry | Place::MemberGeometry => self.builder.vertex(None),
            _ => Ok(()),
        }
    }

    fn start_object(&mut self) {
        self.place = match (self.place, self.key) {
            (Place::Start, _) => Place::Top,
            (Place::Top, Key::Osm3s) => Place::Osm3s,
            (Place::Elements, _) => {
                self.element = Named::default();
                self.degrees = Degrees::default();
                Place::Element
            }
            // Nodes' tags are drawn by nobody, and would fill the string table.
            (Place::Element, Key::Tags) if self.element.kind != Some(ElementKind::Node) => {
                self.builder.begin_tags();
                Place::Tags
            }
            (Place::Geometry, _) => {
                self.degrees = Degrees::default();
                Place::Vertex
            }
            (Place::MemberGeometry, _) => {
                self.degrees = Degrees::default();
                Place::MemberVertex
            }
            (Place::Members, _) => {
                self.member = Named::default();
                self.builder.begin_member();
                Place::Member
            }
            (place, _) => {
                self.skipping = 1;
                place
            }
        };
    }

    fn start_array(&mut self) {
        self.place = match (self.place, self.key) {
            (Place::Top, Key::Elements) => {
                self.has_elements = true;
                Place::Elements
            }
            (Place::Element, Key::Nodes) => {
                self.builder.begin_refs();
                Place::Refs
            }
            (Place::Element, Key::Geometry) => {
                self.builder.begin_geometry();
                Place::Geometry
            }
            (Place::Element, Key::Members) => Place::Members,
            (Place::Member, Key::Geometry) => {
                // A repeated key replaces the first.
                self.builder.drop_member();
                Place::MemberGeometry
            }
            (place, _) => {
                self.skipping = 1;
                place
            }
        };
    }

    fn end(&mut self, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        self.key = Key::Unknown;
        self.place = match self.place {
            Place::Vertex => {
                self.end_vertex(warnings)?;
                Place::Geometry
            }
            Place::MemberVertex => {
                self.end_vertex(warnings)?;
                Place::MemberGeometry
            }
            Place::Geometry => {
                self.builder.end_geometry();
                Place::Element
            }
            Place::MemberGeometry => Place::Member,
            Place::Member => {
                match (self.member.kind, self.member.id) {
                    (Some(ElementKind::Way), Some(id)) => {
                        self.builder.end_member(id, self.member.role.unwrap_or(Role::Other))?;
                    }
                    _ => self.builder.drop_member(),
                }
                Place::Members
            }
            Place::Tags | Place::Refs | Place::Members => Place::Element,
            Place::Element => {
                self.end_element(warnings)?;
                Place::Elements
            }
            Place::Elements | Place::Osm3s => Place::Top,
            Place::Start | Place::Top | Place::End => Place::End,
        };
        Ok(())
    }

    fn end_vertex(&mut self, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        if let Some(place) = self.degrees.place() {
            return self.builder.vertex(Some(place));
        }
        self.warn_off_globe(warnings);
        // It is reported here, so it must not be counted as a null once more.
        self.builder.vertex(Some(LonLat::MISSING))
    }

    fn end_element(&mut self, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        match (self.element.kind, self.element.id) {
            (Some(ElementKind::Node), Some(id)) => match self.degrees.place() {
                Some(place) => self.builder.end_node(id, place)?,
                None => {
                    self.warn_off_globe(warnings);
                    self.builder.discard();
                }
            },
            (Some(ElementKind::Way), Some(id)) => self.builder.end_way(id)?,
            (Some(ElementKind::Relation), Some(id)) => self.builder.end_relation(id)?,
            (Some(_), None) => {
                let what = "an element without an id was dropped".to_owned();
                self.builder.warn(warnings, Warning { code: "W-NO-ID", element: None, what });
                self.builder.discard();
            }
            // `count`, `area` and whatever comes one day.
            (None, _) => self.builder.discard(),
        }
        Ok(())
    }

    fn warn_off_globe(&mut self, warnings: &mut Vec<Warning>) {
        let Named { kind, id, .. } = self.element;
        let element = kind.zip(id).map(|(kind, id)| OsmId { kind, id });
        let what = "a place without a latitude of ±90° and a longitude of ±180°".to_owned();
        self.builder.warn(warnings, Warning { code: "W-OFF-GLOBE", element, what });
    }
}

fn element_kind(text: &str) -> Option<ElementKind> {
    match text {
        "node" => Some(ElementKind::Node),
        "way" => Some(ElementKind::Way),
        "relation" => Some(ElementKind::Relation),
        _ => None,
    }
}

//! `GeoJSON` (RFC 7946), in parts as a file is read → [`OsmData`]: lines become ways, areas closed
//! ways or multipolygons, points are left out.
//!
//! Properties named like OSM's keys are tags, flat, in an object `tags`, or in GDAL's `other_tags`.
//! What has none that says what it is, is drawn all the same: lines as secondary roads, areas as
//! parks.

use std::ops::Range;

use super::builder::{Limits, OsmDataBuilder};
use super::json::scan::{BYTE_ORDER_MARK, Event, Scanner, Sink, is_blank};
use super::keys::KEYS;
use super::rest::Rest;
use super::{OsmData, Role};
use crate::error::{ReadError, Warning};
use crate::lonlat::LonLat;

/// Keys that say what a thing is, not merely how.
const TELLING: [&str; 9] = [
    "aeroway", "building", "highway", "landuse", "leisure", "man_made", "natural", "railway",
    "waterway",
];
const LINE: (&str, &str) = ("highway", "secondary");
const AREA: (&str, &str) = ("leisure", "park");
/// A longer text is scanned again with each part, and is nothing that is drawn.
const LONGEST_TOKEN: usize = 1 << 20;

/// Reads one file.
pub struct GeoJsonReader {
    scanner: Scanner,
    rest: Rest,
    shapes: Shapes,
}

impl GeoJsonReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let shapes = Shapes {
            builder: OsmDataBuilder::new(limits),
            limits,
            open: Vec::new(),
            key: String::new(),
            feature: Feature::default(),
            has_end: false,
            n_ids: 0,
        };
        Self { scanner: Scanner::new(limits.depth), rest: Rest::default(), shapes }
    }

    /// Takes the next bytes. After an error the reader is of no more use.
    pub fn push(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        let Self { scanner, rest, shapes } = self;
        rest.feed(bytes, |text| scanner.scan(text, shapes, warnings))?;
        if rest.bytes().len() > LONGEST_TOKEN {
            let what = format!("GeoJSON: a text of more than {LONGEST_TOKEN} bytes");
            return Err(ReadError::Malformed { what });
        }
        Ok(())
    }

    /// Ends the file and gives the data.
    pub fn finish(self, warnings: &mut Vec<Warning>) -> Result<OsmData, ReadError> {
        let rest = self.rest.bytes();
        let rest = rest.strip_prefix(BYTE_ORDER_MARK).unwrap_or(rest);
        if !self.shapes.has_end || !rest.iter().all(is_blank) {
            return Err(ReadError::Truncated);
        }
        self.shapes.builder.finish(warnings)
    }
}

/// An array or object that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// The file's own object, a feature or a geometry: which, their keys tell.
    Object,
    /// `features`.
    Features,
    /// `geometries`.
    Geometries,
    /// `properties` or `tags`.
    Properties,
    /// `coordinates` or an array in it, and what the deepest there is in it: 0 a number, 1 a place,
    /// 2 a line of places, 3 lines.
    Coordinates(u8),
    /// Anything else.
    Other,
}

/// A feature, or a geometry without one, as far as it has come.
#[derive(Debug, Default)]
struct Feature {
    tags: Vec<(&'static str, String)>,
    points: Vec<LonLat>,
    /// Where each line or ring ends in `points`.
    lines: Vec<usize>,
    /// Where each polygon ends in `lines`.
    polygons: Vec<usize>,
    /// Whole geometries, with what of `lines` and of `polygons` is theirs.
    geometries: Vec<(Kind, Range<usize>, Range<usize>)>,
    /// Of the open geometry: its kind, and where it begins.
    kind: Option<Kind>,
    begin: (usize, usize),
    /// The open place.
    numbers: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Points,
    Lines,
    Areas,
}

/// Follows the events of one file. Whatever it does not know it skips.
struct Shapes {
    builder: OsmDataBuilder,
    limits: Limits,
    open: Vec<Open>,
    /// The last key.
    key: String,
    feature: Feature,
    has_end: bool,
    n_ids: i64,
}

impl Sink for Shapes {
    fn values(&mut self, _token: &[u8]) -> Result<usize, ReadError> {
        Ok(0)
    }

    fn event(&mut self, event: Event<'_>, _: &mut Vec<Warning>) -> Result<(), ReadError> {
        match event {
            Event::Key(key) => {
                self.key.clear();
                self.key.push_str(key);
            }
            Event::StartObject => {
                let open = match (self.open.last(), self.key.as_str()) {
                    (None | Some(Open::Features | Open::Geometries), _)
                    | (Some(Open::Object), "geometry") => Open::Object,
                    (Some(Open::Object), "properties") | (Some(Open::Properties), "tags") => {
                        Open::Properties
                    }
                    _ => Open::Other,
                };
                self.open.push(open);
            }
            Event::StartArray => {
                let open = match (self.open.last(), self.key.as_str()) {
                    (Some(Open::Object), "features") => Open::Features,
                    (Some(Open::Object), "geometries") => Open::Geometries,
                    (Some(Open::Object), "coordinates") => {
                        self.feature.begin =
                            (self.feature.lines.len(), self.feature.polygons.len());
                        Open::Coordinates(0)
                    }
                    (Some(Open::Coordinates(_)), _) => Open::Coordinates(0),
                    _ => Open::Other,
                };
                self.open.push(open);
            }
            Event::EndArray => self.end_array()?,
            Event::EndObject => self.end_object()?,
            Event::Text(text) => self.text(text),
            Event::Number(number) => match self.open.last() {
                // Height and more may follow.
                Some(Open::Coordinates(_)) if self.feature.numbers.len() < 2 => {
                    self.feature.numbers.push(number.parse().unwrap_or(f64::NAN));
                }
                Some(Open::Properties) => self.tag(number),
                _ => {}
            },
            Event::Boolean(is_so) => {
                if self.open.last() == Some(&Open::Properties) {
                    self.tag(if is_so { "yes" } else { "no" });
                }
            }
            Event::Null => {}
        }
        Ok(())
    }
}

impl Shapes {
    fn text(&mut self, text: &str) {
        match self.open.last() {
            Some(Open::Object) if self.key == "type" => {
                self.feature.kind = match text {
                    "Point" | "MultiPoint" => Some(Kind::Points),
                    "LineString" | "MultiLineString" => Some(Kind::Lines),
                    "Polygon" | "MultiPolygon" => Some(Kind::Areas),
                    _ => self.feature.kind,
                };
            }
            // "highway"=>"primary","name"=>"High Street"
            Some(Open::Properties) if self.key == "other_tags" => {
                let mut words = text.split('"').skip(1).step_by(2);
                while let (Some(key), Some(value)) = (words.next(), words.next()) {
                    add_tag(&mut self.feature.tags, key, value);
                }
            }
            Some(Open::Properties) => self.tag(text),
            _ => {}
        }
    }

    fn tag(&mut self, value: &str) {
        add_tag(&mut self.feature.tags, &self.key, value);
    }

    fn end_array(&mut self) -> Result<(), ReadError> {
        let Some(Open::Coordinates(deepest)) = self.open.pop() else { return Ok(()) };
        let feature = &mut self.feature;
        let level = if feature.numbers.is_empty() { deepest } else { 0 };
        match level {
            0 if feature.numbers.is_empty() => return Ok(()),
            0 => {
                let place = match feature.numbers.as_slice() {
                    [lon, lat] => LonLat::from_degrees(*lon, *lat),
                    _ => None,
                };
                feature.numbers.clear();
                let Some(place) = place else {
                    let what =
                        "its coordinates are not longitudes and latitudes in degrees".to_owned();
                    return Err(ReadError::Unsupported { what });
                };
                let limit = u64::from(self.limits.vertices);
                if feature.points.len() as u64 >= limit {
                    let (found, unit) = (limit + 1, "vertices");
                    return Err(ReadError::TooLarge { found, limit, unit });
                }
                feature.points.push(place);
            }
            1 => feature.lines.push(feature.points.len()),
            2 => feature.polygons.push(feature.lines.len()),
            _ => {}
        }
        match self.open.last_mut() {
            Some(Open::Coordinates(deepest)) => *deepest = (*deepest).max(level + 1),
            // A point is no part of the line that may follow it.
            _ if level == 0 => _ = self.feature.points.pop(),
            _ => {}
        }
        Ok(())
    }

    fn end_object(&mut self) -> Result<(), ReadError> {
        let ended = self.open.pop();
        self.has_end = self.open.is_empty();
        if ended != Some(Open::Object) {
            return Ok(());
        }
        let feature = &mut self.feature;
        if let Some(kind) = feature.kind.take() {
            let (lines, polygons) = (feature.lines.len(), feature.polygons.len());
            let (first_line, first_polygon) =
                std::mem::replace(&mut feature.begin, (lines, polygons));
            feature.geometries.push((kind, first_line..lines, first_polygon..polygons));
        }
        // A geometry's own object lies in its feature's, or in a collection.
        match self.open.last() {
            Some(Open::Object | Open::Geometries) => Ok(()),
            _ => self.end_feature(),
        }
    }

    fn end_feature(&mut self) -> Result<(), ReadError> {
        let feature = std::mem::take(&mut self.feature);
        for (kind, lines, polygons) in &feature.geometries {
            match kind {
                Kind::Points => {}
                Kind::Lines => {
                    for line in lines.clone() {
                        self.way(&feature, feature.line(line), false)?;
                    }
                }
                Kind::Areas => {
                    let ends = feature.polygons.get(polygons.clone()).unwrap_or(&[]);
                    let mut start = lines.start;
                    for end in ends {
                        self.area(&feature, start..*end)?;
                        start = *end;
                    }
                }
            }
        }
        Ok(())
    }

    fn way(
        &mut self,
        feature: &Feature,
        points: &[LonLat],
        is_area: bool,
    ) -> Result<(), ReadError> {
        if points.len() < 2 {
            return Ok(());
        }
        self.tags(feature, if is_area { AREA } else { LINE })?;
        if is_area && !feature.has(|key| key == "area") {
            self.builder.tag("area", "yes")?;
        }
        self.builder.begin_geometry();
        self.vertices(points, is_area)?;
        self.builder.end_geometry();
        let id = self.next_id();
        self.builder.end_way(id)
    }

    fn area(&mut self, feature: &Feature, rings: Range<usize>) -> Result<(), ReadError> {
        if rings.len() == 1 {
            return self.way(feature, feature.line(rings.start), true);
        }
        if rings.is_empty() {
            return Ok(());
        }
        self.tags(feature, AREA)?;
        self.builder.tag("type", "multipolygon")?;
        for (i, ring) in rings.enumerate() {
            self.builder.begin_member();
            self.vertices(feature.line(ring), true)?;
            let (id, role) = (self.next_id(), if i == 0 { Role::Outer } else { Role::Inner });
            self.builder.end_member(id, role)?;
        }
        let id = self.next_id();
        self.builder.end_relation(id)
    }

    fn vertices(&mut self, points: &[LonLat], is_ring: bool) -> Result<(), ReadError> {
        for point in points {
            self.builder.vertex(Some(*point))?;
        }
        match points {
            // A ring repeats its first place by the rules; some writers leave that out.
            [first, .., last] if is_ring && first != last => self.builder.vertex(Some(*first)),
            _ => Ok(()),
        }
    }

    fn tags(&mut self, feature: &Feature, otherwise: (&str, &str)) -> Result<(), ReadError> {
        for (key, value) in &feature.tags {
            self.builder.tag(key, value)?;
        }
        if !feature.has(|key| TELLING.contains(&key)) {
            self.builder.tag(otherwise.0, otherwise.1)?;
        }
        Ok(())
    }

    fn next_id(&mut self) -> i64 {
        self.n_ids += 1;
        self.n_ids
    }
}

impl Feature {
    fn line(&self, number: usize) -> &[LonLat] {
        let end = |number: usize| self.lines.get(number).copied().unwrap_or_default();
        let start = number.checked_sub(1).map(end).unwrap_or_default();
        self.points.get(start..end(number)).unwrap_or(&[])
    }

    fn has(&self, is_it: impl Fn(&str) -> bool) -> bool {
        self.tags.iter().any(|(key, _)| is_it(key))
    }
}

/// Adds a tag whose key means something in OSM. What a `GeoJSON`'s `type` is, its geometry says.
fn add_tag(tags: &mut Vec<(&'static str, String)>, key: &str, value: &str) {
    let known = KEYS.iter().find(|known| **known == key && key != "type");
    if let Some(key) = known.filter(|known| tags.iter().all(|(key, _)| key != *known)) {
        tags.push((key, value.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<OsmData, ReadError> {
        let whole = read_in_parts(text, usize::MAX);
        for size in [1, 7] {
            let parts = read_in_parts(text, size);
            let describe =
                |data: &Result<OsmData, ReadError>| data.as_ref().map(OsmData::describe).ok();
            assert_eq!(describe(&parts), describe(&whole), "in parts of {size}");
        }
        whole
    }

    fn read_in_parts(text: &str, size: usize) -> Result<OsmData, ReadError> {
        let (mut reader, mut warnings) = (GeoJsonReader::new(Limits::default()), Vec::new());
        for part in text.as_bytes().chunks(size.min(text.len().max(1))) {
            reader.push(part, &mut warnings)?;
        }
        reader.finish(&mut warnings)
    }

    fn check(text: &str, expected: &[&str]) {
        let data = read(text).unwrap();
        let mut found = Vec::new();
        for way in &data.ways {
            let tags: Vec<_> = data.tags(&way.tags).map(|(k, v)| format!("{k}={v}")).collect();
            found.push(format!("way {} of {}", tags.join(" "), way.coords.len()));
        }
        for relation in &data.relations {
            let tags: Vec<_> = data.tags(&relation.tags).map(|(k, v)| format!("{k}={v}")).collect();
            let members = data.members(&relation.members).iter();
            let rings: Vec<_> =
                members.map(|m| format!("{:?} {}", m.role, m.coords.len())).collect();
            found.push(format!("relation {} of {}", tags.join(" "), rings.join(", ")));
        }
        assert_eq!(found, expected, "{text}");
    }

    const RING: &str = "[[0,0],[2,0],[2,2],[0,0]]";
    const HOLE: &str = "[[1,0.5],[1.5,0.5],[1.5,1],[1,0.5]]";

    #[test]
    fn lines_and_areas_are_drawn_whatever_their_properties() {
        check(
            r#"{"type":"LineString","coordinates":[[1,2,9.5],[3,4]]}"#,
            &["way highway=secondary of 2"],
        );
        let polygon = format!(
            r#"{{"type":"Feature","properties":null,"geometry":{{"coordinates":[{RING}],"type":"Polygon"}}}}"#
        );
        check(&polygon, &["way leisure=park area=yes of 4"]);
        let open = r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2]]]}"#;
        check(open, &["way leisure=park area=yes of 4"]);
    }

    #[test]
    fn properties_named_as_osm_keys_are_tags() {
        let line = |properties: &str| {
            format!(
                r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{{"type":"LineString","coordinates":[[1,2],[3,4]]}},"properties":{properties}}}]}}"#
            )
        };
        check(
            &line(r#"{"highway":"primary","layer":1,"bridge":true,"name":"x","type":"way"}"#),
            &["way highway=primary layer=1 bridge=yes of 2"],
        );
        check(&line(r#"{"id":7,"tags":{"railway":"rail"}}"#), &["way railway=rail of 2"]);
        check(
            &line(r#"{"other_tags":"\"waterway\"=>\"river\",\"width\"=>\"3\""}"#),
            &["way waterway=river of 2"],
        );
        check(&line(r#"{"layer":"1"}"#), &["way layer=1 highway=secondary of 2"]);
    }

    #[test]
    fn holes_make_a_multipolygon_and_parts_stand_alone() {
        let areas = format!(
            r#"{{"type":"Feature","geometry":{{"type":"MultiPolygon","coordinates":[[{RING},{HOLE}],[{RING}]]}},"properties":{{"natural":"water"}}}}"#
        );
        check(
            &areas,
            &[
                "way natural=water area=yes of 4",
                "relation natural=water type=multipolygon of Outer 4, Inner 4",
            ],
        );
        let lines =
            r#"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]}"#;
        check(lines, &["way highway=secondary of 2", "way highway=secondary of 3"]);
    }

    #[test]
    fn a_collection_of_geometries_leaves_points_out() {
        let text = format!(
            r#"{{"type":"GeometryCollection","geometries":[{{"type":"Point","coordinates":[9,9]}},{{"type":"MultiPoint","coordinates":[[8,8],[7,7]]}},{{"type":"LineString","coordinates":[[0,0],[1,1]]}},{{"type":"Polygon","coordinates":[{RING}]}}]}}"#
        );
        check(&text, &["way highway=secondary of 2", "way leisure=park area=yes of 4"]);
    }

    #[test]
    fn what_is_no_map_is_told() {
        let check =
            |text: &str, code: &str| assert_eq!(read(text).unwrap_err().code(), code, "{text}");
        check(
            r#"{"type":"LineString","coordinates":[[2776000,8438000],[2776001,8438000]]}"#,
            "E-READ-UNSUPPORTED",
        );
        check(r#"{"type":"FeatureCollection","features":[]}"#, "E-READ-EMPTY");
        check(r#"{"type":"LineString","coordinates":[[1,2],[3,4]]"#, "E-READ-CUT");
        check(r#"{"type":"LineString","coordinates":[[1,2],[3,4]]]}"#, "E-READ-MALFORMED");
        check(r#"{"type":"Point","coordinates":[1,2]}"#, "E-READ-EMPTY");
    }
}

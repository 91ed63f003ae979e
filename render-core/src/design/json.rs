//! [`Design`] ↔ JSON: repairs what it reads and reports it, keeps what it does not know.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::input::{self, Range};
use super::{
    DESIGN_VERSION, Design, Fades, Files, InputError, PaperSize, Place, Texts, ThemeChoice,
};
use crate::color::Color;
use crate::error::{Warned, Warning};
use crate::kind::Layer;

/// Longest text line kept, characters; more cannot be read on a poster.
const MAX_TEXT: usize = 200;

impl Design {
    /// Reads a design. Values of a wrong type or out of range are replaced and reported; fields
    /// of other versions are kept for [`Design::to_json`].
    ///
    /// # Errors
    /// `E-DESIGN-JSON` when the text is not a JSON object.
    pub fn from_json(text: &str) -> Result<Warned<Self>, InputError> {
        match serde_json::from_str(text) {
            Ok(Value::Object(map)) => Ok(Self::from_map(map)),
            Ok(_) => Err(not_a_design("it is not a JSON object")),
            Err(error) => Err(not_a_design(&error.to_string())),
        }
    }

    fn from_map(source: Map<String, Value>) -> Warned<Self> {
        let mut reader = Reader { warnings: Vec::new() };
        let default = Self::default();
        if source.get("version").and_then(Value::as_u64).is_some_and(|v| v > DESIGN_VERSION) {
            reader.warn("W-DESIGN-NEWER", "the design was made by a newer MapPoster".into());
        }
        let place = object(&source, "place");
        let paper = object(&source, "paper");
        let texts = object(&source, "texts");
        let fades = object(&source, "fades");
        let files = object(&source, "files");
        let mut design = Self {
            place: Place {
                lat: reader.number(place, "lat", input::LATITUDE, default.place.lat),
                lon: reader.number(place, "lon", input::LONGITUDE, default.place.lon),
                name: reader
                    .text(place, "name")
                    .unwrap_or_else(|| absent(place, default.place.name)),
                country: reader
                    .text(place, "country")
                    .unwrap_or_else(|| absent(place, default.place.country)),
            },
            distance: reader.number(Some(&source), "distance", input::DISTANCE, default.distance),
            rotation: reader.number(Some(&source), "rotation", input::ROTATION, default.rotation),
            paper: PaperSize {
                width: reader.number(paper, "width", input::PAPER_SIDE, default.paper.width),
                height: reader.number(paper, "height", input::PAPER_SIDE, default.paper.height),
            },
            margin: reader.number(Some(&source), "margin", input::MARGIN, default.margin),
            bleed: reader.number(Some(&source), "bleed", input::BLEED, default.bleed),
            dpi: reader.number(Some(&source), "dpi", input::DPI, default.dpi),
            texts: Texts {
                title: reader.text(texts, "title"),
                subtitle: reader.text(texts, "subtitle"),
                coordinates: reader.boolean(texts, "coordinates", default.texts.coordinates),
            },
            theme: match source.get("theme") {
                Some(Value::String(id)) => ThemeChoice::Named(id.clone()),
                Some(inline @ Value::Object(_)) => ThemeChoice::Inline(inline.clone()),
                _ => default.theme,
            },
            colors: reader.colors(object(&source, "colors")),
            layers: reader.layers(object(&source, "layers")),
            fades: Fades {
                top: reader.number(fades, "top", input::FADE, default.fades.top),
                bottom: reader.number(fades, "bottom", input::FADE, default.fades.bottom),
            },
            line_weight: reader.number(
                Some(&source),
                "line_weight",
                input::LINE_WEIGHT,
                default.line_weight,
            ),
            bare: reader.boolean(Some(&source), "bare", default.bare),
            files: Files {
                marks: reader.boolean(files, "marks", default.files.marks),
                archival: reader.boolean(files, "archival", default.files.archival),
                transparent: reader.boolean(files, "transparent", default.files.transparent),
                tolerance: reader.number(
                    files,
                    "tolerance",
                    input::TOLERANCE,
                    default.files.tolerance,
                ),
                outlines: reader.outlines(files).unwrap_or(default.files.outlines),
            },
            locale: reader.text(Some(&source), "locale").unwrap_or(default.locale),
            source: Map::new(),
        };
        design.source = source;
        let widest = design.margin_range().max;
        if design.margin > widest {
            reader
                .warn("W-DESIGN-RANGE", format!("a margin of {} mm leaves no map", design.margin));
            design.margin = widest;
        }
        Warned { output: design, warnings: reader.warnings }
    }

    /// The design as JSON, with every field this version knows and those it does not.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    fn to_value(&self) -> Value {
        let mut value = Value::Object(self.source.clone());
        let layers: Map<String, Value> =
            self.layers.iter().map(|(layer, on)| (layer.name().into(), (*on).into())).collect();
        let theme = match &self.theme {
            ThemeChoice::Named(id) => Value::String(id.clone()),
            ThemeChoice::Inline(inline) => inline.clone(),
        };
        // Replaced whole: a key taken away here must not come back from the source.
        let whole =
            [("layers", Value::Object(layers)), ("colors", json!(self.colors)), ("theme", theme)];
        let Self { place, paper, texts, fades, files, .. } = self;
        let outlines = files.outlines.iter().map(|layer| layer.name()).collect::<Vec<_>>();
        merge(
            &mut value,
            record(vec![
                ("version", DESIGN_VERSION.into()),
                (
                    "place",
                    record(vec![
                        ("lat", place.lat.into()),
                        ("lon", place.lon.into()),
                        ("name", place.name.clone().into()),
                        ("country", place.country.clone().into()),
                    ]),
                ),
                ("distance", self.distance.into()),
                ("rotation", self.rotation.into()),
                (
                    "paper",
                    record(vec![("width", paper.width.into()), ("height", paper.height.into())]),
                ),
                ("margin", self.margin.into()),
                ("bleed", self.bleed.into()),
                ("dpi", self.dpi.into()),
                (
                    "texts",
                    record(vec![
                        ("title", texts.title.clone().into()),
                        ("subtitle", texts.subtitle.clone().into()),
                        ("coordinates", texts.coordinates.into()),
                    ]),
                ),
                ("fades", record(vec![("top", fades.top.into()), ("bottom", fades.bottom.into())])),
                ("line_weight", self.line_weight.into()),
                ("bare", self.bare.into()),
                (
                    "files",
                    record(vec![
                        ("marks", files.marks.into()),
                        ("archival", files.archival.into()),
                        ("transparent", files.transparent.into()),
                        ("tolerance", files.tolerance.into()),
                        ("outlines", outlines.into()),
                    ]),
                ),
                ("locale", self.locale.clone().into()),
            ]),
        );
        if let Value::Object(map) = &mut value {
            map.extend(whole.into_iter().map(|(key, value)| (key.to_owned(), value)));
        }
        value
    }
}

/// An object of these fields. (`json!` writes each one's code anew, and this code is among the
/// bytes before the first poster.)
#[inline(never)]
fn record(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn not_a_design(what: &str) -> InputError {
    InputError {
        code: "E-DESIGN-JSON",
        message: format!("This is not a MapPoster design: {what}."),
    }
}

fn object<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
    map.get(key).and_then(Value::as_object)
}

/// The default of a field: another place must not inherit Helsinki's names.
fn absent(place: Option<&Map<String, Value>>, default: String) -> String {
    if place.is_some() { String::new() } else { default }
}

/// Overlays `new` on `old`, object by object.
fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                merge(old.entry(key).or_insert(Value::Null), value);
            }
        }
        (old, new) => *old = new,
    }
}

/// Reads fields one by one, so that one odd field costs no other. Its functions are not copied to
/// where they are called, as there are many such places, all before the first poster.
struct Reader {
    warnings: Vec<Warning>,
}

impl Reader {
    fn warn(&mut self, code: &'static str, what: String) {
        self.warnings.push(Warning { code, element: None, what });
    }

    #[inline(never)]
    fn number(
        &mut self,
        map: Option<&Map<String, Value>>,
        key: &str,
        range: Range,
        default: f64,
    ) -> f64 {
        let Some(value) = map.and_then(|map| map.get(key)) else { return default };
        let Some(number) = value.as_f64().filter(|n| n.is_finite()) else {
            self.warn(
                "W-DESIGN-TYPE",
                format!("the {} is not a number; {default} is used", range.name),
            );
            return default;
        };
        let clamped = number.clamp(range.min, range.max);
        if clamped != number {
            self.warn(
                "W-DESIGN-RANGE",
                format!(
                    "a {} of {number}{} is not between {}; {clamped} is used",
                    range.name,
                    range.unit,
                    range.bounds()
                ),
            );
        }
        clamped
    }

    #[inline(never)]
    fn boolean(&mut self, map: Option<&Map<String, Value>>, key: &str, default: bool) -> bool {
        match map.and_then(|map| map.get(key)) {
            None => default,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                self.warn(
                    "W-DESIGN-TYPE",
                    format!("“{key}” is not true or false; {default} is used"),
                );
                default
            }
        }
    }

    #[inline(never)]
    fn text(&mut self, map: Option<&Map<String, Value>>, key: &str) -> Option<String> {
        match map.and_then(|map| map.get(key)) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.chars().count() > MAX_TEXT => {
                self.warn("W-DESIGN-RANGE", format!("“{key}” is cut after {MAX_TEXT} characters"));
                Some(text.chars().take(MAX_TEXT).collect())
            }
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.warn("W-DESIGN-TYPE", format!("“{key}” is not a text; the default is used"));
                None
            }
        }
    }

    #[inline(never)]
    fn colors(&mut self, map: Option<&Map<String, Value>>) -> BTreeMap<String, Color> {
        let mut colors = BTreeMap::new();
        for (key, value) in map.into_iter().flatten() {
            match value.as_str().and_then(Color::from_hex) {
                Some(color) => {
                    colors.insert(key.clone(), color);
                }
                None => self
                    .warn("W-DESIGN-COLOR", format!("the colour of “{key}” is not like #1a3a5c")),
            }
        }
        colors
    }

    /// `None` where the design says nothing of them.
    fn outlines(&mut self, map: Option<&Map<String, Value>>) -> Option<BTreeSet<Layer>> {
        let outlines = map?.get("outlines")?;
        let Some(names) = outlines.as_array() else {
            self.warn(
                "W-DESIGN-TYPE",
                "“outlines” is not a list of layers; the default is used".to_owned(),
            );
            return None;
        };
        let layers = names.iter().filter_map(|name| {
            let layer = name.as_str().and_then(Layer::from_name);
            if layer.is_none() {
                self.warn("W-DESIGN-LAYER", format!("{name} is no layer to draw outlines of"));
            }
            layer
        });
        Some(layers.collect())
    }

    #[inline(never)]
    fn layers(&mut self, map: Option<&Map<String, Value>>) -> BTreeMap<Layer, bool> {
        let mut layers = BTreeMap::new();
        for (key, value) in map.into_iter().flatten() {
            match (Layer::from_name(key), value.as_bool()) {
                (Some(layer), Some(on)) => {
                    layers.insert(layer, on);
                }
                _ => self.warn("W-DESIGN-LAYER", format!("“{key}” is no layer that is on or off")),
            }
        }
        layers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Warned<Design> {
        Design::from_json(text).unwrap()
    }

    #[test]
    fn a_design_survives_the_round_trip() {
        let mut design = Design { distance: 1234.5, bare: true, ..Design::default() };
        design.files.marks = true;
        design.files.tolerance = 0.1;
        design.files.outlines.remove(&Layer::Water);
        let again = read(&design.to_json());
        assert_eq!(again.warnings, []);
        assert_eq!(again.output.to_json(), design.to_json());
        assert_eq!(Design { source: Map::new(), ..again.output }, design);
    }

    #[test]
    fn unknown_fields_survive_and_a_removed_layer_does_not_come_back() {
        let mut design =
            read(r#"{"hat":{"a":1},"place":{"lat":1,"lon":2,"elev":9},"layers":{"rail":false}}"#)
                .output;
        design.layers.clear();
        let value: Value = serde_json::from_str(&design.to_json()).unwrap();
        assert_eq!(value["hat"]["a"], 1);
        assert_eq!(value["place"]["elev"], 9);
        assert_eq!(value["layers"], json!({}));
        assert_eq!(design.place.name, "");
    }

    #[test]
    fn odd_values_are_replaced_one_by_one_and_reported() {
        let odd = read(
            r##"{"distance":0,"place":{"lat":91,"lon":"x"},"dpi":1e9,"bare":"no",
                "colors":{"bg":"#12","text":"#123456"},"layers":{"roads":false,"moon":true}}"##,
        );
        assert_eq!(odd.output.distance, 100.0);
        assert_eq!(odd.output.place.lat, 85.0);
        assert_eq!(odd.output.dpi, 1200.0);
        assert_eq!(odd.output.colors.len(), 1);
        assert!(!odd.output.shows(Layer::Roads));
        assert_eq!(odd.warnings.len(), 7, "{:?}", odd.warnings);
    }

    #[test]
    fn odd_ways_to_write_files_are_mended() {
        let odd = read(r#"{"files":{"marks":1,"tolerance":9,"outlines":["water","moon"],"x":1}}"#);
        let files = &odd.output.files;
        assert_eq!((files.marks, files.tolerance), (false, 0.5));
        assert_eq!(files.outlines, BTreeSet::from([Layer::Water]));
        assert_eq!(odd.warnings.len(), 3, "{:?}", odd.warnings);
        let value: Value = serde_json::from_str(&odd.output.to_json()).unwrap();
        assert_eq!(value["files"]["x"], 1);
        assert_eq!(read("{}").output.files, Files::default());
    }

    #[test]
    fn what_is_no_design_is_refused_with_a_code() {
        for text in ["", "[]", "nul", "{\"a\":"] {
            assert_eq!(Design::from_json(text).unwrap_err().code, "E-DESIGN-JSON", "{text}");
        }
    }
}

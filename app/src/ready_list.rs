//! The list of ready places → those that can be shown.

use render_core::design::input;
use render_core::lonlat::Bbox;
use serde::Deserialize;

/// A place of the list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ReadyPlace {
    /// The pack's name in the folder.
    pub file: String,
    /// What it is called.
    pub name: String,
    /// Where it is.
    #[serde(default)]
    pub country: String,
    /// Latitude to look at first, degrees.
    pub lat: f64,
    /// Longitude to look at first, degrees.
    pub lon: f64,
    /// Half the height of a map that the data fill, m.
    pub distance: f64,
    /// South, west, north, east of the data, degrees.
    pub bbox: [f64; 4],
    /// When the data are from.
    #[serde(default)]
    pub date: Option<String>,
    /// Size of the pack.
    #[serde(default)]
    pub bytes: u64,
}

impl ReadyPlace {
    /// What its data fill.
    #[must_use]
    pub fn area(&self) -> Bbox {
        let [south, west, north, east] = self.bbox;
        Bbox { south, west, north, east }
    }

    /// Whether its numbers are ones that a design can have, and its file lies in the folder.
    fn is_good(&self) -> bool {
        let is_in = |range: &input::Range, value: f64| (range.min..=range.max).contains(&value);
        is_in(&input::LATITUDE, self.lat)
            && is_in(&input::LONGITUDE, self.lon)
            && is_in(&input::DISTANCE, self.distance)
            && self.bbox.iter().all(|degrees| degrees.abs() <= 180.0)
            && !self.file.contains(['/', '\\', ':', '?', '#'])
    }
}

/// Reads the list; entries that cannot be used are left out.
#[must_use]
pub fn parse(text: &str) -> Option<Vec<ReadyPlace>> {
    let entries: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let places = entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok());
    Some(places.filter(ReadyPlace::is_good).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_is_read_whole() {
        let text = include_str!("../../public/places/index.json");
        let all: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        let places = parse(text).unwrap();
        assert_eq!(places.len(), all.len());
        assert!(places.iter().any(|place| place.name == "Helsinki"));
    }

    #[test]
    fn entries_that_cannot_be_used_are_left_out_and_the_rest_stays() {
        let good = r#"{"file":"a.mpk","name":"A","lat":1,"lon":2,"distance":500,"bbox":[0,1,2,3]}"#;
        let text = |entry: &str| format!("[{entry}, {good}]");
        for bad in [
            "7",
            r#"{"name":"B"}"#,
            &good.replace("a.mpk", "../secret"),
            &good.replace("\"lat\":1", "\"lat\":97"),
            &good.replace("500", "5"),
        ] {
            assert_eq!(parse(&text(bad)).map(|places| places.len()), Some(1), "{bad}");
        }
        assert_eq!(parse("<html>"), None);
    }
}

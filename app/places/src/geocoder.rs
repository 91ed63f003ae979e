//! A question → the address at a geocoder that answers it; its answer → places; answers that are kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Found, METRES_PER_DEGREE};

/// How long an answer may be kept, ms: 30 days.
const KEPT_MS: f64 = 30.0 * 24.0 * 3600.0 * 1000.0;
/// Answers that are kept: some 100 kB.
const MOST_KEPT: usize = 60;
/// Places asked for.
const LIMIT: usize = 8;
/// Half the height of a map of something that has no extent, m.
const POINT_DISTANCE: f64 = 1000.0;

/// Which geocoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// komoot's, made for searching.
    Photon,
    /// OpenStreetMap's own.
    Nominatim,
}

impl Service {
    /// As a person reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Photon => "Photon",
            Self::Nominatim => "Nominatim",
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Which places are called so?
    Search(String),
    /// What is at this latitude and longitude?
    Reverse(f64, f64),
}

/// The address that answers a question; relative endpoints stay relative.
#[must_use]
pub fn url(service: Service, endpoint: &str, question: &Question) -> String {
    let base = endpoint.trim_end_matches('/');
    match (service, question) {
        (Service::Photon, Question::Search(words)) => {
            format!("{base}/api?q={}&limit={LIMIT}&lang=en", encoded(words))
        }
        (Service::Photon, Question::Reverse(lat, lon)) => {
            format!("{base}/reverse?lat={lat}&lon={lon}&limit=1&lang=en")
        }
        (Service::Nominatim, Question::Search(words)) => format!(
            "{base}/search?q={}&limit={LIMIT}&format=jsonv2&addressdetails=1&accept-language=en",
            encoded(words)
        ),
        (Service::Nominatim, Question::Reverse(lat, lon)) => format!(
            "{base}/reverse?lat={lat}&lon={lon}&zoom=16&format=jsonv2&addressdetails=1&accept-language=en"
        ),
    }
}

fn encoded(words: &str) -> String {
    let mut encoded = String::new();
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

/// What came is no list of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAnswer;

/// Reads an answer; entries without a usable place are left out.
///
/// # Errors
/// [`NoAnswer`] where it is no list of places at all.
pub fn read(service: Service, bytes: &[u8]) -> Result<Vec<Found>, NoAnswer> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| NoAnswer)?;
    match service {
        Service::Photon => {
            let features = value.get("features").and_then(Value::as_array);
            Ok(features.ok_or(NoAnswer)?.iter().filter_map(of_photon).collect())
        }
        Service::Nominatim => match &value {
            Value::Array(list) => Ok(list.iter().filter_map(of_nominatim).collect()),
            // A reverse lookup gives one place, or the sentence that there is none.
            Value::Object(_) => Ok(of_nominatim(&value).into_iter().collect()),
            _ => Err(NoAnswer),
        },
    }
}

fn of_photon(feature: &Value) -> Option<Found> {
    let at = |index: usize| feature.pointer("/geometry/coordinates")?.get(index)?.as_f64();
    let properties = feature.get("properties")?;
    let text =
        |key: &str| properties.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let extent = properties.get("extent").and_then(Value::as_array);
    let extent: Option<Vec<f64>> =
        extent.map(|list| list.iter().filter_map(Value::as_f64).collect());
    let height = match extent.as_deref() {
        Some([_, north, _, south]) => north - south,
        _ => 0.0,
    };
    let address = (text("street"), text("housenumber"));
    let parts = [text("district"), text("city"), text("county"), text("state")];
    found(text("name"), address, &parts, text("country"), (at(1)?, at(0)?), height)
}

fn of_nominatim(entry: &Value) -> Option<Found> {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let at = |key: &str| entry.get(key).and_then(number);
    let text =
        |path: &str| entry.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let bounds = entry.get("boundingbox").and_then(Value::as_array);
    let bounds: Option<Vec<f64>> = bounds.map(|list| list.iter().filter_map(number).collect());
    let height = match bounds.as_deref() {
        Some([south, north, _, _]) => north - south,
        _ => 0.0,
    };
    let address = (text("/address/road"), text("/address/house_number"));
    let city =
        ["city", "town", "village", "municipality"].map(|key| text(&format!("/address/{key}")));
    let city = city.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let parts = [city, text("/address/county"), text("/address/state")];
    let mut name = text("/name");
    if name.is_empty() && address.0.is_empty() {
        let whole = text("/display_name");
        name = whole.split(',').next().unwrap_or_default().to_owned();
    }
    found(name, address, &parts, text("/address/country"), (at("lat")?, at("lon")?), height)
}

fn found(
    name: String,
    (street, number): (String, String),
    parts: &[String],
    country: String,
    (lat, lon): (f64, f64),
    height: f64,
) -> Option<Found> {
    let address = format!("{street} {number}").trim().to_owned();
    let mut all = std::iter::once(&address).chain(parts).chain(std::iter::once(&country));
    let name = match name.is_empty() {
        true => all.find(|part| !part.is_empty())?.clone(),
        false => name,
    };
    let mut region: Vec<&str> = Vec::new();
    for part in std::iter::once(&address).chain(parts) {
        if !part.is_empty() && *part != name && !region.contains(&&**part) {
            region.push(part);
        }
    }
    let is_on_globe = lat.abs() <= 90.0 && lon.abs() <= 180.0;
    // A region's whole extent would be a map of nothing but motorways; its middle is shown.
    let metres = height * METRES_PER_DEGREE / 2.0;
    let distance = if metres > 0.0 { metres.clamp(600.0, 5000.0) } else { POINT_DISTANCE };
    let distance = (distance / 100.0).round() * 100.0;
    let region = region.join(", ");
    is_on_globe.then_some(Found { name, region, country, lat, lon, distance })
}

/// Answers that were given, by address, the newest last.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    answers: Vec<(String, f64, Vec<Found>)>,
}

impl Kept {
    /// What was kept as text; nothing where that is damaged.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The text to keep.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The answer of an address, if it is no older than 30 days; `now` in ms.
    #[must_use]
    pub fn answer(&self, url: &str, now: f64) -> Option<Vec<Found>> {
        let is_fresh = |at: f64| (0.0..=KEPT_MS).contains(&(now - at));
        let mut fitting = self.answers.iter().filter(|(of, at, _)| of == url && is_fresh(*at));
        fitting.next_back().map(|(_, _, found)| found.clone())
    }

    /// Keeps an answer; an empty one is not worth it, as the place may be mapped tomorrow.
    pub fn keep(&mut self, url: &str, now: f64, found: &[Found]) {
        self.answers.retain(|(of, at, _)| of != url && now - at <= KEPT_MS);
        if !found.is_empty() {
            self.answers.push((url.to_owned(), now, found.to_vec()));
        }
        let n_over = self.answers.len().saturating_sub(MOST_KEPT);
        self.answers.drain(..n_over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHOTON: &str = r#"{"features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[13.3888599,52.5170365]},
         "properties":{"name":"Berlin","state":"Berlin","country":"Germany","osm_key":"place"}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[13.2395,52.5147]},
         "properties":{"name":"Olympiastadion","street":"Olympischer Platz","housenumber":"3","state":"Berlin",
          "country":"Germany","extent":[13.23727,52.5157151,13.241757,52.5135972]}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[7.42,43.74]},
         "properties":{"street":"Rue Grimaldi","housenumber":"1","city":"Monaco","country":"Monaco"}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":["x",null]},"properties":{"name":"Odd"}},
        {"type":"Feature","geometry":null,"properties":null}],"type":"FeatureCollection"}"#;

    #[test]
    fn photons_places_are_read_and_odd_ones_left_out() {
        let found = read(Service::Photon, PHOTON.as_bytes()).unwrap();
        let told: Vec<String> = found
            .iter()
            .map(|one| format!("{}|{}|{}", one.name, one.region, one.country))
            .collect();
        assert_eq!(
            told,
            [
                "Berlin||Germany",
                "Olympiastadion|Olympischer Platz 3, Berlin|Germany",
                "Rue Grimaldi 1|Monaco|Monaco",
            ]
        );
        assert_eq!((found[1].lat, found[1].lon, found[1].distance), (52.5147, 13.2395, 600.0));
    }

    #[test]
    fn nominatims_places_are_read() {
        let text = r#"[{"lat":"43.7311424","lon":"7.4197576","name":"Monaco","display_name":"Monaco",
            "boundingbox":["43.5165358","43.7519311","7.4090279","7.5329917"],
            "address":{"country":"Monaco","state":"x"}}]"#;
        let found = read(Service::Nominatim, text.as_bytes()).unwrap();
        assert_eq!(
            (&*found[0].name, &*found[0].country, found[0].distance),
            ("Monaco", "Monaco", 5000.0)
        );
        assert_eq!(read(Service::Nominatim, br#"{"error":"Unable to geocode"}"#), Ok(vec![]));
    }

    #[test]
    fn what_is_no_list_of_places_is_said_to_be_none() {
        for text in ["", "<html>", "{}", "[]", r#"{"message":"x"}"#, "null"] {
            let read = read(Service::Photon, text.as_bytes());
            assert_eq!(read, Err(NoAnswer), "{text}");
        }
    }

    #[test]
    fn questions_become_addresses() {
        let search = Question::Search("café & bar/東".into());
        assert_eq!(
            url(Service::Photon, "https://p.example/", &search),
            "https://p.example/api?q=caf%C3%A9%20%26%20bar%2F%E6%9D%B1&limit=8&lang=en"
        );
        let reverse = url(Service::Photon, "photon", &Question::Reverse(43.5, -7.25));
        assert_eq!(reverse, "photon/reverse?lat=43.5&lon=-7.25&limit=1&lang=en");
    }

    #[test]
    fn answers_are_kept_for_30_days_and_damage_is_no_harm() {
        let found = read(Service::Photon, PHOTON.as_bytes()).unwrap();
        let day = 24.0 * 3600.0 * 1000.0;
        let mut kept = Kept::default();
        kept.keep("a", 0.0, &found);
        let kept = Kept::read(&kept.to_text());
        assert_eq!(kept.answer("a", 30.0 * day), Some(found.clone()));
        assert_eq!(kept.answer("a", 31.0 * day), None);
        assert_eq!(kept.answer("a", -day), None, "a clock that was set back");
        assert_eq!(kept.answer("b", 0.0), None);
        for damaged in ["", "[]", "{\"answers\":[1]}", "nonsense"] {
            assert_eq!(Kept::read(damaged), Kept::default());
        }
        let mut full = Kept::default();
        for i in 0..100 {
            full.keep(&i.to_string(), f64::from(i), &found);
        }
        assert_eq!((full.answer("39", 100.0), full.answer("40", 100.0)), (None, Some(found)));
    }
}

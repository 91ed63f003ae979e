//! What is typed or pasted → a point on the globe, or a text to search for.

use crate::{links, numbers, plus_code};

/// Where a text points.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Degrees, −90..=90.
    pub lat: f64,
    /// Degrees, −180..=180.
    pub lon: f64,
    /// Half the height of the map that was linked, m, where it is told.
    pub distance: Option<f64>,
    /// What the link calls it; empty where it does not.
    pub name: String,
}

impl Point {
    /// A point on the globe; `None` where there is none of these coordinates.
    pub(crate) fn at(lat: f64, lon: f64) -> Option<Self> {
        let lon = if lon > 180.0 && lon <= 360.0 { lon - 360.0 } else { lon };
        let is_on_globe = lat.abs() <= 90.0 && lon.abs() <= 180.0;
        is_on_globe.then(|| Self { lat, lon, distance: None, name: String::new() })
    }

    /// The same, with what a map at a web map's zoom shows.
    pub(crate) fn zoomed(mut self, zoom: Option<f64>) -> Self {
        // Half of a window 800 pixels high; tiles of 256 pixels.
        let metres = |zoom: f64| {
            400.0 * 156_543.034 * self.lat.to_radians().cos() / zoom.clamp(0.0, 25.0).exp2()
        };
        self.distance = zoom.map(metres).filter(|metres| *metres > 0.0).or(self.distance);
        self
    }
}

/// What was meant.
#[derive(Debug, Clone, PartialEq)]
pub enum PlaceQuery {
    /// A point.
    Point(Point),
    /// A plus code that is short of its beginning: the nearest to the place named, or to where one is.
    ShortCode {
        /// Such as `5W9V+V5`.
        code: String,
        /// Such as `Helsinki, Finland`; empty for where one is.
        near: String,
    },
    /// A link that only its server can follow.
    ShortLink,
    /// A link to a node, way or relation of `OpenStreetMap`, which says what it is and not where.
    ObjectLink,
    /// Words to search for, 200 letters of them at most.
    Text(String),
}

/// Letters that are searched for; the longest name of a place has 168. Each word is looked for as a region, too, and
/// a page of text would hold the field up for seconds.
const MOST_LETTERS: usize = 200;

/// Understands coordinates, plus codes, `geo:` addresses and links of web maps; all else is words.
#[must_use]
pub fn parse(typed: &str) -> PlaceQuery {
    let typed = typed.trim();
    // A link may be longer than what is searched for.
    match links::parse(typed) {
        Some(PlaceQuery::Text(words)) => return PlaceQuery::Text(beginning(&words).to_owned()),
        Some(query) => return query,
        None => {}
    }
    let typed = beginning(typed);
    if let Some(point) = numbers::parse(typed) {
        return PlaceQuery::Point(point);
    }
    plus_code::parse(typed).unwrap_or_else(|| PlaceQuery::Text(typed.to_owned()))
}

fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(MOST_LETTERS).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(typed: &str) -> Option<(f64, f64)> {
        match parse(typed) {
            PlaceQuery::Point(point) => Some((point.lat, point.lon)),
            _ => None,
        }
    }

    #[test]
    fn words_are_words() {
        for words in [
            "",
            "Monaco",
            "Berlin, Germany",
            "24 rue de Rivoli",
            "Straße des 17. Juni",
            "10",
            "N",
            "E-5",
        ] {
            assert_eq!(parse(words), PlaceQuery::Text(words.to_owned()));
        }
    }

    #[test]
    fn coordinates_in_every_usual_form() {
        let near = |typed: &str, lat: f64, lon: f64| {
            let (found_lat, found_lon) = point(typed).unwrap_or_else(|| panic!("{typed}"));
            let is_near = (found_lat - lat).abs() < 1e-4 && (found_lon - lon).abs() < 1e-4;
            assert!(is_near, "{typed}: {found_lat} {found_lon}");
        };
        for typed in [
            "60.1719, 24.9411",
            "60.1719 24.9411",
            "60.1719,24.9411",
            "60.1719;24.9411",
            "60.1719 / 24.9411",
            "60,1719 24,9411",
            "60,1719, 24,9411",
            "60,1719,24,9411",
            "60,1719; 24,9411",
            "(60.1719, 24.9411)",
            "[60.1719, 24.9411]",
            "60.1719° N, 24.9411° E",
            "60.1719°N 24.9411°E",
            "60.1719N, 24.9411E",
            "60,1719° N, 24,9411° E",
            "N 60.1719 E 24.9411",
            "N60.1719° E24.9411°",
            "n60.1719,e24.9411",
            "24.9411 E, 60.1719 N",
            "E 24.9411, N 60.1719",
            "lat: 60.1719, lon: 24.9411",
            "lat=60.1719 lng=24.9411",
            "Latitude 60.1719, Longitude 24.9411",
            "lon 24.9411 lat 60.1719",
            "+60.1719, +24.9411",
            "+60.1719+024.9411/",
            "60°10.314′ N 24°56.466′ E",
            "N 60° 10.314' E 24° 56.466'",
            "60 10.314, 24 56.466",
            "60°10′18.84″N 24°56′27.96″E",
            "60°10′18,84″N 24°56′27,96″E",
            "60° 10' 18.84\" N, 24° 56' 27.96\" E",
            "60° 10' 18.84'' N, 24° 56' 27.96'' E",
            "60°10’18.84”N, 24°56’27.96”E",
            "60º10'18.84\"N 24º56'27.96\"E",
            "60 10 18.84 N 24 56 27.96 E",
            "60 10 18.84, 24 56 27.96",
            "60:10:18.84 N 24:56:27.96 E",
            "60:10:18.84, 24:56:27.96",
            "N60°10'18.84\" E24°56'27.96\"",
            "60d10m18.84s N 24d56m27.96s E",
            "60 deg 10 min 18.84 sec N, 24 deg 56 min 27.96 sec E",
            "60.1719 north, 24.9411 east",
            "60.1719 degrees north 24.9411 degrees east",
        ] {
            near(typed, 60.1719, 24.9411);
        }
        near("60°10′19″N 24°56′28″E", 60.171_94, 24.941_11);
        near("60° 24°30'", 60.0, 24.5);
        near("60, 24", 60.0, 24.0);
        near("60,24", 60.0, 24.0);
        near("60 24", 60.0, 24.0);
        near("-33.45, -70.66", -33.45, -70.66);
        near("\u{2212}33.45 \u{2212}70.66", -33.45, -70.66);
        near("33.45 S 70.66 W", -33.45, -70.66);
        near("33°27'S, 70°39'36\"W", -33.45, -70.66);
        near("-33 27, -70 39 36", -33.45, -70.66);
        near("-0 30, -0 15", -0.5, -0.25);
        // GeoJSON's order, where no other can be meant; a turn around the globe.
        near("139.6917, 35.6895", 35.6895, 139.6917);
        near("-17, 182", -17.0, -178.0);
    }

    #[test]
    fn what_is_on_no_globe_is_no_point() {
        for typed in [
            "91, 191",
            "60, 400",
            "60 70 24 10",
            "60°61'N 24°E",
            "60N 24N",
            "60.5 10, 24 20",
            "1 2 3",
            "1 2 3 4 5 6 7 8",
            "-60 S, 24 E",
            "60°10′19″N",
            "1e5 2e5",
            "nan, inf",
            "60.1.2 24",
            "--60 24",
        ] {
            assert_eq!(point(typed), None, "{typed}");
        }
    }

    #[test]
    fn links_of_every_usual_map() {
        let check = |link: &str, lat: f64, lon: f64, distance: Option<f64>, name: &str| {
            let PlaceQuery::Point(found) = parse(link) else { panic!("{link}: {:?}", parse(link)) };
            let is_near = (found.lat - lat).abs() < 1e-3 && (found.lon - lon).abs() < 1e-3;
            assert!(is_near, "{link}: {found:?}");
            match (found.distance, distance) {
                (None, None) => {}
                (Some(a), Some(b)) if (a / b).ln().abs() < 0.02 => {}
                other => panic!("{link}: {other:?}"),
            }
            assert_eq!(found.name, name, "{link}");
        };
        let monaco = |link, distance, name| check(link, 43.7384, 7.4246, distance, name);
        // OpenStreetMap.
        monaco("https://www.openstreetmap.org/#map=15/43.7384/7.4246", Some(1380.0), "");
        monaco(
            "https://www.openstreetmap.org/relation/1124039#map=14/43.7384/7.4246&layers=T",
            Some(2761.0),
            "",
        );
        monaco(
            "https://www.openstreetmap.org/?mlat=43.7384&mlon=7.4246#map=16/43.7/7.4",
            Some(690.0),
            "",
        );
        monaco("openstreetmap.org/?mlat=43.7384&mlon=7.4246", None, "");
        monaco(
            "http://www.openstreetmap.org/?lat=43.7384&lon=7.4246&zoom=15&layers=M",
            Some(1380.0),
            "",
        );
        check("https://osm.org/go/0EEQjE==", 51.5110, 0.0550, Some(76_115.0), "");
        // Google.
        monaco("https://www.google.com/maps/@43.7384,7.4246,15z", Some(1380.0), "");
        monaco("https://www.google.com/maps/@43.7384,7.4246,15z?entry=ttu", Some(1380.0), "");
        monaco("https://www.google.com/maps/@43.7384,7.4246,2500m/data=!3m1!1e3", Some(1250.0), "");
        monaco(
            "https://www.google.fr/maps/place/Monaco/@43.7,7.4,14z/data=!3m1!4b1!4m6!3m5!1s0x12cdc28f4dd9e7a9:0xaf3ac24b1a2e4b0e!8m2!3d43.7384!4d7.4246!16zL20vMDR3NA",
            Some(2761.0),
            "Monaco",
        );
        monaco("https://www.google.com/maps?q=43.7384,7.4246", None, "");
        monaco("https://maps.google.com/?q=43.7384,7.4246&z=15", Some(1380.0), "");
        monaco("https://maps.google.com/maps?ll=43.7384,7.4246&z=15", Some(1380.0), "");
        monaco("https://www.google.com/maps/search/?api=1&query=43.7384%2C7.4246", None, "");
        monaco("https://www.google.com/maps/search/43.7384,+7.4246?entry=tts", None, "");
        monaco(
            "https://www.google.com/maps/place/43%C2%B044'18.2%22N+7%C2%B025'28.6%22E",
            None,
            "",
        );
        monaco("https://www.google.com/maps/dir/?api=1&destination=43.7384,7.4246", None, "");
        // Apple.
        monaco("https://maps.apple.com/?ll=43.7384,7.4246", None, "");
        monaco(
            "https://maps.apple.com/?ll=43.7384,7.4246&q=Port%20Hercule&z=15",
            Some(1380.0),
            "Port Hercule",
        );
        monaco("http://maps.apple.com/?q=43.7384,7.4246", None, "");
        monaco(
            "https://maps.apple.com/place?coordinate=43.7384,7.4246&name=Port+Hercule",
            None,
            "Port Hercule",
        );
        monaco(
            "https://maps.apple.com/frame?center=43.7384%2C7.4246&span=0.02,0.03",
            Some(1112.0),
            "",
        );
        // geo: (RFC 5870) and what Android adds to it.
        monaco("geo:43.7384,7.4246", None, "");
        monaco("GEO:43.7384,7.4246,12;crs=wgs84;u=35", None, "");
        monaco("geo:43.7384,7.4246?z=15", Some(1380.0), "");
        monaco("geo:0,0?q=43.7384,7.4246(Port+Hercule)", None, "Port Hercule");
    }

    #[test]
    fn links_without_coordinates_are_words_or_said_to_be_short() {
        let text = |link: &str, expected: &str| {
            assert_eq!(parse(link), PlaceQuery::Text(expected.into()), "{link}");
        };
        text("https://www.google.com/maps/place/Eiffel+Tower/", "Eiffel Tower");
        text("https://www.google.com/maps?q=Eiffel+Tower", "Eiffel Tower");
        text("https://www.google.com/maps/search/caf%C3%A9+paris", "café paris");
        text(
            "https://maps.apple.com/?address=1%20Rue%20Grimaldi,%20Monaco",
            "1 Rue Grimaldi, Monaco",
        );
        text("geo:0,0?q=1+Rue+Grimaldi", "1 Rue Grimaldi");
        assert_eq!(parse("https://maps.app.goo.gl/abcDEF123"), PlaceQuery::ShortLink);
        assert_eq!(parse("https://goo.gl/maps/abc"), PlaceQuery::ShortLink);
        assert_eq!(parse("https://maps.apple/p/abc"), PlaceQuery::ShortLink);
        text("https://example.org/", "https://example.org/");
    }

    #[test]
    fn links_to_objects_say_no_place() {
        for link in [
            "https://www.openstreetmap.org/relation/1124039",
            "openstreetmap.org/way/123/history",
            "https://osm.org/node/1?locale=fr",
            "http://www.openstreetmap.org/?relation=1124039",
        ] {
            assert_eq!(parse(link), PlaceQuery::ObjectLink, "{link}");
        }
        assert!(point("https://www.openstreetmap.org/way/12#map=17/43.7384/7.4246").is_some());
        let about = "https://www.openstreetmap.org/about";
        assert_eq!(parse(about), PlaceQuery::Text(about.to_owned()));
    }

    #[test]
    fn of_a_page_of_text_the_beginning_is_searched_and_a_long_link_is_read_whole() {
        let letters = |text: &str| match parse(text) {
            PlaceQuery::Text(words) => words.chars().count(),
            other => panic!("{other:?}"),
        };
        assert_eq!(letters(&"é".repeat(50_000)), 200);
        assert_eq!(letters(&"osl, ".repeat(20_000)), 199, "and no space at its end");
        assert_eq!(letters(&format!("https://example.org/{}", "a".repeat(100_000))), 200);
        let long =
            format!("https://www.google.com/maps/place/{}/@43.7384,7.4246,15z", "a".repeat(3000));
        assert!(point(&long).is_some());
    }

    #[test]
    fn plus_codes() {
        let (lat, lon) = point("8FM9PCQF+9R").unwrap();
        assert!((lat - 43.7384).abs() < 0.001 && (lon - 7.4246).abs() < 0.001, "{lat} {lon}");
        assert!(point("8fm9pcqf+9r").is_some());
        assert!(point("8FM90000+").is_some());
        let short = PlaceQuery::ShortCode { code: "PCQF+9R".into(), near: "Monaco".into() };
        assert_eq!(parse("PCQF+9R Monaco"), short);
        assert_eq!(parse("pcqf+9r, Monaco"), short);
        assert_eq!(parse("https://plus.codes/8FM9PCQF+9R"), parse("8FM9PCQF+9R"));
        for words in ["C+1", "A+B", "8FM9PCQF", "8FM9PCQF+9", "8FM9AAAA+9R"] {
            assert_eq!(parse(words), PlaceQuery::Text(words.into()));
        }
    }
}

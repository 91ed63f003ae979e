//! What nearly all of a reply is made of, ways in Overpass's own layout, read in one step each:
//! every key, comma and indent is compared as one run of bytes. At the first byte that is otherwise
//! nothing is taken, and the scanner's general road reads the same bytes.

use super::number::{degrees, integer_len, seven_decimals, word_at};
use super::scan::{blanks, plain_len};
use crate::error::ReadError;
use crate::lonlat::LonLat;
use crate::osm::builder::OsmDataBuilder;
use crate::osm::keys::key_id;

/// Reads a way with its geometry; gives what follows it. `None` for any other element or layout,
/// and where the end is missing.
pub(super) fn way<'a>(
    text: &'a [u8],
    builder: &mut OsmDataBuilder,
) -> Result<Option<&'a [u8]>, ReadError> {
    let Some(rest) = text.strip_prefix(b"{\n  \"type\": \"way\",\n  \"id\": ") else {
        return Ok(None);
    };
    match body(rest, builder)? {
        Some((id, rest)) => {
            builder.end_way(id)?;
            Ok(Some(rest))
        }
        None => {
            builder.discard();
            Ok(None)
        }
    }
}

/// From the id's digits on: the id and what follows the way.
fn body<'a>(
    text: &'a [u8],
    builder: &mut OsmDataBuilder,
) -> Result<Option<(i64, &'a [u8])>, ReadError> {
    let Some((id, rest)) = integer(text) else { return Ok(None) };
    let Some(rest) = bounds(rest).and_then(nodes) else { return Ok(None) };
    let Some(rest) = rest.strip_prefix(b",\n  \"geometry\": [\n    ") else { return Ok(None) };
    let Some(rest) = geometry(rest, builder)? else { return Ok(None) };
    let Some(rest) = tags(rest, builder)? else { return Ok(None) };
    Ok(rest.strip_prefix(b"\n}").map(|rest| (id, rest)))
}

fn integer(text: &[u8]) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(integer_len(text)?)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

/// Skips the box around the way, which its vertices tell too.
fn bounds(text: &[u8]) -> Option<&[u8]> {
    let Some(rest) = text.strip_prefix(b",\n  \"bounds\": {\n    \"minlat\": ") else {
        return Some(text);
    };
    let (_, rest) = degrees(rest)?;
    let (_, rest) = degrees(rest.strip_prefix(b",\n    \"minlon\": ")?)?;
    let (_, rest) = degrees(rest.strip_prefix(b",\n    \"maxlat\": ")?)?;
    let (_, rest) = degrees(rest.strip_prefix(b",\n    \"maxlon\": ")?)?;
    rest.strip_prefix(b"\n  }")
}

/// Skips the ids of the vertices: where each lies follows.
fn nodes(text: &[u8]) -> Option<&[u8]> {
    let Some(mut rest) = text.strip_prefix(b",\n  \"nodes\": [\n    ") else { return Some(text) };
    loop {
        rest = rest.get(integer_len(rest)?..)?;
        match rest.strip_prefix(b",\n    ") {
            Some(next) => rest = next,
            None => return rest.strip_prefix(b"\n  ]"),
        }
    }
}

fn geometry<'a>(
    mut rest: &'a [u8],
    builder: &mut OsmDataBuilder,
) -> Result<Option<&'a [u8]>, ReadError> {
    builder.begin_geometry();
    loop {
        if let Some((place, next)) = vertex(rest) {
            builder.vertex(Some(place))?;
            rest = next;
        } else if let Some(next) = rest.strip_prefix(b"null") {
            builder.vertex(None)?;
            rest = next;
        } else {
            return Ok(None);
        }
        match rest.strip_prefix(b",\n    ") {
            Some(next) => rest = next,
            None => break,
        }
    }
    builder.end_geometry();
    Ok(rest.strip_prefix(b"\n  ]"))
}

fn tags<'a>(text: &'a [u8], builder: &mut OsmDataBuilder) -> Result<Option<&'a [u8]>, ReadError> {
    let Some(mut rest) = text.strip_prefix(b",\n  \"tags\": {\n    \"") else {
        return Ok(Some(text));
    };
    loop {
        let Some((key, after)) = plain_text(rest) else { return Ok(None) };
        let Some(after) = after.strip_prefix(b": \"") else { return Ok(None) };
        let Some((value, after)) = plain_text(after) else { return Ok(None) };
        if let Some(key) = key_id(key) {
            let Ok(value) = std::str::from_utf8(value) else { return Ok(None) };
            builder.tag_by_id(key, value)?;
        }
        match after.strip_prefix(b",\n    \"") {
            Some(next) => rest = next,
            None => return Ok(after.strip_prefix(b"\n  }")),
        }
    }
}

/// A text without escapes, from behind its first quotation mark; and what follows it.
fn plain_text(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (plain, rest) = text.split_at_checked(plain_len(text))?;
    Some((plain, rest.strip_prefix(b"\"")?))
}

/// A vertex as Overpass writes it, or with white space elsewhere; and what follows it. `None` for
/// any other form and where the end is missing.
pub(super) fn vertex(text: &[u8]) -> Option<(LonLat, &[u8])> {
    if let Some(window) = text.first_chunk()
        && let Some((vertex, len)) = vertex_in(window)
    {
        return Some((vertex, text.get(len..)?));
    }
    let rest = blanks(text.strip_prefix(b"{")?).strip_prefix(b"\"lat\"")?;
    let (lat_e7, rest) = degrees(blanks(blanks(rest).strip_prefix(b":")?))?;
    let rest = blanks(blanks(rest).strip_prefix(b",")?).strip_prefix(b"\"lon\"")?;
    let (lon_e7, rest) = degrees(blanks(blanks(rest).strip_prefix(b":")?))?;
    Some((on_globe(lon_e7, lat_e7)?, blanks(rest).strip_prefix(b"}")?))
}

/// More bytes than a vertex in Overpass's own layout ever has.
const WINDOW: usize = 48;

/// A vertex with seven decimals and its length, by words of eight bytes. Within a window of known size there is no end
/// to look out for: with ids read so too, Manhattan's reply takes 10.0 ms natively, and took 10.9.
#[inline]
fn vertex_in(window: &[u8; WINDOW]) -> Option<(LonLat, usize)> {
    let is_at = |at: usize, text: &[u8; 8]| word_at(window, at) == Some(u64::from_le_bytes(*text));
    if !is_at(0, b"{ \"lat\":") || window[8] != b' ' {
        return None;
    }
    let (lat_e7, at) = seven_decimals(window, 9)?;
    if !is_at(at, b", \"lon\":") || window.get(at + 8) != Some(&b' ') {
        return None;
    }
    let (lon_e7, at) = seven_decimals(window, at + 9)?;
    let ends = window.get(at..at + 2)? == b" }";
    ends.then_some((on_globe(lon_e7, lat_e7)?, at + 2))
}

fn on_globe(lon_e7: i32, lat_e7: i32) -> Option<LonLat> {
    let is_on_globe = lon_e7.abs() <= 1_800_000_000 && lat_e7.abs() <= 900_000_000;
    is_on_globe.then_some(LonLat { lon_e7, lat_e7 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::builder::Limits;

    const WAY: &str = r#"{
  "type": "way",
  "id": 5561356,
  "bounds": {
    "minlat": 33.6355473,
    "minlon": -112.3401699,
    "maxlat": 33.6366055,
    "maxlon": -112.3391828
  },
  "nodes": [
    41203855,
    4616748166
  ],
  "geometry": [
    { "lat": 33.6365975, "lon": -112.3391828 },
    null,
    { "lat": 0.0000001, "lon": 7.0000000 }
  ],
  "tags": {
    "highway": "service",
    "name": "Jäger–Straße, 駅",
    "layer": "1"
  }
}"#;

    fn read(text: &str) -> Option<(String, usize)> {
        let mut builder = OsmDataBuilder::new(Limits::default());
        let rest = way(text.as_bytes(), &mut builder).unwrap()?.len();
        let data = builder.finish(&mut Vec::new()).unwrap();
        Some((data.describe(), text.len() - rest))
    }

    #[test]
    fn a_way_is_taken_whole_or_not_at_all() {
        let (described, len) = read(&format!("{WAY},\n{{")).unwrap();
        assert_eq!(len, WAY.len());
        assert_eq!(
            described,
            "None\nway 5561356 [(\"highway\", \"service\"), (\"layer\", \"1\")] \
             [LonLat { lon_e7: -1123391828, lat_e7: 336365975 }, \
             LonLat { lon_e7: -2147483648, lat_e7: -2147483648 }, \
             LonLat { lon_e7: 70000000, lat_e7: 1 }]\n"
        );
        for end in (0..WAY.len()).filter(|end| WAY.is_char_boundary(*end)) {
            assert_eq!(read(&WAY[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn other_ways_are_left_to_the_general_road() {
        for (from, to) in [
            ("way", "relation"),
            ("5561356", "05"),
            ("5561356", "5561356.0"),
            ("5561356", "99999999999999999999"),
            ("33.6355473", "91e0"),
            ("41203855", "41203855,"),
            ("41203855", "012"),
            ("33.6365975", "93.6365975"),
            ("33.6365975", "33.63659751"),
            (", \"lon\": 7.0000000", ""),
            ("\"nodes\"", "\"refs\""),
            ("service", "ser\\\"vice"),
            ("service", "ser\tvice"),
            ("\"1\"", "1"),
            ("\n}", ",\n  \"version\": 3\n}"),
        ] {
            assert!(WAY.contains(from), "{from}");
            assert_eq!(read(&WAY.replacen(from, to, 1)), None, "{from} → {to}");
        }
        let nothing_left_out = WAY.replacen("null", "{ \"lat\": 1, \"lon\": 2 }", 1);
        assert!(read(&nothing_left_out).is_some());
    }

    #[test]
    fn a_vertex_is_read_by_words_as_it_is_by_parts() {
        let check = |lat: &str, lon: &str, is_usual: bool| {
            let mut text = format!("{{ \"lat\": {lat}, \"lon\": {lon} }}");
            let whole = vertex(text.as_bytes()).map(|(place, _)| place);
            let len = text.len();
            text.push_str(&",\n    { \"lat\": 60.1234567, ".repeat(2));
            let found = vertex_in(text.as_bytes().first_chunk().unwrap());
            // By itself the vertex is too short for a window, and read by parts.
            assert!(len < WINDOW);
            assert_eq!(found, whole.filter(|_| is_usual).map(|place| (place, len)), "{text}");
        };
        for lat in ["60.1717000", "-7.0000001", "0.0000000", "-33.9999999"] {
            for lon in ["24.9443000", "-112.3391828", "179.9999999", "-0.0000001"] {
                check(lat, lon, true);
            }
        }
        for lat in ["60.17", "91.0000000", "012.0000000", "6e.0000000", "60.12345678", "-.1234567"]
        {
            check(lat, "24.9443000", false);
        }
    }

    #[test]
    fn only_the_usual_vertex_is_taken_at_once() {
        let place = LonLat { lon_e7: -249_443_000, lat_e7: 601_717_000 };
        for text in
            ["{ \"lat\": 60.1717000, \"lon\": -24.9443 }", "{\"lat\":60.1717,\"lon\":-24.9443}"]
        {
            assert_eq!(vertex(text.as_bytes()), Some((place, &b""[..])), "{text}");
            for end in 0..text.len() {
                assert_eq!(vertex(&text.as_bytes()[..end]), None, "cut at {end}");
            }
        }
        for text in [
            "{\"lon\":1,\"lat\":2}",
            "{\"lat\":91,\"lon\":2}",
            "{\"lat\":1e1,\"lon\":2}",
            "{\"lat\":1,\"lon\":2,\"ele\":3}",
            "{\"lat\":1.,\"lon\":2}",
            "{\"lat\":01,\"lon\":2}",
        ] {
            assert_eq!(vertex(text.as_bytes()), None, "{text}");
        }
    }
}

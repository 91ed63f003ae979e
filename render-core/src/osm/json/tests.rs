use proptest::prelude::*;

use super::*;
use crate::lonlat::LonLat;
use crate::osm::Role;

fn read(text: &[u8]) -> Result<(OsmData, Vec<String>), ReadError> {
    read_in_chunks([text])
}

fn read_in_chunks<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(OsmData, Vec<String>), ReadError> {
    let mut warnings = Vec::new();
    let mut reader = OverpassReader::new(Limits::default());
    for chunk in chunks {
        reader.push(chunk, &mut warnings)?;
    }
    let data = reader.finish(&mut warnings)?;
    Ok((data, warnings.iter().map(ToString::to_string).collect()))
}

fn at(lon_e7: i32, lat_e7: i32) -> LonLat {
    LonLat { lon_e7, lat_e7 }
}

/// As `out geom` writes it, with what is rare in real replies: escapes, nulls, foreign keys.
const REPLY: &str = r#"{
  "version": 0.6, "generator": "hand", "unknown": {"a": [1, {"elements": []}]},
  "osm3s": { "timestamp_osm_base": "2019-04-21T20:21:00Z", "copyright": "ODbL" },
  "elements": [
{ "type": "node", "id": 5, "lat": 1.5, "lon": 2.5, "tags": { "name": "Kiosk" } },
{
  "type": "way", "id": 11,
  "bounds": { "minlat": 60.1, "minlon": 24.9, "maxlat": 60.2, "maxlon": 25.0 },
  "nodes": [ 1, 2, 3 ],
  "geometry": [ { "lat": 60.1, "lon": 24.9 }, null, { "lat": -0.0000001, "lon": 25 } ],
  "tags": { "highway": "residential", "bridge": "Tähti\u00e4 \"\ud83d\ude80\\ 駅", "layer": 1, "name": "A" }
},
{ "type": "way", "id": 12, "geometry": [ { "lon": 1, "lat": 2 }, { "lon": 3, "lat": 4 } ] },
{
  "type": "way",
  "id": 14,
  "bounds": {
    "minlat": 1.0000000,
    "minlon": -2.5000000,
    "maxlat": 60.1000000,
    "maxlon": 24.9000000
  },
  "nodes": [
    3,
    12345678901,
    5
  ],
  "geometry": [
    { "lat": 60.1000000, "lon": 24.9000000 },
    null,
    { "lat": 1.0000000, "lon": -2.5000000 }
  ],
  "tags": {
    "highway": "residential",
    "layer": "1"
  }
},
{
  "type": "relation", "id": 21,
  "members": [
    { "type": "node", "ref": 7, "role": "label", "lat": 1.0, "lon": 2.0 },
    { "type": "way", "ref": 12, "role": "outer",
      "geometry": [ { "lat": 2, "lon": 1 }, { "lat": 4, "lon": 3 } ] },
    { "type": "way", "ref": 13, "role": "inner", "geometry": [ { "lat": 9, "lon": 9 } ] },
    { "type": "way", "ref": 11, "role": "" },
    { "type": "way", "ref": 99, "role": "outer" }
  ],
  "tags": { "type": "multipolygon" }
}
  ]
}
"#;

#[test]
fn a_reply_is_read_whole() {
    let (data, warnings) = read(REPLY.as_bytes()).unwrap();
    assert_eq!(data.timestamp.as_deref(), Some("2019-04-21T20:21:00Z"));
    assert_eq!(
        data.tags(&data.ways[0].tags).collect::<Vec<_>>(),
        [("highway", "residential"), ("bridge", "Tähtiä \"🚀\\ 駅"), ("layer", "1")]
    );
    assert_eq!(
        data.coords(&data.ways[0].coords),
        [at(249_000_000, 601_000_000), LonLat::MISSING, at(250_000_000, -1)]
    );
    let members = data.members(&data.relations[0].members);
    assert_eq!(
        members.iter().map(|m| (m.way_id, m.role)).collect::<Vec<_>>(),
        [(12, Role::Outer), (13, Role::Inner), (11, Role::Other), (99, Role::Outer)]
    );
    assert_eq!(members[0].coords, data.ways[1].coords, "equal vertices are stored once");
    assert_eq!(members[2].coords, data.ways[0].coords, "no geometry of its own: the way's");
    assert!(members[3].coords.is_empty());
    assert_eq!(
        warnings,
        [
            "W-MEMBER-MISSING relation 21: 1 of its 4 ways are not in the data",
            "W-VERTEX-MISSING 2 vertices were left out by the source",
        ]
    );
}

#[test]
fn every_split_in_two_gives_the_same_data() {
    let whole = read(REPLY.as_bytes()).unwrap().0.describe();
    for at in 0..=REPLY.len() {
        let (a, b) = REPLY.as_bytes().split_at(at);
        assert_eq!(read_in_chunks([a, b]).unwrap().0.describe(), whole, "split at {at}");
    }
    assert_eq!(read_in_chunks(REPLY.as_bytes().chunks(1)).unwrap().0.describe(), whole);
}

#[test]
fn every_cut_is_noticed() {
    for at in 0..REPLY.trim_end().len() {
        let error = read(&REPLY.as_bytes()[..at]).unwrap_err();
        assert_eq!(error, ReadError::Truncated, "cut at {at}");
    }
}

#[test]
fn nodes_given_apart_are_joined_to_their_ways() {
    // `out body; >; out skel;`: ways first, then nodes and ways again, without tags.
    let reply = r#"{"elements":[
        {"type":"way","id":1,"nodes":[4,5,6],"tags":{"highway":"path"}},
        {"type":"relation","id":3,"members":[{"type":"way","ref":2,"role":"outer"}]},
        {"type":"node","id":6,"lat":6,"lon":60},{"type":"node","id":4,"lat":4,"lon":40},
        {"type":"way","id":1,"nodes":[4,5,6]},{"type":"way","id":2,"nodes":[6,4]}]}"#;
    let (data, warnings) = read(reply.as_bytes()).unwrap();
    let four = at(400_000_000, 40_000_000);
    let six = at(600_000_000, 60_000_000);
    assert_eq!(data.ways.len(), 2);
    assert_eq!(data.coords(&data.ways[0].coords), [four, LonLat::MISSING, six]);
    assert_eq!(data.tags(&data.ways[0].tags).count(), 1);
    assert_eq!(data.coords(&data.members[0].coords), [six, four]);
    assert_eq!(warnings, ["W-NODE-MISSING way 1: 1 of its 3 nodes are not in the data"]);
}

#[test]
fn places_off_the_globe_are_reported_and_break_the_line() {
    let reply = r#"{"elements":[{"type":"way","id":1,"geometry":[
        {"lat":90,"lon":-180},{"lat":91,"lon":0},{"lat":1e999,"lon":0},{"lat":"1","lon":0},{}]}]}"#;
    let (data, warnings) = read(reply.as_bytes()).unwrap();
    let coords = data.coords(&data.ways[0].coords);
    assert_eq!(coords[0], at(-1_800_000_000, 900_000_000));
    assert!(coords[1..].iter().all(|place| place.is_missing()));
    assert_eq!(warnings.len(), 4);
    assert!(warnings[0].starts_with("W-OFF-GLOBE way 1: "), "{}", warnings[0]);
}

#[test]
fn keys_may_come_in_any_order() {
    let reply = r#"{"elements":[{"tags":{"layer":"2"},"geometry":[{"lon":2,"lat":1}],"id":1,
        "type":"way"},{"members":[{"geometry":[{"lon":4,"lat":3}],"role":"inner","ref":9,
        "type":"way"}],"id":2,"type":"relation"}]}"#;
    let (data, _) = read(reply.as_bytes()).unwrap();
    assert_eq!(data.ways[0].id, 1);
    assert_eq!(data.tags(&data.ways[0].tags).collect::<Vec<_>>(), [("layer", "2")]);
    assert_eq!(data.coords(&data.members[0].coords), [at(40_000_000, 30_000_000)]);
}

#[test]
fn what_is_no_answer_is_told_from_what_is_broken() {
    let remark = |text: &str| {
        format!(
            r#"{{"elements":[{{"type":"way","id":1,"geometry":[{{"lat":1,"lon":1}}]}}],
            "remark":"{text}"}}"#
        )
    };
    for (text, code) in [
        (String::new(), "E-READ-CUT"),
        (" \r\n".to_owned(), "E-READ-CUT"),
        ("\u{feff}".to_owned(), "E-READ-CUT"),
        ("<?xml version=\"1.0\"?><html><p>Error</p></html>".to_owned(), "E-READ-NOT-OSM"),
        ("<".to_owned(), "E-READ-NOT-OSM"),
        ("[]".to_owned(), "E-READ-NOT-OSM"),
        // White space in ASCII, but not in JSON (found by fuzzing).
        ("\u{c}<".to_owned(), "E-READ-NOT-OSM"),
        ("\u{feff}\u{feff}{}".to_owned(), "E-READ-NOT-OSM"),
        ("é".to_owned(), "E-READ-NOT-OSM"),
        (r#"{"type":"FeatureCollection"}"#.to_owned(), "E-READ-NOT-OSM"),
        (r#"{"elements":[]}"#.to_owned(), "E-READ-EMPTY"),
        (r#"{"elements":[{"type":"count","id":0,"tags":{"n":"3"}}]}"#.to_owned(), "E-READ-EMPTY"),
        (r#"{"elements":[{"type":"way","id":0}]}"#.to_owned(), "E-READ-EMPTY"),
        (r#"{"elements":[NaN]}"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"elements":[]}}"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"elements":[]} 12"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"elements" []}"#.to_owned(), "E-READ-MALFORMED"),
        (remark("runtime error: Query timed out in \\\"query\\\" after 2 s."), "E-READ-REMARK"),
        (remark("runtime error: Query ran out of memory"), "E-READ-REMARK"),
        (remark("Query Timed Out"), "E-READ-REMARK"),
        ("[".repeat(100_000), "E-READ-NOT-OSM"),
        ("{\"a\":".repeat(100_000), "E-READ-TOO-LARGE"),
        (r#"{"a":01}"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"a":tru}"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"a":1,}"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"a":[1,]}"#.to_owned(), "E-READ-MALFORMED"),
        (r#"{"a":[1}}"#.to_owned(), "E-READ-MALFORMED"),
        ("{\"a\":\"\n\"}".to_owned(), "E-READ-MALFORMED"),
        (r#"{"a":"\x"}"#.to_owned(), "E-READ-MALFORMED"),
    ] {
        let head: String = text.chars().take(60).collect();
        assert_eq!(read(text.as_bytes()).unwrap_err().code(), code, "{head}");
        let slowly = read_in_chunks(text.as_bytes().chunks(1));
        assert_eq!(slowly.unwrap_err().code(), code, "{head}, byte by byte");
    }
    let (_, warnings) = read(remark("the area is new").as_bytes()).unwrap();
    assert_eq!(warnings, ["W-REMARK the server remarks: the area is new"]);
}

#[test]
fn a_wrong_reply_is_quoted() {
    let page = "<?xml version=\"1.0\"?>\n  <html>\n".to_owned() + &"x".repeat(500);
    let error = read(page.as_bytes()).unwrap_err();
    let ReadError::NotOsmData { starts_with } = error else { panic!("{error}") };
    assert!(starts_with.starts_with("<?xml version=\"1.0\"?> <html> xxx"), "{starts_with}");
    assert_eq!(starts_with.len(), 80);
}

#[test]
fn limits_hold() {
    let check = |limits: Limits, unit: &str| {
        let mut reader = OverpassReader::new(limits);
        let error = reader.push(REPLY.as_bytes(), &mut Vec::new()).unwrap_err();
        let ReadError::TooLarge { unit: found, .. } = error else { panic!("{error}") };
        assert_eq!(found, unit);
    };
    check(Limits { bytes: 100, ..Limits::default() }, "bytes");
    check(Limits { elements: 2, ..Limits::default() }, "elements");
    check(Limits { vertices: 2, ..Limits::default() }, "node references");
    let long = format!("{{\"a\":\"{}", "x".repeat(2 * LONGEST_TOKEN));
    assert_eq!(read(long.as_bytes()).unwrap_err().code(), "E-READ-MALFORMED");
}

proptest! {
    #[test]
    fn any_chunks_give_the_same_data(cuts in prop::collection::vec(0..REPLY.len(), 0..40)) {
        let mut cuts = cuts;
        cuts.extend([0, REPLY.len()]);
        cuts.sort_unstable();
        let chunks = cuts.windows(2).map(|pair| &REPLY.as_bytes()[pair[0]..pair[1]]);
        let split = read_in_chunks(chunks).unwrap();
        let whole = read(REPLY.as_bytes()).unwrap();
        prop_assert_eq!(split.0.describe(), whole.0.describe());
        prop_assert_eq!(split.1, whole.1);
    }

    #[test]
    fn no_bytes_panic(at in 0..REPLY.len(), with in prop::collection::vec(any::<u8>(), 0..6)) {
        let mut bytes = REPLY.as_bytes().to_vec();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with);
        let _ = read(&bytes);
        let _ = read_in_chunks(bytes.chunks(7));
    }
}

/// A way and a relation, as servers answer a question about a part of an area.
fn reply(ways: &[i64]) -> String {
    let way = |id: &i64| {
        format!(
            r#"{{"type":"way","id":{id},"geometry":[{{"lat":60.1,"lon":24.9}},{{"lat":60.2,"lon":2{id}}}],"tags":{{"highway":"primary"}}}}"#
        )
    };
    let ways: Vec<String> = ways.iter().map(way).collect();
    let relation = r#"{"type":"relation","id":9,"members":[{"type":"way","ref":4,"role":"outer","geometry":[{"lat":1,"lon":2},{"lat":3,"lon":4}]}],"tags":{"type":"multipolygon","natural":"water"}}"#;
    format!(r#"{{"elements":[{},{relation}]}}"#, ways.join(","))
}

#[test]
fn replies_of_neighbouring_areas_become_one_without_doubles() {
    let mut warnings = Vec::new();
    let mut reader = OverpassReader::new(Limits::default());
    reader.push(reply(&[1, 2]).as_bytes(), &mut warnings).unwrap();
    reader.end_reply().unwrap();
    // One that breaks off in the middle of a way, and is asked for again.
    reader.begin_reply();
    let second = reply(&[2, 3]);
    reader.push(&second.as_bytes()[..150], &mut warnings).unwrap();
    assert_eq!(reader.end_reply(), Err(ReadError::Truncated));
    reader.begin_reply();
    reader.push(second.as_bytes(), &mut warnings).unwrap();
    let data = reader.finish(&mut warnings).unwrap();
    let (whole, _) = read(reply(&[1, 2, 3]).as_bytes()).unwrap();
    assert_eq!(data.ways.iter().map(|way| way.id).collect::<Vec<_>>(), [1, 2, 3]);
    for (way, expected) in data.ways.iter().zip(&whole.ways) {
        assert_eq!(data.coords(&way.coords), whole.coords(&expected.coords));
        assert!(data.tags(&way.tags).eq(whole.tags(&expected.tags)));
    }
    assert_eq!((data.relations.len(), data.members.len()), (1, 1));
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_part_that_broke_off_counts_once_against_the_limits() {
    let (first, second) = (reply(&[1, 2]), reply(&[2, 3]));
    let bytes = (first.len() + second.len()) as u64;
    let read = |limits: Limits| {
        let mut warnings = Vec::new();
        let mut reader = OverpassReader::new(limits);
        reader.push(first.as_bytes(), &mut warnings)?;
        reader.end_reply()?;
        for _ in 0..3 {
            reader.begin_reply();
            reader.push(&second.as_bytes()[..second.len() - 2], &mut warnings)?;
            reader.end_reply().unwrap_err();
        }
        reader.begin_reply();
        reader.push(second.as_bytes(), &mut warnings)?;
        reader.finish(&mut warnings)
    };
    let enough = Limits { bytes, elements: 6, ..Limits::default() };
    assert_eq!(read(enough).unwrap().ways.len(), 3);
    let too_large = |limits| matches!(read(limits), Err(ReadError::TooLarge { .. }));
    assert!(too_large(Limits { bytes: bytes - 1, ..enough }));
    assert!(too_large(Limits { elements: 5, ..enough }));
}

#[test]
fn a_part_that_is_no_reply_or_has_a_remark_ends_all() {
    let mut warnings = Vec::new();
    let mut reader = OverpassReader::new(Limits::default());
    reader.push(reply(&[1]).as_bytes(), &mut warnings).unwrap();
    reader.begin_reply();
    reader
        .push(br#"{"elements":[],"remark":"runtime error: Query timed out"}"#, &mut warnings)
        .unwrap_err();
    let mut reader = OverpassReader::new(Limits::default());
    reader.push(reply(&[1]).as_bytes(), &mut warnings).unwrap();
    reader.begin_reply();
    assert!(reader.finish(&mut warnings).is_err(), "nothing came");
}

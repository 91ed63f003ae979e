//! The readers against real replies, where `MAPPOSTER_DATA` names a folder of them; else it skips.
//!
//! Every `places/*.json.gz` is read whole and in chunks, compared with what serde_json makes of it,
//! and sent through a pack; every body in `errors/` must give the error its name promises.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "clippy.toml's leave for tests does not reach the helpers of test programs"
)]

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use render_core::error::ReadError;
use render_core::lonlat::LonLat;
use render_core::osm::json::OverpassReader;
use render_core::osm::keys::KEYS;
use render_core::osm::pack::{self, PackMeta, Precision};
use render_core::osm::{Limits, OsmData};
use serde_json::Value;

fn files(folder: &str) -> Vec<PathBuf> {
    let Some(data) = std::env::var_os("MAPPOSTER_DATA") else {
        // Not by `println`, which the test runner shows of failures alone.
        let _ = writeln!(std::io::stderr(), "skipped: MAPPOSTER_DATA does not name the corpus");
        return Vec::new();
    };
    let entries = std::fs::read_dir(Path::new(&data).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap()
}

/// These files have no optional fields in their header, so it is always ten bytes long or named.
fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let named = bytes[3] & 8 != 0;
    let name = bytes[10..].iter().position(|byte| *byte == 0).unwrap();
    let start = if named { 10 + name + 1 } else { 10 };
    miniz_oxide::inflate::decompress_to_vec(&bytes[start..]).unwrap()
}

fn read(bytes: &[u8], chunk: usize) -> Result<OsmData, ReadError> {
    let mut warnings = Vec::new();
    let mut reader = OverpassReader::new(Limits::default());
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk, &mut warnings)?;
    }
    reader.finish(&mut warnings)
}

/// Asserts that both hold the same elements, wherever these lie in their arrays.
fn assert_same(a: &OsmData, b: &OsmData) {
    assert_eq!((a.ways.len(), a.relations.len()), (b.ways.len(), b.relations.len()));
    assert_eq!(a.timestamp, b.timestamp);
    for (x, y) in a.ways.iter().zip(&b.ways) {
        assert_eq!(x.id, y.id);
        assert!(a.tags(&x.tags).eq(b.tags(&y.tags)), "tags of way {}", x.id);
        assert_eq!(a.coords(&x.coords), b.coords(&y.coords), "way {}", x.id);
    }
    for (x, y) in a.relations.iter().zip(&b.relations) {
        assert_eq!((x.id, x.members.len()), (y.id, y.members.len()));
        assert!(a.tags(&x.tags).eq(b.tags(&y.tags)), "tags of relation {}", x.id);
        for (x, y) in a.members(&x.members).iter().zip(b.members(&y.members)) {
            assert_eq!((x.way_id, x.role), (y.way_id, y.role));
            assert_eq!(a.coords(&x.coords), b.coords(&y.coords), "member way {}", x.way_id);
        }
    }
}

/// A geometry as serde_json has it.
fn geometry(value: &Value) -> Vec<LonLat> {
    let degrees = |vertex: &Value, key: &str| vertex[key].as_f64().unwrap();
    let place = |vertex: &Value| match vertex {
        Value::Null => LonLat::MISSING,
        vertex => LonLat::from_degrees(degrees(vertex, "lon"), degrees(vertex, "lat")).unwrap(),
    };
    value.as_array().map(|vertices| vertices.iter().map(place).collect()).unwrap_or_default()
}

fn tags(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tags = value["tags"].as_object();
    let mut tags: Vec<_> =
        tags.into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect();
    tags.retain(|(key, _)| KEYS.contains(&key.as_str()));
    tags.sort();
    tags
}

fn sorted_tags(data: &OsmData, range: &std::ops::Range<u32>) -> Vec<(String, String)> {
    let mut tags: Vec<_> =
        data.tags(range).map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    tags.sort();
    tags
}

/// Compares with a reader that shares nothing with ours.
fn assert_is_what_the_reply_says(data: &OsmData, reply: &Value) {
    let mut seen = HashSet::new();
    let elements = reply["elements"].as_array().unwrap();
    let mut of_type = |name: &str| -> Vec<&Value> {
        let is_new = |element: &&Value| seen.insert((name.to_owned(), element["id"].as_i64()));
        elements.iter().filter(|element| element["type"] == *name).filter(is_new).collect()
    };
    let (ways, relations) = (of_type("way"), of_type("relation"));
    assert_eq!((data.ways.len(), data.relations.len()), (ways.len(), relations.len()));
    for (way, reply) in data.ways.iter().zip(ways) {
        assert_eq!(Some(way.id), reply["id"].as_i64());
        assert_eq!(sorted_tags(data, &way.tags), tags(reply), "way {}", way.id);
        if let Some(nodes) = reply["nodes"].as_array() {
            assert_eq!(way.coords.len(), nodes.len(), "way {}", way.id);
        }
        if reply["geometry"].is_array() {
            assert_eq!(data.coords(&way.coords), geometry(&reply["geometry"]), "way {}", way.id);
        } else {
            assert!(data.coords(&way.coords).iter().all(|place| !place.is_missing()));
        }
    }
    for (relation, reply) in data.relations.iter().zip(relations) {
        assert_eq!(Some(relation.id), reply["id"].as_i64());
        assert_eq!(sorted_tags(data, &relation.tags), tags(reply));
        let members = reply["members"].as_array().into_iter().flatten();
        let members: Vec<_> = members.filter(|member| member["type"] == "way").collect();
        assert_eq!(relation.members.len(), members.len(), "relation {}", relation.id);
        for (member, reply) in data.members(&relation.members).iter().zip(members) {
            assert_eq!(Some(member.way_id), reply["ref"].as_i64());
            if reply["geometry"].is_array() {
                assert_eq!(data.coords(&member.coords), geometry(&reply["geometry"]));
            }
        }
    }
}

#[test]
fn every_place_is_read_whole() {
    for path in files("places").iter().filter(|path| name(path).ends_with(".json.gz")) {
        println!("{}", name(path));
        let bytes = gunzip(&std::fs::read(path).unwrap());
        let reply: Value = serde_json::from_slice(&bytes).unwrap();
        let data = match read(&bytes, bytes.len()) {
            Err(ReadError::Empty) => {
                let is_drawable =
                    |element: &Value| element["type"] != "node" && element["type"] != "count";
                assert!(!reply["elements"].as_array().unwrap().iter().any(is_drawable));
                continue;
            }
            data => data.unwrap(),
        };
        assert_is_what_the_reply_says(&data, &reply);
        assert_same(&data, &read(&bytes, 7919).unwrap());
        let packed = pack::write(&data, &PackMeta::default(), Precision::E7);
        assert_same(&data, &pack::read(&packed).unwrap().data);
    }
}

#[test]
fn every_refusal_is_told_by_its_kind() {
    for path in files("errors") {
        let name = name(&path);
        let bytes = std::fs::read(&path).unwrap();
        let expected = match name {
            "README.md" | "index.json" => continue,
            _ if name.contains("cut") => Some("E-READ-CUT"),
            "own-200-json-no-elements.json" => Some("E-READ-EMPTY"),
            // Without a single place: ids or tags alone, or nodes that are not there.
            _ if ["ids", "tags", "bb", "center", "skel"]
                .iter()
                .any(|form| name == format!("aio-way_out_{form}.json")) =>
            {
                Some("E-READ-EMPTY")
            }
            _ if !name.ends_with(".json") => Some("E-READ-NOT-OSM"),
            // Single elements, out of the reply they came in.
            _ if !bytes.windows(11).any(|window| window == b"\"elements\":") => {
                Some("E-READ-NOT-OSM")
            }
            _ if bytes.windows(9).any(|window| window == b"\"remark\":") => Some("E-READ-REMARK"),
            _ => None,
        };
        let result = read(&bytes, 1000);
        let code = result.as_ref().err().map(ReadError::code);
        assert_eq!(code, expected, "{name}: {:?}", result.err().map(|error| error.to_string()));
    }
}

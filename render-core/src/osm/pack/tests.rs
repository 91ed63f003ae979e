use proptest::prelude::*;

use super::*;
use crate::error::ReadError;
use crate::osm::json::OverpassReader;
use crate::osm::{Limits, OsmData};

const REPLY: &str = r#"{"osm3s":{"timestamp_osm_base":"2019-04-21T20:21:00Z"},"elements":[
{"type":"way","id":11,"geometry":[{"lat":60.1,"lon":24.9},null,{"lat":60.2000001,"lon":25}],
 "tags":{"highway":"residential","name":"Tähtiä 駅"}},
{"type":"way","id":4253434,"tags":{"building":"yes"},"geometry":[{"lon":1,"lat":2},
 {"lon":3,"lat":4},{"lon":3,"lat":2},{"lon":1,"lat":2}]},
{"type":"way","id":7,"tags":{"building":"yes"},"geometry":[]},
{"type":"way","id":-3,"geometry":[{"lon":180,"lat":-90},{"lon":-180,"lat":90}]},
{"type":"relation","id":21,"tags":{"type":"multipolygon","natural":"water"},"members":[
 {"type":"way","ref":4253434,"role":"outer","geometry":[{"lon":1,"lat":2},{"lon":3,"lat":4},
  {"lon":3,"lat":2},{"lon":1,"lat":2}]},
 {"type":"way","ref":12,"role":"inner","geometry":[{"lon":9,"lat":9},{"lon":8,"lat":9}]},
 {"type":"way","ref":99,"role":"label"},{"type":"way","ref":11,"role":""}]},
{"type":"relation","id":20,"members":[
 {"type":"way","ref":12,"role":"inner","geometry":[{"lon":9,"lat":9},{"lon":8,"lat":9}]}]}]}"#;

fn sample() -> OsmData {
    let mut reader = OverpassReader::new(Limits::default());
    reader.push(REPLY.as_bytes(), &mut Vec::new()).unwrap();
    reader.finish(&mut Vec::new()).unwrap()
}

fn meta() -> PackMeta {
    PackMeta {
        name: "Helsinki".to_owned(),
        centre: Some([60.1717, 24.9443]),
        bbox: Some(Bbox { south: 60.16, west: 24.93, north: 60.18, east: 24.96 }),
        ..PackMeta::default()
    }
}

/// With the header's checksum put right, so that only the field itself is wrong.
fn with_header_byte(mut pack: Vec<u8>, at: usize, byte: u8) -> Vec<u8> {
    pack[at] = byte;
    let crc = crc32fast::hash(&pack[..12]).to_le_bytes();
    pack[12..16].copy_from_slice(&crc);
    pack
}

#[test]
fn a_pack_gives_back_the_same_elements() {
    let data = sample();
    let bytes = write(&data, &meta(), Precision::E7);
    let pack = read(&bytes).unwrap();
    assert_eq!(pack.data.describe(), data.describe());
    assert_eq!(pack.data.timestamp.as_deref(), Some("2019-04-21T20:21:00Z"));
    assert_eq!(PackMeta { timestamp: None, ..pack.meta.clone() }, meta());
    // The member that repeats a way's vertices still shares them, as do the two of way 12.
    let members = &pack.data.members;
    assert_eq!(members[0].coords, pack.data.ways[1].coords);
    assert_eq!(members[1].coords, members[4].coords);
    assert_eq!(write(&pack.data, &pack.meta, Precision::E7), bytes, "writing is stable");
}

#[test]
fn six_decimals_move_no_vertex_by_more_than_half_a_step() {
    let data = sample();
    let pack = read(&write(&data, &meta(), Precision::E6)).unwrap();
    for (way, packed) in data.ways.iter().zip(&pack.data.ways) {
        for (a, b) in data.coords(&way.coords).iter().zip(pack.data.coords(&packed.coords)) {
            assert!(a.lon_e7.abs_diff(b.lon_e7) <= 5 && a.lat_e7.abs_diff(b.lat_e7) <= 5);
        }
    }
}

#[test]
fn a_pack_is_read_as_it_arrives() {
    let data = sample();
    let bytes = write(&data, &meta(), Precision::E7);
    for n in [1, 7, 50] {
        let mut reader = PackReader::new();
        for chunk in bytes.chunks(n) {
            reader.push(chunk).unwrap();
        }
        assert_eq!(reader.so_far().data.ways.len(), 4);
        assert_eq!(reader.finish().unwrap().data.describe(), data.describe());
    }
}

#[test]
fn its_description_is_read_from_its_beginning() {
    let bytes = write(&sample(), &meta(), Precision::E7);
    assert_eq!(read_meta(&bytes[..400]).unwrap().name, "Helsinki");
    assert_eq!(read_meta(&bytes[..40]).unwrap_err(), ReadError::Truncated);
}

#[test]
fn every_cut_is_noticed() {
    let bytes = write(&sample(), &meta(), Precision::E7);
    for at in 0..bytes.len() {
        assert_eq!(read(&bytes[..at]).unwrap_err(), ReadError::Truncated, "cut at {at}");
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let bytes = write(&sample(), &meta(), Precision::E7);
    for at in MAGIC.len()..bytes.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] ^= change;
            assert_eq!(read(&damaged).unwrap_err(), ReadError::Damaged, "{change} at {at}");
        }
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(read(&longer).unwrap_err(), ReadError::Damaged);
}

#[test]
fn a_later_version_is_refused_by_name() {
    let bytes = write(&sample(), &meta(), Precision::E7);
    let later = with_header_byte(bytes.clone(), 4, 9);
    assert_eq!(read(&later).unwrap_err(), ReadError::NewerVersion { found: 9, supported: 1 });
    let finer = with_header_byte(bytes, 6, 9);
    assert_eq!(read(&finer).unwrap_err().code(), "E-READ-MALFORMED");
    assert_eq!(read(b"<html>").unwrap_err().code(), "E-READ-NOT-OSM");
}

/// Lays a section's checksum anew, so that the decoder itself meets the odd bytes.
fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut at = HEADER_LEN;
    while let Some(head) = bytes.get(at + 1..at + SECTION_HEAD) {
        let len = u32::from_le_bytes(head.try_into().unwrap()) as usize;
        let end = at + SECTION_HEAD + len;
        let Some(crc) = bytes.get(at..end).map(crc32fast::hash) else { break };
        let Some(place) = bytes.get_mut(end..end + 4) else { break };
        place.copy_from_slice(&crc.to_le_bytes());
        at = end + 4;
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_bytes_panic(changes in prop::collection::vec((any::<u16>(), any::<u8>()), 1..8)) {
        let mut bytes = write(&sample(), &meta(), Precision::E7);
        let len = bytes.len();
        for (at, byte) in changes {
            bytes[HEADER_LEN + usize::from(at) % (len - HEADER_LEN)] = byte;
        }
        if let Ok(pack) = read(&with_checksums(bytes)) {
            // Whatever passes must keep its promises to the next stage.
            let _ = pack.data.describe();
            let n = pack.data.coords.len() as u32;
            prop_assert!(pack.data.ways.iter().all(|way| way.coords.end <= n));
        }
    }

    #[test]
    fn any_bytes_after_the_magic_are_refused(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&[&MAGIC[..], &tail].concat()).is_err());
    }
}

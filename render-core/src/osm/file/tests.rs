use std::io::Write;

use super::*;

const OVERPASS: &str = r#"{"version":0.6,"osm3s":{"timestamp_osm_base":"2026-01-02T03:04:05Z"},"elements":[
{"type":"way","id":7,"geometry":[{"lat":60.1,"lon":24.9},{"lat":60.2,"lon":25.0}],"tags":{"highway":"primary"}},
{"type":"relation","id":8,"members":[{"type":"way","ref":9,"role":"outer","geometry":[{"lat":61,"lon":20},{"lat":61,"lon":21},{"lat":60,"lon":20},{"lat":61,"lon":20}]}],"tags":{"type":"multipolygon","natural":"water"}}]}"#;

const XML: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<!-- from an editor -->
<osm version="0.6" generator="by hand"><note>a &amp; b > c</note>
  <meta osm_base="2026-01-02T03:04:05Z"/>
  <bounds minlat='60' minlon='24.5' maxlat='60.5' maxlon='25.5' />
  <way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="A &quot;>&quot; ü"/></way>
  <way id="6" action="delete"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>
  <node id="1" lat="60.1" lon="24.9" visible="true"><tag k="layer" v="9"/></node>
  <node id="2" lat="60.2" lon="25.0"/>
  <node id="3" lat="60.2" lon="25.0" visible="false"/>
  <way id="9"><nd ref="5" lat="61" lon="20"/><nd/><nd ref="4" lat="60" lon="20"/></way>
  <relation id="8"><member type="way" ref="9" role="outer"/><member type="node" ref="1" role=""/>
    <tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
</osm>
"#;

fn in_parts(bytes: &[u8], size: usize) -> Result<FileData, ReadError> {
    let (mut reader, mut warnings) = (FileReader::new(Limits::default()), Vec::new());
    for part in bytes.chunks(size) {
        reader.push(part, &mut warnings)?;
    }
    reader.finish(&mut warnings)
}

/// The same in parts of every size.
fn read(bytes: &[u8]) -> Result<FileData, ReadError> {
    let whole = in_parts(bytes, bytes.len().max(1));
    for size in [1, 3, 64, 1000] {
        match (&whole, &in_parts(bytes, size)) {
            (Ok(whole), Ok(parts)) => assert_eq!(whole.data.describe(), parts.data.describe()),
            (whole, parts) => assert_eq!(whole.as_ref().err(), parts.as_ref().err(), "in {size}"),
        }
    }
    whole
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut packer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn check_error(bytes: &[u8], code: &str) {
    let error = read(bytes).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
}

#[test]
fn content_and_not_a_name_tells_what_a_file_is() {
    let overpass = read(OVERPASS.as_bytes()).unwrap();
    let xml = read(XML.as_bytes()).unwrap();
    assert_eq!(overpass.data.timestamp, xml.data.timestamp);
    assert_eq!(overpass.data.ways.len(), 1);
    let pack = pack::write(&overpass.data, &pack::PackMeta::default(), pack::Precision::E7);
    assert_eq!(read(&pack).unwrap().data.describe(), overpass.data.describe());
    let geojson = br#" {"features":[{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}],"type":"FeatureCollection"}"#;
    assert!(read(geojson).unwrap().is_drawing && !xml.is_drawing);
}

#[test]
fn however_a_file_is_cut_its_first_bytes_tell_what_it_is() {
    let after = |n: usize| {
        let other = r#""name":"A walk","#.repeat(n / 16);
        format!(r#"{{{other}"type":"LineString","coordinates":[[24.9,60.1],[25,60.2]]}}"#)
    };
    assert_eq!(read(after(HEAD / 2).as_bytes()).unwrap().data.ways.len(), 1);
    // Its kind is said too late.
    assert!(read(after(2 * HEAD).as_bytes()).is_err());
}

#[test]
fn xml_is_read_as_its_tags_say() {
    let FileData { data, area, .. } = read(XML.as_bytes()).unwrap();
    assert_eq!(area, Bbox { south: 60.0, west: 24.5, north: 60.5, east: 25.5 });
    let ways: Vec<_> =
        data.ways.iter().map(|way| (way.id, data.coords(&way.coords).len())).collect();
    assert_eq!(ways, [(7, 2), (9, 3)]);
    assert_eq!(data.tags(&data.ways[0].tags).collect::<Vec<_>>(), [("highway", "primary")]);
    assert!(data.coords(&data.ways[1].coords)[1].is_missing());
    assert_eq!(data.members(&data.relations[0].members).len(), 1);
}

#[test]
fn a_byte_order_mark_means_nothing() {
    for text in [XML, OVERPASS] {
        let marked = read(format!("\u{FEFF}{text}").as_bytes()).unwrap();
        assert_eq!(marked.data.describe(), read(text.as_bytes()).unwrap().data.describe());
    }
}

#[test]
fn a_box_is_that_of_the_ways_where_a_relation_reaches_beyond() {
    let area = read(OVERPASS.as_bytes()).unwrap().area;
    assert_eq!(area, Bbox { south: 60.1, west: 24.9, north: 60.2, east: 25.0 });
}

#[test]
fn packed_files_are_unpacked_one_stream_after_another() {
    let plain = read(XML.as_bytes()).unwrap().data.describe();
    let (first, second) = XML.as_bytes().split_at(500);
    let zeros = vec![0; 600];
    for file in [
        gzip(XML.as_bytes()),
        bzip2(XML.as_bytes()),
        [gzip(first), gzip(second)].concat(),
        [bzip2(first), bzip2(second)].concat(),
        [gzip(XML.as_bytes()), zeros].concat(),
    ] {
        assert_eq!(read(&file).unwrap().data.describe(), plain);
    }
}

#[test]
fn a_bomb_is_put_out() {
    let mut blanks = b"<osm>".to_vec();
    blanks.resize(80 << 20, b' ');
    for file in [gzip(&blanks), bzip2(&blanks)] {
        let error = in_parts(&file, 4096).unwrap_err();
        assert_eq!(error.code(), "E-READ-UNSUPPORTED", "{error}");
    }
    let limits = Limits { bytes: 10_000, ..Limits::default() };
    let mut reader = FileReader::new(limits);
    let error = reader.push(&gzip(&blanks[..20_000]), &mut Vec::new()).unwrap_err();
    assert_eq!(error.code(), "E-READ-TOO-LARGE");
}

#[test]
fn what_is_not_whole_is_not_read() {
    for file in [
        XML.as_bytes().to_vec(),
        OVERPASS.as_bytes().to_vec(),
        gzip(XML.as_bytes()),
        bzip2(XML.as_bytes()),
    ] {
        for cut in [file.len() / 3, file.len() / 2, file.trim_ascii_end().len() - 1] {
            check_error(&file[..cut], "E-READ-CUT");
        }
    }
    let mut damaged = gzip(XML.as_bytes());
    let end = damaged.len() - 6;
    damaged[end] ^= 1;
    check_error(&damaged, "E-READ-MALFORMED");
    let mut damaged = bzip2(XML.as_bytes());
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    check_error(&damaged, "E-READ-MALFORMED");
}

#[test]
fn what_is_no_map_is_told() {
    check_error(b"", "E-READ-EMPTY");
    check_error(b"  \n", "E-READ-EMPTY");
    check_error(b"just some words", "E-READ-NOT-OSM");
    check_error(b"\xFF\xD8\xFF\xE0 a picture", "E-READ-NOT-OSM");
    check_error(b"<!doctype html><html><body>busy</body></html>", "E-READ-NOT-OSM");
    check_error(b"<osmChange version=\"0.6\"></osmChange>", "E-READ-UNSUPPORTED");
    check_error(b"<osm version=\"0.6\"></osm>", "E-READ-EMPTY");
    check_error(b"<osm><remark> runtime error: out of time</remark></osm>", "E-READ-REMARK");
    check_error(br##"{"bg":"#fff"}"##, "E-READ-NOT-OSM");
    check_error(b"<osm>\xFF</osm>", "E-READ-MALFORMED");
}

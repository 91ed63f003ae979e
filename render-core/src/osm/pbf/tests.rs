use super::*;
use crate::lonlat::LonLat;
use crate::osm::Role;

/// A message's field, written by hand.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = varint(u64::from(number) << 3 | 2);
    field.extend(varint(bytes.len() as u64));
    field.extend_from_slice(bytes);
    field
}

fn number(field: u8, value: u64) -> Vec<u8> {
    [varint(u64::from(field) << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn zigzags(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|n| varint(((n << 1) ^ (n >> 63)) as u64)).collect()
}

fn blob(kind: &str, body: &[u8]) -> Vec<u8> {
    let header = [field(1, kind.as_bytes()), number(3, body.len() as u64)].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header, body].concat()
}

fn zlib(block: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(block, 6);
    [number(2, block.len() as u64), field(3, &packed)].concat()
}

/// Ways before nodes, one node missing, a granularity of its own: all that the format allows.
fn sample() -> Vec<u8> {
    let strings = ["", "highway", "path", "type", "multipolygon", "outer", "inner"];
    let table: Vec<u8> = strings.iter().flat_map(|text| field(1, text.as_bytes())).collect();
    let way = [number(1, 77), field(2, &[1]), field(3, &[2]), field(8, &zigzags(&[5, 1, 10]))];
    let relation = [
        number(1, 88),
        field(2, &[3]),
        field(3, &[4]),
        field(8, &[5, 6, 0]),
        field(9, &zigzags(&[77, 1, -70])),
        field(10, &[1, 1, 0]),
    ];
    let dense = [
        field(1, &zigzags(&[5, 1])),
        field(8, &zigzags(&[6_017_170, 10])),
        field(9, &zigzags(&[-2_494_430, 10])),
    ];
    let lone = [number(1, 19 << 1), number(8, 2 * 9_000_001), number(9, 0)];
    let block = [
        field(1, &table),
        field(2, &[field(3, &way.concat()), field(4, &relation.concat())].concat()),
        field(2, &[field(2, &dense.concat()), field(1, &lone.concat())].concat()),
        number(17, 10_000),
    ];
    let header = [
        field(4, b"OsmSchema-V0.6"),
        field(4, b"DenseNodes"),
        [varint(32 << 3), varint(1_555_878_060)].concat(),
    ];
    let header = header.concat();
    [blob("OSMHeader", &field(1, &header)), blob("OSMData", &zlib(&block.concat()))].concat()
}

fn read_all(bytes: &[u8]) -> Result<(OsmData, Vec<String>), ReadError> {
    let mut warnings = Vec::new();
    let data = read(bytes, Limits::default(), &mut warnings)?;
    Ok((data, warnings.iter().map(ToString::to_string).collect()))
}

#[test]
fn a_file_is_read_whole() {
    assert!(is_pbf(&sample()));
    let (data, warnings) = read_all(&sample()).unwrap();
    assert_eq!(data.timestamp.as_deref(), Some("2019-04-21T20:21:00Z"));
    let place = |lon_e7, lat_e7| LonLat { lon_e7, lat_e7 };
    assert_eq!(
        data.coords(&data.ways[0].coords),
        [place(-249_443_000, 601_717_000), place(-249_442_000, 601_718_000), LonLat::MISSING]
    );
    assert_eq!(data.tags(&data.ways[0].tags).collect::<Vec<_>>(), [("highway", "path")]);
    let members = data.members(&data.relations[0].members);
    assert_eq!(members.len(), 2, "nodes are no members here");
    assert_eq!((members[0].way_id, members[0].role), (77, Role::Outer));
    assert_eq!(members[0].coords, data.ways[0].coords, "members share their way's vertices");
    assert!(members[1].coords.is_empty());
    assert_eq!(
        warnings,
        [
            "W-OFF-GLOBE node 19: a place without a latitude of ±90° and a longitude of ±180°",
            "W-NODE-MISSING way 77: 1 of its 3 nodes are not in the data",
            "W-MEMBER-MISSING relation 88: 1 of its 2 ways are not in the data",
        ]
    );
}

#[test]
fn every_cut_is_noticed() {
    let bytes = sample();
    for at in 0..bytes.len() {
        let error = read_all(&bytes[..at]).unwrap_err();
        // Between two blobs nothing tells that more should follow.
        let is_between = error == ReadError::Empty && (at == 0 || bytes[at..].len() > 100);
        assert!(error == ReadError::Truncated || is_between, "cut at {at}: {error}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let needs = blob("OSMHeader", &field(1, &field(4, b"HistoricalInformation")));
    assert!(read_all(&needs).unwrap_err().to_string().contains("HistoricalInformation"));
    let zstd = blob("OSMData", &field(7, b"xx"));
    assert!(read_all(&zstd).unwrap_err().to_string().contains("not packed by zlib"));
    let limits = Limits { bytes: 50, ..Limits::default() };
    let error = read(&sample(), limits, &mut Vec::new()).unwrap_err();
    assert_eq!(error.code(), "E-READ-TOO-LARGE");
}

#[test]
fn days_are_counted_right() {
    for (seconds, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_868_799, "2000-02-29T23:59:59Z"),
        (1_078_099_200, "2004-03-01T00:00:00Z"),
        (1_577_836_799, "2019-12-31T23:59:59Z"),
        (u64::MAX, "9999-12-31T23:59:59Z"),
    ] {
        assert_eq!(iso_8601(seconds), text);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
    #[test]
    fn no_bytes_panic(changes in proptest::collection::vec((0..400_usize, 0..=255_u8), 1..6)) {
        // Not compressed, so that the changes reach every message.
        let bytes = sample();
        let (header, rest) = bytes.split_at(bytes.windows(7).rposition(|w| w == b"OSMData").unwrap() - 6);
        let mut rest = rest;
        let block = Blob::next(&mut rest).unwrap().unwrap().unpack().unwrap();
        let mut block = block;
        for (at, byte) in changes {
            let at = at % block.len();
            block[at] = byte;
        }
        let _ = read_all(&[header, &blob("OSMData", &field(1, &block))].concat());
    }
}

//! Ways and relations of any coordinates, gaps and repeats among them: through rings, sea, cutting and
//! lyon without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::design::Design;
use render_core::export::mesh::to_mesh;
use render_core::lonlat::{Bbox, LonLat};
use render_core::osm::{Member, OsmData, Relation, Role, Tag, Way};
use render_core::scene::Transform;
use render_core::text::ShapedTexts;
use render_core::theme::builtin;

const TAGS: [&[(&str, &str)]; 8] = [
    &[("natural", "coastline")],
    &[("natural", "water")],
    &[("landuse", "forest")],
    &[("building", "yes")],
    &[("highway", "primary")],
    &[("railway", "rail"), ("bridge", "yes"), ("layer", "1")],
    &[("leisure", "park"), ("area", "yes")],
    &[("man_made", "pier")],
];

/// A vertex near the frame, anywhere at all, or none.
fn place((x, y): (i16, i16)) -> LonLat {
    match x {
        i16::MIN => LonLat::MISSING,
        30_000.. => LonLat { lon_e7: i32::from(y) * 54_000, lat_e7: i32::from(x) * 27_000 },
        _ => LonLat { lon_e7: 249_443_000 + i32::from(x) * 9, lat_e7: 601_722_000 + i32::from(y) * 5 },
    }
}

type Line = (u8, bool, Vec<(i16, i16)>);

fuzz_target!(|input: (Vec<Line>, Vec<(u8, Vec<(u8, u8)>)>)| {
    let (lines, relations) = input;
    let mut data = OsmData {
        area: Some(Bbox { south: 60.16, west: 24.93, north: 60.18, east: 24.96 }),
        ..OsmData::default()
    };
    let tag = |data: &mut OsmData, tags: &[(&str, &str)]| {
        let start = data.tags.len() as u32;
        for (key, value) in tags {
            let (key, value) = (data.strings.intern(key), data.strings.intern(value));
            data.tags.push(Tag { key, value });
        }
        start..data.tags.len() as u32
    };
    for (i, (kind, is_closed, points)) in lines.iter().enumerate() {
        let start = data.coords.len() as u32;
        data.coords.extend(points.iter().copied().map(place));
        if *is_closed {
            data.coords.extend(points.first().copied().map(place));
        }
        let coords = start..data.coords.len() as u32;
        let tags = tag(&mut data, TAGS[usize::from(*kind) % TAGS.len()]);
        data.ways.push(Way { id: i as i64, coords, tags });
    }
    for (i, (kind, members)) in relations.iter().enumerate() {
        let start = data.members.len() as u32;
        for (way, role) in members {
            let Some(way) = data.ways.get(usize::from(*way)) else { continue };
            let role = [Role::Outer, Role::Inner, Role::Other][usize::from(*role) % 3];
            data.members.push(Member { way_id: way.id, role, coords: way.coords.clone() });
        }
        let members = start..data.members.len() as u32;
        let mut tags = vec![("type", "multipolygon")];
        tags.extend(TAGS[usize::from(*kind) % TAGS.len()]);
        let tags = tag(&mut data, &tags);
        data.relations.push(Relation { id: i as i64, members, tags });
    }
    let theme = builtin::theme("noir").expect("a built-in theme");
    let built = render_core::build_scene(&data, &Design::default(), &theme, &ShapedTexts::default());
    let mesh = to_mesh(&built.output).output;
    let numbers = |t: &Transform| [t.a, t.b, t.c, t.d, t.e, t.f];
    assert!(mesh.groups.iter().all(|g| numbers(&g.transform).iter().all(|v| v.is_finite())));
});

//! A place made while its reply comes in is the place made of the whole reply.

use proptest::prelude::*;
use render_core::design::Design;
use render_core::export::mesh::{BatchKind, to_mesh};
use render_core::features::{Assembler, assemble};
use render_core::map::{MapMaker, PlacedMap};
use render_core::osm::json::OverpassReader;
use render_core::osm::{self, Limits};
use render_core::page::lay_out;
use render_core::scene::{Scene, dump::dump};
use render_core::text::ShapedTexts;
use render_core::theme::builtin::theme;

/// Whatever waits for something: a courtyard that a relation cuts into a building that came before,
/// a way whose vertices are given apart, one whose tags come later, a building beyond the edge, a
/// park whose neighbour shares its border, one that has a gap.
const REPLY: &str = r#"{"elements":[
{"type":"way","id":1,"geometry":[{"lat":60.17,"lon":24.90},{"lat":60.17,"lon":24.99}],"tags":{"highway":"primary"}},
{"type":"way","id":2,"geometry":[{"lat":60.1700,"lon":24.9400},{"lat":60.1700,"lon":24.9420},{"lat":60.1710,"lon":24.9420},{"lat":60.1710,"lon":24.9400},{"lat":60.1700,"lon":24.9400}],"tags":{"building":"yes"}},
{"type":"way","id":3,"geometry":[{"lat":60.1720,"lon":24.9400},{"lat":60.1720,"lon":24.9430},{"lat":60.1723,"lon":24.9430},{"lat":60.1722,"lon":24.9410},{"lat":60.1730,"lon":24.9410},{"lat":60.1730,"lon":24.9400},{"lat":60.1720,"lon":24.9400}],"tags":{"building":"yes","layer":"1"}},
{"type":"way","id":4,"nodes":[41,42,43,41],"tags":{"building":"yes"}},
{"type":"way","id":5,"geometry":[{"lat":60.1735,"lon":24.9400},{"lat":60.1735,"lon":24.9450},{"lat":60.1740,"lon":24.9425},{"lat":60.1735,"lon":24.9400}]},
{"type":"way","id":6,"geometry":[{"lat":60.1600,"lon":24.9500},{"lat":60.1600,"lon":24.9700},{"lat":60.2000,"lon":24.9700},{"lat":60.1600,"lon":24.9500}],"tags":{"building":"yes"}},
{"type":"way","id":7,"geometry":[{"lat":60.1690,"lon":24.9400},{"lat":60.1690,"lon":24.9440},{"lat":60.1698,"lon":24.9440},{"lat":60.1698,"lon":24.9400},{"lat":60.1690,"lon":24.9400}],"tags":{"leisure":"park"}},
{"type":"way","id":8,"geometry":[{"lat":60.1690,"lon":24.9440},{"lat":60.1690,"lon":24.9480},null,{"lat":60.1698,"lon":24.9440},{"lat":60.1690,"lon":24.9440}],"tags":{"leisure":"park"}},
{"type":"way","id":5,"tags":{"building":"yes"}},
{"type":"way","id":9,"geometry":[{"lat":60.1703,"lon":24.9405},{"lat":60.1703,"lon":24.9415},{"lat":60.1707,"lon":24.9415},{"lat":60.1707,"lon":24.9405},{"lat":60.1703,"lon":24.9405}]},
{"type":"relation","id":1,"members":[{"type":"way","ref":2,"role":"outer"},{"type":"way","ref":9,"role":"inner"}],"tags":{"type":"multipolygon","building":"yes"}},
{"type":"node","id":41,"lat":60.1715,"lon":24.9460},{"type":"node","id":42,"lat":60.1715,"lon":24.9470},
{"type":"node","id":43,"lat":60.1720,"lon":24.9470}
]}"#;

fn scene_of(map: &PlacedMap, design: &Design) -> Scene {
    let layout = lay_out(&design.page_spec(), &ShapedTexts::default());
    map.scene(design, &theme("noir").unwrap(), &layout)
}

/// The map as it is made while chunks come in, and what was odd.
fn ahead(chunks: &[&[u8]], design: &Design, fills: bool) -> (Scene, Vec<String>) {
    let layout = lay_out(&design.page_spec(), &ShapedTexts::default());
    let mut warnings = Vec::new();
    let mut reader = OverpassReader::new(Limits::default());
    let mut assembler = Assembler::new(design.data_bbox());
    let mut maker = MapMaker::new(design, &layout, 1.0, fills);
    for chunk in chunks {
        reader.push(chunk, &mut warnings).unwrap();
        assembler.advance(reader.data());
        maker.advance(assembler.features());
    }
    let data = reader.finish(&mut warnings).unwrap();
    let features = assembler.finish(&data, &mut warnings);
    let map = maker.finish(&features);
    (scene_of(&map, design), warnings.iter().map(ToString::to_string).collect())
}

fn at_once(design: &Design) -> (Scene, Vec<String>) {
    let mut warnings = Vec::new();
    let data = osm::read(REPLY.as_bytes(), Limits::default(), &mut warnings).unwrap();
    let features = assemble(&data, design.data_bbox(), &mut warnings);
    let layout = lay_out(&design.page_spec(), &ShapedTexts::default());
    let map = PlacedMap::new(&features, design, &layout, 1.0);
    (scene_of(&map, design), warnings.iter().map(ToString::to_string).collect())
}

/// What of the page is filled, whichever triangles do it.
fn filled_area(scene: &Scene) -> f64 {
    let mesh = to_mesh(scene).output;
    let area = |[a, b, c]: [[f64; 2]; 3]| {
        ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() / 2.0
    };
    let fills = mesh.batches.iter().filter(|batch| batch.kind == BatchKind::Fill);
    let areas = fills.flat_map(|batch| {
        let scale = mesh.groups[usize::from(batch.group)].transform.scale();
        let indices = &mesh.fill_indices[batch.range.start as usize..batch.range.end as usize];
        let vertices = &mesh.fill_vertices[batch.first_vertex as usize..];
        let triangles = indices.as_chunks::<3>().0.iter();
        let corners = triangles.map(|t| t.map(|i| vertices[i as usize].map(f64::from)));
        corners.map(area).map(move |area| area * scale * scale).collect::<Vec<_>>()
    });
    areas.sum()
}

#[test]
fn a_courtyard_is_cut_into_a_building_that_was_drawn_before() {
    let design = Design::default();
    let (scene, _) = ahead(&[REPLY.as_bytes()], &design, true);
    let building = dump(&scene).lines().filter(|line| line.contains("building")).count();
    assert!(building > 0);
    assert!((filled_area(&scene) / filled_area(&at_once(&design).0) - 1.0).abs() < 1e-6);
}

proptest! {
    #[test]
    fn any_parts_give_the_same_map(cuts in prop::collection::vec(0..REPLY.len(), 0..12)) {
        let mut cuts = cuts;
        cuts.extend([0, REPLY.len()]);
        cuts.sort_unstable();
        let chunks: Vec<&[u8]> =
            cuts.windows(2).map(|pair| &REPLY.as_bytes()[pair[0]..pair[1]]).collect();
        let design = Design::default();
        let (whole, warnings) = at_once(&design);
        let (parts, odd) = ahead(&chunks, &design, false);
        prop_assert_eq!(dump(&parts), dump(&whole));
        prop_assert_eq!(odd, warnings);
        let (filled, _) = ahead(&chunks, &design, true);
        prop_assert_eq!(dump(&filled), dump(&whole));
    }
}

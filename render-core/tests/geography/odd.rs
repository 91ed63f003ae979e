//! Random nonsense: whatever the elements are, nothing panics and all that comes out is finite.

use proptest::prelude::*;
use render_core::geometry::{ProjectOptions, Projection, project};
use render_core::planar::Frame;

use super::map::{At, Map, ORIGINS, Way};

const TAGS: [&str; 12] = [
    "natural=coastline",
    "natural=coastline layer=1",
    "natural=water",
    "natural=bay",
    "natural=wood",
    "building=yes",
    "man_made=pier",
    "highway=residential",
    "highway=pedestrian area=yes",
    "waterway=river tunnel=yes",
    "railway=tram highway=primary bridge=yes layer=-9",
    "",
];
const ROLES: [&str; 4] = ["outer", "inner", "", "label"];

/// Near the frame, on its edge, far away, in one place, or missing.
fn vertex() -> impl Strategy<Value = Option<At>> {
    let corner = prop::sample::select(vec![0.0, 50.0, 100.0]);
    let far = prop::sample::select(vec![-1.7e6, -9e5, 0.0, 9e5, 1.7e6]);
    prop_oneof![
        8 => (-50.0..150.0, -50.0..150.0).prop_map(Some),
        4 => (corner.clone(), corner).prop_map(Some),
        1 => (far.clone(), far).prop_map(Some),
        1 => Just(None),
    ]
}

fn points() -> impl Strategy<Value = Vec<Option<At>>> {
    (prop::collection::vec(vertex(), 0..12), any::<bool>(), 0..4_usize).prop_map(
        |(mut points, is_closed, n_repeats)| {
            for i in 0..n_repeats.min(points.len()) {
                points.insert(i, points[i]);
            }
            if is_closed && !points.is_empty() {
                points.push(points[0]);
            }
            points
        },
    )
}

fn ways(tags: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<Way>> {
    let way = (1..20_i64, prop::sample::select(tags), points());
    prop::collection::vec(way, 0..most).prop_map(|ways| {
        let way = |(id, tags, points): (i64, &str, _)| Way { id, tags: tags.into(), points };
        ways.into_iter().map(way).collect()
    })
}

fn map() -> impl Strategy<Value = Map> {
    let relation = (prop::sample::select(&TAGS[..]), ways(&ROLES, 6));
    (ways(&TAGS, 10), prop::collection::vec(relation, 0..4)).prop_map(|(ways, relations)| {
        let relations = relations
            .into_iter()
            .zip(1..)
            .map(|((tags, members), id)| (id, format!("type=multipolygon {tags}"), members));
        Map { ways, relations: relations.collect() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_everything_is_finite(
        map in map(),
        origin in prop::sample::select(&ORIGINS[..]),
        tolerance in prop::sample::select(vec![0.0, 0.5, 30.0]),
    ) {
        // An empty reply is an error of the reader's.
        let found = map.way(99, "highway=path", &[(20.0, 20.0), (30.0, 30.0)]).assemble(origin);
        prop_assert!(found.features.coords.iter().all(|at| !at.is_missing()));
        let clip = Frame::centred(600.0, 600.0);
        let projection = Projection::new(origin.0 + 0.005, origin.1 + 0.005, 900.0);
        let options = ProjectOptions { clip, tolerance, building_tolerance: tolerance, min_area: tolerance, min_length: 0.0, fills: false };
        let projected = project(&found.features, &projection, &options);
        for at in &projected.points {
            // Half a frame's width, and what `f32` rounds.
            prop_assert!(at.x.abs() <= 600.01 && at.y.abs() <= 600.01, "{:?}", at);
        }
        for rings in projected.areas.iter().map(|area| &area.rings) {
            prop_assert!(rings.start < rings.end);
        }
        for ring in &projected.rings {
            prop_assert!(ring.end - ring.start > 2);
        }
    }
}

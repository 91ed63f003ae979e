//! Random polygons with holes through `geometry::project`: nothing crosses, no area is lost.

use proptest::prelude::*;
use render_core::geometry::{MapGeometry, ProjectOptions, Projection, project};
use render_core::planar::{Frame, any_crossing, twice_area};

use super::map::{Assembled, At, Map, reversed, star, way};

/// A grid step on the ground, m: 1e-4 degree of latitude.
const STEP: f64 = 11.1;
/// Furthest a line may stray in these tests, m.
const TOLERANCE: f64 = 20.0;

/// A star with up to three holes on three sides of its centre.
fn polygon() -> impl Strategy<Value = Vec<Vec<At>>> {
    let outer = prop::collection::vec(20.0..60.0_f64, 5..40);
    let hole = prop::collection::vec(0.5..5.0_f64, 3..12);
    let holes = prop::collection::vec(hole, 0..4);
    (outer, holes, -20.0..120.0_f64, -20.0..120.0_f64).prop_map(|(outer, holes, x, y)| {
        let mut rings = vec![star((x, y), &outer)];
        let sides = [(6.0, 0.0), (-4.0, 5.0), (-4.0, -6.0)];
        let hole = |(radii, side): (&Vec<f64>, (f64, f64))| {
            reversed(&star((x + side.0, y + side.1), radii))
        };
        rings.extend(holes.iter().zip(sides).map(hole));
        rings
    })
}

/// A wood around 47° N 8° E; where holes meet each other or the edge, the relation is crossed.
fn wood(rings: &[Vec<At>]) -> Assembled {
    let members = rings.iter().zip(1..).map(|(ring, id)| way(id, "", ring)).collect();
    Map::default().relation(1, "natural=wood", members).assemble((8.0, 47.0))
}

fn projected(wood: &Assembled, clip: Frame, tolerance: f64) -> MapGeometry {
    let projection = Projection::new(8.005, 47.005, 2000.0);
    project(
        &wood.features,
        &projection,
        &ProjectOptions {
            clip,
            tolerance,
            building_tolerance: 0.0,
            min_area: 0.0,
            min_length: 0.0,
            fills: false,
        },
    )
}

fn ring(map: &MapGeometry, ring: &std::ops::Range<u32>) -> Vec<geo::Coord> {
    let points = &map.points[ring.start as usize..ring.end as usize];
    points.iter().map(|at| geo::Coord { x: f64::from(at.x), y: f64::from(at.y) }).collect()
}

fn polygons(map: &MapGeometry) -> Vec<Vec<Vec<geo::Coord>>> {
    let rings = |area: &render_core::geometry::MapArea| {
        let rings = &map.rings[area.rings.start as usize..area.rings.end as usize];
        rings.iter().map(|range| ring(map, range)).collect()
    };
    map.areas.iter().map(rings).collect()
}

fn area(map: &MapGeometry) -> f64 {
    polygons(map).iter().flatten().map(|ring| twice_area(ring) / 2.0).sum()
}

fn length(map: &MapGeometry) -> f64 {
    let edges = |ring: &Vec<geo::Coord>| -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| libm::hypot(b.x - a.x, b.y - a.y)).sum()
    };
    polygons(map).iter().flatten().map(edges).sum()
}

const ALL: Frame =
    Frame { min: geo::Coord { x: -1e5, y: -1e5 }, max: geo::Coord { x: 1e5, y: 1e5 } };

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    /// Cut to quarters of a frame, a polygon keeps its area in the frame, and nothing crosses.
    #[test]
    fn quarters_of_a_frame_hold_what_the_frame_holds(
        rings in polygon(),
        (x, y) in (-400.0..400.0_f64, -400.0..400.0_f64),
    ) {
        let wood = wood(&rings);
        let (low, high) = (geo::Coord { x: -500.0, y: -520.0 }, geo::Coord { x: 510.0, y: 530.0 });
        let whole = projected(&wood, Frame { min: low, max: high }, 0.0);
        let at = |x, y| geo::Coord { x, y };
        let quarters = [
            (low, at(x, y)),
            (at(x, low.y), at(high.x, y)),
            (at(low.x, y), at(x, high.y)),
            (at(x, y), high),
        ];
        let mut sum = 0.0;
        for (min, max) in quarters {
            let part = projected(&wood, Frame { min, max }, 0.0);
            for polygon in polygons(&part) {
                prop_assert!(!any_crossing(polygon.iter().map(Vec::as_slice)), "{:?}", polygon);
                let is_within = |at: &geo::Coord| {
                    at.x >= min.x - 1e-3 && at.x <= max.x + 1e-3 && at.y >= min.y - 1e-3 && at.y <= max.y + 1e-3
                };
                prop_assert!(polygon.iter().flatten().all(is_within));
                prop_assert!(twice_area(&polygon[0]) > 0.0);
                prop_assert!(polygon[1..].iter().all(|hole| twice_area(hole) < 0.0));
            }
            sum += area(&part);
        }
        // Points are `f32`: within 1 km to 0.06 mm.
        prop_assert!((sum - area(&whole)).abs() < 1.0, "{} of {}", sum, area(&whole));
    }

    /// Simplified rings keep their area as far as the tolerance allows.
    #[test]
    fn what_is_left_out_is_within_the_tolerance(rings in polygon()) {
        let wood = wood(&rings);
        let exact = projected(&wood, ALL, 0.0);
        let few = projected(&wood, ALL, TOLERANCE);
        prop_assert!(few.points.len() <= exact.points.len());
        let off = (area(&few) - area(&exact)).abs();
        prop_assert!(off <= TOLERANCE * length(&exact), "off by {}", off);
        // And the exact one is as large as on the grid, a degree of longitude being shorter.
        if wood.codes().is_empty() {
            let cos = libm::cos(47.005_f64.to_radians());
            let on_grid: f64 = rings.iter().map(|ring| super::map::area(ring)).sum();
            let expected = on_grid * STEP * STEP * cos;
            prop_assert!((area(&exact) / expected - 1.0).abs() < 0.02, "{} {}", area(&exact), expected);
        }
    }

    /// Cut after it was simplified: holes may cross the edge then, by less than the tolerance.
    #[test]
    fn what_is_simplified_and_cut_keeps_its_area(rings in polygon(), tolerance in 0.5..40.0_f64) {
        let wood = wood(&rings);
        let clip = Frame::centred(500.0, 450.0);
        let exact = projected(&wood, clip, 0.0);
        let few = projected(&wood, clip, tolerance);
        let off = (area(&few) - area(&exact)).abs();
        prop_assert!(off <= tolerance * length(&projected(&wood, ALL, 0.0)), "off by {}", off);
    }
}

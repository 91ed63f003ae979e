//! Relations as people draw them: what is filled, and what is said of those that are broken.

use proptest::prelude::*;
use render_core::kind::FeatureKind::{self, Building, Water, Wood};

use super::islands::Dice;
use super::map::{At, Map, ORIGINS, Way, reversed, star, way};

const BIG: [At; 5] = [(10.0, 10.0), (90.0, 12.0), (88.0, 90.0), (12.0, 88.0), (10.0, 10.0)];

fn square((x, y): At, half: f64) -> Vec<At> {
    [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)]
        .map(|(i, j)| (x + i * half, y + j * half))
        .to_vec()
}

/// One wood; `members` are roles and points.
fn wood(members: &[(&str, &[At])]) -> Map {
    let members = members.iter().zip(101..).map(|((role, points), id)| way(id, role, points));
    Map::default().relation(7, "natural=wood", members.collect())
}

/// What is inside, what is outside, and the warnings; in every order of the members, and with
/// every second one reversed.
fn check(map: &Map, kind: FeatureKind, inside: &[At], outside: &[At], codes: &[&str]) {
    let n = map.relations.first().map_or(1, |(_, _, members)| members.len());
    for turn in 0..n {
        for flip in [false, true] {
            let mut map = map.clone();
            for (_, _, members) in &mut map.relations {
                let turn = turn.min(members.len());
                members.rotate_left(turn);
                let flipped = members.iter_mut().filter(|way| flip && way.id % 2 == 1);
                flipped.for_each(|way| way.points.reverse());
            }
            for origin in ORIGINS {
                let found = map.assemble(origin);
                for at in inside {
                    assert_eq!(found.n_at(kind, *at), 1, "{at:?} is not inside of {map:?}");
                }
                for at in outside {
                    assert_eq!(found.n_at(kind, *at), 0, "{at:?} is not outside of {map:?}");
                }
                // The reader's own words are not asked here.
                let mut found_codes = found.codes();
                found_codes.retain(|code| code.starts_with("W-RING"));
                found_codes.sort_unstable();
                assert_eq!(found_codes, codes, "{map:?}");
                let mut elements = found.warnings.iter().filter_map(|warning| warning.element);
                assert!(elements.all(|element| [7, 8].contains(&element.id)));
            }
        }
    }
}

#[test]
fn members_in_any_order_and_direction_make_one_ring() {
    let map = wood(&[("outer", &BIG[..2]), ("outer", &BIG[2..]), ("outer", &BIG[1..3])]);
    check(&map, Wood, &[(50.0, 50.0)], &[(5.0, 50.0)], &[]);
}

#[test]
fn many_outers_and_inners_nested() {
    let (clearing, copse, pond) =
        (square((50.0, 50.0), 30.0), square((50.0, 50.0), 20.0), square((50.0, 50.0), 10.0));
    let other = square((150.0, 50.0), 20.0);
    let hole = square((150.0, 50.0), 5.0);
    let members: [(&str, &[At]); 6] = [
        ("outer", &BIG),
        ("inner", &clearing),
        ("outer", &copse),
        ("inner", &pond),
        ("outer", &other),
        ("inner", &hole),
    ];
    let inside = [(15.0, 50.0), (35.0, 50.0), (135.0, 50.0)];
    let outside = [(25.0, 50.0), (50.0, 50.0), (150.0, 50.0), (110.0, 50.0)];
    check(&wood(&members), Wood, &inside, &outside, &[]);
}

#[test]
fn roles_that_are_empty_or_unknown_do_not_matter_and_wrong_ones_are_reported() {
    let hole = square((50.0, 50.0), 10.0);
    let sure = |role, other| wood(&[(role, &BIG[..3]), (role, &BIG[2..]), (other, &hole)]);
    for (role, other) in [("", ""), ("outer", ""), ("", "inner"), ("enclave", "exclave")] {
        check(&sure(role, other), Wood, &[(20.0, 50.0)], &[(50.0, 50.0)], &[]);
    }
    check(&sure("outer", "outer"), Wood, &[(20.0, 50.0)], &[(50.0, 50.0)], &["W-RING-ROLE"]);
}

#[test]
fn rings_that_touch_in_a_point_or_along_an_edge() {
    let (left, right) = (square((30.0, 50.0), 10.0), square((50.0, 70.0), 10.0));
    let corner = wood(&[("outer", &left), ("outer", &right)]);
    check(&corner, Wood, &[(30.0, 50.0), (50.0, 70.0)], &[(50.0, 50.0), (30.0, 70.0)], &[]);
    // A hole that touches the edge from inside.
    let hole = [(10.0, 10.0), (40.0, 20.0), (20.0, 40.0), (10.0, 10.0)];
    let inside = wood(&[("outer", &BIG), ("inner", &hole)]);
    check(&inside, Wood, &[(80.0, 80.0), (12.0, 20.0)], &[(20.0, 20.0)], &[]);
    // Two parcels with one border.
    let beside = square((50.0, 50.0), 10.0);
    let both = wood(&[("outer", &left), ("outer", &beside)]);
    check(&both, Wood, &[(30.0, 50.0), (50.0, 50.0)], &[(65.0, 50.0)], &[]);
}

#[test]
fn holes_that_share_an_edge_are_both_holes() {
    let (one, other) = (square((40.0, 50.0), 10.0), square((60.0, 50.0), 10.0));
    let map = wood(&[("outer", &BIG), ("inner", &one), ("inner", &other)]);
    check(&map, Wood, &[(20.0, 50.0)], &[(40.0, 50.0), (60.0, 50.0)], &[]);
}

#[test]
fn a_ring_that_crosses_itself_is_drawn_and_reported() {
    let bow = [(10.0, 10.0), (90.0, 90.0), (90.0, 10.0), (10.0, 90.0), (10.0, 10.0)];
    let (inside, outside) = ([(20.0, 50.0), (80.0, 50.0)], [(50.0, 20.0), (50.0, 80.0)]);
    check(&wood(&[("outer", &bow)]), Wood, &inside, &outside, &["W-RING-CROSS"]);
    let alone = Map::default().way(7, "natural=wood", &bow);
    check(&alone, Wood, &inside, &outside, &["W-RING-CROSS"]);
}

#[test]
fn a_ring_that_winds_around_twice_has_no_hole() {
    let tip = |i: u32| {
        let angle = f64::from(2 * i) / 5.0 * std::f64::consts::TAU;
        (50.0 + 40.0 * libm::cos(angle), 50.0 + 40.0 * libm::sin(angle))
    };
    let pentagram: Vec<At> = (0..=5).map(|i| tip(i % 5)).collect();
    let map = wood(&[("outer", &pentagram)]);
    check(&map, Wood, &[(50.0, 50.0), (80.0, 50.0)], &[(20.0, 50.0)], &["W-RING-CROSS"]);
}

#[test]
fn a_hole_that_crosses_the_edge_takes_its_part_away() {
    let hole = square((90.0, 50.0), 20.0);
    let map = wood(&[("outer", &BIG), ("inner", &hole)]);
    check(&map, Wood, &[(50.0, 50.0)], &[(80.0, 50.0), (100.0, 50.0)], &["W-RING-CROSS"]);
}

#[test]
fn a_missing_member_is_bridged_where_the_gap_is_small() {
    let map = wood(&[("outer", &BIG[..3]), ("outer", &BIG[2..4]), ("outer", &[])]);
    check(&map, Wood, &[(50.0, 50.0), (15.0, 50.0)], &[(5.0, 50.0)], &["W-RING-OPEN"]);
}

#[test]
fn a_ring_of_which_every_second_member_is_missing() {
    let ring = star((50.0, 50.0), &[40.0; 24]);
    let members = [&ring[0..6], &ring[7..13], &ring[14..18], &ring[19..24]];
    let map = wood(&members.map(|points| ("outer", points)));
    let inside = [(50.0, 50.0), (85.0, 50.0), (15.0, 50.0)];
    check(&map, Wood, &inside, &[(5.0, 50.0), (95.0, 50.0)], &["W-RING-OPEN"]);
}

#[test]
fn too_little_of_a_ring_is_not_drawn_but_the_others_are() {
    let other = square((50.0, 50.0), 10.0);
    let map = wood(&[("outer", &[(0.0, 0.0), (0.0, 20.0)]), ("outer", &other)]);
    check(&map, Wood, &[(50.0, 50.0)], &[(2.0, 10.0), (30.0, 30.0)], &["W-RING-OPEN"]);
}

#[test]
fn an_inner_ring_without_an_outer_is_not_filled() {
    let (astray, sure) = (square((20.0, 20.0), 10.0), square((70.0, 70.0), 10.0));
    let map = wood(&[("inner", &astray), ("outer", &sure)]);
    check(&map, Wood, &[(70.0, 70.0)], &[(20.0, 20.0)], &["W-RING-INNER"]);
    // Alone it is a ring whose role is wrong.
    let map = wood(&[("inner", &astray)]);
    check(&map, Wood, &[(20.0, 20.0)], &[(70.0, 70.0)], &["W-RING-ROLE"]);
}

#[test]
fn a_member_with_its_relations_tag_does_not_fill_the_hole() {
    let hole = square((50.0, 50.0), 10.0);
    let members = |tags: &str| {
        let members = vec![way(101, "outer", &BIG), way(102, "inner", &hole)];
        Map::default().relation(7, tags, members)
    };
    let both = members("building=yes").way(101, "building=yes", &BIG);
    check(&both, Building, &[(20.0, 50.0)], &[(50.0, 50.0)], &[]);
    // Old style: the tags are on the outer way alone.
    let old = members("").way(101, "building=yes", &BIG).way(102, "natural=water", &hole);
    check(&old, Building, &[(20.0, 50.0)], &[(50.0, 50.0)], &[]);
    check(&old, Water, &[(50.0, 50.0)], &[(20.0, 50.0)], &[]);
    // A member with another tag is drawn as that.
    let pond = members("natural=wood").way(102, "natural=water", &hole);
    check(&pond, Water, &[(50.0, 50.0)], &[(20.0, 50.0)], &[]);
}

#[test]
fn a_way_twice_among_the_members_counts_once() {
    let mut map = wood(&[("outer", &BIG[..3]), ("outer", &BIG[2..])]);
    let members = &mut map.relations[0].2;
    members.push(members[0].clone());
    check(&map, Wood, &[(50.0, 50.0)], &[(5.0, 50.0)], &[]);
}

#[test]
fn relations_that_overlap_do_not_cancel_each_other() {
    let (one, other) = (square((40.0, 50.0), 20.0), square((60.0, 50.0), 20.0));
    let map = Map::default().relation(7, "natural=wood", vec![way(101, "outer", &one)]).relation(
        8,
        "natural=wood",
        vec![way(102, "outer", &other)],
    );
    assert_eq!(map.assemble(ORIGINS[0]).n_at(Wood, (50.0, 50.0)), 2);
    check(&map, Wood, &[(30.0, 50.0), (70.0, 50.0)], &[(5.0, 50.0)], &[]);
}

/// A lake around the frame, of which only what lies near it is in the data.
fn around(points: &[Option<At>]) -> Map {
    let member = Way { id: 101, tags: "outer".into(), points: points.to_vec() };
    Map::default().relation(7, "natural=water", vec![member])
}

#[test]
fn an_area_around_the_frame_fills_it() {
    let far = square((50.0, 50.0), 900.0);
    let all = [(1.0, 1.0), (50.0, 50.0), (99.0, 99.0)];
    let map = Map::default().way(7, "natural=water", &far);
    check(&map, Water, &all, &[], &[]);
    let hole = square((50.0, 50.0), 300.0);
    let members = vec![way(101, "outer", &far), way(102, "inner", &hole)];
    check(&Map::default().relation(7, "natural=water", members), Water, &[], &all, &[]);
}

#[test]
fn a_cropped_ring_is_closed_around_the_frame() {
    // West of the frame the server left its vertices out.
    let shore = [(-30.0, 70.0), (60.0, 80.0), (60.0, 20.0), (-30.0, 30.0)].map(Some);
    let mut cropped = vec![None];
    cropped.extend(shore);
    cropped.extend([None, None]);
    let (inside, outside) = ([(1.0, 50.0), (50.0, 50.0)], [(1.0, 90.0), (1.0, 10.0), (80.0, 50.0)]);
    check(&around(&cropped), Water, &inside, &outside, &["W-RING-OPEN"]);
}

#[test]
fn cropped_water_does_not_drown_the_town() {
    // The nearer way around the frame leads through the town in the north.
    let shore = [None, Some((-30.0, 60.0)), Some((50.0, 62.0)), Some((130.0, 60.0)), None];
    let mut map = around(&shore);
    for i in 0..6 {
        let y = 70.0 + 5.0 * f64::from(i);
        map =
            map.way(200 + i64::from(i), "highway=residential", &[(10.0, y), (50.0, y), (90.0, y)]);
    }
    check(&map, Water, &[(50.0, 30.0)], &[(50.0, 80.0)], &["W-RING-OPEN"]);
}

/// Rings of one relation that touch nowhere: two stars, each with holes, one with an islet.
fn ring_set() -> impl Strategy<Value = Vec<Vec<At>>> {
    let outers = prop::collection::vec(prop::collection::vec(20.0..40.0_f64, 4..24), 1..3);
    let holes = prop::collection::vec(prop::collection::vec(1.0..5.5_f64, 3..10), 0..3);
    (outers, holes, any::<bool>()).prop_map(|(outers, holes, has_islet)| {
        let mut rings: Vec<Vec<At>> = Vec::new();
        for (radii, x) in outers.iter().zip([0.0, 100.0]) {
            rings.push(star((x, 50.0), radii));
        }
        for (radii, x) in holes.iter().zip([-6.0, 6.0]) {
            rings.push(star((x, 50.0), radii));
        }
        if has_islet && !holes.is_empty() {
            rings.push(star((-6.0, 50.0), &[0.2, 0.3, 0.2]));
        }
        rings
    })
}

/// Polygons as they would be written if rings and vertices had one order.
fn sorted(mut polygons: Vec<Vec<Vec<At>>>) -> Vec<Vec<Vec<At>>> {
    let by_place = |a: &At, b: &At| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
    for ring in polygons.iter_mut().flatten() {
        let first = (0..ring.len()).min_by(|a, b| by_place(&ring[*a], &ring[*b]));
        ring.rotate_left(first.unwrap_or(0));
    }
    for polygon in &mut polygons {
        polygon[1..].sort_by(|a, b| by_place(&a[0], &b[0]));
    }
    polygons.sort_by(|a, b| by_place(&a[0][0], &b[0][0]).then(a.len().cmp(&b.len())));
    polygons
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn however_rings_are_cut_mixed_and_named_the_polygons_are_the_same(
        rings in ring_set(),
        seed in any::<u64>(),
        origin in prop::sample::select(&ORIGINS[..]),
    ) {
        let plain = rings.iter().zip(1..).map(|(ring, id)| way(id, "", ring)).collect();
        let plain = Map::default().relation(7, "natural=wood", plain).assemble(origin);
        prop_assert_eq!(plain.codes(), Vec::<&str>::new());
        let mut dice = Dice(seed);
        let mut members: Vec<Vec<At>> = Vec::new();
        for ring in &rings {
            for points in dice.cut_ring(ring) {
                let is_turned = dice.below(2) == 1;
                members.push(if is_turned { reversed(&points) } else { points });
            }
        }
        dice.shuffle(&mut members);
        let roles = ["", "outer", "fjord"];
        // Inner rings must not be called outer; so names are drawn for all of them at once.
        let role = if rings.len() == 1 { roles[dice.below(3)] } else { roles[2 * dice.below(2)] };
        let members = members.iter().zip(1..).map(|(points, id)| way(id, role, points)).collect();
        let mixed = Map::default().relation(7, "natural=wood", members).assemble(origin);
        prop_assert_eq!(mixed.codes(), Vec::<&str>::new());
        prop_assert_eq!(sorted(mixed.areas(Wood)), sorted(plain.areas(Wood)));
    }
}

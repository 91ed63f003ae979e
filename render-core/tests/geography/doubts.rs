//! Coasts with gaps, coasts that contradict each other or the streets, and those that a source cut:
//! what is drawn, and what is said.

use render_core::kind::FeatureKind::Sea;

use super::coasts::{AROUND, Case, ISLAND, NORTH_SHORE, POND, SOUTH_SHORE};
use super::map::{At, ORIGINS, reversed};

#[test]
fn a_gap_inside_the_frame_is_reported_and_nothing_is_guessed() {
    let ways: [&[At]; 2] = [
        &[(-20.0, 50.0), (20.0, 50.0), (40.0, 52.0)],
        &[(60.0, 52.0), (90.0, 50.0), (120.0, 50.0)],
    ];
    Case::new(&ways, &[], &[(50.0, 10.0), (50.0, 90.0)]).warns("W-SEA-GAP").check();
}

#[test]
fn a_gap_near_the_edge_is_no_end_of_the_data() {
    let ways: [&[At]; 2] = [&[(-20.0, 50.0), (88.0, 50.0)], &[(92.0, 50.0), (120.0, 50.0)]];
    Case::new(&ways, &[], &[(50.0, 10.0), (50.0, 90.0)]).warns("W-SEA-GAP").check();
}

#[test]
fn a_gap_leaves_the_seas_that_it_does_not_touch() {
    let ways: [&[At]; 3] = [
        &[(-20.0, 60.0), (40.0, 60.0)],
        &[(60.0, 60.0), (120.0, 60.0)],
        // A bay in the north, where land is.
        &[(70.0, 120.0), (70.0, 80.0), (30.0, 80.0), (30.0, 120.0)],
    ];
    let case = Case::new(&ways, &[(50.0, 90.0)], &[(50.0, 10.0), (50.0, 70.0), (10.0, 90.0)]);
    case.warns("W-SEA-GAP").check();
}

#[test]
fn a_coast_that_ends_just_before_the_edge_is_led_there_and_reported() {
    let coast = [(-20.0, 50.0), (40.0, 50.0), (70.0, 50.0), (95.0, 50.0)];
    Case::new(&[&coast], &[(50.0, 10.0)], &[(50.0, 90.0)]).warns("W-SEA-GAP").check();
}

#[test]
fn a_coast_that_ends_outside_says_nothing_beyond_its_end() {
    let case = Case::new(&[&[(-90.0, -20.0), (-30.0, -20.0)]], &[], &[(50.0, 50.0), (1.0, 1.0)]);
    for origin in ORIGINS {
        assert_eq!(case.check_at(origin, false), 0.0);
        assert_eq!(case.inside_out().map().assemble(origin).area(Sea), 0.0);
    }
}

#[test]
fn coasts_that_contradict_each_other_are_reported() {
    let north: [&[At]; 2] = [&[(30.0, -20.0), (30.0, 120.0)], &[(70.0, -20.0), (70.0, 120.0)]];
    Case::new(&north, &[], &[(10.0, 50.0), (50.0, 50.0), (90.0, 50.0)])
        .warns("W-SEA-CLASH")
        .check();
    // A good bay between one of them and the corner stays.
    let bay = [(80.0, -20.0), (80.0, 20.0), (90.0, 20.0), (90.0, -20.0)];
    Case::new(
        &[north[0], &reversed(north[1]), &bay],
        &[(50.0, 50.0), (85.0, 10.0)],
        &[(95.0, 50.0)],
    )
    .check();
}

#[test]
fn an_island_in_land_is_a_contradiction() {
    let case = Case::new(
        &[NORTH_SHORE, &[(45.0, 80.0), (55.0, 80.0), (50.0, 90.0), (45.0, 80.0)]],
        &[(50.0, 20.0)],
        &[(50.0, 85.0), (20.0, 90.0)],
    );
    case.warns("W-SEA-CLASH").check();
}

/// `n` × `n` vertices of streets in a box.
fn streets(n: u32, min: At, max: At) -> Vec<(&'static str, Vec<At>)> {
    let share = |i: u32| f64::from(i) / f64::from(n - 1);
    let at = |i, j| (min.0 + share(i) * (max.0 - min.0), min.1 + share(j) * (max.1 - min.1));
    (0..n).map(|i| ("highway=residential", (0..n).map(|j| at(i, j)).collect())).collect()
}

#[test]
fn a_coast_that_runs_the_wrong_way_does_not_flood_the_city() {
    let city = streets(10, (5.0, 5.0), (95.0, 40.0));
    let wrong = Case { ways: city.clone(), ..Case::new(&[NORTH_SHORE], &[], &[(50.0, 20.0)]) };
    wrong.warns("W-SEA-FLOOD").check();
    // Nor one that is not in the frame.
    let far = Case::new(&[&[(150.0, -50.0), (-50.0, -50.0)]], &[], &[(50.0, 20.0)]);
    Case { ways: city, ..far }.warns("W-SEA-FLOOD").check();
}

#[test]
fn a_lagoon_town_beside_a_city_stays_in_the_water() {
    let mut ways = streets(20, (2.0, 75.0), (98.0, 98.0));
    // 25 places on piles in a wide sea.
    ways.extend(streets(5, (10.0, 10.0), (30.0, 30.0)));
    let (sea, land) = ([(50.0, 50.0), (11.0, 12.0)], [(50.0, 90.0)]);
    let case = Case { ways, ..Case::new(&[NORTH_SHORE], &sea, &land) };
    for origin in ORIGINS {
        case.check_at(origin, false);
    }
}

#[test]
fn a_jetty_mapped_as_a_street_makes_no_land_where_there_is_no_other() {
    let mut case = Case::new(&[NORTH_SHORE], &[(40.0, 50.0)], &[(40.0, 90.0)]);
    case.ways.push(("highway=residential", (0..15).map(|i| (50.0, 55.0 + f64::from(i))).collect()));
    case.check_at(ORIGINS[0], false);
}

#[test]
fn a_bridge_and_a_tunnel_do_not_make_land() {
    let lines: Vec<At> = (0..60).map(|i| (50.0, f64::from(i))).collect();
    for tags in ["highway=primary bridge=yes layer=1", "highway=motorway tunnel=yes layer=-1"] {
        let mut case = Case::new(&[NORTH_SHORE], &[(40.0, 50.0)], &[(40.0, 90.0)]);
        case.ways.push((tags, lines.clone()));
        case.check_at(ORIGINS[0], false);
    }
}

#[test]
fn ways_that_are_in_the_data_twice_count_once() {
    let case = [NORTH_SHORE, SOUTH_SHORE, NORTH_SHORE, ISLAND, ISLAND];
    Case::new(&case, &[(20.0, 50.0)], &[(50.0, 50.0), (50.0, 90.0), (50.0, 10.0)]).check();
}

#[test]
fn an_island_in_an_island_stays_land_and_is_reported() {
    let inner = reversed(POND);
    let land = [(41.0, 41.0), (50.0, 48.0)];
    let case = Case::new(&[ISLAND, &inner], &[(10.0, 10.0)], &land).warns("W-SEA-CLASH");
    case.check();
    // The same island twice, from another vertex on.
    let mut again = ISLAND[..4].to_vec();
    again.rotate_left(1);
    again.push(again[0]);
    for ways in [[ISLAND, &again], [&again, ISLAND]] {
        Case::new(&ways, &[(10.0, 10.0)], &[(50.0, 50.0)]).warns("W-SEA-CLASH").check();
    }
}

#[test]
fn an_island_drawn_backwards_in_the_sea_is_reported() {
    let backwards = reversed(ISLAND);
    let case = Case::new(&[NORTH_SHORE, &backwards], &[(10.0, 10.0)], &[(50.0, 90.0)]);
    case.warns("W-SEA-CLASH").check();
    let case = Case::new(&[&reversed(&AROUND), &backwards], &[(10.0, 10.0)], &[]);
    case.warns("W-SEA-CLASH").check();
}

/// The frame, and the part of the grid that a source's data fill.
const WHOLE: (At, At) = ((0.0, 0.0), (100.0, 100.0));

#[test]
fn a_coast_that_its_source_cut_goes_on_to_the_edge_without_a_word() {
    // Cut at the edge, short of it, and beyond it, where the last vertex was kept.
    for (from, to) in [(0.0, 100.0), (2.0, 99.0), (-1.0, 101.0)] {
        let case = Case::new(
            &[&[(from, 40.0), (50.0, 44.0), (to, 60.0)]],
            &[(50.0, 10.0), (0.5, 1.0), (99.5, 1.0)],
            &[(50.0, 90.0), (0.5, 99.0), (99.5, 99.0)],
        );
        for turned in (0..4).map(|n| case.turned(n)) {
            for origin in ORIGINS {
                let found = turned.map().assemble_cut(WHOLE, Some(WHOLE), origin);
                assert_eq!(found.codes(), Vec::<&str>::new());
                assert!(turned.sea.iter().all(|at| found.n_at(Sea, *at) == 1), "{turned:?}");
                assert!(turned.land.iter().all(|at| found.n_at(Sea, *at) == 0), "{turned:?}");
            }
        }
    }
}

#[test]
fn a_coast_that_ends_in_the_middle_is_a_gap_also_of_a_source_with_an_edge() {
    let ways: [&[At]; 2] = [&[(0.0, 50.0), (40.0, 50.0)], &[(60.0, 50.0), (100.0, 50.0)]];
    let case = Case::new(&ways, &[], &[(50.0, 10.0), (50.0, 90.0)]);
    let found = case.map().assemble_cut(WHOLE, Some(WHOLE), ORIGINS[0]);
    assert_eq!((found.area(Sea), found.codes()), (0.0, vec!["W-SEA-GAP", "W-SEA-GAP"]));
}

#[test]
fn a_coast_that_ends_near_the_edge_but_heads_away_from_it_is_a_gap() {
    let coast = [(120.0, 20.0), (95.0, 20.0), (95.0, 60.0), (90.0, 60.0)];
    let case = Case::new(&[&coast], &[], &[(50.0, 50.0), (98.0, 50.0), (98.0, 5.0)]);
    case.warns("W-SEA-GAP").check();
}

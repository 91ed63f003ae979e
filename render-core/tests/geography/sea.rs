//! Coasts that say where the sea is.

use render_core::kind::FeatureKind::{Sea, Water};

use super::coasts::{AROUND, Case, ISLAND, NORTH_SHORE, POND, SOUTH_SHORE};
use super::map::{At, Map, ORIGINS, reversed};

#[test]
fn a_straight_coast_with_the_centre_on_land_or_in_the_water() {
    Case::new(&[&[(-20.0, 30.0), (120.0, 30.0)]], &[(50.0, 10.0)], &[(50.0, 50.0)]).check();
    Case::new(&[NORTH_SHORE], &[(50.0, 50.0)], &[(50.0, 90.0)]).check();
}

#[test]
fn a_coast_in_three_ways_that_begins_and_ends_at_the_frame() {
    let ways: [&[At]; 3] = [
        &[(60.0, 55.0), (100.0, 40.0)],
        &[(0.0, 40.0), (30.0, 45.0)],
        &[(30.0, 45.0), (60.0, 55.0)],
    ];
    // Nothing says that the data end there, so it is told what was done.
    let case = Case::new(&ways, &[(50.0, 10.0), (1.0, 1.0)], &[(50.0, 90.0), (99.0, 99.0)]);
    case.warns("W-SEA-GAP").check();
}

#[test]
fn an_island_off_a_coast() {
    Case::new(&[NORTH_SHORE, ISLAND], &[(20.0, 50.0), (50.0, 20.0)], &[(50.0, 50.0), (50.0, 90.0)])
        .check();
}

#[test]
fn an_island_alone_lies_in_the_sea() {
    Case::new(&[ISLAND], &[(1.0, 1.0), (99.0, 50.0)], &[(50.0, 50.0)]).check();
}

#[test]
fn an_island_cut_by_the_frame_wherever_its_ring_begins() {
    let ring = [(80.0, 40.0), (130.0, 30.0), (130.0, 70.0), (80.0, 60.0)];
    for start in 0..4 {
        let mut ring = ring.to_vec();
        ring.rotate_left(start);
        ring.push(ring[0]);
        Case::new(&[&ring], &[(50.0, 50.0), (99.0, 1.0), (99.0, 99.0)], &[(90.0, 50.0)]).check();
    }
}

#[test]
fn an_island_cut_at_a_corner_of_the_frame_and_on_two_sides_of_it() {
    let corner = [(90.0, 70.0), (130.0, 110.0), (110.0, 130.0), (70.0, 90.0), (90.0, 70.0)];
    Case::new(&[&corner], &[(50.0, 50.0), (99.0, 50.0), (50.0, 99.0)], &[(97.0, 97.0)]).check();
    let across = [(-20.0, 40.0), (120.0, 40.0), (120.0, 60.0), (-20.0, 60.0), (-20.0, 40.0)];
    Case::new(&[&across], &[(50.0, 10.0), (50.0, 90.0)], &[(1.0, 50.0), (99.0, 50.0)]).check();
}

#[test]
fn a_strait_has_two_shores() {
    Case::new(
        &[NORTH_SHORE, SOUTH_SHORE],
        &[(1.0, 50.0), (50.0, 50.0)],
        &[(50.0, 10.0), (50.0, 90.0)],
    )
    .check();
}

#[test]
fn without_a_coastline_there_is_no_sea() {
    let mut case = Case::new(&[], &[], &[(50.0, 50.0)]);
    case.ways.push(("highway=residential", vec![(10.0, 10.0), (90.0, 90.0)]));
    let found = case.map().assemble(ORIGINS[0]);
    assert_eq!((found.area(Sea), found.codes()), (0.0, vec![]));
}

#[test]
fn a_bay_and_a_headland_enter_and_leave_by_one_edge() {
    let bay = [(30.0, -20.0), (30.0, 50.0), (70.0, 50.0), (70.0, -20.0)];
    Case::new(&[&bay], &[(50.0, 10.0)], &[(10.0, 10.0), (90.0, 10.0), (50.0, 90.0)]).check();
    let two = [
        (10.0, -20.0),
        (10.0, 50.0),
        (30.0, 50.0),
        (30.0, -20.0),
        (60.0, -20.0),
        (60.0, 50.0),
        (80.0, 50.0),
        (80.0, -20.0),
    ];
    Case::new(&[&two], &[(20.0, 10.0), (70.0, 10.0)], &[(45.0, 10.0), (50.0, 90.0)]).check();
}

#[test]
fn an_island_in_a_tidal_lake_on_an_island() {
    let islet = [(49.0, 48.0), (51.0, 48.0), (50.0, 50.0), (49.0, 48.0)];
    let case = Case::new(
        &[ISLAND, POND, &islet],
        &[(10.0, 10.0), (47.0, 47.0)],
        &[(50.0, 48.5), (42.0, 41.0)],
    );
    case.check();
    // The frame's middle on the land between the lake and the sea.
    let (island, lake) = (
        [(20.0, 20.0), (80.0, 20.0), (80.0, 52.0), (20.0, 52.0), (20.0, 20.0)],
        [(30.0, 25.0), (30.0, 45.0), (70.0, 45.0), (70.0, 25.0), (30.0, 25.0)],
    );
    Case::new(&[&island, &lake], &[(1.0, 1.0), (99.0, 99.0), (50.0, 30.0)], &[(50.0, 50.0)])
        .check();
}

#[test]
fn a_lake_alone_lies_on_land() {
    Case::new(&[&reversed(ISLAND)], &[(50.0, 50.0)], &[(1.0, 1.0)]).check();
}

#[test]
fn a_ring_around_the_frame_is_an_island_or_a_sea() {
    Case::new(&[&AROUND], &[], &[(1.0, 1.0), (50.0, 50.0), (99.0, 99.0)]).check();
    // With a tidal lake in it, seen or around the frame as well.
    Case::new(&[&AROUND, &reversed(ISLAND)], &[(50.0, 50.0)], &[(1.0, 1.0)]).check();
    let inner = [(-10.0, -10.0), (-10.0, 110.0), (110.0, 110.0), (110.0, -10.0), (-10.0, -10.0)];
    Case::new(&[&AROUND, &inner], &[(1.0, 1.0), (50.0, 50.0)], &[]).check();
    Case::new(&[&AROUND, &inner, ISLAND], &[(1.0, 1.0)], &[(50.0, 50.0)]).check();
}

#[test]
fn a_frame_without_a_coast_is_what_the_nearest_coast_says() {
    let sea = [(1.0, 1.0), (50.0, 50.0)];
    Case::new(&[&[(150.0, -50.0), (-50.0, -50.0)]], &sea, &[]).check();
    // The far side of an island, of a headland, and of a bay's mouth.
    let island = [(-60.0, 40.0), (-20.0, 40.0), (-20.0, 60.0), (-60.0, 60.0), (-60.0, 40.0)];
    Case::new(&[&island], &sea, &[]).check();
    let headland = [(-200.0, 60.0), (-30.0, 51.0), (-200.0, 40.0)];
    Case::new(&[&reversed(&headland)], &sea, &[]).check();
    Case::new(&[&headland], &[], &sea).check();
    // Of two coasts the nearer one counts.
    let behind: [At; 2] = [(-200.0, -90.0), (200.0, -90.0)];
    Case::new(&[&behind, &[(150.0, -50.0), (-50.0, -50.0)]], &sea, &[]).check();
}

#[test]
fn a_coast_that_touches_the_edge_changes_no_side() {
    // From outside, from inside, and along it for a while.
    Case::new(&[&[(30.0, -20.0), (50.0, 0.0), (70.0, -20.0)]], &[], &[(50.0, 1.0), (50.0, 50.0)])
        .check();
    let inside = [(-20.0, 50.0), (50.0, 100.0), (120.0, 50.0)];
    Case::new(&[&inside], &[(50.0, 50.0), (50.0, 99.0)], &[(10.0, 90.0), (90.0, 90.0)]).check();
    let along = [(-20.0, 50.0), (30.0, 100.0), (60.0, 100.0), (120.0, 50.0)];
    Case::new(&[&along], &[(45.0, 99.0), (50.0, 50.0)], &[(5.0, 95.0), (95.0, 95.0)]).check();
    Case::new(&[&[(-20.0, 0.0), (120.0, 0.0)]], &[], &[(50.0, 1.0), (50.0, 99.0)]).check();
}

#[test]
fn a_ring_that_is_the_frame_fills_it() {
    let ring = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
    Case::new(&[&ring], &[], &[(1.0, 1.0), (50.0, 50.0), (99.0, 99.0)]).check();
}

#[test]
fn a_coast_through_the_corners() {
    Case::new(&[&[(-20.0, -20.0), (120.0, 120.0)]], &[(90.0, 10.0)], &[(10.0, 90.0)]).check();
    let ring = [(0.0, 0.0), (50.0, -30.0), (100.0, 0.0), (60.0, 60.0), (0.0, 0.0)];
    Case::new(&[&ring], &[(10.0, 90.0), (90.0, 90.0)], &[(50.0, 20.0)]).check();
}

#[test]
fn islands_that_meet_in_a_point_stay_two() {
    let other = [(62.0, 50.0), (80.0, 40.0), (80.0, 60.0), (62.0, 50.0)];
    Case::new(&[ISLAND, &other], &[(62.0, 40.0), (62.0, 60.0)], &[(50.0, 50.0), (75.0, 50.0)])
        .check();
}

#[test]
fn a_bay_is_water_only_where_no_coast_makes_a_sea() {
    let bay: [At; 5] =
        [(-20.0, -20.0), (120.0, -20.0), (120.0, 60.0), (-20.0, 60.0), (-20.0, -20.0)];
    for tags in ["natural=bay", "natural=strait"] {
        let alone = Map::default().way(1, tags, &bay);
        let sea = alone.clone().way(2, "natural=coastline", NORTH_SHORE);
        let island = sea.clone().way(3, "natural=coastline", ISLAND);
        for origin in ORIGINS {
            assert_eq!(alone.assemble(origin).n_at(Water, (50.0, 50.0)), 1);
            assert_eq!(sea.assemble(origin).n_at(Water, (50.0, 50.0)), 0);
            let found = island.assemble(origin);
            let seen = [Sea, Water].map(|kind| found.n_at(kind, (50.0, 50.0)));
            assert_eq!(seen, [0, 0], "the island in the bay");
        }
    }
}

#[test]
fn islands_with_one_border_that_crosses_the_edge() {
    let west = [(30.0, -20.0), (50.0, -20.0), (50.0, 40.0), (30.0, 40.0), (30.0, -20.0)];
    let east = [(50.0, -20.0), (70.0, -20.0), (70.0, 30.0), (50.0, 30.0), (50.0, -20.0)];
    let land = [(40.0, 1.0), (60.0, 1.0), (49.0, 20.0), (51.0, 20.0)];
    Case::new(&[&west, &east], &[(10.0, 10.0), (90.0, 10.0), (60.0, 35.0)], &land).check();
}

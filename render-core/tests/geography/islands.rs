//! Random archipelagos in random frames: the sea is what lies outside of every island, whatever
//! the frame cuts, and no street on an island drowns.

use proptest::prelude::*;
use render_core::kind::FeatureKind::{Residential, Sea};

use super::map::{At, Map, ORIGINS, distance, is_inside, reversed, star, way};

/// Side of a cell that holds one island, grid steps.
const CELL: f64 = 60.0;
/// Cells a side.
const CELLS: usize = 3;

#[derive(Debug, Clone)]
struct Archipelago {
    /// Rings, closed, counter-clockwise.
    islands: Vec<Vec<At>>,
    centres: Vec<At>,
    /// Where rings begin and are cut, how ways are mixed.
    seed: u64,
    frame: (At, At),
    origin: At,
}

fn archipelago() -> impl Strategy<Value = Archipelago> {
    let island = prop::option::weighted(0.7, prop::collection::vec(3.0..29.0_f64, 5..30));
    let islands = prop::collection::vec(island, CELLS * CELLS);
    let side = CELL * CELLS as f64;
    let frame = (0.0..side - 20.0, 0.0..side - 20.0, 5.0..side, 5.0..side);
    (islands, any::<u64>(), frame, 0..ORIGINS.len()).prop_map(|(radii, seed, frame, origin)| {
        let centre = |i: usize| {
            let (column, row) = (i % CELLS, i / CELLS);
            (CELL * (column as f64 + 0.5), CELL * (row as f64 + 0.5))
        };
        let found: Vec<(At, Vec<f64>)> = radii
            .into_iter()
            .enumerate()
            .filter_map(|(i, radii)| Some((centre(i), radii?)))
            .collect();
        let (x, y, width, height) = frame;
        Archipelago {
            islands: found.iter().map(|(centre, radii)| star(*centre, radii)).collect(),
            centres: found.iter().map(|(centre, _)| *centre).collect(),
            seed,
            frame: ((x, y), (x + width, y + height)),
            origin: ORIGINS[origin],
        }
    })
}

/// Numbers that look random, for what proptest need not shrink.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    /// A closed ring from another vertex on, in one to four ways.
    pub fn cut_ring(&mut self, ring: &[At]) -> Vec<Vec<At>> {
        let mut ring = ring[..ring.len() - 1].to_vec();
        let start = self.below(ring.len());
        ring.rotate_left(start);
        ring.push(ring[0]);
        let mut ways = Vec::new();
        for _ in 0..self.below(4) {
            if ring.len() > 3 {
                let at = 1 + self.below(ring.len() - 2);
                ways.push(ring.split_off(at));
                let joint = ways.last().unwrap()[0];
                ring.push(joint);
            }
        }
        ways.push(ring);
        ways
    }
}

impl Archipelago {
    fn map(&self, is_inside_out: bool) -> Map {
        let mut dice = Dice(self.seed);
        let mut coasts = Vec::new();
        for island in &self.islands {
            let ring = if is_inside_out { reversed(island) } else { island.clone() };
            coasts.extend(dice.cut_ring(&ring));
        }
        dice.shuffle(&mut coasts);
        let coasts = coasts.iter().zip(1..);
        let ways = coasts.map(|(points, id)| way(id, "natural=coastline", points)).collect();
        Map { ways, ..Map::default() }
    }

    /// Points of the frame that are not so near to a coast that rounding decides.
    fn probes(&self) -> Vec<(At, bool)> {
        let ((left, bottom), (right, top)) = self.frame;
        let share = |i: u32| (f64::from(i) + 0.5) / 12.0;
        let at = |i, j| (left + share(i) * (right - left), bottom + share(j) * (top - bottom));
        let points = (0..12).flat_map(|i| (0..12).map(move |j| at(i, j)));
        points
            .filter(|at| self.islands.iter().all(|ring| distance(ring, *at) > 0.01))
            .map(|at| (at, self.islands.iter().any(|ring| is_inside(ring, at))))
            .collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn the_sea_is_all_that_no_island_covers(place in archipelago()) {
        prop_assume!(!place.islands.is_empty());
        let found = place.map(false).assemble_in(place.frame, place.origin);
        prop_assert_eq!(found.codes(), Vec::<&str>::new());
        for (at, is_land) in place.probes() {
            prop_assert_eq!(found.n_at(Sea, at), usize::from(!is_land), "at {:?}", at);
        }
        // The same rings as lakes of a tidal inland.
        let lakes = place.map(true).assemble_in(place.frame, place.origin);
        prop_assert_eq!(lakes.codes(), Vec::<&str>::new());
        for (at, is_water) in place.probes() {
            prop_assert_eq!(lakes.n_at(Sea, at), usize::from(is_water), "lake at {:?}", at);
        }
        let both = found.area(Sea) + lakes.area(Sea);
        let ((left, bottom), (right, top)) = place.frame;
        let frame = (right - left) * (top - bottom);
        // The frame is a step of OSM's wider, of 1e-7 degree.
        let slack = 4e-3 * (right - left + top - bottom);
        prop_assert!((both - frame).abs() < slack, "{} of {}", both, frame);
    }

    #[test]
    fn no_street_on_an_island_drowns(place in archipelago()) {
        prop_assume!(!place.islands.is_empty());
        let mut map = place.map(false);
        // Every island has streets from its middle to near its shore.
        let mut id = 1000;
        for (island, centre) in place.islands.iter().zip(&place.centres) {
            for shore in island.iter().step_by(2) {
                let near = |t: f64| {
                    (centre.0 + t * (shore.0 - centre.0), centre.1 + t * (shore.1 - centre.1))
                };
                id += 1;
                map.ways.push(way(id, "highway=residential", &[*centre, near(0.5), near(0.95)]));
            }
        }
        let found = map.assemble_in(place.frame, place.origin);
        prop_assert_eq!(found.codes(), Vec::<&str>::new());
        prop_assert!(found.features.lines.iter().all(|line| line.kind == Residential));
        let ((left, bottom), (right, top)) = place.frame;
        for road in map.ways.iter().filter(|way| way.id > 1000) {
            for at in road.points.iter().flatten() {
                let is_seen = at.0 > left && at.0 < right && at.1 > bottom && at.1 < top;
                prop_assert!(!is_seen || found.n_at(Sea, *at) == 0, "{:?} drowns", at);
            }
        }
    }
}

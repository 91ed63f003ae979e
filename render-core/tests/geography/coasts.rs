//! A case of coasts and what must come of them, checked in all that must not matter: four turns, both
//! file orders, whole ways and halves, five places of the globe; and, where nothing is doubtful, with
//! land and sea exchanged.

use render_core::kind::FeatureKind::Sea;

use super::map::{At, Map, ORIGINS, reversed, way};

/// What must come of coasts.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Land on the left.
    pub coasts: Vec<Vec<At>>,
    /// Other ways: tags and points.
    pub ways: Vec<(&'static str, Vec<At>)>,
    pub sea: Vec<At>,
    pub land: Vec<At>,
    /// Code of every warning, in any number; without any the case is turned inside out as well.
    pub warning: Option<&'static str>,
}

impl Case {
    pub fn new(coasts: &[&[At]], sea: &[At], land: &[At]) -> Self {
        let coasts = coasts.iter().map(|coast| coast.to_vec()).collect();
        Self { coasts, sea: sea.to_vec(), land: land.to_vec(), ..Self::default() }
    }

    pub fn warns(self, code: &'static str) -> Self {
        Self { warning: Some(code), ..self }
    }

    pub fn turned(&self, n: usize) -> Self {
        let turn = |at: &At| (0..n).fold(*at, |(x, y), _| (100.0 - y, x));
        let all = |points: &Vec<At>| points.iter().map(turn).collect();
        Self {
            coasts: self.coasts.iter().map(all).collect(),
            ways: self.ways.iter().map(|(tags, points)| (*tags, all(points))).collect(),
            sea: all(&self.sea),
            land: all(&self.land),
            warning: self.warning,
        }
    }

    /// Every way in two.
    fn halved(&self) -> Self {
        let halves = |coast: &Vec<At>| match coast.as_slice() {
            [a, b] => {
                let middle = (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1));
                [vec![*a, middle], vec![middle, *b]]
            }
            coast => [coast[..=coast.len() / 2].to_vec(), coast[coast.len() / 2..].to_vec()],
        };
        Self { coasts: self.coasts.iter().flat_map(halves).collect(), ..self.clone() }
    }

    pub fn inside_out(&self) -> Self {
        Self {
            coasts: self.coasts.iter().map(|coast| reversed(coast)).collect(),
            sea: self.land.clone(),
            land: self.sea.clone(),
            ..self.clone()
        }
    }

    pub fn map(&self) -> Map {
        let coasts = self.coasts.iter().map(|points| ("natural=coastline", points));
        let ways = self.ways.iter().map(|(tags, points)| (*tags, points));
        let ways = coasts.chain(ways).zip(1..).map(|((tags, points), id)| way(id, tags, points));
        Map { ways: ways.collect(), ..Map::default() }
    }

    /// The sea's area, in one order of the ways and one place of the globe.
    pub fn check_at(&self, origin: At, is_reversed: bool) -> f64 {
        let mut map = self.map();
        if is_reversed {
            map.ways.reverse();
        }
        let found = map.assemble(origin);
        let told = |at: &At, what: &str| format!("{at:?} is {what} at {origin:?} of {map:?}");
        for at in &self.sea {
            assert_eq!(found.n_at(Sea, *at), 1, "{}", told(at, "not sea"));
        }
        for at in &self.land {
            assert_eq!(found.n_at(Sea, *at), 0, "{}", told(at, "not land"));
        }
        let mut codes = found.codes();
        codes.dedup();
        let expected: Vec<_> = self.warning.into_iter().collect();
        assert_eq!(codes, expected, "{:?} of {map:?}", found.warnings);
        for warning in &found.warnings {
            let id = warning.element.map_or(0, |element| element.id);
            assert!(map.ways.iter().any(|way| way.id == id), "{warning:?} names no way of the map");
        }
        found.area(Sea)
    }

    pub fn check(self) {
        for turned in (0..4).map(|n| self.turned(n)) {
            for case in [turned.halved(), turned] {
                for (origin, is_reversed) in ORIGINS.into_iter().zip([false, true].repeat(3)) {
                    let sea = case.check_at(origin, is_reversed);
                    if self.warning.is_some() {
                        continue;
                    }
                    let land = case.inside_out().check_at(origin, !is_reversed);
                    let frame = frame_area(origin);
                    assert!(
                        ((sea + land) / frame - 1.0).abs() < 1e-6,
                        "sea {sea} and land {land} at {origin:?} of {:?}",
                        case.coasts
                    );
                }
            }
        }
    }
}

/// The area of a frame that is sea all over; the frame's edges lie half of OSM's steps outside.
fn frame_area(origin: At) -> f64 {
    let around = Case { coasts: vec![reversed(&AROUND)], ..Case::default() };
    let area = around.map().assemble(origin).area(Sea);
    assert!((area / 1e4 - 1.0).abs() < 1e-4);
    area
}

/// A ring around the frame, counter-clockwise.
pub const AROUND: [At; 5] =
    [(-50.0, -40.0), (150.0, -60.0), (140.0, 150.0), (-30.0, 160.0), (-50.0, -40.0)];
pub const NORTH_SHORE: &[At] = &[(-20.0, 70.0), (50.0, 72.0), (120.0, 70.0)];
pub const SOUTH_SHORE: &[At] = &[(120.0, 30.0), (50.0, 28.0), (-20.0, 30.0)];
pub const ISLAND: &[At] = &[(40.0, 40.0), (60.0, 40.0), (62.0, 50.0), (50.0, 61.0), (40.0, 40.0)];
/// A lake wholly on the island.
pub const POND: &[At] = &[(45.0, 45.0), (47.0, 52.0), (55.0, 52.0), (52.0, 44.0), (45.0, 45.0)];

//! [`Features`] → [`MapGeometry`]: projected, simplified to what paper can show, cut, sorted.

use std::collections::BTreeMap;
use std::ops::Range;

use geo::Coord;

use super::order::{Tier, tiers};
use super::simplify::{Joints, Scratch};
use super::{MapArea, MapGeometry, MapLine, Projection};
use crate::features::{Area, Features};
use crate::flat::{index, part, range};
use crate::kind::FeatureKind;
use crate::lonlat::LonLat;
use crate::planar::{Cut, Frame, Side, Triangulator, any_crossing, twice_area};
use crate::units::MapPoint;

/// What to cut to and how fine to stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProjectOptions {
    /// What is kept: the map with its bleed and half the widest stroke, m.
    pub clip: Frame,
    /// Furthest a line may stray from the data, m; 0 keeps every vertex.
    pub tolerance: f64,
    /// The same for buildings; 0 keeps every corner.
    pub building_tolerance: f64,
    /// Smallest area that is kept, and smallest hole, m².
    pub min_area: f64,
    /// Lines are kept whose box is as wide or as high, m; 0 keeps all.
    pub min_length: f64,
    /// Whether buildings are filled with triangles, for a screen.
    pub fills: bool,
}

/// Projects, simplifies, cuts and sorts a place's features.
#[must_use]
pub fn project(
    features: &Features,
    projection: &Projection,
    options: &ProjectOptions,
) -> MapGeometry {
    Projector::new(projection.clone(), *options).finish(features).0
}

/// Makes a place's geometry while its features are still being assembled.
pub struct Projector {
    projection: Projection,
    options: ProjectOptions,
    placed: Placed,
    map: MapGeometry,
    scratch: Scratch,
    triangulator: Triangulator,
    rings: Vec<Vec<[f32; 2]>>,
    n_areas: usize,
    n_lines: usize,
    /// Of each area of the map, which of the features it is.
    sources: Vec<usize>,
    /// Those of the features that need the others.
    waiting: Vec<usize>,
}

impl Projector {
    /// A map with nothing on it yet.
    #[must_use]
    pub fn new(projection: Projection, options: ProjectOptions) -> Self {
        Self {
            projection,
            options,
            placed: Placed::default(),
            map: MapGeometry { is_whole: true, ..MapGeometry::default() },
            scratch: Scratch::default(),
            triangulator: Triangulator::default(),
            rings: Vec::new(),
            n_areas: 0,
            n_lines: 0,
            sources: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Makes room for so many vertices.
    pub fn reserve(&mut self, n_vertices: usize) {
        self.map.points.reserve(n_vertices);
    }

    /// Adds the lines, and the buildings that lie wholly inside, among the features that have come
    /// since the last time. Most of a city is this.
    pub fn advance(&mut self, features: &Features) {
        let mut placed = std::mem::take(&mut self.placed);
        placed.advance(&features.coords, &self.projection);
        for (i, area) in features.areas.iter().enumerate().skip(self.n_areas) {
            if area.kind != FeatureKind::Building
                || !self.add_building(features, area, &mut placed, i)
            {
                self.waiting.push(i);
            }
        }
        self.n_areas = features.areas.len();
        let mut parts = Vec::new();
        for line in features.lines.get(self.n_lines..).unwrap_or(&[]) {
            let points = placed.part(&features.coords, &line.coords, &self.projection);
            self.add_line(points, &mut parts);
            for (points, is_closed) in parts.drain(..) {
                self.map.lines.push(MapLine {
                    kind: line.kind,
                    structure: line.structure,
                    layer: line.layer,
                    is_closed,
                    points,
                });
            }
        }
        self.n_lines = features.lines.len();
        self.placed = placed;
    }

    /// What there is so far, sorted: a map without land cover and water.
    #[must_use]
    pub fn so_far(&self) -> (MapGeometry, Projection, ProjectOptions) {
        (sorted(self.map.clone()), self.projection.clone(), self.options)
    }

    /// Adds the rest of all features and sorts them.
    #[must_use]
    pub fn finish(mut self, features: &Features) -> (MapGeometry, Projection, ProjectOptions) {
        self.reserve(features.coords.len().saturating_sub(self.placed.end()));
        self.advance(features);
        self.add_waiting(features);
        let mut map = self.map;
        // A ring that a relation draws after all has been taken from its way.
        let mut sources = self.sources.iter();
        map.areas.retain(|_| {
            let source = sources.next().and_then(|i| features.areas.get(*i));
            source.is_none_or(|area| !area.rings.is_empty())
        });
        (sorted(map), self.projection, self.options)
    }

    /// Adds a building that lies wholly inside, hole by hole; `false` if it does not, and nothing
    /// is added then.
    fn add_building(
        &mut self,
        features: &Features,
        area: &Area,
        placed: &mut Placed,
        source: usize,
    ) -> bool {
        let (n_points, n_rings) = (self.map.points.len(), self.map.rings.len());
        for (i, ring) in part(&features.rings, &area.rings).iter().enumerate() {
            let points = placed.part(&features.coords, ring, &self.projection);
            if self.options.clip.side(points) != Side::Inside {
                self.map.points.truncate(n_points);
                self.map.rings.truncate(n_rings);
                return false;
            }
            let is_seen = twice_area(points).abs() / 2.0 >= self.options.min_area;
            let is_drawn = is_seen
                && match self.options.building_tolerance {
                    0.0 => self.push_ring(points),
                    tolerance => {
                        let points = self.scratch.simplify_ring(points, tolerance);
                        self.push_ring(&points)
                    }
                };
            if !is_drawn && i == 0 {
                break;
            }
        }
        let rings = range(n_rings, self.map.rings.len());
        if !rings.is_empty() {
            let corners = self.fill(&rings);
            let tier = Tier::default();
            self.map.areas.push(MapArea { kind: area.kind, tier, rings, corners });
            self.sources.push(source);
        }
        true
    }

    /// The triangles of rings of the map, none where they are not wanted or hard to make.
    fn fill(&mut self, rings: &Range<u32>) -> Range<u32> {
        let start = self.map.corners.len();
        if self.options.fills {
            let rings = part(&self.map.rings, rings);
            self.rings.resize_with(rings.len().max(self.rings.len()), Vec::new);
            let mut n_points = 0;
            for (to, ring) in self.rings.iter_mut().zip(rings) {
                to.clear();
                to.extend(part(&self.map.points, ring).iter().map(|at| [at.x, at.y]));
                n_points += to.len();
            }
            let polygon = self.rings.get(..rings.len()).unwrap_or(&[]);
            if n_points <= usize::from(u16::MAX)
                && let Some(corners) = self.triangulator.polygon(polygon)
            {
                #[expect(clippy::cast_possible_truncation, reason = "fewer points than that")]
                self.map.corners.extend(corners.iter().map(|corner| *corner as u16));
            }
        }
        range(start, self.map.corners.len())
    }

    /// Adds a ring; `false` if too little of it is left.
    fn push_ring(&mut self, ring: &[Coord]) -> bool {
        let start = self.map.points.len();
        self.push_points(ring, start);
        let last = self.map.points.last();
        if self.map.points.len() > start + 1 && last == self.map.points.get(start) {
            self.map.points.pop();
        }
        let end = self.map.points.len();
        let is_ring = end - start > 2;
        if is_ring {
            self.map.rings.push(range(start, end));
        } else {
            self.map.points.truncate(start);
        }
        is_ring
    }

    fn add_waiting(&mut self, features: &Features) {
        let waiting = std::mem::take(&mut self.waiting);
        let areas = || waiting.iter().filter_map(|i| features.areas.get(*i));
        // A building has few vertices, and each of them shows.
        let simplified = areas().filter(|area| area.kind != FeatureKind::Building);
        let joints = match self.options.tolerance > 0.0 {
            true => Joints::new(
                &features.coords,
                simplified.flat_map(|area| part(&features.rings, &area.rings)),
            ),
            false => Joints::default(),
        };
        let mut placed = std::mem::take(&mut self.placed);
        let mut polygons: Vec<(FeatureKind, Vec<Vec<Coord>>)> = Vec::new();
        for area in areas() {
            for rings in self.cut_area(features, area, &mut placed, &joints) {
                polygons.push((area.kind, rings));
            }
        }
        let borrowed: Vec<(FeatureKind, Vec<&[Coord]>)> = polygons
            .iter()
            .map(|(kind, rings)| (*kind, rings.iter().map(Vec::as_slice).collect()))
            .collect();
        let tiers = tiers(&borrowed);
        for ((kind, rings), tier) in polygons.iter().zip(tiers) {
            self.push_area(*kind, tier, rings);
        }
    }

    /// What is left of an area in the frame: polygons, each with its holes.
    fn cut_area(
        &mut self,
        features: &Features,
        area: &Area,
        placed: &mut Placed,
        joints: &Joints,
    ) -> Vec<Vec<Vec<Coord>>> {
        let (clip, coords) = (self.options.clip, &features.coords);
        let mut polygon: Vec<Vec<Coord>> = Vec::new();
        let mut is_across = false;
        for (i, ring) in part(&features.rings, &area.rings).iter().enumerate() {
            let points = placed.part(coords, ring, &self.projection);
            let side = clip.side(points);
            self.map.is_whole &= side == Side::Inside;
            match side {
                // Holes of an outer ring that is gone would become islands.
                Side::Outside if i == 0 => return Vec::new(),
                Side::Outside => continue,
                Side::Inside => {}
                Side::Across => is_across = true,
            }
            let points = match area.kind {
                FeatureKind::Building => {
                    self.scratch.simplify_ring(points, self.options.building_tolerance)
                }
                _ => {
                    let tolerance = self.options.tolerance;
                    joints.simplify(coords, ring, points, tolerance, &mut self.scratch)
                }
            };
            if points.len() > 2 && twice_area(&points).abs() / 2.0 >= self.options.min_area {
                polygon.push(points);
            } else if i == 0 {
                return Vec::new();
            }
        }
        if polygon.iter().flatten().any(|at| !at.x.is_finite() || !at.y.is_finite()) {
            return Vec::new();
        }
        if !is_across {
            return vec![polygon];
        }
        // A ring that crosses itself has no left side that could be followed along the frame.
        let is_simple = !any_crossing(polygon.iter().map(Vec::as_slice));
        let cut = if is_simple { clip.cut_polygon(&polygon) } else { None };
        cut.unwrap_or_else(|| {
            let mut rings: Vec<_> =
                polygon.iter().map(|ring| clip.cut_crossing_ring(ring)).collect();
            rings.retain(|ring| ring.len() > 2);
            if rings.is_empty() { Vec::new() } else { vec![rings] }
        })
    }

    fn push_area(&mut self, kind: FeatureKind, tier: Tier, rings: &[Vec<Coord>]) {
        let first = self.map.rings.len();
        for (i, ring) in rings.iter().enumerate() {
            if !self.push_ring(ring) && i == 0 {
                return;
            }
        }
        let rings = range(first, self.map.rings.len());
        if !rings.is_empty() {
            self.map.areas.push(MapArea { kind, tier, rings, corners: 0..0 });
        }
    }

    /// The ranges of the line's parts, and whether each is closed.
    fn add_line(&mut self, points: &[Coord], ranges: &mut Vec<(Range<u32>, bool)>) {
        ranges.clear();
        let side = self.options.clip.side(points);
        self.map.is_whole &= side == Side::Inside;
        match side {
            Side::Outside => {}
            Side::Inside => ranges.extend(self.push_line(points)),
            Side::Across => match self.options.clip.cut(points, false, 0) {
                Cut::Inside => ranges.extend(self.push_line(points)),
                Cut::Outside => {}
                Cut::Pieces(pieces) => {
                    ranges.extend(pieces.iter().filter_map(|piece| self.push_line(&piece.points)));
                }
            },
        }
    }

    fn push_line(&mut self, line: &[Coord]) -> Option<(Range<u32>, bool)> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let line = match is_seen(line, self.options.min_length) {
            true => scratch.simplify(line, self.options.tolerance),
            false => &[],
        };
        let start = self.map.points.len();
        self.push_points(line, start);
        self.scratch = scratch;
        let mut end = self.map.points.len();
        let is_closed = end - start > 3 && self.map.points.get(start) == self.map.points.last();
        if is_closed {
            self.map.points.pop();
            end -= 1;
        }
        if end - start < 2 {
            self.map.points.truncate(start);
            return None;
        }
        Some((range(start, end), is_closed))
    }

    /// Appends points as `f32`, without neighbours that became equal.
    #[expect(clippy::cast_possible_truncation, reason = "8 mm at 100 km is finer than any print")]
    fn push_points(&mut self, points: &[Coord], start: usize) {
        for at in points {
            let point = MapPoint { x: at.x as f32, y: at.y as f32 };
            let is_first = self.map.points.len() == start;
            if (is_first || self.map.points.last() != Some(&point))
                && at.x.is_finite()
                && at.y.is_finite()
            {
                self.map.points.push(point);
            }
        }
    }
}

/// The features' vertices on the map, m. Those that came last are kept, as all lines and most
/// rings are made of them; the others are projected again where they are wanted.
#[derive(Default)]
struct Placed {
    /// How many came before them.
    start: usize,
    points: Vec<Coord>,
    again: Vec<Coord>,
}

impl Placed {
    /// How many there have been.
    fn end(&self) -> usize {
        self.start + self.points.len()
    }

    /// Takes those that have come since the last time; together, as most rings are shorter than
    /// what is projected at a time.
    fn advance(&mut self, coords: &[LonLat], projection: &Projection) {
        self.start = self.end();
        self.points.clear();
        projection.project_all(coords.get(self.start..).unwrap_or(&[]), &mut self.points);
    }

    fn part(&mut self, coords: &[LonLat], range: &Range<u32>, projection: &Projection) -> &[Coord] {
        let start = index(self.start);
        if range.start >= start {
            return part(&self.points, &(range.start - start..range.end.saturating_sub(start)));
        }
        self.again.clear();
        projection.project_all(part(coords, range), &mut self.again);
        &self.again
    }
}

fn sorted(mut map: MapGeometry) -> MapGeometry {
    map.areas = in_order_of(&map.areas, |area| (area.tier, area.kind));
    map.lines = in_order_of(&map.lines, |line| (line.structure, line.layer, line.kind));
    map
}

/// Sorted by a key of which there are few, those of one key in the order they came in.
fn in_order_of<T: Clone, K: Ord + Copy>(all: &[T], key: impl Fn(&T) -> K) -> Vec<T> {
    let mut buckets: BTreeMap<K, Vec<Range<usize>>> = BTreeMap::new();
    let mut start = 0;
    for run in all.chunk_by(|a, b| key(a) == key(b)) {
        if let Some(first) = run.first() {
            buckets.entry(key(first)).or_default().push(start..start + run.len());
        }
        start += run.len();
    }
    let mut sorted = Vec::with_capacity(all.len());
    for run in buckets.values().flatten() {
        sorted.extend_from_slice(all.get(run.clone()).unwrap_or(&[]));
    }
    sorted
}

/// Whether a line's box is as wide or as high as the least.
fn is_seen(line: &[Coord], least: f64) -> bool {
    let extent = |of: fn(&Coord) -> f64| {
        let low = line.iter().map(of).fold(f64::INFINITY, f64::min);
        line.iter().map(of).fold(f64::NEG_INFINITY, f64::max) - low
    };
    least <= 0.0 || extent(|at| at.x) >= least || extent(|at| at.y) >= least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Area, Line, Structure};
    use crate::kind::FeatureKind;
    use crate::lonlat::LonLat;
    use crate::osm::{ElementKind, OsmId};

    fn features(lon_lats: &[(f64, f64)]) -> Features {
        let coords = lon_lats.iter().map(|(x, y)| LonLat::from_degrees(*x, *y).unwrap()).collect();
        Features { coords, ..Features::default() }
    }

    fn check(features: &Features, lon: f64) -> MapGeometry {
        let clip = Frame::centred(1000.0, 1000.0);
        project(
            features,
            &Projection::new(lon, 0.0, 1500.0),
            &ProjectOptions {
                clip,
                tolerance: 0.0,
                building_tolerance: 0.0,
                min_area: 0.0,
                min_length: 0.0,
                fills: false,
            },
        )
    }

    const ID: OsmId = OsmId { kind: ElementKind::Way, id: 1 };

    #[test]
    fn a_line_across_the_antimeridian_stays_in_one_piece() {
        let mut features = features(&[(179.995, 0.0), (-179.995, 0.0)]);
        let structure = Structure::Ground;
        features.lines.push(Line {
            kind: FeatureKind::Primary,
            id: ID,
            structure,
            layer: 0,
            coords: 0..2,
        });
        let map = check(&features, 180.0);
        assert_eq!(map.lines.len(), 1);
        assert!(map.points[0].x < -500.0 && map.points[1].x > 500.0);
    }

    #[test]
    fn a_lake_around_the_frame_fills_it_and_its_far_holes_are_gone() {
        let mut features = features(&[
            (-1.0, -1.0),
            (1.0, -1.0),
            (1.0, 1.0),
            (-1.0, 1.0), // the lake
            (0.5, 0.5),
            (0.5, 0.6),
            (0.6, 0.6), // an island far away
        ]);
        features.rings = vec![0..4, 4..7];
        features.areas.push(Area { kind: FeatureKind::Water, id: ID, rings: 0..2 });
        let map = check(&features, 0.0);
        assert_eq!((map.areas.len(), map.rings.len()), (1, 1));
        assert!(map.points.iter().all(|p| p.x.abs() == 1000.0 && p.y.abs() == 1000.0));
    }
}

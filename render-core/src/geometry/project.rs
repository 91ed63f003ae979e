//! [`Features`] → [`MapGeometry`]: projected, simplified to what paper can show, cut, sorted.

use std::ops::Range;

use geo::Coord;

use super::order::{Tier, tiers};
use super::simplify::{Joints, Scratch};
use super::{MapArea, MapGeometry, MapLine, Projection};
use crate::features::{Area, Features};
use crate::flat::{part, range};
use crate::kind::FeatureKind;
use crate::planar::{Cut, Frame, Side, any_crossing, twice_area};
use crate::units::MapPoint;

/// What to cut to and how fine to stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProjectOptions {
    /// What is kept: the map with its bleed and half the widest stroke, m.
    pub clip: Frame,
    /// Furthest a line may stray from the data, m; 0 keeps every vertex.
    pub tolerance: f64,
    /// Smallest area that is kept, and smallest hole, m².
    pub min_area: f64,
}

/// Projects, simplifies, cuts and sorts a place's features.
#[must_use]
pub fn project(
    features: &Features,
    projection: &Projection,
    options: &ProjectOptions,
) -> MapGeometry {
    let map = MapGeometry { is_whole: true, ..MapGeometry::default() };
    // All at once, as most rings are shorter than what is projected at a time.
    let mut points = Vec::with_capacity(features.coords.len());
    projection.project_all(&features.coords, &mut points);
    let mut projector =
        Projector { features, points: &points, options, map, scratch: Scratch::default() };
    projector.add_areas();
    let mut parts = Vec::new();
    for line in &features.lines {
        projector.add_line(part(&points, &line.coords), &mut parts);
        for (points, is_closed) in parts.drain(..) {
            projector.map.lines.push(MapLine {
                kind: line.kind,
                structure: line.structure,
                layer: line.layer,
                is_closed,
                points,
            });
        }
    }
    let mut map = projector.map;
    map.areas.sort_by_key(|area| (area.tier, area.kind));
    map.lines.sort_by_key(|line| (line.structure, line.layer, line.kind));
    map
}

struct Projector<'a> {
    features: &'a Features,
    /// The features' vertices, m.
    points: &'a [Coord],
    options: &'a ProjectOptions,
    map: MapGeometry,
    scratch: Scratch,
}

impl Projector<'_> {
    /// Adds a building that lies wholly inside, hole by hole; `false` if it does not, and nothing
    /// is added then. Most of a city is this.
    fn add_building(&mut self, area: &Area) -> bool {
        let (n_points, n_rings) = (self.map.points.len(), self.map.rings.len());
        for (i, ring) in part(&self.features.rings, &area.rings).iter().enumerate() {
            let points = part(self.points, ring);
            if self.options.clip.side(points) != Side::Inside {
                self.map.points.truncate(n_points);
                self.map.rings.truncate(n_rings);
                return false;
            }
            let is_seen = twice_area(points).abs() / 2.0 >= self.options.min_area;
            if !(is_seen && self.push_ring(points)) && i == 0 {
                break;
            }
        }
        let rings = range(n_rings, self.map.rings.len());
        if !rings.is_empty() {
            self.map.areas.push(MapArea { kind: area.kind, tier: Tier::default(), rings });
        }
        true
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

    fn add_areas(&mut self) {
        let features = self.features;
        // A building has few vertices, and each of them shows.
        let simplified = features.areas.iter().filter(|area| area.kind != FeatureKind::Building);
        let joints = match self.options.tolerance > 0.0 {
            true => Joints::new(
                &features.coords,
                simplified.flat_map(|area| part(&features.rings, &area.rings)),
            ),
            false => Joints::default(),
        };
        let mut polygons: Vec<(FeatureKind, Vec<Vec<Coord>>)> = Vec::new();
        for area in &features.areas {
            if area.kind == FeatureKind::Building && self.add_building(area) {
                continue;
            }
            for rings in self.cut_area(area, &joints) {
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
    fn cut_area(&mut self, area: &Area, joints: &Joints) -> Vec<Vec<Vec<Coord>>> {
        let (clip, coords) = (self.options.clip, &self.features.coords);
        let mut polygon: Vec<Vec<Coord>> = Vec::new();
        let mut is_across = false;
        for (i, ring) in part(&self.features.rings, &area.rings).iter().enumerate() {
            let points = part(self.points, ring);
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
                FeatureKind::Building => points.to_vec(),
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
            self.map.areas.push(MapArea { kind, tier, rings });
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
        let line = scratch.simplify(line, self.options.tolerance);
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
            &ProjectOptions { clip, tolerance: 0.0, min_area: 0.0 },
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

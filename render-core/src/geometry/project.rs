//! [`Features`] → [`MapGeometry`]: projected, clipped, simplified to what paper can show, sorted.

use std::ops::Range;

use geo::{Coord, LineString, Simplify};

use super::clip::{ClipBox, Side};
use super::{MapArea, MapGeometry, MapLine, Projection};
use crate::features::Features;
use crate::lonlat::LonLat;
use crate::units::MapPoint;

/// What to cut to and how fine to stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProjectOptions {
    /// What is kept: the map with its bleed and half the widest stroke, m.
    pub clip: ClipBox,
    /// Furthest a line may stray from the data, m; 0 keeps every vertex.
    pub tolerance: f64,
}

/// Projects, clips, simplifies and sorts a place's features.
#[must_use]
pub fn project(
    features: &Features,
    projection: &Projection,
    options: &ProjectOptions,
) -> MapGeometry {
    let mut projector =
        Projector { projection, options, map: MapGeometry::default(), buffer: Vec::new() };
    for area in &features.areas {
        let rings = features.rings.get(area.rings.start as usize..area.rings.end as usize);
        let start = projector.map.rings.len();
        for (i, ring) in rings.unwrap_or(&[]).iter().enumerate() {
            let is_kept = projector.add_ring(coords(features, ring));
            // Holes of an outer ring that is gone would become islands.
            if i == 0 && !is_kept {
                break;
            }
        }
        let end = projector.map.rings.len();
        if end > start {
            projector.map.areas.push(MapArea { kind: area.kind, rings: range(start, end) });
        }
    }
    for line in &features.lines {
        for (points, is_closed) in projector.add_line(coords(features, &line.coords)) {
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
    map.areas.sort_by_key(|area| area.kind);
    map.lines.sort_by_key(|line| (line.structure, line.layer, line.kind));
    map
}

fn coords<'a>(features: &'a Features, range: &Range<u32>) -> &'a [LonLat] {
    features.coords.get(range.start as usize..range.end as usize).unwrap_or(&[])
}

#[expect(clippy::cast_possible_truncation, reason = "readers cap vertices far below u32::MAX")]
fn range(start: usize, end: usize) -> Range<u32> {
    start as u32..end as u32
}

struct Projector<'a> {
    projection: &'a Projection,
    options: &'a ProjectOptions,
    map: MapGeometry,
    buffer: Vec<Coord>,
}

impl Projector<'_> {
    fn load(&mut self, coords: &[LonLat]) -> Side {
        self.buffer.clear();
        self.buffer.extend(coords.iter().map(|at| {
            let (x, y) = self.projection.project(*at);
            Coord { x, y }
        }));
        self.options.clip.side(&self.buffer)
    }

    /// Whether anything of the ring is left.
    fn add_ring(&mut self, coords: &[LonLat]) -> bool {
        let side = self.load(coords);
        let mut ring = match side {
            Side::Outside => return false,
            Side::Inside => std::mem::take(&mut self.buffer),
            Side::Across => self.options.clip.clip_ring(&self.buffer),
        };
        if self.options.tolerance > 0.0 && ring.len() > 4 {
            // Closed for the simplifier, so that the edge from last to first counts.
            ring.extend(ring.first().copied());
            ring = LineString(ring).simplify(self.options.tolerance).0;
            ring.pop();
        }
        let start = self.map.points.len();
        self.push_points(&ring, start);
        if self.map.points.len() > start + 1 && self.map.points.last() == self.map.points.get(start)
        {
            self.map.points.pop();
        }
        let end = self.map.points.len();
        if end - start < 3 {
            self.map.points.truncate(start);
            return false;
        }
        self.map.rings.push(range(start, end));
        true
    }

    /// The ranges of the line's parts, and whether each is closed.
    fn add_line(&mut self, coords: &[LonLat]) -> Vec<(Range<u32>, bool)> {
        let side = self.load(coords);
        let parts = match side {
            Side::Outside => return Vec::new(),
            Side::Inside => vec![std::mem::take(&mut self.buffer)],
            Side::Across => self.options.clip.clip_line(&self.buffer),
        };
        let mut ranges = Vec::with_capacity(parts.len());
        for mut part in parts {
            if self.options.tolerance > 0.0 && part.len() > 2 {
                part = LineString(part).simplify(self.options.tolerance).0;
            }
            let start = self.map.points.len();
            self.push_points(&part, start);
            let mut end = self.map.points.len();
            let is_closed = end - start > 3 && self.map.points.get(start) == self.map.points.last();
            if is_closed {
                self.map.points.pop();
                end -= 1;
            }
            if end - start < 2 {
                self.map.points.truncate(start);
                continue;
            }
            ranges.push((range(start, end), is_closed));
        }
        ranges
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
    use crate::osm::{ElementKind, OsmId};

    fn features(lon_lats: &[(f64, f64)]) -> Features {
        let coords = lon_lats.iter().map(|(x, y)| LonLat::from_degrees(*x, *y).unwrap()).collect();
        Features { coords, ..Features::default() }
    }

    fn check(features: &Features, lon: f64) -> MapGeometry {
        let clip = ClipBox { half_width: 1000.0, half_height: 1000.0 };
        project(
            features,
            &Projection::new(lon, 0.0, 1500.0),
            &ProjectOptions { clip, tolerance: 0.0 },
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

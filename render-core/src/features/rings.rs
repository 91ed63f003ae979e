//! Ways and relations → features: rings joined and oriented, lines broken where vertices miss.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::classify::{Classified, classify};
use super::{Area, Features, Line, Structure};
use crate::error::Warning;
use crate::kind::FeatureKind;
use crate::lonlat::LonLat;
use crate::osm::{ElementKind, OsmData, OsmId, Relation, Role, Way};

/// Decides what every element is drawn as, and closes and orients the rings of areas.
///
/// Nothing fails: what cannot be drawn is left out and reported.
#[must_use]
pub fn assemble(data: &OsmData, warnings: &mut Vec<Warning>) -> Features {
    let mut assembly = Assembly { data, features: Features::default(), warnings };
    let mut outer_of = HashSet::new();
    for relation in &data.relations {
        assembly.add_relation(relation, &mut outer_of);
    }
    for way in &data.ways {
        assembly.add_way(way, &outer_of);
    }
    assembly.features
}

struct Assembly<'a> {
    data: &'a OsmData,
    features: Features,
    warnings: &'a mut Vec<Warning>,
}

impl Assembly<'_> {
    fn add_way(&mut self, way: &Way, outer_of: &HashSet<(i64, FeatureKind)>) {
        let what = classify(self.data.tags(&way.tags));
        let id = OsmId { kind: ElementKind::Way, id: way.id };
        let coords = self.data.coords(&way.coords);
        let is_closed = coords.len() > 3
            && coords.first() == coords.last()
            && !coords.iter().any(|at| at.is_missing());
        if let Some(kind) = what.area
            && is_closed
            && (what.line.is_none() || what.is_area || is_mostly_area(kind))
        {
            // Drawn by its relation already, holes and all.
            if !outer_of.contains(&(way.id, kind)) {
                self.add_polygons(kind, id, vec![without_repeats(coords)], Vec::new());
            }
            return;
        }
        if what.is_area && is_closed && what.rail.is_none() {
            return;
        }
        for kind in [what.line, what.rail].into_iter().flatten() {
            self.add_line(kind, id, &what, coords);
        }
    }

    fn add_line(&mut self, kind: FeatureKind, id: OsmId, what: &Classified, coords: &[LonLat]) {
        let is_water =
            matches!(kind, FeatureKind::River | FeatureKind::Canal | FeatureKind::Stream);
        // A culvert is not seen; a metro without a word about it runs below the streets.
        let structure = match what.structure {
            Some(Structure::Tunnel) if is_water => return,
            None if kind == FeatureKind::Subway && what.layer < 0 => Structure::Tunnel,
            structure => structure.unwrap_or(Structure::Ground),
        };
        for part in coords.split(|at| at.is_missing()) {
            let start = self.features.coords.len();
            self.features.coords.extend(part);
            self.features.coords.dedup_from(start);
            let end = self.features.coords.len();
            if end - start < 2 {
                self.features.coords.truncate(start);
                continue;
            }
            self.features.lines.push(Line {
                kind,
                id,
                structure,
                layer: what.layer,
                coords: range(start, end),
            });
        }
    }

    fn add_relation(&mut self, relation: &Relation, outer_of: &mut HashSet<(i64, FeatureKind)>) {
        let is_multipolygon =
            self.data.tags(&relation.tags).any(|tag| tag == ("type", "multipolygon"));
        let what = classify(self.data.tags(&relation.tags));
        let kind = match what.area {
            Some(kind) if is_multipolygon => kind,
            _ => return,
        };
        let id = OsmId { kind: ElementKind::Relation, id: relation.id };
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        for member in self.data.members(&relation.members) {
            let coords = self.data.coords(&member.coords);
            // The reader has reported it already.
            if coords.len() < 2 || coords.iter().any(|at| at.is_missing()) {
                continue;
            }
            if member.role == Role::Inner {
                inner.push(coords);
            } else {
                outer_of.insert((member.way_id, kind));
                outer.push(coords);
            }
        }
        let (outer, n_open) = join(&outer);
        let (inner, n_open_inner) = join(&inner);
        if n_open > 0 {
            self.warn("W-RING-OPEN", id, format!("{n_open} of its outer rings do not close"));
        }
        if n_open_inner > 0 {
            self.warn("W-RING-OPEN", id, format!("{n_open_inner} of its inner rings do not close"));
        }
        self.add_polygons(kind, id, outer, inner);
    }

    /// Adds one area for each outer ring, with the holes that lie in it.
    fn add_polygons(
        &mut self,
        kind: FeatureKind,
        id: OsmId,
        outer: Vec<Vec<LonLat>>,
        inner: Vec<Vec<LonLat>>,
    ) {
        let outer: Vec<Ring> = outer.into_iter().filter_map(Ring::new).collect();
        let mut holes: Vec<Vec<Ring>> = outer.iter().map(|_| Vec::new()).collect();
        for hole in inner.into_iter().filter_map(Ring::new) {
            // The smallest ring around it: an island in a lake on an island has its own.
            let around = outer
                .iter()
                .zip(&mut holes)
                .filter(|(ring, _)| ring.contains(&hole))
                .min_by_key(|(ring, _)| ring.area.abs());
            match around {
                Some((_, holes)) => holes.push(hole),
                None => self.warn("W-RING-INNER", id, "an inner ring lies in no outer one".into()),
            }
        }
        for (outer, holes) in outer.iter().zip(holes) {
            let start = self.features.rings.len();
            self.push_ring(outer, true);
            for hole in &holes {
                self.push_ring(hole, false);
            }
            let rings = range(start, self.features.rings.len());
            self.features.areas.push(Area { kind, id, rings });
        }
    }

    /// Adds a ring, turned counter-clockwise or clockwise.
    fn push_ring(&mut self, ring: &Ring, counter_clockwise: bool) {
        let start = self.features.coords.len();
        if (ring.area > 0) == counter_clockwise {
            self.features.coords.extend(&ring.coords);
        } else {
            self.features.coords.extend(ring.coords.iter().rev());
        }
        self.features.rings.push(range(start, self.features.coords.len()));
    }

    fn warn(&mut self, code: &'static str, id: OsmId, what: String) {
        self.warnings.push(Warning { code, element: Some(id), what });
    }
}

/// Kinds that a closed way with this tag is, even where the tag could be a line's as well.
fn is_mostly_area(kind: FeatureKind) -> bool {
    !matches!(kind, FeatureKind::AerowayArea | FeatureKind::Plaza)
}

#[expect(clippy::cast_possible_truncation, reason = "readers cap vertices far below u32::MAX")]
fn range(start: usize, end: usize) -> Range<u32> {
    start as u32..end as u32
}

/// Drops vertices equal to the one before them, from `start` on.
trait DedupFrom {
    fn dedup_from(&mut self, start: usize);
}

impl DedupFrom for Vec<LonLat> {
    fn dedup_from(&mut self, start: usize) {
        let mut kept = start;
        for i in start..self.len() {
            if kept == start || self[kept - 1] != self[i] {
                self[kept] = self[i];
                kept += 1;
            }
        }
        self.truncate(kept);
    }
}

/// A closed way's vertices without the repeated last one and without doubles.
fn without_repeats(coords: &[LonLat]) -> Vec<LonLat> {
    let mut ring = coords.to_vec();
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// A ring of at least three vertices that encloses something.
struct Ring {
    coords: Vec<LonLat>,
    /// Twice the signed area, positive counter-clockwise.
    area: i64,
}

impl Ring {
    fn new(coords: Vec<LonLat>) -> Option<Self> {
        let area = twice_signed_area(&coords);
        (coords.len() >= 3 && area != 0).then_some(Self { coords, area })
    }

    /// Whether `other` lies inside, judged by its first vertex that is not on this ring's own.
    fn contains(&self, other: &Self) -> bool {
        if other.area.abs() > self.area.abs() {
            return false;
        }
        let own: HashSet<LonLat> = self.coords.iter().copied().collect();
        let probe = other.coords.iter().find(|at| !own.contains(at)).or(other.coords.first());
        probe.is_some_and(|at| contains_point(&self.coords, *at))
    }
}

/// Difference of longitudes across the antimeridian, 1e-7 degree.
fn lon_from(at: LonLat, origin: LonLat) -> i64 {
    let d = i64::from(at.lon_e7) - i64::from(origin.lon_e7);
    if d > 1_800_000_000 {
        d - 3_600_000_000
    } else if d < -1_800_000_000 {
        d + 3_600_000_000
    } else {
        d
    }
}

/// Exact: 1e-7 degrees squared, summed around the ring, stay within 63 bits.
fn twice_signed_area(ring: &[LonLat]) -> i64 {
    let Some(&origin) = ring.first() else { return 0 };
    let local =
        |at: &LonLat| (lon_from(*at, origin), i64::from(at.lat_e7) - i64::from(origin.lat_e7));
    let mut sum = 0_i64;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let ((ax, ay), (bx, by)) = (local(a), local(b));
        sum = sum.saturating_add(ax.saturating_mul(by).saturating_sub(bx.saturating_mul(ay)));
    }
    sum
}

/// Even-odd rule, exact; a point on the edge counts as either.
fn contains_point(ring: &[LonLat], at: LonLat) -> bool {
    let mut inside = false;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (ay, by) = (i128::from(a.lat_e7), i128::from(b.lat_e7));
        let y = i128::from(at.lat_e7);
        if (ay > y) == (by > y) {
            continue;
        }
        let (ax, bx) = (i128::from(lon_from(*a, at)), i128::from(lon_from(*b, at)));
        // The edge crosses the ray to the east where ax + (y − ay)(bx − ax)/(by − ay) > 0.
        let side = ax * (by - ay) + (y - ay) * (bx - ax);
        if (side > 0) == (by > ay) {
            inside = !inside;
        }
    }
    inside
}

/// Joins ways end to end into rings; returns them, and how many chains stay open.
fn join(ways: &[&[LonLat]]) -> (Vec<Vec<LonLat>>, usize) {
    let mut by_end: HashMap<LonLat, Vec<usize>> = HashMap::new();
    for (i, way) in ways.iter().enumerate() {
        for end in [way.first(), way.last()].into_iter().flatten() {
            by_end.entry(*end).or_default().push(i);
        }
    }
    let mut used = vec![false; ways.len()];
    let (mut rings, mut n_open) = (Vec::new(), 0);
    for start in 0..ways.len() {
        if std::mem::replace(&mut used[start], true) {
            continue;
        }
        let mut chain = ways[start].to_vec();
        while chain.first() != chain.last() {
            let Some(end) = chain.last().copied() else { break };
            let next = by_end.get(&end).and_then(|at| at.iter().find(|i| !used[**i]).copied());
            let Some(next) = next else { break };
            used[next] = true;
            if ways[next].first() == Some(&end) {
                chain.extend(ways[next].iter().skip(1));
            } else {
                chain.extend(ways[next].iter().rev().skip(1));
            }
        }
        if chain.first() == chain.last() {
            rings.push(without_repeats(&chain));
        } else {
            n_open += 1;
        }
    }
    (rings, n_open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::{Member, Tag};

    /// Ways and one relation given by letters: each letter is a vertex of `GRID`.
    #[derive(Default)]
    struct Place(OsmData);

    /// `a`…`y`, five to a row, 0.001 degree apart, rows going north.
    fn vertex(letter: char) -> LonLat {
        if letter == '_' {
            return LonLat::MISSING;
        }
        let n = letter as i32 - 'a' as i32;
        LonLat { lon_e7: n % 5 * 10_000, lat_e7: n / 5 * 10_000 }
    }

    impl Place {
        fn coords(&mut self, letters: &str) -> Range<u32> {
            let start = self.0.coords.len();
            self.0.coords.extend(letters.chars().map(vertex));
            range(start, self.0.coords.len())
        }

        fn tags(&mut self, tags: &str) -> Range<u32> {
            let start = self.0.tags.len();
            for (key, value) in tags.split(' ').filter_map(|tag| tag.split_once('=')) {
                let (key, value) = (self.0.strings.intern(key), self.0.strings.intern(value));
                self.0.tags.push(Tag { key, value });
            }
            range(start, self.0.tags.len())
        }

        fn way(mut self, id: i64, tags: &str, letters: &str) -> Self {
            let (coords, tags) = (self.coords(letters), self.tags(tags));
            self.0.ways.push(Way { id, coords, tags });
            self
        }

        fn relation(mut self, tags: &str, members: &[(Role, &str)]) -> Self {
            let start = self.0.members.len();
            for (i, (role, letters)) in members.iter().enumerate() {
                let coords = self.coords(letters);
                self.0.members.push(Member { way_id: 100 + i as i64, role: *role, coords });
            }
            let tags = self.tags(&format!("type=multipolygon {tags}"));
            let members = range(start, self.0.members.len());
            self.0.relations.push(Relation { id: 7, members, tags });
            self
        }

        /// Areas as `kind:n_vertices/n_vertices…`, lines as `kind:n_vertices`, then warnings.
        fn check(self, expected: &str) {
            let mut warnings = Vec::new();
            let features = assemble(&self.0, &mut warnings);
            let mut words = Vec::new();
            for area in &features.areas {
                let rings = &features.rings[area.rings.start as usize..area.rings.end as usize];
                for (i, ring) in rings.iter().enumerate() {
                    let ring = &features.coords[ring.start as usize..ring.end as usize];
                    assert_eq!(twice_signed_area(ring) > 0, i == 0, "outer rings turn left");
                }
                let sizes: Vec<_> = rings.iter().map(|ring| ring.len().to_string()).collect();
                words.push(format!("{}:{}", area.kind.name(), sizes.join("/")));
            }
            for line in &features.lines {
                words.push(format!("{}:{}", line.kind.name(), line.coords.len()));
            }
            words.extend(warnings.iter().map(|warning| warning.code.to_owned()));
            assert_eq!(words.join(" "), expected);
        }
    }

    #[test]
    fn members_are_joined_whatever_their_order_and_direction() {
        let outer =
            [(Role::Outer, "yu"), (Role::Outer, "ea"), (Role::Other, "ua"), (Role::Outer, "ey")];
        Place::default().relation("natural=water", &outer).check("water:4");
    }

    #[test]
    fn a_hole_goes_with_the_smallest_ring_around_it() {
        let island_lake = [
            (Role::Outer, "aeyua"),
            (Role::Inner, "gisqg"),
            (Role::Inner, "bcb"), // encloses nothing
        ];
        Place::default().relation("natural=water", &island_lake).check("water:4/4");
    }

    #[test]
    fn two_outer_rings_are_two_areas() {
        let lakes = [(Role::Outer, "abgfa"), (Role::Outer, "styxs")];
        Place::default().relation("natural=wood", &lakes).check("wood:4 wood:4");
    }

    #[test]
    fn what_does_not_close_is_reported_and_the_rest_is_drawn() {
        let members = [(Role::Outer, "abgfa"), (Role::Outer, "sty"), (Role::Outer, "")];
        Place::default().relation("natural=wood", &members).check("wood:4 W-RING-OPEN");
    }

    #[test]
    fn an_outer_way_with_its_relations_tag_does_not_fill_the_hole() {
        Place::default()
            .relation("building=yes", &[(Role::Outer, "aeyua"), (Role::Inner, "gisqg")])
            .way(100, "building=yes", "aeyua")
            .way(101, "natural=water", "gisqg")
            .check("building:4/4 water:4");
    }

    #[test]
    fn a_line_is_broken_where_a_vertex_is_missing() {
        Place::default().way(1, "highway=primary", "ab_cd_e").check("primary:2 primary:2");
    }

    #[test]
    fn a_roundabout_is_a_line_and_a_closed_pier_an_area() {
        Place::default()
            .way(1, "highway=tertiary", "abgfa")
            .way(2, "man_made=pier", "abgfa")
            .check("pier-area:4 tertiary:5");
    }
}

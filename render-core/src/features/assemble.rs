//! Ways and relations → features: kinds decided, rings closed, lines broken where vertices miss.

use std::collections::{HashMap, HashSet};

use geo::Coord;

use super::classify::{Classified, classify};
use super::open;
use super::plane::Plane;
use super::polygons::polygons;
use super::rings::{Chain, Run, join, without_repeats};
use super::sea::{Coast, sea};
use super::surroundings::{Land, Surroundings};
use super::{Area, Features, Line, Structure};
use crate::error::Warning;
use crate::flat::range;
use crate::kind::FeatureKind;
use crate::lonlat::{Bbox, LonLat};
use crate::osm::builder::IdHash;
use crate::osm::{ElementKind, OsmData, OsmId, Relation, Role, Way};
use crate::planar::{Frame, any_crossing, twice_area_of};

/// Decides what every element is drawn as, closes the rings of areas, and makes the sea of the
/// coastline inside `area`.
///
/// Nothing fails: what cannot be drawn is left out and reported.
#[must_use]
pub fn assemble(data: &OsmData, area: Bbox, warnings: &mut Vec<Warning>) -> Features {
    let mut features = Assembler::new(area).finish(data, warnings);
    features.areas.retain(|area| !area.rings.is_empty());
    features
}

/// Assembles a place while its ways are still being read.
pub struct Assembler {
    plane: Plane,
    frame: Frame,
    /// Of each way that has come.
    ways: Vec<Classified>,
    /// What tags mean, by their range: most ways share theirs.
    known: HashMap<i64, Classified, IdHash>,
    /// Ways that need what is still to come: relations, the coast, their own vertices.
    waiting: Vec<usize>,
    features: Features,
}

impl Assembler {
    /// Nothing of an area yet.
    #[must_use]
    pub fn new(area: Bbox) -> Self {
        let (plane, frame) = Plane::new(area);
        let (ways, waiting) = (Vec::new(), Vec::new());
        Self {
            plane,
            frame,
            ways,
            known: HashMap::default(),
            waiting,
            features: Features::default(),
        }
    }

    /// Makes room for so many vertices.
    pub fn reserve(&mut self, n_vertices: usize) {
        self.features.coords.reserve(n_vertices);
    }

    /// Takes the lines and the buildings among the ways that have come since the last time.
    pub fn advance(&mut self, data: &OsmData) {
        for (i, way) in data.ways.iter().enumerate().skip(self.ways.len()) {
            let key = i64::from(way.tags.start) << 32 | i64::from(way.tags.end);
            let what = *self.known.entry(key).or_insert_with(|| classify(data.tags(&way.tags)));
            self.ways.push(what);
            let coords = data.coords(&way.coords);
            let is_here = !coords.is_empty() && !way.tags.is_empty();
            let is_done = match what.area {
                // A second copy of the way may bring the rest.
                _ if !is_here => false,
                None => {
                    self.features.add_lines(way.id, &what, coords);
                    true
                }
                Some(FeatureKind::Building) => {
                    self.features.add_building(way.id, coords, self.plane)
                }
                Some(_) => false,
            };
            if !is_done {
                self.waiting.push(i);
            }
        }
    }

    /// What there is so far.
    #[must_use]
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// Takes all the rest. A building that a relation draws after all keeps its place among the
    /// areas and has no rings.
    #[must_use]
    pub fn finish(mut self, data: &OsmData, warnings: &mut Vec<Warning>) -> Features {
        self.advance(data);
        let Self { plane, frame, mut ways, waiting, features, .. } = self;
        for i in &waiting {
            // Its tags may have come after itself.
            if let (Some(way), Some(what)) = (data.ways.get(*i), ways.get_mut(*i)) {
                *what = classify(data.tags(&way.tags));
            }
        }
        let land = Land::new(data, &ways, plane, frame);
        let source = data.area.map(|area| frame_of(plane, area));
        let mut assembly = Assembly {
            data,
            around: Surroundings { plane, frame, source, land: &land },
            has_coast: ways.iter().any(|way| way.is_coast),
            ways_by_id: HashMap::default(),
            drawn_by_relation: HashSet::default(),
            features,
            warnings,
        };
        for relation in &data.relations {
            assembly.add_relation(relation, &ways);
        }
        assembly.take_back();
        for i in waiting {
            if let (Some(way), Some(what)) = (data.ways.get(i), ways.get(i)) {
                assembly.add_way(way, what);
            }
        }
        assembly.add_sea(&ways);
        assembly.features
    }
}

/// An area in another area's plane.
fn frame_of(plane: Plane, area: Bbox) -> Frame {
    let corner = |lon: f64, lat: f64| {
        LonLat::from_degrees(lon, lat).unwrap_or(LonLat { lon_e7: 0, lat_e7: 0 })
    };
    Frame {
        min: plane.to(corner(area.west, area.south)),
        max: plane.to(corner(area.east, area.north)),
    }
}

struct Assembly<'a> {
    data: &'a OsmData,
    around: Surroundings<'a>,
    has_coast: bool,
    /// Those that are an area of some kind; made when a relation first needs it.
    ways_by_id: HashMap<i64, usize, IdHash>,
    /// Ways whose area of this kind a relation draws, holes and all.
    drawn_by_relation: HashSet<(i64, FeatureKind), IdHash>,
    features: Features,
    warnings: &'a mut Vec<Warning>,
}

impl Assembly<'_> {
    fn add_way(&mut self, way: &Way, what: &Classified) {
        let id = OsmId { kind: ElementKind::Way, id: way.id };
        let coords = self.data.coords(&way.coords);
        let is_closed = coords.len() > 3 && coords.first() == coords.last();
        if let Some(kind) = self.area_kind(what)
            && is_closed
            && (what.line.is_none() || what.is_area || is_mostly_area(kind))
        {
            if !self.drawn_by_relation.contains(&(way.id, kind)) {
                self.add_closed_way(kind, id, coords);
            }
            return;
        }
        self.features.add_lines(way.id, what, coords);
    }

    /// Takes back the buildings of ways that a relation draws, holes and all.
    fn take_back(&mut self) {
        let drawn = &self.drawn_by_relation;
        if !drawn.iter().any(|(_, kind)| *kind == FeatureKind::Building) {
            return;
        }
        for area in &mut self.features.areas {
            if area.id.kind == ElementKind::Way && drawn.contains(&(area.id.id, area.kind)) {
                area.rings = area.rings.start..area.rings.start;
            }
        }
    }

    /// Bays and straits are parts of the sea, and their areas often ignore the islands in them:
    /// they are drawn only where there is no coastline to make the sea of.
    fn area_kind(&self, what: &Classified) -> Option<FeatureKind> {
        what.area.filter(|_| !(what.is_bay && self.has_coast))
    }

    fn add_closed_way(&mut self, kind: FeatureKind, id: OsmId, coords: &[LonLat]) {
        let chain = |coords: Vec<LonLat>| Chain { coords, role: Role::Other };
        if coords.iter().any(|at| at.is_missing()) {
            // Some vertices are not in the data: what is left are chains.
            let (chains, n_left) =
                open::close(runs_of_ring(coords).map(chain).collect(), kind, &self.around);
            if n_left > 0 {
                self.warn("W-RING-OPEN", id, "too much of its ring is not in the data".into());
            }
            self.add_rings(kind, id, chains);
            return;
        }
        let ring = without_repeats(coords);
        // Nobody sees a crossing in a building, and there are many.
        let points = || ring.iter().map(|at| self.around.plane.to(*at)).collect::<Vec<_>>();
        if kind != FeatureKind::Building && ring.len() > 3 && any_crossing([&*points()].into_iter())
        {
            self.add_rings(kind, id, vec![chain(ring)]);
        } else {
            self.add_polygon(kind, id, &[ring]);
        }
    }

    fn add_relation(&mut self, relation: &Relation, ways: &[Classified]) {
        let mut has_area_type = false;
        for (key, value) in self.data.tags(&relation.tags) {
            // A nature reserve or park may be mapped as a boundary; its tags decide.
            has_area_type |= key == "type" && matches!(value, "multipolygon" | "boundary");
        }
        if !has_area_type {
            return;
        }
        let what = classify(self.data.tags(&relation.tags));
        let kind = match self.area_kind(&what) {
            Some(kind) => kind,
            None if what.is_bay => return,
            None => match self.kind_of_outer_ways(relation, ways) {
                Some(kind) => kind,
                None => return,
            },
        };
        let id = OsmId { kind: ElementKind::Relation, id: relation.id };
        let mut seen = HashSet::<i64, IdHash>::default();
        let mut runs: Vec<Run<'_>> = Vec::new();
        for member in self.data.members(&relation.members) {
            // A way that is a member twice would cancel itself.
            if !seen.insert(member.way_id) {
                continue;
            }
            self.drawn_by_relation.insert((member.way_id, kind));
            let coords = self.data.coords(&member.coords);
            let parts = coords.split(|at| at.is_missing()).filter(|part| part.len() > 1);
            runs.extend(parts.map(|coords| Run { coords, role: member.role }));
        }
        let joined = join(&runs);
        let mut rings = joined.rings;
        if !joined.open.is_empty() {
            let n_open = joined.open.len();
            let (closed, n_left) = open::close(joined.open, kind, &self.around);
            let n_closed = closed.len();
            rings.extend(closed);
            let what = match n_left {
                0 => format!(
                    "{n_open} parts of its rings do not close; drawn as {n_closed} rings closed by us"
                ),
                _ => format!(
                    "{n_open} parts of its rings do not close, {n_left} of them are not drawn"
                ),
            };
            self.warn("W-RING-OPEN", id, what);
        }
        self.add_rings(kind, id, rings);
    }

    /// Old-style multipolygons have their tags on the outer ways
    /// (<https://wiki.openstreetmap.org/wiki/Relation:multipolygon#Tagging>).
    fn kind_of_outer_ways(
        &mut self,
        relation: &Relation,
        ways: &[Classified],
    ) -> Option<FeatureKind> {
        if self.data.tags(&relation.tags).any(|(key, _)| key == "boundary") {
            return None;
        }
        if self.ways_by_id.is_empty() {
            let is_area = |(i, _): &(usize, &Way)| ways.get(*i).is_some_and(|w| w.area.is_some());
            let areas = self.data.ways.iter().enumerate().filter(is_area);
            self.ways_by_id = areas.map(|(i, way)| (way.id, i)).collect();
        }
        let members = self.data.members(&relation.members);
        let mut kinds = members
            .iter()
            .filter(|member| member.role != Role::Inner)
            .map(|member| self.ways_by_id.get(&member.way_id).and_then(|i| ways.get(*i)?.area));
        let first = kinds.next()??;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    }

    fn add_rings(&mut self, kind: FeatureKind, id: OsmId, rings: Vec<Chain>) {
        let found = polygons(rings, self.around.plane);
        if found.crossed {
            self.warn("W-RING-CROSS", id, "its rings cross; drawn by the even-odd rule".into());
        }
        if found.n_astray > 0 {
            let what = format!("{} of its inner rings lie in no outer one", found.n_astray);
            self.warn("W-RING-INNER", id, what);
        }
        if found.n_wrong_roles > 0 {
            let what = format!(
                "{} of its rings have the wrong role; drawn by their place",
                found.n_wrong_roles
            );
            self.warn("W-RING-ROLE", id, what);
        }
        for rings in &found.polygons {
            self.add_polygon(kind, id, rings);
        }
    }

    /// Adds a polygon; its first ring is the outer one and is turned counter-clockwise.
    fn add_polygon(&mut self, kind: FeatureKind, id: OsmId, rings: &[Vec<LonLat>]) {
        let start = self.features.rings.len();
        for (i, ring) in rings.iter().enumerate() {
            let points: Vec<Coord> = ring.iter().map(|at| self.around.plane.to(*at)).collect();
            let area = crate::planar::twice_area(&points);
            if ring.len() < 3 || area == 0.0 {
                if i == 0 {
                    return;
                }
                continue;
            }
            let start = self.features.coords.len();
            if (area > 0.0) == (i == 0) {
                self.features.coords.extend(ring);
            } else {
                self.features.coords.extend(ring.iter().rev());
            }
            self.features.rings.push(range(start, self.features.coords.len()));
        }
        let rings = range(start, self.features.rings.len());
        if !rings.is_empty() {
            self.features.areas.push(Area { kind, id, rings });
        }
    }

    fn add_sea(&mut self, ways: &[Classified]) {
        let mut coasts = Vec::new();
        for (way, _) in self.data.ways.iter().zip(ways).filter(|(_, what)| what.is_coast) {
            let parts = self.data.coords(&way.coords).split(|at| at.is_missing());
            let parts = parts.filter(|part| part.len() > 1);
            coasts.extend(parts.map(|coords| Coast { way_id: way.id, coords }));
        }
        if coasts.is_empty() {
            return;
        }
        for (id, rings) in sea(&coasts, &self.around, self.warnings) {
            self.add_polygon(FeatureKind::Sea, id, &rings);
        }
    }

    fn warn(&mut self, code: &'static str, id: OsmId, what: String) {
        self.warnings.push(Warning { code, element: Some(id), what });
    }
}

impl Features {
    /// Adds what a way is drawn as beside an area.
    fn add_lines(&mut self, way_id: i64, what: &Classified, coords: &[LonLat]) {
        let is_closed = coords.len() > 3 && coords.first() == coords.last();
        if what.is_area && is_closed && what.rail.is_none() {
            return;
        }
        let id = OsmId { kind: ElementKind::Way, id: way_id };
        for kind in [what.line, what.rail].into_iter().flatten() {
            self.add_line(kind, id, what, coords);
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
            let start = self.coords.len();
            self.coords.extend(part);
            self.coords.dedup_from(start);
            let end = self.coords.len();
            if end - start < 2 {
                self.coords.truncate(start);
                continue;
            }
            self.lines.push(Line {
                kind,
                id,
                structure,
                layer: what.layer,
                coords: range(start, end),
            });
        }
    }

    /// Adds a way as a building; `false`, and nothing added, if it is not simply that.
    fn add_building(&mut self, way_id: i64, coords: &[LonLat], plane: Plane) -> bool {
        let is_closed = coords.len() > 3 && coords.first() == coords.last();
        if !is_closed || coords.iter().any(|at| at.is_missing()) {
            return false;
        }
        let start = self.coords.len();
        self.coords.extend(coords);
        self.coords.dedup_from(start);
        self.coords.pop();
        let ring = self.coords.get_mut(start..).unwrap_or(&mut []);
        let area = twice_area_of(ring.iter().map(|at| plane.to(*at)));
        if ring.len() < 3 || area == 0.0 {
            self.coords.truncate(start);
            return true;
        }
        if area < 0.0 {
            ring.reverse();
        }
        let n_rings = self.rings.len();
        self.rings.push(range(start, self.coords.len()));
        let id = OsmId { kind: ElementKind::Way, id: way_id };
        let rings = range(n_rings, n_rings + 1);
        self.areas.push(Area { kind: FeatureKind::Building, id, rings });
        true
    }
}

/// The runs of vertices of a closed way with gaps; the first and last are one where they meet.
fn runs_of_ring(coords: &[LonLat]) -> impl Iterator<Item = Vec<LonLat>> {
    let ring = match coords {
        [first, rest @ ..] if rest.last() == Some(first) && !first.is_missing() => rest,
        ring => ring,
    };
    // From a gap on, so that no run is split between end and beginning.
    let gap = ring.iter().position(|at| at.is_missing()).unwrap_or(0);
    let (before, after) = ring.split_at(gap);
    let turned: Vec<LonLat> = after.iter().chain(before).copied().collect();
    let runs: Vec<Vec<LonLat>> = turned
        .split(|at| at.is_missing())
        .filter(|run| run.len() > 1)
        .map(<[LonLat]>::to_vec)
        .collect();
    runs.into_iter()
}

/// Kinds that a closed way with this tag is, even where the tag could be a line's as well.
fn is_mostly_area(kind: FeatureKind) -> bool {
    !matches!(kind, FeatureKind::AerowayArea | FeatureKind::Plaza)
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

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::flat::part;
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

    const AREA: Bbox = Bbox { south: -0.001, west: -0.001, north: 0.005, east: 0.005 };

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
            let features = assemble(&self.0, AREA, &mut warnings);
            let mut words = Vec::new();
            for area in &features.areas {
                let rings = part(&features.rings, &area.rings);
                for (i, ring) in rings.iter().enumerate() {
                    let ring = part(&features.coords, ring);
                    let points: Vec<Coord> = ring
                        .iter()
                        .map(|at| Coord { x: f64::from(at.lon_e7), y: f64::from(at.lat_e7) })
                        .collect();
                    assert_eq!(
                        crate::planar::twice_area(&points) > 0.0,
                        i == 0,
                        "outer rings turn left"
                    );
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

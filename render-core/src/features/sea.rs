//! Coastlines → the sea in an area.
//!
//! OSM draws the coast with land on its left and water on its right, and draws no sea at all
//! (<https://wiki.openstreetmap.org/wiki/Tag:natural%3Dcoastline>). No way is ever reversed, and
//! where ways contradict each other, or one ends in the middle, the regions beside it are left as
//! land and reported: a missing bay is a smaller error than a drowned city.

use std::collections::HashMap;

use geo::Coord;

use super::rings::without_repeats;
use super::surroundings::{Surroundings, source_edge};
use crate::error::Warning;
use crate::lonlat::LonLat;
use crate::osm::builder::IdHash;
use crate::osm::{ElementKind, OsmId};
use crate::planar::{Cut, Frame, Locator, Piece, nest, parents, rings, twice_area};

/// A run of a coastline way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coast<'a> {
    pub(super) way_id: i64,
    pub(super) coords: &'a [LonLat],
}

/// A polygon of sea and the way it was made of.
pub(super) type SeaPolygon = (OsmId, Vec<Vec<LonLat>>);

/// Fewest places on land in a "sea" that make it doubtful.
const FLOOD_PLACES: usize = 20;
/// …and the share of the land's own density of places that makes it no sea. Water villages and
/// causeways stay far below, a city whose coast runs the wrong way reaches 1.
const FLOOD_SHARE: f64 = 0.4;
/// How far a coast that ends near the edge may be led on to it, as a share of the frame's size:
/// where data end, roads end as well, and a coast cut short there is better than none.
const LONGEST_LEAD: f64 = 0.25;
/// Parts in which a side of the area is followed: a parallel is no straight line on the map.
const STEPS: f64 = 16.0;

/// The sea in the frame.
pub(super) fn sea(
    coasts: &[Coast<'_>],
    around: &Surroundings<'_>,
    warnings: &mut Vec<Warning>,
) -> Vec<SeaPolygon> {
    let chains = join(coasts);
    let first_way = chains.first().map_or(0, |chain| chain.way_id);
    let mut survey = Survey::default();
    for (i, chain) in chains.iter().enumerate() {
        survey.add(i, chain, around);
    }
    survey.lead(&chains, around, warnings);
    let polygons = survey.polygons(&chains, around, warnings);
    let polygons = polygons.into_iter().map(|(line, rings)| {
        let way_id = line.and_then(|i| chains.get(i)).map_or(first_way, |chain| chain.way_id);
        (OsmId { kind: ElementKind::Way, id: way_id }, rings)
    });
    let dry = Dry::new(around, polygons.clone().map(|(_, rings)| rings));
    let mut sea = Vec::new();
    for (id, rings) in polygons {
        if let Some(n_places) = dry.floods(&rings, around) {
            let what = format!("no sea is drawn beside it: {n_places} places on land would drown");
            warnings.push(Warning { code: "W-SEA-FLOOD", element: Some(id), what });
            continue;
        }
        let rings = rings.iter().map(|ring| {
            let places = followed(ring, around.frame).into_iter().map(|at| around.plane.place(at));
            without_repeats(&places.collect::<Vec<_>>())
        });
        sea.push((id, rings.filter(|ring| ring.len() > 2).collect()));
    }
    sea
}

/// Coastline ways joined end to beginning, water on the left.
struct Chain {
    coords: Vec<LonLat>,
    is_closed: bool,
    way_id: i64,
}

fn join(coasts: &[Coast<'_>]) -> Vec<Chain> {
    let mut by_start: HashMap<LonLat, Vec<usize>, IdHash> = HashMap::default();
    let mut has_before: HashMap<LonLat, usize, IdHash> = HashMap::default();
    let mut used = vec![false; coasts.len()];
    for (i, coast) in coasts.iter().enumerate() {
        let (Some(first), Some(last)) = (coast.coords.first(), coast.coords.last()) else {
            continue;
        };
        let starts = by_start.entry(*first).or_default();
        // A coast that is in the data twice would contradict itself.
        if starts.iter().any(|j| coasts.get(*j).is_some_and(|other| other.coords == coast.coords)) {
            used.get_mut(i).into_iter().for_each(|used| *used = true);
            continue;
        }
        starts.push(i);
        *has_before.entry(*last).or_default() += 1;
    }
    let mut chains = Vec::new();
    // First those that nothing leads to, from their beginnings; what is left are rings.
    let is_first =
        |coast: &Coast<'_>| coast.coords.first().is_none_or(|at| !has_before.contains_key(at));
    let starts = (0..coasts.len()).filter(|i| coasts.get(*i).is_some_and(is_first));
    for start in starts.chain(0..coasts.len()) {
        let mut coords: Vec<LonLat> = Vec::new();
        let mut next = Some(start);
        while let Some(i) = next
            && let (Some(coast), Some(is_used)) = (coasts.get(i), used.get_mut(i))
            && !std::mem::replace(is_used, true)
        {
            let skip = usize::from(!coords.is_empty());
            coords.extend(coast.coords.iter().skip(skip));
            next = coords.last().filter(|end| coords.first() != Some(end)).and_then(|end| {
                by_start.get(end)?.iter().copied().find(|i| used.get(*i) == Some(&false))
            });
        }
        coords.dedup();
        if coords.len() < 2 {
            continue;
        }
        let is_closed = coords.len() > 3 && coords.first() == coords.last();
        if is_closed {
            coords.pop();
        }
        coords.reverse();
        chains.push(Chain { coords, is_closed, way_id: coasts.get(start).map_or(0, |c| c.way_id) });
    }
    chains
}

/// What the coast does in the frame.
#[derive(Default)]
struct Survey {
    pieces: Vec<Piece>,
    /// Rings wholly inside, counter-clockwise around water.
    rings: Vec<(usize, Vec<Coord>)>,
    /// The smallest ring around the whole frame: twice its area and whether water is in it.
    enclosing: Option<(f64, bool)>,
}

impl Survey {
    fn add(&mut self, i: usize, chain: &Chain, around: &Surroundings<'_>) {
        let points: Vec<Coord> = chain.coords.iter().map(|at| around.plane.to(*at)).collect();
        match around.frame.cut(&points, chain.is_closed, i) {
            Cut::Inside if chain.is_closed => self.rings.push((i, points)),
            Cut::Inside => {
                self.pieces.push(Piece { points, enters: None, leaves: None, line: i });
            }
            Cut::Pieces(pieces) => self.pieces.extend(pieces),
            Cut::Outside => {
                if chain.is_closed && rings::contains(&points, around.frame.centre()) {
                    let area = twice_area(&points);
                    if self.enclosing.is_none_or(|(smallest, _)| area.abs() < smallest) {
                        self.enclosing = Some((area.abs(), area > 0.0));
                    }
                }
            }
        }
    }

    /// Leads pieces that end where the data end to the frame's edge, and reports those that end.
    fn lead(&mut self, chains: &[Chain], around: &Surroundings<'_>, warnings: &mut Vec<Warning>) {
        let loose: Vec<Loose> = self.pieces.iter().enumerate().flat_map(Loose::of).collect();
        for end in &loose {
            let others = loose.iter().filter(|other| other.is_begin != end.is_begin);
            let gap = others.map(|other| distance(end.at, other.at)).fold(f64::MAX, f64::min);
            let way = around.way_to_edge(end, gap);
            let Some(piece) = self.pieces.get_mut(end.piece) else { continue };
            let place = around.plane.place(end.at);
            let outcome = match way {
                Way::Cut(position) | Way::Short(position) => {
                    let at = around.frame.at(position);
                    if end.is_begin {
                        piece.enters = Some(position);
                        piece.points.insert(0, at);
                    } else {
                        piece.leaves = Some(position);
                        piece.points.push(at);
                    }
                    "it is led straight to the map's edge"
                }
                Way::None => "the sea beside it is not drawn",
            };
            if matches!(way, Way::Cut(_)) {
                continue;
            }
            let what =
                format!("the coastline ends at {:.5}, {:.5}; {outcome}", place.lat(), place.lon());
            let id = chains.get(piece.line).map_or(0, |chain| chain.way_id);
            let element = Some(OsmId { kind: ElementKind::Way, id });
            warnings.push(Warning { code: "W-SEA-GAP", element, what });
        }
    }

    /// Polygons of water, each with the line it was made of.
    fn polygons(
        self,
        chains: &[Chain],
        around: &Surroundings<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Vec<(Option<usize>, Vec<Vec<Coord>>)> {
        let closed = around.frame.close(&self.pieces);
        let is_gap = |line: usize| {
            let ends = |piece: &&Piece| piece.enters.is_none() || piece.leaves.is_none();
            self.pieces.iter().filter(ends).any(|piece| piece.line == line)
        };
        // A gap has been reported already.
        let clashes = closed.broken.iter().filter(|path| !path.iter().any(|line| is_gap(*line)));
        for path in clashes.clone() {
            let chain = path.first().and_then(|line| chains.get(*line));
            warnings.push(clash(chain, "its neighbour on the map's edge"));
        }
        let is_whole = closed.broken.is_empty();
        let has_pieces = !self.pieces.is_empty();
        let mut water: Vec<Vec<Coord>> = closed.rings;
        if !has_pieces && self.enclosing.is_some_and(|(_, is_water)| is_water) {
            water.push(around.frame.ring());
        }
        let (rings, odd) = alternating(self.rings, &water);
        for line in odd {
            warnings.push(clash(chains.get(line), "the coast around it"));
        }
        if !has_pieces && self.enclosing.is_none() {
            let is_open = |ring: &&Sorted| ring.is_open;
            let n_islands = rings.iter().filter(|ring| ring.area < 0.0).filter(is_open).count();
            let n_lakes = rings.iter().filter(|ring| ring.area > 0.0).filter(is_open).count();
            // Islands lie in water, lakes on land; both side by side say nothing.
            let is_sea = match n_islands + n_lakes {
                0 => is_off_shore(chains, around),
                _ => n_lakes == 0,
            };
            if is_sea {
                water.push(around.frame.ring());
            }
        }
        let (lakes, islands): (Vec<_>, Vec<_>) = rings
            .into_iter()
            .map(|ring| (ring.line, ring.points))
            .partition(|(_, ring)| twice_area(ring) > 0.0);
        let lines: Vec<(Vec<Coord>, usize)> =
            lakes.iter().map(|(i, lake)| (lake.clone(), *i)).collect();
        let mut all = water;
        all.extend(lakes.into_iter().map(|(_, ring)| ring));
        let n_islands = islands.len();
        let island_lines: Vec<usize> = islands.iter().map(|(i, _)| *i).collect();
        all.extend(islands.into_iter().map(|(_, ring)| ring));
        let nested = nest(all);
        if n_islands > 0 && is_whole && !nested.astray.is_empty() {
            let line = island_lines.first().and_then(|i| chains.get(*i));
            warnings.push(clash(line, "the land around it"));
        }
        let line_of = |rings: &[Vec<Coord>]| {
            let outer = rings.first()?;
            let lake = lines.iter().find(|(lake, _)| lake == outer).map(|(_, i)| *i);
            lake.or_else(|| self.pieces.first().map(|piece| piece.line))
        };
        nested.polygons.into_iter().map(|rings| (line_of(&rings), rings)).collect()
    }
}

/// A ring of coast wholly inside the frame.
struct Sorted {
    line: usize,
    points: Vec<Coord>,
    /// Twice the area, positive around water.
    area: f64,
    /// Whether no other ring is around it.
    is_open: bool,
}

/// Rings of which each lies in one of the other kind or in none, and the lines of those that do
/// not: an island in an island, or water in water. Drawn, they would turn land into sea.
///
/// `water`: rings of sea that are sure.
fn alternating(rings: Vec<(usize, Vec<Coord>)>, water: &[Vec<Coord>]) -> (Vec<Sorted>, Vec<usize>) {
    let all: Vec<&[Coord]> =
        water.iter().chain(rings.iter().map(|(_, ring)| ring)).map(Vec::as_slice).collect();
    let areas: Vec<f64> = all.iter().map(|ring| twice_area(ring)).collect();
    let verdicts: Vec<(f64, Option<f64>)> = areas
        .iter()
        .zip(parents(&all))
        .map(|(area, parent)| (*area, parent.and_then(|i| areas.get(i).copied())))
        .skip(water.len())
        .collect();
    let (mut sorted, mut odd) = (Vec::new(), Vec::new());
    for ((line, points), (area, outer)) in rings.into_iter().zip(verdicts) {
        match outer {
            // It encloses nothing.
            _ if area == 0.0 => {}
            Some(outer) if (area > 0.0) == (outer > 0.0) => odd.push(line),
            _ => sorted.push(Sorted { line, points, area, is_open: outer.is_none() }),
        }
    }
    (sorted, odd)
}

/// An end of a coast inside the frame.
struct Loose {
    piece: usize,
    is_begin: bool,
    at: Coord,
    /// Where the coast was heading when it ended.
    heading: Coord,
}

impl Loose {
    fn of((i, piece): (usize, &Piece)) -> impl Iterator<Item = Self> + use<> {
        let end = |is_begin: bool, at: Option<&Coord>, before: Option<&Coord>| {
            let (at, before) = (*at?, *before?);
            let heading = Coord { x: at.x - before.x, y: at.y - before.y };
            Some(Self { piece: i, is_begin, at, heading })
        };
        // The general direction, not that of the last few metres.
        let n = piece.points.len();
        let (near_begin, near_end) = (n.min(12) - 1, n.saturating_sub(12));
        let begin = piece
            .enters
            .is_none()
            .then(|| end(true, piece.points.first(), piece.points.get(near_begin)));
        let last = piece
            .leaves
            .is_none()
            .then(|| end(false, piece.points.last(), piece.points.get(near_end)));
        begin.flatten().into_iter().chain(last.flatten())
    }
}

/// How a loose end may go on.
enum Way {
    /// To this place on the edge: the source cut it there, as it says itself.
    Cut(f64),
    /// To this place on the edge, which is near and ahead: the data seem to end here.
    Short(f64),
    /// It is a gap.
    None,
}

impl Surroundings<'_> {
    /// `gap`: how far it is to an end that it might be the other side of.
    fn way_to_edge(&self, end: &Loose, gap: f64) -> Way {
        let position = self.frame.nearest(end.at);
        let room = self.frame.depth(end.at);
        let is_near = self.source.is_some_and(|source| room < 2.0 * source_edge(&source));
        if is_near && self.is_cut(end.at) {
            return Way::Cut(position);
        }
        let to = self.frame.at(position);
        let ahead = (to.x - end.at.x) * end.heading.x + (to.y - end.at.y) * end.heading.y;
        if room < gap && room < LONGEST_LEAD * self.frame.shorter_side() && ahead > 0.0 {
            return Way::Short(position);
        }
        Way::None
    }
}

fn distance(a: Coord, b: Coord) -> f64 {
    libm::hypot(a.x - b.x, a.y - b.y)
}

fn clash(chain: Option<&Chain>, with: &str) -> Warning {
    let element = chain.map(|chain| OsmId { kind: ElementKind::Way, id: chain.way_id });
    let what = format!(
        "the coastline's direction, land on its left, contradicts {with}; the sea there is not \
         drawn"
    );
    Warning { code: "W-SEA-CLASH", element, what }
}

/// Whether a frame without any coast lies in the sea: by the side of the nearest coast, which
/// nothing can separate it from.
fn is_off_shore(chains: &[Chain], around: &Surroundings<'_>) -> bool {
    let centre = around.frame.centre();
    // Degrees of longitude are shorter.
    let squeeze = libm::cos((centre.y / 1e7).to_radians());
    let flat = |at: &LonLat| {
        let at = around.plane.to(*at);
        Coord { x: (at.x - centre.x) * squeeze, y: at.y - centre.y }
    };
    let mut nearest: Option<(f64, bool)> = None;
    for chain in chains {
        let points: Vec<Coord> = chain.coords.iter().map(flat).collect();
        if let Some((distance, is_left)) = side_of_origin(&points, chain.is_closed)
            && nearest.is_none_or(|(least, _)| distance < least)
        {
            nearest = Some((distance, is_left));
        }
    }
    nearest.is_some_and(|(_, is_left)| is_left)
}

/// Distance squared from the origin to a line, and whether the origin is left of it there. `None`
/// if an open line's end is nearest: then it has no side.
fn side_of_origin(points: &[Coord], is_closed: bool) -> Option<(f64, bool)> {
    let n = points.len();
    let n_segments = if is_closed { n } else { n.saturating_sub(1) };
    let vertex = |i: usize| points.get(i % n.max(1)).copied().unwrap_or_default();
    let cross = |a: Coord, b: Coord| a.x * b.y - a.y * b.x;
    let minus = |a: Coord, b: Coord| Coord { x: a.x - b.x, y: a.y - b.y };
    let mut nearest: Option<(f64, usize, f64)> = None;
    for i in 0..n_segments {
        let (a, b) = (vertex(i), vertex(i + 1));
        let step = minus(b, a);
        let length = step.x * step.x + step.y * step.y;
        let t = if length > 0.0 {
            (-(a.x * step.x + a.y * step.y) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let at = Coord { x: a.x + t * step.x, y: a.y + t * step.y };
        let distance = at.x * at.x + at.y * at.y;
        if nearest.is_none_or(|(least, ..)| distance < least) {
            nearest = Some((distance, i, t));
        }
    }
    let (distance, i, t) = nearest?;
    let (a, b) = (vertex(i), vertex(i + 1));
    let is_left_of = |a: Coord, b: Coord| cross(minus(b, a), minus(Coord::default(), a)) > 0.0;
    if t > 0.0 && t < 1.0 {
        return Some((distance, is_left_of(a, b)));
    }
    let corner = if t <= 0.0 { i } else { i + 1 };
    if !is_closed && (corner == 0 || corner == n_segments) {
        return None;
    }
    let (before, at, after) = (vertex(corner + n - 1), vertex(corner), vertex(corner + 1));
    let turns_left = cross(minus(at, before), minus(after, at)) > 0.0;
    let (one, two) = (is_left_of(before, at), is_left_of(at, after));
    Some((distance, if turns_left { one && two } else { one || two }))
}

/// How many places on land there are where there is no sea.
struct Dry {
    density: f64,
}

impl Dry {
    fn new(around: &Surroundings<'_>, polygons: impl Iterator<Item = Vec<Vec<Coord>>>) -> Self {
        let (mut wet_area, mut n_wet) = (0.0, 0);
        for rings in polygons {
            wet_area += rings.iter().map(|ring| twice_area(ring)).sum::<f64>() / 2.0;
            n_wet += n_inside(&rings, around.land.places());
        }
        let area = around.frame.area() - wet_area;
        let n = around.land.places().len().saturating_sub(n_wet);
        // With hardly any land left its density says nothing.
        let density = if area > 0.02 * around.frame.area() { n as f64 / area } else { 0.0 };
        Self { density }
    }

    /// The number of places on land in these rings, if they are too many for a sea.
    fn floods(&self, rings: &[Vec<Coord>], around: &Surroundings<'_>) -> Option<usize> {
        let area = rings.iter().map(|ring| twice_area(ring)).sum::<f64>() / 2.0;
        let n = n_inside(rings, around.land.places());
        (n >= FLOOD_PLACES && n as f64 / area > FLOOD_SHARE * self.density).then_some(n)
    }
}

fn n_inside(rings: &[Vec<Coord>], places: &[Coord]) -> usize {
    let locator = Locator::new(rings.iter().map(Vec::as_slice));
    places.iter().filter(|at| locator.contains(**at)).count()
}

/// A ring with more vertices where it runs along the frame's sides.
fn followed(ring: &[Coord], frame: Frame) -> Vec<Coord> {
    let mut followed = Vec::with_capacity(ring.len());
    let (step_x, step_y) =
        ((frame.max.x - frame.min.x) / STEPS, (frame.max.y - frame.min.y) / STEPS);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        followed.push(*a);
        let is_along = (a.y == b.y && (a.y == frame.min.y || a.y == frame.max.y))
            || (a.x == b.x && (a.x == frame.min.x || a.x == frame.max.x));
        let n = ((b.x - a.x).abs() / step_x).max((b.y - a.y).abs() / step_y).ceil();
        if !is_along || n < 2.0 {
            continue;
        }
        for i in 1..n as u32 {
            let t = f64::from(i) / n;
            followed.push(Coord { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) });
        }
    }
    followed
}

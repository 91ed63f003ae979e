//! Fewer vertices for rings and lines, where neighbours that share an edge keep sharing it.

use std::ops::Range;

use geo::Coord;

use crate::flat::{part, range};
use crate::lonlat::LonLat;

/// Vertices that must stay, as rings part there.
///
/// Between two of them all rings run through the same vertices, so that simplifying the stretch
/// for each ring by the same rule keeps the same vertices.
#[derive(Debug, Default)]
pub struct Joints {
    /// By the index of a vertex.
    is_joint: Vec<bool>,
}

impl Joints {
    /// Finds them among the vertices of rings, which are ranges of `coords`.
    pub fn new<'a>(coords: &[LonLat], rings: impl Iterator<Item = &'a Range<u32>> + Clone) -> Self {
        let n = rings.clone().map(ExactSizeIterator::len).sum();
        let mut places = Places::new(n);
        let mut numbers: Vec<u32> = Vec::with_capacity(n);
        for ring in rings.clone() {
            let ring = part(coords, ring);
            let befores = ring.last().into_iter().chain(ring);
            let afters = ring.iter().cycle().skip(1);
            for ((at, before), after) in ring.iter().zip(befores).zip(afters) {
                numbers.push(places.note(*at, (*before.min(after), *before.max(after))));
            }
        }
        let mut is_joint = vec![false; coords.len()];
        for (i, number) in rings.cloned().flatten().zip(numbers) {
            if let Some(is_joint) = is_joint.get_mut(i as usize) {
                *is_joint = places.is_joint(number);
            }
        }
        Self { is_joint }
    }

    /// The vertices of a ring that stay, in order. `points` are those of `ring` on the map, which
    /// is a range of `coords`.
    ///
    /// `tolerance`: furthest an edge may stray from the vertices left out, in the unit of `points`.
    #[must_use]
    pub fn simplify(
        &self,
        coords: &[LonLat],
        ring: &Range<u32>,
        points: &[Coord],
        tolerance: f64,
        scratch: &mut Scratch,
    ) -> Vec<Coord> {
        let (ring, is_joint) = (part(coords, ring), part(&self.is_joint, ring));
        let n = ring.len().min(points.len());
        if n < 5 || tolerance <= 0.0 {
            return points.to_vec();
        }
        let Scratch { is_kept, spans, kept } = scratch;
        let joints = is_joint.iter().enumerate().filter(|(_, is_joint)| **is_joint);
        let mut stops: Vec<usize> = joints.map(|(i, _)| i).collect();
        if stops.len() < 2 {
            // From a place that does not depend on where the ring begins, to the one farthest off.
            let lowest = (0..n).min_by_key(|i| ring.get(*i).copied());
            let start = stops.first().copied().or(lowest).unwrap_or(0);
            stops = vec![start, farthest(ring, points, start)];
            stops.sort_unstable();
            stops.dedup();
        }
        // The ring as a line, from its first stop around to it again.
        let start = stops.first().copied().unwrap_or(0);
        let (before, after) = points.split_at(start);
        kept.clear();
        kept.extend(after.iter().chain(before).chain(after.first()));
        let place = |i: usize| ring.get(if i + start < n { i + start } else { i + start - n });
        let stops = stops.iter().map(|stop| stop - start).chain([n]);
        thin(kept, stops, tolerance, place, is_kept, spans);
        let (after, before) = is_kept.split_at(n - start);
        let is_kept = before.iter().take(start).chain(after);
        points.iter().zip(is_kept).filter(|(_, kept)| **kept).map(|(at, _)| *at).collect()
    }
}

/// Places by number, and the two neighbours that all rings through a place have there.
///
/// A table of the standard library's would hold each place with its neighbours where its hash is:
/// eight times the memory to jump about in. Here they lie as the rings run.
struct Places {
    /// Numbers of places where their hash is or after it; [`FREE`] elsewhere.
    slots: Vec<u32>,
    /// How far a hash is shifted down to be a slot.
    shift: u32,
    known: Vec<Place>,
    /// The place that was noted last.
    last: u32,
}

struct Place {
    at: LonLat,
    neighbours: (LonLat, LonLat),
    is_joint: bool,
}

const FREE: u32 = u32::MAX;

impl Places {
    /// Room for so many.
    fn new(n: usize) -> Self {
        let n_slots = (n + n / 3).next_power_of_two().max(2);
        let shift = u64::BITS - n_slots.trailing_zeros();
        Self { slots: vec![FREE; n_slots], shift, known: Vec::with_capacity(n), last: 0 }
    }

    /// Notes a vertex between its neighbours and returns its place's number.
    fn note(&mut self, at: LonLat, neighbours: (LonLat, LonLat)) -> u32 {
        self.last = self.number(at, neighbours);
        if let Some(place) = self.known.get_mut(self.last as usize) {
            place.is_joint |= place.neighbours != neighbours;
        }
        self.last
    }

    /// The number of a place, which is noted if it is new.
    fn number(&mut self, at: LonLat, neighbours: (LonLat, LonLat)) -> u32 {
        // Along a border that was walked before, in one direction or the other, no search is needed.
        for next in [self.last.wrapping_add(1), self.last.wrapping_sub(1)] {
            if self.known.get(next as usize).is_some_and(|place| place.at == at) {
                return next;
            }
        }
        // Bit patterns; the sign does not matter. Fibonacci hashing spreads what lies side by side.
        let key = u64::from(at.lon_e7.cast_unsigned()) << 32 | u64::from(at.lat_e7.cast_unsigned());
        let mut slot = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize;
        loop {
            let number = self.slots[slot];
            let Some(place) = self.known.get(number as usize) else { break };
            if place.at == at {
                return number;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let number = range(self.known.len(), 0).start;
        self.slots[slot] = number;
        self.known.push(Place { at, neighbours, is_joint: false });
        number
    }

    fn is_joint(&self, number: u32) -> bool {
        self.known.get(number as usize).is_some_and(|place| place.is_joint)
    }
}

fn farthest(ring: &[LonLat], points: &[Coord], from: usize) -> usize {
    let origin = points.get(from).copied().unwrap_or_default();
    let distance = |at: &Coord| length_squared(at.x - origin.x, at.y - origin.y);
    let far = points.iter().enumerate().max_by(|(i, a), (j, b)| {
        distance(a).total_cmp(&distance(b)).then(ring.get(*i).cmp(&ring.get(*j)))
    });
    far.map_or(from, |(i, _)| i)
}

/// Room that many lines and rings are simplified in.
#[derive(Debug, Default)]
pub struct Scratch {
    is_kept: Vec<bool>,
    spans: Vec<(usize, usize)>,
    kept: Vec<Coord>,
}

impl Scratch {
    /// The vertices of a line that stay, the first and last among them. `tolerance`: as in
    /// [`Joints::simplify`].
    pub fn simplify<'a>(&'a mut self, line: &'a [Coord], tolerance: f64) -> &'a [Coord] {
        let n = line.len();
        if n < 3 || tolerance <= 0.0 {
            return line;
        }
        let Self { is_kept, spans, kept } = self;
        thin(line, [0, n - 1].into_iter(), tolerance, |i| i, is_kept, spans);
        kept.clear();
        kept.extend(line.iter().zip(is_kept).filter(|(_, kept)| **kept).map(|(at, _)| *at));
        kept
    }

    /// The vertices of a ring that stay. Rings that share an edge may part there by the tolerance.
    pub fn simplify_ring(&mut self, ring: &[Coord], tolerance: f64) -> Vec<Coord> {
        let (n, first) = (ring.len(), ring.first());
        let far = |at: &Coord| {
            let (dx, dy) = first.map_or((0.0, 0.0), |first| (at.x - first.x, at.y - first.y));
            dx * dx + dy * dy
        };
        let farthest = (0..n).max_by(|a, b| {
            let far = |i: &usize| ring.get(*i).map_or(0.0, far);
            far(a).total_cmp(&far(b))
        });
        let Some(farthest) = farthest.filter(|_| n > 4 && tolerance > 0.0) else {
            return ring.to_vec();
        };
        let line: Vec<Coord> = ring.iter().chain(first).copied().collect();
        let stops = [0, farthest, n];
        thin(&line, stops.into_iter(), tolerance, |i| i, &mut self.is_kept, &mut self.spans);
        ring.iter().zip(&self.is_kept).filter(|(_, kept)| **kept).map(|(at, _)| *at).collect()
    }
}

/// Marks the vertices of a line that stay, `stops` among them.
///
/// Ramer–Douglas–Peucker without recursion: a coast of 100 000 vertices must not overflow a worker's
/// small stack. `order` of vertices gives each stretch one direction, and one choice among equals,
/// whichever way the line runs.
fn thin<K: Ord>(
    line: &[Coord],
    stops: impl Iterator<Item = usize> + Clone,
    tolerance: f64,
    order: impl Fn(usize) -> K,
    is_kept: &mut Vec<bool>,
    spans: &mut Vec<(usize, usize)>,
) {
    is_kept.clear();
    is_kept.resize(line.len(), false);
    let mut keep = |i: usize| is_kept.get_mut(i).into_iter().for_each(|kept| *kept = true);
    stops.clone().for_each(&mut keep);
    spans.clear();
    let is_long = |(from, to): &(usize, usize)| to - from > 1;
    spans.extend(stops.clone().zip(stops.skip(1)).filter(is_long));
    while let Some((from, to)) = spans.pop() {
        let (Some(&a), Some(&b)) = (line.get(from), line.get(to)) else { continue };
        let (a, b) = if order(from) <= order(to) { (a, b) } else { (b, a) };
        let mut worst: (f64, Option<usize>) = (tolerance * tolerance, None);
        for (i, at) in line.iter().enumerate().take(to).skip(from + 1) {
            let off = distance_squared(*at, a, b);
            let is_worse = off > worst.0
                || (off == worst.0 && worst.1.is_some_and(|other| order(i) < order(other)));
            if is_worse {
                worst = (off, Some(i));
            }
        }
        if let Some(i) = worst.1 {
            keep(i);
            spans.extend([(from, i), (i, to)].into_iter().filter(is_long));
        }
    }
}

/// To the segment, not to the line through it: a spike beyond its end counts.
fn distance_squared(at: Coord, a: Coord, b: Coord) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 {
        (((at.x - a.x) * dx + (at.y - a.y) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    length_squared(at.x - a.x - t * dx, at.y - a.y - t * dy)
}

fn length_squared(x: f64, y: f64) -> f64 {
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use geo::coord;
    use proptest::prelude::*;

    use super::*;

    fn place(at: &Coord) -> LonLat {
        LonLat { lon_e7: at.x as i32, lat_e7: at.y as i32 }
    }

    fn simplified(rings: &[Vec<Coord>], tolerance: f64) -> Vec<Vec<Coord>> {
        let coords: Vec<LonLat> = rings.iter().flatten().map(place).collect();
        let mut end = 0;
        let ranges: Vec<Range<u32>> = rings
            .iter()
            .map(|ring| {
                let start = end;
                end += ring.len();
                range(start, end)
            })
            .collect();
        let joints = Joints::new(&coords, ranges.iter());
        let mut scratch = Scratch::default();
        let mut simplify = |(ring, range): (&Vec<Coord>, &Range<u32>)| {
            joints.simplify(&coords, range, ring, tolerance, &mut scratch)
        };
        rings.iter().zip(&ranges).map(&mut simplify).collect()
    }

    #[test]
    fn a_line_keeps_its_ends_and_its_bends() {
        let line: Vec<Coord> = [(0, 0), (1, 0), (2, 1), (3, 0), (10, 0), (10, 9)]
            .map(|(x, y)| coord! { x: f64::from(x), y: f64::from(y) })
            .to_vec();
        assert_eq!(Scratch::default().simplify(&line, 2.0), [line[0], line[4], line[5]]);
        assert_eq!(
            Scratch::default().simplify(&line, 0.4),
            [line[0], line[1], line[2], line[3], line[4], line[5]]
        );
    }

    proptest! {
        /// Two parishes on either side of a wild border, given from any vertex and in either
        /// direction, keep one border.
        #[test]
        fn neighbours_keep_their_border(
            wild in prop::collection::vec(-30_i32..30, 3..40),
            (turn, reverse) in (0_usize..50, any::<bool>()),
        ) {
            let border: Vec<Coord> = wild.iter().enumerate()
                .map(|(i, x)| coord! { x: f64::from(*x), y: 10.0 * (i as f64 + 1.0) }).collect();
            let top = 10.0 * (border.len() as f64 + 1.0);
            let mut west: Vec<Coord> = border.clone();
            west.extend([(0.0, top), (-200.0, top), (-200.0, 0.0), (0.0, 0.0)].map(|(x, y)| coord! { x: x, y: y }));
            let mut east: Vec<Coord> = border.clone();
            east.extend([(0.0, top), (200.0, top), (200.0, 0.0), (0.0, 0.0)].map(|(x, y)| coord! { x: x, y: y }));
            let n = east.len();
            east.rotate_left(turn % n);
            if reverse {
                east.reverse();
            }
            let kept = simplified(&[west, east], 12.0);
            let of_border = |ring: &[Coord]| -> HashSet<(i64, i64)> {
                ring.iter().filter(|at| at.x.abs() < 100.0).map(|at| (at.x as i64, at.y as i64)).collect()
            };
            prop_assert_eq!(of_border(&kept[0]), of_border(&kept[1]));
        }
    }
}

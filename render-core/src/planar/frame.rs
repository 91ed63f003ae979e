//! A box → the parts of lines inside it, and the regions that directed lines bound in it.

use geo::{Coord, coord};

/// A box with sides along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Least x and y.
    pub min: Coord,
    /// Greatest x and y.
    pub max: Coord,
}

/// Where a set of points lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Wholly within the frame.
    Inside,
    /// Wholly beyond one side, so nothing of it can be seen.
    Outside,
    /// Neither is sure.
    Across,
}

/// A part of a line inside a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Its vertices; the first and last are on the frame's edge where it enters and leaves.
    pub points: Vec<Coord>,
    /// Where on the edge it comes in, as [`Frame::at`] takes it; `None` if the line begins inside.
    pub enters: Option<f64>,
    /// Where on the edge it goes out; `None` if the line ends inside.
    pub leaves: Option<f64>,
    /// The line it is a part of, in the caller's counting.
    pub line: usize,
}

/// What is left of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// All of it.
    Inside,
    /// Nothing.
    Outside,
    /// Some parts.
    Pieces(Vec<Piece>),
}

/// Regions found by [`Frame::close`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Closed {
    /// Rings with the region on their left.
    pub rings: Vec<Vec<Coord>>,
    /// Lines whose pieces belong to no ring, by the ring that they would have made: one of them
    /// ends inside, or a neighbour on the edge contradicts it.
    pub broken: Vec<Vec<usize>>,
}

/// Sides in the order of as [`Frame::at`] takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    South,
    East,
    North,
    West,
}

const EDGES: [Edge; 4] = [Edge::South, Edge::East, Edge::North, Edge::West];

#[derive(Debug, Clone, Copy)]
struct Hit {
    at: Coord,
    position: f64,
}

impl Frame {
    /// A frame around the origin.
    #[must_use]
    pub fn centred(half_width: f64, half_height: f64) -> Self {
        Self {
            min: coord! { x: -half_width, y: -half_height },
            max: coord! { x: half_width, y: half_height },
        }
    }

    /// The smallest frame around points.
    #[must_use]
    pub fn around<'a>(points: impl IntoIterator<Item = &'a Coord>) -> Self {
        let (mut min, mut max) =
            (coord! { x: f64::MAX, y: f64::MAX }, coord! { x: f64::MIN, y: f64::MIN });
        for at in points {
            min = coord! { x: min.x.min(at.x), y: min.y.min(at.y) };
            max = coord! { x: max.x.max(at.x), y: max.y.max(at.y) };
        }
        Self { min, max }
    }

    /// Its middle.
    #[must_use]
    pub fn centre(&self) -> Coord {
        coord! { x: f64::midpoint(self.min.x, self.max.x), y: f64::midpoint(self.min.y, self.max.y) }
    }

    /// Its area.
    #[must_use]
    pub fn area(&self) -> f64 {
        (self.max.x - self.min.x) * (self.max.y - self.min.y)
    }

    /// Its width or height, whichever is less.
    #[must_use]
    pub fn shorter_side(&self) -> f64 {
        (self.max.x - self.min.x).min(self.max.y - self.min.y)
    }

    /// Its corners counter-clockwise from the least x and y.
    #[must_use]
    pub fn ring(&self) -> Vec<Coord> {
        (0..4).map(|corner| self.at(f64::from(corner))).collect()
    }

    /// Whether a point lies inside and not on the edge.
    #[must_use]
    pub fn contains(&self, at: Coord) -> bool {
        EDGES.into_iter().all(|edge| self.room(edge, at) > 0.0)
    }

    /// Where points lie, by their bounding box.
    #[must_use]
    pub fn side(&self, points: &[Coord]) -> Side {
        let Self { min, max } = Self::around(points);
        if min.x > self.max.x || max.x < self.min.x || min.y > self.max.y || max.y < self.min.y {
            Side::Outside
        } else if min.x >= self.min.x
            && max.x <= self.max.x
            && min.y >= self.min.y
            && max.y <= self.max.y
        {
            Side::Inside
        } else {
            Side::Across
        }
    }

    /// A place on the edge as a number: the side, counter-clockwise from the south (least y), and
    /// the share of it passed; 0 and 4 are the corner of the least x and y.
    #[must_use]
    pub fn at(&self, position: f64) -> Coord {
        let position = position.rem_euclid(4.0);
        let along = |from: f64, to: f64, share: f64| from + share * (to - from);
        let (min, max) = (self.min, self.max);
        match position {
            p if p < 1.0 => coord! { x: along(min.x, max.x, p), y: min.y },
            p if p < 2.0 => coord! { x: max.x, y: along(min.y, max.y, p - 1.0) },
            p if p < 3.0 => coord! { x: along(max.x, min.x, p - 2.0), y: max.y },
            p => coord! { x: min.x, y: along(max.y, min.y, p - 3.0) },
        }
    }

    /// The place on the edge nearest to a point.
    #[must_use]
    pub fn nearest(&self, from: Coord) -> f64 {
        let at = coord! {
            x: from.x.clamp(self.min.x, self.max.x),
            y: from.y.clamp(self.min.y, self.max.y)
        };
        let nearest = EDGES.into_iter().min_by(|a, b| {
            let distance = |edge: &Edge| self.room(*edge, at);
            distance(a).total_cmp(&distance(b))
        });
        nearest.map_or(0.0, |edge| self.position(edge, at))
    }

    /// How far a point lies from the nearest side, negative outside.
    #[must_use]
    pub fn depth(&self, at: Coord) -> f64 {
        EDGES.into_iter().map(|edge| self.room(edge, at)).fold(f64::MAX, f64::min)
    }

    /// The corners met on the way along the edge, counter-clockwise.
    #[must_use]
    pub fn corners_between(&self, from: f64, to: f64) -> Vec<Coord> {
        let end = if to < from { to + 4.0 } else { to };
        (1..8)
            .map(f64::from)
            .filter(|corner| from < *corner && *corner < end)
            .map(|c| self.at(c))
            .collect()
    }

    /// The corners met on the shorter way along the edge.
    #[must_use]
    pub fn corners_of_shorter_way(&self, from: f64, to: f64) -> Vec<Coord> {
        if self.way(from, to) <= self.way(to, from) {
            return self.corners_between(from, to);
        }
        let mut corners = self.corners_between(to, from);
        corners.reverse();
        corners
    }

    /// Length along the edge, counter-clockwise.
    #[must_use]
    pub fn way(&self, from: f64, to: f64) -> f64 {
        let mut stops = vec![self.at(from)];
        stops.extend(self.corners_between(from, to));
        stops.push(self.at(to));
        let step = |pair: &[Coord]| match pair {
            [a, b] => (b.x - a.x).abs() + (b.y - a.y).abs(),
            _ => 0.0,
        };
        stops.windows(2).map(step).sum()
    }

    /// How far inside of a side a point lies.
    fn room(&self, edge: Edge, at: Coord) -> f64 {
        match edge {
            Edge::South => at.y - self.min.y,
            Edge::East => self.max.x - at.x,
            Edge::North => self.max.y - at.y,
            Edge::West => at.x - self.min.x,
        }
    }

    fn position(&self, edge: Edge, at: Coord) -> f64 {
        let (width, height) = (self.max.x - self.min.x, self.max.y - self.min.y);
        match edge {
            Edge::South => (at.x - self.min.x) / width,
            Edge::East => 1.0 + (at.y - self.min.y) / height,
            Edge::North => 2.0 + (self.max.x - at.x) / width,
            Edge::West => 3.0 + (self.max.y - at.y) / height,
        }
    }

    /// Where a segment crosses a side; the same bits whichever way the segment runs, so that
    /// neighbours which share it stay without a gap.
    fn hit(&self, edge: Edge, a: Coord, b: Coord) -> Hit {
        let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
        let (min, max) = (self.min, self.max);
        let x_at = |y: f64| level((a.y, a.x), (b.y, b.x), y).clamp(min.x, max.x);
        let y_at = |x: f64| level((a.x, a.y), (b.x, b.y), x).clamp(min.y, max.y);
        let at = match edge {
            Edge::South => coord! { x: x_at(min.y), y: min.y },
            Edge::East => coord! { x: max.x, y: y_at(max.x) },
            Edge::North => coord! { x: x_at(max.y), y: max.y },
            Edge::West => coord! { x: min.x, y: y_at(min.x) },
        };
        Hit { at, position: self.position(edge, at) }
    }

    /// Where a segment enters and leaves the inside (Liang–Barsky); `None` if it misses it. A
    /// segment along the edge is outside.
    fn cut_segment(&self, a: Coord, b: Coord) -> Option<(Option<Hit>, Option<Hit>)> {
        let mut enter: Option<(f64, Edge)> = None;
        let mut leave: Option<(f64, Edge)> = None;
        for edge in EDGES {
            let (room_a, room_b) = (self.room(edge, a), self.room(edge, b));
            match (room_a > 0.0, room_b > 0.0) {
                (true, true) => {}
                (false, false) => return None,
                (false, true) => {
                    let t = room_a / (room_a - room_b);
                    if enter.is_none_or(|(last, _)| t > last) {
                        enter = Some((t, edge));
                    }
                }
                (true, false) => {
                    let t = room_a / (room_a - room_b);
                    if leave.is_none_or(|(first, _)| t < first) {
                        leave = Some((t, edge));
                    }
                }
            }
        }
        if let (Some((enter, _)), Some((leave, _))) = (enter, leave)
            && enter >= leave
        {
            return None;
        }
        let hit = |(_, edge)| self.hit(edge, a, b);
        Some((enter.map(hit), leave.map(hit)))
    }

    /// The parts of a line inside. A closed one does not repeat its first vertex.
    #[must_use]
    pub fn cut(&self, points: &[Coord], is_closed: bool, line: usize) -> Cut {
        let Some(first_outside) = points.iter().position(|at| !self.contains(*at)) else {
            return Cut::Inside;
        };
        // A ring is walked from outside, so that no piece is split between its end and beginning.
        let start = if is_closed { first_outside } else { 0 };
        let n = points.len();
        let n_segments = if is_closed { n } else { n.saturating_sub(1) };
        let vertex = |i: usize| points.get((start + i) % n.max(1)).copied().unwrap_or_default();
        let begin = |at: Coord, enters| Piece { points: vec![at], enters, leaves: None, line };
        let mut pieces = Vec::new();
        let mut open = self.contains(vertex(0)).then(|| begin(vertex(0), None));
        for i in 0..n_segments {
            let (a, b) = (vertex(i), vertex(i + 1));
            let Some((enter, leave)) = self.cut_segment(a, b) else {
                continue;
            };
            if let Some(hit) = enter {
                open = Some(begin(hit.at, Some(hit.position)));
            }
            match leave {
                Some(hit) => pieces.extend(open.take().map(|mut piece| {
                    piece.points.push(hit.at);
                    piece.leaves = Some(hit.position);
                    piece
                })),
                None => open.iter_mut().for_each(|piece| piece.points.push(b)),
            }
        }
        pieces.extend(open.filter(|piece| piece.points.len() > 1));
        if pieces.is_empty() { Cut::Outside } else { Cut::Pieces(pieces) }
    }

    /// Leads pieces that have the region on their left along the edge into rings.
    ///
    /// Counter-clockwise along the edge, the region lies between a place where a line leaves and
    /// the next one where a line enters. Where two leave or two enter in a row, one of them
    /// contradicts the other: neither's ring is made, as one cannot tell which is right.
    #[must_use]
    pub fn close(&self, pieces: &[Piece]) -> Closed {
        let (next, is_doubtful) = self.successors(pieces);
        let mut closed = Closed::default();
        let mut seen = vec![false; pieces.len()];
        for first in chain_starts(&next) {
            let mut path = Vec::new();
            let mut at = Some(first);
            while let Some(i) = at
                && let Some(is_seen) = seen.get_mut(i)
                && !std::mem::replace(is_seen, true)
            {
                path.push(i);
                at = next.get(i).copied().flatten();
            }
            if path.is_empty() {
                continue;
            }
            let is_ring =
                at == Some(first) && !path.iter().any(|i| is_doubtful.get(*i) == Some(&true));
            let members: Vec<&Piece> = path.iter().filter_map(|i| pieces.get(*i)).collect();
            if is_ring {
                closed.rings.extend(self.ring_of(&members));
            } else {
                closed.broken.push(members.iter().map(|piece| piece.line).collect());
            }
        }
        closed
    }

    /// For each piece the one that its ring goes on with, and whether a neighbour on the edge
    /// contradicts it.
    fn successors(&self, pieces: &[Piece]) -> (Vec<Option<usize>>, Vec<bool>) {
        let mut hits: Vec<(f64, bool, usize)> = Vec::new();
        for (i, piece) in pieces.iter().enumerate() {
            hits.extend(piece.leaves.map(|position| (position, false, i)));
            hits.extend(piece.enters.map(|position| (position, true, i)));
        }
        hits.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        // Lines that touch the edge in one place come in the order in which they alternate.
        for i in 1..hits.len().saturating_sub(1) {
            if let Some([before, a, b]) = hits.get_mut(i - 1..=i + 1)
                && a.0 == b.0
                && before.1 == a.1
                && a.1 != b.1
            {
                std::mem::swap(a, b);
            }
        }
        let (mut next, mut is_doubtful) = (vec![None; pieces.len()], vec![false; pieces.len()]);
        for (this, following) in hits.iter().zip(hits.iter().cycle().skip(1)) {
            match (this, following) {
                ((_, false, leaving), (_, true, entering)) => {
                    next.get_mut(*leaving).into_iter().for_each(|next| *next = Some(*entering));
                }
                ((_, true, _), (_, false, _)) => {}
                ((.., one), (.., other)) => {
                    for i in [*one, *other] {
                        is_doubtful.get_mut(i).into_iter().for_each(|doubt| *doubt = true);
                    }
                }
            }
        }
        (next, is_doubtful)
    }

    fn ring_of(&self, pieces: &[&Piece]) -> Option<Vec<Coord>> {
        let mut ring: Vec<Coord> = Vec::new();
        for (piece, next) in pieces.iter().zip(pieces.iter().cycle().skip(1)) {
            ring.extend(&piece.points);
            ring.extend(self.corners_between(piece.leaves?, next.enters?));
        }
        ring.dedup();
        if ring.first() == ring.last() {
            ring.pop();
        }
        (ring.len() > 2).then_some(ring)
    }

    /// The part of a ring inside (Sutherland–Hodgman). A ring that leaves and enters again stays
    /// one ring, with edges along the frame that a fill does not show: for rings that cross
    /// themselves, which have no left side to follow.
    #[must_use]
    pub fn cut_crossing_ring(&self, ring: &[Coord]) -> Vec<Coord> {
        let mut ring = ring.to_vec();
        for edge in EDGES {
            let mut kept = Vec::with_capacity(ring.len() + 4);
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (room_a, room_b) = (self.room(edge, *a), self.room(edge, *b));
                if room_a >= 0.0 {
                    kept.push(*a);
                }
                if (room_a < 0.0) != (room_b < 0.0) {
                    let t = room_a / (room_a - room_b);
                    let mut at = coord! { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
                    // Exactly on the side, whatever the division rounded to.
                    match edge {
                        Edge::South => at.y = self.min.y,
                        Edge::East => at.x = self.max.x,
                        Edge::North => at.y = self.max.y,
                        Edge::West => at.x = self.min.x,
                    }
                    kept.push(at);
                }
            }
            ring = kept;
        }
        ring.dedup();
        ring
    }

    /// A polygon's part inside: its outer ring counter-clockwise first, then its holes clockwise.
    /// A polygon that leaves and enters again becomes several. `None` where the rings contradict
    /// each other, as they cross.
    #[must_use]
    pub fn cut_polygon(&self, rings: &[Vec<Coord>]) -> Option<Vec<Vec<Vec<Coord>>>> {
        let (mut whole, mut pieces, mut around) = (Vec::new(), Vec::new(), Vec::new());
        for (i, ring) in rings.iter().enumerate() {
            match self.cut(ring, true, i) {
                Cut::Inside => whole.push(ring.clone()),
                Cut::Pieces(more) => pieces.extend(more),
                Cut::Outside if super::rings::contains(ring, self.centre()) => around.push(i),
                Cut::Outside => {}
            }
        }
        let mut outers = Vec::new();
        if !pieces.is_empty() {
            let closed = self.close(&pieces);
            if !closed.broken.is_empty() {
                return None;
            }
            outers = closed.rings;
        } else if around == [0] {
            outers.push(self.ring());
        } else if whole.first() != rings.first() {
            // Beside the frame, or the frame lies in a hole of it.
            return Some(Vec::new());
        }
        if outers.iter().any(|ring| super::twice_area(ring) <= 0.0) {
            return None;
        }
        outers.extend(whole);
        Some(super::nest(outers).polygons)
    }
}

/// Where the line through two points is at `t`, and exactly theirs at their own.
fn level(a: (f64, f64), b: (f64, f64), t: f64) -> f64 {
    match t {
        t if t == a.0 => a.1,
        t if t == b.0 => b.1,
        t => a.1 + (t - a.0) / (b.0 - a.0) * (b.1 - a.1),
    }
}

/// Pieces that nothing leads to, then all: so that a path that is no ring is met at its beginning.
fn chain_starts(next: &[Option<usize>]) -> impl Iterator<Item = usize> {
    let mut is_led_to = vec![false; next.len()];
    for i in next.iter().flatten() {
        is_led_to.get_mut(*i).into_iter().for_each(|led| *led = true);
    }
    let starts: Vec<usize> =
        is_led_to.iter().enumerate().filter(|(_, led)| !**led).map(|(i, _)| i).collect();
    starts.into_iter().chain(0..next.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{any_crossing, twice_area};
    use super::*;

    const FRAME: Frame = Frame { min: Coord { x: -10.0, y: -5.0 }, max: Coord { x: 10.0, y: 5.0 } };

    fn points(xy: &[(f64, f64)]) -> Vec<Coord> {
        xy.iter().map(|(x, y)| coord! { x: *x, y: *y }).collect()
    }

    fn area(polygons: &[Vec<Vec<Coord>>]) -> f64 {
        polygons.iter().flatten().map(|ring| twice_area(ring)).sum::<f64>() / 2.0
    }

    #[test]
    fn a_line_that_leaves_and_enters_again_is_two_pieces() {
        let line = points(&[(0.0, 0.0), (20.0, 0.0), (20.0, 4.0), (0.0, 4.0)]);
        let Cut::Pieces(pieces) = FRAME.cut(&line, false, 7) else { panic!("nothing left") };
        let lines: Vec<_> = pieces.iter().map(|piece| piece.points.clone()).collect();
        let expected = [points(&[(0.0, 0.0), (10.0, 0.0)]), points(&[(10.0, 4.0), (0.0, 4.0)])];
        assert_eq!(lines, expected);
        assert_eq!((pieces[0].enters, pieces[0].leaves), (None, Some(1.5)));
        assert_eq!((pieces[1].enters, pieces[1].line), (Some(1.9), 7));
    }

    #[test]
    fn positions_run_counter_clockwise_from_the_south_west() {
        for (x, y, position) in
            [(-10.0, -5.0, 0.0), (0.0, -5.0, 0.5), (10.0, 0.0, 1.5), (0.0, 5.0, 2.5)]
        {
            let place = coord! { x: x, y: y };
            assert_eq!(FRAME.at(position), place);
            assert_eq!(FRAME.nearest(place), position);
        }
        assert_eq!(FRAME.corners_between(3.5, 1.5), points(&[(-10.0, -5.0), (10.0, -5.0)]));
        assert_eq!(FRAME.corners_between(0.2, 0.7), []);
        assert_eq!(FRAME.corners_of_shorter_way(1.5, 0.5), points(&[(10.0, -5.0)]));
    }

    #[test]
    fn a_ring_around_the_frame_becomes_the_frame_unless_it_is_a_hole() {
        let around = points(&[(-99.0, -99.0), (99.0, -99.0), (99.0, 99.0), (-99.0, 99.0)]);
        let mut hole = points(&[(-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)]);
        hole.reverse();
        assert_eq!(
            FRAME.cut_polygon(std::slice::from_ref(&around)),
            Some(vec![vec![FRAME.ring()]])
        );
        assert_eq!(FRAME.cut_polygon(&[around, hole]), Some(Vec::new()));
    }

    #[test]
    fn a_ring_that_is_the_frame_stays() {
        let cut = FRAME.cut_polygon(&[FRAME.ring()]).unwrap();
        assert_eq!(area(&cut), 200.0);
    }

    #[test]
    fn a_comb_becomes_its_teeth() {
        let comb = points(&[
            (-8.0, 0.0),
            (-8.0, 9.0),
            (-4.0, 9.0),
            (-4.0, 7.0),
            (-6.0, 7.0),
            (-6.0, 0.0),
            (4.0, 0.0),
            (4.0, 7.0),
            (2.0, 7.0),
            (2.0, 9.0),
            (6.0, 9.0),
            (6.0, -2.0),
            (-8.0, -2.0),
        ]);
        let mut comb = comb;
        if twice_area(&comb) < 0.0 {
            comb.reverse();
        }
        let cut = FRAME.cut_polygon(&[comb]).unwrap();
        assert_eq!((cut.len(), area(&cut)), (1, 2.0 * 5.0 + 2.0 * 5.0 + 14.0 * 2.0));
    }

    #[test]
    fn a_hole_across_the_edge_opens_the_ring() {
        let outer = points(&[(-9.0, -4.0), (20.0, -4.0), (20.0, 4.0), (-9.0, 4.0)]);
        let mut hole = points(&[(5.0, -1.0), (15.0, -1.0), (15.0, 1.0), (5.0, 1.0)]);
        hole.reverse();
        let cut = FRAME.cut_polygon(&[outer, hole]).unwrap();
        assert_eq!((cut.len(), cut[0].len(), area(&cut)), (1, 1, 19.0 * 8.0 - 10.0));
    }

    #[test]
    fn lines_that_contradict_each_other_close_nothing() {
        // Both run north, so the land between them would be left of one and right of the other.
        let pieces: Vec<Piece> = [-5.0, 5.0]
            .into_iter()
            .enumerate()
            .flat_map(|(i, x)| match FRAME.cut(&points(&[(x, -9.0), (x, 9.0)]), false, i) {
                Cut::Pieces(pieces) => pieces,
                Cut::Inside | Cut::Outside => Vec::new(),
            })
            .collect();
        let closed = FRAME.close(&pieces);
        assert_eq!((closed.rings.len(), closed.broken), (0, vec![vec![1], vec![0]]));
    }

    /// A simple ring: vertices at increasing angles around a centre.
    fn star() -> impl Strategy<Value = Vec<Coord>> {
        let radii = prop::collection::vec(0.5..14.0_f64, 3..24);
        (radii, -12.0..12.0_f64, -8.0..8.0_f64).prop_map(|(radii, x, y)| {
            let n = radii.len() as f64;
            let at = |(i, r): (usize, f64)| {
                let angle = i as f64 / n * std::f64::consts::TAU;
                coord! { x: x + r * libm::cos(angle), y: y + r * libm::sin(angle) }
            };
            radii.into_iter().enumerate().map(at).collect()
        })
    }

    proptest! {
        /// What is in the frame and what is in the four boxes beside it add up to the whole, and
        /// no ring that comes out crosses itself.
        #[test]
        fn area_is_conserved_and_nothing_crosses(ring in star()) {
            let whole = twice_area(&ring) / 2.0;
            prop_assume!(whole > 0.1);
            let far = 1e3;
            let boxes = [
                (FRAME.min, FRAME.max),
                (coord! { x: -far, y: -far }, coord! { x: FRAME.min.x, y: far }),
                (coord! { x: FRAME.max.x, y: -far }, coord! { x: far, y: far }),
                (coord! { x: FRAME.min.x, y: -far }, coord! { x: FRAME.max.x, y: FRAME.min.y }),
                (coord! { x: FRAME.min.x, y: FRAME.max.y }, coord! { x: FRAME.max.x, y: far }),
            ];
            let mut sum = 0.0;
            for (min, max) in boxes {
                let cut = Frame { min, max }.cut_polygon(std::slice::from_ref(&ring));
                let cut = cut.expect("a simple ring has a left side");
                prop_assert!(cut.iter().all(|p| !any_crossing(p.iter().map(Vec::as_slice))));
                sum += area(&cut);
            }
            prop_assert!((sum - whole).abs() < 1e-6, "{} of {}", sum, whole);
        }

        /// A ring and its complement fill the frame.
        #[test]
        fn left_and_right_fill_the_frame(ring in star()) {
            let left = FRAME.cut_polygon(std::slice::from_ref(&ring)).expect("simple");
            let mut hole = ring;
            hole.reverse();
            let far = points(&[(-99.0, -99.0), (99.0, -99.0), (99.0, 99.0), (-99.0, 99.0)]);
            let right = FRAME.cut_polygon(&[far, hole]).expect("simple");
            prop_assert!((area(&left) + area(&right) - FRAME.area()).abs() < 1e-6);
        }

        /// The other way of cutting, which cannot fail, agrees in area.
        #[test]
        fn both_ways_of_cutting_agree(ring in star()) {
            let one = area(&FRAME.cut_polygon(std::slice::from_ref(&ring)).expect("simple"));
            let other = twice_area(&FRAME.cut_crossing_ring(&ring)) / 2.0;
            prop_assert!((one - other).abs() < 1e-6);
        }
    }
}

//! A line → a strip of triangles along it that a shader widens.
//!
//! A strip needs no indices, and slight bends share one pair of vertices: about two and a half
//! vertices a point, of eight bytes. A general stroke tessellator makes four, with indices.

use super::grid::Grid;
use super::{DashVertex, StrokeVertex};
use crate::scene::{Cap, Join};

/// The shape of a line where it ends and bends.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// Half its greatest width, in the line's units: decides how fine arcs are.
    pub radius: f32,
    /// Furthest an arc may stray, in the line's units.
    pub tolerance: f32,
    /// Its ends.
    pub cap: Cap,
    /// Its bends.
    pub join: Join,
}

/// A bend up to this (as the cosine, 37°) keeps one pair of vertices; its miter is 5 % too long
/// at most, which no eye tells from an arc.
const SLIGHT_BEND: f32 = 0.8;

/// A mitred bend up to this (as the cosine, 102°) is one pair of vertices too. Where a side is
/// shorter than the line is wide, the inner vertex is beyond its end, yet within the miter's length.
const MITRED_BEND: f32 = -0.2;

/// What [`StrokeVertex::normal`] can hold.
const MITER_LIMIT: f32 = 4.0;

/// Arcs of a quarter are halved no more often.
const MOST_HALVINGS: u8 = 5;

type Vector = [f32; 2];

/// What a strip is made of.
pub trait StripVertex: Copy {
    /// A vertex at a point of the line, so far along it in steps of the grid.
    fn new(stroke: StrokeVertex, along: f32) -> Self;
}

impl StripVertex for StrokeVertex {
    fn new(stroke: StrokeVertex, _: f32) -> Self {
        stroke
    }
}

impl StripVertex for DashVertex {
    fn new(stroke: StrokeVertex, along: f32) -> Self {
        Self { stroke, along }
    }
}

/// Where a strip goes.
#[derive(Debug)]
pub struct Strip<'a, V> {
    /// Appended to.
    vertices: &'a mut Vec<V>,
    /// Where the strip starts.
    start: usize,
    grid: Grid,
    pen: Pen,
}

impl<'a, V: StripVertex> Strip<'a, V> {
    /// Begins a strip behind these vertices.
    pub fn new(vertices: &'a mut Vec<V>, grid: Grid, pen: Pen) -> Self {
        let start = vertices.len();
        Self { vertices, start, grid, pen }
    }

    /// Adds a polyline of finite points. A line without length adds nothing.
    pub fn line(&mut self, points: &[[f32; 2]], is_closed: bool) {
        let mut distinct = points.chunk_by(|a, b| a == b).filter_map(|run| run.first().copied());
        let (Some(first), Some(second)) = (distinct.next(), distinct.next()) else { return };
        let (start_direction, length) = direction(first, second);
        let (mut at, mut from, mut along) = (second, start_direction, length);
        // A ring of two points there and back is a line.
        let is_closed = is_closed && points.iter().any(|point| *point != first && *point != second);
        let start = self.vertices.len();
        // Triangles without area lead from the last line here.
        if let Some(last) = self.vertices.get(self.start..).and_then(<[V]>::last).copied() {
            self.vertices.extend([last, last]);
        }
        if !is_closed {
            self.cap_start(first, start_direction);
        }
        self.pair(first, left_of(from), 0.0);
        let back = is_closed.then_some(first);
        for next in distinct.chain(back) {
            if next == at {
                continue;
            }
            let (to, length) = direction(at, next);
            self.bend(at, from, to, along);
            along += length;
            (at, from) = (next, to);
        }
        if is_closed {
            self.bend(at, from, start_direction, along);
        } else {
            self.pair(at, left_of(from), along);
            self.cap_end(at, from, along);
        }
        if let [_, leads_here, begins, ..] = self.vertices.get_mut(start..).unwrap_or_default()
            && start > self.start
        {
            *leads_here = *begins;
        }
    }

    /// Ends one segment and begins the next.
    fn bend(&mut self, at: Vector, from: Vector, to: Vector, along: f32) {
        let dot = from[0] * to[0] + from[1] * to[1];
        let (n0, n1) = (left_of(from), left_of(to));
        let most = if self.pen.join == Join::Miter { MITRED_BEND } else { SLIGHT_BEND };
        if dot >= most {
            self.pair(at, scaled([n0[0] + n1[0], n0[1] + n1[1]], 1.0 / (1.0 + dot)), along);
            return;
        }
        self.pair(at, n0, along);
        // The left side is the outer one where the line turns right.
        let side = if from[0] * to[1] - from[1] * to[0] < 0.0 { 1.0 } else { -1.0 };
        let (o0, o1) = (scaled(n0, side), scaled(n1, side));
        let mut fan = Fan { strip: self, at, along, side };
        match fan.strip.pen.join {
            Join::Miter => {
                let sum = [o0[0] + o1[0], o0[1] + o1[1]];
                let length = (sum[0] * sum[0] + sum[1] * sum[1]).sqrt();
                if 1.0 + dot > 1e-6 && length <= MITER_LIMIT * (1.0 + dot) {
                    fan.add(scaled(sum, 1.0 / (1.0 + dot)));
                }
            }
            // Half a turn has no middle of its own: it goes by the way the line came.
            Join::Round if dot < -0.9 => {
                fan.arc(o0, from);
                fan.add(from);
                fan.arc(from, o1);
            }
            Join::Round => fan.arc(o0, o1),
        }
        self.pair(at, n1, along);
    }

    /// Half a disc ahead of the first pair; nothing for a butt.
    fn cap_start(&mut self, at: Vector, direction: Vector) {
        if self.pen.cap == Cap::Round {
            let tip = scaled(direction, -1.0);
            self.vertex(at, tip, 0.0);
            self.cap(at, tip, [tip, left_of(direction)], 0.0, MOST_HALVINGS);
        }
    }

    /// Half a disc behind the last pair; nothing for a butt.
    fn cap_end(&mut self, at: Vector, tip: Vector, along: f32) {
        if self.pen.cap == Cap::Round {
            self.cap(at, tip, [left_of(tip), tip], along, MOST_HALVINGS);
            self.vertex(at, tip, along);
        }
    }

    /// Pairs across the way to the tip, strictly between two directions on the left of it.
    fn cap(&mut self, at: Vector, tip: Vector, [from, to]: [Vector; 2], along: f32, halvings: u8) {
        let Some(middle) = self.middle(from, to, halvings) else { return };
        self.cap(at, tip, [from, middle], along, halvings - 1);
        let ahead = 2.0 * (middle[0] * tip[0] + middle[1] * tip[1]);
        self.vertex(at, middle, along);
        self.vertex(at, [ahead * tip[0] - middle[0], ahead * tip[1] - middle[1]], along);
        self.cap(at, tip, [middle, to], along, halvings - 1);
    }

    /// The direction halfway, unless a chord is near enough to the arc.
    fn middle(&self, from: Vector, to: Vector, halvings: u8) -> Option<Vector> {
        let sum = [from[0] + to[0], from[1] + to[1]];
        let length = (sum[0] * sum[0] + sum[1] * sum[1]).sqrt();
        // The chord's middle is length/2 from the centre.
        let is_fine = self.pen.radius * (1.0 - length / 2.0) <= self.pen.tolerance;
        (halvings > 0 && length > 1e-6 && !is_fine).then(|| scaled(sum, 1.0 / length))
    }

    fn vertex(&mut self, at: Vector, normal: Vector, along: f32) {
        let stroke = StrokeVertex::new(self.grid.place(at), normal);
        self.vertices.push(V::new(stroke, along * self.grid.steps()));
    }

    /// The vertices left and right of a point.
    fn pair(&mut self, at: Vector, normal: Vector, along: f32) {
        let position = self.grid.place(at);
        let left = StrokeVertex::new(position, normal);
        let right = StrokeVertex { position, normal: left.normal.map(|v| -v) };
        let along = along * self.grid.steps();
        self.vertices.extend([V::new(left, along), V::new(right, along)]);
    }
}

/// Triangles round a bend, on its outer side.
struct Fan<'a, 'b, V> {
    strip: &'a mut Strip<'b, V>,
    at: Vector,
    along: f32,
    /// 1 where the outer side is the left one, else −1.
    side: f32,
}

impl<V: StripVertex> Fan<'_, '_, V> {
    fn add(&mut self, normal: Vector) {
        let (outer, centre) = (normal, [0.0; 2]);
        let [left, right] = if self.side > 0.0 { [outer, centre] } else { [centre, outer] };
        self.strip.vertex(self.at, left, self.along);
        self.strip.vertex(self.at, right, self.along);
    }

    /// The points strictly between two unit vectors on the shorter arc, by halving.
    fn arc(&mut self, from: Vector, to: Vector) {
        self.halve(from, to, MOST_HALVINGS);
    }

    fn halve(&mut self, from: Vector, to: Vector, halvings: u8) {
        let Some(middle) = self.strip.middle(from, to, halvings) else { return };
        self.halve(from, middle, halvings - 1);
        self.add(middle);
        self.halve(middle, to, halvings - 1);
    }
}

/// The unit vector from one point to another, and how far it is.
fn direction(from: Vector, to: Vector) -> (Vector, f32) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = (dx * dx + dy * dy).sqrt();
    ([dx / length, dy / length], length)
}

fn left_of([dx, dy]: Vector) -> Vector {
    [-dy, dx]
}

fn scaled([x, y]: Vector, by: f32) -> Vector {
    [x * by, y * by]
}

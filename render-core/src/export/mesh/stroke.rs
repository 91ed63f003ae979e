//! A line → triangles along it that a shader widens.
//!
//! Slight bends share one pair of vertices, sharp ones get a wedge. That is two to three vertices
//! a point, about half of what a general stroke tessellator makes.

use super::StrokeVertex;
use crate::scene::{Cap, Join};

/// The shape of a line where it ends and bends.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// Half its greatest width, in the line's units: decides how fine arcs are.
    pub radius: f64,
    /// Furthest an arc may stray, in the line's units.
    pub tolerance: f64,
    /// Its ends.
    pub cap: Cap,
    /// Its bends.
    pub join: Join,
}

/// A bend up to this (as the cosine, 37°) keeps one pair of vertices; its miter is 5 % too long
/// at most, which no eye tells from an arc.
const SLIGHT_BEND: f64 = 0.8;

const MITER_LIMIT: f64 = 4.0;

type Vector = [f64; 2];

/// Where triangles go.
#[derive(Debug)]
pub struct Strokes<'a> {
    /// Vertices, appended to.
    pub vertices: &'a mut Vec<StrokeVertex>,
    /// Three to a triangle, appended to.
    pub indices: &'a mut Vec<u32>,
}

impl Strokes<'_> {
    /// Adds a polyline of finite points; `scratch` is only lent. A line without length adds nothing.
    pub fn line(
        &mut self,
        points: &[[f32; 2]],
        is_closed: bool,
        pen: &Pen,
        scratch: &mut Vec<Vector>,
    ) {
        scratch.clear();
        scratch.extend(points.iter().map(|p| p.map(f64::from)));
        scratch.dedup();
        if is_closed && scratch.len() > 2 && scratch.first() == scratch.last() {
            scratch.pop();
        }
        let is_closed = is_closed && scratch.len() > 2;
        if is_closed {
            scratch.extend_from_within(..1);
        }
        let [first, second, rest @ ..] = &**scratch else { return };
        let (start_direction, length) = direction(*first, *second);
        let mut from = start_direction;
        let mut along = 0.0;
        if !is_closed {
            self.cap(*first, [-from[0], -from[1]], along, pen);
        }
        let mut pair = self.pair(*first, left_of(from), along);
        along += length;
        let mut at = *second;
        for next in rest {
            let (to, length) = direction(at, *next);
            pair = self.bend(pair, at, from, to, along, pen);
            along += length;
            (at, from) = (*next, to);
        }
        if is_closed {
            self.bend(pair, at, from, start_direction, along, pen);
        } else {
            let end = self.pair(at, left_of(from), along);
            self.quad(pair, end);
            self.cap(at, from, along, pen);
        }
    }

    /// Ends a segment begun at `pair` and gives the pair the next one begins at.
    fn bend(
        &mut self,
        pair: [u32; 2],
        at: Vector,
        from: Vector,
        to: Vector,
        along: f64,
        pen: &Pen,
    ) -> [u32; 2] {
        let dot = from[0] * to[0] + from[1] * to[1];
        let (n0, n1) = (left_of(from), left_of(to));
        if dot >= SLIGHT_BEND {
            let miter = scaled([n0[0] + n1[0], n0[1] + n1[1]], 1.0 / (1.0 + dot));
            let end = self.pair(at, miter, along);
            self.quad(pair, end);
            return end;
        }
        let end = self.pair(at, n0, along);
        self.quad(pair, end);
        let next = self.pair(at, n1, along);
        // The left side is the outer one where the line turns right.
        let side = if from[0] * to[1] - from[1] * to[0] < 0.0 { 1.0 } else { -1.0 };
        let outer = usize::from(side < 0.0);
        let (o0, o1) = (scaled(n0, side), scaled(n1, side));
        let centre = self.vertex(at, [0.0; 2], along);
        let mut fan = Fan { strokes: self, centre, last: end[outer], at, along };
        match pen.join {
            Join::Miter => {
                let sum = [o0[0] + o1[0], o0[1] + o1[1]];
                let length = (sum[0] * sum[0] + sum[1] * sum[1]).sqrt();
                if 1.0 + dot > 1e-9 && length <= MITER_LIMIT * (1.0 + dot) {
                    fan.add(scaled(sum, 1.0 / (1.0 + dot)));
                }
            }
            // Half a turn has no middle of its own: it goes by the way the line came.
            Join::Round if dot < -0.9 => {
                fan.arc(o0, from, pen);
                fan.add(from);
                fan.arc(from, o1, pen);
            }
            Join::Round => fan.arc(o0, o1, pen),
        }
        let last = fan.last;
        self.indices.extend([centre, last, next[outer]]);
        next
    }

    /// Half a disc at an end, bulging `outward`; nothing for a butt.
    fn cap(&mut self, at: Vector, outward: Vector, along: f64, pen: &Pen) {
        match pen.cap {
            Cap::Butt => {}
            Cap::Round => {
                let left = left_of(outward);
                let right = scaled(left, -1.0);
                let centre = self.vertex(at, [0.0; 2], along);
                let last = self.vertex(at, left, along);
                let mut fan = Fan { strokes: self, centre, last, at, along };
                fan.arc(left, outward, pen);
                fan.add(outward);
                fan.arc(outward, right, pen);
                fan.add(right);
            }
        }
    }

    fn vertex(&mut self, at: Vector, normal: Vector, along: f64) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "the GPU has f32 and u32 only")]
        let (index, vertex) = (
            self.vertices.len() as u32,
            StrokeVertex {
                position: at.map(|v| v as f32),
                normal: normal.map(|v| v as f32),
                along: along as f32,
            },
        );
        self.vertices.push(vertex);
        index
    }

    /// The vertices left and right of a point.
    fn pair(&mut self, at: Vector, normal: Vector, along: f64) -> [u32; 2] {
        [self.vertex(at, normal, along), self.vertex(at, scaled(normal, -1.0), along)]
    }

    fn quad(&mut self, [a, b]: [u32; 2], [c, d]: [u32; 2]) {
        self.indices.extend([a, b, c, c, b, d]);
    }
}

/// Triangles round a centre.
struct Fan<'a, 'b> {
    strokes: &'a mut Strokes<'b>,
    centre: u32,
    last: u32,
    at: Vector,
    along: f64,
}

impl Fan<'_, '_> {
    fn add(&mut self, normal: Vector) {
        let vertex = self.strokes.vertex(self.at, normal, self.along);
        self.strokes.indices.extend([self.centre, self.last, vertex]);
        self.last = vertex;
    }

    /// The points strictly between two unit vectors on the shorter arc, by halving.
    fn arc(&mut self, from: Vector, to: Vector, pen: &Pen) {
        self.halve(from, to, pen, 5);
    }

    fn halve(&mut self, from: Vector, to: Vector, pen: &Pen, depth: u8) {
        let sum = [from[0] + to[0], from[1] + to[1]];
        let length = (sum[0] * sum[0] + sum[1] * sum[1]).sqrt();
        // The chord's middle is length/2 from the centre.
        if depth == 0 || length < 1e-9 || pen.radius * (1.0 - length / 2.0) <= pen.tolerance {
            return;
        }
        let middle = scaled(sum, 1.0 / length);
        self.halve(from, middle, pen, depth - 1);
        self.add(middle);
        self.halve(middle, to, pen, depth - 1);
    }
}

/// The unit vector from one point to another, and how far it is.
fn direction(from: Vector, to: Vector) -> (Vector, f64) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = (dx * dx + dy * dy).sqrt();
    ([dx / length, dy / length], length)
}

fn left_of([dx, dy]: Vector) -> Vector {
    [-dy, dx]
}

fn scaled([x, y]: Vector, by: f64) -> Vector {
    [x * by, y * by]
}

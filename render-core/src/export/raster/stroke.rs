//! A line and its width → closed outlines whose non-zero fill is the stroke.
//!
//! The outline is a sum of pieces that all wind the same way, so folds and short segments leave no
//! holes. Only + − × ÷ √ are used, so every platform gets the same bits. A line is cut into runs
//! of [`SEGMENTS_PER_PIECE`] at fixed vertices, so a band can leave out those it does not show and
//! still draw the others exactly as the whole picture does.

use crate::scene::{Cap, Join};

/// A point or a vector in pixels.
pub type Point = [f64; 2];

/// Segments outlined together: enough to spare cross edges, few enough to cull long lines.
pub const SEGMENTS_PER_PIECE: usize = 16;

/// Furthest an arc may stray, pixels: a twelfth is below one step of 8-bit coverage on most edges.
const ARC_TOLERANCE: f64 = 0.08;

/// Longest miter in half widths, as SVG and PDF call it.
pub const MITER_LIMIT: f64 = 4.0;

/// Segments shorter than this have no direction, pixels.
const SHORTEST: f64 = 1e-6;

/// The shape of a line around its centre.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// Half its width, pixels.
    pub radius: f64,
    /// Its ends.
    pub cap: Cap,
    /// Its bends.
    pub join: Join,
}

impl Pen {
    /// Furthest ink from the centre line, pixels.
    pub fn reach(&self) -> f64 {
        match self.join {
            Join::Miter => self.radius * MITER_LIMIT,
            Join::Round => self.radius,
        }
    }
}

/// Where outlines go: each `move_to` starts a closed contour.
pub trait Outline {
    /// Starts a contour.
    fn move_to(&mut self, point: Point);
    /// Adds an edge.
    fn line_to(&mut self, point: Point);
}

/// A polyline, open or closed; a closed one does not repeat its first point.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its vertices, pixels, all finite.
    pub points: &'a [Point],
    /// Whether the last joins the first.
    pub is_closed: bool,
}

impl Line<'_> {
    /// How many segments it has, those without length included.
    pub fn n_segments(&self) -> usize {
        match (self.points.len(), self.is_closed) {
            (0 | 1, _) => 0,
            (n, true) => n,
            (n, false) => n - 1,
        }
    }

    fn point(&self, index: usize) -> Point {
        let n = self.points.len().max(1);
        self.points.get(index % n).copied().unwrap_or_default()
    }

    /// Where a segment leads, none if it has no length.
    fn heading(&self, segment: usize) -> Option<Heading> {
        let ([x0, y0], [x1, y1]) = (self.point(segment), self.point(segment + 1));
        let (dx, dy) = (x1 - x0, y1 - y0);
        let length = (dx * dx + dy * dy).sqrt();
        (length > SHORTEST).then(|| Heading { direction: [dx / length, dy / length], length })
    }

    /// Where the line goes on after a segment.
    fn heading_after(&self, segment: usize) -> Option<Heading> {
        let n = self.n_segments();
        let end = if self.is_closed { segment + n } else { n };
        (segment + 1..end).find_map(|next| self.heading(next))
    }

    fn starts_at(&self, segment: usize) -> bool {
        !self.is_closed && (0..segment).rev().all(|before| self.heading(before).is_none())
    }
}

/// Where a segment leads, and how far.
#[derive(Debug, Clone, Copy)]
struct Heading {
    /// A unit vector.
    direction: Point,
    length: f64,
}

/// Turns lines into outlines; keeps its buffer between them.
#[derive(Debug, Default)]
pub struct Stroker {
    back: Vec<Point>,
}

impl Stroker {
    /// Outlines a whole line.
    pub fn line(&mut self, line: &Line, pen: &Pen, out: &mut impl Outline) {
        for first in (0..line.n_segments()).step_by(SEGMENTS_PER_PIECE) {
            self.piece(line, first, pen, out);
        }
    }

    /// Outlines the segments from `first` on, at most [`SEGMENTS_PER_PIECE`] of them, with the
    /// joins at their ends or, where the line ends, the caps.
    pub fn piece(&mut self, line: &Line, first: usize, pen: &Pen, out: &mut impl Outline) {
        let end = (first + SEGMENTS_PER_PIECE).min(line.n_segments());
        self.back.clear();
        let mut heading: Option<Heading> = None;
        let mut last = first;
        for segment in first..end {
            let Some(next) = line.heading(segment) else { continue };
            let at = line.point(segment);
            match heading {
                Some(before) => self.join(at, before, next, pen, out),
                None => {
                    let normal = left_of(next.direction);
                    out.move_to(offset(at, normal, pen.radius));
                    self.back.push(offset(at, normal, -pen.radius));
                }
            }
            heading = Some(next);
            last = segment;
        }
        let Some(heading) = heading else { return };
        let at = line.point(last + 1);
        match line.heading_after(last) {
            Some(next) => self.join(at, heading, next, pen, out),
            None => self.end(at, heading.direction, pen, out),
        }
        while let Some(point) = self.back.pop() {
            out.line_to(point);
        }
        // The start's cap comes last; the contour closes to the first point.
        let start = (first..end).find_map(|segment| Some((segment, line.heading(segment)?)));
        if let Some((segment, Heading { direction, .. })) = start
            && line.starts_at(segment)
            && pen.cap == Cap::Round
        {
            let (at, back, left) = (line.point(segment), negative(direction), left_of(direction));
            arc(at, negative(left), back, pen.radius, &mut |p| out.line_to(p));
            out.line_to(offset(at, back, pen.radius));
            arc(at, back, left, pen.radius, &mut |p| out.line_to(p));
        }
    }

    /// From one segment's offsets to the next one's.
    fn join(&mut self, at: Point, from: Heading, to: Heading, pen: &Pen, out: &mut impl Outline) {
        let r = pen.radius;
        let (n0, n1) = (left_of(from.direction), left_of(to.direction));
        let cross = n0[0] * n1[1] - n0[1] * n1[0];
        let dot = n0[0] * n1[0] + n0[1] * n1[1];
        // A bend too slight to see: one vertex a side. 2(1 − dot) is the squared gap at radius 1.
        if dot > 0.0 && 2.0 * (1.0 - dot) * r * r < 0.01 {
            let normal = [(n0[0] + n1[0]) / 2.0, (n0[1] + n1[1]) / 2.0];
            out.line_to(offset(at, normal, r));
            self.back.push(offset(at, normal, -r));
            return;
        }
        // The left side is the outer one when the line turns right.
        let side = if cross < 0.0 { 1.0 } else { -1.0 };
        let (o0, o1) = (scaled(n0, side), scaled(n1, side));
        let back = &mut self.back;
        let mut emit_outer = |p| if side > 0.0 { out.line_to(p) } else { back.push(p) };
        emit_outer(offset(at, o0, r));
        corner(at, o0, o1, from.direction, pen, &mut emit_outer);
        emit_outer(offset(at, o1, r));
        let mut emit_inner = |p| if side > 0.0 { self.back.push(p) } else { out.line_to(p) };
        // The inner edges cross r·tan(half the bend) from the vertex.
        let reach = r * cross.abs() / (1.0 + dot);
        if dot > -0.9 && reach < from.length.min(to.length) {
            let by = -r / (1.0 + dot);
            emit_inner(offset(at, [o0[0] + o1[0], o0[1] + o1[1]], by));
        } else {
            // By the centre, so that no part winds backwards where a segment is too short.
            emit_inner(offset(at, o0, -r));
            emit_inner(at);
            emit_inner(offset(at, o1, -r));
        }
    }

    fn end(&mut self, at: Point, direction: Point, pen: &Pen, out: &mut impl Outline) {
        let normal = left_of(direction);
        out.line_to(offset(at, normal, pen.radius));
        if pen.cap == Cap::Round {
            arc(at, normal, direction, pen.radius, &mut |p| out.line_to(p));
            out.line_to(offset(at, direction, pen.radius));
            arc(at, direction, negative(normal), pen.radius, &mut |p| out.line_to(p));
        }
        out.line_to(offset(at, normal, -pen.radius));
    }
}

/// The outer side of a bend, between its two offset points.
fn corner(
    at: Point,
    n0: Point,
    n1: Point,
    forward: Point,
    pen: &Pen,
    emit: &mut impl FnMut(Point),
) {
    let dot = n0[0] * n1[0] + n0[1] * n1[1];
    match pen.join {
        Join::Miter => {
            // |n0 + n1| / (1 + dot) is the miter's length in half widths.
            let sum = [n0[0] + n1[0], n0[1] + n1[1]];
            let length = (sum[0] * sum[0] + sum[1] * sum[1]).sqrt();
            if length <= MITER_LIMIT * (1.0 + dot) && 1.0 + dot > 1e-9 {
                emit(offset(at, sum, pen.radius / (1.0 + dot)));
            }
        }
        // Half a turn has no middle of its own: it goes by the way the line came.
        Join::Round if dot < -0.9 => {
            arc(at, n0, forward, pen.radius, emit);
            emit(offset(at, forward, pen.radius));
            arc(at, forward, n1, pen.radius, emit);
        }
        Join::Round => arc(at, n0, n1, pen.radius, emit),
    }
}

/// The points strictly between two unit vectors on the shorter arc, by halving.
fn arc(at: Point, from: Point, to: Point, radius: f64, emit: &mut impl FnMut(Point)) {
    fn halve(at: Point, from: Point, to: Point, r: f64, depth: u8, emit: &mut impl FnMut(Point)) {
        let sum = [from[0] + to[0], from[1] + to[1]];
        let length = (sum[0] * sum[0] + sum[1] * sum[1]).sqrt();
        // The chord's middle is length/2 from the centre.
        if depth == 0 || length < 1e-9 || r * (1.0 - length / 2.0) < ARC_TOLERANCE {
            return;
        }
        let middle = [sum[0] / length, sum[1] / length];
        halve(at, from, middle, r, depth - 1, emit);
        emit(offset(at, middle, r));
        halve(at, middle, to, r, depth - 1, emit);
    }
    halve(at, from, to, radius, 7, emit);
}

fn offset(at: Point, direction: Point, by: f64) -> Point {
    [at[0] + direction[0] * by, at[1] + direction[1] * by]
}

fn left_of([dx, dy]: Point) -> Point {
    [-dy, dx]
}

fn scaled([x, y]: Point, by: f64) -> Point {
    [x * by, y * by]
}

fn negative(vector: Point) -> Point {
    scaled(vector, -1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Contours(Vec<Vec<Point>>);

    impl Outline for Contours {
        fn move_to(&mut self, point: Point) {
            self.0.push(vec![point]);
        }
        fn line_to(&mut self, point: Point) {
            self.0.last_mut().unwrap().push(point);
        }
    }

    fn area(points: &[Point], is_closed: bool, radius: f64, cap: Cap, join: Join) -> f64 {
        let mut out = Contours::default();
        let pen = Pen { radius, cap, join };
        Stroker::default().line(&Line { points, is_closed }, &pen, &mut out);
        let twice = |c: &Vec<Point>| {
            let next = c.iter().cycle().skip(1);
            c.iter().zip(next).map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum::<f64>()
        };
        // Every contour must wind the same way, or strokes that cross would cancel.
        assert!(out.0.iter().all(|c| twice(c) <= 1e-9), "{:?}", out.0);
        -out.0.iter().map(twice).sum::<f64>() / 2.0
    }

    #[test]
    fn caps_add_half_discs() {
        let line = [[0.0, 0.0], [100.0, 0.0]];
        assert_eq!(area(&line, false, 5.0, Cap::Butt, Join::Round), 1000.0);
        let disc = area(&line, false, 5.0, Cap::Round, Join::Round) - 1000.0;
        assert!((disc - 78.54).abs() < 2.0, "{disc}");
    }

    #[test]
    fn a_square_ring_with_miters_has_sharp_corners() {
        let ring = [[0.0, 0.0], [50.0, 0.0], [50.0, 50.0], [0.0, 50.0]];
        // 60² around 40², and where the ring starts a square of 5 × 5 counted twice.
        let area = area(&ring, true, 5.0, Cap::Butt, Join::Miter);
        assert!((area - (3600.0 - 1600.0 + 25.0)).abs() < 1e-9, "{area}");
    }

    #[test]
    fn pieces_of_a_long_line_add_up_and_points_without_length_do_not_matter() {
        let line: Vec<Point> = (0..100).map(|i| [f64::from(i) * 3.0, 0.0]).collect();
        let doubled: Vec<Point> = line.iter().flat_map(|p| [*p, *p]).collect();
        for points in [&line, &doubled] {
            assert!((area(points, false, 2.0, Cap::Butt, Join::Round) - 297.0 * 4.0).abs() < 1e-6);
        }
        assert_eq!(area(&[[1.0, 1.0]; 40], false, 2.0, Cap::Round, Join::Round), 0.0);
    }

    #[test]
    fn a_line_that_turns_back_is_rounded_at_the_tip() {
        let line = [[0.0, 0.0], [50.0, 0.0], [0.0, 0.0]];
        let tip = area(&line, false, 5.0, Cap::Butt, Join::Round) - 1000.0;
        assert!((tip - 39.27).abs() < 1.5, "{tip}");
    }
}

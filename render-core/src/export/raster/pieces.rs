//! [`Scene`] → drawing steps in pixels, cut into pieces whose rows are known, so that a band
//! touches only what it shows.

use std::ops::{Deref, Range};

use super::stroke::{Line, Pen, Point, SEGMENTS_PER_PIECE};
use crate::color::Color;
use crate::export::{corners, dashes, glyphs, paint_of, unit};
use crate::scene::{Draw, GlyphsItem, Group, Item, Paint, PathItem, Scene, StyleId, Transform};

/// Points beyond this many pixels are no picture; they would overflow the rasteriser.
const FURTHEST: f64 = 1e7;

/// Chords of a glyph stay this near to its curves, pixels.
const CURVE_TOLERANCE: f64 = 0.05;

/// A scene ready to be drawn band by band.
#[derive(Debug)]
pub struct Prepared<S> {
    scene: S,
    pieces: Vec<Piece>,
    /// What to do, in order.
    pub ops: Vec<Op>,
}

/// A step of drawing.
#[derive(Debug)]
pub enum Op {
    /// Nothing is drawn outside of the box between these corners from here on, pixels. A clip
    /// that was turned is its bounds.
    PushClip([Point; 2]),
    /// Ends the latest clip.
    PopClip,
    /// Fills a shape.
    Path(PathOp),
}

/// A shape and its colour.
#[derive(Debug)]
pub struct PathOp {
    /// From the item's space to pixels.
    pub to_pixels: Transform,
    /// Its colour.
    pub ink: Ink,
    /// What is filled.
    pub shape: Shape,
    /// First and last row it shows in.
    pub rows: (f32, f32),
}

/// A colour, perhaps fading along y.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    /// The colour.
    pub color: Color,
    /// 0 to 1, where it does not fade.
    pub opacity: f64,
    /// How it fades.
    pub fade: Option<Fade>,
}

/// A fade between two rows.
#[derive(Debug, Clone, Copy)]
pub struct Fade {
    opaque_y: f64,
    clear_y: f64,
}

impl Fade {
    /// How opaque it is in the middle of a row, 0 to 1.
    pub fn amount(&self, y: f64) -> f64 {
        let span = self.opaque_y - self.clear_y;
        let amount =
            if span == 0.0 { f64::from(y <= self.opaque_y) } else { (y - self.clear_y) / span };
        unit(amount)
    }

    /// The same as an alpha.
    pub fn alpha(&self, y: f64) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=255")]
        let alpha = (self.amount(y) * 255.0 + 0.5) as u8;
        alpha
    }
}

/// What is filled.
#[derive(Debug)]
pub enum Shape {
    /// Rings of the scene.
    Fill(Range<usize>),
    /// Lines of the scene.
    Stroke {
        /// Pieces of at most [`SEGMENTS_PER_PIECE`] segments.
        pieces: Range<usize>,
        /// How wide.
        pen: Pen,
    },
    /// Lines of the scene, cut.
    Dashes {
        /// Whole lines.
        pieces: Range<usize>,
        /// How wide.
        pen: Pen,
        /// Dash and gap, pixels.
        pattern: Vec<f64>,
    },
    /// Contours in pixels.
    Outlines(Vec<Vec<Point>>),
}

/// Part of a subpath that is drawn or left out together.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    subpath: u32,
    first_segment: u32,
    /// First and last row it shows in.
    pub rows: (f32, f32),
}

impl<S: Deref<Target = Scene>> Prepared<S> {
    /// Fits the page to a picture of `width` × `height` pixels.
    pub fn new(scene: S, width: f64, height: f64) -> Self {
        let mut maker = Maker { scene: &scene, pieces: Vec::new(), ops: Vec::new() };
        // Picture sides are whole pixels, so both scales may differ in the fourth digit.
        let fit =
            Transform { a: width / scene.width, d: height / scene.height, ..Transform::IDENTITY };
        if fit.scale().is_finite() && fit.scale() > 0.0 {
            let view =
                View { to_pixels: fit, pixels_per_mm: fit.scale(), rows_per_mm: fit.d, width };
            maker.add_items(&scene.items, &view);
        }
        let Maker { pieces, ops, .. } = maker;
        Self { scene, pieces, ops }
    }

    /// The pieces of a shape.
    pub fn pieces(&self, range: &Range<usize>) -> &[Piece] {
        self.pieces.get(range.clone()).unwrap_or(&[])
    }

    /// A piece's ring in pixels.
    pub fn points_of(&self, piece: &Piece, to_pixels: &Transform, points: &mut Vec<Point>) {
        let _ = self.whole_line_of(piece, to_pixels, points);
    }

    /// A piece's whole line in pixels.
    pub fn whole_line_of<'p>(
        &self,
        piece: &Piece,
        to_pixels: &Transform,
        points: &'p mut Vec<Point>,
    ) -> Line<'p> {
        points.clear();
        let Some(subpath) = self.scene.paths.subpaths.get(piece.subpath as usize) else {
            return Line { points, is_closed: false };
        };
        points.extend(self.scene.paths.points(subpath).iter().map(|p| place(p, to_pixels)));
        Line { points, is_closed: subpath.is_closed }
    }

    /// A piece's line in pixels and the number of its first segment; of a long open line only the
    /// vertices the piece and its joins need.
    pub fn line_of<'p>(
        &self,
        piece: &Piece,
        to_pixels: &Transform,
        points: &'p mut Vec<Point>,
    ) -> (Line<'p>, usize) {
        let first = piece.first_segment as usize;
        let all = self.scene.paths.subpaths.get(piece.subpath as usize);
        let all = all.map_or(&[][..], |subpath| self.scene.paths.points(subpath));
        let is_closed =
            self.scene.paths.subpaths.get(piece.subpath as usize).is_some_and(|s| s.is_closed);
        // A vertex without a double on each side is all a join can ask for; doubles are so rare
        // that such lines are simply taken whole.
        let end = first + SEGMENTS_PER_PIECE;
        let window = first.saturating_sub(1)..(end + 2).min(all.len());
        let part = all.get(window.clone()).unwrap_or(&[]);
        let has_doubles = part.windows(2).any(|pair| pair[0] == pair[1]);
        if is_closed || has_doubles || all.len() <= SEGMENTS_PER_PIECE {
            return (self.whole_line_of(piece, to_pixels, points), first);
        }
        points.clear();
        points.extend(part.iter().map(|p| place(p, to_pixels)));
        (Line { points, is_closed: false }, first - window.start)
    }
}

/// A scene's steps as they are made.
struct Maker<'a> {
    scene: &'a Scene,
    pieces: Vec<Piece>,
    ops: Vec<Op>,
}

impl<'a> Maker<'a> {
    fn add_items(&mut self, items: &[Item], view: &View) {
        for item in items {
            match item {
                Item::Group(group) => self.add_group(group, view),
                Item::Path(path) => self.add_path(path, view),
                Item::Glyphs(glyphs) => self.add_glyphs(glyphs, view),
            }
        }
    }

    fn add_group(&mut self, group: &Group, view: &View) {
        let inner = View { to_pixels: group.transform.then(&view.to_pixels), ..*view };
        let clip = group.clip.map(|clip| {
            let corners = corners(&clip, &view.to_pixels).map(<[f64; 2]>::from);
            let pick = |choose: fn(f64, f64) -> f64, i: usize| {
                // The rasteriser counts in f32 and 16 bits; further out there is no picture.
                let bound = corners.iter().map(|corner| corner[i]).reduce(choose);
                bound.unwrap_or(0.0).clamp(-FURTHEST, FURTHEST)
            };
            [[pick(f64::min, 0), pick(f64::min, 1)], [pick(f64::max, 0), pick(f64::max, 1)]]
        });
        if let Some(clip) = clip {
            self.ops.push(Op::PushClip(clip));
        }
        self.add_items(&group.items, &inner);
        if clip.is_some() {
            self.ops.push(Op::PopClip);
        }
    }

    fn add_path(&mut self, item: &PathItem, view: &View) {
        let Some((draw, ink)) = self.style(item.style, view) else { return };
        let start = self.pieces.len();
        let shape = match draw {
            Draw::Fill(_) => {
                self.cut(item, view, 0.0, usize::MAX);
                Shape::Fill(start..self.pieces.len())
            }
            Draw::Stroke { width, cap, join, dash, .. } => {
                let radius = width * view.pixels_per_mm / 2.0;
                if !(radius > 0.0 && radius < FURTHEST) {
                    return;
                }
                let pen = Pen { radius, cap: *cap, join: *join };
                let pattern: Vec<f64> =
                    dashes(dash).iter().map(|mm| mm * view.pixels_per_mm).collect();
                if pattern.is_empty() {
                    self.cut(item, view, pen.reach(), SEGMENTS_PER_PIECE);
                    Shape::Stroke { pieces: start..self.pieces.len(), pen }
                } else {
                    self.cut(item, view, pen.reach(), usize::MAX);
                    Shape::Dashes { pieces: start..self.pieces.len(), pen, pattern }
                }
            }
        };
        let rows = self.pieces.get(start..).unwrap_or(&[]).iter().map(|piece| piece.rows);
        let rows = rows.fold(NO_ROWS, join_rows);
        self.ops.push(Op::Path(PathOp { to_pixels: view.to_pixels, ink, shape, rows }));
    }

    fn add_glyphs(&mut self, item: &GlyphsItem, view: &View) {
        let Some((_, ink)) = self.style(item.style, view) else { return };
        let mut contours = Vec::new();
        glyphs::for_each_contour(item, &view.to_pixels, CURVE_TOLERANCE, |points| {
            contours.push(points.to_vec());
        });
        let rows = contours.iter().map(|c| rows_of(c, 0.0)).fold(NO_ROWS, join_rows);
        let shape = Shape::Outlines(contours);
        self.ops.push(Op::Path(PathOp { to_pixels: view.to_pixels, ink, shape, rows }));
    }

    /// Cuts an item's subpaths into pieces of at most `n_segments`, leaving out those that are
    /// not finite or wholly beside the picture.
    fn cut(&mut self, item: &PathItem, view: &View, reach: f64, n_segments: usize) {
        for index in item.subpaths.clone() {
            let Some(subpath) = self.scene.paths.subpaths.get(index as usize) else { return };
            let points = self.scene.paths.points(subpath);
            // x + y is NaN or infinite if either is.
            if points.len() < 2 || !points.iter().all(|[x, y]| (x + y).is_finite()) {
                continue;
            }
            for first in (0..points.len()).step_by(n_segments) {
                let end = first.saturating_add(n_segments).saturating_add(1);
                let closes = subpath.is_closed && end > points.len();
                let part = points.get(first..end.min(points.len())).unwrap_or(&[]);
                let first_point = if closes { points.first() } else { None };
                let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
                let (mut top, mut bottom) = (f64::INFINITY, f64::NEG_INFINITY);
                for point in part.iter().chain(first_point) {
                    let [x, y] = place(point, &view.to_pixels);
                    (left, right) = (left.min(x), right.max(x));
                    (top, bottom) = (top.min(y), bottom.max(y));
                }
                let is_beside = right + reach < -1.0 || left - reach > view.width + 1.0;
                let is_far = left.min(top) < -FURTHEST || right.max(bottom) > FURTHEST;
                if !is_beside && !is_far {
                    #[expect(clippy::cast_possible_truncation, reason = "indices are u32")]
                    let first_segment = first as u32;
                    let rows = rows(top - reach, bottom + reach);
                    self.pieces.push(Piece { subpath: index, first_segment, rows });
                }
            }
        }
    }

    fn style(&self, id: StyleId, view: &View) -> Option<(&'a Draw, Ink)> {
        let draw = &self.scene.styles.get(id)?.draw;
        let ink = match *paint_of(draw) {
            Paint::Solid { color, opacity } => Ink { color, opacity: unit(opacity), fade: None },
            Paint::FadeY { color, opaque_y, clear_y } => {
                // Page millimetres, whatever group the item is in.
                let scale = view.rows_per_mm;
                let fade = Fade { opaque_y: opaque_y * scale, clear_y: clear_y * scale };
                Ink { color, opacity: 1.0, fade: Some(fade) }
            }
        };
        Some((draw, ink))
    }
}

/// The space items are in.
#[derive(Debug, Clone, Copy)]
struct View {
    to_pixels: Transform,
    pixels_per_mm: f64,
    rows_per_mm: f64,
    width: f64,
}

const NO_ROWS: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);

fn join_rows(a: (f32, f32), b: (f32, f32)) -> (f32, f32) {
    (a.0.min(b.0), a.1.max(b.1))
}

#[expect(clippy::cast_possible_truncation, reason = "bands add a row of slack")]
fn rows(top: f64, bottom: f64) -> (f32, f32) {
    (top as f32, bottom as f32)
}

/// The rows a polyline shows in when its ink reaches this far.
pub fn rows_of(points: &[Point], reach: f64) -> (f32, f32) {
    let top = points.iter().fold(f64::INFINITY, |top, p| top.min(p[1]));
    let bottom = points.iter().fold(f64::NEG_INFINITY, |bottom, p| bottom.max(p[1]));
    rows(top - reach, bottom + reach)
}

fn place([x, y]: &[f32; 2], to_pixels: &Transform) -> Point {
    let (x, y) = to_pixels.apply(f64::from(*x), f64::from(*y));
    [x, y]
}

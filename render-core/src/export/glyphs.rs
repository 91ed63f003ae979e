//! [`GlyphsItem`] → outline steps on the page, every glyph at its place.

use crate::scene::{GlyphsItem, Transform};
use crate::text::OutlineStep;

/// An [`OutlineStep`] in page units, y down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Starts a contour.
    Move(f64, f64),
    /// A straight edge.
    Line(f64, f64),
    /// A quadratic curve: control point, end point.
    Quad(f64, f64, f64, f64),
    /// A cubic curve: two control points, end point.
    Cubic(f64, f64, f64, f64, f64, f64),
    /// Closes the contour.
    Close,
}

/// Calls `draw` with every step of every glyph, through `to_page`. A glyph whose outline is not in
/// the run, or not finite, is left out.
pub fn for_each_step(item: &GlyphsItem, to_page: &Transform, mut draw: impl FnMut(Step)) {
    for glyph in &item.run.glyphs {
        let Some(outline) = item.run.outlines.get(glyph.outline as usize) else { continue };
        let place = |x: f32, y: f32| {
            let x = item.origin.x + f64::from(glyph.x + x) * item.size;
            let y = item.origin.y - f64::from(glyph.y + y) * item.size;
            to_page.apply(x, y)
        };
        let (x, y) = place(0.0, 0.0);
        if !(x.is_finite() && y.is_finite() && outline.iter().all(is_finite)) {
            continue;
        }
        for step in outline {
            draw(match *step {
                OutlineStep::Move(x, y) => {
                    let (x, y) = place(x, y);
                    Step::Move(x, y)
                }
                OutlineStep::Line(x, y) => {
                    let (x, y) = place(x, y);
                    Step::Line(x, y)
                }
                OutlineStep::Quad(ax, ay, x, y) => {
                    let ((ax, ay), (x, y)) = (place(ax, ay), place(x, y));
                    Step::Quad(ax, ay, x, y)
                }
                OutlineStep::Cubic(ax, ay, bx, by, x, y) => {
                    let ((ax, ay), (bx, by), (x, y)) = (place(ax, ay), place(bx, by), place(x, y));
                    Step::Cubic(ax, ay, bx, by, x, y)
                }
                OutlineStep::Close => Step::Close,
            });
        }
    }
}

fn is_finite(step: &OutlineStep) -> bool {
    match *step {
        OutlineStep::Move(x, y) | OutlineStep::Line(x, y) => (x + y).is_finite(),
        OutlineStep::Quad(ax, ay, x, y) => (ax + ay + x + y).is_finite(),
        OutlineStep::Cubic(ax, ay, bx, by, x, y) => (ax + ay + bx + by + x + y).is_finite(),
        OutlineStep::Close => true,
    }
}

/// Calls `line` with the contours of every glyph as polylines no further than `tolerance` from
/// the curves, the unit being that of `to_page`. Contours are closed; the first point is not
/// repeated.
pub fn for_each_contour(
    item: &GlyphsItem,
    to_page: &Transform,
    tolerance: f64,
    mut contour: impl FnMut(&[[f64; 2]]),
) {
    let mut points: Vec<[f64; 2]> = Vec::new();
    for_each_step(item, to_page, |step| {
        let from = points.last().copied();
        match step {
            Step::Move(x, y) => {
                finish(&mut points, &mut contour);
                points.push([x, y]);
            }
            Step::Line(x, y) => points.push([x, y]),
            Step::Quad(ax, ay, x, y) => {
                let [x0, y0] = from.unwrap_or([ax, ay]);
                // A quadratic as the cubic it is equal to.
                let (bx, by) = (x0 + (ax - x0) * 2.0 / 3.0, y0 + (ay - y0) * 2.0 / 3.0);
                let (cx, cy) = (x + (ax - x) * 2.0 / 3.0, y + (ay - y) * 2.0 / 3.0);
                flatten(&mut points, [[x0, y0], [bx, by], [cx, cy], [x, y]], tolerance);
            }
            Step::Cubic(ax, ay, bx, by, x, y) => {
                let start = from.unwrap_or([ax, ay]);
                flatten(&mut points, [start, [ax, ay], [bx, by], [x, y]], tolerance);
            }
            Step::Close => finish(&mut points, &mut contour),
        }
    });
    finish(&mut points, &mut contour);
}

fn finish(points: &mut Vec<[f64; 2]>, contour: &mut impl FnMut(&[[f64; 2]])) {
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    if points.len() > 2 {
        contour(points);
    }
    points.clear();
}

/// Appends a cubic as chords, all but its start. Only + − × ÷ √: the same bits everywhere.
fn flatten(points: &mut Vec<[f64; 2]>, [p0, p1, p2, p3]: [[f64; 2]; 4], tolerance: f64) {
    // Wang's bound: n ≥ √(6·d/8·tolerance) chords, d the largest second difference.
    let second = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| {
        let (x, y) = (a[0] - 2.0 * b[0] + c[0], a[1] - 2.0 * b[1] + c[1]);
        x * x + y * y
    };
    let bend = second(p0, p1, p2).max(second(p1, p2, p3)).sqrt();
    let n_chords = (0.75 * bend / tolerance).sqrt().ceil().clamp(1.0, 64.0);
    let mut at = 1.0;
    while at < n_chords {
        let t = at / n_chords;
        let s = 1.0 - t;
        let (w0, w1, w2, w3) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
        let mix = |i: usize| w0 * p0[i] + w1 * p1[i] + w2 * p2[i] + w3 * p3[i];
        points.push([mix(0), mix(1)]);
        at += 1.0;
    }
    points.push(p3);
}

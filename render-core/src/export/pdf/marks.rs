//! Crop and registration marks around a page → PDF operators.

use super::content::UNITS_PER_MM;
use crate::export::whole;
use crate::scene::Scene;

/// Crop marks keep this far from the ink, mm.
const GAP: f64 = 1.0;
/// Length of a crop mark, mm.
const LENGTH: f64 = 5.0;
/// Paper beyond the marks, mm.
const EDGE: f64 = 1.0;
/// Radius of a registration mark's circle, mm.
const CIRCLE: f64 = 1.25;
/// The nearest marks may come to the cut, mm, bleed or none.
const NEAREST: f64 = 2.0;

/// Paper around the cut page when it has marks, mm.
pub fn margin(scene: &Scene) -> f64 {
    start(scene) + LENGTH + EDGE
}

fn start(scene: &Scene) -> f64 {
    scene.bleed.max(NEAREST) + GAP
}

/// Draws the marks in page units, y down, in the colour space `/All`, which is on every plate.
pub fn draw(scene: &Scene) -> String {
    let (width, height, near) = (scene.width, scene.height, start(scene));
    let far = near + LENGTH;
    // A quarter of a point, as printers are used to.
    let line_width = whole(0.25 / 72.0 * 25.4 * UNITS_PER_MM);
    let mut out = format!("q /All CS 1 SCN {line_width} w 0 J [] 0 d\n");
    for (x, out_x) in [(0.0, -1.0), (width, 1.0)] {
        for (y, out_y) in [(0.0, -1.0), (height, 1.0)] {
            line(&mut out, (x + out_x * near, y), (x + out_x * far, y));
            line(&mut out, (x, y + out_y * near), (x, y + out_y * far));
        }
    }
    let middle = near + LENGTH / 2.0;
    for (x, y) in [
        (width / 2.0, -middle),
        (width / 2.0, height + middle),
        (-middle, height / 2.0),
        (width + middle, height / 2.0),
    ] {
        let arm = LENGTH / 2.0;
        line(&mut out, (x - arm, y), (x + arm, y));
        line(&mut out, (x, y - arm), (x, y + arm));
        circle(&mut out, x, y);
    }
    out + "Q\n"
}

fn line(out: &mut String, from: (f64, f64), to: (f64, f64)) {
    point(out, from);
    *out += "m ";
    point(out, to);
    *out += "l S\n";
}

fn circle(out: &mut String, x: f64, y: f64) {
    // The usual control points of a quarter circle.
    let (r, c) = (CIRCLE, CIRCLE * 0.552_284_75);
    point(out, (x + r, y));
    *out += "m ";
    for curve in [
        [(r, c), (c, r), (0.0, r)],
        [(-c, r), (-r, c), (-r, 0.0)],
        [(-r, -c), (-c, -r), (0.0, -r)],
        [(c, -r), (r, -c), (r, 0.0)],
    ] {
        for (dx, dy) in curve {
            point(out, (x + dx, y + dy));
        }
        *out += "c ";
    }
    *out += "s\n";
}

fn point(out: &mut String, (x, y): (f64, f64)) {
    *out += &format!("{} {} ", whole(x * UNITS_PER_MM), whole(y * UNITS_PER_MM));
}

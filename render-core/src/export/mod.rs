//! [`Scene`](crate::scene::Scene) → bytes or vertices. Exporters decide nothing: they draw what
//! the scene names, in its order, in its styles.

mod glyphs;
pub mod mesh;
pub mod pdf;
pub mod png;
pub mod raster;
pub mod svg;

use crate::scene::{Draw, Paint, Transform};
use crate::units::PageRect;

/// What a shape is coloured with, whether filled or stroked.
fn paint_of(draw: &Draw) -> &Paint {
    match draw {
        Draw::Fill(paint) | Draw::Stroke { paint, .. } => paint,
    }
}

/// 0 to 1, also for odd numbers.
fn unit(value: f64) -> f64 {
    if value.is_nan() { 1.0 } else { value.clamp(0.0, 1.0) }
}

/// The corners of a box after a transform, in order around it.
fn corners(rect: &PageRect, transform: &Transform) -> [(f64, f64); 4] {
    [
        transform.apply(rect.x, rect.y),
        transform.apply(rect.right(), rect.y),
        transform.apply(rect.right(), rect.bottom()),
        transform.apply(rect.x, rect.bottom()),
    ]
}

/// The shortest dash pattern still drawn, mm: a finer one is a solid line to any eye or printer,
/// and would take for ever to cut.
const SHORTEST_DASHES: f64 = 0.01;

/// Dash lengths a line is cut by: none for a whole line or odd numbers, as SVG and PDF say.
fn dashes(dash: &[f64]) -> &[f64] {
    let is_odd = |length: &f64| !length.is_finite() || *length < 0.0;
    let is_whole = dash.iter().any(is_odd) || dash.iter().sum::<f64>() < SHORTEST_DASHES;
    if is_whole { &[] } else { dash }
}

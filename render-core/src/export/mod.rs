//! [`Scene`](crate::scene::Scene) → bytes or vertices. Exporters decide nothing: they draw what
//! the scene names, in its order, in its styles.

mod glyphs;
pub mod jpeg;
pub mod mesh;
pub mod pdf;
pub mod plotter;
pub mod png;
pub mod raster;
pub mod svg;
mod view;
pub mod webp;
mod xml;
mod xmp;

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

/// A number in text formats: rounded to 0.0001, no trailing zeros.
fn decimal(value: f64) -> String {
    let text = format!("{:.4}", if value.is_finite() { value } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// The nearest whole number of steps, ties to even, at most 1e13 from 0; 0 for NaN.
fn whole(steps: f64) -> i64 {
    // Adding and taking away 1.5 · 2⁵² rounds, with the same bits everywhere.
    const ROUND: f64 = 1.5 * (1_u64 << 52) as f64;
    #[expect(clippy::cast_possible_truncation, reason = "clamped; NaN gives 0")]
    let whole = ((steps.clamp(-1e13, 1e13) + ROUND) - ROUND) as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_no_idle_digits() {
        assert_eq!([0.25, 300.0, -0.00001, f64::NAN].map(decimal), ["0.25", "300", "0", "0"]);
    }

    #[test]
    fn whole_numbers_are_near_and_bounded() {
        let values = [0.5, 1.5, -2.4, f64::NAN, f64::INFINITY].map(whole);
        assert_eq!(values, [0, 2, -2, 0, 10_000_000_000_000]);
    }
}

//! A box that fades, over pixels: with no steps, though neighbouring colours are a whole 1/255 apart.
//!
//! Each column takes the step from one colour to the next at a row of its own, so that a row is on average exactly as
//! faded as it should be. Within a column nothing flickers: the picture packs as well as one with steps.

use vello_cpu::kurbo::Rect;

use super::Band;
use super::pieces::Fade;
use crate::color::Color;

/// One, in the arithmetic here.
const ONE: u32 = 1 << 16;

/// Draws a fade over premultiplied RGBA pixels of a band; without a colour it takes away what is there. `rect`: in
/// the band's pixels.
pub fn draw(color: Option<Color>, fade: &Fade, rect: &Rect, band: &Band, pixels: &mut [u8]) {
    let ink = color.map_or([0; 4], |color| [color.r, color.g, color.b, 255].map(u32::from));
    let width = usize::from(band.width);
    let thresholds: Vec<u32> = (0..width).map(threshold).collect();
    let columns: Vec<f64> = (0..width).map(|x| share(rect.x0, rect.x1, x)).collect();
    // Nearly always all of them; the others are covered in part, or not at all.
    let first = columns.iter().position(|covered| *covered == 1.0).unwrap_or(0);
    let n_whole = columns.iter().skip(first).take_while(|covered| **covered == 1.0).count();
    let whole = first..first + n_whole;
    let lines = pixels.chunks_exact_mut(width * 4).take(band.rows as usize);
    for (row, line) in lines.enumerate() {
        let y = f64::from(band.top) + row as f64 + 0.5;
        let amount = fade.amount(y) * share(rect.y0, rect.y1, row);
        if amount == 0.0 {
            continue;
        }
        let line = line.as_chunks_mut::<4>().0;
        for (x, pixel) in line.iter_mut().enumerate().filter(|(x, _)| !whole.contains(x)) {
            let covered = columns.get(x).copied().unwrap_or_default();
            mix(pixel, ink, alpha(amount * covered), threshold(x));
        }
        let alpha = alpha(amount);
        let line = line.get_mut(whole.clone()).unwrap_or_default();
        for (pixel, threshold) in line.iter_mut().zip(thresholds.get(whole.clone()).unwrap_or(&[]))
        {
            mix(pixel, ink, alpha, *threshold);
        }
    }
}

/// How many rows of a band are above those that a fade is opaque in, down to the band's end and from side to side.
pub fn rows_above_opaque(fade: &Fade, rect: &Rect, band: &Band) -> u32 {
    if rect.x0 > 0.0 || rect.x1 < f64::from(band.width) {
        return band.rows;
    }
    let is_opaque = |row: &u32| {
        let y = f64::from(band.top + row) + 0.5;
        alpha(fade.amount(y) * share(rect.y0, rect.y1, *row as usize)) == ONE
    };
    (0..band.rows).rev().take_while(is_opaque).last().unwrap_or(band.rows)
}

/// How much of a pixel lies between two places.
fn share(from: f64, to: f64, at: usize) -> f64 {
    let at = at as f64;
    (to.min(at + 1.0) - from.max(at)).clamp(0.0, 1.0)
}

fn alpha(amount: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to ONE")]
    let alpha = (amount * f64::from(ONE) + 0.5) as u32;
    alpha
}

/// What is a colour exactly stays it, as the threshold is less than one.
fn mix(pixel: &mut [u8; 4], ink: [u32; 4], alpha: u32, threshold: u32) {
    for (channel, ink) in pixel.iter_mut().zip(ink) {
        let mixed = u32::from(*channel) * (ONE - alpha) + ink * alpha + threshold;
        #[expect(clippy::cast_possible_truncation, reason = "at most 255")]
        let mixed = (mixed >> 16) as u8;
        *channel = mixed;
    }
}

/// Where a column steps, 0 to 1 of [`ONE`]: by the golden ratio, any run of columns has them spread evenly.
fn threshold(x: usize) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "modulo 2¹⁶")]
    let x = x as u32;
    x.wrapping_mul(40_503) % ONE
}

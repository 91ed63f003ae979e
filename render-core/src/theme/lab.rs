//! Colours → CIELAB and WCAG contrast: how far apart two colours look, and steps of a given size.
//!
//! CIELAB rather than Oklab, because near black Oklab counts steps that nobody sees.

use crate::color::Color;

/// A colour in CIELAB (white D65): `l` 0 to 100, `a` and `b` about −128 to 127.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lab {
    /// Lightness.
    pub l: f64,
    /// Green to red.
    pub a: f64,
    /// Blue to yellow.
    pub b: f64,
}

const WHITE: [f64; 3] = [0.950_47, 1.0, 1.088_83];
const EPSILON: f64 = 216.0 / 24_389.0;
const KAPPA: f64 = 24_389.0 / 27.0;

fn to_linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
}

fn to_channel(linear: f64) -> u8 {
    let linear = linear.clamp(0.0, 1.0);
    let value = if linear <= 0.003_130_8 {
        linear * 12.92
    } else {
        1.055 * libm::pow(linear, 1.0 / 2.4) - 0.055
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=255")]
    let byte = (value * 255.0 + 0.5) as u8;
    byte
}

impl Lab {
    /// Of a colour.
    #[must_use]
    pub fn of(color: Color) -> Self {
        let (r, g, b) = (to_linear(color.r), to_linear(color.g), to_linear(color.b));
        let xyz = [
            0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b,
            0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * b,
            0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * b,
        ];
        let [x, y, z] = [0, 1, 2].map(|i: usize| {
            let t = xyz[i] / WHITE[i];
            if t > EPSILON { libm::cbrt(t) } else { (KAPPA * t + 16.0) / 116.0 }
        });
        Self { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }

    /// The nearest colour a screen has; what is out of its gamut is clipped channel by channel.
    #[must_use]
    pub fn color(self) -> Color {
        let y = (self.l + 16.0) / 116.0;
        let (x, z) = (y + self.a / 500.0, y - self.b / 200.0);
        let [x, y, z] = [(x, 0), (y, 1), (z, 2)].map(|(t, i): (f64, usize)| {
            let cube = t * t * t;
            WHITE[i] * if cube > EPSILON { cube } else { (116.0 * t - 16.0) / KAPPA }
        });
        Color::new(
            to_channel(3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z),
            to_channel(-0.969_266_0 * x + 1.876_010_8 * y + 0.041_556_0 * z),
            to_channel(0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z),
        )
    }

    /// `amount` of the way to `other`; beyond 1 it goes on past it.
    #[must_use]
    pub fn lerp(self, other: Self, amount: f64) -> Self {
        let along = |a: f64, b: f64| a + (b - a) * amount;
        Self { l: along(self.l, other.l), a: along(self.a, other.a), b: along(self.b, other.b) }
    }
}

/// How far apart two colours look (CIE76): about 2 is just seen side by side, 100 is black to
/// white.
#[must_use]
pub fn difference(one: Color, other: Color) -> f64 {
    let (p, q) = (Lab::of(one), Lab::of(other));
    let (l, a, b) = (p.l - q.l, p.a - q.a, p.b - q.b);
    (l * l + a * a + b * b).sqrt()
}

/// `from`, moved `distance` (as of [`difference`]) towards `to`, not past it.
#[must_use]
pub fn step(from: Color, to: Color, distance: f64) -> Color {
    let whole = difference(from, to);
    if whole <= distance { to } else { mix(from, to, distance / whole) }
}

/// `amount` (0 to 1, more goes past it) of the way from `from` to `to`, as the eye sees it.
#[must_use]
pub fn mix(from: Color, to: Color, amount: f64) -> Color {
    Lab::of(from).lerp(Lab::of(to), amount).color()
}

/// `from`, moved `distance` towards the lightness of `to`, and towards its hue as far as the two
/// hues agree: a shade of the same paper, not a mixture that greys where they are complementary.
#[must_use]
pub fn shade(from: Color, to: Color, distance: f64) -> Color {
    let (paper, ink) = (Lab::of(from), Lab::of(to));
    let chromas = (paper.a * paper.a + paper.b * paper.b) * (ink.a * ink.a + ink.b * ink.b);
    // 1 where the hues are the same, or where one of the two has none.
    let agreement =
        if chromas > 1.0 { (paper.a * ink.a + paper.b * ink.b) / chromas.sqrt() } else { 1.0 };
    let hue = paper.lerp(ink, 0.15 + 0.7 * agreement.max(0.0));
    let goal = Lab { l: ink.l, a: hue.a, b: hue.b };
    let (l, a, b) = (goal.l - paper.l, goal.a - paper.a, goal.b - paper.b);
    let whole = (l * l + a * a + b * b).sqrt();
    if whole <= distance { goal.color() } else { paper.lerp(goal, distance / whole).color() }
}

/// The ratio of WCAG 2: 1 (none) to 21 (black on white).
#[must_use]
pub fn contrast(one: Color, other: Color) -> f64 {
    let luminance = |c: Color| {
        0.2126 * to_linear(c.r) + 0.7152 * to_linear(c.g) + 0.0722 * to_linear(c.b) + 0.05
    };
    let (one, other) = (luminance(one), luminance(other));
    if one > other { one / other } else { other / one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grey_and_primary_survives_the_round_trip() {
        for v in 0..=255 {
            for color in [Color::new(v, v, v), Color::new(v, 0, 255 - v), Color::new(0, v, 128)] {
                assert_eq!(Lab::of(color).color(), color);
            }
        }
    }

    #[test]
    fn known_values() {
        let (black, white) = (Color::new(0, 0, 0), Color::new(255, 255, 255));
        assert!((difference(black, white) - 100.0).abs() < 0.01);
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        assert!((contrast(Color::new(0x77, 0x77, 0x77), white) - 4.478).abs() < 0.001);
        let red = Lab::of(Color::new(255, 0, 0));
        assert!((red.l - 53.24).abs() < 0.01 && (red.a - 80.09).abs() < 0.02);
    }

    #[test]
    fn a_step_has_its_size_and_never_passes_its_goal() {
        let (from, to) = (Color::new(10, 22, 40), Color::new(212, 175, 55));
        assert!((difference(from, step(from, to, 10.0)) - 10.0).abs() < 0.6);
        assert_eq!(step(from, to, 500.0), to);
        assert_eq!(step(from, from, 5.0), from);
    }
}

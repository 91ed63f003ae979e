//! How colours look: differences in CIELAB, mixtures in Oklab, contrast as WCAG 2 counts it.
//!
//! Each where it is good: Oklab keeps a blue blue where CIELAB turns it purple, and CIELAB does
//! not count steps near black that nobody sees.

use crate::color::Color;

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

/// Lightness, green to red, blue to yellow.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lab {
    l: f64,
    a: f64,
    b: f64,
}

impl Lab {
    /// CIELAB (white D65): `l` 0 to 100, `a` and `b` about −128 to 127.
    fn cie(color: Color) -> Self {
        let (r, g, b) = (to_linear(color.r), to_linear(color.g), to_linear(color.b));
        let root = |t: f64| {
            if t > 216.0 / 24_389.0 { libm::cbrt(t) } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 }
        };
        let x = root((0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47);
        let y = root(0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * b);
        let z = root((0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * b) / 1.088_83);
        Self { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }

    /// Oklab: `l` 0 to 1, `a` and `b` about −0.4 to 0.4.
    fn ok(color: Color) -> Self {
        let (r, g, b) = (to_linear(color.r), to_linear(color.g), to_linear(color.b));
        let l = libm::cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b);
        let m = libm::cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b);
        let s = libm::cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b);
        Self {
            l: 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            a: 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            b: 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        }
    }

    /// The nearest colour of a screen to one in Oklab; what is out of its gamut is clipped channel
    /// by channel.
    fn ok_color(self) -> Color {
        let cube = |x: f64| x * x * x;
        let l = cube(self.l + 0.396_337_777_4 * self.a + 0.215_803_757_3 * self.b);
        let m = cube(self.l - 0.105_561_345_8 * self.a - 0.063_854_172_8 * self.b);
        let s = cube(self.l - 0.089_484_177_5 * self.a - 1.291_485_548_0 * self.b);
        Color::new(
            to_channel(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
            to_channel(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
            to_channel(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
        )
    }

    fn lerp(self, other: Self, amount: f64) -> Self {
        let along = |a: f64, b: f64| a + (b - a) * amount;
        Self { l: along(self.l, other.l), a: along(self.a, other.a), b: along(self.b, other.b) }
    }
}

/// How far apart two colours look (CIE76): about 2 is just seen side by side, 100 is black to
/// white.
#[must_use]
pub fn difference(one: Color, other: Color) -> f64 {
    let (p, q) = (Lab::cie(one), Lab::cie(other));
    let (l, a, b) = (p.l - q.l, p.a - q.a, p.b - q.b);
    (l * l + a * a + b * b).sqrt()
}

/// `amount` (0 to 1, more goes past it) of the way from `from` to `to`, as the eye sees it.
#[must_use]
pub fn mix(from: Color, to: Color, amount: f64) -> Color {
    Lab::ok(from).lerp(Lab::ok(to), amount).ok_color()
}

/// `from`, moved `distance` (as of [`difference`]) towards `to`, not past it.
#[must_use]
pub fn step(from: Color, to: Color, distance: f64) -> Color {
    walk(from, Lab::ok(to), distance)
}

/// `from`, moved `distance` towards the lightness of `to`, and towards its hue as far as the two
/// hues agree: a shade of the same paper, not a mixture that greys where they are complementary.
#[must_use]
pub fn shade(from: Color, to: Color, distance: f64) -> Color {
    let (paper, ink) = (Lab::ok(from), Lab::ok(to));
    let chroma = |lab: Lab| (lab.a * lab.a + lab.b * lab.b).sqrt();
    let chromas = chroma(paper) * chroma(ink);
    // 1 where the hues are the same, or where one of the two has none.
    let agreement =
        if chromas > 1e-5 { (paper.a * ink.a + paper.b * ink.b) / chromas } else { 1.0 };
    // Ink paler than the paper would bleach it on the way.
    let towards = if chroma(ink) < chroma(paper) { 0.15 } else { 0.15 + 0.6 * agreement.max(0.0) };
    let hue = paper.lerp(ink, towards);
    walk(from, Lab { l: ink.l, a: hue.a, b: hue.b }, distance)
}

/// The first colour on the line to `goal` (in Oklab) that differs by `distance`.
fn walk(from: Color, goal: Lab, distance: f64) -> Color {
    let start = Lab::ok(from);
    let at = |amount: f64| start.lerp(goal, amount).ok_color();
    if difference(from, at(1.0)) <= distance {
        return at(1.0);
    }
    let (mut near, mut far) = (0.0, 1.0);
    for _ in 0..20 {
        let middle = f64::midpoint(near, far);
        if difference(from, at(middle)) < distance {
            near = middle;
        } else {
            far = middle;
        }
    }
    at(far)
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
                assert_eq!(Lab::ok(color).ok_color(), color);
                assert_eq!(mix(color, Color::new(9, 99, 199), 0.0), color);
            }
        }
    }

    #[test]
    fn known_values() {
        let (black, white) = (Color::new(0, 0, 0), Color::new(255, 255, 255));
        assert!((difference(black, white) - 100.0).abs() < 0.01);
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        assert!((contrast(Color::new(0x77, 0x77, 0x77), white) - 4.478).abs() < 0.001);
        let red = Lab::cie(Color::new(255, 0, 0));
        assert!((red.l - 53.24).abs() < 0.01 && (red.a - 80.09).abs() < 0.02);
        let red = Lab::ok(Color::new(255, 0, 0));
        assert!((red.l - 0.628).abs() < 0.001 && (red.a - 0.225).abs() < 0.001);
    }

    #[test]
    fn a_step_has_its_size_and_never_passes_its_goal() {
        let (from, to) = (Color::new(10, 22, 40), Color::new(212, 175, 55));
        for walk in [step, shade] {
            assert!((difference(from, walk(from, to, 10.0)) - 10.0).abs() < 0.8);
        }
        assert_eq!(step(from, to, 500.0), to);
        assert_eq!(step(from, from, 5.0), from);
    }

    #[test]
    fn a_shade_of_navy_is_navy_whatever_the_ink() {
        for ink in [Color::new(232, 244, 255), Color::new(212, 175, 55)] {
            let shade = shade(Color::new(26, 58, 92), ink, 7.0);
            assert!(shade.r < shade.g && shade.g < shade.b, "{}", shade.to_hex());
            assert!(shade.b - shade.r > 55, "{}", shade.to_hex());
        }
    }
}

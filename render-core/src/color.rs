//! Colours as 8-bit sRGB, and the mixing that derives one from others.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Color {
    /// From its parts.
    #[must_use]
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// From `#rgb` or `#rrggbb`, either case.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if !digits.is_ascii() {
            return None;
        }
        let parse = |at: usize, n: usize| u8::from_str_radix(digits.get(at..at + n)?, 16).ok();
        match digits.len() {
            3 => Some(Self::new(parse(0, 1)? * 17, parse(1, 1)? * 17, parse(2, 1)? * 17)),
            6 => Some(Self::new(parse(0, 2)?, parse(2, 2)?, parse(4, 2)?)),
            _ => None,
        }
    }

    /// As `#rrggbb`.
    #[must_use]
    pub fn to_hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }

    /// `amount` of the way (0..=1, clamped) towards `other`, channel by channel.
    #[must_use]
    pub fn mix(self, other: Self, amount: f64) -> Self {
        let amount = if amount.is_nan() { 0.0 } else { amount.clamp(0.0, 1.0) };
        let channel = |a: u8, b: u8| {
            let value = f64::from(a) + (f64::from(b) - f64::from(a)) * amount;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=255")]
            let byte = value.round() as u8;
            byte
        };
        Self::new(channel(self.r, other.r), channel(self.g, other.g), channel(self.b, other.b))
    }

    /// Perceived lightness, 0 (black) to 1 (white), by the luma weights of Rec. 709.
    #[must_use]
    pub fn lightness(self) -> f64 {
        (0.2126 * f64::from(self.r) + 0.7152 * f64::from(self.g) + 0.0722 * f64::from(self.b))
            / 255.0
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("“{text}” is not a colour such as #1a3a5c"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways_and_odd_text_is_refused() {
        assert_eq!(Color::from_hex("#1A3a5C").map(Color::to_hex).as_deref(), Some("#1a3a5c"));
        assert_eq!(Color::from_hex("#fff"), Some(Color::new(255, 255, 255)));
        for odd in ["", "fff", "#ffff", "#ggg", "#é1", "#12345é"] {
            assert_eq!(Color::from_hex(odd), None, "{odd}");
        }
    }
}

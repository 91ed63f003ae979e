//! Lengths and spaces: page millimetres and map metres, never mixed.

use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Serialize};

/// Millimetres on paper.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mm(pub f64);

/// PostScript points in a millimetre: 72 to the inch of 25.4 mm.
pub const PT_PER_MM: f64 = 72.0 / 25.4;

impl Mm {
    /// From PostScript points (1/72 in).
    #[must_use]
    pub fn from_pt(pt: f64) -> Self {
        Self(pt / PT_PER_MM)
    }

    /// In PostScript points (1/72 in).
    #[must_use]
    pub fn pt(self) -> f64 {
        self.0 * PT_PER_MM
    }

    /// In pixels at `dpi`, rounded half up: the size of an exported picture.
    #[must_use]
    pub fn pixels(self, dpi: f64) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let pixels = (self.0 * dpi / 25.4 + 0.5).floor() as u64;
        pixels
    }
}

/// A point on the page: millimetres from the trim's top left corner, y down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PagePoint {
    /// To the right, mm.
    pub x: f64,
    /// Down, mm.
    pub y: f64,
}

/// A box on the page in millimetres, y down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PageRect {
    /// Left edge, mm.
    pub x: f64,
    /// Top edge, mm.
    pub y: f64,
    /// Width, mm.
    pub width: f64,
    /// Height, mm.
    pub height: f64,
}

impl PageRect {
    /// Right edge, mm.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Bottom edge, mm.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The smallest rectangle that has both in it.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// What is in both; of no width or height where nothing is.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = self.right().min(other.right());
        let bottom = self.bottom().min(other.bottom());
        Self { x, y, width: (right - x).max(0.0), height: (bottom - y).max(0.0) }
    }

    /// Grown by `by` mm on every side.
    #[must_use]
    pub fn expanded(&self, by: f64) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }
}

/// A point on the map: metres from the design's place, x east, y north.
#[derive(Debug, Clone, Copy, PartialEq, Default, Pod, Zeroable)]
#[repr(C)]
pub struct MapPoint {
    /// East, m.
    pub x: f32,
    /// North, m.
    pub y: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_round_half_up() {
        assert_eq!(Mm(300.0).pixels(300.0), 3543);
        assert_eq!(Mm(304.8).pixels(300.0), 3600);
        assert_eq!(Mm(25.4 * 0.5).pixels(1.0), 1);
    }
}

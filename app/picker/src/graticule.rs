//! Meridians and parallels in a view, as many as help.

use crate::view::{View, degrees, mercator};

/// Degrees from one line to the next; the finest that keeps them apart is taken.
const STEPS: [f64; 15] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
/// Fewest pixels between two lines.
const APART: f64 = 110.0;

/// A line across the view and what it is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Meridian {
    /// Pixels from the left, or of a parallel from the top.
    pub at: f64,
    /// `25° E`.
    pub words: String,
}

/// Meridians and parallels.
#[must_use]
pub fn graticule(view: &View) -> (Vec<Meridian>, Vec<Meridian>) {
    let is_apart = |step: &&f64| **step / 360.0 * view.world >= APART;
    let step = STEPS.iter().find(is_apart).copied().unwrap_or(30.0);
    let n_decimals = STEPS.iter().take(9).position(|other| *other >= step).map_or(0, |i| 3 - i / 3);
    let (west, north) = view.to_unit((0.0, 0.0));
    let (east, south) = view.to_unit(view.size);
    let words = |degrees: f64, positive: &str, negative: &str| {
        let side = match degrees {
            0.0 => "",
            degrees if degrees > 0.0 => positive,
            _ => negative,
        };
        format!("{:.n_decimals$}°{side}", degrees.abs())
    };
    let mut meridians = Vec::new();
    let (from, to) = ((west - 0.5) * 360.0 / step, (east - 0.5) * 360.0 / step);
    for n in from.ceil() as i64..=to.floor() as i64 {
        let lon = n as f64 * step;
        let (at, _) = view.to_pixels((lon / 360.0 + 0.5, 0.0));
        let within = 180.0 - (180.0 - lon).rem_euclid(360.0);
        let within = if (within.abs() - 180.0).abs() < 1e-9 { 180.0 } else { within };
        let words = if within == 180.0 { "180°".to_owned() } else { words(within, " E", " W") };
        meridians.push(Meridian { at, words });
    }
    let mut parallels = Vec::new();
    let (from, to) = (degrees((0.0, south)).0 / step, degrees((0.0, north)).0 / step);
    for n in from.ceil() as i64..=to.floor() as i64 {
        let lat = n as f64 * step;
        let (_, at) = view.to_pixels((0.0, mercator(lat, 0.0).1));
        parallels.push(Meridian { at, words: words(lat, " N", " S") });
    }
    (meridians, parallels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lines: &[Meridian]) -> Vec<&str> {
        lines.iter().map(|line| &*line.words).collect()
    }

    #[test]
    fn a_world_has_few_lines_and_a_town_fine_ones() {
        let (meridians, parallels) = graticule(&View::of_world((1440.0, 700.0)));
        assert_eq!(meridians.len(), 13);
        assert_eq!(words(&meridians)[..3], ["180°", "150° W", "120° W"]);
        assert!(words(&parallels).contains(&"0°") && words(&parallels).contains(&"60° N"));
        let town = [mercator(60.15, 24.9), mercator(60.2, 25.0)];
        let view = View::of_world((1440.0, 700.0)).fitted(&town);
        let (meridians, parallels) = graticule(&view);
        assert!(words(&meridians).contains(&"24.95° E"), "{meridians:?}");
        let n_lines = (meridians.len(), parallels.len());
        assert!((4..=14).contains(&n_lines.0) && (2..=12).contains(&n_lines.1), "{n_lines:?}");
    }

    #[test]
    fn lines_are_where_their_degrees_are_also_beyond_the_antimeridian() {
        let view = View::of_world((900.0, 600.0)).pulled((-450.0, 0.0));
        let (meridians, _) = graticule(&view);
        let line = meridians.iter().find(|line| line.words == "150° W").unwrap();
        assert!((line.at - (450.0 + 75.0)).abs() < 1e-6, "{line:?}");
        assert_eq!(meridians.iter().filter(|line| line.words == "180°").count(), 1);
    }
}

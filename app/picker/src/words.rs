//! A frame in words.

use crate::frame::Frame;

impl Frame {
    /// `60.1722° N, 24.9443° E`.
    #[must_use]
    pub fn coordinates(&self) -> String {
        let side = |degrees: f64, positive, negative| {
            format!("{:.4}° {}", degrees.abs(), if degrees < 0.0 { negative } else { positive })
        };
        format!("{}, {}", side(self.lat, "N", "S"), side(self.lon, "E", "W"))
    }

    /// `0.93 × 1.24 km`, its width and height.
    #[must_use]
    pub fn size(&self) -> String {
        let height = 2.0 * self.distance / 1000.0;
        let width = height * self.ratio;
        let n_decimals = match width.min(height) {
            side if side < 10.0 => 2,
            side if side < 100.0 => 1,
            _ => 0,
        };
        format!("{width:.n_decimals$} × {height:.n_decimals$} km")
    }

    /// `turned 15° to the left`, as the frame lies on the map; empty where north is above.
    #[must_use]
    pub fn turn(&self) -> String {
        let degrees = (self.rotation.abs() * 10.0).round() / 10.0;
        match self.rotation {
            rotation if degrees == 0.0 || rotation == 0.0 => String::new(),
            rotation if rotation > 0.0 => format!("turned {degrees}° to the left"),
            _ => format!("turned {degrees}° to the right"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_told_as_exactly_as_it_helps() {
        let mut frame =
            Frame { lat: 60.1722, lon: -24.9443, distance: 620.0, rotation: 0.0, ratio: 0.75 };
        assert_eq!(frame.coordinates(), "60.1722° N, 24.9443° W");
        assert_eq!((frame.size(), frame.turn()), ("0.93 × 1.24 km".into(), String::new()));
        frame = Frame { distance: 50_000.0, rotation: -15.0, ..frame };
        assert_eq!(frame.size(), "75.0 × 100.0 km");
        assert_eq!(frame.turn(), "turned 15° to the right");
    }
}

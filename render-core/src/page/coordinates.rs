//! Latitude and longitude → the line `60.1719° N / 24.9414° E`.

/// Degrees as a poster prints them: four decimals (about 10 m), hemisphere by letter.
#[must_use]
pub fn coordinates_line(lat: f64, lon: f64) -> String {
    format!("{} / {}", half(lat, "N", "S"), half(lon, "E", "W"))
}

/// One of the two. The letter carries the sign; what rounds to zero has none, and counts as north
/// or east.
fn half(degrees: f64, positive: &str, negative: &str) -> String {
    let degrees = if degrees.is_finite() { degrees } else { 0.0 };
    let rounded = format!("{:.4}", degrees.abs());
    let is_zero = rounded.bytes().all(|b| matches!(b, b'0' | b'.'));
    let letter = if degrees < 0.0 && !is_zero { negative } else { positive };
    format!("{rounded}° {letter}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lat: f64, lon: f64, expected: &str) {
        assert_eq!(coordinates_line(lat, lon), expected);
    }

    #[test]
    fn all_four_hemispheres() {
        check(60.1719, 24.9414, "60.1719° N / 24.9414° E");
        check(40.7128, -74.006, "40.7128° N / 74.0060° W");
        check(-33.8688, 151.2093, "33.8688° S / 151.2093° E");
        check(-22.9068, -43.1729, "22.9068° S / 43.1729° W");
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        check(-0.000_01, -0.000_049, "0.0000° N / 0.0000° E");
        check(-0.0, 0.0, "0.0000° N / 0.0000° E");
        check(-0.000_06, -0.000_06, "0.0001° S / 0.0001° W");
    }

    #[test]
    fn carries_over_when_it_rounds_up_and_survives_nan() {
        check(9.999_96, 179.999_99, "10.0000° N / 180.0000° E");
        check(f64::NAN, f64::INFINITY, "0.0000° N / 0.0000° E");
    }
}

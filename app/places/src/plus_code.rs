//! Plus codes (Open Location Code) → a point. Two digits of base 20 halve the globe's degrees again and
//! again; behind the `+` a digit is one of 5 × 4 fields.

use crate::query::{PlaceQuery, Point};

const DIGITS: &[u8; 20] = b"23456789CFGHJMPQRVWX";
/// Degrees to a pair's step.
const STEPS: [f64; 5] = [20.0, 1.0, 0.05, 0.0025, 0.000_125];

/// A code that is all of a text or its first word.
pub(crate) fn parse(text: &str) -> Option<PlaceQuery> {
    let (code, near) = text.split_once([' ', ',']).unwrap_or((text, ""));
    let code = code.to_ascii_uppercase();
    let near = near.trim_matches([' ', ',']);
    let (head, tail) = code.split_once('+')?;
    if head.len() == 8 {
        return near.is_empty().then(|| point(&code)).flatten().map(PlaceQuery::Point);
    }
    let is_short = matches!(head.len(), 2 | 4 | 6) && tail.len() >= 2;
    let is_code = is_short && code.bytes().all(|c| c == b'+' || DIGITS.contains(&c));
    is_code.then(|| PlaceQuery::ShortCode { code, near: near.to_owned() })
}

/// The middle of a full code's field.
fn point(code: &str) -> Option<Point> {
    let (head, tail) = code.split_once('+')?;
    let padded = head.trim_end_matches('0');
    let n_padding = head.len() - padded.len();
    let is_form = head.len() == 8
        && (n_padding == 0 && tail.len() != 1 || matches!(n_padding, 2 | 4 | 6) && tail.is_empty());
    if !is_form || tail.len() > 7 {
        return None;
    }
    let digits: Option<Vec<f64>> = padded
        .bytes()
        .chain(tail.bytes())
        .map(|c| DIGITS.iter().position(|digit| *digit == c).map(|value| value as f64))
        .collect();
    let digits = digits?;
    let (mut lat, mut lon) = (-90.0, -180.0);
    let (mut height, mut width) = (0.0, 0.0);
    for (pair, step) in digits.chunks(2).zip(STEPS) {
        if let [north, east] = pair {
            lat += north * step;
            lon += east * step;
            (height, width) = (step, step);
        }
    }
    for field in digits.iter().skip(10) {
        (height, width) = (height / 5.0, width / 4.0);
        lat += (field / 4.0).floor() * height;
        lon += field % 4.0 * width;
    }
    Point::at(lat + height / 2.0, lon + width / 2.0)
}

/// The point of a short code that is nearest to a place, degrees.
#[must_use]
pub fn recover(short: &str, near: (f64, f64)) -> Option<Point> {
    let n_missing = 8usize.checked_sub(short.find('+')?)?;
    if n_missing == 0 || !n_missing.is_multiple_of(2) {
        return point(short);
    }
    let (near_lat, near_lon) = (near.0.clamp(-90.0, 89.999_999), near.1.clamp(-180.0, 179.999_999));
    let (mut lat, mut lon) = (near_lat + 90.0, near_lon + 180.0);
    let mut code = String::new();
    for step in STEPS.iter().take(n_missing / 2) {
        for degrees in [&mut lat, &mut lon] {
            let digit = ((*degrees / step) as usize).min(19);
            code.push(char::from(DIGITS[digit]));
            *degrees -= digit as f64 * step;
        }
    }
    let mut found = point(&(code + short))?;
    let field = *STEPS.get(n_missing / 2 - 1)?;
    let nearest = |found: f64, near: f64, most: f64| {
        let turned = found + ((near - found) / field).round() * field;
        if turned.abs() <= most { turned } else { found }
    };
    found.lat = nearest(found.lat, near_lat, 90.0);
    found.lon = nearest(found.lon, near_lon, 180.0);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_specification_are_decoded() {
        // From the specification's test data: code, south, west, north, east.
        for (code, south, west, north, east) in [
            ("7FG49Q00+", 20.35, 2.75, 20.4, 2.8),
            ("7FG49QCJ+2V", 20.37, 2.782_125, 20.370_125, 2.782_25),
            ("7FG49QCJ+2VX", 20.370_1, 2.782_218_75, 20.370_125, 2.782_25),
            ("8FVC2222+22", 47.0, 8.0, 47.000_125, 8.000_125),
            ("4VCPPQGP+Q9", -41.273_125, 174.785_875, -41.273, 174.786),
            ("62G20000+", 0.0, -180.0, 1.0, -179.0),
            ("22220000+", -90.0, -180.0, -89.0, -179.0),
        ] {
            let found = point(code).unwrap();
            let (lat, lon) = (f64::midpoint(south, north), f64::midpoint(west, east));
            assert!(
                (found.lat - lat).abs() < 1e-9 && (found.lon - lon).abs() < 1e-9,
                "{code}: {found:?}"
            );
        }
    }

    #[test]
    fn short_codes_are_completed_by_the_nearest() {
        let full = |code: &str| point(code).map(|found| (found.lat, found.lon)).unwrap();
        for (short, near, code) in [
            ("CJ+2VX", (51.3701125, -1.217765625), "9C3W9QCJ+2VX"),
            ("9QCJ+2VX", (51.3852125, -1.217765625), "9C3W9QCJ+2VX"),
            ("22+", (42.899, 9.012), "8FJFW222+"),
            ("22+", (14.95125, -23.5001), "796RXG22+"),
        ] {
            let found = recover(short, near).unwrap();
            let (lat, lon) = full(code);
            assert!(
                (found.lat - lat).abs() < 1e-6 && (found.lon - lon).abs() < 1e-6,
                "{short}: {found:?}"
            );
        }
    }
}

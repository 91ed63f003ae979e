//! Decimal degrees as text → OSM's integers, with no floating point on the common road.

/// Degrees × 1e7, rounded to the nearest; `None` when not a number or far off any globe.
///
/// Overpass writes at most seven decimals, so the digits are the integer already.
pub(super) fn parse_e7(text: &str) -> Option<i32> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        digits => (false, digits),
    };
    let mut value = 0_i64;
    let mut decimals = None;
    for byte in digits {
        match (byte, decimals) {
            (b'0'..=b'9', Some(7)) => return parse_slowly(text),
            (b'0'..=b'9', _) => {
                value = value * 10 + i64::from(byte - b'0');
                decimals = decimals.map(|n| n + 1);
                if value > i64::from(i32::MAX) {
                    return parse_slowly(text);
                }
            }
            (b'.', None) => decimals = Some(0),
            _ => return parse_slowly(text),
        }
    }
    let scale = 10_i64.pow(7 - decimals.unwrap_or(0));
    i32::try_from(value * scale).ok().map(|value| if negative { -value } else { value })
}

/// For `6.0e1`, `60.123456789` and other forms JSON allows.
fn parse_slowly(text: &str) -> Option<i32> {
    let scaled = (text.parse::<f64>().ok()? * 1e7).round();
    (scaled.abs() < f64::from(i32::MAX)).then_some(scaled as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_integers() {
        for (text, expected) in [
            ("60.1717000", Some(601_717_000)),
            ("-0.0000001", Some(-1)),
            ("7", Some(70_000_000)),
            ("-179.9999999", Some(-1_799_999_999)),
            ("60.12345678", Some(601_234_568)),
            ("6.01717e1", Some(601_717_000)),
            ("1e999", None),
            ("99999999999999999999", None),
            ("215", None),
        ] {
            assert_eq!(parse_e7(text), expected, "{text}");
        }
    }

    #[test]
    fn the_fast_road_agrees_with_the_slow_one() {
        for n in (-1_800_000_000_i64..1_800_000_000).step_by(9_876_543) {
            let sign = if n < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:07}", n.abs() / 10_000_000, n.abs() % 10_000_000);
            assert_eq!(parse_e7(&text), Some(n as i32));
            assert_eq!(parse_slowly(&text), Some(n as i32));
        }
    }
}

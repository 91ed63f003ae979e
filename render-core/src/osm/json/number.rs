//! Decimal degrees as text → OSM's integers, with no floating point on the common road.

/// Degrees × 1e7, rounded to the nearest; `None` when not a number or far off any globe.
pub(super) fn parse_e7(text: &str) -> Option<i32> {
    match e7_prefix(text.as_bytes()) {
        Some((value, len)) if len == text.len() => Some(value),
        _ => parse_slowly(text),
    }
}

/// The plain decimal number that `text` begins with, × 1e7, and its length. Overpass writes at most
/// seven decimals, so the digits are the integer already. `None` for every rarer form.
#[inline]
pub(super) fn e7_prefix(text: &[u8]) -> Option<(i32, usize)> {
    const SCALE: [i64; 8] = [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let start = usize::from(text.first() == Some(&b'-'));
    let mut value = 0_i64;
    let mut at = start;
    let mut digits = |at: &mut usize, most: usize| {
        let from = *at;
        while let Some(byte) = text.get(*at).filter(|byte| byte.is_ascii_digit()) {
            if *at - from == most {
                return None;
            }
            value = value * 10 + i64::from(byte - b'0');
            *at += 1;
        }
        (*at > from).then_some(*at - from)
    };
    let n_whole = digits(&mut at, 3)?;
    let mut n_decimals = 0;
    if text.get(at) == Some(&b'.') {
        at += 1;
        n_decimals = digits(&mut at, 7)?;
    }
    let has_idle_zero = n_whole > 1 && text.get(start) == Some(&b'0');
    let goes_on = matches!(text.get(at), Some(b'e' | b'E' | b'.' | b'+' | b'-'));
    if has_idle_zero || goes_on {
        return None;
    }
    let value = i32::try_from(value * SCALE.get(n_decimals)?).ok()?;
    Some((if start == 1 { -value } else { value }, at))
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

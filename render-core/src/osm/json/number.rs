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

/// A number of degrees × 1e7 at the head of a text, and what follows it; `None` as in
/// [`e7_prefix`].
#[inline]
pub(super) fn degrees(text: &[u8]) -> Option<(i32, &[u8])> {
    if let Some(found) = usual_degrees(text) {
        return Some(found);
    }
    let (value, len) = e7_prefix(text)?;
    Some((value, text.get(len..)?))
}

/// One to three digits, a point and seven digits: what Overpass writes.
#[inline]
fn usual_degrees(text: &[u8]) -> Option<(i32, &[u8])> {
    let (value, len) = seven_decimals(text.first_chunk::<16>()?, 0)?;
    let rest = text.get(len..)?;
    let goes_on = matches!(rest.first(), Some(b'0'..=b'9' | b'e' | b'E' | b'.' | b'+' | b'-'));
    (!goes_on).then_some((value, rest))
}

/// One to three digits, a point and seven digits at a place in a window, × 1e7, and where they end; what is there is not
/// looked at. The decimals are converted all at once.
#[inline]
pub(super) fn seven_decimals<const N: usize>(window: &[u8; N], at: usize) -> Option<(i32, usize)> {
    let head = word_at(window, at)?;
    let is_negative = head as u8 == b'-';
    let sign = usize::from(is_negative);
    let [a, b, c, d, ..] = (head >> (8 * sign)).to_le_bytes();
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let first = |byte: u8| digit(byte).filter(|digit| *digit > 0);
    let (whole, n) = match (b, c, d) {
        (b'.', ..) => (digit(a)?, 1),
        (_, b'.', _) => (first(a)? * 10 + digit(b)?, 2),
        (_, _, b'.') => (first(a)? * 100 + digit(b)? * 10 + digit(c)?, 3),
        _ => return None,
    };
    let at = at + sign + n + 1;
    // The byte behind the seven decimals goes, a zero comes before them.
    let decimals = eight_digits(word_at(window, at)? << 8 | u64::from(b'0'))?;
    let value = i32::try_from(whole * 10_000_000 + i64::from(decimals)).ok()?;
    Some((if is_negative { -value } else { value }, at + 7))
}

/// Eight bytes of a window.
#[inline]
pub(super) fn word_at<const N: usize>(window: &[u8; N], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*window.get(at..)?.first_chunk()?))
}

/// Eight ASCII digits, the first in the lowest byte, as a number: pairs, then fours, then all, each
/// by one multiplication.
#[inline]
fn eight_digits(text: u64) -> Option<u32> {
    if other_than_digits(text) != 0 {
        return None;
    }
    let value = text.wrapping_sub(0x30 * ALL);
    let pairs = value.wrapping_mul(10).wrapping_add(value >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) as u32)
}

/// A one in each byte.
const ALL: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte that is no ASCII digit; only up to the lowest of them are they exact.
#[inline]
fn other_than_digits(text: u64) -> u64 {
    (text.wrapping_add(0x46 * ALL) | text.wrapping_sub(0x30 * ALL)) & (0x80 * ALL)
}

/// How long the integer is that a text begins with; `None` where it is no integer, or may go on
/// behind the end.
#[inline]
pub(super) fn integer_len(text: &[u8]) -> Option<usize> {
    // Most ids have more than eight digits and less than sixteen.
    if let Some(window) = text.first_chunk::<16>()
        && window[0] != b'0'
        && other_than_digits(word_at(window, 0)?) == 0
    {
        let others = other_than_digits(word_at(window, 8)?);
        if others != 0 {
            let n_digits = 8 + others.trailing_zeros() as usize / 8;
            let goes_on = matches!(window.get(n_digits), Some(b'e' | b'E' | b'.'));
            return (!goes_on).then_some(n_digits);
        }
    }
    let start = usize::from(text.first() == Some(&b'-'));
    let digits = text.get(start..)?;
    let n_digits = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    let has_idle_zero = n_digits > 1 && digits.first() == Some(&b'0');
    let goes_on = matches!(digits.get(n_digits), Some(b'e' | b'E' | b'.'));
    (n_digits > 0 && !has_idle_zero && !goes_on).then_some(start + n_digits)
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
            assert_eq!(
                usual_degrees(format!("{text}, and on").as_bytes()),
                Some((n as i32, &b", and on"[..]))
            );
            assert_eq!(parse_slowly(&text), Some(n as i32));
        }
    }

    #[test]
    fn the_usual_road_takes_nothing_unusual() {
        for text in [
            "1.234567",
            "1.2345678,",
            "1.23456789,",
            "1.234567,",
            "01.2345678,",
            "1.234567e1,",
            "1.234567:,",
            "1.23456/7,",
            ".1234567,",
            "1234.1234567,",
            "215.1234567,",
            "1.2345678",
        ] {
            for text in [text.to_owned(), format!("{text} and on")] {
                let text = text.as_bytes();
                let slowly = e7_prefix(text);
                let slowly = slowly.and_then(|(value, len)| Some((value, text.get(len..)?)));
                let found = usual_degrees(text);
                assert!(found.is_none() || found == slowly, "{text:?}: {found:?}");
            }
        }
        assert_eq!(degrees(b"-0.0000001 }"), Some((-1, &b" }"[..])));
        assert_eq!(usual_degrees(b"1.234567 }"), None);
        assert_eq!(usual_degrees(b"-0.0000001 } and"), Some((-1, &b" } and"[..])));
        assert_eq!(usual_degrees(b"1.234567 } and on"), None);
    }

    #[test]
    fn an_integer_ends_before_its_first_other_character() {
        for (text, expected) in [
            ("12,", Some(2)),
            ("-7 ", Some(2)),
            ("0]", Some(1)),
            ("12", None),
            ("01,", None),
            ("1e3,", None),
            ("1.0,", None),
            ("-,", None),
            (",", None),
            ("", None),
            ("12345678,", Some(8)),
            ("12345678,       ", Some(8)),
            ("1234567,        ", Some(7)),
            ("123456789012345,", Some(15)),
            ("1234567890123456", None),
            ("12345678901234567890,", Some(20)),
            ("012345678,      ", None),
            ("-12345678,      ", Some(9)),
            ("123456789e1,    ", None),
            ("123456789.0,    ", None),
            ("12345678:       ", Some(8)),
            ("12345678/       ", Some(8)),
            ("12345678\u{ff}99,   ", Some(8)),
        ] {
            assert_eq!(integer_len(text.as_bytes()), expected, "{text}");
        }
    }
}

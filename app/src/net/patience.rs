//! When a map server is asked again by itself: at most twice, after waits that its operators ask
//! for, and never what it refused for good (<https://dev.overpass-api.de/overpass-doc/en/preface/commons.html>).

use crate::failure::Failure;

/// Most seconds that are added to a wait, so that those who were refused together do not all come
/// back together.
const SPREAD: f64 = 5.0;
/// The longest rest that is ever given, seconds.
const LONGEST: f64 = 65.0;

/// Seconds to wait before asking again; `None` where that would be wrong. `n`: how often has been
/// asked again already. `luck`: 0..1, another each time.
#[must_use]
pub fn wait_after(failure: &Failure, n: u32, luck: f64) -> Option<u32> {
    // A failure that a wait does not mend has none: a query the server cannot read, a site it does
    // not serve, an area it has no memory for.
    let wait = match n {
        0 => failure.wait,
        1 => 2 * failure.wait,
        _ => 0,
    };
    (wait > 0).then(|| wait + (luck.clamp(0.0, 1.0) * SPREAD) as u32)
}

/// Seconds until the end of a rest that was written down, maybe by another tab or before a reload; both in ms since
/// 1970. What lies further ahead than any rest is of a clock that was set back since, and counts for nothing.
#[must_use]
pub fn rest_left(end: f64, now: f64) -> u32 {
    let left = ((end - now) / 1000.0).ceil();
    if (0.0..=LONGEST).contains(&left) { left as u32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::overpass::of_status;

    #[test]
    fn a_server_is_asked_three_times_at_most_and_not_at_all_where_it_said_no() {
        let check = |status: u16, expected: [Option<u32>; 3]| {
            let failure = of_status(status);
            assert_eq!([0, 1, 2].map(|n| wait_after(&failure, n, 0.0)), expected, "{status}");
        };
        check(429, [Some(30), Some(60), None]);
        check(504, [Some(15), Some(30), None]);
        for status in [400, 403, 406] {
            check(status, [None; 3]);
        }
        assert_eq!(wait_after(&of_status(429), 0, 0.99), Some(34));
    }

    #[test]
    fn a_rest_outlives_the_page_but_no_clock_that_is_set_back_locks_anyone_out() {
        let now = 1.8e12;
        let check = |end: f64, expected: u32| assert_eq!(rest_left(end, now), expected, "{end}");
        check(now + 30_000.0, 30);
        check(now + 29_001.0, 30);
        check(now, 0);
        check(now - 1.0, 0);
        check(now + 3_600_000.0, 0);
        check(0.0, 0);
        check(f64::NAN, 0);
        check(f64::INFINITY, 0);
    }

    #[test]
    fn no_rest_is_longer_than_the_longest() {
        for failure in (100..600).map(of_status) {
            let rests = [0, 1].map(|n| wait_after(&failure, n, 1.0).unwrap_or_default());
            assert!(rests.iter().all(|rest| f64::from(*rest) <= LONGEST), "{failure:?}");
        }
    }
}

//! A line and a dash pattern → the dashes as open lines.

use super::stroke::{Line, Point};

/// Calls `dash` with each dash of a line; `pattern` is lengths of dash and gap in pixels, repeated
/// from its start. The pattern must have a positive sum.
pub fn for_each_dash(line: &Line, pattern: &[f64], mut dash: impl FnMut(&[Point])) {
    let closing = if line.is_closed { line.points.first() } else { None };
    let mut points = line.points.iter().chain(closing).copied();
    let Some(mut at) = points.next() else { return };
    // An odd count swaps dash and gap each time round, as in SVG and PDF.
    let mut lengths = pattern.iter().copied().cycle();
    let mut left = lengths.next().unwrap_or(f64::INFINITY);
    let mut is_on = true;
    let mut current = vec![at];
    for to in points {
        loop {
            let (dx, dy) = (to[0] - at[0], to[1] - at[1]);
            let length = (dx * dx + dy * dy).sqrt();
            if length <= left {
                left -= length;
                at = to;
                if is_on && length > 0.0 {
                    current.push(to);
                }
                break;
            }
            at = [at[0] + dx * (left / length), at[1] + dy * (left / length)];
            if is_on {
                current.push(at);
                dash(&current);
            }
            current.clear();
            current.push(at);
            is_on = !is_on;
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
    }
    if is_on && current.len() > 1 {
        dash(&current);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[Point], is_closed: bool, pattern: &[f64], expected: &[&[Point]]) {
        let mut dashes: Vec<Vec<Point>> = Vec::new();
        for_each_dash(&Line { points, is_closed }, pattern, |d| dashes.push(d.to_vec()));
        assert_eq!(dashes, expected);
    }

    #[test]
    fn dashes_go_round_corners() {
        let line = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]];
        check(&line, false, &[3.0, 2.0], &[&[[0.0, 0.0], [3.0, 0.0]], &[[4.0, 1.0], [4.0, 4.0]]]);
        check(&line, false, &[9.0, 1.0], &[&line]);
    }

    #[test]
    fn an_odd_pattern_repeats_with_dash_and_gap_swapped() {
        let line = [[0.0, 0.0], [6.0, 0.0]];
        check(&line, false, &[2.0], &[&[[0.0, 0.0], [2.0, 0.0]], &[[4.0, 0.0], [6.0, 0.0]]]);
    }
}

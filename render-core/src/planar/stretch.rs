//! A stretch of a line and a box → what of the stretch lies in the box.

/// x and y, in any unit.
type Place = (f64, f64);

/// The ends of what of a stretch lies in a box of these least x and y and greatest x and y, its edges
/// included; `None` where nothing does. By Liang and Barsky.
#[must_use]
pub fn stretch_inside(
    from: Place,
    to: Place,
    (left, top, right, bottom): (f64, f64, f64, f64),
) -> Option<(Place, Place)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in
        [(-dx, from.0 - left), (dx, right - from.0), (-dy, from.1 - top), (dy, bottom - from.1)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |along: f64| match along {
        // The very ends, to the bit, so that stretches which met still meet.
        0.0 => from,
        1.0 => to,
        along => (from.0 + dx * along, from.1 + dy * along),
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: Place, to: Place, expected: Option<(Place, Place)>) {
        let bounds = (0.0, 0.0, 10.0, 4.0);
        assert_eq!(stretch_inside(from, to, bounds), expected);
        let back = expected.map(|(a, b)| (b, a));
        assert_eq!(stretch_inside(to, from, bounds), back, "the other way");
    }

    #[test]
    fn a_stretch_is_cut_at_the_edges_it_crosses_and_only_there() {
        let (a, b) = ((0.1, 0.7), (9.3, 3.1));
        check(a, b, Some((a, b)));
        check((-5.0, 2.0), (15.0, 2.0), Some(((0.0, 2.0), (10.0, 2.0))));
        check((5.0, 2.0), (5.0, 8.0), Some(((5.0, 2.0), (5.0, 4.0))));
        check((-2.0, 2.0), (2.0, -2.0), Some(((0.0, 0.0), (0.0, 0.0))));
        check((0.0, 4.0), (10.0, 4.0), Some(((0.0, 4.0), (10.0, 4.0))));
        for (from, to) in [
            ((-3.0, 2.0), (2.0, -3.0)),
            ((-1.0, 1.0), (-1.0, 3.0)),
            ((3.0, 4.5), (8.0, 4.5)),
            ((-1.0, -1.0), (-1.0, -1.0)),
        ] {
            check(from, to, None);
        }
        check((3.0, 3.0), (3.0, 3.0), Some(((3.0, 3.0), (3.0, 3.0))));
    }
}

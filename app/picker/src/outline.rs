//! The world in a view: coasts and borders as lines of pixels, no finer than a screen shows and cut to it.

use crate::view::View;
use crate::world::{Line, World};

/// Points nearer than this to the one before them are left out, pixels.
const FINEST: f64 = 0.6;
/// Islands smaller than this are left out, pixels.
const SMALLEST: f64 = 0.8;
/// What is drawn beyond the view's edges, so that no stroke along a cut is seen, pixels.
const BEYOND: f64 = 8.0;
/// Antarctica has no coast so far south on the unit square, only the edge at which the flat map is cut.
const SOUTHERN_EDGE: f32 = 1.2;

/// Lines of pixels one after another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// All their points.
    pub points: Vec<(f64, f64)>,
    /// Behind the last point of each.
    pub ends: Vec<usize>,
}

impl Lines {
    /// Each line's points.
    pub fn each(&self) -> impl Iterator<Item = &[(f64, f64)]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.points.get(start..*end))
    }

    fn end_line(&mut self) {
        if self.ends.last().copied().unwrap_or_default() < self.points.len() {
            self.ends.push(self.points.len());
        }
    }
}

/// What there is to draw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlines {
    /// Rings to fill by the even-odd rule.
    pub land: Lines,
    /// Where land ends, without the edge at which the flat map is cut.
    pub coasts: Lines,
    /// Between countries.
    pub borders: Lines,
}

/// A vertex on the screen, and whether it is beyond the edge at which the flat map is cut.
type Vertex = ((f64, f64), bool);

/// All of a world that is in a view.
#[must_use]
pub fn outlines(world: &World, view: &View) -> Outlines {
    let mut drawn = Outlines::default();
    let (top_left, bottom_right) = (view.to_unit((-BEYOND, -BEYOND)), {
        view.to_unit((view.size.0 + BEYOND, view.size.1 + BEYOND))
    });
    let mut line = Vec::new();
    let (first, last) = view.copies().into_inner();
    // Land that goes on beyond the antimeridian is in view of the next copy, too.
    for copy in first - 1..=last + 1 {
        let east = f64::from(copy);
        let is_seen = |of: &&Line| {
            let [west, north, to_east, south] = of.bounds.map(f64::from);
            west + east < bottom_right.0
                && to_east + east > top_left.0
                && north < bottom_right.1
                && south > top_left.1
                && (to_east - west).max(south - north) * view.world > SMALLEST
        };
        for of in world.coasts.iter().filter(is_seen) {
            on_screen(world, of, view, east, &mut line);
            push_ring(&line, view, &mut drawn.land);
            push_line(&line, view, &mut drawn.coasts);
        }
        for of in world.borders.iter().filter(is_seen) {
            on_screen(world, of, view, east, &mut line);
            push_line(&line, view, &mut drawn.borders);
        }
    }
    drawn
}

fn on_screen(world: &World, of: &Line, view: &View, east: f64, line: &mut Vec<Vertex>) {
    line.clear();
    let points = world.points.get(of.points.clone()).unwrap_or_default();
    let last = points.len().saturating_sub(1);
    for (i, [x, y]) in points.iter().enumerate() {
        let at = view.to_pixels((f64::from(*x) + east, f64::from(*y)));
        let is_near = |(before, _): &Vertex| {
            let (dx, dy) = (at.0 - before.0, at.1 - before.1);
            dx * dx + dy * dy < FINEST * FINEST
        };
        let is_cut = *y > SOUTHERN_EDGE;
        if i == last || is_cut || !line.last().is_some_and(is_near) {
            line.push((at, is_cut));
        }
    }
}

/// A ring, cut to the view (Sutherland and Hodgman's, one edge after another).
fn push_ring(ring: &[Vertex], view: &View, lines: &mut Lines) {
    let mut points: Vec<(f64, f64)> = ring.iter().map(|(at, _)| *at).collect();
    let (right, bottom) = (view.size.0 + BEYOND, view.size.1 + BEYOND);
    points = cut(&points, |(x, _)| x + BEYOND);
    points = cut(&points, |(x, _)| right - x);
    points = cut(&points, |(_, y)| y + BEYOND);
    points = cut(&points, |(_, y)| bottom - y);
    if points.len() > 2 {
        lines.points.append(&mut points);
        lines.end_line();
    }
}

/// What of a ring lies where `inside` is not negative.
fn cut(ring: &[(f64, f64)], inside: impl Fn((f64, f64)) -> f64) -> Vec<(f64, f64)> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let Some(mut before) = ring.last().copied() else { return kept };
    let mut depth_before = inside(before);
    for at in ring.iter().copied() {
        let depth = inside(at);
        if (depth < 0.0) != (depth_before < 0.0) {
            let along = depth_before / (depth_before - depth);
            kept.push((before.0 + (at.0 - before.0) * along, before.1 + (at.1 - before.1) * along));
        }
        if depth >= 0.0 {
            kept.push(at);
        }
        (before, depth_before) = (at, depth);
    }
    kept
}

/// What of a line is in view, as one or more lines.
fn push_line(line: &[Vertex], view: &View, lines: &mut Lines) {
    for pair in line.windows(2) {
        let [(from, from_cut), (to, to_cut)] = pair else { continue };
        if *from_cut || *to_cut {
            lines.end_line();
            continue;
        }
        let Some((start, end)) = stretch(*from, *to, view) else { continue };
        let is_begun = lines.ends.last().copied().unwrap_or_default() < lines.points.len();
        if !(is_begun && lines.points.last() == Some(&start)) {
            lines.end_line();
            lines.points.push(start);
        }
        lines.points.push(end);
    }
    lines.end_line();
}

type Stretch = ((f64, f64), (f64, f64));

/// What of a stretch is in view (Liang and Barsky's).
fn stretch(from: (f64, f64), to: (f64, f64), view: &View) -> Option<Stretch> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-dx, from.0 + BEYOND),
        (dx, view.size.0 + BEYOND - from.0),
        (-dy, from.1 + BEYOND),
        (dy, view.size.1 + BEYOND - from.1),
    ] {
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
        // To the bit, so that the next stretch is seen to go on from here.
        1.0 => to,
        0.0 => from,
        along => (from.0 + dx * along, from.1 + dy * along),
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::mercator;
    use crate::world::write;

    const SIZE: (f64, f64) = (800.0, 800.0);

    /// A square island of 40° around 0, 0, land across the antimeridian, and land to the southern edge.
    fn world() -> World {
        let square = |west: f64, east: f64| {
            vec![(west, -20.0), (east, -20.0), (east, 20.0), (west, 20.0), (west, -20.0)]
        };
        let south =
            vec![(-180.0, -80.0), (180.0, -80.0), (180.0, -90.0), (-180.0, -90.0), (-180.0, -80.0)];
        World::read(&write(
            &[square(-20.0, 20.0), square(160.0, 200.0), south],
            &[vec![(-20.0, 0.0), (20.0, 0.0)]],
        ))
        .unwrap()
    }

    fn area(line: &[(f64, f64)]) -> f64 {
        let next = line.iter().cycle().skip(1);
        line.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
    }

    #[test]
    fn the_whole_world_is_drawn_as_it_is() {
        let drawn = outlines(&world(), &View::of_world(SIZE));
        // The land across the antimeridian is seen at both ends, and of the south's copies a hair beyond them.
        assert_eq!((drawn.land.ends.len(), drawn.borders.ends.len()), (6, 1));
        let side = 800.0 * 40.0 / 360.0;
        let island =
            drawn.land.each().map(area).find(|area| *area < 10_000.0 && *area > 7000.0).unwrap();
        assert!((island / (side * side) - 1.0).abs() < 0.05, "{island}");
    }

    #[test]
    fn the_edge_at_which_the_map_is_cut_is_no_coast() {
        let view = View::of_world(SIZE);
        let drawn = outlines(&world(), &view);
        let (_, coast) = view.to_pixels(mercator(-80.0, 0.0));
        let southern: Vec<_> = drawn.coasts.each().filter(|line| line[0].1 > 700.0).collect();
        assert!(!southern.is_empty());
        assert!(southern.concat().iter().all(|(_, y)| (y - coast).abs() < 0.01), "{southern:?}");
    }

    #[test]
    fn near_by_all_is_cut_to_the_view_and_land_fills_it() {
        let view = View::of_world(SIZE).zoomed(1e5, (400.0, 400.0));
        let drawn = outlines(&world(), &view);
        assert!(drawn.coasts.points.is_empty());
        let land = drawn.land.each().next().map(area).unwrap();
        assert!((land - 816.0 * 816.0).abs() < 1.0, "{land}");
        for (x, y) in drawn.land.points.iter().chain(&drawn.borders.points) {
            assert!((-8.1..808.1).contains(x) && (-8.1..808.1).contains(y), "{x} {y}");
        }
        assert_eq!(drawn.borders.ends, [2]);
    }

    #[test]
    fn across_the_antimeridian_both_sides_are_drawn() {
        let view = View::of_world(SIZE).pulled((-400.0, 0.0));
        let drawn = outlines(&world(), &view);
        let middles: Vec<f64> = drawn
            .land
            .each()
            .map(|ring| ring.iter().map(|at| at.0).sum::<f64>() / ring.len() as f64)
            .collect();
        assert!(middles.iter().any(|x| (355.0..400.0).contains(x)), "{middles:?}");
        assert!(
            middles.iter().any(|x| *x > 750.0) && middles.iter().any(|x| *x < 50.0),
            "{middles:?}"
        );
    }

    #[test]
    fn what_a_screen_does_not_show_is_left_out() {
        let ring = (0..=3600).map(|i| {
            let (sin, cos) = (f64::from(i % 3600) / 10.0).to_radians().sin_cos();
            (10.0 * cos, 10.0 * sin)
        });
        let world = World::read(&write(&[ring.collect()], &[])).unwrap();
        let drawn = outlines(&world, &View::of_world(SIZE));
        assert!(drawn.land.points.len() < 300, "{}", drawn.land.points.len());
    }
}

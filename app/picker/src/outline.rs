//! The world in a view: coasts and borders as lines of pixels, no finer than a screen shows and cut to it.

use render_core::planar::stretch_inside;

use crate::view::View;
use crate::world::{Line, World};

/// Points nearer than this to the one before them are left out, pixels.
const FINEST: f64 = 0.9;
/// Islands smaller than this are left out, pixels.
const SMALLEST: f64 = 1.2;
/// What is drawn beyond the view's edges, so that no stroke along a cut is seen, pixels.
const BEYOND: f64 = 8.0;
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

    /// The same as an SVG path in tenths of a pixel: a canvas reads one text in a fraction of the time that so
    /// many calls take.
    #[must_use]
    pub fn path(&self, is_closed: bool) -> String {
        let mut path = String::with_capacity(6 * self.points.len());
        for line in self.each() {
            let mut before = (0, 0);
            for (i, (x, y)) in line.iter().enumerate() {
                let at = ((x * 10.0).round() as i32, (y * 10.0).round() as i32);
                path.push_str(match i {
                    0 => "M",
                    1 => "l",
                    _ => " ",
                });
                push_number(at.0 - before.0, &mut path);
                path.push(' ');
                push_number(at.1 - before.1, &mut path);
                before = at;
            }
            if is_closed {
                path.push('z');
            }
        }
        path
    }

    fn end_line(&mut self) {
        if self.ends.last().copied().unwrap_or_default() < self.points.len() {
            self.ends.push(self.points.len());
        }
    }
}

/// As `format!` does, in a tenth of its time.
fn push_number(number: i32, text: &mut String) {
    if number < 0 {
        text.push('-');
    }
    let mut rest = number.unsigned_abs();
    let mut digits = ['0'; 10];
    let mut n = 0;
    for digit in &mut digits {
        *digit = char::from(b'0' + (rest % 10) as u8);
        rest /= 10;
        n += 1;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits.iter().take(n).rev());
}

/// What there is to draw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlines {
    /// Rings to fill by the even-odd rule, and to line; cuts are out of view.
    pub land: Lines,
    /// Between countries.
    pub borders: Lines,
}

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
        }
        for of in world.borders.iter().filter(is_seen) {
            on_screen(world, of, view, east, &mut line);
            push_line(&line, view, &mut drawn.borders);
        }
    }
    drawn
}

fn on_screen(world: &World, of: &Line, view: &View, east: f64, line: &mut Vec<(f64, f64)>) {
    line.clear();
    let points = world.points.get(of.points.clone()).unwrap_or_default();
    let last = points.len().saturating_sub(1);
    for (i, [x, y]) in points.iter().enumerate() {
        let at = view.to_pixels((f64::from(*x) + east, f64::from(*y)));
        let is_near = |before: &(f64, f64)| {
            let (dx, dy) = (at.0 - before.0, at.1 - before.1);
            dx * dx + dy * dy < FINEST * FINEST
        };
        if i == last || !line.last().is_some_and(is_near) {
            line.push(at);
        }
    }
}

/// A ring, cut to the view (Sutherland and Hodgman's, one edge after another).
fn push_ring(ring: &[(f64, f64)], view: &View, lines: &mut Lines) {
    let (right, bottom) = (view.size.0 + BEYOND, view.size.1 + BEYOND);
    let mut points = cut(ring, |(x, _)| x + BEYOND);
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
fn push_line(line: &[(f64, f64)], view: &View, lines: &mut Lines) {
    let bounds = (-BEYOND, -BEYOND, view.size.0 + BEYOND, view.size.1 + BEYOND);
    for pair in line.windows(2) {
        let [from, to] = pair else { continue };
        let Some((start, end)) = stretch_inside(*from, *to, bounds) else { continue };
        let is_begun = lines.ends.last().copied().unwrap_or_default() < lines.points.len();
        if !(is_begun && lines.points.last() == Some(&start)) {
            lines.end_line();
            lines.points.push(start);
        }
        lines.points.push(end);
    }
    lines.end_line();
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn lines_are_a_path_in_tenths_of_pixels() {
        let lines = Lines {
            points: vec![(1.0, 20.5), (-0.5, 20.54), (0.0, 0.0), (100.0, 0.1)],
            ends: vec![2, 4],
        };
        assert_eq!(lines.path(true), "M10 205l-15 0zM0 0l1000 1z");
        assert_eq!(lines.path(false), "M10 205l-15 0M0 0l1000 1");
    }

    #[test]
    fn near_by_all_is_cut_to_the_view_and_land_fills_it() {
        let view = View::of_world(SIZE).zoomed(1e5, (400.0, 400.0));
        let drawn = outlines(&world(), &view);
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

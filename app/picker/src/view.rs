//! A part of the Mercator map on the screen, north above.
//!
//! Three coordinates: degrees; the unit square of Web Mercator, x east from 180° W, y south from 85.05° N; and
//! CSS pixels from the view's top left corner.

use crate::world::STEPS;

/// Latitudes beyond this are taken as this: the poles are infinitely far on this map. The square of tiles ends
/// at 85.05 already.
const MOST_NORTH: f64 = 89.0;
/// How far the view goes beyond that square, so that frames at its edge are whole in it: to 86.4°.
const EDGE: f64 = 0.05;
/// A third of a metre to a pixel at the equator: the smallest frame fills the screen.
const LARGEST_WORLD: f64 = (1u32 << 27) as f64;
/// How much of the view a frame may take when the view is fitted to it.
const FITTED: f64 = 0.55;
/// The longer side of a frame that is opened with what is around it, pixels: its handles are apart.
const OPENED: f64 = 64.0;
/// Pixels to a step of the built-in world's grid: nearer than so there would be next to nothing of it in view.
const STEP: f64 = 10.0;

/// Degrees → the unit square, and beyond it to 89° north and south.
#[must_use]
pub fn mercator(lat: f64, lon: f64) -> (f64, f64) {
    let sin = lat.clamp(-MOST_NORTH, MOST_NORTH).to_radians().sin();
    (lon / 360.0 + 0.5, 0.5 - sin.atanh() / std::f64::consts::TAU)
}

/// The unit square → latitude and longitude, degrees; the longitude within ±180.
#[must_use]
pub fn degrees((x, y): (f64, f64)) -> (f64, f64) {
    let lat = ((0.5 - y) * std::f64::consts::TAU).sinh().atan().to_degrees();
    (lat, (x.rem_euclid(1.0) - 0.5) * 360.0)
}

/// What of the map is on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// The middle, in the unit square.
    pub centre: (f64, f64),
    /// How wide the whole world would be, CSS pixels.
    pub world: f64,
    /// Width and height of the view, CSS pixels.
    pub size: (f64, f64),
}

impl View {
    /// The whole world, or as much of it as such a view holds.
    #[must_use]
    pub fn of_world(size: (f64, f64)) -> Self {
        Self { centre: (0.5, 0.5), world: 0.0, size }.held()
    }

    /// The same within the limits: no end of the world in view, and no nearer than makes sense.
    #[must_use]
    fn held(self) -> Self {
        let size = (self.size.0.max(1.0), self.size.1.max(1.0));
        let smallest = size.0.max(size.1 / (1.0 + 2.0 * EDGE));
        let world = self.world.clamp(smallest, LARGEST_WORLD.max(smallest));
        let half = size.1 / 2.0 / world;
        // Rounding may leave no room at all.
        let y = self.centre.1.min(1.0 + EDGE - half).max(half - EDGE);
        Self { centre: (self.centre.0.rem_euclid(1.0), y), world, size }
    }

    /// The unit square → pixels.
    #[must_use]
    pub fn to_pixels(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            (x - self.centre.0) * self.world + self.size.0 / 2.0,
            (y - self.centre.1) * self.world + self.size.1 / 2.0,
        )
    }

    /// Pixels → the unit square; x goes on beyond it to both sides.
    #[must_use]
    pub fn to_unit(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            self.centre.0 + (x - self.size.0 / 2.0) / self.world,
            self.centre.1 + (y - self.size.1 / 2.0) / self.world,
        )
    }

    /// The same map in another window.
    #[must_use]
    pub fn resized(self, size: (f64, f64)) -> Self {
        Self { size, ..self }.held()
    }

    /// Pulled right and down by some pixels.
    #[must_use]
    pub fn pulled(self, (x, y): (f64, f64)) -> Self {
        let centre = (self.centre.0 - x / self.world, self.centre.1 - y / self.world);
        Self { centre, ..self }.held()
    }

    /// Larger by a factor; what is at a pixel stays there.
    #[must_use]
    pub fn zoomed(self, factor: f64, at: (f64, f64)) -> Self {
        let fixed = self.to_unit(at);
        let nearer = Self { world: self.world * factor, ..self }.held();
        let moved = nearer.to_pixels(fixed);
        nearer.pulled((at.0 - moved.0, at.1 - moved.1))
    }

    /// Around some points of the unit square, with room about them.
    #[must_use]
    pub fn fitted(self, points: &[(f64, f64)]) -> Self {
        let Some(bounds) = bounds(points) else { return self };
        let [west, north, east, south] = bounds;
        let room = |side: f64, span: f64| FITTED * side / span.max(1e-12);
        let world = room(self.size.0, east - west).min(room(self.size.1, south - north));
        let centre = (f64::midpoint(west, east), f64::midpoint(north, south));
        Self { centre, world, ..self }.held()
    }

    /// Around some points, and wide enough for the built-in world to show where that is.
    #[must_use]
    pub fn opened(self, points: &[(f64, f64)]) -> Self {
        let fitted = self.fitted(points);
        let Some([west, north, east, south]) = bounds(points) else { return fitted };
        let span = (east - west).max(south - north).max(1e-12);
        let nearest = (360.0 * STEPS * STEP).max(OPENED / span);
        Self { world: fitted.world.min(nearest), ..fitted }.held()
    }

    /// Which copies of the world are in view: whole turns by which it is moved east.
    #[must_use]
    pub fn copies(&self) -> std::ops::RangeInclusive<i32> {
        let west = self.to_unit((0.0, 0.0)).0;
        let east = self.to_unit((self.size.0, 0.0)).0;
        west.floor() as i32..=(east.ceil() as i32 - 1).max(west.floor() as i32)
    }
}

/// West, north, east and south of some points; `None` of none.
#[must_use]
pub fn bounds(points: &[(f64, f64)]) -> Option<[f64; 4]> {
    let (first, rest) = points.split_first()?;
    let grown = |[west, north, east, south]: [f64; 4], (x, y): &(f64, f64)| {
        [west.min(*x), north.min(*y), east.max(*x), south.max(*y)]
    };
    Some(rest.iter().fold([first.0, first.1, first.0, first.1], grown))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (f64, f64) = (900.0, 500.0);

    fn close(one: (f64, f64), other: (f64, f64)) {
        let off = (one.0 - other.0).abs().max((one.1 - other.1).abs());
        assert!(off < 1e-6, "{one:?} is not {other:?}");
    }

    #[test]
    fn degrees_go_to_the_square_and_back() {
        for lat in [-85.0, -33.9, 0.0, 60.17, 85.0] {
            for lon in [-180.0, -74.0, 0.0, 24.94, 179.9] {
                close(degrees(mercator(lat, lon)), (lat, lon));
            }
        }
        close(mercator(0.0, 0.0), (0.5, 0.5));
        assert_eq!(mercator(90.0, 0.0), mercator(89.0, 0.0));
    }

    #[test]
    fn what_is_under_the_cursor_stays_there_while_zooming() {
        let view = View::of_world(SIZE).zoomed(16.0, (300.0, 200.0));
        let at = (640.0, 90.0);
        let before = view.to_unit(at);
        close(view.zoomed(1.7, at).to_unit(at), before);
        close(view.zoomed(0.6, at).to_unit(at), before);
    }

    #[test]
    fn no_end_of_the_world_comes_into_view() {
        for size in [(900.0, 500.0), (390.0, 800.0), (1.0, 1.0)] {
            let mut view = View::of_world(size);
            for step in [(0.0, 1e5), (1e6, -1e7), (-3e6, 0.0)] {
                view = view.pulled(step);
                let (top, bottom) = (view.to_unit((0.0, 0.0)).1, view.to_unit((0.0, size.1)).1);
                assert!(top >= -EDGE - 1e-9 && bottom <= 1.0 + EDGE + 1e-9, "{top} {bottom}");
                view = view.zoomed(0.1, (3.0, 4.0)).zoomed(40.0, (0.0, 0.0));
            }
            assert!((0.0..1.0).contains(&view.centre.0));
        }
    }

    #[test]
    fn a_view_fitted_to_a_frame_holds_it_with_room_about_it() {
        let points = [mercator(60.1, 24.8), mercator(60.2, 25.0)];
        let view = View::of_world(SIZE).fitted(&points);
        for point in points {
            let (x, y) = view.to_pixels(point);
            assert!((90.0..=810.0).contains(&x) && (50.0..=450.0).contains(&y), "{x} {y}");
        }
    }

    #[test]
    fn a_small_frame_is_opened_with_its_surroundings_and_large_enough_for_a_hand() {
        // About a kilometre at the equator, and fifty.
        for (degrees, longer) in [(0.01, OPENED), (0.5, FITTED * SIZE.1)] {
            let points = [mercator(0.0, 24.0), mercator(degrees, 24.0 + 0.75 * degrees)];
            let view = View::of_world(SIZE).opened(&points);
            let [_, top, _, bottom] = bounds(&points.map(|point| view.to_pixels(point))).unwrap();
            assert!((bottom - top - longer).abs() < 1.0, "{degrees}° are {} pixels", bottom - top);
        }
    }

    #[test]
    fn the_world_is_repeated_where_it_ends() {
        assert_eq!(View::of_world(SIZE).copies(), 0..=0);
        assert_eq!(View::of_world(SIZE).pulled((100.0, 0.0)).copies(), -1..=0);
        assert_eq!(View::of_world(SIZE).pulled((-100.0, 0.0)).copies(), 0..=1);
    }
}

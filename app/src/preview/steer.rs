//! A pull, a pinch or a key on the poster → the design whose map lies so.

use render_core::design::{Design, input};
use render_core::geometry::Projection;
use render_core::lonlat::{LonLat, wrap_longitude};

use super::gl::View;

/// WGS84 semi-major axis, m, and first eccentricity squared.
const A: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_99;

/// How far a picture is moved before another is made, as a share of the map's sides. There is a page
/// of map beyond each edge.
const FARTHEST: f64 = 0.3;
/// How much it is enlarged or made smaller.
const LARGEST: f32 = 1.3;
/// How far it is turned, rad: long papers have no map beyond their corners.
const MOST_TURNED: f32 = 0.5;

/// What is done to the map, in millimetres on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// How far it is pulled, right and down.
    pub by: (f64, f64),
    /// How much larger it becomes.
    pub zoom: f64,
    /// How far it is turned clockwise, degrees.
    pub turn: f64,
    /// What stays in its place while it grows and turns: right of and below the map's middle.
    pub about: (f64, f64),
}

impl Move {
    /// A pull.
    pub const fn pull(x: f64, y: f64) -> Self {
        Self { by: (x, y), zoom: 1.0, turn: 0.0, about: (0.0, 0.0) }
    }

    /// Larger or smaller about a place.
    pub const fn zoom(zoom: f64, about: (f64, f64)) -> Self {
        Self { by: (0.0, 0.0), zoom, turn: 0.0, about }
    }

    /// A turn clockwise about the middle, degrees.
    pub const fn turn(turn: f64) -> Self {
        Self { by: (0.0, 0.0), zoom: 1.0, turn, about: (0.0, 0.0) }
    }
}

/// The design after a move; its numbers are as fine as a person could type them.
#[must_use]
pub fn moved(design: &Design, step: Move) -> Design {
    let metres = 1.0 / design.mm_per_metre();
    let mut moved = design.clone();
    let tenths = |metres: f64| (metres * 10.0).round() / 10.0;
    moved.distance =
        tenths(design.distance / step.zoom).clamp(input::DISTANCE.min, input::DISTANCE.max);
    // At a limit the map does not grow, and must not slide either.
    let zoom = design.distance / moved.distance;
    // Finer than a hand's smallest step, so that small steps add up to what the hand did.
    moved.rotation = half_turn(((design.rotation + step.turn) * 1e3).round() / 1e3);
    // Where the hand was on the upright map, and where it is now: the middle goes that way.
    let ((x, y), (dx, dy)) = (step.about, step.by);
    let before = turned((x - dx, y - dy), -design.rotation);
    let after = turned((x / zoom, y / zoom), -moved.rotation);
    let east = (before.0 - after.0) * metres;
    let north = (after.1 - before.1) * metres;
    let (lat, lon) = (design.place.lat, design.place.lon);
    let sin = lat.to_radians().sin();
    let normal = A / (1.0 - E2 * sin * sin).sqrt();
    let meridional = normal * (1.0 - E2) / (1.0 - E2 * sin * sin);
    let fine = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let lat = lat + (north / meridional).to_degrees();
    moved.place.lat = fine(lat.clamp(input::LATITUDE.min, input::LATITUDE.max));
    let lon = lon + (east / (normal * design.place.lat.to_radians().cos())).to_degrees();
    moved.place.lon = fine(wrap_longitude(lon));
    moved
}

/// A vector on the page, turned clockwise by some degrees.
fn turned((x, y): (f64, f64), by: f64) -> (f64, f64) {
    let (sin, cos) = by.to_radians().sin_cos();
    (x * cos - y * sin, x * sin + y * cos)
}

/// The same direction, within -180 and 180 degrees.
fn half_turn(degrees: f64) -> f64 {
    180.0 - (180.0 - degrees).rem_euclid(360.0)
}

/// How a design's map lies in another's picture.
#[must_use]
pub fn view_of(drawn: &Design, design: &Design) -> View {
    let mm_per_metre = drawn.mm_per_metre();
    let place = LonLat::from_degrees(design.place.lon, design.place.lat);
    let projection = Projection::new(drawn.place.lon, drawn.place.lat, drawn.distance);
    let (east, north) = place.map_or((0.0, 0.0), |place| projection.project(place));
    let (x, y) = turned((east * mm_per_metre, -north * mm_per_metre), drawn.rotation);
    View {
        zoom: (drawn.distance / design.distance) as f32,
        shift: [x as f32, y as f32],
        turn: half_turn(design.rotation - drawn.rotation).to_radians() as f32,
    }
}

/// Whether a picture, moved and enlarged so, does for a while: there is map at its edges still, and
/// its lines are about as wide as they should be.
#[must_use]
pub fn is_near(view: View, design: &Design) -> bool {
    let (width, height) = design.map_size();
    let share = |shift: f32, side: f64| f64::from(shift).abs() / side;
    let is_moved_far = share(view.shift[0], width).max(share(view.shift[1], height)) > FARTHEST;
    !is_moved_far
        && view.turn.abs() <= MOST_TURNED
        && (1.0 / LARGEST..=LARGEST).contains(&view.zoom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(lat: f64, lon: f64) -> Design {
        let mut design = Design::default();
        design.distance = 1000.0;
        (design.place.lat, design.place.lon) = (lat, lon);
        design
    }

    /// Where the new middle is from the old one, m.
    fn step(design: &Design, moved: &Design) -> (f64, f64) {
        let projection = Projection::new(design.place.lon, design.place.lat, 2000.0);
        let place = LonLat::from_degrees(moved.place.lon, moved.place.lat).unwrap();
        projection.project(place)
    }

    #[test]
    fn a_pull_moves_the_ground_with_the_hand_at_every_latitude() {
        for (lat, lon) in [(0.0, 0.0), (60.17, 24.94), (-78.0, 179.999), (84.0, -179.999)] {
            let design = design(lat, lon);
            // 400 mm show 2000 m, so 10 mm right and 20 mm down are 50 m west and 100 m north.
            let (east, north) = step(&design, &moved(&design, Move::pull(10.0, 20.0)));
            assert!((east + 50.0).abs() < 0.3 && (north - 100.0).abs() < 0.3, "{east} {north}");
        }
    }

    #[test]
    fn what_is_under_the_cursor_stays_there() {
        let design = design(45.0, 7.0);
        let nearer = moved(&design, Move::zoom(2.0, (100.0, 0.0)));
        assert_eq!(nearer.distance, 500.0);
        // 100 mm right of the middle were 500 m; now they are 250 m, so the middle goes 250 m east.
        assert!((step(&design, &nearer).0 - 250.0).abs() < 0.5);
    }

    #[test]
    fn a_turned_map_follows_the_hand_and_turns_about_it() {
        let mut design = design(45.0, 7.0);
        design.rotation = 90.0;
        // North is on the right now: a pull of 10 mm to the right brings what lies south.
        let (east, north) = step(&design, &moved(&design, Move::pull(10.0, 0.0)));
        assert!(east.abs() < 0.3 && (north + 50.0).abs() < 0.3, "{east} {north}");
        // What is 100 mm above the middle is 500 m west, and stays there.
        let about = Move { about: (0.0, -100.0), ..Move::turn(-90.0) };
        let upright = moved(&design, about);
        assert_eq!(upright.rotation, 0.0);
        let (east, north) = step(&design, &upright);
        assert!((east + 500.0).abs() < 0.5 && (north + 500.0).abs() < 0.5, "{east} {north}");
        assert_eq!(moved(&design, Move::turn(100.0)).rotation, -170.0);
        assert_eq!(moved(&design, Move::turn(90.0)).rotation, 180.0);
    }

    #[test]
    fn many_small_turns_are_as_far_as_one() {
        let mut design = design(45.0, 7.0);
        for _ in 0..1000 {
            design = moved(&design, Move::turn(0.04));
        }
        assert!((design.rotation - 40.0).abs() < 0.01, "{}", design.rotation);
    }

    #[test]
    fn at_the_limits_the_map_stays_where_it_is() {
        let mut design = design(45.0, 7.0);
        design.distance = input::DISTANCE.min;
        assert_eq!(moved(&design, Move::zoom(3.0, (100.0, 50.0))), design);
        design.place.lat = input::LATITUDE.max;
        assert_eq!(moved(&design, Move::pull(0.0, 50.0)).place.lat, input::LATITUDE.max);
    }
}

//! The poster's frame on the globe: where its edges are, what a hand takes it by, and what a pull does to it.

use render_core::design::input;
use render_core::geometry::Projection;
use render_core::lonlat::{LonLat, wrap_longitude};

use crate::view::{View, degrees, mercator};

/// Points of an edge: straight on the poster, an edge bends on the map, most of all far north.
const EDGE_POINTS: usize = 12;
/// A frame smaller than this on the screen, pixels, has no handles: it is a mark to be pulled.
const FEWEST_PIXELS: f64 = 28.0;
/// From this size on it has handles at its sides, too.
const SIDES_FROM: f64 = 90.0;
/// How far outside its upper edge the handle is that turns it, pixels.
const STALK: f64 = 30.0;
/// How near to a quarter turn a hand's turn becomes one, degrees.
const SNAP: f64 = 2.0;

/// The ground box of a poster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Latitude of its middle, degrees.
    pub lat: f64,
    /// Longitude of its middle, degrees.
    pub lon: f64,
    /// Half its height on the ground, m.
    pub distance: f64,
    /// How far the map is turned clockwise on the poster, degrees: so far is the frame turned the other way.
    pub rotation: f64,
    /// Its width by its height.
    pub ratio: f64,
}

/// What of a frame a hand has taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grip {
    /// Its inside: it is moved.
    Inside,
    /// A handle that makes it larger or smaller: which way from the middle, −1, 0 or 1 right and up.
    Size(f64, f64),
    /// The handle that turns it.
    Turn,
}

/// The eight handles, clockwise from the top left one.
const HANDLES: [(f64, f64); 8] = [
    (-1.0, 1.0),
    (0.0, 1.0),
    (1.0, 1.0),
    (1.0, 0.0),
    (1.0, -1.0),
    (0.0, -1.0),
    (-1.0, -1.0),
    (-1.0, 0.0),
];

/// A frame as it lies in a view, pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The middle.
    pub centre: (f64, f64),
    /// The edges, clockwise from the top left corner; empty where the frame is only a mark.
    pub outline: Vec<(f64, f64)>,
    /// The handles that change its size, and what each is.
    pub handles: Vec<(Grip, (f64, f64))>,
    /// From the upper edge to the handle that turns it.
    pub stalk: Option<[(f64, f64); 2]>,
}

impl Frame {
    /// Metres around the middle.
    fn projection(&self) -> Projection {
        Projection::new(self.lon, self.lat, self.distance * (1.0 + self.ratio))
    }

    /// A place on the page, −1..=1 to the right and up → metres east and north of the middle.
    fn ground(&self, (right, up): (f64, f64)) -> (f64, f64) {
        let (right, up) = (right * self.distance * self.ratio, up * self.distance);
        let (sin, cos) = self.rotation.to_radians().sin_cos();
        (right * cos - up * sin, right * sin + up * cos)
    }

    /// Metres east and north of the middle → metres right and up on the page.
    fn page(&self, (east, north): (f64, f64)) -> (f64, f64) {
        let (sin, cos) = self.rotation.to_radians().sin_cos();
        (east * cos + north * sin, north * cos - east * sin)
    }

    /// Places on the page → on the unit square of Mercator, unbroken across the antimeridian.
    fn unit(&self, places: impl IntoIterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
        let projection = self.projection();
        let middle = mercator(self.lat, self.lon);
        let place = |at| {
            let (lat, lon) = unprojected(&projection, (self.lat, self.lon), self.ground(at));
            let (x, y) = mercator(lat, lon);
            (x + (middle.0 - x).round(), y)
        };
        places.into_iter().map(place).collect()
    }

    /// Its corners on the unit square, clockwise from the top left one.
    #[must_use]
    pub fn corners(&self) -> Vec<(f64, f64)> {
        self.unit([(-1.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)])
    }

    /// How it lies in a view: the copy that is nearest to the view's middle.
    #[must_use]
    pub fn shape(&self, view: &View) -> Shape {
        let middle = mercator(self.lat, self.lon);
        let turns = (view.centre.0 - middle.0).round();
        let on_screen = |(x, y): (f64, f64)| view.to_pixels((x + turns, y));
        let centre = on_screen(middle);
        let corners = [(-1.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)];
        let edge = |i: usize| {
            let ((x, y), (to_x, to_y)) = (corners[i], corners[(i + 1) % 4]);
            (0..EDGE_POINTS).map(move |step| {
                let along = step as f64 / EDGE_POINTS as f64;
                (x + (to_x - x) * along, y + (to_y - y) * along)
            })
        };
        let outline: Vec<_> = self.unit((0..4).flat_map(edge)).into_iter().map(on_screen).collect();
        let handles: Vec<_> = self.unit(HANDLES).into_iter().map(on_screen).collect();
        let side = |from: usize, to: usize| far(handles[from], handles[to]);
        let smallest = side(0, 2).min(side(0, 6));
        if smallest < FEWEST_PIXELS {
            return Shape { centre, outline, handles: Vec::new(), stalk: None };
        }
        let top = handles[1];
        let length = far(centre, top).max(1.0);
        let beyond = (
            top.0 + (top.0 - centre.0) / length * STALK,
            top.1 + (top.1 - centre.1) / length * STALK,
        );
        let is_shown = |(x, y): &(f64, f64)| smallest >= SIDES_FROM || x * y != 0.0;
        let handles = HANDLES.iter().zip(handles).filter(|(handle, _)| is_shown(handle));
        Shape {
            centre,
            outline,
            handles: handles.map(|((x, y), at)| (Grip::Size(*x, *y), at)).collect(),
            stalk: Some([top, beyond]),
        }
    }

    /// The frame after a hand that took it at one pixel is at another; `fine` turns it by tenths of a degree.
    #[must_use]
    pub fn pulled(
        &self,
        grip: Grip,
        view: &View,
        from: (f64, f64),
        to: (f64, f64),
        fine: bool,
    ) -> Self {
        match grip {
            Grip::Inside => self.moved(view, (to.0 - from.0, to.1 - from.1)),
            Grip::Size(right, up) => {
                let reach = |at| self.reach((right, up), view, at);
                let (before, after) = (reach(from), reach(to));
                if before <= 0.0 { *self } else { self.scaled(after / before) }
            }
            Grip::Turn => {
                let centre = self.shape(view).centre;
                let direction = |at: (f64, f64)| (at.1 - centre.1).atan2(at.0 - centre.0);
                // A hand goes clockwise, and the map on the poster the other way.
                let turned = self.rotation - (direction(to) - direction(from)).to_degrees();
                let step = if fine { 0.1 } else { 1.0 };
                let rounded = (turned / step).round() * step;
                let quarter = (turned / 90.0).round() * 90.0;
                let is_quarter = !fine && (turned - quarter).abs() < SNAP;
                Self { rotation: if is_quarter { quarter } else { rounded }, ..*self }.held()
            }
        }
    }

    /// How far a pixel is from the middle towards a handle, m.
    fn reach(&self, (right, up): (f64, f64), view: &View, at: (f64, f64)) -> f64 {
        let (lat, lon) = degrees(view.to_unit(at));
        let Some(place) = LonLat::from_degrees(lon, lat) else { return 0.0 };
        let (x, y) = self.page(self.projection().project(place));
        let (right, up) = (right * self.ratio, up);
        ((x * right + y * up) / (right * right + up * up).sqrt()).max(0.0)
    }

    /// Moved by some pixels.
    #[must_use]
    pub fn moved(&self, view: &View, by: (f64, f64)) -> Self {
        let (x, y) = mercator(self.lat, self.lon);
        let (lat, lon) = degrees((x + by.0 / view.world, y + by.1 / view.world));
        Self { lat, lon, ..*self }.held()
    }

    /// With its middle at a pixel.
    #[must_use]
    pub fn brought(&self, view: &View, to: (f64, f64)) -> Self {
        let (lat, lon) = degrees(view.to_unit(to));
        Self { lat, lon, ..*self }.held()
    }

    /// Larger by a factor.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self { distance: self.distance * factor, ..*self }.held()
    }

    /// Turned to the left, degrees.
    #[must_use]
    pub fn turned(&self, left: f64) -> Self {
        Self { rotation: self.rotation + left, ..*self }.held()
    }

    /// Within what a poster may be, its numbers as fine as a person could type them.
    #[must_use]
    pub fn held(&self) -> Self {
        let fine = |number: f64, steps: f64| (number * steps).round() / steps;
        let half_turn = |degrees: f64| 180.0 - (180.0 - degrees).rem_euclid(360.0);
        let number =
            |number: f64, otherwise: f64| if number.is_finite() { number } else { otherwise };
        Self {
            lat: fine(number(self.lat, 0.0).clamp(input::LATITUDE.min, input::LATITUDE.max), 1e6),
            lon: fine(wrap_longitude(number(self.lon, 0.0)), 1e6),
            distance: fine(
                number(self.distance, 1000.0).clamp(input::DISTANCE.min, input::DISTANCE.max),
                if self.distance < 10_000.0 { 10.0 } else { 1.0 },
            ),
            rotation: fine(half_turn(number(self.rotation, 0.0)), 1e3),
            ratio: number(self.ratio, 1.0).clamp(0.01, 100.0),
        }
    }
}

impl Shape {
    /// What a hand takes at a pixel, if it is within `reach` pixels of a handle or in the frame.
    #[must_use]
    pub fn grip(&self, at: (f64, f64), reach: f64) -> Option<Grip> {
        if self.stalk.is_some_and(|[_, end]| far(end, at) <= reach) {
            return Some(Grip::Turn);
        }
        let nearest = self.handles.iter().map(|(grip, handle)| (far(*handle, at), *grip));
        let nearest = nearest.min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, grip)) = nearest.filter(|(far, _)| *far <= reach) {
            return Some(grip);
        }
        let is_at_mark =
            self.handles.is_empty() && far(self.centre, at) <= reach.max(FEWEST_PIXELS);
        (is_at_mark || self.holds(at)).then_some(Grip::Inside)
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        let next = self.outline.iter().cycle().skip(1);
        let crosses = |(a, b): &(&(f64, f64), &(f64, f64))| {
            (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0)
        };
        self.outline.iter().zip(next).filter(crosses).count() % 2 == 1
    }
}

fn far(one: (f64, f64), other: (f64, f64)) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// Metres around a place → latitude and longitude, which may go beyond ±180: step by step, as the projection
/// is nearly the identity around its middle.
fn unprojected(projection: &Projection, (lat0, lon0): (f64, f64), to: (f64, f64)) -> (f64, f64) {
    /// Metres to a degree on the mean sphere.
    const DEGREE: f64 = 111_195.0;
    let (mut lat, mut lon) = (lat0, lon0);
    for _ in 0..12 {
        let Some(at) = LonLat::from_degrees(wrap_longitude(lon), lat) else { break };
        let (east, north) = projection.project(at);
        let (east, north) = (to.0 - east, to.1 - north);
        // A vertex is no sharper than a centimetre.
        if east.abs().max(north.abs()) < 0.02 {
            break;
        }
        // Away from the middle north is not quite above.
        let (sin, cos) = ((lon - lon0).to_radians() * lat.to_radians().sin()).sin_cos();
        let (east, north) = (east * cos - north * sin, north * cos + east * sin);
        lat = (lat + north / DEGREE).clamp(-89.0, 89.0);
        lon += east / (DEGREE * lat.to_radians().cos());
    }
    (lat, lon)
}

#[cfg(test)]
mod tests {
    use render_core::design::Design;

    use super::*;

    const SIZE: (f64, f64) = (900.0, 600.0);

    fn frame(lat: f64, lon: f64, distance: f64, rotation: f64) -> Frame {
        Frame { lat, lon, distance, rotation, ratio: 0.75 }
    }

    fn frames() -> Vec<Frame> {
        let mut frames = Vec::new();
        for lat in [-84.9, -33.0, 0.0, 60.17, 78.2, 84.9] {
            for lon in [-179.999, 24.94, 179.99] {
                for distance in [100.0, 5000.0, 50_000.0] {
                    for rotation in [0.0, 30.0, -135.0] {
                        frames.push(frame(lat, lon, distance, rotation));
                    }
                }
            }
        }
        frames
    }

    fn view(frame: &Frame) -> View {
        View::of_world(SIZE).fitted(&frame.corners())
    }

    /// The handle's place on the screen.
    fn handle(frame: &Frame, view: &View, grip: Grip) -> (f64, f64) {
        let shape = frame.shape(view);
        let found = shape.handles.iter().find(|(of, _)| *of == grip);
        found.map(|(_, at)| *at).unwrap_or_else(|| panic!("{grip:?} of {frame:?}"))
    }

    #[test]
    fn corners_are_where_the_poster_s_projection_puts_them() {
        for frame in frames() {
            let projection = Projection::new(frame.lon, frame.lat, frame.distance);
            for (corner, (right, up)) in frame.corners().into_iter().zip([
                (-1.0, 1.0),
                (1.0, 1.0),
                (1.0, -1.0),
                (-1.0, -1.0),
            ]) {
                let (lat, lon) = degrees(corner);
                let at = projection.project(LonLat::from_degrees(lon, lat).unwrap());
                let expected = (right * 0.75 * frame.distance, up * frame.distance);
                let got = frame.page(at);
                assert!(far(got, expected) < 0.1, "{got:?}, not {expected:?}: {frame:?}");
            }
        }
    }

    #[test]
    fn the_frame_is_the_design_s_own_viewport_and_lies_in_the_box_its_data_are_asked_for() {
        for one in frames() {
            let mut design = Design::default();
            (design.distance, design.rotation) = (one.distance, one.rotation);
            (design.place.lat, design.place.lon) = (one.lat, one.lon);
            let size = design.viewport();
            let frame = Frame { ratio: size.half_width / size.half_height, ..one };
            let bbox = design.data_bbox();
            for corner in frame.corners() {
                let (lat, lon) = degrees(corner);
                assert!(bbox.south <= lat && lat <= bbox.north, "{lat} of {frame:?}");
                let east = (lon - bbox.west).rem_euclid(360.0);
                assert!(east <= bbox.width(), "{lon} of {frame:?}");
            }
        }
    }

    #[test]
    fn a_turned_map_is_a_frame_turned_the_other_way() {
        let frame = frame(0.0, 0.0, 1000.0, 30.0);
        let view = view(&frame);
        let shape = frame.shape(&view);
        let [top, end] = shape.stalk.unwrap();
        // What is above on a poster whose map is turned clockwise lies to the left of north.
        let direction = (top.0 - shape.centre.0).atan2(shape.centre.1 - top.1).to_degrees();
        // Web Mercator takes the globe for a sphere, and squeezes it by 1/150 at the equator.
        assert!((direction + 30.0).abs() < 0.2, "{direction}");
        assert!((far(end, top) - STALK).abs() < 1e-6);
    }

    #[test]
    fn it_is_taken_by_its_handles_and_its_inside_and_nowhere_else() {
        for frame in frames() {
            let view = view(&frame);
            let shape = frame.shape(&view);
            assert_eq!(shape.handles.len(), 8, "{frame:?}");
            for (grip, at) in &shape.handles {
                assert_eq!(shape.grip(*at, 12.0), Some(*grip), "{frame:?}");
            }
            assert_eq!(shape.grip(shape.stalk.unwrap()[1], 12.0), Some(Grip::Turn));
            assert_eq!(shape.grip(shape.centre, 12.0), Some(Grip::Inside));
            assert_eq!(shape.grip((2.0, 2.0), 12.0), None);
        }
    }

    #[test]
    fn a_frame_too_small_to_see_is_a_mark_that_can_be_pulled() {
        let frame = frame(60.0, 25.0, 500.0, 0.0);
        let shape = frame.shape(&View::of_world(SIZE));
        assert!(shape.handles.is_empty() && shape.stalk.is_none());
        let (x, y) = shape.centre;
        assert_eq!(shape.grip((x + 10.0, y - 10.0), 12.0), Some(Grip::Inside));
        assert_eq!(shape.grip((x + 40.0, y), 12.0), None);
    }

    #[test]
    fn a_pulled_frame_stays_under_the_hand_and_comes_back() {
        for frame in frames() {
            let view = view(&frame);
            let (from, to) = (frame.shape(&view).centre, (500.0, 260.0));
            let moved = frame.pulled(Grip::Inside, &view, from, to, false);
            let is_held_back = moved.lat.abs() >= input::LATITUDE.max;
            // A millionth of a degree, at a third of a metre to a pixel.
            let off = far(moved.shape(&view).centre, to);
            assert!(is_held_back || off < 2.0, "{off} pixels off: {frame:?} {moved:?}");
            assert_eq!((moved.distance, moved.rotation), (frame.distance, frame.rotation));
            let back = moved.pulled(Grip::Inside, &view, to, from, false);
            let off = (back.lat - frame.lat).abs().max((back.lon - frame.lon).abs() % 359.9);
            assert!(is_held_back || off < 3e-6, "{back:?} {frame:?}");
        }
    }

    #[test]
    fn a_handle_stays_under_the_hand_that_makes_the_frame_larger() {
        for frame in frames().into_iter().filter(|frame| frame.distance == 5000.0) {
            let view = view(&frame);
            for (right, up) in HANDLES {
                let grip = Grip::Size(right, up);
                let from = handle(&frame, &view, grip);
                let centre = frame.shape(&view).centre;
                let to = (from.0 + 0.3 * (from.0 - centre.0), from.1 + 0.3 * (from.1 - centre.1));
                let larger = frame.pulled(grip, &view, from, to, false);
                assert!(far(handle(&larger, &view, grip), to) < 1.5, "{grip:?} {frame:?}");
                assert_eq!((larger.lat, larger.lon), (frame.lat, frame.lon));
                let back = larger.pulled(grip, &view, to, from, false);
                assert!((back.distance - frame.distance).abs() < 2.0, "{back:?}");
            }
        }
    }

    #[test]
    fn a_hand_beyond_the_middle_makes_it_no_smaller_than_a_poster_may_be() {
        let frame = frame(60.0, 25.0, 5000.0, 0.0);
        let view = view(&frame);
        let from = handle(&frame, &view, Grip::Size(1.0, 1.0));
        let to = handle(&frame, &view, Grip::Size(-1.0, -1.0));
        let smallest = frame.pulled(Grip::Size(1.0, 1.0), &view, from, to, false);
        assert_eq!(smallest.distance, input::DISTANCE.min);
        assert_eq!(frame.scaled(1e9).distance, input::DISTANCE.max);
    }

    #[test]
    fn the_turning_handle_follows_the_hand_in_whole_degrees_and_finds_north() {
        let frame = frame(60.0, 25.0, 5000.0, 0.0);
        let view = view(&frame);
        let shape = frame.shape(&view);
        let end = shape.stalk.unwrap()[1];
        let around = |degrees: f64| {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let (x, y) = (end.0 - shape.centre.0, end.1 - shape.centre.1);
            (shape.centre.0 + x * cos - y * sin, shape.centre.1 + x * sin + y * cos)
        };
        for (clockwise, fine, expected) in [
            (40.2, false, -40.0),
            (-12.7, false, 13.0),
            (1.5, false, 0.0),
            (88.6, false, -90.0),
            (1.5, true, -1.5),
            (179.7, false, 180.0),
        ] {
            let turned = frame.pulled(Grip::Turn, &view, end, around(clockwise), fine);
            assert_eq!(turned.rotation, expected, "{clockwise}");
        }
        assert_eq!(frame.turned(170.0).turned(15.0).rotation, -175.0);
    }

    #[test]
    fn a_frame_goes_across_the_antimeridian_and_no_further_than_the_poles_allow() {
        let view = View::of_world(SIZE).zoomed(30.0, (900.0, 300.0));
        let frame = frame(0.0, 179.9, 10_000.0, 0.0);
        let beyond = frame.moved(&view, (30.0, 0.0));
        assert!((-180.0..-170.0).contains(&beyond.lon), "{beyond:?}");
        assert!(far(beyond.shape(&view).centre, frame.shape(&view).centre) < 31.0);
        assert_eq!(frame.moved(&view, (0.0, -1e7)).lat, 85.0);
        assert_eq!(frame.moved(&view, (0.0, 1e7)).lat, -85.0);
    }
}

//! [`PlacedMap`]: a place's geometry, made once, by a [`MapMaker`] while the place comes in, and shown in many designs: moved, scaled, restyled.

use std::sync::Arc;

use crate::design::{Design, input};
use crate::features::Features;
use crate::geometry::{MapGeometry, ProjectOptions, Projection, Projector};
use crate::lonlat::LonLat;
use crate::page::PageLayout;
use crate::planar::Frame;
use crate::scene::{Scene, StyleTable};
use crate::theme::Theme;

/// Furthest a drawn line may stray from the data on paper, mm: a quarter of a pixel at 300 dpi.
const TOLERANCE: f64 = input::TOLERANCE.min;

/// Smallest area that is drawn, mm²: two thirds of a pixel at 300 dpi.
const MIN_AREA: f64 = 0.005;

/// How far beyond the page's edge geometry is kept, mm on a page 12 in wide: more than half the
/// widest stroke, so that no line's end shows at the edge.
const CLIP_MARGIN: f64 = 8.0;

/// How much larger or smaller than the scale it was made for a map is shown; beyond that its
/// simplification would be seen, or be too fine.
const SCALES: std::ops::RangeInclusive<f64> = 0.6..=1.7;

/// A place's geometry in metres around the place of the design it was first made for.
#[derive(Debug, Clone)]
pub struct PlacedMap {
    geometry: Arc<MapGeometry>,
    projection: Projection,
    options: ProjectOptions,
    /// Millimetres a metre that its simplification is for.
    mm_per_metre: f64,
}

/// A map that is made while its place's features are still being assembled.
pub struct MapMaker {
    projector: Projector,
    mm_per_metre: f64,
}

impl MapMaker {
    /// Begins a design's map, and `reach` times as much of the place to each side. `fills`: whether
    /// a screen wants it, with triangles.
    #[must_use]
    pub fn new(design: &Design, layout: &PageLayout, reach: f64, fills: bool) -> Self {
        Self::coarse(design, layout, reach, fills, TOLERANCE)
    }

    /// As [`new`](Self::new), with lines that may stray so many millimetres on paper. Areas smaller
    /// than its square are left out; lines shorter than it where it is more than a drawing's detail
    /// slider asks for.
    fn coarse(
        design: &Design,
        layout: &PageLayout,
        reach: f64,
        fills: bool,
        tolerance: f64,
    ) -> Self {
        let view = design.viewport();
        let radius = libm::hypot(view.half_width, view.half_height) * reach;
        let projection = Projection::new(design.place.lon, design.place.lat, radius);
        let clip = window(design, layout, (0.0, 0.0));
        let options = ProjectOptions {
            clip: Frame::centred(clip.max.x * reach, clip.max.y * reach),
            tolerance: tolerance / layout.mm_per_metre,
            building_tolerance: match tolerance > TOLERANCE {
                true => tolerance / layout.mm_per_metre,
                false => 0.0,
            },
            min_area: MIN_AREA.max(tolerance * tolerance)
                / (layout.mm_per_metre * layout.mm_per_metre),
            min_length: match tolerance > input::TOLERANCE.max {
                true => tolerance / layout.mm_per_metre,
                // A road may be of many short pieces: without them it would have gaps.
                false => 0.0,
            },
            fills,
        };
        let projector = Projector::new(projection, options);
        Self { projector, mm_per_metre: layout.mm_per_metre }
    }

    /// Makes room for so many vertices.
    pub fn reserve(&mut self, n_vertices: usize) {
        self.projector.reserve(n_vertices);
    }

    /// Takes what has come since the last time and needs nothing that is still to come.
    pub fn advance(&mut self, features: &Features) {
        self.projector.advance(features);
    }

    /// What there is so far: roads and buildings.
    #[must_use]
    pub fn so_far(&self) -> PlacedMap {
        let (geometry, projection, options) = self.projector.so_far();
        let geometry = Arc::new(geometry);
        PlacedMap { geometry, projection, options, mm_per_metre: self.mm_per_metre }
    }

    /// Takes the rest.
    #[must_use]
    pub fn finish(self, features: &Features) -> PlacedMap {
        let (geometry, projection, options) = self.projector.finish(features);
        let geometry = Arc::new(geometry);
        PlacedMap { geometry, projection, options, mm_per_metre: self.mm_per_metre }
    }
}

impl PlacedMap {
    /// Makes a design's map, and `reach` times as much of the place to each side.
    ///
    /// `layout`: the design's page, here and below.
    #[must_use]
    pub fn new(features: &Features, design: &Design, layout: &PageLayout, reach: f64) -> Self {
        MapMaker::new(design, layout, reach, false).finish(features)
    }

    /// Makes a design's map for its own page, its lines straying so many millimetres at most.
    #[must_use]
    pub fn coarse(
        features: &Features,
        design: &Design,
        layout: &PageLayout,
        tolerance: f64,
    ) -> Self {
        MapMaker::coarse(design, layout, 1.0, false, tolerance).finish(features)
    }

    /// Whether a design's map can be shown with it as it is.
    #[must_use]
    pub fn serves(&self, design: &Design, layout: &PageLayout) -> bool {
        let Some(centre) = self.centre(design) else { return false };
        let wanted = window(design, layout, centre);
        let have = &self.options.clip;
        SCALES.contains(&(layout.mm_per_metre / self.mm_per_metre))
            && (self.geometry.is_whole
                || wanted.min.x >= have.min.x
                    && wanted.min.y >= have.min.y
                    && wanted.max.x <= have.max.x
                    && wanted.max.y <= have.max.y)
    }

    /// The scene of a design that the map serves.
    #[must_use]
    pub fn scene(&self, design: &Design, theme: &Theme, layout: &PageLayout) -> Scene {
        let centre = self.centre(design).unwrap_or_default();
        crate::scene::compose(&self.geometry, centre, layout, theme, design)
    }

    /// The styles of that scene, at a fraction of its work. There is one of a name if and only if
    /// something is drawn in it, so that equal names are equal shapes.
    #[must_use]
    pub fn styles(&self, design: &Design, theme: &Theme, layout: &PageLayout) -> StyleTable {
        crate::scene::styles(&self.geometry, layout, theme, design)
    }

    /// Where the design's place is on the map, m.
    fn centre(&self, design: &Design) -> Option<(f64, f64)> {
        let place = LonLat::from_degrees(design.place.lon, design.place.lat)?;
        Some(self.projection.project(place))
    }

    /// The projection, for measuring its stages.
    #[must_use]
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// What was projected, for measuring its stages.
    #[must_use]
    pub fn options(&self) -> &ProjectOptions {
        &self.options
    }
}

/// The box on the ground, north above, that holds what a layout shows around a centre, m, with its
/// bleed and half a stroke.
fn window(design: &Design, layout: &PageLayout, (x, y): (f64, f64)) -> Frame {
    let margin = layout.bleed + CLIP_MARGIN * layout.scale;
    let to_metres = |mm: f64| (mm / 2.0 + margin) / layout.mm_per_metre;
    let (half_width, half_height) =
        design.upright(to_metres(layout.map_window.width), to_metres(layout.map_window.height));
    let frame = Frame::centred(half_width, half_height);
    Frame {
        min: geo::coord! { x: frame.min.x + x, y: frame.min.y + y },
        max: geo::coord! { x: frame.max.x + x, y: frame.max.y + y },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::lay_out;
    use crate::scene::Item;
    use crate::text::ShapedTexts;

    fn layout(design: &Design) -> PageLayout {
        lay_out(&design.page_spec(), &ShapedTexts::default())
    }

    fn map_transform(scene: &Scene) -> crate::scene::Transform {
        let map = scene.items.iter().find_map(|item| match item {
            Item::Group(group) if group.name == "map" => Some(group.transform),
            _ => None,
        });
        map.unwrap()
    }

    #[test]
    fn a_moved_and_nearer_design_is_the_same_map_through_another_transform() {
        let design = Design::default();
        let map = PlacedMap::new(&Features::default(), &design, &layout(&design), 3.0);
        let mut moved = design.clone();
        moved.place.lat += 0.001;
        moved.distance = 500.0;
        assert!(map.serves(&design, &layout(&design)) && map.serves(&moved, &layout(&moved)));
        let theme = crate::theme::builtin::theme("noir").unwrap();
        let (one, other) = (
            map_transform(&map.scene(&design, &theme, &layout(&design))),
            map_transform(&map.scene(&moved, &theme, &layout(&moved))),
        );
        // The new centre, 111 m north, is now in the window's middle.
        let before = one.apply(0.0, 0.0);
        let after = other.apply(0.0, 111.44);
        assert!(
            (before.0 - after.0).abs() < 1e-6 && (before.1 - after.1).abs() < 0.01,
            "{after:?}"
        );
        assert!((other.a / one.a - 620.0 / 500.0).abs() < 1e-12);
    }

    #[test]
    fn a_far_or_much_nearer_design_needs_another_map() {
        let design = Design::default();
        let mut map = PlacedMap::new(&Features::default(), &design, &layout(&design), 3.0);
        Arc::make_mut(&mut map.geometry).is_whole = false;
        let with = |change: &dyn Fn(&mut Design)| {
            let mut design = design.clone();
            change(&mut design);
            map.serves(&design, &layout(&design))
        };
        assert!(with(&|design| design.distance = 900.0));
        assert!(!with(&|design| design.distance = 1200.0));
        assert!(!with(&|design| design.distance = 200.0));
        assert!(with(&|design| design.place.lon += 0.01));
        assert!(!with(&|design| design.place.lon += 0.1));
    }
}

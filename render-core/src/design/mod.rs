//! [`Design`]: everything a person chose about a poster, and the one thing that is saved.
//!
//! Share link, autosave, project file and the metadata inside exports are all this one JSON.

mod changes;
pub mod embedded;
pub mod input;
pub mod json;
pub mod length;

use std::collections::{BTreeMap, BTreeSet};

use crate::color::Color;
use crate::geometry::Viewport;
use crate::kind::Layer;
use crate::lonlat::{Bbox, wrap_longitude};
use crate::page::PageSpec;

use input::Range;

pub use changes::Changes;
pub use input::InputError;

/// The version this code writes.
pub const DESIGN_VERSION: u64 = 1;

/// Where the map's centre is, and what it is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Latitude, degrees, −85..=85.
    pub lat: f64,
    /// Longitude, degrees, −180..=180.
    pub lon: f64,
    /// The place's name; the title unless another is given.
    pub name: String,
    /// The country; the subtitle unless another is given.
    pub country: String,
}

/// A page as it is printed: landscape when wider than high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaperSize {
    /// Width, mm, 20..=2000.
    pub width: f64,
    /// Height, mm, 20..=2000.
    pub height: f64,
}

/// The lines of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    /// Title; the place's name where `None`, no title where empty.
    pub title: Option<String>,
    /// Subtitle; the country where `None`, none where empty.
    pub subtitle: Option<String>,
    /// Whether the coordinates are shown.
    pub coordinates: bool,
}

/// Which colours.
#[derive(Debug, Clone, PartialEq)]
pub enum ThemeChoice {
    /// A theme of the app's, by its id.
    Named(String),
    /// A theme file's content.
    Inline(serde_json::Value),
}

/// How much of the page's height fades into the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fades {
    /// At the top, 0..=0.5 of the map's height.
    pub top: f64,
    /// At the bottom, 0..=0.5 of the map's height.
    pub bottom: f64,
}

/// How a file is written, as far as it is not the poster itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Files {
    /// Whether a PDF has crop and registration marks.
    pub marks: bool,
    /// Whether a PDF keeps to PDF/A, for archives.
    pub archival: bool,
    /// Whether a picture has no paper, in the formats that can do without: what is behind it shows.
    pub transparent: bool,
    /// Furthest a line of an SVG or PDF may stray from the data on paper, mm, 0.02..=0.5.
    pub tolerance: f64,
    /// Layers whose areas a plotter draws the outlines of.
    pub outlines: BTreeSet<Layer>,
}

impl Default for Files {
    fn default() -> Self {
        let outlines = BTreeSet::from([Layer::Water, Layer::Buildings]);
        Self {
            marks: false,
            archival: false,
            transparent: false,
            tolerance: input::TOLERANCE.min,
            outlines,
        }
    }
}

/// A poster as a person described it. All values are within their ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// The map's centre and names.
    pub place: Place,
    /// Half the map's height on the ground, m, 100..=50 000.
    pub distance: f64,
    /// How far the map is turned clockwise on the page, degrees, -180..=180; 0 has north above.
    pub rotation: f64,
    /// The page.
    pub paper: PaperSize,
    /// White edge around the map, mm, 0..=200.
    pub margin: f64,
    /// How far the picture goes beyond the cut, mm, 0..=10.
    pub bleed: f64,
    /// Pixels per inch of a picture file, 36..=1200.
    pub dpi: f64,
    /// The words.
    pub texts: Texts,
    /// The theme.
    pub theme: ThemeChoice,
    /// Colours that replace the theme's, by the theme file's keys.
    pub colors: BTreeMap<String, Color>,
    /// Layers switched on or off against [`Design::shows`]'s default.
    pub layers: BTreeMap<Layer, bool>,
    /// Fades at top and bottom.
    pub fades: Fades,
    /// Factor on every line width, 0.25..=4.
    pub line_weight: f64,
    /// The map alone, edge to edge: no text, fades or rule.
    pub bare: bool,
    /// How files are written.
    pub files: Files,
    /// Language of case rules and numbers, a BCP 47 tag.
    pub locale: String,
    /// What was read, so that fields this version does not know survive.
    pub(crate) source: serde_json::Map<String, serde_json::Value>,
}

impl Default for Design {
    fn default() -> Self {
        Self {
            place: Place {
                lat: 60.1722,
                lon: 24.9443,
                name: "Helsinki".into(),
                country: "Finland".into(),
            },
            distance: 620.0,
            rotation: 0.0,
            paper: PaperSize { width: 300.0, height: 400.0 },
            margin: 0.0,
            bleed: 0.0,
            dpi: 300.0,
            texts: Texts { title: None, subtitle: None, coordinates: true },
            theme: ThemeChoice::Named("terracotta".into()),
            colors: BTreeMap::new(),
            layers: BTreeMap::new(),
            fades: Fades { top: 0.12, bottom: 0.28 },
            line_weight: 1.0,
            bare: false,
            files: Files::default(),
            locale: "en".into(),
            source: serde_json::Map::new(),
        }
    }
}

impl Design {
    /// The title to print; empty for none.
    #[must_use]
    pub fn title(&self) -> &str {
        self.texts.title.as_deref().unwrap_or(&self.place.name)
    }

    /// The subtitle to print; empty for none.
    #[must_use]
    pub fn subtitle(&self) -> &str {
        self.texts.subtitle.as_deref().unwrap_or(&self.place.country)
    }

    /// Whether a layer is drawn; all are unless switched off.
    #[must_use]
    pub fn shows(&self, layer: Layer) -> bool {
        self.layers.get(&layer).copied().unwrap_or(true)
    }

    /// The map's box on the page without bleed, m: its height is twice the distance, its width
    /// follows the page's proportions within the margins.
    #[must_use]
    pub fn viewport(&self) -> Viewport {
        let (width, height) = self.map_size();
        Viewport { half_width: self.distance * width / height, half_height: self.distance }
    }

    /// Size of the map on the page, mm.
    #[must_use]
    pub fn map_size(&self) -> (f64, f64) {
        let margin = if self.bare { 0.0 } else { self.margin };
        (self.paper.width - 2.0 * margin, self.paper.height - 2.0 * margin)
    }

    /// The margins that leave a map on the page, mm.
    #[must_use]
    pub fn margin_range(&self) -> Range {
        let widest = (self.paper.width.min(self.paper.height) / 2.0 - 5.0).max(0.0);
        Range { max: widest.floor().min(input::MARGIN.max), ..input::MARGIN }
    }

    /// How many metres on the ground a metre on the page is: 10 000 for 1:10 000.
    #[must_use]
    pub fn scale(&self) -> f64 {
        1000.0 / self.mm_per_metre()
    }

    /// The distance at which the map has a scale, m; it need not be one a design can have.
    #[must_use]
    pub fn distance_of(&self, scale: f64) -> f64 {
        let (_, height) = self.map_size();
        // A micrometre on the ground is nothing, and its digits would be seen.
        (scale * height / 2000.0 * 1e6).round() / 1e6
    }

    /// The scales a map on this page can have.
    #[must_use]
    pub fn scale_range(&self) -> Range {
        let (_, height) = self.map_size();
        let scale = |distance: f64| distance * 2000.0 / height;
        Range {
            name: "scale",
            min: scale(input::DISTANCE.min).ceil(),
            max: scale(input::DISTANCE.max).floor(),
            unit: "",
            code: "E-INPUT-SCALE",
        }
    }

    /// Half the sides of the box with north above that holds a box turned as the map is.
    #[must_use]
    pub fn upright(&self, half_width: f64, half_height: f64) -> (f64, f64) {
        let (sin, cos) = libm::sincos(self.rotation.to_radians());
        let (sin, cos) = (sin.abs(), cos.abs());
        (half_width * cos + half_height * sin, half_width * sin + half_height * cos)
    }

    /// How much 1 m on the ground is on the page, mm.
    #[must_use]
    pub fn mm_per_metre(&self) -> f64 {
        let (_, height) = self.map_size();
        height / (2.0 * self.distance)
    }

    /// What the page layout needs to know.
    #[must_use]
    pub fn page_spec(&self) -> PageSpec {
        PageSpec {
            width: self.paper.width,
            height: self.paper.height,
            margin: self.margin,
            bleed: self.bleed,
            distance: self.distance,
            fade_top: self.fades.top,
            fade_bottom: self.fades.bottom,
            dpi: self.dpi,
            transparent: self.files.transparent,
            bare: self.bare,
            rule: true,
        }
    }

    /// The box on the globe that data are needed for: the map, and around it 2 % or the bleed.
    #[must_use]
    pub fn data_bbox(&self) -> Bbox {
        self.data_bbox_with(self.bleed)
    }

    /// The same with room for any bleed that may be asked for later: 10 mm, on paper narrower than A4 a twentieth of it.
    #[must_use]
    pub fn data_bbox_with_room(&self) -> Bbox {
        let room = input::BLEED.max.min(self.paper.width.min(self.paper.height) / 20.0);
        self.data_bbox_with(self.bleed.max(room))
    }

    /// `bleed` in mm.
    fn data_bbox_with(&self, bleed: f64) -> Bbox {
        let view = self.viewport();
        // Within a margin the map ends on the page.
        let reaches_the_cut = self.bare || self.margin <= 0.0;
        let bleed = if reaches_the_cut { bleed / self.mm_per_metre() } else { 0.0 };
        let with_more = |half: f64| half + (0.02 * half).max(bleed);
        let (half_width, half_height) =
            self.upright(with_more(view.half_width), with_more(view.half_height));
        // Metres to degrees on the mean sphere: wide enough, as the margin covers the ellipsoid.
        let per_degree = 111_195.0;
        let d_lat = half_height / per_degree;
        let south = (self.place.lat - d_lat).max(-90.0);
        let north = (self.place.lat + d_lat).min(90.0);
        // Away from the middle a parallel bends towards the pole, so the corners nearer to the
        // equator reach beyond the middle of their edge.
        let steep = self.place.lat.abs().min(89.0).to_radians();
        let bend = half_width * half_width * libm::tan(steep) / (2.0 * 6_371_000.0) / per_degree;
        let (south, north) = match self.place.lat {
            lat if lat > 0.0 => ((south - bend).max(-90.0), north),
            _ => (south, (north + bend).min(90.0)),
        };
        // The widest parallel of the box is the one nearest to a pole.
        let steepest = south.abs().max(north.abs()).min(89.5).to_radians();
        let d_lon = (half_width / (per_degree * libm::cos(steepest))).min(180.0);
        Bbox {
            south,
            west: wrap_longitude(self.place.lon - d_lon),
            north,
            east: wrap_longitude(self.place.lon + d_lon),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_twice_the_distance_high_and_follows_the_paper() {
        let mut design = Design { distance: 1000.0, ..Design::default() };
        assert_eq!(design.viewport(), Viewport { half_width: 750.0, half_height: 1000.0 });
        design.paper = PaperSize { width: 400.0, height: 300.0 };
        assert!((design.viewport().half_width - 4000.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_turned_map_needs_data_to_its_corners() {
        let mut design = Design { distance: 1000.0, ..Design::default() };
        design.place.lat = 0.0;
        let upright = design.data_bbox();
        design.rotation = 90.0;
        let turned = design.data_bbox();
        assert!((turned.width() / (upright.north - upright.south) - 1.0).abs() < 1e-6);
        design.rotation = -45.0;
        // 750 m and 1000 m, each times the root of one half.
        let half = (750.0 + 1000.0) * std::f64::consts::FRAC_1_SQRT_2 * 1.02 / 111_195.0;
        let (north, east) = (design.data_bbox().north, design.data_bbox().width() / 2.0);
        assert!((north / half - 1.0).abs() < 1e-6 && (east / half - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_data_box_crosses_the_antimeridian_with_west_above_east() {
        let mut design = Design { distance: 20_000.0, ..Design::default() };
        design.place.lat = -17.0;
        design.place.lon = 179.99;
        let bbox = design.data_bbox();
        assert!(bbox.west > 179.0 && bbox.east < -179.0, "{bbox:?}");
    }

    #[test]
    fn a_scale_and_its_distance_are_one() {
        let mut design = Design::default();
        for (width, height) in [(300.0, 400.0), (304.8, 406.4), (137.16, 171.45)] {
            design.paper = PaperSize { width, height };
            for scale in [2500.0, 10_000.0, 25_000.0] {
                design.distance = design.distance_of(scale);
                assert!((design.scale() - scale).abs() < 1e-4, "{}", design.scale());
                assert!(design.distance.to_string().len() < 9, "{}", design.distance);
            }
            let range = design.scale_range();
            assert!(design.distance_of(range.min) >= input::DISTANCE.min);
            assert!(design.distance_of(range.max) <= input::DISTANCE.max);
        }
    }

    #[test]
    fn bleed_needs_data_only_where_the_map_reaches_it() {
        let height = |bleed: f64, margin: f64| {
            let bbox = Design { bleed, margin, ..Design::default() }.data_bbox();
            bbox.north - bbox.south
        };
        // 3 mm are less than the 2 % around the map, 10 mm are more.
        assert_eq!(height(3.0, 0.0), height(0.0, 0.0));
        assert!(height(10.0, 0.0) / height(0.0, 0.0) > 1.02);
        assert_eq!(height(10.0, 10.0), height(0.0, 10.0));
    }

    #[test]
    fn data_that_were_fetched_do_for_any_bleed_on_paper_that_is_printed_on() {
        for (width, height, most) in
            [(210.0, 297.0, 10.0), (841.0, 1189.0, 10.0), (105.0, 148.0, 5.0)]
        {
            let mut design = Design { paper: PaperSize { width, height }, ..Design::default() };
            design.distance = design.distance_of(10_000.0);
            let fetched = design.data_bbox_with_room();
            for bleed in [0.0, 3.0, most] {
                assert!(
                    fetched.holds(Design { bleed, ..design.clone() }.data_bbox()),
                    "{width}: {bleed} mm"
                );
            }
            let share = (fetched.north - fetched.south)
                / (design.data_bbox().north - design.data_bbox().south);
            assert!(share < 1.06, "{width}: {share}");
        }
    }
}

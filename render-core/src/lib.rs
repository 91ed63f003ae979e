//! OpenStreetMap bytes to a print-ready map poster, as one pure pipeline.
//!
//! ```text
//! bytes ─read→ OsmData ─assemble→ Features ─project→ MapGeometry ─┐
//! Design, Fonts ─────────── lay out ──────────→ PageLayout ───────┴compose→ Scene ─export→ Mesh, SVG, PDF, PNG
//! ```
//!
//! No I/O, no clock, no globals: the same bytes come out on every platform.

pub mod color;
pub mod design;
pub mod error;
pub mod export;
pub mod features;
mod flat;
pub mod geometry;
pub mod kind;
pub mod lonlat;
pub mod map;
pub mod osm;
pub mod page;
pub mod planar;
pub mod scene;
pub mod text;
pub mod theme;
pub mod units;

use design::Design;
use error::{Warned, Warning};
use features::Features;
use map::PlacedMap;
use osm::OsmData;
use scene::Scene;
use text::{Fonts, ShapedTexts, Texts};
use theme::Theme;

/// Shapes the lines of text a design shows.
#[must_use]
pub fn shape_texts(design: &Design, fonts: &Fonts) -> Warned<ShapedTexts> {
    let coordinates = match design.texts.coordinates {
        true => page::coordinates_line(design.place.lat, design.place.lon),
        false => String::new(),
    };
    let texts = Texts {
        title: design.title(),
        subtitle: design.subtitle(),
        coordinates: &coordinates,
        locale: &design.locale,
    };
    text::shape_texts(&texts, fonts)
}

/// Builds a poster's scene from what a source held.
#[must_use]
pub fn build_scene(
    data: &OsmData,
    design: &Design,
    theme: &Theme,
    texts: &ShapedTexts,
) -> Warned<Scene> {
    let mut warnings: Vec<Warning> = Vec::new();
    let area = design.data_bbox();
    let area = data.area.and_then(|known| area.intersection(known)).unwrap_or(area);
    let features = features::assemble(data, area, &mut warnings);
    Warned { output: scene_of(&features, design, theme, texts), warnings }
}

/// Builds a poster's scene from a place's features, which do not change with the design.
#[must_use]
pub fn scene_of(features: &Features, design: &Design, theme: &Theme, texts: &ShapedTexts) -> Scene {
    let layout = page::lay_out(&design.page_spec(), texts);
    PlacedMap::new(features, design, &layout, 1.0).scene(design, theme, &layout)
}

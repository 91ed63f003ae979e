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
pub mod geometry;
pub mod kind;
pub mod lonlat;
pub mod osm;
pub mod page;
pub mod scene;
pub mod text;
pub mod theme;
pub mod units;

use design::Design;
use error::{Warned, Warning};
use features::Features;
use geometry::clip::ClipBox;
use geometry::{ProjectOptions, Projection};
use osm::OsmData;
use page::PageLayout;
use scene::Scene;
use text::{Fonts, ShapedTexts, Texts};
use theme::Theme;

/// Furthest a drawn line may stray from the data on paper, mm: a quarter of a pixel at 300 dpi.
const TOLERANCE: f64 = 0.02;

/// How far beyond the page's edge geometry is kept, mm on a page 12 in wide: more than half the
/// widest stroke, so that no line's end shows at the edge.
const CLIP_MARGIN: f64 = 8.0;

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
    let features = features::assemble(data, &mut warnings);
    Warned { output: scene_of(&features, design, theme, texts), warnings }
}

/// Builds a poster's scene from a place's features, which do not change with the design.
#[must_use]
pub fn scene_of(features: &Features, design: &Design, theme: &Theme, texts: &ShapedTexts) -> Scene {
    let layout = page::lay_out(&design.page_spec(), texts);
    let geometry = geometry::project(features, &projection(design), &project_options(&layout));
    scene::compose(&geometry, &layout, theme, design)
}

fn projection(design: &Design) -> Projection {
    let view = design.viewport();
    let radius = libm::hypot(view.half_width, view.half_height);
    Projection::new(design.place.lon, design.place.lat, radius)
}

fn project_options(layout: &PageLayout) -> ProjectOptions {
    let margin = layout.bleed + CLIP_MARGIN * layout.scale;
    let to_metres = |mm: f64| (mm / 2.0 + margin) / layout.mm_per_metre;
    ProjectOptions {
        clip: ClipBox {
            half_width: to_metres(layout.map_window.width),
            half_height: to_metres(layout.map_window.height),
        },
        tolerance: TOLERANCE / layout.mm_per_metre,
    }
}

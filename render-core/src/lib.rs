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
use page::PageLayout;
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
    let Warned { output: features, warnings } = features_of(data, design);
    Warned { output: scene_of(&features, design, theme, texts), warnings }
}

/// Most vertices of a vector file: with more no editor can be worked with.
pub const MOST_VERTICES: usize = 1_000_000;

/// Builds the scene of a poster's vector file, as fine as the design asks for, and coarser where it
/// would have more than [`MOST_VERTICES`].
#[must_use]
pub fn build_vector_scene(
    data: &OsmData,
    design: &Design,
    theme: &Theme,
    texts: &ShapedTexts,
) -> Warned<Scene> {
    let Warned { output: features, mut warnings } = features_of(data, design);
    let scene = vector_scene_of(&features, design, theme, texts, MOST_VERTICES, &|| {});
    warnings.extend(scene.warnings);
    Warned { output: scene.output, warnings }
}

/// As [`build_vector_scene`], from a place's features and with fewer than so many vertices; `on_round` is called before
/// the map is made, and again each time before it is made coarser.
#[must_use]
pub fn vector_scene_of(
    features: &Features,
    design: &Design,
    theme: &Theme,
    texts: &ShapedTexts,
    most_vertices: usize,
    on_round: &dyn Fn(),
) -> Warned<Scene> {
    let layout = page::lay_out(&design.page_spec(), texts);
    let Warned { output: (_, scene), warnings } =
        vector_map_of(features, design, theme, &layout, most_vertices, on_round);
    Warned { output: scene, warnings }
}

/// How much coarser a map with too many vertices is made at least, so that there are few rounds.
const LEAST_COARSER: f64 = 1.5;
/// And at most, so that it is not made coarser than it has to be.
const MOST_COARSER: f64 = 8.0;

fn vector_map_of(
    features: &Features,
    design: &Design,
    theme: &Theme,
    layout: &PageLayout,
    most_vertices: usize,
    on_round: &dyn Fn(),
) -> Warned<(PlacedMap, Scene)> {
    let mut tolerance = design.files.tolerance;
    loop {
        on_round();
        let map = PlacedMap::coarse(features, design, layout, tolerance);
        let scene = map.scene(design, theme, layout);
        // Coarser than the page nothing of the map is left.
        let n_vertices = scene.n_vertices();
        if n_vertices < most_vertices || tolerance > design.paper.width.max(design.paper.height) {
            let mut warnings = Vec::new();
            if tolerance > design.files.tolerance {
                let what =
                    format!("lines stray by up to {tolerance:.2} mm, as finer ones were too many");
                warnings.push(Warning { code: "W-EXPORT-COARSER", element: None, what });
            }
            return Warned { output: (map, scene), warnings };
        }
        // Of a line that bends at any size, half the vertices are left at twice the tolerance; of one that is smooth more.
        let excess = n_vertices as f64 / most_vertices.max(1) as f64;
        tolerance *= excess.clamp(LEAST_COARSER, MOST_COARSER);
    }
}

/// The map of a design's last file, so that the same poster in other themes and formats is not made
/// from the data again.
#[derive(Debug)]
pub struct FileMap {
    /// What it was made for; the theme is any.
    design: Design,
    is_vector: bool,
    map: PlacedMap,
    /// What was said when it was made coarser.
    coarser: Vec<Warning>,
}

impl FileMap {
    /// A design's scene as [`build_scene`] or, where it `is_vector`, [`build_vector_scene`] makes it,
    /// from the map in `last` where that is the same; a new one takes its place. `on_round` is called whenever a map is
    /// made, which for a large one takes seconds.
    pub fn scene(
        last: &mut Option<Self>,
        data: &OsmData,
        design: &Design,
        theme: &Theme,
        texts: &ShapedTexts,
        is_vector: bool,
        on_round: &dyn Fn(),
    ) -> Warned<Scene> {
        let layout = page::lay_out(&design.page_spec(), texts);
        let of = |design: &Design| Design {
            theme: Design::default().theme,
            dpi: Design::default().dpi,
            ..design.clone()
        };
        let serves = |last: &&Self| last.is_vector == is_vector && last.design == of(design);
        if let Some(last) = last.as_ref().filter(serves) {
            let scene = last.map.scene(design, theme, &layout);
            // A theme with more casings may have too many.
            if !is_vector || scene.n_vertices() < MOST_VERTICES {
                return Warned { output: scene, warnings: last.coarser.clone() };
            }
        }
        // Two at once would be memory for nothing.
        *last = None;
        let Warned { output: features, mut warnings } = features_of(data, design);
        let (map, scene, coarser) = if is_vector {
            let made = vector_map_of(&features, design, theme, &layout, MOST_VERTICES, on_round);
            let (map, scene) = made.output;
            (map, scene, made.warnings)
        } else {
            on_round();
            let map = PlacedMap::new(&features, design, &layout, 1.0);
            let scene = map.scene(design, theme, &layout);
            (map, scene, Vec::new())
        };
        warnings.extend(coarser.iter().cloned());
        *last = Some(Self { design: of(design), is_vector, map, coarser });
        Warned { output: scene, warnings }
    }
}

fn features_of(data: &OsmData, design: &Design) -> Warned<Features> {
    let mut warnings: Vec<Warning> = Vec::new();
    let area = design.data_bbox();
    let area = data.area.and_then(|known| area.intersection(known)).unwrap_or(area);
    let features = features::assemble(data, area, &mut warnings);
    Warned { output: features, warnings }
}

/// Builds a poster's scene from a place's features, which do not change with the design.
#[must_use]
pub fn scene_of(features: &Features, design: &Design, theme: &Theme, texts: &ShapedTexts) -> Scene {
    let layout = page::lay_out(&design.page_spec(), texts);
    PlacedMap::new(features, design, &layout, 1.0).scene(design, theme, &layout)
}

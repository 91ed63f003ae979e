//! Geometry, layout and theme → [`Scene`]: who covers whom, and in which style.

use std::ops::Range;
use std::sync::Arc;

use super::areas::{add_areas, add_sea};
use super::roads::add_lines;
use super::widths::{HAIRLINE, WidthContext};
use super::{
    Draw, GlyphsItem, Group, Item, Paint, PathItem, Paths, SHEET, Scene, StyleId, StyleTable,
    Transform,
};
use crate::design::Design;
use crate::features::Structure;
use crate::flat::range;
use crate::geometry::{MapArea, MapGeometry};
use crate::kind::FeatureKind;
use crate::page::{PageLayout, TextRole};
use crate::theme::Theme;
use crate::units::PageRect;

/// Puts a poster together. `centre`: where in the geometry the window's middle is, m.
#[must_use]
pub fn compose(
    geometry: &Arc<MapGeometry>,
    centre: (f64, f64),
    layout: &PageLayout,
    theme: &Theme,
    design: &Design,
) -> Scene {
    let paths = Paths { map: Arc::clone(geometry), ..Paths::default() };
    put_together(geometry, centre, layout, theme, design, Some(paths))
}

/// The styles of the scene that [`compose`] makes, at a fraction of its work.
#[must_use]
pub fn styles(
    geometry: &MapGeometry,
    layout: &PageLayout,
    theme: &Theme,
    design: &Design,
) -> StyleTable {
    put_together(geometry, (0.0, 0.0), layout, theme, design, None).styles
}

fn put_together(
    geometry: &MapGeometry,
    centre: (f64, f64),
    layout: &PageLayout,
    theme: &Theme,
    design: &Design,
    paths: Option<Paths>,
) -> Scene {
    let widths = WidthContext {
        scale: layout.scale,
        mm_per_metre: layout.mm_per_metre,
        weight: design.line_weight,
    };
    let mut composer = Composer { theme, design, widths, styles: StyleTable::default(), paths };
    let page = PageRect { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
    let sheet = page.expanded(layout.bleed);
    let background = solid(theme.background, 1.0);
    let mut items = vec![composer.rect(SHEET, background, &sheet)];
    items.push(Item::Group(map_group(&mut composer, geometry, centre, layout)));
    if !layout.fades.is_empty() {
        let mut fades = Vec::new();
        for fade in &layout.fades {
            let (opaque_y, clear_y) = (fade.opaque_y, fade.clear_y);
            let paint = Paint::FadeY { color: theme.fade, opaque_y, clear_y };
            // Within a margin a fade goes a little beyond the map, which only paper of its colour hides.
            let rect = if theme.fade == theme.background || layout.map_window.x <= 0.0 {
                fade.rect
            } else {
                fade.rect.intersection(&layout.map_window)
            };
            fades.push(composer.rect("fade", Draw::Fill(paint), &rect));
        }
        items.push(group("fades", fades));
    }
    let mut text = Vec::new();
    if let Some(rule) = &layout.rule {
        text.push(composer.rect("rule", solid(theme.text, 1.0), rule));
    }
    if let Some(plate) = &layout.plate {
        text.push(composer.rect("plate", solid(theme.fade, PLATE_OPACITY), plate));
    }
    for line in &layout.lines {
        let (name, color) = match line.role {
            TextRole::Title => ("title", theme.text),
            TextRole::Subtitle => ("subtitle", theme.text),
            TextRole::Coordinates => ("coordinates", theme.text),
            TextRole::Attribution => ("attribution", theme.attribution),
        };
        let style = composer.style(name, solid(color, line.opacity));
        let run = line.run.clone();
        text.push(Item::Glyphs(GlyphsItem { style, origin: line.origin, size: line.size, run }));
    }
    if !text.is_empty() {
        items.push(group("text", text));
    }
    Scene {
        width: layout.width,
        height: layout.height,
        bleed: layout.bleed,
        title: document_title(design),
        styles: composer.styles,
        paths: composer.paths.unwrap_or_default(),
        items,
    }
}

/// How much the plate beneath the attribution hides of the map: its letters are legible on it, and
/// the map goes on.
const PLATE_OPACITY: f64 = 0.85;

fn document_title(design: &Design) -> String {
    [design.title(), design.subtitle()]
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The map: metres, y up, cut at its window (and at the bleed's edge where it reaches the cut).
fn map_group(
    composer: &mut Composer<'_>,
    geometry: &MapGeometry,
    (x, y): (f64, f64),
    layout: &PageLayout,
) -> Group {
    let window = &layout.map_window;
    let (sin, cos) = libm::sincos(composer.design.rotation.to_radians());
    let (sin, cos) = (layout.mm_per_metre * sin, layout.mm_per_metre * cos);
    let transform = Transform {
        a: cos,
        b: sin,
        c: sin,
        d: -cos,
        e: window.x + window.width / 2.0 - (cos * x + sin * y),
        f: window.y + window.height / 2.0 - (sin * x - cos * y),
    };
    let reaches_the_cut = window.x <= 0.0 && window.y <= 0.0;
    let clip = if reaches_the_cut { window.expanded(layout.bleed) } else { *window };
    let mut items = Vec::new();
    let mut add = |name: &'static str, fill: &dyn Fn(&mut Composer<'_>, &mut Vec<Item>)| {
        let mut children = Vec::new();
        fill(composer, &mut children);
        if !children.is_empty() {
            items.push(group(name, children));
        }
    };
    let of_tier = |area: &MapArea, island: u8, is_water: bool| {
        area.kind <= FeatureKind::Water
            && area.kind != FeatureKind::Sea
            && (area.tier.island.min(1), area.tier.is_water) == (island, is_water)
    };
    add("sea", &|c, i| add_sea(c, i, geometry));
    add("land", &|c, i| add_areas(c, i, geometry, |area| of_tier(area, 0, false)));
    add("water", &|c, i| {
        add_areas(c, i, geometry, |area| of_tier(area, 0, true));
        let waterways = (FeatureKind::Stream, FeatureKind::River);
        add_lines(c, i, geometry, Structure::Ground, waterways);
    });
    // Land that lies in water as no hole was cut for it, and the ponds on it.
    add("islands", &|c, i| {
        add_areas(c, i, geometry, |area| of_tier(area, 1, false) || of_tier(area, 1, true));
    });
    add("ground", &|c, i| {
        let is_ground =
            |area: &MapArea| matches!(area.kind, FeatureKind::AerowayArea | FeatureKind::Plaza);
        add_areas(c, i, geometry, is_ground);
        let runways = (FeatureKind::Taxiway, FeatureKind::Runway);
        add_lines(c, i, geometry, Structure::Ground, runways);
    });
    add("tunnels", &|c, i| add_lines(c, i, geometry, Structure::Tunnel, WAYS));
    add("buildings", &|c, i| {
        add_areas(c, i, geometry, |area| area.kind == FeatureKind::Building);
    });
    add("piers", &|c, i| {
        add_areas(c, i, geometry, |area| area.kind == FeatureKind::PierArea);
        add_lines(c, i, geometry, Structure::Ground, (FeatureKind::Pier, FeatureKind::Pier));
    });
    add("roads", &|c, i| add_lines(c, i, geometry, Structure::Ground, WAYS));
    add("bridges", &|c, i| {
        let all = (FeatureKind::Stream, FeatureKind::Rail);
        add_lines(c, i, geometry, Structure::Bridge, all);
    });
    Group { name: "map", transform, clip: Some(clip), items }
}

/// Everything one travels on.
const WAYS: (FeatureKind, FeatureKind) = (FeatureKind::Steps, FeatureKind::Rail);

fn group(name: &'static str, items: Vec<Item>) -> Item {
    Item::Group(Group { name, transform: Transform::IDENTITY, clip: None, items })
}

fn solid(color: crate::color::Color, opacity: f64) -> Draw {
    Draw::Fill(Paint::Solid { color, opacity })
}

/// What the parts of a scene are added to.
pub(super) struct Composer<'a> {
    pub theme: &'a Theme,
    pub design: &'a Design,
    pub widths: WidthContext,
    styles: StyleTable,
    /// `None` where only styles are wanted.
    paths: Option<Paths>,
}

impl Composer<'_> {
    pub fn style(&mut self, name: &str, draw: Draw) -> StyleId {
        self.styles.add_or_share(name, draw)
    }

    /// On a map of a whole region a building is a dot: outlines would only darken it.
    pub fn shows_outlines(&self) -> bool {
        self.theme.building_outline != self.theme.color(FeatureKind::Building)
            && self.widths.mm_per_metre > 0.08 * self.widths.scale
    }

    /// Adds what `fill` puts into the paths; nothing where only styles are wanted.
    pub fn add_subpaths(&mut self, fill: impl FnOnce(&mut Paths)) -> Range<u32> {
        let Some(paths) = &mut self.paths else { return 0..0 };
        let start = paths.subpaths.len();
        fill(paths);
        range(start, paths.subpaths.len())
    }

    /// A box in page millimetres.
    #[expect(clippy::cast_possible_truncation, reason = "0.0001 mm at 2 m is fine for a box")]
    fn rect(&mut self, name: &str, draw: Draw, rect: &PageRect) -> Item {
        let style = self.style(name, draw);
        let corners = [
            (rect.x, rect.y),
            (rect.right(), rect.y),
            (rect.right(), rect.bottom()),
            (rect.x, rect.bottom()),
        ];
        let corners = corners.map(|(x, y)| [x as f32, y as f32]);
        let subpaths = self.add_subpaths(|paths| paths.add(corners, true, true));
        Item::Path(PathItem { style, subpaths })
    }
}

impl WidthContext {
    /// Width of outlines, mm.
    pub fn hairline(&self) -> f64 {
        (0.12 * self.scale * self.weight).max(HAIRLINE * 0.75)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::color::Color;
    use crate::geometry::MapLine;
    use crate::units::MapPoint;

    /// A level line of two points, 100 m long.
    pub fn line(kind: FeatureKind, structure: Structure, layer: i8) -> MapLine {
        MapLine { kind, structure, layer, is_closed: false, points: 0..2 }
    }

    /// A scene of these lines alone on a page of 300 × 400 mm.
    pub fn scene_of(lines: &[MapLine]) -> Scene {
        scene_in(&Design::default(), lines)
    }

    fn scene_in(design: &Design, lines: &[MapLine]) -> Scene {
        let mut geometry = MapGeometry {
            points: vec![MapPoint { x: -50.0, y: 0.0 }, MapPoint { x: 50.0, y: 0.0 }],
            lines: lines.to_vec(),
            ..MapGeometry::default()
        };
        geometry.lines.sort_by_key(|line| (line.structure, line.layer, line.kind));
        let window = PageRect { x: 0.0, y: 0.0, width: 300.0, height: 400.0 };
        let layout = PageLayout {
            width: 300.0,
            height: 400.0,
            bleed: 3.0,
            safe_area: window,
            map_window: window,
            mm_per_metre: 0.3,
            scale: 1.0,
            fades: Vec::new(),
            rule: None,
            plate: None,
            lines: Vec::new(),
        };
        let (paper, ink) = (Color::new(255, 255, 255), Color::new(0, 0, 0));
        let theme = Theme {
            id: "plain".into(),
            name: "Plain".into(),
            description: String::new(),
            background: paper,
            text: ink,
            fade: paper,
            attribution: ink,
            road_casing: paper,
            bridge_casing: paper,
            building_outline: paper,
            tunnels: crate::theme::TunnelStyle::Faded,
            kinds: [ink; FeatureKind::ALL.len()],
            given: std::collections::BTreeMap::new(),
        };
        compose(&Arc::new(geometry), (0.0, 0.0), &layout, &theme, design)
    }

    #[test]
    fn a_fade_that_is_not_of_the_papers_colour_stays_off_the_margin() {
        let spec = crate::page::PageSpec { margin: 10.0, ..crate::page::PageSpec::default() };
        let layout = crate::page::lay_out(&spec, &crate::text::ShapedTexts::default());
        let theme = crate::theme::builtin::theme("noir").unwrap();
        let window = layout.map_window;
        let edges = |theme: &Theme| {
            let scene = compose(&Arc::default(), (0.0, 0.0), &layout, theme, &Design::default());
            let fades = scene.items.iter().find_map(|item| match item {
                Item::Group(group) if group.name == "fades" => Some(group.items.clone()),
                _ => None,
            });
            let paths = fades.unwrap_or_default().into_iter().filter_map(|item| match item {
                Item::Path(path) => Some(path.subpaths),
                _ => None,
            });
            let least = paths.flat_map(|subpaths| {
                let points =
                    subpaths.map(|i| scene.paths.points(&scene.paths.subpaths[i as usize]));
                points.flatten().map(|[x, _]| *x).collect::<Vec<_>>()
            });
            least.fold(f32::MAX, f32::min)
        };
        assert!(f64::from(edges(&theme)) < window.x);
        let other = Theme { fade: theme.text, ..theme };
        assert_eq!(f64::from(edges(&other)), window.x);
    }

    #[test]
    fn a_map_turned_clockwise_has_north_on_the_right() {
        let design = Design { rotation: 90.0, ..Design::default() };
        let scene = scene_in(&design, &[line(FeatureKind::Primary, Structure::Ground, 0)]);
        let Some(Item::Group(map)) = scene.items.get(1) else { panic!("no map") };
        let (x, y) = map.transform.apply(0.0, 100.0);
        assert!((x - 180.0).abs() < 1e-9 && (y - 200.0).abs() < 1e-9, "{x}, {y}");
        assert!((map.transform.scale() - 0.3).abs() < 1e-12);
    }

    #[test]
    fn the_map_reaches_into_the_bleed_and_its_centre_is_the_windows() {
        let scene = scene_of(&[line(FeatureKind::Primary, Structure::Ground, 0)]);
        let Some(Item::Group(map)) = scene.items.get(1) else { panic!("no map") };
        assert_eq!(map.transform.apply(0.0, 0.0), (150.0, 200.0));
        assert_eq!(map.transform.apply(0.0, 100.0), (150.0, 170.0));
        assert_eq!(map.clip, Some(PageRect { x: -3.0, y: -3.0, width: 306.0, height: 406.0 }));
    }
}

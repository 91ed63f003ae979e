//! Small scenes made by hand, one problem each, and a busy one.

use render_core::color::Color;
use render_core::scene::{
    Cap, Draw, GlyphsItem, Group, Item, Join, Paint, PathItem, Scene, StyleId, Subpath, Transform,
};
use render_core::text::{Glyph, GlyphRun, OutlineStep};
use render_core::units::{PagePoint, PageRect};

pub const INK: Color = Color::new(20, 40, 60);
pub const WATER: Color = Color::new(90, 150, 200);
pub const PAPER: Color = Color::new(245, 240, 230);

/// A page of 60 × 80 mm with no bleed.
pub fn page() -> Scene {
    Scene { width: 60.0, height: 80.0, title: "Test".into(), ..Scene::default() }
}

pub fn solid(color: Color) -> Paint {
    Paint::Solid { color, opacity: 1.0 }
}

pub fn fill(scene: &mut Scene, color: Color) -> StyleId {
    scene.styles.add("fill", Draw::Fill(solid(color)))
}

pub fn stroke(scene: &mut Scene, color: Color, width: f64, cap: Cap, join: Join) -> StyleId {
    let paint = solid(color);
    scene.styles.add("line", Draw::Stroke { paint, width, cap, join, dash: Vec::new() })
}

/// Adds rings: an outer one and the holes that follow it.
pub fn polygon(scene: &mut Scene, style: StyleId, rings: &[&[[f32; 2]]]) -> Item {
    let start = scene.paths.subpaths.len() as u32;
    for (index, ring) in rings.iter().enumerate() {
        subpath(scene, ring, true, index == 0);
    }
    Item::Path(PathItem { style, subpaths: start..scene.paths.subpaths.len() as u32 })
}

pub fn line(scene: &mut Scene, style: StyleId, points: &[[f32; 2]]) -> Item {
    let start = scene.paths.subpaths.len() as u32;
    subpath(scene, points, false, false);
    Item::Path(PathItem { style, subpaths: start..start + 1 })
}

pub fn subpath(scene: &mut Scene, points: &[[f32; 2]], is_closed: bool, is_outer: bool) {
    let start = scene.paths.points.len() as u32;
    scene.paths.points.extend_from_slice(points);
    let points = start..scene.paths.points.len() as u32;
    scene.paths.subpaths.push(Subpath { points, is_closed, is_outer, corners: 0..0 });
}

pub fn rect(x: f32, y: f32, width: f32, height: f32) -> [[f32; 2]; 4] {
    [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
}

/// The same box, wound the other way: a hole.
pub fn hole(x: f32, y: f32, width: f32, height: f32) -> [[f32; 2]; 4] {
    let mut ring = rect(x, y, width, height);
    ring.reverse();
    ring
}

pub fn background(scene: &mut Scene, color: Color) {
    let style = scene.styles.add("background", Draw::Fill(solid(color)));
    let (b, w, h) = (scene.bleed as f32, scene.width as f32, scene.height as f32);
    let item = polygon(scene, style, &[&rect(-b, -b, w + 2.0 * b, h + 2.0 * b)]);
    scene.items.push(item);
}

/// The map group: metres, y up, 20 m to the millimetre, centred on the page, clipped to a window.
pub fn map_group(scene: &Scene, items: Vec<Item>) -> Item {
    let (cx, cy) = (scene.width / 2.0, scene.height / 2.0);
    Item::Group(Group {
        name: "map",
        transform: Transform { a: 0.05, b: 0.0, c: 0.0, d: -0.05, e: cx, f: cy },
        clip: Some(PageRect {
            x: 5.0,
            y: 5.0,
            width: scene.width - 10.0,
            height: scene.height - 20.0,
        }),
        items,
    })
}

/// A run of letters made by hand: an O of curves with a counter, and an L of lines.
pub fn run(text: &str) -> GlyphRun {
    use OutlineStep::{Close, Cubic, Line, Move, Quad};
    let o = vec![
        Move(0.35, 0.7),
        Cubic(0.15, 0.7, 0.05, 0.55, 0.05, 0.35),
        Cubic(0.05, 0.15, 0.15, 0.0, 0.35, 0.0),
        Cubic(0.55, 0.0, 0.65, 0.15, 0.65, 0.35),
        Cubic(0.65, 0.55, 0.55, 0.7, 0.35, 0.7),
        Close,
        Move(0.35, 0.6),
        Quad(0.55, 0.6, 0.55, 0.35),
        Quad(0.55, 0.1, 0.35, 0.1),
        Quad(0.15, 0.1, 0.15, 0.35),
        Quad(0.15, 0.6, 0.35, 0.6),
        Close,
    ];
    let l = vec![
        Move(0.1, 0.7),
        Line(0.2, 0.7),
        Line(0.2, 0.1),
        Line(0.5, 0.1),
        Line(0.5, 0.0),
        Line(0.1, 0.0),
        Close,
    ];
    let glyph = |id: u32, x: f32| Glyph { id, font: 0, x, y: 0.0, outline: id };
    GlyphRun {
        text: text.into(),
        fonts: vec!["Handmade".into()],
        glyphs: vec![glyph(0, 0.0), glyph(1, 0.75), glyph(0, 1.35)],
        outlines: vec![o, l],
        width: 2.05,
        cap_height: 0.7,
        ink_left: 0.05,
        ink_right: 2.0,
    }
}

pub fn text(scene: &mut Scene, text: &str, x: f64, y: f64, size: f64) -> Item {
    let style = scene.styles.add("title", Draw::Fill(solid(INK)));
    let origin = PagePoint { x, y };
    Item::Glyphs(GlyphsItem { style, origin, size, run: run(text) })
}

/// Everything a poster has: water with an island, adjoining blocks, overlapping fills, cased
/// roads of both joins, dashes, translucent ink, a fade, type, a frame.
pub fn poster() -> Scene {
    let mut scene = page();
    background(&mut scene, PAPER);

    let water = scene.styles.add("water", Draw::Fill(solid(WATER)));
    let park = fill(&mut scene, Color::new(200, 220, 180));
    let haze = Paint::Solid { color: Color::new(200, 40, 40), opacity: 0.4 };
    let haze = scene.styles.add("haze", Draw::Fill(haze));
    let casing = stroke(&mut scene, INK, 1.2, Cap::Butt, Join::Round);
    let core = stroke(&mut scene, Color::new(250, 220, 120), 0.8, Cap::Round, Join::Round);
    let sharp = stroke(&mut scene, Color::new(120, 0, 120), 0.7, Cap::Butt, Join::Miter);
    let rail = scene.styles.add(
        "rail",
        Draw::Stroke {
            paint: solid(INK),
            width: 0.5,
            cap: Cap::Butt,
            join: Join::Miter,
            dash: vec![2.0, 1.0],
        },
    );

    let mut items = Vec::new();
    let lake: &[[f32; 2]] = &[[-700.0, -500.0], [200.0, -650.0], [350.0, 100.0], [-600.0, 300.0]];
    items.push(polygon(&mut scene, water, &[lake, &hole(-300.0, -300.0, 250.0, 250.0)]));
    let blocks = scene.paths.subpaths.len() as u32;
    for i in 0..6 {
        let ring = rect(-480.0 + 160.3 * i as f32, 320.0, 160.3, 280.0);
        subpath(&mut scene, &ring, true, true);
    }
    items.push(Item::Path(PathItem { style: park, subpaths: blocks..blocks + 6 }));
    items.push(polygon(&mut scene, haze, &[&rect(100.0, -200.0, 300.0, 600.0)]));
    let streets = scene.paths.subpaths.len() as u32;
    let wave: Vec<[f32; 2]> = (0..60)
        .map(|i| {
            let (x, phase) = (-620.0 + 21.0 * i as f32, (i % 20) as f32 - 10.0);
            [x, 3.0 * phase.abs() * if i % 40 < 20 { 1.0 } else { -1.0 } + 40.0]
        })
        .collect();
    subpath(&mut scene, &wave, false, false);
    subpath(&mut scene, &[[0.0, -900.0], [10.0, 40.0], [-100.0, 900.0]], false, false);
    subpath(&mut scene, &rect(-420.0, -120.0, 160.0, 90.0), true, false);
    let roads = streets..scene.paths.subpaths.len() as u32;
    items.push(Item::Path(PathItem { style: casing, subpaths: roads.clone() }));
    items.push(Item::Path(PathItem { style: core, subpaths: roads }));
    let zigzag = [[-500.0, -600.0], [-400.0, -450.0], [-300.0, -600.0], [-250.0, -100.0]];
    items.push(line(&mut scene, sharp, &zigzag));
    items.push(line(&mut scene, rail, &[[-700.0, 500.0], [0.0, 200.0], [700.0, 520.0]]));
    let map = map_group(&scene, items);
    scene.items.push(map);

    let fade = Paint::FadeY { color: PAPER, opaque_y: 65.0, clear_y: 45.0 };
    let fade = scene.styles.add("fade", Draw::Fill(fade));
    let item = polygon(&mut scene, fade, &[&rect(5.0, 45.0, 50.0, 20.0)]);
    scene.items.push(item);
    let frame = stroke(&mut scene, INK, 0.35, Cap::Butt, Join::Miter);
    let item = polygon(&mut scene, frame, &[&rect(5.0, 5.0, 50.0, 60.0)]);
    scene.items.push(item);
    let items = vec![text(&mut scene, "OLO", 20.0, 74.0, 8.0)];
    scene.items.push(Item::Group(Group {
        name: "text",
        transform: Transform::IDENTITY,
        clip: None,
        items,
    }));
    scene
}

/// A page of 304.8 × 406.4 mm as full as a big city: about `n_points` vertices, two in five of
/// them small polygons, the others streets.
pub fn busy(n_points: u32) -> Scene {
    busy_on(304.8, 406.4, n_points)
}

/// The middle of [`busy`] on a smaller page.
pub fn busy_on(width: f64, height: f64, n_points: u32) -> Scene {
    let mut scene = Scene { width, height, title: "Busy".into(), ..Scene::default() };
    background(&mut scene, PAPER);
    let mut random = Random(7);
    let building = fill(&mut scene, Color::new(210, 200, 190));
    let casing = stroke(&mut scene, INK, 0.7, Cap::Butt, Join::Round);
    let core = stroke(&mut scene, Color::new(255, 250, 240), 0.45, Cap::Round, Join::Round);
    let path = stroke(&mut scene, Color::new(120, 120, 110), 0.15, Cap::Round, Join::Round);
    let place = |random: &mut Random| [random.within(3000.0), random.within(4000.0)];

    let start = scene.paths.subpaths.len() as u32;
    for _ in 0..n_points / 10 {
        let [x, y] = place(&mut random);
        let (w, h) = (20.0 + random.within(10.0), 15.0 + random.within(10.0));
        let ring = [[x, y], [x + w, y + 3.0], [x + w - 3.0, y + h], [x - 2.0, y + h * 0.9]];
        subpath(&mut scene, &ring, true, true);
    }
    let buildings = start..scene.paths.subpaths.len() as u32;
    let streets = |scene: &mut Scene, n: u32, random: &mut Random| {
        let start = scene.paths.subpaths.len() as u32;
        for _ in 0..n / 8 {
            let [mut x, mut y] = place(random);
            let (dx, dy) = (random.within(45.0), random.within(45.0));
            let points: Vec<[f32; 2]> = (0..8)
                .map(|_| {
                    (x, y) = (x + dx + random.within(12.0), y + dy + random.within(12.0));
                    [x, y]
                })
                .collect();
            subpath(scene, &points, false, false);
        }
        start..scene.paths.subpaths.len() as u32
    };
    let paths = streets(&mut scene, n_points / 5, &mut random);
    let roads = streets(&mut scene, n_points * 2 / 5, &mut random);
    let items = [(building, buildings), (path, paths), (casing, roads.clone()), (core, roads)]
        .map(|(style, subpaths)| Item::Path(PathItem { style, subpaths }));
    let map = map_group(&scene, items.into());
    scene.items.push(map);
    scene
}

/// A small generator with the same numbers everywhere.
struct Random(u64);

impl Random {
    /// Between −`limit` and `limit`.
    fn within(&mut self, limit: f32) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0) * limit
    }
}

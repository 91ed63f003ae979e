//! No scene, however odd, makes an exporter panic; and known scenes have known bytes.

use proptest::prelude::*;
use render_core::color::Color;
use render_core::export::mesh::{BatchKind, styles, to_mesh};
use render_core::export::pdf::{PdfOptions, to_pdf};
use render_core::export::png::PngOptions;
use render_core::export::raster::{Backdrop, render_rgba};
use render_core::export::svg::{SvgOptions, to_svg};
use render_core::scene::{
    Cap, Draw, GlyphsItem, Group, Item, Join, Paint, PathItem, Scene, StyleId, Subpath, Transform,
};
use render_core::units::{PagePoint, PageRect};

use crate::png::png_bytes;
use crate::scenes;

/// The bytes of a scene in every format, as checksums.
fn checksums(scene: &Scene) -> [u32; 4] {
    let pixels = render_rgba(scene, 300, 400, Backdrop::White).unwrap();
    [
        to_svg(scene, &SvgOptions::default()).unwrap(),
        to_pdf(scene, &PdfOptions::default()).unwrap(),
        pixels,
        png_bytes(scene, &PngOptions { dpi: 100.0, ..Default::default() }),
    ]
    .map(|bytes| crc32fast::hash(&bytes))
}

/// Browsers give the same bytes as this machine. Where these numbers differ from those found, and
/// the exporter was meant to change, take the new ones; on ARM the pixels' last bits may differ.
#[test]
#[cfg(any(target_arch = "x86_64", target_arch = "wasm32"))]
fn the_same_scene_has_the_same_bytes_everywhere() {
    let expected = [
        [0x709a_d891, 0x100d_91ee, 0x8fbc_b9ad, 0x00db_3352],
        [0x2275_2e83, 0x787e_5671, 0x37c6_6d99, 0xa39f_37bb],
    ];
    let found = [scenes::poster(), scenes::busy_on(100.0, 133.0, 10_000)].map(|s| checksums(&s));
    assert_eq!(found, expected, "{found:#010x?}");
}

/// Numbers of every size, most of them ordinary. Boxed: strategies within strategies overflow a
/// test's stack.
fn number() -> BoxedStrategy<f64> {
    prop_oneof![
        8 => -100.0..100.0,
        1 => -1e5..1e5,
        1 => prop_oneof![
            Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(0.0), Just(-0.0),
            Just(1e300), Just(-1e38), Just(1e-300),
        ],
    ]
    .boxed()
}

fn numbers<const N: usize>() -> BoxedStrategy<[f64; N]> {
    let array = |numbers: Vec<f64>| numbers.try_into().unwrap();
    prop::collection::vec(number(), N).prop_map(array).boxed()
}

fn point() -> impl Strategy<Value = [f32; 2]> {
    prop_oneof![
        // On a small grid points meet, and rings touch themselves.
        4 => (-8..8, -8..8).prop_map(|(x, y)| [x as f32 * 8.0, y as f32 * 8.0]),
        1 => (number(), number()).prop_map(|(x, y)| [x as f32, y as f32]),
    ]
}

fn paint() -> impl Strategy<Value = Paint> {
    let color = Color::new(200, 40, 90);
    prop_oneof![
        number().prop_map(move |opacity| Paint::Solid { color, opacity }),
        (number(), number()).prop_map(move |(opaque_y, clear_y)| Paint::FadeY {
            color,
            opaque_y,
            clear_y
        }),
    ]
}

fn draw() -> BoxedStrategy<Draw> {
    let cap = prop_oneof![Just(Cap::Butt), Just(Cap::Round)];
    let join = prop_oneof![Just(Join::Miter), Just(Join::Round)];
    prop_oneof![
        paint().prop_map(Draw::Fill),
        (paint(), number(), cap, join, prop::collection::vec(number(), 0..4)).prop_map(
            |(paint, width, cap, join, dash)| Draw::Stroke { paint, width, cap, join, dash }
        ),
    ]
    .boxed()
}

fn item(depth: u32) -> BoxedStrategy<Item> {
    let path = (0..6_u16, 0..9_u32, 0..9_u32).prop_map(|(style, start, end)| {
        Item::Path(PathItem { style: StyleId(style), subpaths: start..end })
    });
    let glyphs = (0..6_u16, number(), number(), number()).prop_map(|(style, x, y, size)| {
        let (style, origin) = (StyleId(style), PagePoint { x, y });
        Item::Glyphs(GlyphsItem { style, origin, size, run: scenes::run("O") })
    });
    if depth == 0 {
        return prop_oneof![path.boxed(), glyphs.boxed()].boxed();
    }
    let clip = prop::option::of(numbers::<4>()).boxed();
    let group = (numbers::<6>(), clip).prop_flat_map(move |([a, b, c, d, e, f], clip)| {
        prop::collection::vec(item(depth - 1), 0..3).prop_map(move |items| {
            let transform = Transform { a, b, c, d, e, f };
            let clip = clip.map(|[x, y, width, height]| PageRect { x, y, width, height });
            Item::Group(Group { name: "group", transform, clip, items })
        })
    });
    prop_oneof![2 => path.boxed(), 1 => glyphs.boxed(), 2 => group.boxed()].boxed()
}

fn scene() -> impl Strategy<Value = Scene> {
    let subpath = (0..40_u32, 0..12_u32, any::<bool>(), any::<bool>()).prop_map(
        |(start, n, is_closed, is_outer)| Subpath {
            points: start..start + n,
            is_closed,
            is_outer,
            corners: 0..0,
        },
    );
    (
        prop::collection::vec(draw(), 0..6),
        prop::collection::vec(point(), 0..48),
        prop::collection::vec(subpath, 0..8),
        prop::collection::vec(item(2), 0..5),
    )
        .prop_map(|(draws, points, subpaths, items)| {
            let mut scene = scenes::page();
            for draw in draws {
                scene.styles.add("odd", draw);
            }
            (scene.paths.points, scene.paths.subpaths) = (points, subpaths);
            scene.items = items;
            scene
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_scene_makes_an_exporter_panic(scene in scene()) {
        let svg = String::from_utf8(to_svg(&scene, &SvgOptions::default()).unwrap()).unwrap();
        usvg::roxmltree::Document::parse(&svg).unwrap();
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf "));
        to_pdf(&scene, &PdfOptions::default()).unwrap();
        let mesh = to_mesh(&scene).output;
        for batch in &mesh.batches {
            let range = batch.range.start as usize..batch.range.end as usize;
            let is_whole = match batch.kind {
                BatchKind::Fill => mesh.fill_indices[range].iter().all(|index| {
                    batch.first_vertex as usize + usize::from(*index) < mesh.fill_vertices.len()
                }),
                BatchKind::Stroke => range.end <= mesh.stroke_vertices.len(),
                BatchKind::Dash => range.end <= mesh.dash_vertices.len(),
            };
            prop_assert!(is_whole);
        }
        let _ = styles(&scene);
        for backdrop in [Backdrop::White, Backdrop::Clear] {
            render_rgba(&scene, 60, 80, backdrop).unwrap();
        }
    }
}

//! SVG files are strict XML with true vectors, whatever the scene holds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use render_core::design::Design;
use render_core::export::svg::{SvgOptions, to_svg};
use render_core::features::{Features, Line, Structure};
use render_core::kind::FeatureKind;
use render_core::lonlat::LonLat;
use render_core::osm::{ElementKind, OsmId};
use render_core::scene::{Cap, Join, Scene};
use usvg::roxmltree::{Document, Node};

use crate::plotter::helsinki;
use crate::scenes;

pub fn svg(scene: &Scene) -> String {
    String::from_utf8(to_svg(scene, &SvgOptions::default()).unwrap()).unwrap()
}

fn named<'a>(document: &'a Document<'a>, id: &str) -> Node<'a, 'a> {
    document.descendants().find(|node| node.attribute("id") == Some(id)).expect(id)
}

#[test]
fn the_page_is_in_millimetres_and_everything_is_a_vector() {
    let svg = svg(&scenes::poster());
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("width"), Some("60mm"));
    assert_eq!(root.attribute("viewBox"), Some("0 0 60 80"));
    assert!(!svg.contains("<image") && !svg.contains("<text"));
    let map = named(&document, "map");
    assert!(map.attribute("clip-path").is_some());
    assert_eq!(
        map.attribute(("http://www.inkscape.org/namespaces/inkscape", "label")),
        Some("map")
    );
    assert_eq!(named(&document, "title").attribute("aria-label"), Some("OLO"));
}

#[test]
fn strokes_keep_their_width_on_paper_and_their_dashes() {
    let svg = svg(&scenes::poster());
    let document = Document::parse(&svg).unwrap();
    let rail = named(&document, "rail");
    assert_eq!(rail.attribute("stroke-width"), Some("0.5"));
    assert_eq!(rail.attribute("stroke-dasharray"), Some("2 1"));
    assert_eq!(named(&document, "line.2").attribute("stroke-linecap"), Some("round"));
}

#[test]
fn what_the_clip_hides_is_left_out() {
    let mut scene = scenes::page();
    let style = scenes::stroke(&mut scene, scenes::INK, 1.0, Cap::Butt, Join::Round);
    let far = scenes::line(&mut scene, style, &[[5000.0, 0.0], [6000.0, 0.0]]);
    let map = scenes::map_group(&scene, vec![far]);
    scene.items.push(map);
    assert!(!svg(&scene).contains("<path id=\"line\""));
}

#[test]
fn points_that_are_no_numbers_spoil_only_their_own_subpath() {
    let mut scene = scenes::page();
    let style = scenes::stroke(&mut scene, scenes::INK, 1.0, Cap::Butt, Join::Round);
    let odd = [[f32::NAN, 1.0], [f32::INFINITY, 2.0]];
    for points in [odd, [[f32::MAX, 0.0], [f32::MIN, 1.0]], [[1.0, 1.0], [2.0, 2.0]]] {
        let item = scenes::line(&mut scene, style, &points);
        scene.items.push(item);
    }
    let svg = svg(&scene);
    assert!(svg.contains("d=\"m1 1 1 1\"") && !svg.contains("NaN"), "{svg}");
}

/// Nodes of all paths, as an editor shows them.
fn n_nodes(svg: &str) -> usize {
    fn of_group(group: &usvg::Group) -> usize {
        let of_node = |node: &usvg::Node| match node {
            usvg::Node::Group(group) => of_group(group),
            usvg::Node::Path(path) => path.data().points().len(),
            usvg::Node::Image(_) | usvg::Node::Text(_) => 0,
        };
        group.children().iter().map(of_node).sum()
    }
    of_group(usvg::Tree::from_str(svg, &usvg::Options::default()).unwrap().root())
}

#[test]
fn a_city_has_one_path_for_each_style_of_each_layer() {
    let scene = helsinki(&Design::default());
    let svg = svg(&scene);
    let document = Document::parse(&svg).unwrap();
    let paths: Vec<_> = document.descendants().filter(|node| node.has_tag_name("path")).collect();
    let mut styles = BTreeSet::new();
    for path in paths.iter().filter(|path| !path.has_attribute("role")) {
        let layer = path.parent_element().and_then(|group| group.attribute("id"));
        let style: Vec<_> = path
            .attributes()
            .filter(|attribute| !["id", "d"].contains(&attribute.name()))
            .map(|attribute| (attribute.name(), attribute.value()))
            .collect();
        assert!(styles.insert((layer, path.attribute("id"), style)), "{:?}", path.attribute("id"));
    }
    assert!((10..120).contains(&styles.len()), "{} paths for all ways", styles.len());
}

#[test]
fn a_street_is_as_long_as_the_scale_says() {
    // Along a meridian, on the ellipsoid of WGS84: 0.01° around 60.1722° N.
    let (a, e2) = (6_378_137.0, 0.006_694_379_990_14_f64);
    let sin = libm::sin(60.1722_f64.to_radians());
    let metres = a * (1.0 - e2) / libm::pow(1.0 - e2 * sin * sin, 1.5) * 0.01_f64.to_radians();
    let mut design = Design::default();
    (design.paper.width, design.paper.height) = (210.0, 297.0);
    design.distance = design.distance_of(10_000.0);
    let coords = [60.1672, 60.1772].map(|lat| LonLat::from_degrees(24.9443, lat).unwrap());
    let street = Line {
        kind: FeatureKind::Primary,
        id: OsmId { kind: ElementKind::Way, id: 1 },
        structure: Structure::Ground,
        layer: 0,
        coords: 0..2,
    };
    let features = Features { coords: coords.to_vec(), lines: vec![street], ..Default::default() };
    let theme = render_core::theme::builtin::theme("noir").unwrap();
    let texts = render_core::text::ShapedTexts::default();
    let svg = svg(&render_core::scene_of(&features, &design, &theme, &texts));
    let document = Document::parse(&svg).unwrap();
    let d = named(&document, "primary").attribute("d").unwrap();
    let pieces = d.trim_start_matches('m').replace('-', " -");
    let numbers: Vec<f64> =
        pieces.split([' ', ',', 'v', 'h', 'l']).filter_map(|number| number.parse().ok()).collect();
    let length = match numbers[..] {
        [_, _, dx, dy] => libm::hypot(dx, dy),
        [_, _, dy] => dy.abs(),
        _ => panic!("{d}"),
    };
    // Two ends on a grid of a hundredth of a millimetre.
    assert!((length - metres / 10.0).abs() < 0.02, "{length} mm for {metres} m, {d}");
}

#[test]
fn a_city_of_more_than_a_million_vertices_has_fewer_in_its_file() {
    // 1300 lines that shake by up to half a metre, a metre apart.
    let (n_lines, n_each) = (1300, 1000);
    let mut noise = 1_u32;
    let mut coords = Vec::new();
    let mut lines = Vec::new();
    for line in 0..n_lines {
        let start = coords.len() as u32;
        for vertex in 0..n_each {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let shake = f64::from(noise >> 16) / 65_536.0 * 5e-6;
            let lat = 60.1722 + (f64::from(line) - 650.0) * 8e-6 + shake;
            let lon = 24.9443 + (f64::from(vertex) - 500.0) * 1.6e-5;
            coords.push(LonLat::from_degrees(lon, lat).unwrap());
        }
        lines.push(Line {
            kind: FeatureKind::Residential,
            id: OsmId { kind: ElementKind::Way, id: i64::from(line) },
            structure: Structure::Ground,
            layer: 0,
            coords: start..coords.len() as u32,
        });
    }
    let features = Features { coords, lines, ..Default::default() };
    let design = Design::default();
    let theme = render_core::theme::builtin::theme("noir").unwrap();
    let texts = render_core::text::ShapedTexts::default();
    let n_rounds = std::cell::Cell::new(0);
    let on_round = || n_rounds.set(n_rounds.get() + 1);
    let whole = render_core::scene_of(&features, &design, &theme, &texts);
    let most = render_core::MOST_VERTICES;
    assert!(whole.n_vertices() > most, "{}", whole.n_vertices());
    let made = render_core::vector_scene_of(&features, &design, &theme, &texts, most, &on_round);
    assert_eq!(made.warnings[0].code, "W-EXPORT-COARSER");
    let n = n_nodes(&svg(&made.output));
    assert!(n < most && n > most / 4, "{n}");
    assert!((2..=5).contains(&n_rounds.get()), "{} rounds", n_rounds.get());
}

proptest! {
    #[test]
    fn any_name_makes_strict_xml_and_is_kept(name in ".{0,40}") {
        let mut scene = scenes::page();
        let item = scenes::text(&mut scene, &name, 10.0, 10.0, 5.0);
        scene.items.push(item);
        scene.title.clone_from(&name);
        let svg = svg(&scene);
        let document = Document::parse(&svg).unwrap();
        let legal: String = name.chars().filter(|c| !matches!(c, '\0'..' ' | '\u{fffe}' | '\u{ffff}') || "\t\n\r".contains(*c)).collect();
        prop_assert_eq!(named(&document, "title").attribute("aria-label"), Some(legal.as_str()));
        usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap();
    }
}

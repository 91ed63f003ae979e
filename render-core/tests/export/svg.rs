//! SVG files are strict XML with true vectors, whatever the scene holds.

use proptest::prelude::*;
use render_core::export::svg::{SvgOptions, to_svg};
use render_core::scene::{Cap, Join, Scene};
use usvg::roxmltree::{Document, Node};

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

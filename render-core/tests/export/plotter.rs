//! Plots: strokes alone, no stretch twice, nothing beyond the paper, little carrying.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use render_core::design::Design;
use render_core::export::plotter::{Plot, PlotterOptions, to_plotter};
use render_core::osm::pack;
use render_core::scene::{Cap, Item, Join, Scene};
use render_core::text::builtin;
use render_core::theme;
use usvg::roxmltree::Document;

use crate::scenes;

/// The first poster.
pub fn helsinki(design: &Design) -> Scene {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/places/helsinki.mpk");
    let data = pack::read(&std::fs::read(file).unwrap()).unwrap().data;
    let theme = theme::builtin::theme("terracotta").unwrap();
    let texts = render_core::shape_texts(design, &builtin::fonts()).output;
    render_core::build_vector_scene(&data, design, &theme, &texts).output
}

fn edges(plot: &Plot) -> Vec<([i32; 2], [i32; 2])> {
    let of_line = |line: &Vec<[i32; 2]>| {
        line.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1]))).collect::<Vec<_>>()
    };
    plot.pens.iter().flat_map(|pen| &pen.lines).flat_map(of_line).collect()
}

/// How far a pen is carried, mm, that draws a scene's map in the scene's own order.
fn carried_in_order(scene: &Scene, items: &[Item], pen: &mut (f64, f64), by: f64) -> f64 {
    let mut carried = 0.0;
    for item in items {
        match item {
            Item::Group(group) => {
                let by = if group.name == "map" { group.transform.scale() } else { by };
                carried += carried_in_order(scene, &group.items, pen, by);
            }
            Item::Path(path) => {
                for subpath in scene.paths.subpaths(&path.subpaths) {
                    let points = scene.paths.points(subpath);
                    let at = |p: &[f32; 2]| (f64::from(p[0]) * by, f64::from(p[1]) * by);
                    let (first, last) = (at(points.first().unwrap()), at(points.last().unwrap()));
                    let (dx, dy) = (first.0 - pen.0, first.1 - pen.1);
                    carried += (dx * dx + dy * dy).sqrt();
                    *pen = last;
                }
            }
            Item::Glyphs(_) => {}
        }
    }
    carried
}

#[test]
fn a_city_is_drawn_once_within_the_paper_with_little_carrying() {
    let design = Design::default();
    let scene = helsinki(&design);
    let plot = Plot::new(&scene, &PlotterOptions::of(&design));
    let edges = edges(&plot);
    let unique: HashSet<_> = edges.iter().collect();
    // Dashes may touch; all else is drawn once.
    assert!(edges.len() - unique.len() < 20, "{} of {}", unique.len(), edges.len());
    for at in edges.iter().flat_map(|edge| [edge.0, edge.1]) {
        assert!((0..=30_000).contains(&at[0]) && (0..=40_000).contains(&at[1]), "{at:?}");
    }
    let (down, up) = plot.lengths();
    let before = carried_in_order(&scene, &scene.items, &mut (0.0, 0.0), 1.0);
    println!(
        "{} pens, {:.1} m drawn, {:.1} m carried; {:.1} m in the poster's order",
        plot.pens.len(),
        down / 1e3,
        up / 1e3,
        before / 1e3
    );
    assert!(up < before / 5.0, "{up:.0} mm carried, {before:.0} before");
    let pens: BTreeSet<_> =
        plot.pens.iter().map(|pen| (pen.color.to_hex(), pen.width.to_string())).collect();
    assert_eq!(pens.len(), plot.pens.len());
}

#[test]
fn no_line_runs_under_the_title_where_the_map_has_faded() {
    let design = Design::default();
    let scene = helsinki(&design);
    let plot = Plot::new(&scene, &PlotterOptions::of(&design));
    let is_text = |name: &String| {
        ["title", "subtitle", "coordinates", "attribution", "rule"].contains(&name.as_str())
    };
    let lowest = |of_text: bool| {
        let pens = plot.pens.iter().filter(|pen| pen.names.iter().any(is_text) == of_text);
        let heights = pens.flat_map(|pen| &pen.lines).flatten().map(|at| at[1]);
        heights.clone().min().zip(heights.max()).unwrap()
    };
    assert!(lowest(false).1 < lowest(true).0, "{:?} {:?}", lowest(false), lowest(true));
}

#[test]
fn areas_are_outlined_only_where_that_is_asked_for() {
    let names = |outlines: &str| {
        let json = format!(r#"{{"files":{{"outlines":{outlines}}}}}"#);
        let design = Design::from_json(&json).unwrap().output;
        let plot = Plot::new(&helsinki(&design), &PlotterOptions::of(&design));
        plot.pens.into_iter().flat_map(|pen| pen.names).collect::<BTreeSet<_>>()
    };
    let none = names("[]");
    assert!(
        !none
            .iter()
            .any(|name| ["sea", "water", "building", "park", "plaza"].contains(&name.as_str())),
        "{none:?}"
    );
    assert!(none.contains("primary") && !none.contains("primary-casing"));
    let some = names(r#"["water","green"]"#);
    assert!(some.contains("sea") && some.contains("park") && !some.contains("building"));
}

#[test]
fn it_is_strict_xml_of_strokes_in_millimetres_one_layer_a_pen() {
    let mut scene = scenes::poster();
    scene.title = "<&\u{0}\">".into();
    let file = String::from_utf8(to_plotter(&scene, &PlotterOptions::default()).unwrap()).unwrap();
    let document = Document::parse(&file).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("width"), root.attribute("height")), (Some("60mm"), Some("80mm")));
    let mut layers = BTreeMap::new();
    for node in document.descendants().filter(|node| node.has_tag_name("path")) {
        let layer = node.parent_element().unwrap();
        assert_eq!(layer.attribute("fill"), Some("none"));
        assert!(layer.attribute("stroke").is_some() && node.attribute("fill").is_none());
        let label = ("http://www.inkscape.org/namespaces/inkscape", "label");
        layers.insert(layer.attribute("id").unwrap(), layer.attribute(label).unwrap());
    }
    assert!(
        layers.len() > 2
            && layers.iter().all(|(id, label)| {
                label.starts_with(&format!("{} #", id.trim_start_matches("pen-")))
            }),
        "{layers:?}"
    );
    assert!(!file.contains("Gradient") && !file.contains("clip"));
}

#[test]
fn dashes_are_lines_of_their_own_and_a_circle_closes() {
    let mut scene = scenes::page();
    let style = scenes::stroke(&mut scene, scenes::INK, 0.5, Cap::Butt, Join::Round);
    let ring = scenes::polygon(&mut scene, style, &[&scenes::rect(10.0, 10.0, 20.0, 20.0)]);
    scene.items.push(ring);
    let plot = Plot::new(&scene, &PlotterOptions::default());
    assert_eq!(plot.pens[0].lines.len(), 1);
    assert_eq!(plot.pens[0].lines[0].first(), plot.pens[0].lines[0].last());
    let plot = Plot::new(&scenes::poster(), &PlotterOptions::default());
    let rail = plot.pens.iter().find(|pen| pen.names.iter().any(|name| name == "rail")).unwrap();
    assert!(rail.lines.len() > 5, "{}", rail.lines.len());
}

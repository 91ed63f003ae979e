//! Lines of the map → stroked paths of the scene, in draw order.

use std::ops::Range;

use super::compose::Composer;
use super::style::{CASING, SLEEPERS};
use super::widths::HAIRLINE;
use super::{Cap, Draw, Item, Join, Paint, PathItem, Paths, Subpath};
use crate::color::Color;
use crate::features::Structure;
use crate::geometry::{MapGeometry, MapLine};
use crate::kind::FeatureKind;
use crate::theme::TunnelStyle;

/// Narrowest railway with sleepers on a page 12 in wide, mm, and hardly less on a smaller: below, its dashes would only make it look worn.
const LEAST_RAIL: f64 = 0.4;

/// Lines of one structure whose kind is between `from` and `to`, the lowest layer first.
pub(super) fn add_lines(
    composer: &mut Composer<'_>,
    items: &mut Vec<Item>,
    geometry: &MapGeometry,
    structure: Structure,
    (from, to): (FeatureKind, FeatureKind),
) {
    for layer in geometry.lines.chunk_by(|a, b| (a.structure, a.layer) == (b.structure, b.layer)) {
        if layer.first().is_none_or(|line| line.structure != structure) {
            continue;
        }
        let kinds: Vec<(FeatureKind, Range<u32>)> = layer
            .chunk_by(|a, b| a.kind == b.kind)
            .filter_map(|lines| Some((lines.first()?.kind, lines)))
            .filter(|(kind, _)| (from..=to).contains(kind))
            .filter_map(|(kind, lines)| {
                let shown = composer.design.shows(kind.layer());
                shown.then(|| (kind, composer.add_subpaths(|paths| add(paths, lines))))
            })
            .collect();
        // All casings of a layer come before its cores; otherwise every crossing shows a line
        // across it.
        for (kind, subpaths) in &kinds {
            if let Some(casing) = casing(composer, *kind, structure) {
                let style = composer.style(&style_name(*kind, structure, CASING), casing);
                items.push(Item::Path(PathItem { style, subpaths: subpaths.clone() }));
            }
        }
        for (kind, subpaths) in kinds {
            let core = core(composer, kind, structure);
            let style = composer.style(&style_name(kind, structure, ""), core);
            items.push(Item::Path(PathItem { style, subpaths: subpaths.clone() }));
            if let Some(sleepers) = sleepers(composer, kind, structure) {
                let style = composer.style(&style_name(kind, structure, SLEEPERS), sleepers);
                items.push(Item::Path(PathItem { style, subpaths }));
            }
        }
    }
}

fn add(paths: &mut Paths, lines: &[MapLine]) {
    paths.subpaths.extend(lines.iter().map(|line| {
        let (points, is_closed) = (line.points.clone(), line.is_closed);
        Subpath { points, is_closed, is_outer: true, corners: 0..0 }
    }));
}

fn style_name(kind: FeatureKind, structure: Structure, part: &str) -> String {
    let place = match structure {
        Structure::Tunnel => "-tunnel",
        Structure::Ground => "",
        Structure::Bridge => "-bridge",
    };
    format!("{}{place}{part}", kind.name())
}

/// The edge that sets a line off from what it crosses.
fn casing(composer: &Composer<'_>, kind: FeatureKind, structure: Structure) -> Option<Draw> {
    let is_road = kind >= FeatureKind::Tertiary && kind <= FeatureKind::Motorway;
    let color = match structure {
        Structure::Bridge if kind >= FeatureKind::Steps => composer.theme.bridge_casing,
        Structure::Ground if is_road => composer.theme.road_casing,
        _ => return None,
    };
    let core = composer.widths.core(kind);
    // A bridge ends where its road goes on: a round casing would cut into that road.
    let cap = if structure == Structure::Bridge { Cap::Butt } else { Cap::Round };
    Some(stroke(color, core + 2.0 * composer.widths.casing(core), cap, Vec::new()))
}

fn core(composer: &Composer<'_>, kind: FeatureKind, structure: Structure) -> Draw {
    let width = composer.widths.core(kind);
    let color = composer.theme.color(kind);
    let dash = match kind {
        FeatureKind::Steps => vec![0.8 * width, 0.6 * width],
        FeatureKind::Subway => vec![5.0 * width, 3.0 * width],
        _ => Vec::new(),
    };
    // Dashes with round ends would close their gaps.
    let cap = if dash.is_empty() { Cap::Round } else { Cap::Butt };
    match (structure, composer.theme.tunnels) {
        // Under the ground: paler, and without the ends that would look like a street's.
        (Structure::Tunnel, TunnelStyle::Faded) => {
            stroke(color.mix(composer.theme.background, 0.6), width, Cap::Butt, dash)
        }
        (Structure::Tunnel, TunnelStyle::Dashed) => {
            let period = width.max(3.0 * HAIRLINE);
            let dash = if dash.is_empty() { vec![2.0 * period, 1.4 * period] } else { dash };
            stroke(color.mix(composer.theme.background, 0.35), width, Cap::Butt, dash)
        }
        (Structure::Ground | Structure::Bridge, _) => stroke(color, width, cap, dash),
    }
}

/// The light dashes in a railway's line. They are there at every scale, if without width: a map
/// that is zoomed needs no other geometry.
fn sleepers(composer: &Composer<'_>, kind: FeatureKind, structure: Structure) -> Option<Draw> {
    if kind != FeatureKind::Rail || structure == Structure::Tunnel {
        return None;
    }
    let core = composer.widths.core(kind);
    let is_seen = core >= LEAST_RAIL * composer.widths.scale.max(0.75);
    let width = if is_seen { 0.5 * core } else { 0.0 };
    Some(stroke(composer.theme.background, width, Cap::Butt, vec![3.0 * core, 3.0 * core]))
}

fn stroke(color: Color, width: f64, cap: Cap, dash: Vec<f64>) -> Draw {
    let paint = Paint::Solid { color, opacity: 1.0 };
    Draw::Stroke { paint, width, cap, join: Join::Round, dash }
}

#[cfg(test)]
mod tests {
    use super::super::compose::tests::{line, scene_of};
    use super::*;

    fn check(lines: &[MapLine], expected: &[&str]) {
        let scene = scene_of(lines);
        let mut names = Vec::new();
        collect(&scene, &scene.items, &mut names);
        assert_eq!(names, expected);
    }

    fn collect(scene: &super::super::Scene, items: &[Item], names: &mut Vec<String>) {
        for item in items {
            match item {
                Item::Group(group) => collect(scene, &group.items, names),
                Item::Path(path) => {
                    let name = scene.styles.get(path.style).map(|style| style.name.clone());
                    names.extend(name.filter(|name| name != "background"));
                }
                Item::Glyphs(_) => {}
            }
        }
    }

    #[test]
    fn a_bridge_covers_the_motorway_below_it() {
        check(
            &[
                line(FeatureKind::Path, Structure::Bridge, 1),
                line(FeatureKind::Motorway, Structure::Ground, 0),
            ],
            &["motorway-casing", "motorway", "path-bridge-casing", "path-bridge"],
        );
    }

    #[test]
    fn casings_of_a_layer_come_before_its_cores_and_minor_before_major() {
        check(
            &[
                line(FeatureKind::Primary, Structure::Ground, 0),
                line(FeatureKind::Tertiary, Structure::Ground, 0),
                line(FeatureKind::Service, Structure::Tunnel, -1),
            ],
            &["service-tunnel", "tertiary-casing", "primary-casing", "tertiary", "primary"],
        );
    }
}

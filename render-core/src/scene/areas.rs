//! Areas of the map → filled paths of the scene, one item a kind.

use std::collections::HashSet;

use super::compose::Composer;
use super::style::OUTLINE;
use super::{Cap, Draw, Item, Join, Paint, PathItem, Paths, Subpath};
use crate::flat::part;
use crate::geometry::{MapArea, MapGeometry};
use crate::kind::FeatureKind;

/// What is filled, of those areas that are wanted, in their order.
pub(super) fn add_areas(
    composer: &mut Composer<'_>,
    items: &mut Vec<Item>,
    geometry: &MapGeometry,
    is_wanted: impl Fn(&MapArea) -> bool,
) {
    for areas in geometry.areas.chunk_by(|a, b| (a.tier, a.kind) == (b.tier, b.kind)) {
        let Some(first) = areas.first() else { continue };
        let kind = first.kind;
        if !is_wanted(first) || !composer.design.shows(kind.layer()) {
            continue;
        }
        let subpaths = composer.add_subpaths(|paths| add_rings(paths, geometry, areas.iter()));
        let color = composer.theme.color(kind);
        let fill = composer.style(kind.name(), Draw::Fill(Paint::Solid { color, opacity: 1.0 }));
        items.push(Item::Path(PathItem { style: fill, subpaths: subpaths.clone() }));
        if kind == FeatureKind::Building && composer.shows_outlines() {
            let paint = Paint::Solid { color: composer.theme.building_outline, opacity: 1.0 };
            let width = composer.widths.hairline();
            // A ring has no ends; lines with butt ones are made so that they can be dashed.
            let (cap, join, dash) = (Cap::Round, Join::Miter, Vec::new());
            let outline = composer.style(
                &format!("{}{OUTLINE}", kind.name()),
                Draw::Stroke { paint, width, cap, join, dash },
            );
            items.push(Item::Path(PathItem { style: outline, subpaths }));
        }
    }
}

/// The sea, and beneath their own fills the waters that meet it: where two fills meet, each covers
/// a part of the pixels between them, and the paper would show through.
pub(super) fn add_sea(composer: &mut Composer<'_>, items: &mut Vec<Item>, geometry: &MapGeometry) {
    let is_sea = |area: &&MapArea| area.kind == FeatureKind::Sea;
    if !composer.design.shows(FeatureKind::Sea.layer())
        || !geometry.areas.iter().any(|a| is_sea(&a))
    {
        return;
    }
    let subpaths = composer.add_subpaths(|paths| {
        let points = |area: &MapArea| {
            let rings = part(&geometry.rings, &area.rings);
            let points = rings.iter().flat_map(|ring| part(&geometry.points, ring));
            points.map(|at| (at.x.to_bits(), at.y.to_bits())).collect::<Vec<_>>()
        };
        let shore: HashSet<(u32, u32)> =
            geometry.areas.iter().filter(is_sea).flat_map(points).collect();
        let meets = |area: &MapArea| {
            area.kind == FeatureKind::Water && points(area).iter().any(|at| shore.contains(at))
        };
        add_rings(
            paths,
            geometry,
            geometry.areas.iter().filter(|area| is_sea(area) || meets(area)),
        );
    });
    let color = composer.theme.color(FeatureKind::Sea);
    let draw = Draw::Fill(Paint::Solid { color, opacity: 1.0 });
    let style = composer.style(FeatureKind::Sea.name(), draw);
    items.push(Item::Path(PathItem { style, subpaths }));
}

/// Adds the rings of areas; the outer ring of each first, as the scene promises.
fn add_rings<'a>(
    paths: &mut Paths,
    geometry: &MapGeometry,
    areas: impl Iterator<Item = &'a MapArea>,
) {
    for area in areas {
        let rings = part(&geometry.rings, &area.rings).iter().enumerate();
        paths.subpaths.extend(rings.map(|(i, ring)| {
            let is_outer = i == 0;
            let corners = if is_outer { area.corners.clone() } else { 0..0 };
            Subpath { points: ring.clone(), is_closed: true, is_outer, corners }
        }));
    }
}

//! Areas of the map → filled paths of the scene, one item a kind.

use super::compose::Composer;
use super::{Cap, Draw, Item, Join, Paint, PathItem, Subpath};
use crate::geometry::{MapArea, MapGeometry};
use crate::kind::FeatureKind;

/// Land cover, water and everything else that is filled, between `from` and `to` in draw order.
pub(super) fn add_areas(
    composer: &mut Composer<'_>,
    items: &mut Vec<Item>,
    geometry: &MapGeometry,
    from: FeatureKind,
    to: FeatureKind,
) {
    for areas in geometry.areas.chunk_by(|a, b| a.kind == b.kind) {
        let Some(kind) = areas.first().map(|area| area.kind) else { continue };
        if !(from..=to).contains(&kind) || !composer.design.shows(kind.layer()) {
            continue;
        }
        let subpaths = add_rings(composer, geometry, areas);
        let color = composer.theme.color(kind);
        let fill = composer.style(kind.name(), Draw::Fill(Paint::Solid { color, opacity: 1.0 }));
        items.push(Item::Path(PathItem { style: fill, subpaths: subpaths.clone() }));
        if kind == FeatureKind::Building && composer.shows_outlines() {
            let paint = Paint::Solid { color: composer.theme.building_outline, opacity: 1.0 };
            let width = composer.widths.hairline();
            let outline = composer.style(
                "building-outline",
                Draw::Stroke { paint, width, cap: Cap::Butt, join: Join::Miter, dash: Vec::new() },
            );
            items.push(Item::Path(PathItem { style: outline, subpaths }));
        }
    }
}

/// Copies the rings of areas; the outer ring of each first, as the scene promises.
fn add_rings(
    composer: &mut Composer<'_>,
    geometry: &MapGeometry,
    areas: &[MapArea],
) -> std::ops::Range<u32> {
    let start = composer.n_subpaths();
    for area in areas {
        let rings = geometry.rings.get(area.rings.start as usize..area.rings.end as usize);
        for (i, ring) in rings.unwrap_or(&[]).iter().enumerate() {
            let points = composer.add_points(geometry, ring);
            composer.paths.subpaths.push(Subpath { points, is_closed: true, is_outer: i == 0 });
        }
    }
    start..composer.n_subpaths()
}

//! Land cover and water → what lies on what.
//!
//! Water covers the land cover around it, a wood on an island covers its lake, and a pond in that
//! wood covers the wood: each thing wholly inside another is drawn after it. Among land covers the
//! inner is drawn after the outer. Sea is below all of them, as beaches and tidal flats lie
//! seaward of the coastline.

use geo::Coord;

use crate::kind::FeatureKind;
use crate::planar::{Frame, Locator, interior_point, twice_area};

/// Where an area is drawn among land cover and water.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Tier {
    /// 0 on the ground or of the ground, 1 for land in water and water in that, …
    pub island: u8,
    /// Water after the land around it.
    pub is_water: bool,
    /// How many other land covers of the same island it lies in.
    pub depth: u8,
}

/// Deepest nesting that is told apart.
const DEEPEST: u8 = 8;
/// Cells a side of the grid that finds what may lie around a place.
const CELLS: usize = 48;
/// So many vertices are looked at to say that an area lies wholly in another.
const PROBES: usize = 32;

struct Cover<'a> {
    rings: &'a [&'a [Coord]],
    kind: FeatureKind,
    area: f64,
    /// Of its outer ring.
    bounds: Frame,
    inside: Coord,
    index: usize,
}

/// The tier of each area; rings as in [`super::MapArea`], kinds other than land cover and water
/// get the lowest.
#[must_use]
pub fn tiers(areas: &[(FeatureKind, Vec<&[Coord]>)]) -> Vec<Tier> {
    let mut tiers = vec![Tier::default(); areas.len()];
    let mut covers: Vec<Cover<'_>> = areas
        .iter()
        .enumerate()
        .filter(|(_, (kind, _))| is_water(*kind) || *kind <= FeatureKind::Glacier)
        .filter_map(|(index, (kind, rings))| {
            let outer = rings.first()?;
            let inside = interior_point(outer)?;
            Some(Cover {
                rings,
                kind: *kind,
                area: twice_area(outer),
                bounds: Frame::around(*outer),
                inside,
                index,
            })
        })
        .collect();
    covers.sort_by(|a, b| b.area.total_cmp(&a.area).then(a.index.cmp(&b.index)));
    let mut grid = Grid::new(&covers);
    let mut locators: Vec<Option<Locator>> = covers.iter().map(|_| None).collect();
    for (i, cover) in covers.iter().enumerate() {
        let mut tier = Tier { is_water: is_water(cover.kind), ..Tier::default() };
        for &j in grid.around(cover.inside) {
            let Some(outer) = covers.get(j) else { continue };
            if !outer.bounds.contains(cover.inside) {
                continue;
            }
            let Some(locator) = locators.get_mut(j) else { continue };
            let locator = locator.get_or_insert_with(|| Locator::new(outer.rings.iter().copied()));
            if !locator.contains(cover.inside) {
                continue;
            }
            let around = tiers.get(outer.index).copied().unwrap_or_default();
            let candidate = match (is_water(cover.kind), is_water(outer.kind)) {
                (false, true) if lies_in(cover, locator) => {
                    Tier { island: (around.island + 1).min(DEEPEST), ..Tier::default() }
                }
                (false, true) => continue,
                (false, false) => {
                    let step = u8::from(cover.kind != outer.kind);
                    Tier { depth: (around.depth + step).min(DEEPEST), ..around }
                }
                (true, _) => Tier { is_water: true, island: around.island, depth: 0 },
            };
            tier = tier.max(candidate);
        }
        if let Some(place) = tiers.get_mut(cover.index) {
            *place = tier;
        }
        grid.add(i, cover);
    }
    tiers
}

fn is_water(kind: FeatureKind) -> bool {
    kind == FeatureKind::Water
}

fn lies_in(cover: &Cover<'_>, locator: &Locator) -> bool {
    let outer = cover.rings.first().copied().unwrap_or(&[]);
    let step = outer.len().div_ceil(PROBES).max(1);
    outer.iter().step_by(step).all(|at| locator.contains(*at))
}

/// Covers by the cells that their bounding boxes meet.
struct Grid {
    min: Coord,
    per_unit: (f64, f64),
    cells: Vec<Vec<usize>>,
}

impl Grid {
    fn new(covers: &[Cover<'_>]) -> Self {
        let Frame { min, max } = Frame::around(covers.iter().map(|cover| &cover.inside));
        let per_unit = |from: f64, to: f64| CELLS as f64 / (to - from).max(f64::MIN_POSITIVE);
        Self {
            min,
            per_unit: (per_unit(min.x, max.x), per_unit(min.y, max.y)),
            cells: vec![Vec::new(); CELLS * CELLS],
        }
    }

    fn cell(&self, at: Coord) -> (usize, usize) {
        // Negative numbers become 0.
        let x = ((at.x - self.min.x) * self.per_unit.0) as usize;
        let y = ((at.y - self.min.y) * self.per_unit.1) as usize;
        (x.min(CELLS - 1), y.min(CELLS - 1))
    }

    fn around(&self, at: Coord) -> &[usize] {
        let (x, y) = self.cell(at);
        self.cells.get(y * CELLS + x).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, i: usize, cover: &Cover<'_>) {
        let Frame { min, max } = cover.bounds;
        let ((left, bottom), (right, top)) = (self.cell(min), self.cell(max));
        for y in bottom..=top {
            for cell in self.cells.iter_mut().skip(y * CELLS + left).take(right - left + 1) {
                cell.push(i);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::coord;

    use super::*;

    /// Squares by kind, centre and half side, expected as `island/water/depth`.
    fn check(squares: &[(FeatureKind, f64, f64)], expected: &[(u8, bool, u8)]) {
        let rings: Vec<Vec<Coord>> = squares
            .iter()
            .map(|(_, x, half)| {
                [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
                    .map(|(i, j)| coord! { x: x + i * half, y: j * half })
                    .to_vec()
            })
            .collect();
        let areas: Vec<_> =
            squares.iter().zip(&rings).map(|((kind, ..), ring)| (*kind, vec![&ring[..]])).collect();
        let found: Vec<_> =
            tiers(&areas).iter().map(|tier| (tier.island, tier.is_water, tier.depth)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_pond_in_a_wood_in_a_lake_in_a_park_lies_on_top() {
        use FeatureKind::{Park, Water, Wood};
        check(
            &[(Water, 0.0, 1.0), (Wood, 0.0, 2.0), (Park, 0.0, 9.0), (Water, 0.0, 5.0)],
            &[(1, true, 0), (1, false, 0), (0, false, 0), (0, true, 0)],
        );
    }

    #[test]
    fn water_covers_a_wood_on_its_shore() {
        use FeatureKind::{Water, Wood};
        check(&[(Wood, 4.0, 2.0), (Water, 0.0, 5.0)], &[(0, false, 0), (0, true, 0)]);
    }

    #[test]
    fn a_park_in_a_wood_in_fields_is_drawn_last() {
        use FeatureKind::{Farmland, Park, Wood};
        check(
            &[(Park, 0.0, 1.0), (Wood, 0.0, 2.0), (Wood, 0.0, 3.0), (Farmland, 0.0, 9.0)],
            &[(0, false, 2), (0, false, 1), (0, false, 1), (0, false, 0)],
        );
    }
}

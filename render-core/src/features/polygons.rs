//! Rings of one element → its polygons: what is inside an odd number of rings.
//!
//! Geometry decides what is outer and what a hole, not the members' roles, as in libosmium: people
//! often mistake the roles and rarely the geometry (<https://osmcode.org/libosmium/>). A role only
//! keeps a clearing whose wood is not in the data from being drawn as a wood.

use super::plane::Plane;
use super::rings::Chain;
use crate::lonlat::LonLat;
use crate::osm::Role;
use crate::planar::{Frame, Locator, any_crossing, interior_point, twice_area, uncross};
use geo::Coord;

/// Polygons and what was odd about their rings.
#[derive(Debug, Default)]
pub(super) struct Polygons {
    /// Outer ring counter-clockwise, then its holes clockwise.
    pub(super) polygons: Vec<Vec<Vec<LonLat>>>,
    /// Inner rings that lie in no outer one.
    pub(super) n_astray: usize,
    /// Rings whose role says otherwise than their place.
    pub(super) n_wrong_roles: usize,
    /// Whether rings crossed themselves or each other.
    pub(super) crossed: bool,
}

struct Ring {
    coords: Vec<LonLat>,
    points: Vec<Coord>,
    /// Twice the area, positive counter-clockwise.
    area: f64,
    bounds: Frame,
    inside: Coord,
    role: Role,
}

/// Sorts rings into polygons.
pub(super) fn polygons(rings: Vec<Chain>, plane: Plane) -> Polygons {
    let rings: Vec<Ring> = rings.into_iter().filter_map(|chain| Ring::new(chain, plane)).collect();
    let mut found = Polygons::default();
    let is_bow = |ring: &Ring| ring.area == 0.0;
    if rings.iter().any(is_bow) || any_crossing(rings.iter().map(|ring| ring.points.as_slice())) {
        found.crossed = true;
        if let Some(polygons) = uncrossed(&rings, plane) {
            found.polygons = polygons;
            return found;
        }
    }
    let around = containers(&rings);
    let is_astray = |i: usize, ring: &Ring| {
        around.get(i).is_some_and(Vec::is_empty) && ring.role == Role::Inner && rings.len() > 1
    };
    let mut place: Vec<Option<usize>> = Vec::with_capacity(rings.len());
    for (i, ring) in rings.iter().enumerate() {
        let is_outer = around.get(i).is_none_or(|around| around.len().is_multiple_of(2));
        if is_astray(i, ring) {
            found.n_astray += 1;
            place.push(None);
            continue;
        }
        found.n_wrong_roles += usize::from(match ring.role {
            Role::Outer => !is_outer,
            Role::Inner => is_outer,
            Role::Other => false,
        });
        place.push(is_outer.then_some(found.polygons.len()));
        if is_outer {
            found.polygons.push(vec![ring.turned(true)]);
        }
    }
    for (ring, around) in rings.iter().zip(&around) {
        if around.len().is_multiple_of(2) {
            continue;
        }
        let smallest = around.iter().min_by(|a, b| {
            let size = |i: &&usize| rings.get(**i).map_or(0.0, |ring| ring.area.abs());
            size(a).total_cmp(&size(b))
        });
        let polygon = smallest.and_then(|i| place.get(*i).copied().flatten());
        if let Some(polygon) = polygon.and_then(|i| found.polygons.get_mut(i)) {
            polygon.push(ring.turned(false));
        }
    }
    found
}

impl Ring {
    fn new(chain: Chain, plane: Plane) -> Option<Self> {
        let points: Vec<Coord> = chain.coords.iter().map(|at| plane.to(*at)).collect();
        let area = twice_area(&points);
        // A bow tie may enclose as much to its left as to its right; what encloses nothing has no
        // inside.
        let inside = interior_point(&points)?;
        let bounds = Frame::around(&points);
        Some(Self { coords: chain.coords, points, area, bounds, inside, role: chain.role })
    }

    fn turned(&self, counter_clockwise: bool) -> Vec<LonLat> {
        let mut coords = self.coords.clone();
        if (self.area > 0.0) != counter_clockwise {
            coords.reverse();
        }
        coords
    }
}

/// For each ring, those around it.
fn containers(rings: &[Ring]) -> Vec<Vec<usize>> {
    let mut around = vec![Vec::new(); rings.len()];
    if rings.len() < 2 {
        return around;
    }
    for (i, ring) in rings.iter().enumerate() {
        // Of an archipelago's thousand rings nearly all have nothing in them.
        let is_near =
            |other: &Ring| other.area.abs() < ring.area.abs() && ring.bounds.contains(other.inside);
        let mut locator = None;
        for (other, around) in rings.iter().zip(&mut around).filter(|(other, _)| is_near(other)) {
            let locator = locator.get_or_insert_with(|| Locator::new([&*ring.points].into_iter()));
            if locator.contains(other.inside) {
                around.push(i);
            }
        }
    }
    around
}

/// Rings that cross: what is in an odd number of them and in none that is called inner.
fn uncrossed(rings: &[Ring], plane: Plane) -> Option<Vec<Vec<Vec<LonLat>>>> {
    let has_outer = rings.iter().any(|ring| ring.role != Role::Inner);
    let is_hole = |ring: &&Ring| has_outer && ring.role == Role::Inner;
    let holes: Vec<Locator> = rings
        .iter()
        .filter(is_hole)
        .map(|ring| Locator::new([ring.points.as_slice()].into_iter()))
        .collect();
    let points: Vec<&[Coord]> = rings.iter().map(|ring| ring.points.as_slice()).collect();
    let polygons = uncross(&points, |at| !holes.iter().any(|hole| hole.contains(at)))?;
    let places = |ring: &Vec<Coord>| ring.iter().map(|at| plane.place(*at)).collect();
    Some(polygons.iter().map(|polygon| polygon.iter().map(places).collect()).collect())
}

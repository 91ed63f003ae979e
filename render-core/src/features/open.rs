//! Chains that do not close, as members or vertices are not in the data → rings, as far as what is
//! left allows.
//!
//! Where a chain runs out of the area it is led around it to the chain that comes back nearest;
//! what is beyond the area is not seen. A gap inside is bridged if it is short beside what is known.

use geo::Coord;

use super::rings::{Chain, without_repeats};
use super::surroundings::Surroundings;
use crate::kind::FeatureKind;
use crate::osm::Role;
use crate::planar::Locator;

/// Longest gap inside the area that is bridged, as a share of the length of what it joins.
const LONGEST_GAP: f64 = 0.5;
/// So many chains are joined with each other; more are closed each by itself.
const MOST_CHAINS: usize = 48;
/// An open chain in the plane.
struct Open {
    points: Vec<Coord>,
    role: Role,
    length: f64,
}

/// Closes what can be closed; returns the rings, and how many chains stay open.
pub(super) fn close(
    chains: Vec<Chain>,
    kind: FeatureKind,
    around: &Surroundings<'_>,
) -> (Vec<Chain>, usize) {
    let mut open: Vec<Open> = chains
        .into_iter()
        .map(|chain| {
            let points: Vec<Coord> = chain.coords.iter().map(|at| around.plane.to(*at)).collect();
            Open { length: length(&points), points, role: chain.role }
        })
        .collect();
    let (mut rings, mut n_left) = (Vec::new(), 0);
    while let Some(joint) = nearest_ends(&open, around) {
        let mut one = open.swap_remove(joint.one);
        if joint.one_begins {
            one.points.reverse();
        }
        if joint.one == joint.other {
            match bridge(&one.points, joint.gap, one.length, kind, around) {
                Some(points) => {
                    let coords: Vec<_> = points.iter().map(|at| around.plane.place(*at)).collect();
                    rings.push(Chain { coords: without_repeats(&coords), role: one.role });
                }
                None => n_left += 1,
            }
            continue;
        }
        // `swap_remove` moved the last one into the hole.
        let other = if joint.other == open.len() { joint.one } else { joint.other };
        let mut other = open.swap_remove(other);
        if !joint.other_begins {
            other.points.reverse();
        }
        let ends = (one.points.last().copied(), other.points.first().copied());
        let (Some(end), Some(begin)) = ends else { continue };
        let length = one.length + other.length;
        if !around.is_at_edge(end, begin) && joint.gap > LONGEST_GAP * length {
            // Too far: neither is closed with the other; each by itself if it can be.
            n_left += 2;
            continue;
        }
        if around.is_at_edge(end, begin) {
            let (from, to) = (around.frame.nearest(end), around.frame.nearest(begin));
            one.points.extend(around.outside(around.frame.corners_of_shorter_way(from, to)));
        }
        one.points.extend(other.points);
        let role = if one.role == other.role { one.role } else { Role::Other };
        open.push(Open { points: one.points, role, length });
    }
    (rings, n_left)
}

/// Two ends of chains, possibly of the same.
struct Joint {
    one: usize,
    /// Whether it is its beginning that joins.
    one_begins: bool,
    other: usize,
    other_begins: bool,
    gap: f64,
}

fn nearest_ends(open: &[Open], around: &Surroundings<'_>) -> Option<Joint> {
    let mut nearest: Option<Joint> = None;
    let mut consider = |joint: Joint| {
        if nearest.as_ref().is_none_or(|nearest| joint.gap < nearest.gap) {
            nearest = Some(joint);
        }
    };
    for (one, chain) in open.iter().enumerate() {
        let (Some(begin), Some(end)) = (chain.points.first(), chain.points.last()) else {
            continue;
        };
        let gap = around.gap(*end, *begin);
        consider(Joint { one, one_begins: false, other: one, other_begins: true, gap });
        if open.len() > MOST_CHAINS {
            continue;
        }
        for (other, chain) in open.iter().enumerate().skip(one + 1) {
            let ends = (chain.points.first(), chain.points.last());
            let (Some(first), Some(last)) = ends else { continue };
            for (one_begins, at) in [(true, begin), (false, end)] {
                for (other_begins, to) in [(true, first), (false, last)] {
                    let gap = around.gap(*at, *to);
                    consider(Joint { one, one_begins, other, other_begins, gap });
                }
            }
        }
    }
    nearest
}

/// A chain with what leads from its end to its beginning.
fn bridge(
    points: &[Coord],
    gap: f64,
    length: f64,
    kind: FeatureKind,
    around: &Surroundings<'_>,
) -> Option<Vec<Coord>> {
    let (begin, end) = (*points.first()?, *points.last()?);
    if !around.is_at_edge(end, begin) {
        return (gap <= LONGEST_GAP * length).then(|| points.to_vec());
    }
    let (from, to) = (around.frame.nearest(end), around.frame.nearest(begin));
    let short = around.frame.corners_of_shorter_way(from, to);
    let ring = |corners: Vec<Coord>| {
        let mut ring = points.to_vec();
        ring.extend(around.outside(corners));
        ring
    };
    let short = ring(short);
    if !matches!(kind, FeatureKind::Water | FeatureKind::Sea) {
        return Some(short);
    }
    // Water that would drown the town is on the other side of its shore.
    let long = if around.frame.way(from, to) <= around.frame.way(to, from) {
        let mut corners = around.frame.corners_between(to, from);
        corners.reverse();
        corners
    } else {
        around.frame.corners_between(from, to)
    };
    let long = ring(long);
    let n_drowned = |ring: &[Coord]| {
        let locator = Locator::new([ring].into_iter());
        around.land.places().iter().filter(|at| locator.contains(**at)).count()
    };
    let n_short = n_drowned(&short);
    Some(if n_short > 10 && n_drowned(&long) * 4 < n_short { long } else { short })
}

impl Surroundings<'_> {
    /// Whether both ends lie where the area or the source ends.
    fn is_at_edge(&self, one: Coord, other: Coord) -> bool {
        let is_out = |at: Coord| !self.frame.contains(at) || self.is_cut(at);
        is_out(one) && is_out(other)
    }

    /// How far it is from end to end: along the edge if both are there.
    fn gap(&self, one: Coord, other: Coord) -> f64 {
        if self.is_at_edge(one, other) {
            let (from, to) = (self.frame.nearest(one), self.frame.nearest(other));
            return self.frame.way(from, to).min(self.frame.way(to, from));
        }
        length(&[one, other])
    }

    /// Corners moved out, so that what leads around them is cut away cleanly.
    fn outside(&self, corners: Vec<Coord>) -> impl Iterator<Item = Coord> {
        let centre = self.frame.centre();
        corners.into_iter().map(move |at| Coord {
            x: centre.x + 1.05 * (at.x - centre.x),
            y: (centre.y + 1.05 * (at.y - centre.y)).clamp(-9e8, 9e8),
        })
    }
}

fn length(points: &[Coord]) -> f64 {
    let step = |pair: &[Coord]| match pair {
        [a, b] => libm::hypot(b.x - a.x, b.y - a.y),
        _ => 0.0,
    };
    points.windows(2).map(step).sum()
}

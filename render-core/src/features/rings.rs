//! The ways of a multipolygon → rings, whatever the order and direction of the ways.

use std::collections::HashMap;

use crate::lonlat::LonLat;
use crate::osm::Role;
use crate::osm::builder::IdHash;

/// A run of vertices that a relation's member, or a way, contributes.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) coords: &'a [LonLat],
    pub(super) role: Role,
}

/// A closed ring without its repeated last vertex, or an open chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) coords: Vec<LonLat>,
    /// What its members were called; [`Role::Other`] where they differ.
    pub(super) role: Role,
}

/// What [`join`] made.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) rings: Vec<Chain>,
    pub(super) open: Vec<Chain>,
}

/// Joins runs end to end.
///
/// Where rings touch and a run could go on in several ways, it goes on with one of its own role if
/// there is any. A chain that comes back to one of its own joints sheds the loop as a ring, so that
/// a ring never passes a joint twice.
pub(super) fn join(runs: &[Run<'_>]) -> Joined {
    let mut by_end: HashMap<LonLat, Vec<usize>, IdHash> = HashMap::default();
    for (i, run) in runs.iter().enumerate() {
        for end in [run.coords.first(), run.coords.last()].into_iter().flatten() {
            by_end.entry(*end).or_default().push(i);
        }
    }
    let mut used = vec![false; runs.len()];
    let mut joined = Joined::default();
    // Forwards from each unused run, then backwards from its beginning if it did not close.
    for start in 0..runs.len() {
        let mut trail = Trail::default();
        let mut next = Some(start).filter(|i| used.get(*i) == Some(&false));
        while let Some(run) = next.and_then(|i| take(runs, &mut used, i)) {
            trail.add(run, &mut joined.rings);
            next = trail.end().and_then(|(end, role)| follow(&by_end, &used, runs, end, role));
        }
        trail.reverse();
        while let Some(run) = trail
            .end()
            .and_then(|(end, role)| follow(&by_end, &used, runs, end, role))
            .and_then(|i| take(runs, &mut used, i))
        {
            trail.add(run, &mut joined.rings);
        }
        trail.reverse();
        joined.open.extend(trail.into_chain());
    }
    joined
}

fn take<'r, 'a>(runs: &'r [Run<'a>], used: &mut [bool], i: usize) -> Option<&'r Run<'a>> {
    *used.get_mut(i)? = true;
    runs.get(i)
}

fn follow(
    by_end: &HashMap<LonLat, Vec<usize>, IdHash>,
    used: &[bool],
    runs: &[Run<'_>],
    end: LonLat,
    role: Role,
) -> Option<usize> {
    let is_free = |i: &usize| used.get(*i) == Some(&false);
    let here = by_end.get(&end)?;
    let of_own_role = |i: &usize| runs.get(*i).is_some_and(|run| run.role == role);
    here.iter()
        .copied()
        .find(|i| is_free(i) && of_own_role(i))
        .or_else(|| here.iter().copied().find(is_free))
}

/// A chain that grows at its end.
#[derive(Default)]
struct Trail {
    coords: Vec<LonLat>,
    /// Where each run begins in `coords`, and its role.
    joints: Vec<(usize, Role)>,
}

impl Trail {
    fn end(&self) -> Option<(LonLat, Role)> {
        Some((*self.coords.last()?, self.joints.last()?.1))
    }

    /// Appends a run by whichever end fits, and sheds the ring that it closes.
    fn add(&mut self, run: &Run<'_>, rings: &mut Vec<Chain>) {
        let at = self.coords.len().saturating_sub(1);
        self.joints.push((at, run.role));
        let backwards = self.coords.last().is_some_and(|end| run.coords.first() != Some(end));
        let skip = usize::from(!self.coords.is_empty());
        if backwards {
            self.coords.extend(run.coords.iter().rev().skip(skip));
        } else {
            self.coords.extend(run.coords.iter().skip(skip));
        }
        let end = self.coords.last().copied();
        let back = self.joints.iter().rposition(|(at, _)| self.coords.get(*at).copied() == end);
        let Some(joint) = back else { return };
        let Some(&(start, _)) = self.joints.get(joint) else { return };
        let shed = self.joints.split_off(joint);
        let coords = without_repeats(self.coords.get(start..).unwrap_or(&[]));
        self.coords.truncate(start + 1);
        if self.joints.is_empty() {
            self.coords.clear();
        }
        rings.push(Chain { coords, role: common_role(&shed) });
    }

    fn reverse(&mut self) {
        self.coords.reverse();
        let n = self.coords.len();
        let mut ends: Vec<usize> = self.joints.iter().skip(1).map(|(at, _)| *at).collect();
        ends.push(n.saturating_sub(1));
        let roles = self.joints.iter().map(|(_, role)| *role);
        let mut joints: Vec<(usize, Role)> =
            ends.into_iter().map(|end| n.saturating_sub(1 + end)).zip(roles).collect();
        joints.reverse();
        self.joints = joints;
    }

    fn into_chain(mut self) -> Option<Chain> {
        self.coords.dedup();
        let role = common_role(&self.joints);
        (self.coords.len() > 1).then_some(Chain { coords: self.coords, role })
    }
}

fn common_role(joints: &[(usize, Role)]) -> Role {
    let first = joints.first().map_or(Role::Other, |(_, role)| *role);
    if joints.iter().all(|(_, role)| *role == first) { first } else { Role::Other }
}

/// A ring's vertices without the repeated last one and without doubles.
pub(super) fn without_repeats(coords: &[LonLat]) -> Vec<LonLat> {
    let mut ring = coords.to_vec();
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a`…`y`: the vertices of a grid five to a row.
    fn coords(letters: &str) -> Vec<LonLat> {
        let vertex = |letter: char| {
            let n = letter as i32 - 'a' as i32;
            LonLat { lon_e7: n % 5, lat_e7: n / 5 }
        };
        letters.chars().map(vertex).collect()
    }

    fn check(ways: &[(Role, &str)], expected: &str) {
        let ways: Vec<(Role, Vec<LonLat>)> =
            ways.iter().map(|(role, letters)| (*role, coords(letters))).collect();
        let runs: Vec<Run<'_>> =
            ways.iter().map(|(role, coords)| Run { coords, role: *role }).collect();
        let letter = |at: &LonLat| char::from(b'a' + (at.lat_e7 * 5 + at.lon_e7) as u8);
        let words = |chains: &[Chain]| {
            let word = |chain: &Chain| {
                let letters: String = chain.coords.iter().map(letter).collect();
                format!("{letters}:{:?}", chain.role)
            };
            chains.iter().map(word).collect::<Vec<_>>().join(" ")
        };
        let joined = join(&runs);
        assert_eq!(format!("{} | {}", words(&joined.rings), words(&joined.open)), expected);
    }

    #[test]
    fn order_and_direction_do_not_matter() {
        use Role::{Other, Outer};
        check(&[(Outer, "yu"), (Outer, "ea"), (Outer, "ua"), (Outer, "ey")], "yuae:Outer | ");
        check(&[(Outer, "yu"), (Other, "ea"), (Outer, "ua"), (Outer, "ey")], "yuae:Other | ");
    }

    #[test]
    fn rings_that_touch_at_a_joint_stay_apart() {
        use Role::{Inner, Outer};
        check(
            &[(Outer, "ab"), (Inner, "bc"), (Inner, "chb"), (Outer, "bga")],
            "abg:Outer bch:Inner | ",
        );
        check(
            &[(Outer, "ab"), (Outer, "bc"), (Outer, "chb"), (Outer, "bga")],
            "bch:Outer abg:Outer | ",
        );
    }

    #[test]
    fn a_chain_is_followed_from_both_ends() {
        use Role::Outer;
        check(&[(Outer, "gh"), (Outer, "hi"), (Outer, "gf"), (Outer, "kf")], " | kfghi:Outer");
    }

    #[test]
    fn a_closed_way_is_a_ring_and_a_way_back_and_forth_encloses_nothing() {
        check(&[(Role::Outer, "abgfa"), (Role::Outer, "cdc")], "abgf:Outer cd:Outer | ");
    }
}

//! Rings → their areas, what is inside of them, and which hole belongs to which.

use geo::{Coord, coord};

use super::Frame;

/// Twice a ring's area, positive if it runs counter-clockwise. The first vertex is not repeated.
#[must_use]
pub fn twice_area(ring: &[Coord]) -> f64 {
    twice_area_of(ring.iter().copied())
}

/// [`twice_area`] of vertices that are made on the way.
#[must_use]
pub fn twice_area_of(ring: impl IntoIterator<Item = Coord>) -> f64 {
    let mut ring = ring.into_iter();
    let Some(origin) = ring.next() else { return 0.0 };
    let (mut sum, mut last) = (0.0, Coord::zero());
    for at in ring {
        let at = at - origin;
        sum += last.x * at.y - at.x * last.y;
        last = at;
    }
    sum
}

/// Whether a point is in a ring by the even-odd rule; on the edge it counts as either.
#[must_use]
pub fn contains(ring: &[Coord], at: Coord) -> bool {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    edges.filter(|(a, b)| is_crossed(**a, **b, at)).count() % 2 == 1
}

/// Whether an edge crosses the ray from a point towards greater x.
fn is_crossed(a: Coord, b: Coord, at: Coord) -> bool {
    if (a.y > at.y) == (b.y > at.y) {
        return false;
    }
    let side = (a.x - at.x) * (b.y - a.y) + (at.y - a.y) * (b.x - a.x);
    (side > 0.0) == (b.y > a.y)
}

/// A point in a ring, well away from its edge: the middle of the widest span on a line through it.
/// `None` for a ring that encloses nothing.
#[must_use]
pub fn interior_point(ring: &[Coord]) -> Option<Coord> {
    let (low, high) =
        ring.iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at.y), high.max(at.y)));
    // Not the middle: hand-made shapes have vertices there.
    let y = low + 0.487 * (high - low);
    let mut crossings: Vec<f64> = ring
        .iter()
        .zip(ring.iter().cycle().skip(1))
        .filter(|(a, b)| (a.y > y) != (b.y > y))
        .map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
        .collect();
    crossings.sort_by(f64::total_cmp);
    let mut widest: Option<(f64, f64)> = None;
    for span in crossings.chunks_exact(2) {
        if let [from, to] = span
            && to > from
            && widest.is_none_or(|(a, b)| to - from > b - a)
        {
            widest = Some((*from, *to));
        }
    }
    widest.map(|(from, to)| coord! { x: f64::midpoint(from, to), y: y })
}

/// Rings sorted by height, to ask about many points.
#[derive(Debug, Clone)]
pub struct Locator {
    bounds: Frame,
    rows_per_unit: f64,
    /// Where each row begins in `edges`, and the end of the last.
    starts: Vec<usize>,
    /// Edges row by row.
    edges: Vec<(Coord, Coord)>,
}

impl Locator {
    /// Takes the edges of rings; a point is inside by the even-odd rule over all of them.
    #[must_use]
    pub fn new<'a>(rings: impl Iterator<Item = &'a [Coord]> + Clone) -> Self {
        let bounds = Frame::around(rings.clone().flatten());
        let n: usize = rings.clone().map(<[Coord]>::len).sum();
        let n_rows = (n / 4).clamp(1, 512);
        let height = (bounds.max.y - bounds.min.y).max(f64::MIN_POSITIVE);
        let mut locator = Self {
            bounds,
            rows_per_unit: n_rows as f64 / height,
            starts: vec![0; n_rows + 1],
            edges: Vec::new(),
        };
        let edges = rings.flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
        for (a, b) in edges.clone() {
            for row in locator.rows(*a, *b) {
                locator.starts[row + 1] += 1;
            }
        }
        let mut end = 0;
        for start in &mut locator.starts {
            end += *start;
            *start = end;
        }
        locator.edges = vec![<(Coord, Coord)>::default(); end];
        let mut next = locator.starts.clone();
        for (a, b) in edges {
            for row in locator.rows(*a, *b) {
                locator.edges[next[row]] = (*a, *b);
                next[row] += 1;
            }
        }
        locator
    }

    fn rows(&self, a: Coord, b: Coord) -> std::ops::RangeInclusive<usize> {
        self.row(a.y.min(b.y))..=self.row(a.y.max(b.y))
    }

    fn row(&self, y: f64) -> usize {
        // A negative number becomes 0.
        (((y - self.bounds.min.y) * self.rows_per_unit) as usize).min(self.starts.len() - 2)
    }

    /// Whether a point is inside.
    #[must_use]
    pub fn contains(&self, at: Coord) -> bool {
        let Frame { min, max } = self.bounds;
        if at.x < min.x || at.x > max.x || at.y < min.y {
            return false;
        }
        let row = self.row(at.y);
        let edges = self.edges.get(self.starts[row]..self.starts[row + 1]).unwrap_or(&[]);
        edges.iter().filter(|(a, b)| is_crossed(*a, *b, at)).count() % 2 == 1
    }
}

/// For each ring the smallest one around it, by its index; none may cross. Of two that are equal the
/// later lies in the earlier.
///
/// A sweep along x, as an archipelago has thousands of rings that are small beside it.
#[must_use]
pub fn parents(rings: &[&[Coord]]) -> Vec<Option<usize>> {
    struct Sized<'a> {
        index: usize,
        ring: &'a [Coord],
        area: f64,
        bounds: Frame,
        inside: Option<Coord>,
    }
    let mut sized: Vec<Sized<'_>> = rings
        .iter()
        .enumerate()
        .map(|(index, ring)| {
            let (area, bounds) = (twice_area(ring).abs(), Frame::around(*ring));
            Sized { index, ring, area, bounds, inside: interior_point(ring) }
        })
        .collect();
    sized.sort_by(|a, b| a.bounds.min.x.total_cmp(&b.bounds.min.x));
    let mut insides: Vec<(Coord, &Sized<'_>)> =
        sized.iter().filter_map(|own| Some((own.inside?, own))).collect();
    insides.sort_by(|(a, _), (b, _)| a.x.total_cmp(&b.x));
    let mut parents = vec![None; rings.len()];
    let mut waiting = sized.iter().peekable();
    let mut active: Vec<&Sized<'_>> = Vec::new();
    for (at, own) in insides {
        active.extend(std::iter::from_fn(|| waiting.next_if(|other| other.bounds.min.x < at.x)));
        active.retain(|other| other.bounds.max.x > at.x);
        let around = active.iter().filter(|other| {
            // A smaller ring around a point of this one lies in this one.
            (other.area, own.index) > (own.area, other.index)
                && other.bounds.contains(at)
                && contains(other.ring, at)
        });
        let smallest = around.min_by(|a, b| a.area.total_cmp(&b.area).then(b.index.cmp(&a.index)));
        if let Some(parent) = parents.get_mut(own.index) {
            *parent = smallest.map(|other| other.index);
        }
    }
    parents
}

/// What [`nest`] made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nested {
    /// Outer rings, each with its holes.
    pub polygons: Vec<Vec<Vec<Coord>>>,
    /// Holes with no ring around them.
    pub astray: Vec<Vec<Coord>>,
}

/// Gives each hole (clockwise) to the smallest outer ring (counter-clockwise) around it.
#[must_use]
pub fn nest(rings: Vec<Vec<Coord>>) -> Nested {
    let (outers, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| twice_area(ring) > 0.0);
    let areas: Vec<f64> = outers.iter().map(|ring| twice_area(ring)).collect();
    let mut nested = Nested {
        polygons: outers.into_iter().map(|ring| vec![ring]).collect(),
        astray: Vec::new(),
    };
    if holes.is_empty() {
        return nested;
    }
    let locators: Vec<Locator> = nested
        .polygons
        .iter()
        .map(|rings| Locator::new(rings.iter().take(1).map(Vec::as_slice)))
        .collect();
    for hole in holes {
        // Without an inside it is not seen.
        let Some(inside) = interior_point(&hole) else { continue };
        let size = -twice_area(&hole);
        let around = locators
            .iter()
            .zip(&areas)
            .enumerate()
            // A smaller ring around that point lies in the hole itself.
            .filter(|(_, (locator, area))| **area >= size && locator.contains(inside))
            .min_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
        match around.and_then(|(i, _)| nested.polygons.get_mut(i)) {
            Some(polygon) => polygon.push(hole),
            None => nested.astray.push(hole),
        }
    }
    nested
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, half: f64) -> Vec<Coord> {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(i, j)| coord! { x: x + i * half, y: y + j * half })
            .to_vec()
    }

    fn hole(x: f64, y: f64, half: f64) -> Vec<Coord> {
        let mut ring = square(x, y, half);
        ring.reverse();
        ring
    }

    #[test]
    fn a_hole_goes_with_the_smallest_ring_around_it() {
        let rings = vec![
            square(0.0, 0.0, 9.0),
            hole(0.0, 0.0, 7.0),
            square(0.0, 0.0, 5.0),
            hole(0.0, 0.0, 3.0),
            hole(50.0, 0.0, 1.0),
        ];
        let nested = nest(rings);
        let sizes: Vec<_> =
            nested.polygons.iter().map(|p| (p.len(), twice_area(&p[1]) / -8.0)).collect();
        assert_eq!(sizes, [(2, 49.0), (2, 9.0)]);
        assert_eq!(nested.astray.len(), 1);
    }

    #[test]
    fn a_ring_lies_in_the_smallest_one_around_it() {
        let rings = [
            square(0.0, 0.0, 5.0),
            hole(0.0, 0.0, 9.0),
            hole(0.0, 0.0, 1.0),
            square(30.0, 0.0, 9.0),
            square(0.0, 0.0, 5.0), // once more
            square(7.0, 7.0, 0.5),
            vec![coord! { x: 0.0, y: 0.0 }, coord! { x: 1.0, y: 1.0 }],
        ];
        let rings: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
        let expected = [Some(1), None, Some(4), None, Some(0), Some(1), None];
        assert_eq!(parents(&rings), expected);
    }

    #[test]
    fn the_interior_point_of_a_horseshoe_is_in_it() {
        let shoe = [
            (0.0, 0.0),
            (9.0, 0.0),
            (9.0, 9.0),
            (7.0, 9.0),
            (7.0, 2.0),
            (2.0, 2.0),
            (2.0, 9.0),
            (0.0, 9.0),
        ]
        .map(|(x, y)| coord! { x: x, y: y });
        let at = interior_point(&shoe).unwrap();
        assert!(contains(&shoe, at) && Locator::new([&shoe[..]].into_iter()).contains(at));
        assert_eq!(interior_point(&shoe[..2]), None);
    }

    #[test]
    fn a_locator_agrees_with_the_plain_test() {
        let ring: Vec<Coord> = (0..200)
            .map(|i| {
                let angle = f64::from(i) / 200.0 * std::f64::consts::TAU;
                let r = 5.0 + 2.0 * libm::sin(angle * 17.0);
                coord! { x: r * libm::cos(angle), y: r * libm::sin(angle) }
            })
            .collect();
        let locator = Locator::new([&ring[..]].into_iter());
        for i in -80..80 {
            for j in -80..80 {
                let at = coord! { x: f64::from(i) / 10.0 + 0.013, y: f64::from(j) / 10.0 + 0.017 };
                assert_eq!(locator.contains(at), contains(&ring, at), "{at:?}");
            }
        }
    }
}

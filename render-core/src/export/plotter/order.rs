//! Lines → the same lines joined where they meet, in an order and direction in which a pen is
//! carried little: always on to the nearest end.

use std::collections::HashMap;

use super::{Place, STEPS_PER_MM};

/// Joins lines at shared ends, straight on where there is a choice.
pub fn joined(lines: Vec<Vec<Place>>) -> Vec<Vec<Place>> {
    let mut ends: HashMap<Place, Vec<usize>> = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        for end in line.first().into_iter().chain(line.last()) {
            ends.entry(*end).or_default().push(i);
        }
    }
    let mut left: Vec<Option<Vec<Place>>> = lines.into_iter().map(Some).collect();
    let mut chains = Vec::new();
    for i in 0..left.len() {
        let Some(mut chain) = left.get_mut(i).and_then(Option::take) else { continue };
        // On from its end, then on from its start.
        for _ in 0..2 {
            while let Some(next) = next(&chain, &ends, &mut left) {
                chain.extend(next.into_iter().skip(1));
            }
            chain.reverse();
        }
        chains.push(chain);
    }
    chains
}

/// The line that goes on straightest from the end of another, from there on; it is taken.
fn next(
    chain: &[Place],
    ends: &HashMap<Place, Vec<usize>>,
    left: &mut [Option<Vec<Place>>],
) -> Option<Vec<Place>> {
    let (before, end) = (chain.get(chain.len().checked_sub(2)?)?, chain.last()?);
    if chain.first() == Some(end) {
        return None;
    }
    let turn = |line: &[Place]| {
        let after = if line.first() == Some(end) { line.get(1) } else { line.iter().rev().nth(1) };
        after.map_or(f64::NEG_INFINITY, |after| straightness(*before, *end, *after))
    };
    let candidates =
        ends.get(end)?.iter().filter_map(|i| Some((*i, turn(left.get(*i)?.as_deref()?))));
    let (best, _) = candidates.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    let mut line = left.get_mut(best)?.take()?;
    if line.first() != Some(end) {
        line.reverse();
    }
    Some(line)
}

/// Cosine of the turn at `b` on the way from `a` to `c`: 1 for straight on.
fn straightness(a: Place, b: Place, c: Place) -> f64 {
    let way = |from: Place, to: Place| {
        (f64::from(to[0]) - f64::from(from[0]), f64::from(to[1]) - f64::from(from[1]))
    };
    let ((ax, ay), (bx, by)) = (way(a, b), way(b, c));
    let length = ((ax * ax + ay * ay) * (bx * bx + by * by)).sqrt();
    if length > 0.0 { (ax * bx + ay * by) / length } else { 1.0 }
}

/// Puts lines in order, from the page's corner on always the one whose end is nearest.
pub fn sorted(lines: Vec<Vec<Place>>) -> Vec<Vec<Place>> {
    let mut grid = Grid::new(&lines);
    let mut left: Vec<Option<Vec<Place>>> = lines.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(left.len());
    let mut pen = [0, 0];
    while let Some(entry) = grid.take_nearest(pen) {
        let Some(mut line) = left.get_mut(entry.line).and_then(Option::take) else { continue };
        let (Some(first), Some(last)) = (line.first().copied(), line.last().copied()) else {
            continue;
        };
        let exit = if entry.at == first { last } else { first };
        grid.remove(entry.line, exit);
        if entry.at != first {
            line.reverse();
        }
        pen = exit;
        sorted.push(line);
    }
    sorted
}

/// An end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    at: Place,
    line: usize,
}

/// Ends of lines by the square of the page they lie in.
struct Grid {
    left: i32,
    top: i32,
    /// Side of a square.
    side: i32,
    n_columns: i32,
    n_rows: i32,
    cells: Vec<Vec<Entry>>,
    n_entries: usize,
}

/// Most squares of a grid along a side.
const MOST_SQUARES: i32 = 512;

impl Grid {
    fn new(lines: &[Vec<Place>]) -> Self {
        let ends = || {
            lines.iter().enumerate().flat_map(|(line, points)| {
                let last = points.last().filter(|last| points.first() != Some(last));
                points.first().into_iter().chain(last).map(move |at| Entry { at: *at, line })
            })
        };
        let low = |axis: usize| ends().map(|end| end.at[axis]).min().unwrap_or(0);
        let high = |axis: usize| ends().map(|end| end.at[axis]).max().unwrap_or(0);
        let ((left, right), (top, bottom)) = ((low(0), high(0)), (low(1), high(1)));
        let longest = right.saturating_sub(left).max(bottom.saturating_sub(top));
        // About two ends to a square.
        #[expect(clippy::cast_possible_truncation, reason = "at most MOST_SQUARES")]
        let n_squares = ((lines.len() as f64).sqrt() as i32).clamp(1, MOST_SQUARES);
        let side = longest / n_squares + 1;
        let (n_columns, n_rows) = ((right - left) / side + 1, (bottom - top) / side + 1);
        let n_cells = usize::try_from(n_columns * n_rows).unwrap_or(1);
        let mut grid = Self {
            left,
            top,
            side,
            n_columns,
            n_rows,
            cells: vec![Vec::new(); n_cells],
            n_entries: 0,
        };
        for end in ends() {
            let (column, row) = grid.square(end.at);
            if let Some(cell) = grid.cell(column, row) {
                cell.push(end);
                grid.n_entries += 1;
            }
        }
        grid
    }

    fn square(&self, at: Place) -> (i32, i32) {
        let part =
            |at: i32, from: i32, n: i32| (at.saturating_sub(from) / self.side).clamp(0, n - 1);
        (part(at[0], self.left, self.n_columns), part(at[1], self.top, self.n_rows))
    }

    fn cell(&mut self, column: i32, row: i32) -> Option<&mut Vec<Entry>> {
        let index = usize::try_from(row * self.n_columns + column).ok()?;
        self.cells.get_mut(index)
    }

    /// Takes the end that is nearest to a place.
    fn take_nearest(&mut self, from: Place) -> Option<Entry> {
        if self.n_entries == 0 {
            return None;
        }
        let (column, row) = self.square(from);
        let mut best: Option<(i64, Entry)> = None;
        // Squares around the place's own, ring by ring, until the next ring is farther than the best.
        for ring in 0..=self.n_columns.max(self.n_rows) {
            let reach = i64::from(ring - 1) * i64::from(self.side);
            if best.is_some_and(|(far, _)| ring > 0 && far <= reach.max(0) * reach.max(0)) {
                break;
            }
            for (column, row) in squares_around(column, row, ring) {
                if !(0..self.n_columns).contains(&column) || !(0..self.n_rows).contains(&row) {
                    continue;
                }
                let index = usize::try_from(row * self.n_columns + column).unwrap_or(usize::MAX);
                for entry in self.cells.get(index).into_iter().flatten() {
                    let far = (far(from, entry.at), *entry);
                    // Of two as near the one that came first, so that the order is always the same.
                    if best.is_none_or(|best| (far.0, far.1.line) < (best.0, best.1.line)) {
                        best = Some(far);
                    }
                }
            }
        }
        let (_, entry) = best?;
        self.remove(entry.line, entry.at);
        Some(entry)
    }

    fn remove(&mut self, line: usize, at: Place) {
        let (column, row) = self.square(at);
        let Some(cell) = self.cell(column, row) else { return };
        if let Some(i) = cell.iter().position(|entry| *entry == Entry { at, line }) {
            cell.swap_remove(i);
            self.n_entries -= 1;
        }
    }
}

/// The squares of a ring around one; the ring of 0 is the square itself.
fn squares_around(column: i32, row: i32, ring: i32) -> impl Iterator<Item = (i32, i32)> {
    let rows = row - ring..=row + ring;
    rows.flat_map(move |y| {
        let is_whole = (y - row).abs() == ring;
        let step = if is_whole || ring == 0 { 1 } else { 2 * ring };
        #[expect(clippy::cast_sign_loss, reason = "at least 1")]
        let columns = (column - ring..=column + ring).step_by(step as usize);
        columns.map(move |x| (x, y))
    })
}

/// Square of a distance.
fn far(a: Place, b: Place) -> i64 {
    let (dx, dy) = (i64::from(a[0]) - i64::from(b[0]), i64::from(a[1]) - i64::from(b[1]));
    dx * dx + dy * dy
}

/// How far a pen draws, and how far it is carried from the page's corner on, mm.
pub fn lengths(lines: &[Vec<Place>]) -> (f64, f64) {
    let length = |a: Place, b: Place| (far(a, b) as f64).sqrt() / STEPS_PER_MM;
    let (mut down, mut up, mut pen) = (0.0, 0.0, [0, 0]);
    for line in lines {
        up += line.first().map_or(0.0, |start| length(pen, *start));
        down += line.iter().zip(line.iter().skip(1)).map(|(a, b)| length(*a, *b)).sum::<f64>();
        pen = line.last().copied().unwrap_or(pen);
    }
    (down, up)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_joined_straight_on_and_rings_close() {
        let lines = vec![
            vec![[0, 0], [10, 0]],
            vec![[10, 10], [10, 0]],
            vec![[20, 0], [10, 0]],
            vec![[20, 0], [30, 0]],
        ];
        let chains = joined(lines);
        assert_eq!(chains, [vec![[0, 0], [10, 0], [20, 0], [30, 0]], vec![[10, 10], [10, 0]]]);
        let ring =
            joined(vec![vec![[0, 0], [10, 0]], vec![[10, 10], [0, 0]], vec![[10, 0], [10, 10]]]);
        assert_eq!(ring.len(), 1);
        assert_eq!(ring[0].first(), ring[0].last());
    }

    #[test]
    fn a_comb_is_drawn_to_and_fro() {
        let comb = (0..10).map(|x| vec![[x * 10, 0], [x * 10, 100]]).collect();
        let (_, up) = lengths(&sorted(comb));
        assert!((up - 0.9).abs() < 1e-9, "{up}");
    }

    fn edges(lines: &[Vec<Place>]) -> Vec<(Place, Place)> {
        let of = |line: &Vec<Place>| {
            let pairs =
                line.windows(2).map(|w| if w[0] < w[1] { (w[0], w[1]) } else { (w[1], w[0]) });
            pairs.collect::<Vec<_>>()
        };
        let mut edges: Vec<_> = lines.iter().flat_map(of).collect();
        edges.sort_unstable();
        edges
    }

    proptest! {
        #[test]
        fn every_edge_stays_and_the_nearest_end_is_next(
            lines in prop::collection::vec(prop::collection::vec([-50..50, -50..50], 2..5), 0..40),
        ) {
            let chains = joined(lines.clone());
            prop_assert_eq!(edges(&chains), edges(&lines));
            let sorted = sorted(chains.clone());
            prop_assert_eq!(edges(&sorted), edges(&lines));
            let mut pen = [0, 0];
            for (i, line) in sorted.iter().enumerate() {
                let end = |line: &Vec<Place>| {
                    let (first, last) = (*line.first().unwrap(), *line.last().unwrap());
                    far(pen, first).min(far(pen, last))
                };
                let nearest = sorted[i..].iter().map(end).min().unwrap();
                prop_assert_eq!(far(pen, *line.first().unwrap()), nearest);
                pen = *line.last().unwrap();
            }
        }
    }
}

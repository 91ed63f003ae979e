//! [`Scene`] → the lines each pen draws, cut at what shows, no stretch of a line twice.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::{Pen, Place, STEPS_PER_MM};
use crate::color::Color;
use crate::export::glyphs::for_each_contour;
use crate::export::raster::dash::for_each_dash;
use crate::export::raster::stroke::Line;
use crate::export::view::View;
use crate::export::{dashes, paint_of, whole};
use crate::planar::stretch_inside;
use crate::scene::{Draw, Item, Paint, PathItem, Scene, Style};

/// Widths that pens are made in, mm (ISO 9175-1).
const PEN_WIDTHS: [f64; 8] = [0.13, 0.18, 0.25, 0.35, 0.5, 0.7, 1.0, 1.4];

/// The pen that draws outlines and letters, mm on a page 12 in wide.
const FINE: f64 = 0.25;

/// Side of the page on which pens have these widths, mm: 12 in, as for the poster's own lines.
const NOMINAL_SIDE: f64 = 304.8;

/// Furthest a letter's outline may stray from its curves, mm.
const LETTER_TOLERANCE: f64 = 0.02;

/// A filled box of the page that is thinner is a line, mm.
const THINNEST: f64 = 1.0;

/// Lines of one style.
struct Strokes {
    color: Color,
    width: f64,
    name: String,
    dash: Vec<f64>,
    lines: Vec<Vec<Place>>,
}

/// The pens in the order of what they draw first, the lowest first.
pub fn pens(scene: &Scene, outlined: &BTreeSet<String>) -> Vec<Pen> {
    let scale = scene.width.min(scene.height) / NOMINAL_SIDE;
    let mut collector = Collector {
        scene,
        outlined,
        fine: FINE * scale.max(0.5),
        drawn: HashSet::new(),
        strokes: Vec::new(),
    };
    let page = View::page(scene).within((0.0, 0.0, scene.width, scene.height));
    let clear = unfaded(scene, &scene.items, page);
    collector.items(&scene.items, &page, &clear, false);
    let mut strokes = collector.strokes;
    keep_topmost(&mut strokes);
    let mut pens: Vec<Pen> = Vec::new();
    for Strokes { color, width, name, dash, lines } in strokes {
        let lines =
            if dash.is_empty() { lines } else { cut_dashes(super::order::joined(lines), &dash) };
        if lines.is_empty() {
            continue;
        }
        match pens.iter_mut().find(|pen| pen.color == color && pen.width == width) {
            Some(pen) => {
                pen.lines.extend(lines);
                if !pen.names.contains(&name) {
                    pen.names.push(name);
                }
            }
            None => pens.push(Pen { color, width, names: vec![name], lines }),
        }
    }
    for pen in &mut pens {
        pen.lines = super::order::joined(std::mem::take(&mut pen.lines));
    }
    pens
}

/// The part of the page over which no fade is more paper than map.
fn unfaded(scene: &Scene, items: &[Item], mut page: View) -> View {
    for item in items {
        match item {
            Item::Group(group) => page = unfaded(scene, &group.items, page),
            Item::Path(path) => {
                let paint = scene.styles.get(path.style).map(|style| paint_of(&style.draw));
                if let Some(Paint::FadeY { opaque_y, clear_y, .. }) = paint {
                    let middle = f64::midpoint(*opaque_y, *clear_y);
                    let (left, top, right, bottom) = page.bounds();
                    page = page.within(match opaque_y < clear_y {
                        true => (left, middle, right, bottom),
                        false => (left, top, right, middle),
                    });
                }
            }
            Item::Glyphs(_) => {}
        }
    }
    page
}

struct Collector<'a> {
    scene: &'a Scene,
    outlined: &'a BTreeSet<String>,
    /// Width of the pen for outlines and letters, mm.
    fine: f64,
    /// Rings that are outlined already: the sea's item has those of waters that meet it, too.
    drawn: HashSet<Range<u32>>,
    strokes: Vec<Strokes>,
}

impl Collector<'_> {
    /// `clear`: the part of the page that no fade covers, where the map is drawn.
    fn items(&mut self, items: &[Item], view: &View, clear: &View, in_map: bool) {
        for item in items {
            match item {
                Item::Group(group) => {
                    let is_map = group.name == "map";
                    let (inner, _) = if is_map { clear.inside(group) } else { view.inside(group) };
                    self.items(&group.items, &inner, clear, in_map || is_map);
                }
                Item::Path(path) => {
                    if let Some(style) = self.scene.styles.get(path.style) {
                        self.path(path, style, view, in_map);
                    }
                }
                Item::Glyphs(item) => {
                    let Some(style) = self.scene.styles.get(item.style) else { continue };
                    let mut lines = Vec::new();
                    for_each_contour(item, &view.to_page, LETTER_TOLERANCE, |contour| {
                        let closing = contour.first();
                        let ring = contour.iter().chain(closing).map(|at| (at[0], at[1]));
                        cut(ring, view, &mut lines);
                    });
                    self.add(style, self.fine, Vec::new(), lines);
                }
            }
        }
    }

    fn path(&mut self, item: &PathItem, style: &Style, view: &View, in_map: bool) {
        let subpaths = self.scene.paths.subpaths(&item.subpaths);
        match &style.draw {
            Draw::Stroke { width, dash, .. } if style.is_core() && *width > 0.0 => {
                let mut lines = Vec::new();
                for subpath in subpaths {
                    let Some(points) = view.visible(&self.scene.paths, subpath, 0.0) else {
                        continue;
                    };
                    let points: Vec<(f64, f64)> = points.collect();
                    let closing = if subpath.is_closed { points.first() } else { None };
                    cut(points.iter().chain(closing).copied(), view, &mut lines);
                }
                self.add(style, *width, dashes(dash).to_vec(), lines);
            }
            Draw::Stroke { .. } => {}
            Draw::Fill(_) if self.outlined.contains(&style.name) => {
                let mut rings = Vec::new();
                for subpath in subpaths {
                    if !self.drawn.insert(subpath.points.clone()) {
                        continue;
                    }
                    let Some(points) = view.visible(&self.scene.paths, subpath, 0.0) else {
                        continue;
                    };
                    rings.push(points.map(place).collect());
                }
                let mut lines = Vec::new();
                for line in outer_edges(&rings) {
                    cut(line.iter().map(|at| millimetres(*at)), view, &mut lines);
                }
                self.add(style, self.fine, Vec::new(), lines);
            }
            Draw::Fill(Paint::Solid { .. }) if !in_map => {
                let mut lines = Vec::new();
                for subpath in subpaths {
                    let Some(points) = view.visible(&self.scene.paths, subpath, 0.0) else {
                        continue;
                    };
                    if let Some(line) = thin_box(points) {
                        cut(line.into_iter(), view, &mut lines);
                    }
                }
                self.add(style, self.fine, Vec::new(), lines);
            }
            Draw::Fill(_) => {}
        }
    }

    fn add(&mut self, style: &Style, width: f64, dash: Vec<f64>, lines: Vec<Vec<Place>>) {
        let (Paint::Solid { color, .. } | Paint::FadeY { color, .. }) = *paint_of(&style.draw);
        let off = |pen: &f64| (pen / width).max(width / pen);
        let nearest = PEN_WIDTHS.into_iter().min_by(|a, b| off(a).total_cmp(&off(b)));
        let width = nearest.unwrap_or(FINE);
        if !lines.is_empty() {
            self.strokes.push(Strokes { color, width, name: style.name.clone(), dash, lines });
        }
    }
}

/// The nearest place of the grid.
fn place((x, y): (f64, f64)) -> Place {
    let steps = |mm: f64| {
        let steps = whole(mm * STEPS_PER_MM);
        i32::try_from(steps).unwrap_or(if steps < 0 { i32::MIN } else { i32::MAX })
    };
    [steps(x), steps(y)]
}

fn millimetres(at: Place) -> (f64, f64) {
    (f64::from(at[0]) / STEPS_PER_MM, f64::from(at[1]) / STEPS_PER_MM)
}

/// The middle line of a box so thin that a pen draws it in one stroke.
fn thin_box(points: impl Iterator<Item = (f64, f64)>) -> Option<[(f64, f64); 2]> {
    let (mut left, mut top, mut right, mut bottom) =
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (x, y) in points {
        (left, right) = (left.min(x), right.max(x));
        (top, bottom) = (top.min(y), bottom.max(y));
    }
    let (middle_x, middle_y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    if bottom - top < THINNEST && right - left > bottom - top {
        Some([(left, middle_y), (right, middle_y)])
    } else if right - left < THINNEST {
        Some([(middle_x, top), (middle_x, bottom)])
    } else {
        None
    }
}

/// Adds what of a line lies in the view, on the grid.
fn cut(points: impl Iterator<Item = (f64, f64)>, view: &View, lines: &mut Vec<Vec<Place>>) {
    let mut line: Vec<Place> = Vec::new();
    let mut finish = |line: &mut Vec<Place>| {
        if line.len() > 1 {
            lines.push(std::mem::take(line));
        }
        line.clear();
    };
    let mut from = None;
    for to in points {
        if let Some(before) = from.replace(to)
            && let Some((a, b)) = stretch_inside(before, to, view.bounds())
        {
            let (a, b) = (place(a), place(b));
            if line.last() != Some(&a) {
                finish(&mut line);
                line.push(a);
            }
            if b != a {
                line.push(b);
            }
        }
    }
    finish(&mut line);
}

/// An edge, whichever way it is drawn.
fn edge(a: Place, b: Place) -> (Place, Place) {
    if a < b { (a, b) } else { (b, a) }
}

/// The edges of rings that lie between their inside and their outside: where two of them meet, the
/// poster shows one area.
fn outer_edges(rings: &[Vec<Place>]) -> Vec<Vec<Place>> {
    let edges = |ring: &Vec<Place>| {
        let nexts = ring.iter().cycle().skip(1).copied();
        ring.iter().copied().zip(nexts).filter(|(a, b)| a != b).collect::<Vec<_>>()
    };
    let mut uses: HashMap<(Place, Place), u32> = HashMap::new();
    for (a, b) in rings.iter().flat_map(edges) {
        *uses.entry(edge(a, b)).or_default() += 1;
    }
    let mut lines = Vec::new();
    for ring in rings {
        let is_kept = |a, b| uses.get(&edge(a, b)).is_none_or(|n| n % 2 == 1);
        lines.extend(runs(edges(ring).into_iter(), is_kept));
    }
    lines
}

/// The edges that are kept, joined where they follow one another.
fn runs(
    edges: impl Iterator<Item = (Place, Place)>,
    mut is_kept: impl FnMut(Place, Place) -> bool,
) -> Vec<Vec<Place>> {
    let mut lines: Vec<Vec<Place>> = Vec::new();
    let mut is_open = false;
    for (a, b) in edges {
        if !is_kept(a, b) {
            is_open = false;
            continue;
        }
        match lines.last_mut().filter(|line| is_open && line.last() == Some(&a)) {
            Some(line) => line.push(b),
            None => lines.push(vec![a, b]),
        }
        is_open = true;
    }
    lines
}

/// Drops each edge that is drawn again later, in either direction: what is drawn later covers it.
fn keep_topmost(strokes: &mut [Strokes]) {
    let mut drawn: HashSet<(Place, Place)> = HashSet::new();
    for strokes in strokes.iter_mut().rev() {
        let lines = std::mem::take(&mut strokes.lines);
        for line in lines {
            let edges = line.iter().copied().zip(line.iter().skip(1).copied());
            strokes.lines.extend(runs(edges, |a, b| drawn.insert(edge(a, b))));
        }
    }
}

/// Lines cut into their dashes, lengths of dash and gap in mm.
fn cut_dashes(lines: Vec<Vec<Place>>, dash: &[f64]) -> Vec<Vec<Place>> {
    let mut cut = Vec::new();
    for line in lines {
        let points: Vec<[f64; 2]> = line.iter().map(|at| millimetres(*at).into()).collect();
        for_each_dash(&Line { points: &points, is_closed: false }, dash, |dash| {
            let mut dash: Vec<Place> = dash.iter().map(|at| place((at[0], at[1]))).collect();
            dash.dedup();
            if dash.len() > 1 {
                cut.push(dash);
            }
        });
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strokes(lines: &[&[Place]]) -> Strokes {
        Strokes {
            color: Color::new(0, 0, 0),
            width: 0.25,
            name: "line".into(),
            dash: Vec::new(),
            lines: lines.iter().map(|line| line.to_vec()).collect(),
        }
    }

    #[test]
    fn an_edge_is_drawn_once_by_what_is_on_top() {
        let mut both = [
            strokes(&[&[[0, 0], [1, 0], [2, 0], [3, 0]]]),
            // The other way round, and itself twice.
            strokes(&[&[[2, 0], [1, 0]], &[[1, 0], [2, 0]]]),
        ];
        keep_topmost(&mut both);
        assert_eq!(both[0].lines, [vec![[0, 0], [1, 0]], vec![[2, 0], [3, 0]]]);
        assert_eq!(both[1].lines, [vec![[2, 0], [1, 0]]]);
    }

    #[test]
    fn two_areas_that_meet_have_one_outline() {
        let square = |x: i32| vec![[x, 0], [x + 10, 0], [x + 10, 10], [x, 10]];
        let lines = outer_edges(&[square(0), square(10)]);
        let n_edges: usize = lines.iter().map(|line| line.len() - 1).sum();
        assert_eq!(n_edges, 6);
        assert!(
            !lines
                .iter()
                .any(|line| line.windows(2).any(|w| edge(w[0], w[1]) == ([10, 0], [10, 10])))
        );
    }

    #[test]
    fn lines_are_cut_exactly_at_the_edge() {
        let scene = Scene { width: 10.0, height: 10.0, ..Scene::default() };
        let view = View::page(&scene);
        let mut lines = Vec::new();
        cut(
            [(-5.0, 5.0), (5.0, 5.0), (5.0, 20.0), (8.0, 20.0), (8.0, 8.0)].into_iter(),
            &view,
            &mut lines,
        );
        assert_eq!(lines, [vec![[0, 500], [500, 500], [500, 1000]], vec![[800, 1000], [800, 800]]]);
        lines.clear();
        cut([(-5.0, -5.0), (20.0, -1.0)].into_iter(), &view, &mut lines);
        assert!(lines.is_empty());
    }
}

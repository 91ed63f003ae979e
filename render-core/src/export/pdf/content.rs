//! [`Scene`] → a PDF page's drawing operators, in whole hundredths of a millimetre.

use std::collections::{BTreeMap, BTreeSet};

use crate::color::Color;
use crate::export::glyphs::Step;
use crate::export::view::View;
use crate::export::{dashes, decimal, glyphs, paint_of, unit, whole};
use crate::scene::{Cap, Draw, GlyphsItem, Group, Item, Join, Paint, PathItem, Scene, StyleId};

/// Units in a millimetre: a hundredth is a tenth of a dot at 300 dpi.
pub const UNITS_PER_MM: f64 = 100.0;

/// Outlines of type are written ten times finer than the map.
const TYPE_FINENESS: f64 = 10.0;

/// The operators of a page, and what they ask of its resources.
#[derive(Debug, Default)]
pub struct Content {
    /// PDF operators.
    pub operators: Vec<u8>,
    /// Styles whose graphics state `/S<id>` is used.
    pub states: BTreeSet<u16>,
    /// Names of the layers `/L0`, `/L1`…
    pub layers: Vec<&'static str>,
}

/// Whether a paint needs a graphics state of its own.
pub fn is_see_through(paint: &Paint) -> bool {
    match paint {
        Paint::Solid { opacity, .. } => unit(*opacity) < 1.0,
        Paint::FadeY { .. } => true,
    }
}

/// Draws a scene in page units, y down; the caller has set the transform.
pub fn draw(scene: &Scene) -> Content {
    let mut writer = Writer { scene, content: Content::default(), layers: BTreeMap::new() };
    writer.items(&scene.items, &View::page(scene));
    writer.content
}

struct Writer<'a> {
    scene: &'a Scene,
    content: Content,
    layers: BTreeMap<&'static str, usize>,
}

impl Writer<'_> {
    fn items(&mut self, items: &[Item], view: &View) {
        for item in items {
            match item {
                Item::Group(group) => self.group(group, view),
                Item::Path(path) => self.path(path, view),
                Item::Glyphs(glyphs) => self.glyphs(glyphs, view),
            }
        }
    }

    fn group(&mut self, group: &Group, view: &View) {
        let (inner, clip) = view.inside(group);
        let layer = *self.layers.entry(group.name).or_insert_with(|| {
            self.content.layers.push(group.name);
            self.content.layers.len() - 1
        });
        self.text(&format!("/OC /L{layer} BDC q\n"));
        if let Some(corners) = clip {
            self.line(&Line::new(corners.into_iter(), true), (0, 0));
            self.text("W n\n");
        }
        self.items(&group.items, &inner);
        self.text("Q EMC\n");
    }

    fn path(&mut self, item: &PathItem, view: &View) {
        let Some(style) = self.scene.styles.get(item.style) else { return };
        // PDF would draw a line of no width as thin as the device can.
        if matches!(&style.draw, Draw::Stroke { width, .. } if *width <= 0.0) {
            return;
        }
        let start = self.content.operators.len();
        self.text("q ");
        self.paint(paint_of(&style.draw), item.style);
        let (reach, is_fill) = match &style.draw {
            Draw::Fill(_) => (0.0, true),
            Draw::Stroke { width, cap, join, dash, .. } => {
                self.pen(*width, *cap, *join, dash);
                // A miter reaches twice the width from the line.
                (width * 2.0, false)
            }
        };
        let lines: Vec<Line> = (self.scene.paths.subpaths(&item.subpaths).iter())
            .filter_map(|subpath| {
                let points = view.visible(&self.scene.paths, subpath, reach)?;
                Some(Line::new(points, is_fill || subpath.is_closed))
            })
            .collect();
        // Where strokes let nothing through, it does not matter which is painted first.
        let by_cell = match is_fill || is_see_through(paint_of(&style.draw)) {
            true => None,
            false => cells(&lines),
        };
        match by_cell {
            None => {
                lines.iter().for_each(|line| self.line(line, (0, 0)));
                self.text(if is_fill { "f Q\n" } else { "S Q\n" });
            }
            Some(cells) => {
                let mut origin = (0, 0);
                for Cell { corner, lines } in cells {
                    let (dx, dy) = (corner.0 - origin.0, corner.1 - origin.1);
                    self.text(&format!("1 0 0 1 {dx} {dy} cm\n"));
                    lines.into_iter().for_each(|line| self.line(line, corner));
                    self.text("S\n");
                    origin = corner;
                }
                self.text("Q\n");
            }
        }
        if lines.is_empty() {
            self.content.operators.truncate(start);
        }
    }

    fn glyphs(&mut self, item: &GlyphsItem, view: &View) {
        let Some(style) = self.scene.styles.get(item.style) else { return };
        self.text(&format!("/Span <</ActualText {}>> BDC q ", text_string(&item.run.text)));
        self.paint(paint_of(&style.draw), item.style);
        let finer = decimal(1.0 / TYPE_FINENESS);
        self.text(&format!("{finer} 0 0 {finer} 0 0 cm\n"));
        let units = UNITS_PER_MM * TYPE_FINENESS;
        let mut at = (0.0, 0.0);
        glyphs::for_each_step(item, &view.to_page, |step| {
            let (points, operator) = match step {
                Step::Move(x, y) => (vec![(x, y)], "m\n"),
                Step::Line(x, y) => (vec![(x, y)], "l\n"),
                Step::Quad(ax, ay, x, y) => {
                    // PDF has cubics only; this is the same curve.
                    let near = |(x, y)| (x + (ax - x) * 2.0 / 3.0, y + (ay - y) * 2.0 / 3.0);
                    (vec![near(at), near((x, y)), (x, y)], "c\n")
                }
                Step::Cubic(ax, ay, bx, by, x, y) => (vec![(ax, ay), (bx, by), (x, y)], "c\n"),
                Step::Close => (Vec::new(), "h\n"),
            };
            for (x, y) in &points {
                self.number(whole(x * units));
                self.number(whole(y * units));
            }
            at = points.last().copied().unwrap_or(at);
            self.text(operator);
        });
        self.text("f Q EMC\n");
    }

    /// Sets the colour of fills and strokes, and the style's own state where it is see-through.
    fn paint(&mut self, paint: &Paint, style: StyleId) {
        let (Paint::Solid { color, .. } | Paint::FadeY { color, .. }) = *paint;
        let Color { r, g, b } = color;
        let [r, g, b] = [r, g, b].map(|byte| decimal(f64::from(byte) / 255.0));
        self.text(&format!("{r} {g} {b} rg {r} {g} {b} RG "));
        if is_see_through(paint) {
            self.content.states.insert(style.0);
            self.text(&format!("/S{} gs ", style.0));
        }
    }

    fn pen(&mut self, width: f64, cap: Cap, join: Join, dash: &[f64]) {
        let cap = match cap {
            Cap::Butt => 0,
            Cap::Round => 1,
        };
        let join = match join {
            Join::Miter => 0,
            Join::Round => 1,
        };
        let lengths: Vec<String> =
            dashes(dash).iter().map(|length| decimal(length * UNITS_PER_MM)).collect();
        let width = decimal(width * UNITS_PER_MM);
        let lengths = lengths.join(" ");
        self.text(&format!("{width} w {cap} J {join} j 4 M [{lengths}] 0 d\n"));
    }

    fn line(&mut self, line: &Line, origin: (i64, i64)) {
        for (index, (x, y)) in line.points.iter().enumerate() {
            self.number(x - origin.0);
            self.number(y - origin.1);
            self.text(if index == 0 { "m\n" } else { "l\n" });
        }
        if line.is_closed {
            self.text("h\n");
        }
    }

    fn number(&mut self, number: i64) {
        self.text(itoa::Buffer::new().format(number));
        self.content.operators.push(b' ');
    }

    fn text(&mut self, text: &str) {
        self.content.operators.extend_from_slice(text.as_bytes());
    }
}

/// A polyline or ring on the grid of units; vertices that fall together are one.
struct Line {
    points: Vec<(i64, i64)>,
    is_closed: bool,
}

impl Line {
    fn new(points: impl Iterator<Item = (f64, f64)>, is_closed: bool) -> Self {
        let grid = |(x, y)| (whole(x * UNITS_PER_MM), whole(y * UNITS_PER_MM));
        let mut points: Vec<(i64, i64)> = points.map(grid).collect();
        points.dedup();
        // Too short for the grid; a round cap still shows a dot.
        if let [point] = *points {
            points.push(point);
        }
        Self { points, is_closed }
    }
}

/// A square of the page and the lines that start in it.
struct Cell<'a> {
    corner: (i64, i64),
    lines: Vec<&'a Line>,
}

/// Side of a cell, units: 10 mm.
const CELL: i64 = 1000;

/// Lines by the cell they start in, row by row. From the corner of its cell a vertex takes three
/// digits instead of five. None where cells would be too thinly filled to pay for the move from
/// one to the next.
fn cells(lines: &[Line]) -> Option<Vec<Cell<'_>>> {
    let mut cells: BTreeMap<(i64, i64), Vec<&Line>> = BTreeMap::new();
    let mut n_points = 0;
    for line in lines {
        let (x, y) = *line.points.first()?;
        cells.entry((y.div_euclid(CELL), x.div_euclid(CELL))).or_default().push(line);
        n_points += line.points.len();
    }
    let cell = |((row, column), lines)| Cell { corner: (column * CELL, row * CELL), lines };
    (n_points > cells.len() * 10).then(|| cells.into_iter().map(cell).collect())
}

/// A string of a PDF in UTF-16, as hexadecimal digits, so that nothing needs escaping.
fn text_string(text: &str) -> String {
    let digits: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("<FEFF{digits}>")
}

//! [`MapGeometry`], [`PageLayout`](crate::page::PageLayout) and
//! [`Theme`](crate::theme::Theme) → [`Scene`]: draw order fixed, every style resolved.
//!
//! Exporters need nothing else. A theme or width change replaces the [`StyleTable`], a pan or zoom
//! the map group's [`Transform`]; neither touches geometry.

pub mod areas;
pub mod compose;
pub mod dump;
pub mod roads;
pub mod style;
pub mod widths;
pub mod wire;

use std::ops::Range;
use std::sync::Arc;

use crate::flat::{index, part, range};
use crate::geometry::MapGeometry;
use crate::text::{Glyph, GlyphRun};
use crate::units::{PagePoint, PageRect};

pub use compose::{compose, styles};
pub use style::{Cap, Draw, Join, Paint, Style, StyleId, StyleTable};

/// A finished poster: what is drawn, in which order, in which style.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// Width of the cut page, mm.
    pub width: f64,
    /// Height of the cut page, mm.
    pub height: f64,
    /// How far items go beyond the cut, mm.
    pub bleed: f64,
    /// The document's title, plain text.
    pub title: String,
    /// Every style items name.
    pub styles: StyleTable,
    /// Geometry of all path items.
    pub paths: Paths,
    /// What is drawn, the lowest first.
    pub items: Vec<Item>,
}

/// The style of the sheet that all else lies on.
const SHEET: &str = "background";

/// A scene in three, to be drawn one after the other; all name the styles of the whole.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// What the map lies on.
    pub below: Scene,
    /// The map alone.
    pub map: Scene,
    /// What lies on the map.
    pub above: Scene,
}

impl Scene {
    /// How many vertices a vector file of it has at most, each as often as it is drawn.
    #[must_use]
    pub fn n_vertices(&self) -> usize {
        n_vertices(self, &self.items)
    }

    /// Takes away the sheet that the map lies on, so that what is behind a picture shows there.
    pub fn remove_sheet(&mut self) {
        let is_sheet = |item: &Item| match item {
            Item::Path(path) => {
                self.styles.get(path.style).is_some_and(|style| style.name == SHEET)
            }
            Item::Group(_) | Item::Glyphs(_) => false,
        };
        self.items.retain(|item| !is_sheet(item));
    }

    /// Parts the map from the page, which changes more often and is small.
    #[must_use]
    pub fn into_layers(mut self) -> Layers {
        let items = std::mem::take(&mut self.items);
        let is_map = |item: &Item| matches!(item, Item::Group(group) if group.name == "map");
        let at = items.iter().position(is_map).unwrap_or(items.len());
        let mut below = items;
        let mut map = below.split_off(at);
        let above = map.split_off(map.len().min(1));
        let page = |mut items: Vec<Item>| {
            let mut paths = Paths::default();
            self.paths.move_to(&mut paths, &mut items);
            let (styles, title) = (self.styles.clone(), self.title.clone());
            Self {
                width: self.width,
                height: self.height,
                bleed: self.bleed,
                title,
                styles,
                paths,
                items,
            }
        };
        let (below, above) = (page(below), page(above));
        self.items = map;
        self.paths.truncate(last_subpath(&self.items));
        Layers { below, map: self, above }
    }
}

/// Vertices that items draw, each as often as it is drawn.
fn n_vertices(scene: &Scene, items: &[Item]) -> usize {
    let of_item = |item: &Item| match item {
        Item::Group(group) => n_vertices(scene, &group.items),
        Item::Path(path) => {
            scene.paths.subpaths(&path.subpaths).iter().map(|subpath| subpath.points.len()).sum()
        }
        Item::Glyphs(glyphs) => {
            let outline = |glyph: &Glyph| glyphs.run.outlines.get(glyph.outline as usize);
            glyphs.run.glyphs.iter().filter_map(outline).map(Vec::len).sum()
        }
    };
    items.iter().map(of_item).sum()
}

/// Behind the last subpath that items draw.
fn last_subpath(items: &[Item]) -> usize {
    let ends = items.iter().map(|item| match item {
        Item::Group(group) => last_subpath(&group.items),
        Item::Path(path) => path.subpaths.end as usize,
        Item::Glyphs(_) => 0,
    });
    ends.max().unwrap_or(0)
}

/// Polylines and rings in flat arrays; in the space of the group that draws them.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// The map, whose vertices are the first: metres, y up. They are not copied, as there may be
    /// millions of them.
    pub map: Arc<MapGeometry>,
    /// The vertices behind those: of the page, millimetres, y down.
    pub points: Vec<[f32; 2]>,
    /// Runs of vertices.
    pub subpaths: Vec<Subpath>,
}

impl Paths {
    /// The vertices of a subpath, none where its range is not in the arrays.
    #[must_use]
    pub fn points(&self, subpath: &Subpath) -> &[[f32; 2]] {
        self.vertices(&subpath.points)
    }

    /// The vertices of a polygon of the map: of its outer ring and its holes.
    #[must_use]
    pub fn polygon(&self, rings: &[Subpath]) -> &[[f32; 2]] {
        let ends = rings.first().zip(rings.last());
        ends.map_or(&[], |(first, last)| self.vertices(&(first.points.start..last.points.end)))
    }

    /// The corners of its triangles, three to each: numbers of its vertices; none where they are
    /// not known.
    #[must_use]
    pub fn corners(&self, rings: &[Subpath]) -> &[u16] {
        rings.first().map_or(&[], |outer| part(&self.map.corners, &outer.corners))
    }

    fn vertices(&self, range: &Range<u32>) -> &[[f32; 2]] {
        let n_of_map = index(self.map.points.len());
        if range.start < n_of_map {
            bytemuck::cast_slice(part(&self.map.points, range))
        } else {
            part(&self.points, &(range.start - n_of_map..range.end.saturating_sub(n_of_map)))
        }
    }

    /// Adds a subpath.
    fn add(&mut self, points: impl IntoIterator<Item = [f32; 2]>, is_closed: bool, is_outer: bool) {
        let n_of_map = self.map.points.len();
        let start = n_of_map + self.points.len();
        self.points.extend(points);
        let points = range(start, n_of_map + self.points.len());
        self.subpaths.push(Subpath { points, is_closed, is_outer, corners: 0..0 });
    }

    /// Drops the subpaths from one on.
    fn truncate(&mut self, n_subpaths: usize) {
        let dropped = self.subpaths.get(n_subpaths..).unwrap_or(&[]).iter();
        let first = dropped.map(|subpath| subpath.points.start as usize).min();
        let n_of_map = self.map.points.len();
        self.points.truncate(first.map_or(usize::MAX, |first| first.saturating_sub(n_of_map)));
        self.subpaths.truncate(n_subpaths);
    }

    /// Copies what items draw into other paths, and has the items name it there.
    fn move_to(&self, other: &mut Self, items: &mut [Item]) {
        for item in items {
            let path = match item {
                Item::Group(group) => {
                    self.move_to(other, &mut group.items);
                    continue;
                }
                Item::Glyphs(_) => continue,
                Item::Path(path) => path,
            };
            let first = other.subpaths.len();
            for subpath in self.subpaths(&path.subpaths) {
                let points = self.points(subpath).iter().copied();
                other.add(points, subpath.is_closed, subpath.is_outer);
            }
            path.subpaths = range(first, other.subpaths.len());
        }
    }

    /// The subpaths of an item.
    #[must_use]
    pub fn subpaths(&self, range: &Range<u32>) -> &[Subpath] {
        part(&self.subpaths, range)
    }
}

/// A polyline or a ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subpath {
    /// Vertices, as a range of [`MapGeometry::points`] and behind them [`Paths::points`]; a closed
    /// one does not repeat its first.
    pub points: Range<u32>,
    /// Whether the last vertex joins the first.
    pub is_closed: bool,
    /// Whether it is an outer ring; the holes that follow belong to it. Outer rings and holes wind
    /// in opposite directions, so that one non-zero fill of all rings of an item is their union.
    pub is_outer: bool,
    /// The triangles of the polygon whose outer ring it is, where they are known, as a range of
    /// [`MapGeometry::corners`].
    pub corners: Range<u32>,
}

/// What is drawn. An exporter matches all of it.
#[derive(Debug, Clone)]
pub enum Item {
    /// Items in a space of their own.
    Group(Group),
    /// Filled rings or stroked lines.
    Path(PathItem),
    /// A line of text.
    Glyphs(GlyphsItem),
}

/// Items drawn through a transform and a clip.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name in layered formats: `map`, `water`, `roads`, `text`…
    pub name: &'static str,
    /// From the group's space to its parent's.
    pub transform: Transform,
    /// Nothing is drawn outside of it, in the parent's space.
    pub clip: Option<PageRect>,
    /// What is in it, the lowest first.
    pub items: Vec<Item>,
}

/// Subpaths drawn together in one style; a fill is non-zero over all of them.
#[derive(Debug, Clone)]
pub struct PathItem {
    /// How.
    pub style: StyleId,
    /// What, as a range of [`Paths::subpaths`].
    pub subpaths: Range<u32>,
}

/// A line of text whose outlines are filled.
#[derive(Debug, Clone)]
pub struct GlyphsItem {
    /// How: a fill.
    pub style: StyleId,
    /// Start of the baseline, mm.
    pub origin: PagePoint,
    /// Font size, mm to the em.
    pub size: f64,
    /// The shaped text, in em, y up.
    pub run: GlyphRun,
}

/// `x' = a·x + c·y + e`, `y' = b·x + d·y + f`, in the order SVG and PDF write it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    /// x to x.
    pub a: f64,
    /// x to y.
    pub b: f64,
    /// y to x.
    pub c: f64,
    /// y to y.
    pub d: f64,
    /// Shift right.
    pub e: f64,
    /// Shift down.
    pub f: f64,
}

impl Transform {
    /// Changes nothing.
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// Where a point goes.
    #[must_use]
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
    }

    /// First `self`, then `outer`.
    #[must_use]
    pub fn then(&self, outer: &Self) -> Self {
        let (e, f) = outer.apply(self.e, self.f);
        Self {
            a: outer.a * self.a + outer.c * self.b,
            b: outer.b * self.a + outer.d * self.b,
            c: outer.a * self.c + outer.c * self.d,
            d: outer.b * self.c + outer.d * self.d,
            e,
            f,
        }
    }

    /// How much lengths grow, as the square root of the area's growth.
    #[must_use]
    pub fn scale(&self) -> f64 {
        (self.a * self.d - self.b * self.c).abs().sqrt()
    }
}

impl Default for Transform {
    fn default() -> Self {
        Self::IDENTITY
    }
}

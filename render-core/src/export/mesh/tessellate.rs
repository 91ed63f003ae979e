//! [`Scene`] → [`Mesh`]: every item once, casing and core on the same triangles.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fill::{Fills, Tools};
use super::stroke::{Pen, Strokes};
use super::{Batch, BatchKind, Mesh, MeshGroup};
use crate::error::{Warned, Warning};
use crate::export::{corners, glyphs};
use crate::flat::{part, range};
use crate::scene::{Cap, Draw, GlyphsItem, Group, Item, Join, PathItem, Scene, StyleId, Transform};
use crate::units::PageRect;

/// Furthest a curve's chords stray on paper, mm: a quarter of a dot at 300 dpi.
const TOLERANCE: f64 = 0.02;

/// Tessellates a scene. Polygons that cannot be are left out with a warning, as are lines and
/// rings that are not finite.
#[must_use]
pub fn to_mesh(scene: &Scene) -> Warned<Mesh> {
    let mut builder = Builder {
        scene,
        mesh: Mesh::default(),
        tools: Tools::default(),
        widest: BTreeMap::new(),
        strokes: BTreeMap::new(),
        scratch: Vec::new(),
        n_failed: 0,
        n_odd: 0,
    };
    let (n_filled, n_stroked) = builder.survey(&scene.items);
    let Mesh { fill_vertices, fill_indices, stroke_vertices, stroke_indices, .. } =
        &mut builder.mesh;
    fill_vertices.reserve(n_filled);
    fill_indices.reserve(3 * n_filled);
    // Two vertices and two triangles a point, and half as much again for bends and ends.
    stroke_vertices.reserve(3 * n_stroked);
    stroke_indices.reserve(9 * n_stroked);
    let page = builder.add_group(MeshGroup { transform: Transform::IDENTITY, clip: None });
    builder.add_items(&scene.items, page);
    let mut warnings = Vec::new();
    let mut warn = |code, n: usize, what: &str| {
        if n > 0 {
            warnings.push(Warning { code, element: None, what: format!("{n} {what}") });
        }
    };
    warn("W-MESH-FILL", builder.n_failed, "shapes could not be filled in the preview");
    warn("W-MESH-ODD", builder.n_odd, "shapes have points that are no numbers");
    Warned { output: builder.mesh, warnings }
}

/// The groups that [`to_mesh`] gives a scene, without its triangles: what changes when a map is
/// moved or scaled.
#[must_use]
pub fn groups(scene: &Scene) -> Vec<MeshGroup> {
    let mut groups = vec![MeshGroup { transform: Transform::IDENTITY, clip: None }];
    add_groups(&scene.items, 0, &mut groups);
    groups
}

fn add_groups(items: &[Item], outer: usize, groups: &mut Vec<MeshGroup>) {
    for item in items {
        if let Item::Group(inner) = item {
            let page = MeshGroup { transform: Transform::IDENTITY, clip: None };
            let group = inner_group(inner, groups.get(outer).unwrap_or(&page));
            groups.push(group);
            add_groups(&inner.items, groups.len() - 1, groups);
        }
    }
}

/// A group within another, relative to the page.
fn inner_group(inner: &Group, outer: &MeshGroup) -> MeshGroup {
    let clip = inner.clip.map(|clip| bounds(&corners(&clip, &outer.transform)));
    let clip = match (clip, outer.clip) {
        (Some(a), Some(b)) => Some(intersection(&a, &b)),
        (a, b) => a.or(b),
    };
    MeshGroup { transform: inner.transform.then(&outer.transform), clip }
}

/// What strokes must have in common to share triangles: subpaths, group, cap and join.
type StrokeKey = (u32, u32, u16, bool, bool);

struct Builder<'a> {
    scene: &'a Scene,
    mesh: Mesh,
    tools: Tools,
    /// The greatest width, mm, of the strokes that share triangles, groups left out.
    widest: BTreeMap<(u32, u32), f64>,
    strokes: BTreeMap<StrokeKey, Range<u32>>,
    scratch: Vec<[f64; 2]>,
    n_failed: usize,
    n_odd: usize,
}

impl Builder<'_> {
    /// Finds the widest strokes, and how many points are filled and how many are stroked.
    fn survey(&mut self, items: &[Item]) -> (usize, usize) {
        let (mut n_filled, mut n_stroked) = (0, 0);
        for item in items {
            match item {
                Item::Group(group) => {
                    let (filled, stroked) = self.survey(&group.items);
                    n_filled += filled;
                    n_stroked += stroked;
                }
                Item::Path(path) => {
                    let subpaths = self.scene.paths.subpaths(&path.subpaths);
                    let n_points: usize = subpaths.iter().map(|subpath| subpath.points.len()).sum();
                    let style = self.scene.styles.get(path.style);
                    if let Some(Draw::Stroke { width, .. }) = style.map(|style| &style.draw) {
                        let key = (path.subpaths.start, path.subpaths.end);
                        let widest = self.widest.entry(key).or_insert_with(|| {
                            n_stroked += n_points;
                            0.0
                        });
                        *widest = widest.max(*width);
                    } else {
                        n_filled += n_points;
                    }
                }
                Item::Glyphs(_) => {}
            }
        }
        (n_filled, n_stroked)
    }

    fn add_items(&mut self, items: &[Item], group: u16) {
        for item in items {
            match item {
                Item::Group(inner) => self.add_inner(inner, group),
                Item::Path(path) => self.add_path(path, group),
                Item::Glyphs(glyphs) => self.add_glyphs(glyphs, group),
            }
        }
    }

    fn add_group(&mut self, group: MeshGroup) -> u16 {
        self.mesh.groups.push(group);
        u16::try_from(self.mesh.groups.len() - 1).unwrap_or(u16::MAX)
    }

    fn group(&self, index: u16) -> MeshGroup {
        let page = MeshGroup { transform: Transform::IDENTITY, clip: None };
        self.mesh.groups.get(usize::from(index)).copied().unwrap_or(page)
    }

    fn add_inner(&mut self, inner: &Group, outer: u16) {
        let group = inner_group(inner, &self.group(outer));
        let index = self.add_group(group);
        self.add_items(&inner.items, index);
    }

    fn add_path(&mut self, item: &PathItem, group: u16) {
        let Some(style) = self.scene.styles.get(item.style) else { return };
        match &style.draw {
            Draw::Fill(_) => {
                let start = self.mesh.fill_indices.len();
                self.fill(item);
                let indices = range(start, self.mesh.fill_indices.len());
                self.add_batch(BatchKind::Fill, group, item.style, indices);
            }
            Draw::Stroke { cap, join, .. } => {
                let indices = self.stroke(item, *cap, *join, group);
                self.add_batch(BatchKind::Stroke, group, item.style, indices);
            }
        }
    }

    fn add_batch(&mut self, kind: BatchKind, group: u16, style: StyleId, indices: Range<u32>) {
        if !indices.is_empty() {
            self.mesh.batches.push(Batch { kind, group, style, indices });
        }
    }

    fn fill(&mut self, item: &PathItem) {
        let paths = &self.scene.paths;
        let Mesh { fill_vertices, fill_indices, .. } = &mut self.mesh;
        let mut fills = Fills::new(&mut self.tools, fill_vertices, fill_indices);
        let mut rings: Vec<&[[f32; 2]]> = Vec::new();
        let subpaths = paths.subpaths(&item.subpaths);
        // An outer ring and the holes up to the next one are a polygon.
        for polygon in subpaths.chunk_by(|_, next| !next.is_outer) {
            if let [first, ..] = polygon
                && let Some(last) = polygon.last()
                && !first.corners.is_empty()
            {
                let points = part(&paths.points, &(first.points.start..last.points.end));
                fills.known(points, part(&paths.corners, &first.corners));
                continue;
            }
            rings.clear();
            for ring in polygon.iter().map(|subpath| paths.points(subpath)) {
                if is_finite(ring) {
                    rings.push(ring);
                } else {
                    self.n_odd += 1;
                }
            }
            self.n_failed += usize::from(fills.polygon(&rings).is_err());
        }
    }

    fn stroke(&mut self, item: &PathItem, cap: Cap, join: Join, group: u16) -> Range<u32> {
        let Range { start, end } = item.subpaths;
        let key = (start, end, group, cap == Cap::Round, join == Join::Round);
        if let Some(indices) = self.strokes.get(&key) {
            return indices.clone();
        }
        let per_mm = 1.0 / self.group(group).transform.scale();
        let widest = self.widest.get(&(start, end)).copied().unwrap_or(0.0);
        let pen = Pen { radius: widest / 2.0 * per_mm, tolerance: TOLERANCE * per_mm, cap, join };
        let first = self.mesh.stroke_indices.len();
        let Mesh { stroke_vertices, stroke_indices, .. } = &mut self.mesh;
        let mut strokes = Strokes { vertices: stroke_vertices, indices: stroke_indices };
        for subpath in self.scene.paths.subpaths(&item.subpaths) {
            let points = self.scene.paths.points(subpath);
            if is_finite(points) {
                strokes.line(points, subpath.is_closed, &pen, &mut self.scratch);
            } else {
                self.n_odd += 1;
            }
        }
        let indices = range(first, self.mesh.stroke_indices.len());
        self.strokes.insert(key, indices.clone());
        indices
    }

    fn add_glyphs(&mut self, item: &GlyphsItem, group: u16) {
        let start = self.mesh.fill_indices.len();
        let tolerance = TOLERANCE / self.group(group).transform.scale();
        // Of each glyph all contours together, as they cut holes into each other.
        let mut contours: Vec<Vec<[f32; 2]>> = Vec::new();
        #[expect(clippy::cast_possible_truncation, reason = "the GPU has f32 only")]
        let narrow = |points: &[[f64; 2]]| points.iter().map(|p| p.map(|v| v as f32)).collect();
        glyphs::for_each_contour(item, &Transform::IDENTITY, tolerance, |points| {
            contours.push(narrow(points));
        });
        let rings: Vec<&[[f32; 2]]> = contours.iter().map(Vec::as_slice).collect();
        let Mesh { fill_vertices, fill_indices, .. } = &mut self.mesh;
        let mut fills = Fills::new(&mut self.tools, fill_vertices, fill_indices);
        self.n_failed += usize::from(fills.contours(&rings).is_err());
        let indices = range(start, self.mesh.fill_indices.len());
        self.add_batch(BatchKind::Fill, group, item.style, indices);
    }
}

/// Numbers too large for the GPU's f32 to hold a thousandth of count as odd.
fn is_finite(points: &[[f32; 2]]) -> bool {
    points.iter().all(|[x, y]| x.abs().max(y.abs()) < 1e7 && !(x + y).is_nan())
}

fn bounds(corners: &[(f64, f64); 4]) -> PageRect {
    let (xs, ys) = (corners.map(|(x, _)| x), corners.map(|(_, y)| y));
    let (x, y) = (least(&xs), least(&ys));
    PageRect { x, y, width: greatest(&xs) - x, height: greatest(&ys) - y }
}

fn intersection(a: &PageRect, b: &PageRect) -> PageRect {
    let (x, y) = (a.x.max(b.x), a.y.max(b.y));
    let (right, bottom) = (a.right().min(b.right()), a.bottom().min(b.bottom()));
    PageRect { x, y, width: (right - x).max(0.0), height: (bottom - y).max(0.0) }
}

fn least(values: &[f64; 4]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn greatest(values: &[f64; 4]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

//! [`Scene`] → [`Mesh`]: every item once, casing and core on the same triangles.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fill::{Fills, Run};
use super::grid::{Bounds, Grid, Grids};
use super::stroke::{Pen, Strip, StripVertex};
use super::{Batch, BatchKind, Mesh, MeshGroup};
use crate::error::{Warned, Warning};
use crate::export::{corners, glyphs};
use crate::flat::range;
use crate::scene::{
    Cap, Draw, GlyphsItem, Group, Item, Join, PathItem, Paths, Scene, StyleId, Transform,
};
use crate::units::PageRect;

/// Furthest a curve's chords stray on paper, mm: a quarter of a dot at 300 dpi.
const TOLERANCE: f64 = 0.02;

/// Tessellates a scene. Polygons that cannot be are left out with a warning, as are lines and
/// rings that are not finite.
#[must_use]
pub fn to_mesh(scene: &Scene) -> Warned<Mesh> {
    let survey = Survey::of(scene);
    let mut builder = Builder {
        scene,
        groups: spaces(scene),
        n_groups: 1,
        survey: &survey,
        fills: Fills::default(),
        mesh: Mesh::default(),
        strokes: BTreeMap::new(),
        n_glyphs: 0,
        n_failed: 0,
        n_odd: 0,
    };
    builder.fills.vertices.reserve(survey.n_filled);
    builder.fills.indices.reserve(3 * survey.n_filled);
    // Two vertices a point, and half as much again for bends and ends.
    builder.mesh.stroke_vertices.reserve(3 * survey.n_stroked);
    builder.mesh.dash_vertices.reserve(3 * survey.n_dashed);
    builder.add_items(&scene.items, 0);
    let mut warnings = Vec::new();
    let mut warn = |code, n: usize, what: &str| {
        if n > 0 {
            warnings.push(Warning { code, element: None, what: format!("{n} {what}") });
        }
    };
    warn("W-MESH-FILL", builder.n_failed, "shapes could not be filled in the preview");
    warn("W-MESH-ODD", builder.n_odd, "shapes have points that are no numbers");
    let Builder { mut mesh, groups, fills, .. } = builder;
    (mesh.fill_vertices, mesh.fill_indices) = (fills.vertices, fills.indices);
    mesh.groups = on_grids(groups, &survey.grids);
    mesh.grids = survey.grids;
    Warned { output: mesh, warnings }
}

/// The groups that [`to_mesh`] gives a scene whose shapes are those of a mesh on these grids: what
/// changes when a map is moved or scaled.
#[must_use]
pub fn groups(scene: &Scene, grids: &Grids) -> Vec<MeshGroup> {
    on_grids(spaces(scene), grids)
}

fn on_grids(mut groups: Vec<MeshGroup>, grids: &Grids) -> Vec<MeshGroup> {
    for (group, number) in groups.iter_mut().zip(0..) {
        group.transform = grids.of(number).transform().then(&group.transform);
    }
    groups
}

/// The page itself.
const PAGE: MeshGroup = MeshGroup { transform: Transform::IDENTITY, clip: None };

/// The page's and every group's own space, a group before those in it.
fn spaces(scene: &Scene) -> Vec<MeshGroup> {
    let mut groups = vec![PAGE];
    add_groups(&scene.items, 0, &mut groups);
    groups
}

fn add_groups(items: &[Item], outer: usize, groups: &mut Vec<MeshGroup>) {
    for item in items {
        if let Item::Group(inner) = item {
            let group = inner_group(inner, groups.get(outer).unwrap_or(&PAGE));
            groups.push(group);
            add_groups(&inner.items, groups.len() - 1, groups);
        }
    }
}

/// A group within another, relative to the page.
fn inner_group(inner: &Group, outer: &MeshGroup) -> MeshGroup {
    let clip = inner.clip.map(|clip| bounds(&corners(&clip, &outer.transform)));
    let clip = match (clip, outer.clip) {
        (Some(a), Some(b)) => Some(a.intersection(&b)),
        (a, b) => a.or(b),
    };
    MeshGroup { transform: inner.transform.then(&outer.transform), clip }
}

/// What is known of a scene before its triangles are made.
#[derive(Default)]
struct Survey {
    grids: Grids,
    /// Of what is on each grid.
    bounds: Vec<Bounds>,
    /// Of strokes that may share triangles, by their subpaths.
    strokes: BTreeMap<(u32, u32), StrokeSurvey>,
    /// Of each line of text, in their order, the contours of each glyph.
    glyphs: Vec<Vec<Vec<[f32; 2]>>>,
    n_filled: usize,
    n_stroked: usize,
    n_dashed: usize,
    has_odd: bool,
}

#[derive(Clone, Copy, Default)]
struct StrokeSurvey {
    /// The greatest width, mm, groups left out.
    widest: f64,
    may_be_dashed: bool,
}

impl Survey {
    fn of(scene: &Scene) -> Self {
        let mut survey = Self::default();
        survey.grids.of_group.push(0);
        survey.bounds.push(Bounds::default());
        survey.add_items(scene, &scene.items, 0, 1.0);
        survey.grids.all = survey.bounds.iter().map(Grid::over).collect();
        survey
    }

    /// `scale`: of the group, to page millimetres.
    fn add_items(&mut self, scene: &Scene, items: &[Item], grid: usize, scale: f64) {
        for item in items {
            match item {
                Item::Group(group) => {
                    let inner = match group.transform == Transform::IDENTITY {
                        true => grid,
                        false => {
                            self.bounds.push(Bounds::default());
                            self.bounds.len() - 1
                        }
                    };
                    self.grids.of_group.push(inner);
                    self.add_items(scene, &group.items, inner, scale * group.transform.scale());
                }
                Item::Path(path) => self.add_path(scene, path, grid),
                Item::Glyphs(glyphs) => self.add_glyphs(glyphs, grid, scale),
            }
        }
    }

    fn add_path(&mut self, scene: &Scene, path: &PathItem, grid: usize) {
        let Some(style) = scene.styles.get(path.style) else { return };
        match &style.draw {
            Draw::Fill(_) => self.n_filled += self.measure(&scene.paths, path, grid),
            Draw::Stroke { width, cap, dash, .. } => {
                let key = (path.subpaths.start, path.subpaths.end);
                let known = self.strokes.get(&key).copied();
                // Round ends would close the gaps of dashes: only other lines ever have them, and
                // another theme may give them to any of those.
                let may_be_dashed = *cap == Cap::Butt || !dash.is_empty();
                if known.is_none() {
                    let n_points = self.measure(&scene.paths, path, grid);
                    *if may_be_dashed { &mut self.n_dashed } else { &mut self.n_stroked } +=
                        n_points;
                }
                let StrokeSurvey { widest, may_be_dashed: might } = known.unwrap_or_default();
                let may_be_dashed = may_be_dashed || might;
                let survey = StrokeSurvey { widest: widest.max(*width), may_be_dashed };
                self.strokes.insert(key, survey);
            }
        }
    }

    /// Has the grid reach round a path; how many points it has.
    fn measure(&mut self, paths: &Paths, path: &PathItem, grid: usize) -> usize {
        let Some(bounds) = self.bounds.get_mut(grid) else { return 0 };
        let mut n_points = 0;
        for subpath in paths.subpaths(&path.subpaths) {
            let points = paths.points(subpath);
            self.has_odd |= !bounds.add(points);
            n_points += points.len();
        }
        n_points
    }

    fn add_glyphs(&mut self, item: &GlyphsItem, grid: usize, scale: f64) {
        let mut contours: Vec<Vec<[f32; 2]>> = Vec::new();
        #[expect(clippy::cast_possible_truncation, reason = "the GPU has f32 only")]
        let narrow = |points: &[[f64; 2]]| points.iter().map(|p| p.map(|v| v as f32)).collect();
        glyphs::for_each_contour(item, &Transform::IDENTITY, TOLERANCE / scale, |points| {
            contours.push(narrow(points));
        });
        if let Some(bounds) = self.bounds.get_mut(grid) {
            contours.retain(|contour| bounds.add(contour));
        }
        self.glyphs.push(contours);
    }

    /// Whether a mesh can have these points.
    fn is_good(&self, points: &[[f32; 2]]) -> bool {
        !self.has_odd || Bounds::default().add(points)
    }
}

/// What strokes must have in common to share triangles: subpaths, group, cap and join.
type StrokeKey = (u32, u32, u16, bool, bool);

struct Builder<'a> {
    scene: &'a Scene,
    survey: &'a Survey,
    /// As the scene has them, off their grids; of which so many have come.
    groups: Vec<MeshGroup>,
    n_groups: u16,
    fills: Fills,
    mesh: Mesh,
    strokes: BTreeMap<StrokeKey, (BatchKind, Range<u32>)>,
    n_glyphs: usize,
    n_failed: usize,
    n_odd: usize,
}

impl Builder<'_> {
    fn add_items(&mut self, items: &[Item], group: u16) {
        for item in items {
            match item {
                Item::Group(inner) => {
                    let index = self.n_groups;
                    self.n_groups = index.saturating_add(1);
                    self.add_items(&inner.items, index);
                }
                Item::Path(path) => self.add_path(path, group),
                Item::Glyphs(glyphs) => self.add_glyphs(glyphs, group),
            }
        }
    }

    fn add_path(&mut self, item: &PathItem, group: u16) {
        let Some(style) = self.scene.styles.get(item.style) else { return };
        match &style.draw {
            Draw::Fill(_) => self.fill(item, group),
            Draw::Stroke { cap, join, .. } => {
                let (kind, range) = self.stroke(item, *cap, *join, group);
                if !range.is_empty() {
                    let (style, first_vertex) = (item.style, 0);
                    self.mesh.batches.push(Batch { kind, group, style, range, first_vertex });
                }
            }
        }
    }

    fn fill(&mut self, item: &PathItem, group: u16) {
        let (paths, grid) = (&self.scene.paths, self.survey.grids.of(group));
        let mut rings: Vec<&[[f32; 2]]> = Vec::new();
        let subpaths = paths.subpaths(&item.subpaths);
        // An outer ring and the holes up to the next one are a polygon.
        for polygon in subpaths.chunk_by(|_, next| !next.is_outer) {
            let corners = paths.corners(polygon);
            if !corners.is_empty() {
                self.fills.known(paths.polygon(polygon), corners, &grid);
                continue;
            }
            rings.clear();
            for ring in polygon.iter().map(|subpath| paths.points(subpath)) {
                if self.survey.is_good(ring) {
                    rings.push(ring);
                } else {
                    self.n_odd += 1;
                }
            }
            self.n_failed += usize::from(self.fills.polygon(&rings, &grid).is_err());
        }
        self.add_fills(group, item.style);
    }

    fn add_glyphs(&mut self, item: &GlyphsItem, group: u16) {
        let grid = self.survey.grids.of(group);
        let contours = self.survey.glyphs.get(self.n_glyphs).map_or(&[][..], Vec::as_slice);
        self.n_glyphs += 1;
        // Of each glyph all contours together, as they cut holes into each other.
        let rings: Vec<&[[f32; 2]]> = contours.iter().map(Vec::as_slice).collect();
        self.n_failed += usize::from(self.fills.contours(&rings, &grid).is_err());
        self.add_fills(group, item.style);
    }

    /// What was filled since the last time.
    fn add_fills(&mut self, group: u16, style: StyleId) {
        for Run { first_vertex, indices: range } in self.fills.take_runs() {
            self.mesh.batches.push(Batch {
                kind: BatchKind::Fill,
                group,
                style,
                range,
                first_vertex,
            });
        }
    }

    fn stroke(
        &mut self,
        item: &PathItem,
        cap: Cap,
        join: Join,
        group: u16,
    ) -> (BatchKind, Range<u32>) {
        let Range { start, end } = item.subpaths;
        let key = (start, end, group, cap == Cap::Round, join == Join::Round);
        if let Some(known) = self.strokes.get(&key) {
            return known.clone();
        }
        let transform = self.groups.get(usize::from(group)).unwrap_or(&PAGE).transform;
        let per_mm = 1.0 / transform.scale();
        let survey = self.survey.strokes.get(&(start, end)).copied().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "widths")]
        let [radius, tolerance] = [survey.widest / 2.0, TOLERANCE].map(|mm| (mm * per_mm) as f32);
        let pen = Pen { radius, tolerance, cap, join };
        let grid = self.survey.grids.of(group);
        let path = StrokedPath { scene: self.scene, survey: self.survey, item, grid, pen };
        let (kind, (range, n_odd)) = if survey.may_be_dashed {
            (BatchKind::Dash, path.add_to(&mut self.mesh.dash_vertices))
        } else {
            (BatchKind::Stroke, path.add_to(&mut self.mesh.stroke_vertices))
        };
        self.n_odd += n_odd;
        self.strokes.insert(key, (kind, range.clone()));
        (kind, range)
    }
}

/// Lines of one strip.
struct StrokedPath<'a> {
    scene: &'a Scene,
    survey: &'a Survey,
    item: &'a PathItem,
    grid: Grid,
    pen: Pen,
}

impl StrokedPath<'_> {
    /// Which vertices were added, and how many lines could not be.
    fn add_to<V: StripVertex>(&self, vertices: &mut Vec<V>) -> (Range<u32>, usize) {
        let (start, mut n_odd) = (vertices.len(), 0);
        let mut strip = Strip::new(vertices, self.grid, self.pen);
        for subpath in self.scene.paths.subpaths(&self.item.subpaths) {
            let points = self.scene.paths.points(subpath);
            if self.survey.is_good(points) {
                strip.line(points, subpath.is_closed);
            } else {
                n_odd += 1;
            }
        }
        (range(start, vertices.len()), n_odd)
    }
}

fn bounds(corners: &[(f64, f64); 4]) -> PageRect {
    let (xs, ys) = (corners.map(|(x, _)| x), corners.map(|(_, y)| y));
    let (x, y) = (least(&xs), least(&ys));
    PageRect { x, y, width: greatest(&xs) - x, height: greatest(&ys) - y }
}

fn least(values: &[f64; 4]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn greatest(values: &[f64; 4]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

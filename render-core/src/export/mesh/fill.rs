//! Polygons with holes → triangles in the mesh's buffers; what ears cannot fill exactly, lyon does.

use std::ops::Range;

use lyon::math::{Point, point};
use lyon::tessellation::{
    FillGeometryBuilder, FillOptions, FillRule, FillTessellator, FillVertex, GeometryBuilder,
    GeometryBuilderError, TessellationError, VertexId,
};

use super::grid::Grid;
use crate::flat::{index, range};
use crate::planar::Triangulator;

/// So many vertices have numbers of sixteen bits.
const REACH: usize = 1 << 16;

/// Triangles of fills, and what makes them.
#[derive(Default)]
pub struct Fills {
    /// Corners of triangles.
    pub vertices: Vec<[u16; 2]>,
    /// Three to a triangle; counted from their run's first vertex.
    pub indices: Vec<u16>,
    /// Finished ones of the item that is being filled.
    runs: Vec<Run>,
    /// Where the next one starts.
    start: usize,
    /// The vertex that indices count from.
    base: usize,
    triangulator: Triangulator,
    lyon: FillTessellator,
    general: General,
}

/// Indices that count from one vertex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The vertex that index 0 is.
    pub first_vertex: u32,
    /// Which indices.
    pub indices: Range<u32>,
}

/// The triangles that lyon makes.
#[derive(Default)]
struct General {
    vertices: Vec<[f32; 2]>,
    corners: Vec<u32>,
    origin: [f32; 2],
}

impl Fills {
    /// What was added since the last time.
    pub fn take_runs(&mut self) -> Vec<Run> {
        self.end_run();
        std::mem::take(&mut self.runs)
    }

    /// Adds a polygon: a ring of finite points, and holes that turn the other way.
    ///
    /// # Errors
    /// When lyon gives up; nothing is added then.
    pub fn polygon(&mut self, rings: &[&[[f32; 2]]], grid: &Grid) -> Result<(), TessellationError> {
        let mut triangulator = std::mem::take(&mut self.triangulator);
        let known = triangulator.polygon(rings).map(|corners| self.add(rings, corners, grid));
        self.triangulator = triangulator;
        known.map_or_else(|| self.contours(rings, grid), Ok)
    }

    /// Adds a polygon whose triangles are known: `points` of all its rings, `corners` of them.
    pub fn known(&mut self, points: &[[f32; 2]], corners: &[u16], grid: &Grid) {
        let first = self.make_room(points.len());
        self.vertices.extend(points.iter().map(|at| grid.place(*at)));
        self.indices.extend(corners.iter().map(|corner| first.wrapping_add(*corner)));
    }

    /// Adds any rings of finite points, filled by the non-zero rule. Rings of less than three
    /// points add nothing.
    ///
    /// # Errors
    /// When lyon gives up; nothing is added then.
    pub fn contours(
        &mut self,
        rings: &[&[[f32; 2]]],
        grid: &Grid,
    ) -> Result<(), TessellationError> {
        let Some([x, y]) = rings.iter().find_map(|ring| ring.first()) else { return Ok(()) };
        // lyon counts in f32: near the origin it loses least. Whole numbers add back exactly.
        let origin = [x.round(), y.round()];
        self.general.origin = origin;
        let options = FillOptions::default().with_fill_rule(FillRule::NonZero);
        let mut builder = self.lyon.builder(&options, &mut self.general);
        let place = |p: &[f32; 2]| point(p[0] - origin[0], p[1] - origin[1]);
        for ring in rings {
            let [first, rest @ ..] = ring else { continue };
            if ring.len() < 3 {
                continue;
            }
            builder.begin(place(first));
            for point in rest {
                builder.line_to(place(point));
            }
            builder.end(true);
        }
        builder.build()?;
        let general = std::mem::take(&mut self.general);
        self.add(&[&general.vertices], &general.corners, grid);
        self.general = general;
        Ok(())
    }

    fn add(&mut self, rings: &[&[[f32; 2]]], corners: &[u32], grid: &Grid) {
        let n: usize = rings.iter().map(|ring| ring.len()).sum();
        if n > REACH {
            self.add_loose(&rings.concat(), corners, grid);
            return;
        }
        let first = self.make_room(n);
        self.vertices.extend(rings.iter().copied().flatten().map(|at| grid.place(*at)));
        #[expect(clippy::cast_possible_truncation, reason = "the polygon has no more points")]
        self.indices.extend(corners.iter().map(|corner| first.wrapping_add(*corner as u16)));
    }

    /// Adds triangles of more points than indices can tell apart: each brings its own.
    fn add_loose(&mut self, points: &[[f32; 2]], corners: &[u32], grid: &Grid) {
        for part in corners.chunks(REACH / 3 * 3) {
            let first = self.make_room(part.len());
            for (i, corner) in part.iter().zip(0_u16..) {
                let at = points.get(*i as usize).copied().unwrap_or_default();
                self.vertices.push(grid.place(at));
                self.indices.push(first.wrapping_add(corner));
            }
        }
    }

    /// Makes sure that so many vertices can be told apart; the number of the first of them.
    fn make_room(&mut self, n: usize) -> u16 {
        let at = self.vertices.len();
        if at + n > self.base + REACH {
            self.end_run();
            self.base = at;
        }
        u16::try_from(at - self.base).unwrap_or_default()
    }

    fn end_run(&mut self) {
        let indices = range(self.start, self.indices.len());
        if !indices.is_empty() {
            self.runs.push(Run { first_vertex: index(self.base), indices });
        }
        self.start = self.indices.len();
    }
}

impl GeometryBuilder for General {
    fn begin_geometry(&mut self) {
        self.vertices.clear();
        self.corners.clear();
    }

    fn add_triangle(&mut self, a: VertexId, b: VertexId, c: VertexId) {
        self.corners.extend([a.0, b.0, c.0]);
    }
}

impl FillGeometryBuilder for General {
    fn add_fill_vertex(&mut self, vertex: FillVertex) -> Result<VertexId, GeometryBuilderError> {
        let Point { x, y, .. } = vertex.position();
        let id = u32::try_from(self.vertices.len())
            .map_err(|_| GeometryBuilderError::TooManyVertices)?;
        self.vertices.push([x + self.origin[0], y + self.origin[1]]);
        Ok(VertexId(id))
    }
}

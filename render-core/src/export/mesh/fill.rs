//! Polygons with holes → triangles in the mesh's buffers; what ears cannot fill exactly, lyon does.

use lyon::math::{Point, point};
use lyon::tessellation::{
    FillGeometryBuilder, FillOptions, FillRule, FillTessellator, FillVertex, GeometryBuilder,
    GeometryBuilderError, TessellationError, VertexId,
};

use crate::flat::index;
use crate::planar::Triangulator;

/// What fills polygons, with buffers kept between them.
#[derive(Default)]
pub struct Tools {
    lyon: FillTessellator,
    triangulator: Triangulator,
}

/// Where triangles go.
pub struct Fills<'a> {
    tools: &'a mut Tools,
    vertices: &'a mut Vec<[f32; 2]>,
    indices: &'a mut Vec<u32>,
}

impl<'a> Fills<'a> {
    /// Appends to these buffers.
    pub fn new(
        tools: &'a mut Tools,
        vertices: &'a mut Vec<[f32; 2]>,
        indices: &'a mut Vec<u32>,
    ) -> Self {
        Self { tools, vertices, indices }
    }

    /// Adds a polygon: a ring of finite points, and holes that turn the other way.
    ///
    /// # Errors
    /// When lyon gives up; nothing is added then.
    pub fn polygon(&mut self, rings: &[&[[f32; 2]]]) -> Result<(), TessellationError> {
        let first = index(self.vertices.len());
        match self.tools.triangulator.polygon(rings) {
            Some(triangles) => {
                self.vertices.extend(rings.iter().copied().flatten());
                self.indices.extend(triangles.iter().map(|corner| first + corner));
                Ok(())
            }
            None => self.contours(rings),
        }
    }

    /// Adds a polygon whose triangles are known: `points` of all its rings, `corners` of them.
    pub fn known(&mut self, points: &[[f32; 2]], corners: &[u16]) {
        let first = index(self.vertices.len());
        self.vertices.extend_from_slice(points);
        self.indices.extend(corners.iter().map(|corner| first + u32::from(*corner)));
    }

    /// Adds any rings of finite points, filled by the non-zero rule. Rings of less than three
    /// points add nothing.
    ///
    /// # Errors
    /// When lyon gives up; nothing is added then.
    pub fn contours(&mut self, rings: &[&[[f32; 2]]]) -> Result<(), TessellationError> {
        let Some([x, y]) = rings.iter().find_map(|ring| ring.first()) else { return Ok(()) };
        // lyon counts in f32: near the origin it loses least. Whole numbers add back exactly.
        let origin = [x.round(), y.round()];
        let starts = (self.vertices.len(), self.indices.len());
        let mut out = Out { vertices: self.vertices, indices: self.indices, origin, starts };
        let options = FillOptions::default().with_fill_rule(FillRule::NonZero);
        let mut builder = self.tools.lyon.builder(&options, &mut out);
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
        builder.build()
    }
}

/// Takes lyon's triangles.
struct Out<'a> {
    vertices: &'a mut Vec<[f32; 2]>,
    indices: &'a mut Vec<u32>,
    origin: [f32; 2],
    /// Where this polygon's vertices and indices start, to take them back.
    starts: (usize, usize),
}

impl GeometryBuilder for Out<'_> {
    fn add_triangle(&mut self, a: VertexId, b: VertexId, c: VertexId) {
        self.indices.extend([a.0, b.0, c.0]);
    }

    fn abort_geometry(&mut self) {
        self.vertices.truncate(self.starts.0);
        self.indices.truncate(self.starts.1);
    }
}

impl FillGeometryBuilder for Out<'_> {
    fn add_fill_vertex(&mut self, vertex: FillVertex) -> Result<VertexId, GeometryBuilderError> {
        let Point { x, y, .. } = vertex.position();
        let id = u32::try_from(self.vertices.len())
            .map_err(|_| GeometryBuilderError::TooManyVertices)?;
        self.vertices.push([x + self.origin[0], y + self.origin[1]]);
        Ok(VertexId(id))
    }
}

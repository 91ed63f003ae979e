//! A polygon with holes → triangles: a fan where it is convex, by earcut where that fills it
//! exactly, else by lyon.

use earcut::Earcut;
use lyon::math::{Point, point};
use lyon::tessellation::{
    FillGeometryBuilder, FillOptions, FillRule, FillTessellator, FillVertex, GeometryBuilder,
    GeometryBuilderError, TessellationError, VertexId,
};

/// The two tessellators and their buffers, kept between polygons.
#[derive(Default)]
pub struct Tools {
    lyon: FillTessellator,
    earcut: Earcut<f32>,
    points: Vec<[f32; 2]>,
    holes: Vec<u32>,
    triangles: Vec<u32>,
}

/// Where triangles go.
pub struct Fills<'a> {
    tools: &'a mut Tools,
    vertices: &'a mut Vec<[f32; 2]>,
    indices: &'a mut Vec<u32>,
}

/// Polygons of more points are lyon's: its time cannot grow with their square.
const MOST_EARS: usize = 10_000;

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
        match rings {
            [] => Ok(()),
            [ring] if is_convex(ring) => {
                self.fan(ring);
                Ok(())
            }
            _ if self.ears(rings).is_some() => Ok(()),
            _ => self.contours(rings),
        }
    }

    /// Cuts off ears: on Surprise's buildings and parks a third of lyon's time, and with no vertex
    /// more than the rings have. `None`, and nothing added, where the triangles' area is not the
    /// polygon's: its rings cross or are not where they should be.
    fn ears(&mut self, rings: &[&[[f32; 2]]]) -> Option<()> {
        let Tools { earcut, points, holes, triangles, .. } = &mut *self.tools;
        points.clear();
        holes.clear();
        for ring in rings {
            if !points.is_empty() {
                holes.push(index(points.len()));
            }
            points.extend_from_slice(ring);
        }
        if points.len() > MOST_EARS {
            return None;
        }
        earcut.earcut_slice(points.as_slice(), holes, triangles);
        let area: f64 = rings.iter().map(|ring| twice_area(ring)).sum();
        let mut filled = 0.0;
        for corners in triangles.as_chunks::<3>().0 {
            let [a, b, c] = corners.map(|i| points.get(i as usize).copied().unwrap_or_default());
            filled += twice_area(&[a, b, c]).abs();
        }
        if (filled - area.abs()).abs() > 1e-4 * area.abs() {
            return None;
        }
        let first = index(self.vertices.len());
        self.vertices.extend_from_slice(points);
        self.indices.extend(triangles.iter().map(|i| first + i));
        Some(())
    }

    fn fan(&mut self, ring: &[[f32; 2]]) {
        let first = index(self.vertices.len());
        self.vertices.extend_from_slice(ring);
        for at in 1..index(ring.len()).saturating_sub(1) {
            self.indices.extend([first, first + at, first + at + 1]);
        }
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

/// Whether a ring is convex and goes round once, so that a fan fills it. Most buildings are.
fn is_convex(ring: &[[f32; 2]]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let edges = ring.iter().zip(next).map(|(a, b)| [b[0] - a[0], b[1] - a[1]]);
    let next_edges = edges.clone().cycle().skip(1);
    let (mut is_left, mut is_right, mut n_flips) = (false, false, 0);
    for (edge, next) in edges.zip(next_edges) {
        let cross = edge[0] * next[1] - edge[1] * next[0];
        is_left |= cross > 0.0;
        is_right |= cross < 0.0;
        // Going round once turns from leftward to rightward and back: two flips of x.
        n_flips += u32::from((edge[0] < 0.0) != (next[0] < 0.0));
    }
    is_left != is_right && n_flips <= 2
}

/// Twice the area a ring encloses; negative where it turns clockwise.
fn twice_area(ring: &[[f32; 2]]) -> f64 {
    let Some([x0, y0]) = ring.first().map(|p| p.map(f64::from)) else { return 0.0 };
    let from_first = |p: &[f32; 2]| [f64::from(p[0]) - x0, f64::from(p[1]) - y0];
    let next = ring.iter().skip(1);
    let cross = |(a, b): (&[f32; 2], &[f32; 2])| {
        let (a, b) = (from_first(a), from_first(b));
        a[0] * b[1] - a[1] * b[0]
    };
    ring.iter().zip(next).map(cross).sum()
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ring: &[[f32; 2]], expected: bool) {
        // Whichever vertex it starts at and whichever way it winds.
        let mut ring = ring.to_vec();
        for _ in 0..ring.len() {
            ring.rotate_left(1);
            assert_eq!(is_convex(&ring), expected, "{ring:?}");
        }
        ring.reverse();
        assert_eq!(is_convex(&ring), expected, "{ring:?}");
    }

    #[test]
    fn only_convex_rings_are_fans() {
        check(&[[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]], true);
        check(&[[0.0, 0.0], [2.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]], true);
        check(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 4.0], [2.0, 2.0], [0.0, 2.0]], false);
        check(&[[0.0, 0.0], [4.0, 0.0], [1.0, 1.0], [0.0, 4.0]], false);
        // A star of five points bends one way only but goes round twice.
        let star = [[0.0, 3.0], [2.0, -3.0], [-3.0, 1.0], [3.0, 1.0], [-2.0, -3.0]];
        check(&star, false);
        // A bow tie bends both ways.
        check(&[[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]], false);
    }
}

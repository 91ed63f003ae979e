//! Meshes cover what the scene's shapes cover, once.

use render_core::export::mesh::{
    Batch, BatchKind, DashVertex, Mesh, MeshStyle, StrokeVertex, styles, to_mesh,
};
use render_core::scene::{
    Cap, Draw, Group, Item, Join, Paint, PathItem, Scene, StyleTable, Transform,
};

use crate::agree::{assert_agree, png_picture};
use crate::scenes;

fn mesh(scene: &Scene) -> Mesh {
    let mesh = to_mesh(scene);
    assert_eq!(mesh.warnings, []);
    mesh.output
}

fn area([a, b, c]: [[f32; 2]; 3]) -> f64 {
    let cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    f64::from(cross).abs() / 2.0
}

/// The corners of a batch's fills on the page, three to a triangle.
fn filled(mesh: &Mesh, batch: &Batch) -> Vec<[f32; 2]> {
    let place = |at: [u16; 2]| on_page(mesh, batch, at.map(f64::from));
    let first = batch.first_vertex as usize;
    let indices = &mesh.fill_indices[batch.range.start as usize..batch.range.end as usize];
    indices.iter().map(|i| place(mesh.fill_vertices[first + *i as usize])).collect()
}

fn on_page(mesh: &Mesh, batch: &Batch, [x, y]: [f64; 2]) -> [f32; 2] {
    let (x, y) = mesh.groups[usize::from(batch.group)].transform.apply(x, y);
    [x as f32, y as f32]
}

/// The corners of a batch's strokes on the page, three to a triangle, as a shader widens them.
fn stroked(mesh: &Mesh, batch: &Batch, width: f32) -> Vec<[f32; 2]> {
    let range = batch.range.start as usize..batch.range.end as usize;
    let strip: Vec<StrokeVertex> = match batch.kind {
        BatchKind::Fill => Vec::new(),
        BatchKind::Stroke => mesh.stroke_vertices[range].to_vec(),
        BatchKind::Dash => mesh.dash_vertices[range].iter().map(|v| v.stroke).collect(),
    };
    let scale = mesh.groups[usize::from(batch.group)].transform.scale();
    let by = f64::from(width / StrokeVertex::NORMAL) / 2.0 / scale;
    let widened =
        |v: &StrokeVertex| [0, 1].map(|i| f64::from(v.position[i]) + f64::from(v.normal[i]) * by);
    let triangles = strip.windows(3).flatten();
    triangles.map(|v| on_page(mesh, batch, widened(v))).collect()
}

fn fill_triangles(mesh: &Mesh) -> Vec<[[f32; 2]; 3]> {
    let corners = mesh.batches.iter().flat_map(|batch| filled(mesh, batch));
    corners.collect::<Vec<_>>().as_chunks().0.to_vec()
}

#[test]
fn triangles_have_the_area_of_their_polygon_whichever_way_it_is_turned() {
    let outer = [[0.0, 0.0], [40.0, -5.0], [50.0, 30.0], [25.0, 20.0], [5.0, 45.0_f32]];
    let hole = scenes::hole(15.0, 5.0, 10.0, 10.0);
    let shoelace = |ring: &[[f32; 2]]| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| f64::from(a[0] * b[1] - a[1] * b[0])).sum::<f64>() / 2.0
    };
    let expected = shoelace(&outer) + shoelace(&hole);
    for quarter in 0..4 {
        // Far from the origin, as a map's edge is.
        let turn = |p: &[f32; 2]| {
            let [x, y] = (0..quarter).fold(*p, |[x, y], _| [-y, x]);
            [x + 9000.0, y - 7000.0]
        };
        let (outer, hole): (Vec<_>, Vec<_>) =
            (outer.iter().map(turn).collect(), hole.iter().map(turn).collect());
        let mut scene = scenes::page();
        let style = scenes::fill(&mut scene, scenes::INK);
        let item = scenes::polygon(&mut scene, style, &[&outer, &hole]);
        scene.items.push(item);
        let found: f64 = fill_triangles(&mesh(&scene)).into_iter().map(area).sum();
        assert!((found - expected).abs() < 0.5, "{quarter}: {found} for {expected}");
    }
}

#[test]
fn casing_and_core_share_their_triangles() {
    let mut scene = scenes::page();
    let casing = scenes::stroke(&mut scene, scenes::INK, 2.0, Cap::Butt, Join::Round);
    let core = scenes::stroke(&mut scene, scenes::PAPER, 1.0, Cap::Butt, Join::Round);
    let dots = scenes::stroke(&mut scene, scenes::PAPER, 1.0, Cap::Round, Join::Round);
    scenes::subpath(&mut scene, &[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]], false, false);
    for style in [casing, core, dots] {
        scene.items.push(Item::Path(PathItem { style, subpaths: 0..1 }));
    }
    let mesh = mesh(&scene);
    let indices: Vec<_> = mesh.batches.iter().map(|batch| batch.range.clone()).collect();
    assert_eq!(indices[0], indices[1]);
    assert_ne!(indices[1], indices[2]);
}

#[test]
fn vertices_know_how_far_along_the_line_they_are() {
    let mut scene = scenes::page();
    let style = scenes::stroke(&mut scene, scenes::INK, 1.0, Cap::Butt, Join::Miter);
    let square = scenes::rect(0.0, 0.0, 10.0, 5.0);
    let item = scenes::polygon(&mut scene, style, &[&square]);
    scene.items.push(item);
    let mesh = mesh(&scene);
    let along = |v: &DashVertex| v.along;
    let furthest = mesh.dash_vertices.iter().map(along).fold(0.0, f32::max);
    let length = f64::from(furthest) * mesh.groups[0].transform.scale();
    assert!((length - 30.0).abs() < 1e-3, "{length}");
}

#[test]
fn odd_shapes_are_left_out_with_a_warning() {
    let mut scene = scenes::page();
    let line = scenes::stroke(&mut scene, scenes::INK, 1.0, Cap::Round, Join::Round);
    let fill = scenes::fill(&mut scene, scenes::INK);
    for style in [line, fill] {
        for points in [&[[f32::NAN, 1.0], [2.0, 2.0], [3.0, 0.0]][..], &[[1.0, 1.0]; 5], &[]] {
            let item = scenes::polygon(&mut scene, style, &[points]);
            scene.items.push(item);
        }
    }
    let mesh = to_mesh(&scene);
    assert_eq!(mesh.warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["W-MESH-ODD"]);
    assert!(mesh.output.batches.is_empty());
}

#[test]
fn vertices_are_as_long_as_the_gpu_reads_them() {
    let sizes = [size_of::<StrokeVertex>(), size_of::<DashVertex>(), size_of::<MeshStyle>()];
    assert_eq!(sizes, [8, 12, 48]);
}

#[test]
fn fills_of_more_vertices_than_sixteen_bits_can_tell_apart_are_whole() {
    // A comb of 40 000 teeth, in one polygon and in many.
    let teeth = 40_000_u16;
    let tooth = |i: u16| {
        let x = f32::from(i) / 500.0;
        [[x, 1.0], [x + 0.001, 20.0]]
    };
    let mut comb: Vec<[f32; 2]> = (0..teeth).flat_map(tooth).collect();
    comb.extend([[80.0, 0.0], [0.0, 0.0]]);
    let (left, right) = (scenes::rect(0.0, 30.0, 10.0, 10.0), scenes::rect(70.0, 30.0, 10.0, 10.0));
    let mut scene = scenes::page();
    let style = scenes::fill(&mut scene, scenes::INK);
    for ring in [&left[..], &comb, &right] {
        let item = scenes::polygon(&mut scene, style, &[ring]);
        scene.items.push(item);
    }
    let mesh = mesh(&scene);
    let found: f64 = fill_triangles(&mesh).into_iter().map(area).sum();
    // Each tooth is a triangle on the strip between 0 and 1.
    let expected = 100.0 + 100.0 + 80.0 + 80.0 / 2.0 * 19.0;
    assert!((found - expected).abs() < 0.5, "{found} for {expected}");
    assert!(mesh.batches.len() > 3, "the comb's vertices do not fit one run");
}

#[test]
fn styles_hold_what_a_shader_needs() {
    let scene = scenes::poster();
    let styles = styles(&scene);
    let named = |name: &str| {
        let at = scene.styles.iter().position(|(_, style)| style.name == name);
        styles[at.unwrap()]
    };
    let haze = named("haze");
    assert!((haze.color[3] - 0.4).abs() < 1e-6 && haze.color[0] <= 0.4, "premultiplied");
    let rail = named("rail");
    assert_eq!((rail.width, rail.dash, rail.dash_period), (0.5, [2.0, 1.0, 0.0, 0.0], 3.0));
    assert_eq!((named("fade").opaque_y, named("fade").clear_y), (65.0, 45.0));
}

/// The mesh drawn as a shader does, as a scene of triangles.
fn triangles_scene(scene: &Scene, mesh: &Mesh) -> Scene {
    let mut drawn = Scene { title: "Mesh".into(), ..scenes::page() };
    let styles_of = styles(scene);
    for batch in &mesh.batches {
        let group = mesh.groups[usize::from(batch.group)];
        let style = styles_of[usize::from(batch.style.0)];
        let start = drawn.paths.subpaths.len() as u32;
        let corners = match batch.kind {
            BatchKind::Fill => filled(mesh, batch),
            BatchKind::Stroke | BatchKind::Dash => stroked(mesh, batch, style.width),
        };
        for triangle in corners.chunks(3) {
            let mut ring = triangle.to_vec();
            let [a, b, c] = [ring[0], ring[1], ring[2]];
            // All the same way round, so that none cuts a hole into another.
            if (b[0] - a[0]) * (c[1] - a[1]) < (b[1] - a[1]) * (c[0] - a[0]) {
                ring.reverse();
            }
            scenes::subpath(&mut drawn, &ring, true, true);
        }
        let subpaths = start..drawn.paths.subpaths.len() as u32;
        let items = vec![Item::Path(PathItem { style: batch.style, subpaths })];
        let (name, transform) = ("batch", Transform::IDENTITY);
        drawn.items.push(Item::Group(Group { name, transform, clip: group.clip, items }));
    }
    drawn.styles = scene.styles.iter().fold(StyleTable::default(), |mut table, (_, style)| {
        table.add(style.name.clone(), Draw::Fill(paint(&style.draw)));
        table
    });
    drawn
}

fn paint(draw: &Draw) -> Paint {
    match draw {
        Draw::Fill(paint) | Draw::Stroke { paint, .. } => *paint,
    }
}

#[test]
fn the_mesh_looks_like_the_png() {
    let mut scene = scenes::poster();
    // Dashes are the shader's.
    scene.styles = scene.styles.iter().fold(StyleTable::default(), |mut table, (_, style)| {
        let mut draw = style.draw.clone();
        if let Draw::Stroke { dash, .. } = &mut draw {
            dash.clear();
        }
        table.add(style.name.clone(), draw);
        table
    });
    let drawn = triangles_scene(&scene, &mesh(&scene));
    assert_agree(&png_picture(&drawn, 300.0), &png_picture(&scene, 300.0));
}

//! Prints how long each exporter takes on a busy scene: `cargo bench -p render-core --bench export`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for the terminal")]
#![expect(dead_code, reason = "the tests use more of the scenes")]

#[path = "../tests/export/scenes.rs"]
mod scenes;

use std::time::Instant;

use render_core::export::mesh::to_mesh;
use render_core::export::png::{PngOptions, to_png};
use render_core::export::raster::{Backdrop, Raster};
use render_core::export::svg::{SvgOptions, to_svg};

fn main() {
    let scene = scenes::busy(400_000);
    println!("{} vertices", scene.paths.map.points.len() + scene.paths.points.len());
    timed("raster 3600x4800", || {
        let mut raster = Raster::new(&scene, 3600, 4800, Backdrop::White).unwrap();
        let mut n_bytes = 0;
        while let Some(band) = raster.next_band() {
            n_bytes += band.len();
        }
        n_bytes
    });
    timed("png 3600x4800", || {
        let mut n_bytes = 0;
        let mut sink = |bytes: &[u8]| {
            n_bytes += bytes.len();
            Ok(())
        };
        to_png(&scene, &PngOptions::default(), &mut sink, &mut |_| true).unwrap();
        n_bytes
    });
    timed("svg", || to_svg(&scene, &SvgOptions::default()).unwrap().len());
    timed("mesh", || {
        let mesh = to_mesh(&scene).output;
        println!(
            "    {} fill, {} stroke vertices",
            mesh.fill_vertices.len(),
            mesh.stroke_vertices.len()
        );
        size_of_val(&*mesh.fill_vertices)
            + size_of_val(&*mesh.fill_indices)
            + size_of_val(&*mesh.stroke_vertices)
            + size_of_val(&*mesh.dash_vertices)
    });
}

/// The best of five runs.
fn timed(name: &str, mut run: impl FnMut() -> usize) {
    let mut best = f64::INFINITY;
    let mut n_bytes = 0;
    for _ in 0..5 {
        let start = Instant::now();
        n_bytes = run();
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    println!("{name}: {best:.1} ms, {n_bytes} bytes");
}

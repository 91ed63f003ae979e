//! One picture of the bundled place in every built-in theme, for the README and for looking.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use render_core::design::Design;
use render_core::export::raster::{Backdrop, render_rgba};
use render_core::osm::{self, Limits};
use render_core::text::builtin::fonts;
use render_core::theme::builtin::{BUILTIN, theme};

/// Posters to a row.
const COLUMNS: usize = 6;
/// Size of a poster, pixels.
const WIDTH: usize = 252;
const HEIGHT: usize = 336;
/// Space between posters and around them, pixels.
const GAP: usize = 20;
/// The wall they hang on.
const WALL: [u8; 3] = [0xd9, 0xd7, 0xd2];

fn main() -> Result<(), Box<dyn Error>> {
    let out: PathBuf = std::env::args().nth(1).ok_or("usage: sheet FILE.png")?.into();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/places/helsinki.mpk");
    let data = osm::read(&fs::read(place)?, Limits::default(), &mut Vec::new())?;
    let design = Design::default();
    let texts = render_core::shape_texts(&design, &fonts()).output;

    let rows = BUILTIN.len().div_ceil(COLUMNS);
    let (width, height) = (GAP + COLUMNS * (WIDTH + GAP), GAP + rows * (HEIGHT + GAP));
    let mut wall = WALL.repeat(width * height);
    for (i, (id, _)) in BUILTIN.iter().enumerate() {
        let theme = theme(id).ok_or("a built-in theme cannot be read")?;
        let scene = render_core::build_scene(&data, &design, &theme, &texts).output;
        let poster = render_rgba(&scene, WIDTH as u32, HEIGHT as u32, Backdrop::White)?;
        let left = GAP + i % COLUMNS * (WIDTH + GAP);
        let top = GAP + i / COLUMNS * (HEIGHT + GAP);
        for (y, row) in poster.chunks_exact(WIDTH * 4).enumerate() {
            let at = ((top + y) * width + left) * 3;
            let pixels = wall[at..at + WIDTH * 3].chunks_exact_mut(3);
            for (to, from) in pixels.zip(row.chunks_exact(4)) {
                to.copy_from_slice(&from[..3]);
            }
        }
    }

    let mut encoder = png::Encoder::new(fs::File::create(&out)?, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&wall)?;
    Ok(())
}

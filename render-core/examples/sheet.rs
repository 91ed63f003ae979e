//! One picture of many posters: the bundled place in every built-in theme, for the README; or, with
//! `--places FOLDER`, real places that are hard in one way or another, with their warnings listed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use render_core::design::Design;
use render_core::export::raster::{Backdrop, render_rgba};
use render_core::osm::{self, Limits, OsmData};
use render_core::text::builtin::fonts;
use render_core::theme::Theme;
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

/// File, latitude, longitude, distance.
const PLACES: [(&str, f64, f64, f64); 16] = [
    ("monaco", 43.735, 7.425, 2100.0),
    ("honolulu-3km", 21.3069, -157.858, 3000.0),
    ("honolulu-8km", 21.3069, -157.858, 8000.0),
    ("manhattan-midtown", 40.7475, -73.9885, 1250.0),
    ("otaniemi", 60.185, 24.8265, 1100.0),
    ("variant-faroe-coastline", 62.05, -6.9, 48_000.0),
    ("variant-malta-coastline", 35.93, 14.4, 20_000.0),
    ("variant-oahu-coastline", 21.47, -157.97, 40_000.0),
    ("fiji-antimeridian", -16.75, 179.95, 45_000.0),
    ("campo-grande", -20.5, -54.6, 10_000.0),
    ("andorra", 42.54, 1.6, 11_000.0),
    ("vaduz-3km", 47.141, 9.5215, 3000.0),
    ("les-gets", 46.156, 6.669, 1300.0),
    ("variant-monaco-outgeom-clipped", 43.735, 7.425, 1200.0),
    ("hsinchu", 24.7866, 120.998, 950.0),
    ("surprise-az-3km", 33.6855, -112.35, 3000.0),
];

fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: sheet FILE.png [--places FOLDER]";
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (out, posters) = match words.as_slice() {
        [out] => (PathBuf::from(out), themes()?),
        [out, option, folder] if option == "--places" => {
            (PathBuf::from(out), places(Path::new(folder))?)
        }
        _ => return Err(usage.into()),
    };
    hang(&posters, &out)
}

fn themes() -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/places/helsinki.mpk");
    let data = osm::read(&fs::read(place)?, Limits::default(), &mut Vec::new())?;
    let (mut posters, mut quiet) = (Vec::new(), BTreeMap::new());
    for (id, _) in BUILTIN {
        let theme = theme(id).ok_or("a built-in theme cannot be read")?;
        posters.push(poster(&data, &Design::default(), &theme, &mut quiet)?);
    }
    Ok(posters)
}

fn places(folder: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let theme = theme("terracotta").ok_or("a built-in theme cannot be read")?;
    let mut posters = Vec::new();
    for (name, lat, lon, distance) in PLACES {
        let packed = fs::read(folder.join(format!("{name}.json.gz")))?;
        let mut reply = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut reply)?;
        let mut warnings = Vec::new();
        let data = osm::read(&reply, Limits::default(), &mut warnings)?;
        let mut design = Design::default();
        (design.place.lat, design.place.lon, design.distance) = (lat, lon, distance);
        design.place.name = name.rsplit("variant-").next().unwrap_or(name).into();
        design.place.country.clear();
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        warnings.iter().for_each(|warning| *codes.entry(warning.code).or_default() += 1);
        posters.push(poster(&data, &design, &theme, &mut codes)?);
        writeln!(std::io::stdout(), "{name}: {codes:?}")?;
    }
    Ok(posters)
}

fn poster(
    data: &OsmData,
    design: &Design,
    theme: &Theme,
    codes: &mut BTreeMap<&'static str, usize>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let texts = render_core::shape_texts(design, &fonts()).output;
    let built = render_core::build_scene(data, design, theme, &texts);
    built.warnings.iter().for_each(|warning| *codes.entry(warning.code).or_default() += 1);
    Ok(render_rgba(&built.output, WIDTH as u32, HEIGHT as u32, Backdrop::White)?)
}

fn hang(posters: &[Vec<u8>], out: &Path) -> Result<(), Box<dyn Error>> {
    let rows = posters.len().div_ceil(COLUMNS);
    let (width, height) = (GAP + COLUMNS * (WIDTH + GAP), GAP + rows * (HEIGHT + GAP));
    let mut wall = WALL.repeat(width * height);
    for (i, poster) in posters.iter().enumerate() {
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
    let mut encoder = png::Encoder::new(fs::File::create(out)?, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&wall)?;
    Ok(())
}

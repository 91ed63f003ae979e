//! Programs that others wrote open the files, and their pictures are the PNG.

use std::path::Path;
use std::process::Command;

use render_core::export::pdf::{Marks, PdfOptions, Standard, to_pdf};
use render_core::export::plotter::{PlotterOptions, to_plotter};
use render_core::scene::Scene;

use crate::agree::{Picture, assert_agree, decode, png_picture};
use crate::{scenes, svg};

/// The picture a program makes of a file: `{in}` and `{out}` in its arguments are the two files'
/// paths. Nothing, and a line that says so, where it is not installed.
fn picture(
    program: &str,
    package: &str,
    name: &str,
    file: &[u8],
    arguments: &[&str],
) -> Option<Picture> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let input = folder.join(format!("{program}-{name}"));
    let output = folder.join(format!("{program}-{name}.png"));
    std::fs::write(&input, file).unwrap();
    let _ = std::fs::remove_file(&output);
    let path = |argument: &&str| {
        argument
            .replace("{in}", &input.to_string_lossy())
            .replace("{out}", &output.to_string_lossy())
    };
    let Ok(run) = Command::new(program).args(arguments.iter().map(path)).output() else {
        println!("skipped: {program} is not installed (Debian: {package})");
        return None;
    };
    let messages = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && output.exists(), "{program}: {messages}");
    Some(decode(&std::fs::read(output).unwrap()))
}

fn mupdf(name: &str, file: &[u8], png: &Picture) -> Option<Picture> {
    let [width, height] = [png.width, png.height].map(|side| side.to_string());
    let arguments =
        ["draw", "-q", "-f", "-w", &width, "-h", &height, "-c", "rgb", "-o", "{out}", "{in}"];
    picture("mutool", "mupdf-tools", name, file, &arguments)
}

fn inkscape(name: &str, file: &[u8], png: &Picture) -> Option<Picture> {
    let [width, height] = [png.width, png.height].map(|side| side.to_string());
    let arguments = [
        "{in}",
        "-o",
        "{out}",
        "-w",
        &width,
        "-h",
        &height,
        "--export-background=white",
        "--export-background-opacity=1",
        "--export-png-color-mode=RGB_8",
    ];
    picture("inkscape", "inkscape", name, file, &arguments)
}

#[test]
fn mupdf_draws_what_the_png_shows() {
    for standard in [Standard::Pdf17, Standard::PdfA2b] {
        let scene = scenes::poster();
        let png = png_picture(&scene, 300.0);
        let pdf = to_pdf(&scene, &PdfOptions { standard, ..Default::default() }).unwrap();
        if let Some(found) = mupdf(&format!("{standard:?}.pdf"), &pdf, &png) {
            assert_agree(&found, &png);
        }
    }
}

#[test]
fn the_trimmed_page_of_a_pdf_with_marks_is_the_png() {
    let scene = Scene { bleed: 3.0, ..scenes::poster() };
    let png = png_picture(&scene, 254.0);
    let options = PdfOptions { marks: Marks::CropAndRegistration, ..Default::default() };
    let whole = Picture { width: png.width + 200, height: png.height + 200, rgb: Vec::new() };
    let Some(found) = mupdf("marks.pdf", &to_pdf(&scene, &options).unwrap(), &whole) else {
        return;
    };
    // 10 mm of paper on each side, 10 dots to the millimetre.
    let rows = found.rgb.chunks(found.width as usize * 3).skip(100).take(png.height as usize);
    let cut = |row: &[u8]| row[300..300 + png.width as usize * 3].to_vec();
    let trimmed = Picture { rgb: rows.flat_map(cut).collect(), ..png_picture(&scene, 254.0) };
    assert_agree(&trimmed, &png);
}

#[test]
fn inkscape_draws_what_the_png_shows() {
    let scene = scenes::poster();
    let png = png_picture(&scene, 300.0);
    if let Some(found) = inkscape("poster.svg", svg::svg(&scene).as_bytes(), &png) {
        assert_agree(&found, &png);
    }
}

#[test]
fn inkscape_opens_a_plot() {
    let scene = scenes::poster();
    let plot = to_plotter(&scene, &PlotterOptions::default()).unwrap();
    let paper = Picture { width: 600, height: 800, rgb: Vec::new() };
    let Some(found) = inkscape("plot.svg", &plot, &paper) else { return };
    let n_inked = found.rgb.chunks(3).filter(|pixel| pixel.iter().any(|c| *c < 250)).count();
    let share = n_inked as f64 / (600.0 * 800.0);
    assert!((0.005..0.5).contains(&share), "{share} of the paper");
}

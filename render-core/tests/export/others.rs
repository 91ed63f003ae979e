//! Programs that others wrote open the files, and their pictures are the PNG.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use render_core::design::Design;
use render_core::export::pdf::{Marks, PdfOptions, Standard, to_pdf};
use render_core::export::plotter::{PlotterOptions, to_plotter};
use render_core::scene::Scene;
use usvg::roxmltree::Document;

use crate::agree::{Picture, assert_agree, decode, png_picture, svg_picture};
use crate::plotter::helsinki;
use crate::{scenes, svg};

/// Set where the programs were installed for the tests, by `cargo xtask`: there none may be missing.
const EVERY_PROGRAM: &str = "MAPPOSTER_EVERY_PROGRAM";

/// What a program prints, once it has run well; nothing where it is not installed, which is said.
fn run(program: &str, package: &str, arguments: &[String]) -> Option<String> {
    let Ok(run) = Command::new(program).args(arguments).output() else {
        let what = format!("{program} is not installed (Debian: {package})");
        assert!(std::env::var_os(EVERY_PROGRAM).is_none(), "{what}");
        // Past the test harness, which keeps what a test prints to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED, AND SO NOT TESTED: {what}");
        return None;
    };
    let messages = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{program}: {messages}");
    Some(String::from_utf8_lossy(&run.stdout).into_owned())
}

/// A file for a program.
fn input(program: &str, name: &str, file: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{program}-{name}"));
    std::fs::write(&path, file).unwrap();
    path
}

/// The picture a program makes of a file: `{in}` and `{out}` in its arguments are the two files'
/// paths. Nothing where it is not installed.
fn picture(
    program: &str,
    package: &str,
    name: &str,
    file: &[u8],
    arguments: &[&str],
) -> Option<Picture> {
    let input = input(program, name, file);
    let output = input.with_extension("png");
    let _ = std::fs::remove_file(&output);
    let path = |argument: &&str| {
        argument
            .replace("{in}", &input.to_string_lossy())
            .replace("{out}", &output.to_string_lossy())
    };
    let arguments: Vec<String> = arguments.iter().map(path).collect();
    run(program, package, &arguments)?;
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
fn mupdf_draws_a_whole_city_as_the_png_shows_it() {
    let scene = helsinki(&Design::default());
    let png = png_picture(&scene, 150.0);
    let pdf = to_pdf(&scene, &PdfOptions::default()).unwrap();
    if let Some(found) = mupdf("helsinki.pdf", &pdf, &png) {
        assert_agree(&found, &png);
    }
}

#[test]
fn inkscape_draws_what_the_png_shows() {
    for (name, scene, dpi) in [
        ("poster.svg", scenes::poster(), 300.0),
        ("helsinki.svg", helsinki(&Design::default()), 150.0),
    ] {
        let png = png_picture(&scene, dpi);
        if let Some(found) = inkscape(name, svg::svg(&scene).as_bytes(), &png) {
            assert_agree(&found, &png);
        }
    }
}

#[test]
fn inkscape_finds_every_layer_where_it_is() {
    let file = svg::svg(&helsinki(&Design::default()));
    let path = input("inkscape", "layers.svg", file.as_bytes());
    let arguments = ["--query-all".to_owned(), path.to_string_lossy().into_owned()];
    let Some(told) = run("inkscape", "inkscape", &arguments) else { return };
    // An object a line: its id, then x, y, width and height in pixels, of which there are 96 in an inch.
    let boxes: Vec<(&str, Vec<f64>)> = told
        .lines()
        .filter_map(|line| line.split_once(','))
        .map(|(id, sides)| (id, sides.split(',').map(|side| side.parse().unwrap()).collect()))
        .collect();
    let document = Document::parse(&file).unwrap();
    let mode = ("http://www.inkscape.org/namespaces/inkscape", "groupmode");
    let layers = document.descendants().filter(|node| node.attribute(mode) == Some("layer"));
    let ids: Vec<&str> = layers.filter_map(|node| node.attribute("id")).collect();
    assert!(ids.len() >= 4 && ids.contains(&"map") && ids.contains(&"text"), "{ids:?}");
    let (width, height) = (300.0 / 25.4 * 96.0, 400.0 / 25.4 * 96.0);
    for id in ids {
        let found = boxes.iter().find(|(of, _)| *of == id).expect(id);
        let [x, y, w, h] = found.1[..] else { panic!("{found:?}") };
        assert!(w > 0.0 && h > 0.0 && x < width && y < height, "{found:?}");
        if id == "map" {
            let sides = [x, y, x + w - width, y + h - height];
            assert!(
                sides.iter().all(|side| side.abs() < 1.0),
                "the map is cut to the page: {sides:?}"
            );
        }
    }
}

#[test]
fn a_plot_looks_the_same_to_inkscape_and_to_resvg() {
    for (name, scene) in
        [("plot.svg", scenes::poster()), ("city-plot.svg", helsinki(&Design::default()))]
    {
        let plot = to_plotter(&scene, &PlotterOptions::of(&Design::default())).unwrap();
        let expected = svg_picture(&String::from_utf8_lossy(&plot), 900, 1200);
        let is_inked = |pixel: &&[u8]| pixel.iter().any(|c| *c < 250);
        let share = expected.rgb.chunks(3).filter(is_inked).count() as f64 / (900.0 * 1200.0);
        assert!((0.005..0.5).contains(&share), "{share} of the paper");
        if let Some(found) = inkscape(name, &plot, &expected) {
            assert_agree(&found, &expected);
        }
    }
}

#[test]
fn qpdf_finds_nothing_wrong_in_a_pdf() {
    for standard in [Standard::Pdf17, Standard::PdfA2b] {
        let scene = helsinki(&Design::default());
        let language = Some("fi".to_owned());
        let options = PdfOptions { standard, language, ..Default::default() };
        let path = input("qpdf", &format!("{standard:?}.pdf"), &to_pdf(&scene, &options).unwrap());
        let path = path.to_string_lossy().into_owned();
        if let Some(told) = run("qpdf", "qpdf", &["--check".into(), path.clone()]) {
            assert!(told.contains("No syntax or stream encoding errors found"), "{told}");
        }
        let show = ["show".into(), path.clone(), "trailer/Root/Lang".into()];
        if let Some(language) = run("mutool", "mupdf-tools", &show) {
            assert_eq!(language.trim(), "(fi)");
        }
        if let Some(told) = run("pdfinfo", "poppler-utils", &[path]) {
            let title = told.lines().find_map(|line| line.strip_prefix("Title:")).unwrap();
            assert_eq!(title.trim(), "Helsinki, Finland");
        }
    }
}

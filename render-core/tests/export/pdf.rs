//! PDF files: exact boxes, vectors, native fades; poppler's picture is the PNG.

use std::process::Command;

use miniz_oxide::inflate::decompress_to_vec_zlib;
use proptest::prelude::*;
use render_core::export::pdf::{Marks, PdfOptions, to_pdf};
use render_core::scene::Scene;

use crate::agree::{Picture, assert_agree, decode, png_picture};
use crate::scenes;

fn pdf(scene: &Scene, marks: Marks) -> Vec<u8> {
    to_pdf(scene, &PdfOptions { marks, ..Default::default() }).unwrap()
}

/// A name's four numbers, such as those of `/TrimBox`.
fn numbers(file: &[u8], name: &str) -> Vec<f64> {
    let text = String::from_utf8_lossy(file);
    let after = &text[text.find(name).expect(name) + name.len()..];
    let list = &after[after.find('[').unwrap() + 1..after.find(']').unwrap()];
    list.split_whitespace().map(|number| number.parse().unwrap()).collect()
}

/// The page's operators.
fn operators(file: &[u8]) -> String {
    let find = |from: usize, what: &[u8]| {
        let at = file[from..].windows(what.len()).position(|window| window == what).unwrap();
        from + at
    };
    let start = find(find(0, b"FlateDecode"), b"stream\n") + 7;
    let stream = &file[start..find(start, b"\nendstream")];
    String::from_utf8(decompress_to_vec_zlib(stream).unwrap()).unwrap()
}

#[test]
fn boxes_are_exact() {
    let mut scene = scenes::poster();
    scene.bleed = 3.0;
    let pt = |mm: f64| mm * 72.0 / 25.4;
    let check = |file: &[u8], name: &str, expected: [f64; 4]| {
        for (found, expected) in numbers(file, name).into_iter().zip(expected) {
            assert!((found - expected).abs() < 0.001, "{name}: {found} for {expected}");
        }
    };
    let file = pdf(&scene, Marks::None);
    check(&file, "/MediaBox", [0.0, 0.0, pt(66.0), pt(86.0)]);
    check(&file, "/BleedBox", [0.0, 0.0, pt(66.0), pt(86.0)]);
    check(&file, "/TrimBox", [pt(3.0), pt(3.0), pt(63.0), pt(83.0)]);
    let file = pdf(&scene, Marks::CropAndRegistration);
    check(&file, "/MediaBox", [0.0, 0.0, pt(80.0), pt(100.0)]);
    check(&file, "/TrimBox", [pt(10.0), pt(10.0), pt(70.0), pt(90.0)]);
    check(&file, "/BleedBox", [pt(7.0), pt(7.0), pt(73.0), pt(93.0)]);
}

#[test]
fn everything_is_a_vector_on_its_layer_and_fades_are_native() {
    let file = pdf(&scenes::poster(), Marks::None);
    let text = String::from_utf8_lossy(&file);
    assert!(!text.contains("/Image") && !text.contains("/Font"));
    assert!(text.contains("/Luminosity") && text.contains("/ShadingType 2"));
    assert!(text.contains("/OCG") && text.contains("(map)"));
    let operators = operators(&file);
    // 0.5 mm wide, dashes of 2 mm and 1 mm, in hundredths.
    assert!(operators.contains("50 w 0 J 0 j 4 M [200 100] 0 d"), "{operators}");
    assert!(operators.contains("/ActualText <FEFF004F004C004F>"));
}

#[test]
fn a_page_no_reader_opens_is_refused() {
    for width in [0.0, -3.0, 6000.0, f64::NAN] {
        let scene = Scene { width, ..scenes::page() };
        assert!(to_pdf(&scene, &PdfOptions::default()).is_err(), "{width}");
    }
}

proptest! {
    #[test]
    fn any_name_makes_well_formed_metadata(name in ".{0,40}") {
        let mut scene = scenes::page();
        scene.title.clone_from(&name);
        let item = scenes::text(&mut scene, &name, 10.0, 10.0, 5.0);
        scene.items.push(item);
        let file = pdf(&scene, Marks::None);
        let text = String::from_utf8_lossy(&file);
        let xmp = &text[text.find("<x:xmpmeta").unwrap()..text.find("<?xpacket end").unwrap()];
        usvg::roxmltree::Document::parse(xmp).unwrap();
    }
}

/// What poppler draws, or nothing where it is not installed.
fn poppler(file: &[u8], name: &str, dpi: f64, arguments: &[&str]) -> Option<Picture> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (input, output) = (folder.join(format!("{name}.pdf")), folder.join(name));
    std::fs::write(&input, file).unwrap();
    let run = Command::new("pdftocairo")
        .args(["-png", "-singlefile", "-r", &dpi.to_string()])
        .args(arguments)
        .args([&input, &output])
        .output();
    let Ok(run) = run else {
        println!("skipped: pdftocairo is not installed (Debian: poppler-utils)");
        return None;
    };
    let messages = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && messages.is_empty(), "{messages}");
    Some(decode(&std::fs::read(output.with_extension("png")).unwrap()))
}

// By cairo: poppler's own rasteriser makes thin lines heavier, on purpose.
#[test]
fn poppler_draws_what_the_png_shows() {
    for (scene, dpi) in [(scenes::poster(), 300.0), (scenes::busy_on(80.0, 100.0, 100_000), 254.0)]
    {
        let file = pdf(&scene, Marks::None);
        let png = png_picture(&scene, dpi);
        let size = [png.width.to_string(), png.height.to_string()];
        let scale = ["-scale-to-x", &size[0], "-scale-to-y", &size[1]];
        if let Some(picture) = poppler(&file, &scene.title, dpi, &scale) {
            assert_agree(&picture, &png);
        }
    }
}

#[test]
fn marks_stay_outside_of_the_bleed() {
    let mut scene = scenes::poster();
    scene.bleed = 3.0;
    scene.items.clear();
    let Some(picture) = poppler(&pdf(&scene, Marks::CropAndRegistration), "marks", 254.0, &[])
    else {
        return;
    };
    // 10 dots to the millimetre; the bleed starts 7 mm from the edge of the paper.
    let is_ink = |x: usize, y: usize| picture.rgb[(y * picture.width as usize + x) * 3] < 128;
    assert!((70..930).all(|y| (70..730).all(|x| !is_ink(x, y))));
    assert!((12..58).all(|x| is_ink(x, 100) || is_ink(x, 99)), "no mark level with the cut");
    assert!((12..58).all(|y| is_ink(700, y) || is_ink(699, y)), "no mark above the cut");
}

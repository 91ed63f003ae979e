//! Whole posters of places: scenes as text and small pictures, renewed with `UPDATE_REFS=1`; and,
//! where `MAPPOSTER_DATA` names the corpus, every place of it through every exporter.

#![allow(clippy::expect_used, reason = "helpers of tests may fail like tests")]

mod hard;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use render_core::design::{Design, PaperSize};
use render_core::error::Warning;
use render_core::export::png::{PngOptions, to_png};
use render_core::export::{mesh, pdf, svg};
use render_core::osm::{self, Limits, OsmData};
use render_core::scene::{Scene, dump};
use render_core::theme::builtin;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/places")
}

fn poster(data: &OsmData, design: &Design, theme: &str) -> (Scene, Vec<Warning>) {
    let theme = builtin::theme(theme).expect("a built-in theme");
    let texts = render_core::shape_texts(design, &render_core::text::builtin::fonts()).output;
    let built = render_core::build_scene(data, design, &theme, &texts);
    (built.output, built.warnings)
}

fn png(scene: &Scene, dpi: f64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sink = |chunk: &[u8]| {
        bytes.extend_from_slice(chunk);
        Ok(())
    };
    let options = PngOptions { dpi, ..PngOptions::default() };
    to_png(scene, &options, &mut sink, &mut |_| true).expect("a PNG");
    bytes
}

/// Compares with the file of that name, or writes it when `UPDATE_REFS` is set.
fn check_ref(name: &str, got: &[u8]) {
    let path = folder().join(name);
    if std::env::var_os("UPDATE_REFS").is_some() {
        fs::write(&path, got).expect("references can be written");
        return;
    }
    let expected = fs::read(&path).unwrap_or_default();
    if name.ends_with(".txt") {
        assert_eq!(String::from_utf8_lossy(got), String::from_utf8_lossy(&expected), "{name}");
    } else {
        assert!(got == expected, "{name} differs; UPDATE_REFS=1 renews it, look at it then");
    }
}

fn town_design() -> Design {
    let mut design = Design::default();
    design.distance = 480.0;
    design.paper = PaperSize { width: 90.0, height: 120.0 };
    design.place.lat = 47.0;
    design.place.lon = 8.0;
    design.place.name = "Town".into();
    design.place.country = "Nowhere".into();
    design
}

fn town() -> OsmData {
    let bytes = fs::read(folder().join("town/town.json")).expect("the town is in the repository");
    osm::read(&bytes, Limits::default(), &mut Vec::new()).expect("the town is well formed")
}

#[test]
fn the_town_has_every_kind_and_one_ring_that_does_not_close() {
    let (scene, warnings) = poster(&town(), &town_design(), "terracotta");
    check_ref("town/scene.txt", dump::dump(&scene).as_bytes());
    check_ref("town/poster.png", &png(&scene, 40.0));
    let codes: Vec<_> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["W-RING-OPEN"]);
}

#[test]
fn a_pack_of_the_town_gives_the_same_poster() {
    let design = town_design();
    let bytes =
        osm::pack::write(&town(), &osm::pack::PackMeta::default(), osm::pack::Precision::E7);
    let again = osm::read(&bytes, Limits::default(), &mut Vec::new()).expect("the pack is whole");
    let dump_of = |data: &OsmData| dump::dump(&poster(data, &design, "noir").0);
    assert_eq!(dump_of(&again), dump_of(&town()));
}

#[test]
fn the_bundled_place_fills_its_frame_without_an_error() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/places/helsinki.mpk");
    let bytes = fs::read(path).expect("the place is in the repository");
    let mut warnings = Vec::new();
    let data = osm::read(&bytes, Limits::default(), &mut warnings).expect("the place is whole");
    let (scene, _) = poster(&data, &Design::default(), "terracotta");
    let text = dump::dump(&scene);
    for kind in ["park", "water", "building", "residential", "primary", "rail", "tram"] {
        assert!(text.contains(&format!("path {kind}: ")), "no {kind} in\n{text}");
    }
    assert!(text.contains("© OpenStreetMap contributors"));
}

#[test]
fn the_bundled_lines_of_text_are_those_of_the_first_poster() {
    let texts = render_core::shape_texts(&Design::default(), &render_core::text::builtin::fonts());
    let path = "../../../public/places/helsinki.texts.json";
    check_ref(path, &render_core::text::shaped::write(&texts.output));
}

#[test]
fn every_place_of_the_corpus_goes_through_every_exporter() {
    let Some(corpus) = std::env::var_os("MAPPOSTER_DATA") else {
        // Not by `println`, which the test runner shows of failures alone.
        let _ = writeln!(std::io::stderr(), "skipped: MAPPOSTER_DATA does not name the corpus");
        return;
    };
    let mut n_places = 0;
    let places = fs::read_dir(Path::new(&corpus).join("places")).expect("the corpus has places");
    let mut places: Vec<PathBuf> = places.flatten().map(|entry| entry.path()).collect();
    places.sort();
    for path in places.iter().filter(|path| path.extension().is_some_and(|e| e == "gz")) {
        let mut plain = Vec::new();
        let gz = fs::read(path).expect("readable");
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(gz.as_slice()), &mut plain)
            .expect("whole");
        let mut warnings = Vec::new();
        let Ok(data) = osm::read(&plain, Limits::default(), &mut warnings) else {
            println!("{}: no ways or relations", path.display());
            continue;
        };
        let Some(centre) = data.coords.iter().find(|at| !at.is_missing()) else { continue };
        let mut design = Design::default();
        design.distance = 3000.0;
        design.place.lat = centre.lat();
        design.place.lon = centre.lon();
        let (scene, more) = poster(&data, &design, "noir");
        warnings.extend(more);
        assert!(png(&scene, 40.0).len() > 100);
        let as_svg = svg::to_svg(&scene, &svg::SvgOptions::default()).expect("an SVG");
        let as_pdf = pdf::to_pdf(&scene, &pdf::PdfOptions::default()).expect("a PDF");
        let triangles = mesh::to_mesh(&scene);
        println!(
            "{}: {} warnings, SVG {} kB, PDF {} kB, {} triangles of fills, {} of lyon's refused",
            path.display(),
            warnings.len(),
            as_svg.len() / 1000,
            as_pdf.len() / 1000,
            triangles.output.fill_indices.len() / 3,
            triangles.warnings.len(),
        );
        n_places += 1;
    }
    assert!(n_places > 20, "{n_places} places");
}

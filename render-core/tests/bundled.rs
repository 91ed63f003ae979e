//! The packs that come with the app: readable, what they say they are, and as the README has it.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml's leave for tests does not reach the helpers of test programs"
)]

use std::path::{Path, PathBuf};

use render_core::design::{Design, PaperSize};
use render_core::features;
use render_core::kind::FeatureKind;
use render_core::osm::pack::{self, Pack};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/places")
}

fn helsinki() -> Pack {
    pack::read(&std::fs::read(folder().join("helsinki.mpk")).unwrap()).unwrap()
}

#[test]
fn the_readme_tells_each_pack_and_its_size() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut n_packs = 0;
    for file in files.filter(|file| file.extension().is_some_and(|name| name == "mpk")) {
        let bytes = std::fs::read(&file).unwrap();
        let pack = pack::read(&bytes).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let row = readme.lines().find(|line| line.contains(&format!("| `{name}` |"))).unwrap();
        let date = pack.meta.timestamp.unwrap();
        assert!(row.contains(&format!("| {} / ", bytes.len())), "{name} has {}", bytes.len());
        assert!(row.contains(&format!("| {date} |")), "{name} is of {date}");
        assert!(pack.meta.licence.contains("OpenStreetMap contributors"), "{name}");
        n_packs += 1;
    }
    assert!(n_packs > 0);
}

#[test]
fn helsinki_fills_the_frame_it_recommends() {
    let meta = helsinki().meta;
    let ([lat, lon], bbox) = (meta.centre.unwrap(), meta.bbox.unwrap());
    let mut design = Design::default();
    assert_eq!([design.place.lat, design.place.lon], [lat, lon], "the first poster is this place");
    assert_eq!(Some(design.distance), meta.distance_m);
    design.paper = PaperSize { width: 300.0, height: 400.0 };
    let needed = design.data_bbox();
    assert!(bbox.south < needed.south && needed.north < bbox.north, "{needed:?} in {bbox:?}");
    assert!(bbox.west < needed.west && needed.east < bbox.east, "{needed:?} in {bbox:?}");
}

#[test]
fn helsinki_has_what_a_first_poster_shows() {
    let features =
        features::assemble(&helsinki().data, Design::default().data_bbox(), &mut Vec::new());
    let n_areas = |kind| features.areas.iter().filter(|area| area.kind == kind).count();
    let n_lines = |kind| features.lines.iter().filter(|line| line.kind == kind).count();
    assert!(n_areas(FeatureKind::Building) > 300, "{}", n_areas(FeatureKind::Building));
    assert!(n_areas(FeatureKind::Park) > 50, "{}", n_areas(FeatureKind::Park));
    assert!(n_areas(FeatureKind::Sea) >= 1, "the bay Kaisaniemenlahti");
    for kind in [FeatureKind::Primary, FeatureKind::Residential, FeatureKind::Path] {
        assert!(n_lines(kind) > 30, "{kind:?}: {}", n_lines(kind));
    }
    assert!(n_lines(FeatureKind::Rail) > 30 && n_lines(FeatureKind::Tram) > 30);
}

#[test]
fn a_vector_file_has_fewer_vertices_than_the_limit_whatever_that_is() {
    let mut design = Design::default();
    let features = features::assemble(&helsinki().data, design.data_bbox(), &mut Vec::new());
    let theme = render_core::theme::builtin::theme("noir").unwrap();
    let texts = render_core::shape_texts(&design, &render_core::text::builtin::fonts()).output;
    let scene = |design: &Design, most| {
        render_core::vector_scene_of(&features, design, &theme, &texts, most, &|| {})
    };
    let whole = scene(&design, render_core::MOST_VERTICES);
    assert!(whole.warnings.is_empty());
    let n_whole = whole.output.n_vertices();
    assert!(n_whole > 20_000, "{n_whole}");
    let n_texts = 3000;
    for most in [15_000, 10_000, n_texts] {
        let coarser = scene(&design, most);
        assert!(coarser.output.n_vertices() < most);
        assert_eq!(coarser.warnings[0].code, "W-EXPORT-COARSER");
    }
    design.files.tolerance = 0.5;
    let coarse = scene(&design, render_core::MOST_VERTICES).output.n_vertices();
    assert!(coarse < n_whole * 3 / 4, "{coarse} of {n_whole}");
}

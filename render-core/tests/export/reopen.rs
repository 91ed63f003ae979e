//! A design goes into each file and comes out of it again, whatever is written in it.

use proptest::prelude::*;
use render_core::design::Design;
use render_core::design::embedded::{DesignFinder, PosterFile};
use render_core::export::pdf::{PdfOptions, Standard, to_pdf};
use render_core::export::png::PngOptions;
use render_core::export::svg::{SvgOptions, to_svg};
use usvg::roxmltree::Document;

use crate::png::png_bytes;
use crate::scenes;

/// The same poster as PNG, SVG, PDF and PDF/A.
fn files(design: &Design) -> [Vec<u8>; 4] {
    let mut scene = scenes::page();
    design.title().clone_into(&mut scene.title);
    let design = Some(design.to_json());
    let pdf = |standard| {
        let options = PdfOptions { standard, design: design.clone(), ..Default::default() };
        to_pdf(&scene, &options).unwrap()
    };
    [
        png_bytes(&scene, &PngOptions { dpi: 72.0, design: design.clone(), ..Default::default() }),
        to_svg(&scene, &SvgOptions { design: design.clone(), ..Default::default() }).unwrap(),
        pdf(Standard::Pdf17),
        pdf(Standard::PdfA2b),
    ]
}

fn found(file: &[u8]) -> Option<String> {
    assert!(PosterFile::of(file).is_some());
    let mut finder = DesignFinder::default();
    for part in file.chunks(1000) {
        finder.push(part);
    }
    finder.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_design_comes_out_of_every_file_as_it_went_in(
        title in ".{0,40}",
        unknown in ".{0,40}",
        lat in -80.0..80.0,
        distance in 100.0..50_000.0,
    ) {
        let json = serde_json::json!({
            "place": { "lat": lat, "lon": 1.5, "name": title },
            "distance": distance,
            "of a later version": unknown,
        });
        let design = Design::from_json(&json.to_string()).unwrap().output;
        for file in files(&design) {
            let found = Design::from_json(&found(&file).unwrap()).unwrap();
            prop_assert_eq!(found.output.to_json(), design.to_json());
            prop_assert_eq!(found.warnings.len(), 0);
        }
    }
}

#[test]
fn a_file_without_a_design_has_none() {
    let scene = scenes::page();
    assert_eq!(found(&png_bytes(&scene, &PngOptions { dpi: 72.0, ..Default::default() })), None);
    assert_eq!(found(&to_svg(&scene, &SvgOptions::default()).unwrap()), None);
    assert_eq!(found(&to_pdf(&scene, &PdfOptions::default()).unwrap()), None);
}

#[test]
fn an_archives_page_says_so_and_explains_its_own_words() {
    let [_, _, plain, archival] =
        files(&Design::default()).map(|f| String::from_utf8_lossy(&f).into_owned());
    // Whatever it promises, its colours are sRGB's.
    assert!(plain.contains("/GTS_PDFA1") && plain.contains("/DestOutputProfile"));
    assert!(!plain.contains("pdfaid"));
    let xmp =
        &archival[archival.find("<x:xmpmeta").unwrap()..archival.find("<?xpacket end").unwrap()];
    let document = Document::parse(xmp).unwrap();
    let text = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name);
        node.and_then(|node| node.text()).map(str::to_owned)
    };
    assert_eq!((text("part").as_deref(), text("conformance").as_deref()), (Some("2"), Some("B")));
    let own = document.descendants().find(|node| node.tag_name().name() == "design").unwrap();
    assert_eq!(text("namespaceURI").as_deref(), own.tag_name().namespace());
    assert_eq!(text("name").as_deref(), Some("design"));
    // Two forms of the same words, which an archive compares.
    assert!(archival.contains("/Producer (MapPoster)") && xmp.contains("<pdf:Producer>MapPoster<"));
}

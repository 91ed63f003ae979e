//! JPEG and WebP: the PNG's picture in other formats, from which the design comes back.

use std::sync::Arc;

use render_core::design::embedded::{DesignFinder, PosterFile};
use render_core::error::ExportError;
use render_core::export::jpeg::{holds_design, to_jpeg};
use render_core::export::png::PngOptions;
use render_core::export::raster::{Backdrop, render_rgba};
use render_core::export::webp::to_webp;
use render_core::scene::Scene;
use serde_json::Value;

use crate::scenes;

const DESIGN: &str = r#"{"version":1,"texts":{"title":"A <b> & \u00e4"}}"#;

fn options(dpi: f64, backdrop: Backdrop) -> PngOptions {
    PngOptions { dpi, backdrop, design: Some(DESIGN.into()) }
}

fn design_in(file: &[u8]) -> Option<Value> {
    let mut finder = DesignFinder::default();
    finder.push(file);
    finder.finish().map(|json| serde_json::from_str(&json).unwrap())
}

/// Pixels of a whole picture: 60 × 80 mm at 100 dpi.
fn expected(scene: &Scene, backdrop: Backdrop) -> Vec<u8> {
    render_rgba(scene, 236, 315, backdrop).unwrap()
}

#[test]
fn a_webp_has_the_very_pixels_and_the_design() {
    for backdrop in [Backdrop::White, Backdrop::Clear] {
        let mut scene = scenes::poster();
        if backdrop == Backdrop::Clear {
            scene.remove_sheet();
        }
        let file = to_webp(&scene, &options(100.0, backdrop)).unwrap();
        assert_eq!(PosterFile::of(&file), Some(PosterFile::Picture));
        assert_eq!(design_in(&file), serde_json::from_str(DESIGN).ok());
        let mut reader = image_webp::WebPDecoder::new(std::io::Cursor::new(&file)).unwrap();
        assert_eq!(
            (reader.dimensions(), reader.has_alpha()),
            ((236, 315), backdrop == Backdrop::Clear)
        );
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.read_image(&mut pixels).unwrap();
        let n = if reader.has_alpha() { 4 } else { 3 };
        let expected = expected(&scene, backdrop);
        let expected: Vec<u8> =
            expected.chunks_exact(4).flat_map(|pixel| pixel[..n].to_vec()).collect();
        assert!(pixels == expected, "{backdrop:?}");
    }
}

#[test]
fn a_jpeg_is_like_the_picture_and_has_the_design_and_its_resolution() {
    let scene = Arc::new(scenes::poster());
    let heard = std::cell::Cell::new(0.0);
    let file =
        to_jpeg(&scene, &options(100.0, Backdrop::White), &|share| heard.set(share)).unwrap();
    assert_eq!(PosterFile::of(&file), Some(PosterFile::Picture));
    assert_eq!(design_in(&file), serde_json::from_str(DESIGN).ok());
    // JFIF: dots to the inch, across and down.
    assert_eq!((&file[6..10], &file[13..18]), (&b"JFIF"[..], &[1, 0, 100, 0, 100][..]));
    assert!(heard.get() > 0.9);
    let pixels = jpeg_decoder::Decoder::new(&*file).decode().unwrap();
    let expected = expected(&scene, Backdrop::White);
    let expected = expected.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec());
    let off: u32 = pixels.iter().zip(expected).map(|(a, b)| u32::from(a.abs_diff(b))).sum();
    let mean = f64::from(off) / pixels.len() as f64;
    assert!(pixels.len() == 236 * 315 * 3 && mean < 2.0, "mean difference {mean}");
}

#[test]
fn a_design_of_more_than_a_segment_leaves_the_picture_whole() {
    let design = Some(format!("{{\"long\":\"{}\"}}", "x".repeat(70_000)));
    let options = PngOptions { dpi: 50.0, design, ..PngOptions::default() };
    let file = to_jpeg(&Arc::new(scenes::poster()), &options, &|_| {}).unwrap();
    assert_eq!(design_in(&file), None);
    assert!(!holds_design(&scenes::poster(), &options), "and it is told");
    assert!(file.ends_with(&[0xff, 0xd9]));
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let webp = |dpi| to_webp(&scenes::poster(), &options(dpi, Backdrop::White));
    for dpi in [2000.0, 1e6, 0.0, f64::NAN] {
        assert!(matches!(webp(dpi), Err(ExportError::TooLarge { .. })), "{dpi}");
    }
    let jpeg = to_jpeg(&Arc::new(scenes::poster()), &options(f64::NAN, Backdrop::White), &|_| {});
    assert!(matches!(jpeg, Err(ExportError::TooLarge { .. })));
}

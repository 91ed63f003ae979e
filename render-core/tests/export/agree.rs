//! The same scene through two exporters gives two pictures that agree (design.md §6).

use render_core::export::png::PngOptions;
use render_core::scene::Scene;

use crate::png::png_bytes;
use crate::{scenes, svg};

/// RGB rows.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

pub fn png_picture(scene: &Scene, dpi: f64) -> Picture {
    let file = png_bytes(scene, &PngOptions { dpi, ..Default::default() });
    decode(&file)
}

pub fn decode(file: &[u8]) -> Picture {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    Picture { width: info.width, height: info.height, rgb }
}

/// What resvg draws.
pub fn svg_picture(svg: &str, width: u32, height: u32) -> Picture {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).unwrap();
    let mut pixmap = resvg::tiny_skia::Pixmap::new(width, height).unwrap();
    pixmap.fill(resvg::tiny_skia::Color::WHITE);
    let size = tree.size();
    let (sx, sy) = (width as f32 / size.width(), height as f32 / size.height());
    let transform = resvg::tiny_skia::Transform::from_scale(sx, sy);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    let rgb = pixmap.data().chunks(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    Picture { width, height, rgb }
}

/// Mean absolute difference ≤ 2/255, and at most 0.5 % of the pixels off by more than 32/255.
pub fn assert_agree(a: &Picture, b: &Picture) {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let differences = || a.rgb.iter().zip(&b.rgb).map(|(a, b)| a.abs_diff(*b));
    let mean = differences().map(f64::from).sum::<f64>() / a.rgb.len() as f64;
    let off =
        |pixel: &[u8], other: &[u8]| pixel.iter().zip(other).any(|(a, b)| a.abs_diff(*b) > 32);
    let n_off = a.rgb.chunks(3).zip(b.rgb.chunks(3)).filter(|(a, b)| off(a, b)).count();
    let share = n_off as f64 / f64::from(a.width * a.height);
    println!("mean difference {mean:.3}, {:.3} % off", share * 100.0);
    assert!(mean <= 2.0 && share <= 0.005, "mean {mean}, share {share}");
}

#[test]
fn svg_through_resvg_is_the_png() {
    for (scene, dpi) in [(scenes::poster(), 300.0), (scenes::busy(40_000), 100.0)] {
        let png = png_picture(&scene, dpi);
        let svg = svg_picture(&svg::svg(&scene), png.width, png.height);
        if let Ok(folder) = std::env::var("EXPORT_LOOK") {
            let name = format!("{folder}/{}", scene.title);
            std::fs::write(format!("{name}.svg"), svg::svg(&scene)).unwrap();
            let options = PngOptions { dpi, ..Default::default() };
            std::fs::write(format!("{name}.png"), png_bytes(&scene, &options)).unwrap();
        }
        assert_agree(&png, &svg);
    }
}

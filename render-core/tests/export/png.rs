//! PNG files: exact size, exact pixels, the same in any bands, stoppable.

use render_core::color::Color;
use render_core::error::ExportError;
use render_core::export::png::{Checksum, PngOptions, Sheet, head, tail, to_png};
use render_core::export::raster::{Backdrop, Raster, render_rgba};
use render_core::scene::{Cap, Draw, Join, Paint, Scene, wire};

use crate::scenes;

pub fn png_bytes(scene: &Scene, options: &PngOptions) -> Vec<u8> {
    let mut file = Vec::new();
    let mut sink = |bytes: &[u8]| {
        file.extend_from_slice(bytes);
        Ok(())
    };
    to_png(scene, options, &mut sink, &mut |_| true).unwrap();
    file
}

fn in_bands(scene: &Scene, width: u32, height: u32, rows: u32) -> Vec<u8> {
    let mut raster = Raster::new(scene, width, height, Backdrop::White).unwrap();
    raster.set_band_rows(rows);
    let mut pixels = Vec::new();
    while let Some(band) = raster.next_band() {
        pixels.extend_from_slice(band);
    }
    pixels
}

fn pixel(pixels: &[u8], width: u32, x: u32, y: u32) -> [u8; 4] {
    let at = (y * width + x) as usize * 4;
    pixels[at..at + 4].try_into().unwrap()
}

#[test]
fn size_resolution_and_colour_space_are_as_asked() {
    let file = png_bytes(&scenes::poster(), &PngOptions { dpi: 150.0, ..Default::default() });
    let reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
    let info = reader.info();
    // 60 and 80 mm at 150 dpi are 354.3 and 472.4 pixels.
    assert_eq!((info.width, info.height), (354, 472));
    assert_eq!(info.color_type, png::ColorType::Rgb);
    assert_eq!(info.pixel_dims.map(|dims| dims.xppu), Some(5906));
    assert!(info.srgb.is_some() && !info.interlaced);
}

#[test]
fn bands_of_any_height_give_the_same_pixels() {
    for scene in [scenes::poster(), scenes::busy(6_000)] {
        let whole = in_bands(&scene, 700, 933, 1024);
        for rows in [4, 36, 64, 512] {
            assert!(in_bands(&scene, 700, 933, rows) == whole, "bands of {rows} rows differ");
        }
    }
}

#[test]
fn adjoining_polygons_of_an_item_show_no_seam() {
    let mut scene = scenes::page();
    let style = scenes::fill(&mut scene, scenes::INK);
    let start = scene.paths.subpaths.len() as u32;
    for i in 0..40 {
        let ring = scenes::rect(5.0 + 1.2345 * i as f32, 10.0, 1.2345, 50.0);
        scenes::subpath(&mut scene, &ring, true, true);
    }
    let item = render_core::scene::PathItem { style, subpaths: start..start + 40 };
    scene.items.push(render_core::scene::Item::Path(item));
    let pixels = render_rgba(&scene, 600, 800, Backdrop::White).unwrap();
    assert!((60..500).all(|x| pixel(&pixels, 600, x, 300) == [20, 40, 60, 255]));
}

#[test]
fn a_hole_shows_what_is_below() {
    let mut scene = scenes::page();
    let style = scenes::fill(&mut scene, scenes::INK);
    let rings: [&[[f32; 2]]; 2] =
        [&scenes::rect(10.0, 10.0, 30.0, 30.0), &scenes::hole(20.0, 20.0, 10.0, 10.0)];
    let item = scenes::polygon(&mut scene, style, &rings);
    scene.items.push(item);
    let pixels = render_rgba(&scene, 60, 80, Backdrop::Clear).unwrap();
    assert_eq!(pixel(&pixels, 60, 15, 15), [20, 40, 60, 255]);
    assert_eq!(pixel(&pixels, 60, 25, 25), [0; 4]);
}

#[test]
fn a_stroke_is_as_wide_on_paper_as_its_style_says_and_ends_as_its_cap_says() {
    for (cap, end) in [(Cap::Butt, 500), (Cap::Round, 520)] {
        let mut scene = scenes::page();
        let style = scenes::stroke(&mut scene, scenes::INK, 4.0, cap, Join::Round);
        // In the map group a metre is 0.05 mm; from 10 to 50 mm on the page.
        let item = scenes::line(&mut scene, style, &[[-400.0, 0.0], [400.0, 0.0]]);
        let map = scenes::map_group(&scene, vec![item]);
        scene.items.push(map);
        let pixels = render_rgba(&scene, 600, 800, Backdrop::White).unwrap();
        let is_ink = |x, y| pixel(&pixels, 600, x, y)[0] == 20;
        assert_eq!((0..800).filter(|y| is_ink(300, *y)).count(), 40);
        let right = (0..600).rev().find(|x| is_ink(*x, 400)).unwrap();
        assert!((end - 3..end).contains(&right), "{cap:?}: {right}");
    }
}

#[test]
fn dashes_have_their_lengths_on_paper() {
    let mut scene = scenes::page();
    let dash = vec![3.0, 2.0];
    let (paint, cap, join) = (scenes::solid(scenes::INK), Cap::Butt, Join::Miter);
    let style = scene.styles.add("dashes", Draw::Stroke { paint, width: 1.0, cap, join, dash });
    let item = scenes::line(&mut scene, style, &[[0.0, 40.0], [60.0, 40.0]]);
    scene.items.push(item);
    let pixels = render_rgba(&scene, 600, 800, Backdrop::White).unwrap();
    let is_ink = |x: u32| pixel(&pixels, 600, x, 400)[0] == 20;
    assert!((0..600).all(|x| is_ink(x) == (x % 50 < 30)));
}

/// A page of one colour, over which another fades away from below.
fn faded(below: Color, ink: Color) -> Scene {
    let mut scene = scenes::page();
    let fade = Paint::FadeY { color: ink, opaque_y: 80.0, clear_y: 0.0 };
    for draw in [Draw::Fill(scenes::solid(below)), Draw::Fill(fade)] {
        let style = scene.styles.add("sheet", draw);
        let item = scenes::polygon(&mut scene, style, &[&scenes::rect(0.0, 0.0, 60.0, 80.0)]);
        scene.items.push(item);
    }
    scene
}

#[test]
fn a_fade_has_no_steps() {
    // Twenty shades over 2000 rows: undithered they are bands of a hundred rows.
    let (below, ink) = (Color::new(240, 230, 210), Color::new(220, 230, 190));
    let (width, height) = (120, 2000);
    let pixels = render_rgba(&faded(below, ink), width, height, Backdrop::White).unwrap();
    let mut last = f64::INFINITY;
    for y in 0..height {
        let row: Vec<[u8; 4]> = (0..width).map(|x| pixel(&pixels, width, x, y)).collect();
        let amount = (f64::from(y) + 0.5) / f64::from(height);
        let mean = row.iter().map(|p| f64::from(p[0])).sum::<f64>() / f64::from(width);
        assert!((mean - (240.0 - 20.0 * amount)).abs() < 0.52, "row {y}: {mean}");
        assert!(mean <= last, "row {y} is lighter than the one above");
        assert!(row.iter().all(|p| p[1] == 230 && p[3] == 255), "what is equal stays");
        let shades = row.iter().map(|p| p[0]);
        assert!(shades.clone().max().unwrap() - shades.min().unwrap() <= 1);
        last = mean;
    }
    let column = |x: u32| (0..height).map(move |y| (x, y));
    let steps = |x: u32| column(x).map(|(x, y)| pixel(&pixels, width, x, y)[0]).collect::<Vec<_>>();
    assert_ne!(steps(3), steps(4), "neighbours step at rows of their own");
    assert!(steps(3).is_sorted_by(|a, b| a >= b), "and none flickers");
}

#[test]
fn without_paper_a_fade_takes_away_what_is_below_it() {
    let scene = faded(scenes::INK, Color::new(255, 255, 255));
    let pixels = render_rgba(&scene, 60, 800, Backdrop::Clear).unwrap();
    let alphas: Vec<u8> = (0..800).map(|y| pixel(&pixels, 60, 30, y)[3]).collect();
    assert!(alphas.is_sorted_by(|a, b| a >= b));
    assert!((alphas[0], alphas[799]) == (255, 0) && alphas[400].abs_diff(128) <= 1);
    // Straight alpha: the colour stays what it is where it is thin.
    assert!(pixel(&pixels, 60, 30, 400)[0].abs_diff(20) <= 2);
}

#[test]
fn odd_numbers_spoil_only_their_own_subpath() {
    let mut scene = scenes::page();
    let thick = scenes::stroke(&mut scene, scenes::INK, 4.0, Cap::Round, Join::Miter);
    let none = scenes::stroke(&mut scene, scenes::INK, f64::NAN, Cap::Round, Join::Miter);
    let fill = scenes::fill(&mut scene, scenes::INK);
    let odd = [[f32::NAN, 1.0], [f32::MAX, f32::MIN], [f32::INFINITY, 0.0]];
    for style in [thick, none, fill] {
        for points in [&odd[..], &odd[1..2], &[[30.0, 40.0]; 3]] {
            let item = scenes::line(&mut scene, style, points);
            scene.items.push(item);
        }
    }
    let item = scenes::line(&mut scene, thick, &[[10.0, 10.0], [50.0, 10.0]]);
    scene.items.push(item);
    let pixels = render_rgba(&scene, 60, 80, Backdrop::White).unwrap();
    assert_eq!(pixel(&pixels, 60, 30, 10)[0], 20);
    assert_eq!(pixel(&pixels, 60, 30, 40)[0], 255);
}

#[test]
fn a_picture_too_large_is_refused_and_a_stop_is_heard() {
    let scene = scenes::poster();
    let export = |dpi: f64, go_on: bool| {
        let options = PngOptions { dpi, ..Default::default() };
        to_png(&scene, &options, &mut |_| Ok(()), &mut |_| go_on)
    };
    for dpi in [1e6, f64::INFINITY, f64::NAN, 0.0, -300.0] {
        assert!(matches!(export(dpi, true), Err(ExportError::TooLarge { .. })), "{dpi}");
    }
    assert_eq!(export(72.0, false), Err(ExportError::Cancelled));
    let full = ExportError::Write { what: "disk full".into() };
    let mut sink = |_: &[u8]| Err(full.clone());
    let result = to_png(&scene, &PngOptions::default(), &mut sink, &mut |_| true);
    assert_eq!(result, Err(full.clone()));
}

#[test]
fn bands_made_apart_and_in_any_order_of_a_scene_that_was_sent_are_the_same_file() {
    let text = scenes::poster();
    for backdrop in [Backdrop::White, Backdrop::Clear] {
        let design = Some(r#"{"v":1}"#.to_owned());
        let options = PngOptions { dpi: 900.0, backdrop, design };
        let whole = png_bytes(&text, &options);
        let sent = wire::read(&wire::write(&text)).unwrap();
        let (mut here, mut there) =
            (Sheet::new(&text, &options).unwrap(), Sheet::new(&sent, &options).unwrap());
        let n = here.n_bands();
        assert!(n > 4, "{n} bands");
        let mut bands: Vec<_> = (0..n)
            .rev()
            .map(|i| match i % 3 {
                0 => here.band(i).unwrap(),
                _ => there.band(i).unwrap(),
            })
            .collect();
        bands.reverse();
        let checksum = bands.iter().fold(Checksum::NONE, |sum, band| sum.then(band.checksum));
        let mut file = head(&text, &options).unwrap();
        bands.iter().for_each(|band| file.extend(&band.bytes));
        file.extend(tail(checksum));
        assert!(file == whole, "{backdrop:?}");
        assert!(here.band(n).is_err());
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let rgba = render_rgba(&text, info.width, info.height, backdrop).unwrap();
        let expected: Vec<u8> = match backdrop {
            Backdrop::Clear => rgba,
            Backdrop::White => {
                rgba.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect()
            }
        };
        assert!(pixels == expected, "the pixels are those of the picture painted whole");
    }
}

#[test]
fn a_sent_scene_that_is_cut_or_spoilt_is_none() {
    let bytes = wire::write(&scenes::poster());
    for n in 0..bytes.len() {
        assert!(wire::read(&bytes[..n]).is_none(), "cut at {n}");
    }
    assert!(wire::read(&[&bytes[..], &[0]].concat()).is_none());
    // Whatever is in it, it is read or not, and takes no memory that is not there.
    for i in 0..bytes.len().min(4000) {
        let mut spoilt = bytes.clone();
        spoilt[i] = 0xff;
        let _ = wire::read(&spoilt);
    }
}

//! [`Scene`] → a WebP file without loss, for screens: the format's writer wants the picture whole.

use std::ops::Deref;

use image_webp::{ColorType, EncodingError, WebPEncoder};

use super::png::{PngOptions, size};
use super::raster::{Backdrop, render_rgba};
use super::xmp::Metadata;
use crate::error::ExportError;
use crate::scene::Scene;

/// Most pixels a side, as the format has it.
pub const MAX_SIDE: u32 = 16_383;

/// Most pixels at all: the picture and its copy are 100 MB.
pub const MAX_PIXELS: u64 = 16_000_000;

/// Writes the trimmed page as WebP, as [`to_png`](super::png::to_png) does. The format has no place for a resolution.
///
/// # Errors
/// When there are more than [`MAX_PIXELS`], a side has more than [`MAX_SIDE`], or none.
pub fn to_webp(
    scene: impl Deref<Target = Scene>,
    options: &PngOptions,
) -> Result<Vec<u8>, ExportError> {
    let (width, height) = size(&scene, options)?;
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        let limit = u64::from(MAX_SIDE);
        return Err(ExportError::TooLarge { width: width.into(), height: height.into(), limit });
    }
    let (title, format) = (scene.title.clone(), "image/webp");
    let design = options.design.as_deref();
    let packet = Metadata { title: &title, format, design }.packet("");
    let mut pixels = render_rgba(scene, width, height, options.backdrop)?;
    let color = match options.backdrop {
        Backdrop::Clear => ColorType::Rgba8,
        Backdrop::White => {
            pixels =
                pixels.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
            ColorType::Rgb8
        }
    };
    let mut file = Vec::new();
    let mut encoder = WebPEncoder::new(&mut file);
    encoder.set_xmp_metadata(packet.into_bytes());
    encoder.encode(&pixels, width, height, color).map_err(failed)?;
    Ok(file)
}

fn failed(error: EncodingError) -> ExportError {
    ExportError::Write { what: error.to_string() }
}

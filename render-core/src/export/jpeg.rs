//! [`Scene`] → a JPEG file, painted band by band.

use std::cell::RefCell;
use std::sync::Arc;

use jpeg_encoder::{
    Encoder, EncodingError, ImageBuffer, JpegColorType, PixelDensity, PixelDensityUnit,
    SamplingFactor, rgb_to_ycbcr,
};

use super::png::{PngOptions, size};
use super::raster::{Backdrop, Raster};
use super::xmp::Metadata;
use crate::error::ExportError;
use crate::scene::Scene;

/// Of 100: streets show no ripples, and a city is a third of its PNG.
const QUALITY: u8 = 90;

/// What stands before XMP in the segment that holds it.
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Writes the trimmed page as JPEG, as [`to_png`](super::png::to_png) does; with no colour halved in
/// resolution, as thin lines would lose theirs. A clear backdrop is white: JPEG has no other.
///
/// # Errors
/// When a side has more than [`MAX_SIDE`](super::raster::MAX_SIDE) pixels, or none.
pub fn to_jpeg(
    scene: &Arc<Scene>,
    options: &PngOptions,
    progress: &dyn Fn(f64),
) -> Result<Vec<u8>, ExportError> {
    let (width, height) = size(scene, options)?;
    let too_large = || ExportError::Write { what: "the picture is too large".into() };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let dpi = libm::round(options.dpi) as u16;
    encoder.set_density(PixelDensity { density: (dpi, dpi), unit: PixelDensityUnit::Inches });
    // A design of so much is of another's making, and its picture goes without.
    let design = options.design.as_deref().filter(|_| holds_design(scene, options));
    encoder.add_app_segment(1, packet(scene, design)).map_err(failed)?;
    let raster = Raster::new(scene.clone(), width, height, Backdrop::White)?;
    let image = Rows {
        width: u16::try_from(width).map_err(|_| too_large())?,
        height: u16::try_from(height).map_err(|_| too_large())?,
        raster: RefCell::new(raster),
        progress,
    };
    encoder.encode_image(image).map_err(failed)?;
    Ok(file)
}

/// Whether a file has room for its design: a segment has 64 kB with the two bytes of its length.
#[must_use]
pub fn holds_design(scene: &Scene, options: &PngOptions) -> bool {
    packet(scene, options.design.as_deref()).len() <= usize::from(u16::MAX) - 2
}

fn packet(scene: &Scene, design: Option<&str>) -> Vec<u8> {
    let (title, format) = (scene.title.as_str(), "image/jpeg");
    [XMP, Metadata { title, format, design }.packet("").as_bytes()].concat()
}

fn failed(error: EncodingError) -> ExportError {
    ExportError::Write { what: error.to_string() }
}

/// A picture whose rows are painted when the encoder asks for them.
struct Rows<'a> {
    width: u16,
    height: u16,
    raster: RefCell<Raster<Arc<Scene>>>,
    progress: &'a dyn Fn(f64),
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let mut raster = self.raster.borrow_mut();
        for [r, g, b, _] in raster.row(u32::from(y)).unwrap_or_default().as_chunks::<4>().0 {
            let (y, cb, cr) = rgb_to_ycbcr(*r, *g, *b);
            luma.push(y);
            blue.push(cb);
            red.push(cr);
        }
        (self.progress)(f64::from(y) / f64::from(self.height));
    }
}

//! [`Scene`] → a PNG file, rendered and encoded band by band, never whole in memory.

use std::io::{self, Write};

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, SrgbRenderingIntent};

use super::raster::{Backdrop, MAX_SIDE, Raster};
use super::xmp::Metadata;
use crate::error::ExportError;
use crate::scene::Scene;
use crate::units::Mm;

/// How a PNG is written.
#[derive(Debug, Clone, PartialEq)]
pub struct PngOptions {
    /// Pixels to the inch of paper; 300 by default, what print shops ask for.
    pub dpi: f64,
    /// What is behind the lowest item; paper by default.
    pub backdrop: Backdrop,
    /// The design as JSON, from which the file reopens; none by default.
    pub design: Option<String>,
}

impl Default for PngOptions {
    fn default() -> Self {
        Self { dpi: 300.0, backdrop: Backdrop::White, design: None }
    }
}

/// Bytes handed to the sink at a time, about.
const CHUNK_BYTES: usize = 1 << 18;

/// Writes the trimmed page as PNG: 8-bit RGB, or RGBA on a clear backdrop, not interlaced, with
/// its size on paper (`pHYs`). `sink` takes the file's bytes in order; `progress` hears the share
/// done, 0 to 1, and stops the work by returning false.
///
/// # Errors
/// When a side has more than [`MAX_SIDE`] pixels, or none; when the sink fails; when stopped.
pub fn to_png(
    scene: &Scene,
    options: &PngOptions,
    sink: &mut dyn FnMut(&[u8]) -> Result<(), ExportError>,
    progress: &mut dyn FnMut(f64) -> bool,
) -> Result<(), ExportError> {
    let (width, height) = size(scene, options)?;
    let mut raster = Raster::new(scene, width, height, options.backdrop)?;
    let mut failure = None;
    let out = Sink { sink, failure: &mut failure };
    let result = write(scene, options, (width, height), &mut raster, out, progress);
    // The encoder wraps the sink's own error in one of its own; the first is the true one.
    match (failure, result) {
        (Some(failure), _) => Err(failure),
        (None, result) => result,
    }
}

/// Width and height in pixels.
fn size(scene: &Scene, options: &PngOptions) -> Result<(u32, u32), ExportError> {
    let (width, height) =
        (Mm(scene.width).pixels(options.dpi), Mm(scene.height).pixels(options.dpi));
    let allowed = 1..=MAX_SIDE;
    if !allowed.contains(&width) || !allowed.contains(&height) {
        return Err(ExportError::TooLarge { width, height, limit: MAX_SIDE });
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most MAX_SIDE")]
    let size = (width as u32, height as u32);
    Ok(size)
}

fn write(
    scene: &Scene,
    options: &PngOptions,
    (width, height): (u32, u32),
    raster: &mut Raster,
    out: Sink,
    progress: &mut dyn FnMut(f64) -> bool,
) -> Result<(), ExportError> {
    let has_alpha = options.backdrop == Backdrop::Clear;
    let mut encoder = Encoder::new(out, width, height);
    encoder.set_color(if has_alpha { ColorType::Rgba } else { ColorType::Rgb });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    encoder.set_pixel_dims(Some(pixel_dimensions(options.dpi)));
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Up);
    if !scene.title.is_empty() {
        encoder.add_itxt_chunk("Title".into(), scene.title.clone()).map_err(failed)?;
    }
    if let Some(design) = &options.design {
        let (title, format) = (scene.title.as_str(), "image/png");
        let xmp = Metadata { title, format, design: Some(design) }.packet("");
        encoder.add_itxt_chunk("XML:com.adobe.xmp".into(), xmp).map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    let mut stream = writer.stream_writer_with_size(CHUNK_BYTES).map_err(failed)?;
    let mut rgb = Vec::new();
    while let Some(rgba) = raster.next_band() {
        if has_alpha {
            stream.write_all(rgba).map_err(refused)?;
        } else {
            rgb.clear();
            rgb.extend(rgba.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]));
            stream.write_all(&rgb).map_err(refused)?;
        }
        if !progress(raster.fraction()) {
            return Err(ExportError::Cancelled);
        }
    }
    stream.finish().map_err(failed)?;
    writer.finish().map_err(failed)
}

/// Pixels to the metre, as `pHYs` wants them.
fn pixel_dimensions(dpi: f64) -> png::PixelDimensions {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let per_metre = (dpi / 0.0254 + 0.5).floor() as u32;
    png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
}

fn failed(error: EncodingError) -> ExportError {
    ExportError::Write { what: error.to_string() }
}

fn refused(error: io::Error) -> ExportError {
    ExportError::Write { what: error.to_string() }
}

/// The caller's sink as the encoder wants it.
struct Sink<'a> {
    sink: &'a mut dyn FnMut(&[u8]) -> Result<(), ExportError>,
    failure: &'a mut Option<ExportError>,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Err(io::ErrorKind::Other.into());
        }
        match (self.sink)(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                *self.failure = Some(error);
                Err(io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

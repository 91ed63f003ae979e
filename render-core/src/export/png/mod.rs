//! [`Scene`] → a PNG file, painted and packed band by band, never whole in memory, by one thread or
//! several.

mod stream;

use std::io;
use std::ops::Deref;

use png::{BitDepth, ColorType, Encoder, EncodingError, SrgbRenderingIntent};

use self::stream::AHEAD;
pub use self::stream::Checksum;

use super::raster::{self, Backdrop, MAX_SIDE, Raster};
use super::xmp::Metadata;
use crate::error::ExportError;
use crate::scene::Scene;
use crate::units::Mm;

/// How a PNG, or another picture, is written.
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

/// Pixels of a band, about: few enough bands to be fast, and small enough that some in several
/// threads are little on a phone.
const BAND_PIXELS: u32 = 1_000_000;

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
    let mut sheet = Sheet::new(scene, options)?;
    sink(&head(scene, options)?)?;
    let mut checksum = Checksum::NONE;
    for n in 0..sheet.n_bands() {
        let band = sheet.band(n)?;
        sink(&band.bytes)?;
        checksum = checksum.then(band.checksum);
        if !progress(f64::from(n + 1) / f64::from(sheet.n_bands())) {
            return Err(ExportError::Cancelled);
        }
    }
    sink(&tail(checksum))
}

/// A PNG in bands, each of which any thread can make: a file is its [`head`], every band in order
/// and its [`tail`], and has the same bytes whoever made which.
#[derive(Debug)]
pub struct Sheet<S> {
    raster: Raster<S>,
    width: usize,
    has_alpha: bool,
    /// A band's rows, each behind its filter.
    rows: Vec<u8>,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// An `IDAT` chunk.
    pub bytes: Vec<u8>,
    /// For the file's [`tail`].
    pub checksum: Checksum,
}

impl<S: Deref<Target = Scene>> Sheet<S> {
    /// Gets ready to make bands.
    ///
    /// # Errors
    /// When a side has more than [`MAX_SIDE`] pixels, or none.
    pub fn new(scene: S, options: &PngOptions) -> Result<Self, ExportError> {
        let (width, height) = size(&scene, options)?;
        let mut raster = Raster::new(scene, width, height, options.backdrop)?;
        raster.set_band_rows(band_rows(width));
        let has_alpha = options.backdrop == Backdrop::Clear;
        Ok(Self { raster, width: width as usize, has_alpha, rows: Vec::new() })
    }

    /// How many there are.
    #[must_use]
    pub fn n_bands(&self) -> u32 {
        self.raster.n_bands()
    }

    /// Paints and packs a band.
    ///
    /// # Errors
    /// When there is no such band.
    pub fn band(&mut self, n: u32) -> Result<Band, ExportError> {
        let no_band = || ExportError::Write { what: format!("there is no band {n}") };
        let rgba = self.raster.band(n).ok_or_else(no_band)?;
        if self.has_alpha {
            filter::<4>(rgba, self.width, &mut self.rows);
        } else {
            filter::<3>(rgba, self.width, &mut self.rows);
        }
        let (bytes, checksum) = stream::pack(&self.rows).map_err(refused)?;
        Ok(Band { bytes: end_chunk(*b"IDAT", bytes), checksum })
    }
}

/// How many bands a file has, before one gets ready to make them.
///
/// # Errors
/// When a side has more than [`MAX_SIDE`] pixels, or none.
pub fn n_bands(scene: &Scene, options: &PngOptions) -> Result<u32, ExportError> {
    let (width, height) = size(scene, options)?;
    Ok(height.div_ceil(raster::whole_tiles(band_rows(width))))
}

fn band_rows(width: u32) -> u32 {
    (BAND_PIXELS / width.max(1)).max(FEWEST_ROWS)
}

/// Rows of fewer pixels than four thousand would make bands of too few to pack well.
const FEWEST_ROWS: u32 = 64;

/// RGBA pixels → rows of their first `N` channels, each as what differs from the row above; of the
/// first, which stands for itself, from the pixel before.
fn filter<const N: usize>(rgba: &[u8], width: usize, rows: &mut Vec<u8>) {
    const LEFT: u8 = 1;
    const UP: u8 = 2;
    let line = width * 4;
    rows.resize(rgba.len() / line * (1 + width * N), 0);
    let before_first = [&[0; 4], rgba.get(..line - 4).unwrap_or(&[])].concat();
    let above = std::iter::once(&*before_first).chain(rgba.chunks_exact(line));
    let mut differing = vec![0; line];
    for (i, ((pixels, above), row)) in
        rgba.chunks_exact(line).zip(above).zip(rows.chunks_exact_mut(1 + width * N)).enumerate()
    {
        let Some((kind, row)) = row.split_first_mut() else { return };
        *kind = if i == 0 { LEFT } else { UP };
        for (differs, (byte, before)) in differing.iter_mut().zip(pixels.iter().zip(above)) {
            *differs = byte.wrapping_sub(*before);
        }
        if N == 4 {
            row.copy_from_slice(&differing);
        } else {
            without_alpha(&differing, row);
        }
    }
}

/// RGBA → RGB, four pixels as three words at a time: by the byte it takes as long as packing them.
fn without_alpha(rgba: &[u8], rgb: &mut [u8]) {
    let (words, rest) = rgba.as_chunks::<16>();
    let (out, out_rest) = rgb.as_chunks_mut::<12>();
    for (out, words) in out.iter_mut().zip(words) {
        let [a, b, c, d] = [0, 4, 8, 12].map(|at| {
            let pixel = words.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
            u32::from_le_bytes(pixel) & 0x00ff_ffff
        });
        let packed = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8].map(u32::to_le_bytes);
        *out = bytemuck::cast(packed);
    }
    for (out, [r, g, b, _]) in
        out_rest.as_chunks_mut::<3>().0.iter_mut().zip(rest.as_chunks::<4>().0)
    {
        *out = [*r, *g, *b];
    }
}

/// Data behind [`AHEAD`] bytes of room → a chunk.
fn end_chunk(kind: [u8; 4], mut chunk: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(chunk.len().saturating_sub(AHEAD)).unwrap_or(u32::MAX);
    if let Some(start) = chunk.first_chunk_mut::<AHEAD>() {
        let [a, b, c, d] = length.to_be_bytes();
        let [e, f, g, h] = kind;
        *start = [a, b, c, d, e, f, g, h];
    }
    let checked = crc32fast::hash(chunk.get(4..).unwrap_or_default());
    chunk.extend(checked.to_be_bytes());
    chunk
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    end_chunk(kind, [&[0; AHEAD], data].concat())
}

/// What stands behind the last band, whose checksum and all before it this is.
#[must_use]
pub fn tail(checksum: Checksum) -> Vec<u8> {
    [chunk(*b"IDAT", &stream::tail(checksum)), chunk(*b"IEND", &[])].concat()
}

/// Width and height in pixels.
pub(super) fn size(scene: &Scene, options: &PngOptions) -> Result<(u32, u32), ExportError> {
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

/// What stands before the first band.
///
/// # Errors
/// When a side has more than [`MAX_SIDE`] pixels, or none.
pub fn head(scene: &Scene, options: &PngOptions) -> Result<Vec<u8>, ExportError> {
    let (width, height) = size(scene, options)?;
    let has_alpha = options.backdrop == Backdrop::Clear;
    let mut head = Vec::new();
    let mut encoder = Encoder::new(&mut head, width, height);
    encoder.set_color(if has_alpha { ColorType::Rgba } else { ColorType::Rgb });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    encoder.set_pixel_dims(Some(pixel_dimensions(options.dpi)));
    if !scene.title.is_empty() {
        encoder.add_itxt_chunk("Title".into(), scene.title.clone()).map_err(failed)?;
    }
    if let Some(design) = &options.design {
        let (title, format) = (scene.title.as_str(), "image/png");
        let xmp = Metadata { title, format, design: Some(design) }.packet("");
        encoder.add_itxt_chunk("XML:com.adobe.xmp".into(), xmp).map_err(failed)?;
    }
    drop(encoder.write_header().map_err(failed)?);
    // The encoder ends a file that it is given no pixels for.
    head.truncate(head.len().saturating_sub(chunk(*b"IEND", &[]).len()));
    head.extend(chunk(*b"IDAT", &stream::HEAD));
    Ok(head)
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

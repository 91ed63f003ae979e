//! [`Scene`] → pixels, in bands of rows that join without a seam.
//!
//! A band shows exactly the pixels the whole picture has, natively and in wasm, because
//! - points are rounded to 1/256 pixel, which `f32` holds exactly at any offset up to 65 536;
//! - strokes, dashes and curves become polygons here, with + − × ÷ √ alone;
//! - fades are of whole numbers, or drawn a row at a time in one colour each;
//! - bands start at multiples of the rasteriser's tile height;
//! - on x86 the rasteriser runs without fused multiply-add, which wasm does not have.

pub(super) mod dash;
mod fades;
mod pieces;
mod slices;
pub(super) mod stroke;

use std::ops::Deref;

use vello_cpu::color::{AlphaColor, Srgb};
use vello_cpu::kurbo::{BezPath, PathEl, Rect};
use vello_cpu::peniko::{BlendMode, Compose, Mix};
use vello_cpu::{
    Level, PixmapMut, RasterizerSettings, RenderContext, RenderSettings, Resources, TargetInit,
};

use self::pieces::{Op, PathOp, Prepared, Shape};
use self::stroke::{Outline, Point, Stroker};
use crate::color::Color;
use crate::error::ExportError;
use crate::scene::Scene;

/// Most pixels a side; the rasteriser counts in 16 bits.
pub const MAX_SIDE: u64 = 65_535;

/// Bands start at multiples of this row count.
const TILE_ROWS: u32 = 4;

/// What is behind the lowest item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backdrop {
    /// Paper.
    White,
    /// Nothing, and what fades on the poster fades to that.
    Clear,
}

/// Renders a whole picture: RGBA with straight alpha, row by row from the top. For previews and
/// thumbnails; [`png`](super::png) goes band by band.
///
/// # Errors
/// When a side is larger than [`MAX_SIDE`].
pub fn render_rgba(
    scene: impl Deref<Target = Scene>,
    width: u32,
    height: u32,
    backdrop: Backdrop,
) -> Result<Vec<u8>, ExportError> {
    let mut raster = Raster::new(scene, width, height, backdrop)?;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    while let Some(band) = raster.next_band() {
        pixels.extend_from_slice(band);
    }
    Ok(pixels)
}

/// A scene, borrowed or owned, on its way to pixels.
#[derive(Debug)]
pub struct Raster<S> {
    prepared: Prepared<S>,
    width: u16,
    height: u32,
    band_rows: u32,
    backdrop: Backdrop,
    next_band: u32,
    /// The band whose pixels these are.
    painted: Option<u32>,
    painter: Painter,
    pixels: Vec<u8>,
}

impl<S: Deref<Target = Scene>> Raster<S> {
    /// Fits a scene's page to a picture of `width` × `height` pixels.
    ///
    /// # Errors
    /// When a side is larger than [`MAX_SIDE`].
    pub fn new(scene: S, width: u32, height: u32, backdrop: Backdrop) -> Result<Self, ExportError> {
        let too_large = ExportError::TooLarge {
            width: u64::from(width),
            height: u64::from(height),
            limit: MAX_SIDE,
        };
        let (Ok(width), Ok(_)) = (u16::try_from(width), u16::try_from(height)) else {
            return Err(too_large);
        };
        // About 8 MB of pixels a band: few enough bands to be fast, small enough for a phone.
        let band_rows = (2_000_000 / u32::from(width).max(1)).clamp(64, 1024);
        let mut raster = Self {
            prepared: Prepared::new(scene, f64::from(width), f64::from(height)),
            width,
            height,
            band_rows: 0,
            backdrop,
            next_band: 0,
            painted: None,
            painter: Painter::new(level()),
            pixels: Vec::new(),
        };
        raster.set_band_rows(band_rows);
        Ok(raster)
    }

    /// How many rows a band has, rounded to whole tiles.
    pub fn set_band_rows(&mut self, rows: u32) {
        self.band_rows = whole_tiles(rows);
    }

    /// How many bands there are.
    #[must_use]
    pub fn n_bands(&self) -> u32 {
        if self.width == 0 { 0 } else { self.height.div_ceil(self.band_rows) }
    }

    /// The rows of a band, RGBA with straight alpha; `None` behind the last.
    pub fn band(&mut self, n: u32) -> Option<&[u8]> {
        let top = n.checked_mul(self.band_rows)?;
        let rows = self.band_rows.min(self.height.saturating_sub(top));
        if rows == 0 || self.width == 0 {
            return None;
        }
        let n_bytes = usize::from(self.width) * rows as usize * 4;
        self.pixels.resize(n_bytes, 0);
        let band = Band { top, rows, width: self.width };
        self.painter.render(&self.prepared, &band, self.backdrop, &mut self.pixels);
        self.painted = Some(n);
        Some(&self.pixels)
    }

    /// A row; its band is painted when another's were before.
    pub fn row(&mut self, y: u32) -> Option<&[u8]> {
        let n = y / self.band_rows;
        if self.painted != Some(n) {
            self.band(n)?;
        }
        let row = usize::from(self.width) * 4;
        let start = (y - n * self.band_rows) as usize * row;
        self.pixels.get(start..start + row)
    }

    /// The next band; `None` after the last.
    pub fn next_band(&mut self) -> Option<&[u8]> {
        let n = self.next_band;
        self.next_band += 1;
        self.band(n)
    }
}

/// The rows of a band that is to have so many.
pub(super) fn whole_tiles(rows: u32) -> u32 {
    (rows / TILE_ROWS * TILE_ROWS).clamp(TILE_ROWS, 32_768)
}

/// The SIMD level whose pixels are those of wasm: on x86 the best without fused multiply-add.
fn level() -> Level {
    let level = Level::try_detect().unwrap_or(Level::baseline());
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(sse) = level.as_sse4_2() {
        return Level::Sse4_2(sse);
    }
    level
}

/// Rows of the picture.
#[derive(Debug, Clone, Copy)]
struct Band {
    top: u32,
    rows: u32,
    width: u16,
}

impl Band {
    fn shows(&self, (top, bottom): (f32, f32)) -> bool {
        f64::from(bottom) >= f64::from(self.top) - 1.0
            && f64::from(top) <= f64::from(self.top + self.rows) + 1.0
    }
}

/// Draws bands; keeps its buffers between them.
#[derive(Debug)]
struct Painter {
    context: RenderContext,
    resources: Resources,
    path: BandPath,
    /// Whether fades take away what is below them.
    erases: bool,
    /// A row of a path that fades.
    slice: BezPath,
    stroker: Stroker,
    points: Vec<Point>,
}

impl Painter {
    fn new(level: Level) -> Self {
        let settings = RenderSettings { level, num_threads: 0 };
        Self {
            context: RenderContext::new_with(1, 1, settings),
            resources: Resources::new(),
            path: BandPath::default(),
            erases: false,
            slice: BezPath::new(),
            stroker: Stroker::default(),
            points: Vec::new(),
        }
    }

    fn render<S: Deref<Target = Scene>>(
        &mut self,
        prepared: &Prepared<S>,
        band: &Band,
        backdrop: Backdrop,
        out: &mut [u8],
    ) {
        self.path.top = f64::from(band.top);
        self.erases = backdrop == Backdrop::Clear;
        let (hiding, n_seen) = self.hiding(prepared, band);
        let whole = *band;
        let mut band = Band { rows: n_seen, ..whole };
        self.begin(&band);
        let mut init = TargetInit::Clear(match backdrop {
            Backdrop::White => AlphaColor::WHITE,
            Backdrop::Clear => AlphaColor::TRANSPARENT,
        });
        let (mut n_clips, mut has_paint) = (0, false);
        for (n, op) in prepared.ops.iter().enumerate() {
            if n < hiding && n_seen == 0 {
                continue;
            }
            match op {
                Op::PushClip([from, to]) => {
                    n_clips += 1;
                    let ((x0, y0), (x1, y1)) = (self.path.place(*from), self.path.place(*to));
                    self.context.push_clip_rect(&Rect::new(x0, y0, x1, y1));
                }
                Op::PopClip => {
                    n_clips -= 1;
                    self.context.pop_clip();
                }
                Op::Path(path) => {
                    let shown = if n == hiding { &whole } else { &band };
                    let faded = path.ink.fade.filter(|_| n_clips == 0 && shown.shows(path.rows));
                    let rect =
                        faded.and_then(|fade| Some((fade, self.rect(prepared, path, shown)?)));
                    let Some((fade, rect)) = rect else {
                        has_paint |= self.paint(prepared, path, &band);
                        continue;
                    };
                    // Over what is painted so far; what follows is painted over that.
                    if has_paint || init != TargetInit::SrcOver {
                        self.put(&band, init, out);
                    }
                    if n == hiding {
                        band = whole;
                    }
                    self.begin(&band);
                    (init, has_paint) = (TargetInit::SrcOver, false);
                    let color = Some(path.ink.color).filter(|_| backdrop == Backdrop::White);
                    fades::draw(color, &fade, &rect, &band, out);
                }
            }
        }
        // Most often nothing lies on a fade, and it need not be gone over once more.
        if has_paint || init != TargetInit::SrcOver {
            self.put(&band, init, out);
        }
        if backdrop == Backdrop::Clear {
            unpremultiply(out);
        }
    }

    /// The last fade that is opaque in the lower rows of a band, and how many rows are above these: there alone what is
    /// drawn before it is seen. Where there is none, all rows are.
    fn hiding<S: Deref<Target = Scene>>(
        &mut self,
        prepared: &Prepared<S>,
        band: &Band,
    ) -> (usize, u32) {
        let (mut n_clips, mut found) = (0, (0, band.rows));
        for (n, op) in prepared.ops.iter().enumerate() {
            match op {
                Op::PushClip(_) => n_clips += 1,
                Op::PopClip => n_clips -= 1,
                Op::Path(path) => {
                    let fade = path.ink.fade.filter(|_| n_clips == 0 && band.shows(path.rows));
                    let Some(fade) = fade else { continue };
                    let Some(rect) = self.rect(prepared, path, band) else { continue };
                    let n_seen = fades::rows_above_opaque(&fade, &rect, band);
                    if n_seen < band.rows {
                        found = (n, n_seen);
                    }
                }
            }
        }
        found
    }

    /// The box that an item is in the band, if it is one.
    fn rect<S: Deref<Target = Scene>>(
        &mut self,
        prepared: &Prepared<S>,
        op: &PathOp,
        band: &Band,
    ) -> Option<Rect> {
        self.path.clear();
        self.trace(prepared, op, band);
        slices::as_rect(&self.path.path)
    }

    /// Has nothing be painted yet.
    fn begin(&mut self, band: &Band) {
        self.context.reset_and_resize(band.width, rows(band).max(1));
    }

    /// Has what was painted be the pixels of a band.
    fn put(&mut self, band: &Band, target_init: TargetInit, out: &mut [u8]) {
        let n_bytes = usize::from(band.width) * band.rows as usize * 4;
        let Some(out) = out.get_mut(..n_bytes).filter(|out| !out.is_empty()) else { return };
        if let Some(target) = PixmapMut::new(band.width, rows(band), out) {
            let settings = RasterizerSettings { target_init, ..Default::default() };
            self.context.render_with(target, &mut self.resources, settings);
        }
    }

    /// Paints an item; whether any of it is in the band.
    fn paint<S: Deref<Target = Scene>>(
        &mut self,
        prepared: &Prepared<S>,
        op: &PathOp,
        band: &Band,
    ) -> bool {
        if !band.shows(op.rows) {
            return false;
        }
        self.path.clear();
        self.trace(prepared, op, band);
        if self.path.path.elements().is_empty() {
            return false;
        }
        match op.ink.fade {
            None => {
                self.context.set_paint(color(op.ink.color, op.ink.opacity));
                self.context.fill_path(&self.path.path);
            }
            Some(fade) if self.erases => {
                self.context.set_blend_mode(BlendMode::new(Mix::Normal, Compose::DestOut));
                self.fade(op.ink.color, fade, band);
                self.context.set_blend_mode(BlendMode::default());
            }
            Some(fade) => self.fade(op.ink.color, fade, band),
        }
        true
    }

    /// Collects the part of an item that shows in the band.
    fn trace<S: Deref<Target = Scene>>(
        &mut self,
        prepared: &Prepared<S>,
        op: &PathOp,
        band: &Band,
    ) {
        match &op.shape {
            Shape::Outlines(contours) => contours.iter().for_each(|c| self.path.contour(c)),
            Shape::Fill(pieces) => {
                for piece in prepared.pieces(pieces) {
                    if band.shows(piece.rows) {
                        prepared.points_of(piece, &op.to_pixels, &mut self.points);
                        self.path.ring(&self.points, band);
                    }
                }
            }
            Shape::Stroke { pieces, pen } => {
                for piece in prepared.pieces(pieces) {
                    if band.shows(piece.rows) {
                        let (line, first) =
                            prepared.line_of(piece, &op.to_pixels, &mut self.points);
                        self.stroker.piece(&line, first, pen, &mut self.path);
                    }
                }
            }
            Shape::Dashes { pieces, pen, pattern } => {
                let reach = pen.reach();
                for piece in prepared.pieces(pieces) {
                    if !band.shows(piece.rows) {
                        continue;
                    }
                    let line = prepared.whole_line_of(piece, &op.to_pixels, &mut self.points);
                    dash::for_each_dash(&line, pattern, |points| {
                        if band.shows(pieces::rows_of(points, reach)) {
                            let line = stroke::Line { points, is_closed: false };
                            self.stroker.line(&line, pen, &mut self.path);
                        }
                    });
                }
            }
        }
    }

    /// Fills the path with one colour a row, so that a fade is the same in every band.
    fn fade(&mut self, ink: Color, fade: pieces::Fade, band: &Band) {
        let alpha = |row: u32| fade.alpha(f64::from(band.top + row) + 0.5);
        let rect = slices::as_rect(&self.path.path);
        let mut row = 0;
        while row < band.rows {
            let (start, current) = (row, alpha(row));
            row += 1;
            // A box is cut without rounding, so rows of one colour may go together.
            while rect.is_some() && row < band.rows && alpha(row) == current {
                row += 1;
            }
            if current == 0 {
                continue;
            }
            self.context.set_paint(color(ink, f64::from(current) / 255.0));
            let (top, bottom) = (f64::from(start), f64::from(row));
            if let Some(rect) = rect {
                let (top, bottom) = (rect.y0.max(top), rect.y1.min(bottom));
                if top < bottom {
                    self.context.fill_rect(&Rect::new(rect.x0, top, rect.x1, bottom));
                }
            } else {
                slices::cut(&self.path.path, top, bottom, &mut self.slice);
                if !self.slice.elements().is_empty() {
                    self.context.fill_path(&self.slice);
                }
            }
        }
    }
}

fn rows(band: &Band) -> u16 {
    // A band has at most 32 768.
    u16::try_from(band.rows).unwrap_or(u16::MAX)
}

fn color(color: Color, opacity: f64) -> AlphaColor<Srgb> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=255")]
    let alpha = (opacity * 255.0 + 0.5) as u8;
    AlphaColor::from_rgba8(color.r, color.g, color.b, alpha)
}

/// Straight alpha from premultiplied, rounded.
fn unpremultiply(pixels: &mut [u8]) {
    for [r, g, b, a] in pixels.as_chunks_mut::<4>().0 {
        let alpha = u32::from(*a);
        if alpha != 0 && alpha != 255 {
            for channel in [r, g, b] {
                let straight = (u32::from(*channel) * 255 + alpha / 2) / alpha;
                *channel = u8::try_from(straight).unwrap_or(u8::MAX);
            }
        }
    }
}

/// A path in the pixels of a band.
#[derive(Debug, Default)]
struct BandPath {
    path: BezPath,
    top: f64,
}

/// Adding and taking this away leaves a multiple of 1/256, ties to even.
const ROUND_TO_256TH: f64 = 1.5 * (1_u64 << 44) as f64;

impl BandPath {
    fn clear(&mut self) {
        self.path.truncate(0);
    }

    fn place(&self, [x, y]: Point) -> (f64, f64) {
        let round = |v: f64| (v + ROUND_TO_256TH) - ROUND_TO_256TH;
        (round(x), round(y) - self.top)
    }

    fn contour(&mut self, points: &[Point]) {
        let Some((first, rest)) = points.split_first() else { return };
        self.move_to(*first);
        rest.iter().for_each(|point| self.line_to(*point));
    }

    /// A ring without the vertices that only lead about outside of the band: edges that stay above
    /// or below it cover nothing in it.
    fn ring(&mut self, points: &[Point], band: &Band) {
        let (above, below) = (self.top - 1.0, self.top + f64::from(band.rows) + 1.0);
        let side = |p: &Point| if p[1] < above { -1 } else { i32::from(p[1] > below) };
        let Some((first, rest)) = points.split_first() else { return };
        self.move_to(*first);
        let (mut before, mut skipped) = (side(first), None);
        for point in rest {
            let at = side(point);
            if at != 0 && at == before {
                skipped = Some(*point);
                continue;
            }
            if let Some(skipped) = skipped.take() {
                self.line_to(skipped);
            }
            self.line_to(*point);
            before = at;
        }
        if let Some(skipped) = skipped {
            self.line_to(skipped);
        }
    }
}

impl Outline for BandPath {
    fn move_to(&mut self, point: Point) {
        let point = self.place(point);
        self.path.push(PathEl::MoveTo(point.into()));
    }

    fn line_to(&mut self, point: Point) {
        let point = self.place(point);
        self.path.push(PathEl::LineTo(point.into()));
    }
}

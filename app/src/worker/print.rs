//! The print worker: shapes text, paints pixels, writes files; loaded when first needed.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use render_core::design::Design;
use render_core::error::ExportError;
use render_core::export::pdf::{Marks, PdfOptions, Standard, to_pdf};
use render_core::export::plotter::{PlotterOptions, to_plotter};
use render_core::export::png::{PngOptions, to_png};
use render_core::export::raster::{Backdrop, render_rgba};
use render_core::export::svg::{SvgOptions, to_svg};
use render_core::osm::OsmData;
use render_core::page::coordinates_line;
use render_core::scene::Scene;
use render_core::text::{Fonts, ShapedTexts, Texts, shape_texts, shaped};
use render_core::{build_scene, build_vector_scene};
use wasm_bindgen_futures::spawn_local;

use super::port;
use super::poster::TextsCache;
use super::protocol::{Answer, Format, Job, Poster, Progress, Stage};
use super::source::{Downloads, Meanwhile, file, load};
use crate::failure::Failure;

/// The fonts beside the app, in order of preference.
const FONTS: [&str; 5] =
    ["Jost-Bold", "Jost-Light", "Jost-Regular", "Geologica-Bold", "Geologica-Light"];
/// Parts of a file are sent in chunks of this many bytes: few messages, little held here.
const CHUNK: usize = 1 << 20;

/// What the worker keeps between jobs.
#[derive(Default)]
struct Press {
    /// None in a fresh worker.
    data: RefCell<Option<OsmData>>,
    texts: TextsCache,
    fonts: RefCell<Option<Fonts>>,
}

/// The worker's life.
pub fn run() {
    let press = Rc::new(Press::default());
    let downloads = Downloads::default();
    port::serve(move |id, job: Job, buffers| {
        let (press, downloads) = (press.clone(), downloads.clone());
        spawn_local(async move {
            let result = match job {
                Job::Cancel { id } => return downloads.cancel(id),
                Job::Load { source, .. } => {
                    let meanwhile =
                        Meanwhile { on_try: || {}, on_data: |_: &_| {}, on_beat: || {} };
                    match load(id, source, buffers, &downloads, meanwhile, &mut Vec::new()).await {
                        Ok((data, loaded)) => {
                            *press.data.borrow_mut() = Some(data);
                            Ok((Answer::Loaded(loaded), None))
                        }
                        Err(answer) => Ok((answer, None)),
                    }
                }
                Job::Shape { design, fonts } => press.shape(&design, &fonts).await,
                Job::Export { poster, format } => press.export(id, &poster, format).await,
                Job::Raster { poster, width } => press.raster(&poster, width).await,
                Job::Compose(_) | Job::Looks { .. } | Job::Pack | Job::CheckTheme { .. } => {
                    Err(Failure::of_worker("it was asked for another worker's job"))
                }
            };
            match result {
                Ok((answer, buffer)) => port::post(id, answer, buffer.as_slice()),
                Err(failure) => port::post(id, Answer::Failed(failure), &[]),
            }
        });
    });
}

type Done = Result<(Answer, Option<ArrayBuffer>), Failure>;

fn tell(id: u32, stage: Stage, fraction: Option<f64>) {
    port::post(id, Answer::Progress(Progress { fraction, ..Progress::at(stage) }), &[]);
}

impl Press {
    async fn shape(&self, design: &str, fonts: &str) -> Done {
        let design = Design::from_json(design)?.output;
        if self.fonts.borrow().is_none() {
            let mut files = Vec::new();
            for name in FONTS {
                files.push((name.to_owned(), file(&fonts.replace("NAME", name)).await?));
            }
            *self.fonts.borrow_mut() = Some(Fonts::new(files).output);
        }
        let fonts = self.fonts.borrow();
        let texts = shape(&design, fonts.as_ref().unwrap_or(&Fonts::default()));
        let json = String::from_utf8(shaped::write(&texts)).unwrap_or_default();
        Ok((Answer::Shaped { json }, None))
    }

    /// The very scene the preview shows.
    /// `is_vector`: for a file of lines, which may be coarser.
    async fn scene(
        &self,
        poster: &Poster,
        is_vector: bool,
    ) -> Result<(Scene, Design, u32), Failure> {
        let texts = self.texts.get(&poster.texts).await?;
        let (design, theme) = (poster.design()?, poster.theme()?);
        let data = self.data.borrow();
        let data = data.as_ref().ok_or_else(|| Failure::of_worker("its map was gone"))?;
        let build = if is_vector { build_vector_scene } else { build_scene };
        let built = build(data, &design, &theme, &texts);
        let n_warnings = u32::try_from(built.warnings.len()).unwrap_or(u32::MAX);
        Ok((built.output, design, n_warnings))
    }

    async fn export(&self, id: u32, poster: &Poster, format: Format) -> Done {
        tell(id, Stage::Drawing, None);
        let (scene, design, warnings) = self.scene(poster, format.is_vector()).await?;
        let mut chunks = Chunks { id, pending: Vec::new() };
        let embedded = Some(design.to_json());
        match format {
            Format::Png => {
                let options =
                    PngOptions { dpi: design.dpi, design: embedded, ..PngOptions::default() };
                let mut told = 0.0;
                let mut progress = |fraction: f64| {
                    // A message for each of some hundred bands would be no news.
                    if fraction - told >= 0.01 {
                        told = fraction;
                        tell(id, Stage::Writing, Some(fraction));
                    }
                    true
                };
                to_png(&scene, &options, &mut |bytes| chunks.take(bytes), &mut progress)?;
            }
            Format::Svg => {
                tell(id, Stage::Writing, None);
                let options = SvgOptions { design: embedded, ..SvgOptions::default() };
                chunks.take(&to_svg(&scene, &options)?)?;
            }
            Format::Plotter => {
                tell(id, Stage::Writing, None);
                chunks.take(&to_plotter(&scene, &PlotterOptions::of(&design))?)?;
            }
            Format::Pdf => {
                tell(id, Stage::Writing, None);
                let options = PdfOptions {
                    marks: Marks::of(&design),
                    language: Some(design.locale.clone()),
                    standard: Standard::of(&design),
                    design: embedded,
                };
                chunks.take(&to_pdf(&scene, &options)?)?;
            }
        }
        chunks.send();
        Ok((Answer::File { warnings }, None))
    }

    async fn raster(&self, poster: &Poster, width: u32) -> Done {
        let (scene, ..) = self.scene(poster, false).await?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let height = (f64::from(width) * scene.height / scene.width).round() as u32;
        let pixels = render_rgba(&scene, width, height, Backdrop::White)?;
        Ok((Answer::Pixels { width, height }, Some(port::buffer(&pixels))))
    }
}

fn shape(design: &Design, fonts: &Fonts) -> ShapedTexts {
    let coordinates = if design.texts.coordinates {
        coordinates_line(design.place.lat, design.place.lon)
    } else {
        String::new()
    };
    let texts = Texts {
        title: design.title(),
        subtitle: design.subtitle(),
        coordinates: &coordinates,
        locale: &design.locale,
    };
    shape_texts(&texts, fonts).output
}

/// A file on its way to the UI.
struct Chunks {
    id: u32,
    pending: Vec<u8>,
}

impl Chunks {
    #[expect(clippy::unnecessary_wraps, reason = "what a PNG's sink gives back")]
    fn take(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= CHUNK {
            self.send();
        }
        Ok(())
    }

    fn send(&mut self) {
        if !self.pending.is_empty() {
            port::post(self.id, Answer::Chunk, &[port::buffer(&self.pending)]);
            self.pending.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use render_core::text::builtin;

    #[test]
    fn the_fonts_are_those_of_the_native_example() {
        assert_eq!(FONTS, builtin::FILES.map(|(name, _)| name));
    }

    #[test]
    fn a_design_without_coordinates_has_none() {
        let mut design = Design::default();
        assert_eq!(shape(&design, &builtin::fonts()).title.text, "HELSINKI");
        design.texts.coordinates = false;
        assert!(shape(&design, &builtin::fonts()).coordinates.glyphs.is_empty());
    }
}

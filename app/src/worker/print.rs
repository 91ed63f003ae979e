//! The print worker: shapes text, paints pixels, writes files; loaded when first needed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use js_sys::ArrayBuffer;
use render_core::FileMap;
use render_core::design::Design;
use render_core::export::jpeg::{self, to_jpeg};
use render_core::export::pdf::{Marks, PdfOptions, Standard, to_pdf};
use render_core::export::plotter::{PlotterOptions, to_plotter};
use render_core::export::png::PngOptions;
use render_core::export::raster::{Backdrop, render_rgba};
use render_core::export::svg::{SvgOptions, to_svg};
use render_core::export::webp::to_webp;
use render_core::osm::OsmData;
use render_core::page::coordinates_line;
use render_core::scene::Scene;
use render_core::text::{Fonts, ShapedTexts, Texts, shape_texts, shaped};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::bands::{self, Crew};
use super::port;
use super::poster::TextsCache;
use super::protocol::{Answer, Format, Job, Poster, Progress, Stage};
use super::sink::Sink;
use super::source::{Downloads, Meanwhile, file, load};
use crate::failure::{Failure, sentence};

/// The fonts beside the app, in order of preference.
const FONTS: [&str; 5] =
    ["Jost-Bold", "Jost-Light", "Jost-Regular", "Geologica-Bold", "Geologica-Light"];

/// What is said of a picture that has no room for its design.
const WITHOUT_DESIGN: &str = "The poster's theme and settings are more than the 64 kB that a JPEG has room for, so this \
                              file cannot be opened as a poster again; a PNG can.";

/// How often it is said how far a file is, ms: each time the page is painted anew, which where the GPU is slow takes from
/// the threads that paint the file.
const TOLD_MS: f64 = 150.0;

/// How long a file is rehearsed at most, ms.
const REHEARSED_MS: f64 = 600.0;

/// What the worker keeps between jobs.
#[derive(Default)]
struct Press {
    /// None in a fresh worker.
    data: RefCell<Option<OsmData>>,
    map: RefCell<Option<FileMap>>,
    crew: Rc<Crew>,
    texts: TextsCache,
    fonts: RefCell<Option<Fonts>>,
    /// How many jobs it was asked for.
    n_jobs: Cell<u32>,
}

/// The worker's life.
pub fn run() {
    if bands::is_helper() {
        return bands::help();
    }
    let press = Rc::new(Press::default());
    let downloads = Downloads::default();
    port::serve(move |id, job: Job, buffers| {
        let (press, downloads) = (press.clone(), downloads.clone());
        let chosen = port::take_thing();
        press.n_jobs.set(press.n_jobs.get() + 1);
        spawn_local(async move {
            let result = match job {
                Job::Cancel { id } => return downloads.cancel(id),
                Job::Load { source, .. } => {
                    let meanwhile =
                        Meanwhile { on_try: || {}, on_data: |_: &_| {}, on_beat: || {} };
                    match load(id, source, buffers, &downloads, meanwhile, &mut Vec::new()).await {
                        Ok((data, loaded)) => {
                            press.map.take();
                            *press.data.borrow_mut() = Some(data);
                            Ok((Answer::Loaded(loaded), None))
                        }
                        Err(answer) => Ok((answer, None)),
                    }
                }
                Job::Shape { design, fonts } => press.shape(&design, &fonts).await,
                Job::Export { poster, format } => press.export(id, &poster, format, chosen).await,
                Job::Rehearse { poster, format } => {
                    press.rehearse(id, &poster, format).await;
                    Ok((Answer::Cancelled, None))
                }
                Job::Batch { files } => press.batch(id, &files, chosen).await,
                Job::Raster { poster, width } => press.raster(&poster, width).await,
                Job::Compose { .. }
                | Job::TakeBack
                | Job::Looks { .. }
                | Job::Pack
                | Job::CheckTheme { .. } => {
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

/// What became of several files.
#[derive(Default)]
struct Packed {
    /// In sentences, each with its file's name.
    oddities: Vec<String>,
    /// Which are not in the ZIP, and why.
    failed: Vec<(u32, Failure)>,
}

/// Says how far a job is.
#[derive(Clone, Copy)]
struct Teller {
    id: u32,
    part: Option<(u32, u32)>,
}

impl Teller {
    fn tell(self, stage: Stage, fraction: Option<f64>) {
        let progress = Progress { fraction, part: self.part, ..Progress::at(stage) };
        port::post(self.id, Answer::Progress(progress), &[]);
    }
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

    /// The scene the preview shows; `is_vector`: as a file of lines has it, which may be coarser.
    async fn scene(
        &self,
        poster: &Poster,
        is_vector: bool,
        on_round: &dyn Fn(),
    ) -> Result<(Scene, Design, Vec<String>), Failure> {
        let texts = self.texts.get(&poster.texts).await?;
        let (design, theme) = poster.design_and_theme()?;
        let data = self.data.borrow();
        let data = data.as_ref().ok_or_else(|| Failure::of_worker("its map was gone"))?;
        let mut map = self.map.borrow_mut();
        let built = FileMap::scene(&mut map, data, &design, &theme, &texts, is_vector, on_round);
        // What is odd in the data was told when they came.
        let of_file = built.warnings.iter().filter(|warning| warning.code.starts_with("W-EXPORT"));
        let oddities = of_file.map(|warning| sentence(&warning.what)).collect();
        Ok((built.output, design, oddities))
    }

    async fn export(
        &self,
        id: u32,
        poster: &Poster,
        format: Format,
        chosen: Option<JsValue>,
    ) -> Done {
        let mut sink = Sink::open(chosen, format.mime()).await?;
        match self.write(Teller { id, part: None }, poster, format, &mut sink).await {
            Ok(oddities) => {
                let url = sink.close().await?;
                Ok((Answer::File { url, oddities, failed: Vec::new() }, None))
            }
            Err(failure) => {
                sink.abort().await;
                Err(failure)
            }
        }
    }

    /// Makes the map that a file of this format is drawn from, which is kept, and paints for a moment, so that the browser
    /// has compiled what paints and the helpers are there, until another job comes. What goes wrong will go wrong when the
    /// file is asked for, and is told then.
    async fn rehearse(self: &Rc<Self>, id: u32, poster: &Poster, format: Format) {
        let to = Teller { id, part: None };
        if format == Format::Png {
            let (n_jobs, end) = (self.n_jobs.get(), js_sys::Date::now() + REHEARSED_MS);
            let press = self.clone();
            let may_go_on = move || press.n_jobs.get() == n_jobs && js_sys::Date::now() < end;
            let _ = self.write(to, poster, format, &mut Sink::nowhere(may_go_on)).await;
        } else {
            let on_round = || to.tell(Stage::Drawing, None);
            let _ = self.scene(poster, format.is_vector(), &on_round).await;
        }
    }

    async fn batch(
        &self,
        id: u32,
        files: &[(String, Poster, Format)],
        chosen: Option<JsValue>,
    ) -> Done {
        let mut sink = Sink::open(chosen, "application/zip").await?;
        let Packed { oddities, failed } = match self.fill(id, files, &mut sink).await {
            Ok(packed) => packed,
            Err(failure) => {
                sink.abort().await;
                return Err(failure);
            }
        };
        let url = if failed.len() == files.len() {
            sink.abort().await;
            String::new()
        } else {
            sink.close().await?
        };
        Ok((Answer::File { url, oddities, failed }, None))
    }

    /// Writes the files of a ZIP and its directory.
    async fn fill(
        &self,
        id: u32,
        files: &[(String, Poster, Format)],
        sink: &mut Sink,
    ) -> Result<Packed, Failure> {
        let n = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let mut packed = Packed::default();
        for (i, (name, poster, format)) in (0..).zip(files) {
            let to = Teller { id, part: Some((i + 1, n)) };
            sink.begin_entry(name);
            match self.write(to, poster, *format, sink).await {
                Ok(odd) => {
                    sink.end_entry().await?;
                    let odd = odd.into_iter().map(|what| format!("{name}: {what}"));
                    packed.oddities.extend(odd);
                }
                // The place the bytes go to will take no other file either.
                Err(failure) if failure.code.starts_with("E-SAVE") => return Err(failure),
                Err(failure) => packed.failed.push((i, failure)),
            }
        }
        sink.end_entries().await?;
        Ok(packed)
    }

    /// Writes a poster as a file; what is odd in that, in sentences.
    async fn write(
        &self,
        to: Teller,
        poster: &Poster,
        format: Format,
        sink: &mut Sink,
    ) -> Result<Vec<String>, Failure> {
        to.tell(Stage::Drawing, None);
        // The word goes out before the work begins.
        port::breathe().await;
        // A map that takes long is heard of, or this worker would be taken for dead.
        let on_round = || to.tell(Stage::Drawing, None);
        let (mut scene, design, mut oddities) =
            self.scene(poster, format.is_vector(), &on_round).await?;
        let embedded = Some(design.to_json());
        to.tell(Stage::Writing, None);
        match format {
            Format::Png | Format::Jpeg | Format::Webp => {
                let backdrop = match design.files.transparent && format != Format::Jpeg {
                    true => Backdrop::Clear,
                    false => Backdrop::White,
                };
                if backdrop == Backdrop::Clear {
                    scene.remove_sheet();
                }
                let options = PngOptions { dpi: design.dpi, design: embedded, backdrop };
                let told = Cell::new(js_sys::Date::now());
                let on_part = |fraction: f64| {
                    let now = js_sys::Date::now();
                    if now - told.get() >= TOLD_MS {
                        told.set(now);
                        to.tell(Stage::Writing, Some(fraction));
                    }
                };
                match format {
                    Format::Jpeg => {
                        if !jpeg::holds_design(&scene, &options) {
                            oddities.push(WITHOUT_DESIGN.to_owned());
                        }
                        sink.write(&to_jpeg(&Arc::new(scene), &options, &on_part)?).await?;
                    }
                    Format::Webp => sink.write(&to_webp(Arc::new(scene), &options)?).await?,
                    _ => self.crew.write(scene, &options, sink, on_part).await?,
                }
            }
            Format::Svg => {
                let options = SvgOptions { design: embedded, ..SvgOptions::default() };
                sink.write(&to_svg(&scene, &options)?).await?;
            }
            Format::Plotter => {
                sink.write(&to_plotter(&scene, &PlotterOptions::of(&design))?).await?;
            }
            Format::Pdf => {
                let options = PdfOptions {
                    marks: Marks::of(&design),
                    language: Some(design.locale.clone()),
                    standard: Standard::of(&design),
                    design: embedded,
                };
                sink.write(&to_pdf(&scene, &options)?).await?;
            }
        }
        Ok(oddities)
    }

    async fn raster(&self, poster: &Poster, width: u32) -> Done {
        let (scene, ..) = self.scene(poster, false, &|| {}).await?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let height = (f64::from(width) * scene.height / scene.width).round() as u32;
        let pixels = render_rgba(Arc::new(scene), width, height, Backdrop::White)?;
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

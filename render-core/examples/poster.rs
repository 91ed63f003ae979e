//! The pipeline with no browser: a file of OSM data → a poster as SVG, PDF or PNG.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use render_core::design::embedded::{DesignFinder, PosterFile};
use render_core::design::input::{self, Range};
use render_core::design::{Design, PaperSize, ThemeChoice};
use render_core::error::{ExportError, Warning};
use render_core::export::pdf::{Marks, PdfOptions, Standard};
use render_core::export::plotter::PlotterOptions;
use render_core::export::raster::Backdrop;
use render_core::kind::Layer;
use render_core::osm::{Limits, OsmData};
use render_core::page::paper;
use render_core::scene::Scene;
use render_core::theme::Theme;
use render_core::{export, text, theme};

const USAGE: &str = "\
usage: poster INPUT [options] --out FILE.(svg|pdf|png|jpg|webp)

INPUT is Overpass JSON, OSM XML, .osm.pbf, GeoJSON or a place pack (.mpk), also gzipped or bzipped.

  --design FILE          a whole design, as JSON or in an exported file;
                         the options below change it
  --at LAT,LON           centre of the map, degrees
  --distance M           half the map's height, metres
  --rotation DEG         how far the map is turned clockwise, degrees
  --theme NAME|FILE      one of the built-in themes, or a theme file
  --paper 300x400mm|A3…  the page as printed: width × height
  --dpi N                pixels per inch of a PNG
  --title T              title; empty for none
  --subtitle S           subtitle; empty for none
  --layers a,b,…         only these: roads, paths, rail, buildings, water, green, aeroway, piers
  --bleed 3mm            how far the picture goes beyond the cut
  --marks                crop and registration marks, PDF only
  --archival             PDF/A-2b, PDF only
  --bare                 the map alone, edge to edge
  --detail 0.02mm        furthest an SVG's or PDF's lines may stray, up to 0.5mm
  --plotter              strokes for pen plotters, SVG only
  --transparent          PNG or WebP without the paper's colour
  --dump                 print the scene as text
  --texts FILE.json      write the shaped lines of text, as the app bundles them
  --out FILE             what to write; its ending says which format
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // A reader of a pipe may be gone; there is no one left to tell.
            let _ = writeln!(std::io::stderr(), "poster: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for on the command line.
#[derive(Default)]
struct Args {
    input: Option<PathBuf>,
    out: Option<PathBuf>,
    texts: Option<PathBuf>,
    design: Design,
    theme: Option<String>,
    dump: bool,
    transparent: bool,
    plotter: bool,
}

fn run() -> Result<(), String> {
    let args = parse_args(std::env::args().skip(1).collect())?;
    let mut warnings = Vec::new();
    let input = args.input.as_deref().ok_or("no input file is named (--help lists the options)")?;
    let data = read(input, &mut warnings)?;
    let theme = load_theme(&args, &mut warnings)?;
    let texts = render_core::shape_texts(&args.design, &text::builtin::fonts());
    warnings.extend(texts.warnings);
    let is_picture = args
        .out
        .as_ref()
        .is_none_or(|out| out.extension().is_some_and(|e| e != "svg" && e != "pdf"));
    let build = if is_picture { render_core::build_scene } else { render_core::build_vector_scene };
    let built = build(&data, &args.design, &theme, &texts.output);
    warnings.extend(built.warnings);
    let mut stderr = std::io::stderr().lock();
    for warning in &warnings {
        let _ = writeln!(stderr, "warning: {warning}");
    }
    if args.dump {
        print(&render_core::scene::dump::dump(&built.output))?;
    }
    if let Some(path) = &args.texts {
        write_whole(path, &text::shaped::write(&texts.output))?;
    }
    match &args.out {
        Some(out) => write(built.output, &args, out),
        None if args.dump || args.texts.is_some() => Ok(()),
        None => Err("no output file is named (--out FILE.svg, .pdf, .png, .jpg or .webp)".into()),
    }
}

fn print(text: &str) -> Result<(), String> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|e| e.to_string())
}

fn parse_args(words: Vec<String>) -> Result<Args, String> {
    let mut args = Args::default();
    let mut options = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => {
                print(USAGE)?;
                std::process::exit(0);
            }
            "--bare" => args.design.bare = true,
            "--dump" => args.dump = true,
            "--marks" => args.design.files.marks = true,
            "--archival" => args.design.files.archival = true,
            "--plotter" => args.plotter = true,
            "--transparent" => args.transparent = true,
            option if option.starts_with("--") => {
                let value = words.next().ok_or(format!("{option} needs a value"))?;
                options.push((option.to_owned(), value));
            }
            _ if args.input.is_none() => args.input = Some(word.into()),
            _ => return Err(format!("“{word}” is one input file too many")),
        }
    }
    // A whole design first, whatever its place on the line, so that the others change it.
    if let Some((_, path)) = options.iter().find(|(option, _)| option == "--design") {
        let text = design_in(path)?;
        let (bare, files) = (args.design.bare, std::mem::take(&mut args.design.files));
        let design = Design::from_json(&text).map_err(|e| format!("{}: {e}", e.code))?;
        for warning in &design.warnings {
            let _ = writeln!(std::io::stderr(), "warning: {warning}");
        }
        args.design = design.output;
        args.design.bare |= bare;
        args.design.files.marks |= files.marks;
        args.design.files.archival |= files.archival;
    }
    for (option, value) in options {
        apply(&mut args, &option, &value)?;
    }
    Ok(args)
}

/// The design in a file: the whole of it, or what an exported poster holds.
fn design_in(path: &str) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|e| format!("{path}: {e}"))?;
    if PosterFile::of(&bytes).is_some() {
        let mut finder = DesignFinder::default();
        finder.push(&bytes);
        return finder.finish().ok_or(format!("E-FILE-NO-DESIGN: {path} holds no design"));
    }
    String::from_utf8(bytes).map_err(|e| format!("{path}: {e}"))
}

fn apply(args: &mut Args, option: &str, value: &str) -> Result<(), String> {
    let design = &mut args.design;
    match option {
        "--design" => {}
        "--at" => {
            let (lat, lon) = value.split_once(',').ok_or("--at takes LAT,LON in degrees")?;
            let (lat, lon) = (number(input::LATITUDE, lat)?, number(input::LONGITUDE, lon)?);
            if (lat, lon) != (design.place.lat, design.place.lon) {
                // Another place is not called Helsinki.
                design.place.name.clear();
                design.place.country.clear();
            }
            design.place.lat = lat;
            design.place.lon = lon;
        }
        "--distance" => design.distance = number(input::DISTANCE, value)?,
        "--rotation" => design.rotation = number(input::ROTATION, value)?,
        "--dpi" => design.dpi = number(input::DPI, value)?,
        "--theme" => args.theme = Some(value.to_owned()),
        "--title" => design.texts.title = Some(value.to_owned()),
        "--subtitle" => design.texts.subtitle = Some(value.to_owned()),
        "--paper" => {
            let size = paper::parse_size(value)
                .ok_or(format!("“{value}” is no paper size such as 300x400mm, 12x16in or A3"))?;
            design.paper = PaperSize {
                width: number_in(input::PAPER_SIDE, size.width)?,
                height: number_in(input::PAPER_SIDE, size.height)?,
            };
            design.dpi = size.dpi.unwrap_or(design.dpi);
        }
        "--detail" => {
            design.files.tolerance = number(input::TOLERANCE, value.trim_end_matches("mm"))?;
        }
        "--bleed" => design.bleed = number(input::BLEED, value.trim_end_matches("mm"))?,
        "--layers" => {
            let on = value
                .split(',')
                .map(|name| Layer::from_name(name).ok_or(format!("there is no layer “{name}”")))
                .collect::<Result<Vec<_>, _>>()?;
            design.layers = Layer::ALL.into_iter().map(|l| (l, on.contains(&l))).collect();
        }
        "--texts" => args.texts = Some(value.into()),
        "--out" => args.out = Some(value.into()),
        _ => return Err(format!("there is no option {option} (--help lists them)")),
    }
    Ok(())
}

fn number(range: Range, text: &str) -> Result<f64, String> {
    range.parse(text).map_err(|error| format!("{}: {error}", error.code))
}

fn number_in(range: Range, value: f64) -> Result<f64, String> {
    range.check(value).map_err(|error| format!("{}: {error}", error.code))
}

fn read(path: &Path, warnings: &mut Vec<Warning>) -> Result<OsmData, String> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|e| format!("{name}: {e}"))?;
    render_core::osm::read(&bytes, Limits::default(), warnings)
        .map_err(|e| format!("{}: {name}: {e}", e.code()))
}

fn load_theme(args: &Args, warnings: &mut Vec<Warning>) -> Result<Theme, String> {
    let (id, text) = match (&args.theme, &args.design.theme) {
        (Some(path), _) if path.ends_with(".json") => {
            (path.clone(), fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?)
        }
        (None, ThemeChoice::Inline(value)) => ("inline".into(), value.to_string()),
        (Some(id), _) | (None, ThemeChoice::Named(id)) => {
            let known = theme::builtin::BUILTIN;
            let file = known.iter().find(|(name, _)| name == id).ok_or_else(|| {
                format!(
                    "there is no theme “{id}”; there are {}",
                    known.map(|(id, _)| id).join(", ")
                )
            })?;
            (id.clone(), file.1.to_owned())
        }
    };
    let theme = theme::file::parse(&text, &id).map_err(|e| format!("{}: {e}", e.code()))?;
    warnings.extend(theme.warnings);
    Ok(theme.output.with_overrides(&args.design.colors))
}

fn write(mut scene: Scene, args: &Args, out: &Path) -> Result<(), String> {
    let ending = out.extension().and_then(|e| e.to_str()).unwrap_or("");
    let design = Some(args.design.to_json());
    let is_clear = args.transparent || args.design.files.transparent;
    if is_clear && matches!(ending, "png" | "webp") {
        scene.remove_sheet();
    }
    let scene = Arc::new(scene);
    let picture = |design| export::png::PngOptions {
        dpi: args.design.dpi,
        backdrop: if is_clear { Backdrop::Clear } else { Backdrop::White },
        design,
    };
    let bytes = match ending {
        "svg" if args.plotter => {
            let options = PlotterOptions::of(&args.design);
            export::plotter::to_plotter(&scene, &options)
        }
        "svg" => {
            let options = export::svg::SvgOptions { design, ..Default::default() };
            export::svg::to_svg(&scene, &options)
        }
        "pdf" => {
            let options = PdfOptions {
                marks: Marks::of(&args.design),
                language: Some(args.design.locale.clone()),
                standard: Standard::of(&args.design),
                design,
            };
            export::pdf::to_pdf(&scene, &options)
        }
        "png" => {
            let mut bytes = Vec::new();
            let mut sink = |chunk: &[u8]| -> Result<(), ExportError> {
                bytes.extend_from_slice(chunk);
                Ok(())
            };
            export::png::to_png(&scene, &picture(design), &mut sink, &mut |_| true).map(|()| bytes)
        }
        "jpg" | "jpeg" => export::jpeg::to_jpeg(&scene, &picture(design), &|_| {}),
        "webp" => export::webp::to_webp(scene, &picture(design)),
        _ => return Err(format!("“{ending}” is not svg, pdf, png, jpg or webp")),
    };
    let bytes = bytes.map_err(|e| format!("{}: {e}", e.code()))?;
    write_whole(out, &bytes)
}

/// Writes beside the file and renames, so that no half file ever has its name.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    fs::write(&partial, bytes)
        .and_then(|()| fs::rename(&partial, path))
        .map_err(|e| format!("{}: {e}", path.display()))
}

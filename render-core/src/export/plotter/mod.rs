//! [`Scene`] → an SVG for pen plotters and lasers: strokes alone, one layer a pen, each line drawn
//! once, in an order in which the pen travels little.
//!
//! A pen cannot fill, fade or cover. Areas are drawn as outlines where that is asked for, a map ends
//! where its fade is half the paper's colour, and of lines that lie on each other the one on top is
//! drawn.

mod collect;
mod order;

use std::collections::BTreeSet;
use std::io::Write;

use super::decimal;
use super::svg::path::PathData;
use super::xml::Xml;
use super::xmp::Metadata;
use crate::color::Color;
use crate::design::Design;
use crate::error::ExportError;
use crate::kind::FeatureKind;
use crate::scene::Scene;

/// How a plot is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlotterOptions {
    /// Names of the styles whose areas are drawn as outlines; none by default.
    pub outlined: BTreeSet<String>,
    /// The design as JSON, from which the file reopens; none by default.
    pub design: Option<String>,
}

impl PlotterOptions {
    /// What a design asks for.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        let is_outlined =
            |kind: &FeatureKind| kind.is_area() && design.files.outlines.contains(&kind.layer());
        let outlined = FeatureKind::ALL.into_iter().filter(is_outlined);
        Self {
            outlined: outlined.map(|kind| kind.name().to_owned()).collect(),
            design: Some(design.to_json()),
        }
    }
}

/// Grid steps in a millimetre; a hundredth is finer than any plotter's motor.
const STEPS_PER_MM: f64 = 100.0;

/// A place on the page, hundredths of a millimetre.
type Place = [i32; 2];

/// What is drawn with one pen.
#[derive(Debug, Clone, PartialEq)]
pub struct Pen {
    /// Its colour.
    pub color: Color,
    /// Its width, mm: the nearest that pens are made in.
    pub width: f64,
    /// What it draws, by the names of styles.
    pub names: Vec<String>,
    /// Polylines in the order they are drawn, hundredths of a millimetre from the page's top left
    /// corner; one that ends where it begins is closed.
    pub lines: Vec<Vec<Place>>,
}

/// What a plotter draws, pen by pen, the lowest of the picture first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plot {
    /// The pens.
    pub pens: Vec<Pen>,
}

impl Plot {
    /// The plot of a scene, within the trimmed page.
    #[must_use]
    pub fn new(scene: &Scene, options: &PlotterOptions) -> Self {
        let mut pens = collect::pens(scene, &options.outlined);
        for pen in &mut pens {
            pen.lines = order::sorted(std::mem::take(&mut pen.lines));
        }
        Self { pens }
    }

    /// How far pens are drawn over the paper, and how far they are carried above it, mm: from the
    /// page's corner, and anew for each pen.
    #[must_use]
    pub fn lengths(&self) -> (f64, f64) {
        let of_pens = self.pens.iter().map(|pen| order::lengths(&pen.lines));
        of_pens.fold((0.0, 0.0), |sum, pen| (sum.0 + pen.0, sum.1 + pen.1))
    }
}

/// Writes a plot of the trimmed page as SVG.
///
/// # Errors
/// None today; memory is the only limit.
pub fn to_plotter(scene: &Scene, options: &PlotterOptions) -> Result<Vec<u8>, ExportError> {
    let plot = Plot::new(scene, options);
    let mut out = Vec::new();
    write(&mut out, scene, options, &plot)
        .map_err(|error| ExportError::Write { what: error.to_string() })?;
    Ok(out)
}

fn write(
    out: &mut Vec<u8>,
    scene: &Scene,
    options: &PlotterOptions,
    plot: &Plot,
) -> std::io::Result<()> {
    let (width, height) = (decimal(scene.width), decimal(scene.height));
    let (format, design) = ("image/svg+xml", options.design.as_deref());
    let metadata = Metadata { title: &scene.title, format, design };
    let (down, up) = plot.lengths();
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" \
         width=\"{width}mm\" height=\"{height}mm\" viewBox=\"0 0 {width} {height}\">\n\
         <title>{}</title>\n\
         <desc>{} pens; {:.1} m drawn, {:.1} m carried</desc>\n\
         <metadata>{}</metadata>",
        Xml(&scene.title),
        plot.pens.len(),
        down / 1000.0,
        up / 1000.0,
        metadata.rdf(""),
    )?;
    let mut data = PathData::new(2);
    for (number, pen) in (1..).zip(&plot.pens) {
        for line in &pen.lines {
            let is_closed = line.len() > 2 && line.first() == line.last();
            let points = if is_closed { line.get(1..).unwrap_or(line) } else { line };
            let mm = |at: &Place| at.map(|steps| f64::from(steps) / STEPS_PER_MM).into();
            data.polyline(points.iter().map(mm), is_closed);
        }
        let (color, width) = (pen.color.to_hex(), decimal(pen.width));
        // Plotters' software takes a layer's pen from the number its name begins with.
        let label = format!("{number} {color} {width} mm: {}", pen.names.join(", "));
        write!(
            out,
            "<g id=\"pen-{number}\" inkscape:groupmode=\"layer\" inkscape:label=\"{}\" \
             fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\"><path d=\"",
            Xml(&label),
        )?;
        out.append(&mut data.take());
        out.write_all(b"\"/></g>\n")?;
    }
    out.write_all(b"</svg>\n")
}

//! [`Scene`] → an SVG file: true vectors in millimetres, layered for editors, text as outlines.

pub(super) mod path;

use std::collections::BTreeMap;
use std::io::Write;

use self::path::PathData;
use super::view::View;
use super::xml::{Xml, id};
use super::xmp::Metadata;
use super::{dashes, decimal, glyphs, paint_of, unit};
use crate::error::ExportError;
use crate::scene::{Cap, Draw, GlyphsItem, Group, Item, Join, Paint, PathItem, Scene, Style};

/// How an SVG is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SvgOptions {
    /// Digits after the point in the map's coordinates, millimetres; 2 by default, 1 to 4.
    /// A hundredth of a millimetre is a tenth of a dot at 300 dpi.
    pub decimals: u8,
    /// The design as JSON, from which the file reopens; none by default.
    pub design: Option<String>,
}

impl Default for SvgOptions {
    fn default() -> Self {
        Self { decimals: 2, design: None }
    }
}

/// Digits after the point in outlines of type, whose curves are much smaller than the map's.
const TYPE_DECIMALS: u8 = 3;

/// Writes the trimmed page as SVG. Items wholly outside of their clip are left out.
///
/// # Errors
/// None today; memory is the only limit.
pub fn to_svg(scene: &Scene, options: &SvgOptions) -> Result<Vec<u8>, ExportError> {
    let mut writer = Writer {
        scene,
        design: options.design.as_deref(),
        out: Vec::new(),
        map: PathData::new(options.decimals),
        type_: PathData::new(TYPE_DECIMALS),
        ids: BTreeMap::new(),
        n_clips: 0,
    };
    writer.document().map_err(|error| ExportError::Write { what: error.to_string() })?;
    Ok(writer.out)
}

struct Writer<'a> {
    scene: &'a Scene,
    design: Option<&'a str>,
    out: Vec<u8>,
    map: PathData,
    type_: PathData,
    /// How often each id was asked for.
    ids: BTreeMap<String, u32>,
    n_clips: u32,
}

type Written = std::io::Result<()>;

impl Writer<'_> {
    fn document(&mut self) -> Written {
        let (width, height) = (decimal(self.scene.width), decimal(self.scene.height));
        let title = Xml(&self.scene.title);
        let (format, design) = ("image/svg+xml", self.design);
        let metadata = Metadata { title: &self.scene.title, format, design };
        write!(
            self.out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" \
             xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" \
             width=\"{width}mm\" height=\"{height}mm\" viewBox=\"0 0 {width} {height}\">\n\
             <title>{title}</title>\n\
             <metadata>{}</metadata>\n",
            metadata.rdf("")
        )?;
        self.fades()?;
        let view = View::page(self.scene);
        self.items(&self.scene.items, &view)?;
        self.out.write_all(b"</svg>\n")
    }

    /// Gradients in page millimetres, one for each style that fades.
    fn fades(&mut self) -> Written {
        for (style_id, style) in self.scene.styles.iter() {
            let Paint::FadeY { color, opaque_y, clear_y } = *paint_of(&style.draw) else {
                continue;
            };
            writeln!(
                self.out,
                "<linearGradient id=\"fade-{}\" gradientUnits=\"userSpaceOnUse\" \
                 x1=\"0\" y1=\"{}\" x2=\"0\" y2=\"{}\"><stop stop-color=\"{hex}\"/>\
                 <stop offset=\"1\" stop-color=\"{hex}\" stop-opacity=\"0\"/></linearGradient>",
                style_id.0,
                decimal(opaque_y),
                decimal(clear_y),
                hex = color.to_hex(),
            )?;
        }
        Ok(())
    }

    fn items(&mut self, items: &[Item], view: &View) -> Written {
        for item in items {
            match item {
                Item::Group(group) => self.group(group, view)?,
                Item::Path(path) => self.path(path, view)?,
                Item::Glyphs(glyphs) => self.glyphs(glyphs, view)?,
            }
        }
        Ok(())
    }

    fn group(&mut self, group: &Group, view: &View) -> Written {
        let (inner, clip) = view.inside(group);
        let mut clip_path = String::new();
        if let Some(corners) = clip {
            self.n_clips += 1;
            clip_path = format!(" clip-path=\"url(#clip-{})\"", self.n_clips);
            self.type_.polyline(corners, true);
            write!(self.out, "<clipPath id=\"clip-{}\"><path d=\"", self.n_clips)?;
            self.out.append(&mut self.type_.take());
            self.out.write_all(b"\"/></clipPath>\n")?;
        }
        let name = self.new_id(group.name);
        writeln!(
            self.out,
            "<g id=\"{name}\" inkscape:groupmode=\"layer\" inkscape:label=\"{}\"{clip_path}>",
            Xml(group.name),
        )?;
        self.items(&group.items, &inner)?;
        self.out.write_all(b"</g>\n")
    }

    fn path(&mut self, item: &PathItem, view: &View) -> Written {
        let Some(style) = self.scene.styles.get(item.style) else { return Ok(()) };
        let (reach, is_fill) = match &style.draw {
            Draw::Fill(_) => (0.0, true),
            Draw::Stroke { width, .. } if *width <= 0.0 => return Ok(()),
            // A miter reaches twice the width from the line.
            Draw::Stroke { width, .. } => (width * 2.0, false),
        };
        for subpath in self.scene.paths.subpaths(&item.subpaths) {
            if let Some(points) = view.visible(&self.scene.paths, subpath, reach) {
                self.map.polyline(points, is_fill || subpath.is_closed);
            }
        }
        let mut data = self.map.take();
        if data.is_empty() {
            return Ok(());
        }
        let name = self.new_id(&style.name);
        let look = look(style, item.style.0);
        write!(self.out, "<path id=\"{name}\"{look} d=\"")?;
        self.out.append(&mut data);
        self.out.write_all(b"\"/>\n")
    }

    fn glyphs(&mut self, item: &GlyphsItem, view: &View) -> Written {
        let Some(style) = self.scene.styles.get(item.style) else { return Ok(()) };
        let data = &mut self.type_;
        glyphs::for_each_step(item, &view.to_page, |step| data.step(step));
        let mut data = data.take();
        if data.is_empty() {
            return Ok(());
        }
        let name = self.new_id(&style.name);
        let (text, paint) = (Xml(&item.run.text), fill(paint_of(&style.draw), item.style.0));
        write!(self.out, "<path id=\"{name}\" role=\"img\" aria-label=\"{text}\"{paint} d=\"")?;
        self.out.append(&mut data);
        writeln!(self.out, "\"><title>{text}</title></path>")
    }

    /// An id no other element has.
    fn new_id(&mut self, name: &str) -> String {
        let base = id(name);
        let n = self.ids.entry(base.clone()).or_insert(0);
        *n += 1;
        // A dot is not in any base, so a numbered id meets no other.
        if *n == 1 { base } else { format!("{base}.{n}") }
    }
}

/// The attributes of a path.
fn look(style: &Style, style_id: u16) -> String {
    match &style.draw {
        Draw::Fill(paint) => fill(paint, style_id),
        Draw::Stroke { paint, width, cap, join, dash } => {
            let (color, opacity) = color_of(paint, style_id, "stroke-opacity");
            let width = decimal(*width);
            let cap = match cap {
                Cap::Butt => "",
                Cap::Round => " stroke-linecap=\"round\"",
            };
            // Miter with a limit of 4 is what SVG does by default.
            let join = match join {
                Join::Miter => "",
                Join::Round => " stroke-linejoin=\"round\"",
            };
            let lengths: Vec<String> = dashes(dash).iter().map(|length| decimal(*length)).collect();
            let dash = match lengths.is_empty() {
                true => String::new(),
                false => format!(" stroke-dasharray=\"{}\"", lengths.join(" ")),
            };
            format!(
                " fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{opacity}{cap}{join}{dash}"
            )
        }
    }
}

fn fill(paint: &Paint, style_id: u16) -> String {
    let (color, opacity) = color_of(paint, style_id, "fill-opacity");
    format!(" fill=\"{color}\"{opacity}")
}

/// A paint's colour and, where it is not opaque, its opacity attribute.
fn color_of(paint: &Paint, style_id: u16, attribute: &str) -> (String, String) {
    match *paint {
        Paint::Solid { color, opacity } => {
            let opacity = unit(opacity);
            let attribute = match opacity < 1.0 {
                true => format!(" {attribute}=\"{}\"", decimal(opacity)),
                false => String::new(),
            };
            (color.to_hex(), attribute)
        }
        Paint::FadeY { .. } => (format!("url(#fade-{style_id})"), String::new()),
    }
}

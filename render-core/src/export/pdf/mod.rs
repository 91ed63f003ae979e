//! [`Scene`] → a PDF file for print: vectors, exact boxes, layers, native fades, no raster.
//!
//! The same scene gives the same bytes: there is no date in it and its id comes from its content.

mod content;
mod marks;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{FunctionShadingType, MaskType, OutputIntentSubtype};
use pdf_writer::{Chunk, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

use self::content::{Content, UNITS_PER_MM, is_see_through};
use super::xmp::Metadata;
use super::{paint_of, unit};
use crate::design::Design;
use crate::error::ExportError;
use crate::scene::{Paint, Scene, StyleId};
use crate::units::{Mm, PT_PER_MM};

/// How a PDF is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PdfOptions {
    /// Crop and registration marks around the page; none by default.
    pub marks: Marks,
    /// The language of the texts, such as `en` or `pt-BR`; not said by default.
    pub language: Option<String>,
    /// What the file promises to keep to; PDF 1.7 by default.
    pub standard: Standard,
    /// The design as JSON, from which the file reopens; none by default.
    pub design: Option<String>,
}

/// Which rules a file keeps to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standard {
    /// Those of PDF 1.7, ISO 32000-1.
    #[default]
    Pdf17,
    /// Those of PDF/A-2b, ISO 19005-2, for archives: everything the page needs is in the file, and
    /// the file says so.
    PdfA2b,
}

/// Whether a page has marks for the printer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Marks {
    /// The page with its bleed, nothing else.
    #[default]
    None,
    /// Crop marks at the corners and registration marks at the sides.
    CropAndRegistration,
}

impl Marks {
    /// What a design asks for.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        if design.files.marks { Self::CropAndRegistration } else { Self::None }
    }
}

impl Standard {
    /// What a design asks for.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        if design.files.archival { Self::PdfA2b } else { Self::Pdf17 }
    }
}

/// Most millimetres a side: PDF readers stop at 14 400 points.
const MAX_SIDE: f64 = 14_400.0 / PT_PER_MM;

/// How hard streams are compressed, 0 to 10.
const COMPRESSION: u8 = 6;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const XMP: Ref = Ref::new(6);
const ALL_INKS: Ref = Ref::new(7);
const PROFILE: Ref = Ref::new(8);
const FIRST_FREE: i32 = 9;

/// sRGB as an ICC profile: `sRGB-v2-magic` of saucecontrol's Compact ICC Profiles, CC0.
const SRGB: &[u8] = include_bytes!("srgb.icc");

/// Writes the page as PDF 1.7: the media box is the trimmed page with its bleed, and with paper
/// for the marks where there are any.
///
/// # Errors
/// When a side is longer than 5.08 m.
pub fn to_pdf(scene: &Scene, options: &PdfOptions) -> Result<Vec<u8>, ExportError> {
    let margin = match options.marks {
        Marks::None => scene.bleed,
        Marks::CropAndRegistration => marks::margin(scene),
    };
    let sides = [scene.width, scene.height].map(|side| side + 2.0 * margin);
    if !sides.iter().all(|side| *side > 0.0 && *side <= MAX_SIDE) {
        let what = format!("a page of {} × {} mm is no page of a PDF", sides[0], sides[1]);
        return Err(ExportError::Write { what });
    }
    let content = content::draw(scene);
    let operators = page_operators(scene, options, margin, &content);

    let mut pdf = Pdf::new();
    let xmp = xmp(scene, options);
    pdf.set_file_id(file_id(&operators, &xmp));
    let mut next = FIRST_FREE;
    let mut new_ref = || {
        next += 1;
        Ref::new(next - 1)
    };
    let layers: Vec<Ref> = content.layers.iter().map(|_| new_ref()).collect();
    catalog(&mut pdf, options, &layers);
    pdf.pages(PAGES).kids([PAGE]).count(1);
    for (layer, name) in layers.iter().zip(&content.layers) {
        let mut group = pdf.indirect(*layer).dict();
        group.pair(Name(b"Type"), Name(b"OCG")).pair(Name(b"Name"), TextStr(name));
    }
    let states: Vec<(u16, Ref)> = content.states.iter().map(|id| (*id, new_ref())).collect();
    for (id, state) in &states {
        if let Some(style) = scene.styles.get(StyleId(*id)) {
            let parts = [*state, new_ref(), new_ref(), new_ref()];
            graphics_state(&mut pdf, paint_of(&style.draw), parts, scene, margin);
        }
    }
    page(&mut pdf, scene, margin, &layers, &states);
    let compressed = compress_to_vec_zlib(&operators, COMPRESSION);
    pdf.stream(CONTENT, &compressed).filter(Filter::FlateDecode);
    all_inks(&mut pdf);
    pdf.document_info(INFO)
        .title(TextStr(&scene.title))
        .creator(TextStr("MapPoster"))
        .producer(TextStr("MapPoster"));
    let profile = compress_to_vec_zlib(SRGB, COMPRESSION);
    pdf.icc_profile(PROFILE, &profile).n(3).filter(Filter::FlateDecode);
    // As plain text, so that whoever looks for it need not read the file's structure.
    pdf.stream(XMP, xmp.as_bytes())
        .pair(Name(b"Type"), Name(b"Metadata"))
        .pair(Name(b"Subtype"), Name(b"XML"));
    Ok(pdf.finish())
}

/// The whole page: from points to units, the scene inside of its bleed, the marks.
fn page_operators(scene: &Scene, options: &PdfOptions, margin: f64, content: &Content) -> Vec<u8> {
    let (unit, left) = (PT_PER_MM / UNITS_PER_MM, Mm(margin).pt());
    let top = Mm(scene.height + margin).pt();
    let mut out = format!("q {unit:.10} 0 0 -{unit:.10} {left:.6} {top:.6} cm\n").into_bytes();
    let bleed = super::whole(scene.bleed * UNITS_PER_MM);
    let [width, height] =
        [scene.width, scene.height].map(|side| super::whole(side * UNITS_PER_MM) + 2 * bleed);
    out.extend(format!("q -{bleed} -{bleed} {width} {height} re W n\n").replace("-0", "0").bytes());
    out.extend_from_slice(&content.operators);
    out.extend_from_slice(b"Q\n");
    match options.marks {
        Marks::None => {}
        Marks::CropAndRegistration => out.extend(marks::draw(scene).into_bytes()),
    }
    out.extend_from_slice(b"Q\n");
    out
}

fn catalog(pdf: &mut Pdf, options: &PdfOptions, layers: &[Ref]) {
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).metadata(XMP);
    catalog.viewer_preferences().display_doc_title(true);
    // The colours are numbers of sRGB: without it a print shop would have to guess.
    let mut intents = catalog.output_intents();
    let mut intent = intents.push();
    intent
        .subtype(OutputIntentSubtype::PDFA)
        .output_condition_identifier(TextStr("sRGB IEC61966-2.1"))
        .registry_name(TextStr("http://www.color.org"))
        .info(TextStr("sRGB IEC61966-2.1"))
        .dest_output_profile(PROFILE);
    intent.finish();
    intents.finish();
    if let Some(language) = &options.language {
        catalog.lang(TextStr(language));
    }
    if !layers.is_empty() {
        let mut properties = catalog.insert(Name(b"OCProperties")).dict();
        properties.insert(Name(b"OCGs")).array().items(layers);
        let mut default = properties.insert(Name(b"D")).dict();
        default.pair(Name(b"Name"), TextStr("Layers"));
        default.insert(Name(b"Order")).array().items(layers);
    }
}

fn page(pdf: &mut Pdf, scene: &Scene, margin: f64, layers: &[Ref], states: &[(u16, Ref)]) {
    let mut page = pdf.page(PAGE);
    page.parent(PAGES).contents(CONTENT);
    page.media_box(grown(scene, margin, margin));
    page.bleed_box(grown(scene, margin, scene.bleed));
    page.trim_box(grown(scene, margin, 0.0));
    // Without it, what is see-through would be mixed in the printer's own space.
    page.group().transparency().color_space().device_rgb();
    let mut resources = page.resources();
    resources.color_spaces().pair(Name(b"All"), ALL_INKS);
    let mut dict = resources.ext_g_states();
    for (id, state) in states {
        dict.pair(Name(format!("S{id}").as_bytes()), *state);
    }
    dict.finish();
    let mut dict = resources.insert(Name(b"Properties")).dict();
    for (index, layer) in layers.iter().enumerate() {
        dict.pair(Name(format!("L{index}").as_bytes()), *layer);
    }
}

/// The trimmed page grown by `by` mm, in points, where `margin` mm of paper are around it.
#[expect(clippy::cast_possible_truncation, reason = "f32 is 0.0001 points at 5 m")]
fn grown(scene: &Scene, margin: f64, by: f64) -> Rect {
    let pt = |mm: f64| Mm(mm).pt() as f32;
    let near = margin - by;
    Rect::new(pt(near), pt(near), pt(margin + scene.width + by), pt(margin + scene.height + by))
}

/// A style's opacity, or its fade as a soft mask: an axial shading's luminosity. `parts` are the
/// objects of the state, the mask, its shading and the shading's function.
#[expect(clippy::cast_possible_truncation, reason = "PDF numbers are f32")]
fn graphics_state(
    pdf: &mut Pdf,
    paint: &Paint,
    [state, mask, shading, function]: [Ref; 4],
    scene: &Scene,
    margin: f64,
) {
    debug_assert!(is_see_through(paint));
    match *paint {
        Paint::Solid { opacity, .. } => {
            let opacity = unit(opacity) as f32;
            pdf.ext_graphics(state).non_stroking_alpha(opacity).stroking_alpha(opacity);
        }
        Paint::FadeY { opaque_y, clear_y, .. } => {
            let mut ext = pdf.ext_graphics(state);
            ext.soft_mask().subtype(MaskType::Luminosity).group(mask);
            ext.finish();

            let units = |mm: f64| (mm * UNITS_PER_MM) as f32;
            let mut axial = pdf.function_shading(shading);
            axial.shading_type(FunctionShadingType::Axial).color_space().device_gray();
            axial.coords([0.0, units(clear_y), 0.0, units(opaque_y)]).extend([true, true]);
            axial.function(function);
            axial.finish();
            let mut ramp = pdf.exponential_function(function);
            ramp.domain([0.0, 1.0]).c0([0.0]).c1([1.0]).n(1.0);
            ramp.finish();

            let mut form = pdf.form_xobject(mask, b"/Fade sh");
            form.bbox(Rect::new(
                units(-margin),
                units(-margin),
                units(scene.width + margin),
                units(scene.height + margin),
            ));
            let mut group = form.group();
            group.transparency().isolated(true).color_space().device_gray();
            group.finish();
            form.resources().shadings().pair(Name(b"Fade"), shading);
        }
    }
}

/// The colour space of the marks: full on every plate, black on screen.
fn all_inks(chunk: &mut Chunk) {
    let mut space = chunk.indirect(ALL_INKS).array();
    space.item(Name(b"Separation")).item(Name(b"All")).item(Name(b"DeviceGray"));
    let mut tint = space.push().dict();
    tint.pair(Name(b"FunctionType"), 2).pair(Name(b"N"), 1);
    tint.insert(Name(b"Domain")).array().items([0, 1]);
    tint.insert(Name(b"C0")).array().item(1);
    tint.insert(Name(b"C1")).array().item(0);
}

fn xmp(scene: &Scene, options: &PdfOptions) -> String {
    let design = options.design.as_deref();
    let metadata = Metadata { title: &scene.title, format: "application/pdf", design };
    let mut more = "<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\
         <pdf:Producer>MapPoster</pdf:Producer></rdf:Description>"
        .to_owned();
    match options.standard {
        Standard::Pdf17 => {}
        Standard::PdfA2b => more += ARCHIVAL,
    }
    metadata.packet(&more)
}

/// What PDF/A wants said: that it is PDF/A, and what the properties are that it does not know.
const ARCHIVAL: &str = "\
    <rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
    <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>\
    <rdf:Description rdf:about=\"\" \
    xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
    xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
    xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\
    <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\
    <pdfaSchema:schema>MapPoster</pdfaSchema:schema>\
    <pdfaSchema:namespaceURI>urn:mapposter:1.0:</pdfaSchema:namespaceURI>\
    <pdfaSchema:prefix>mapposter</pdfaSchema:prefix>\
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
    <pdfaProperty:name>design</pdfaProperty:name>\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType>\
    <pdfaProperty:category>internal</pdfaProperty:category>\
    <pdfaProperty:description>The design of the poster, as JSON</pdfaProperty:description>\
    </rdf:li></rdf:Seq></pdfaSchema:property>\
    </rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>";

/// Tells one content from another; the same content has the same id.
fn file_id(operators: &[u8], xmp: &str) -> (Vec<u8>, Vec<u8>) {
    let parts = [
        crc32fast::hash(operators),
        crc32fast::hash(xmp.as_bytes()),
        u32::try_from(operators.len()).unwrap_or(u32::MAX),
        u32::from_be_bytes(*b"MapP"),
    ];
    let id: Vec<u8> = parts.iter().flat_map(|part| part.to_be_bytes()).collect();
    (id.clone(), id)
}

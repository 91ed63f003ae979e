//! The poster as a file.

use std::sync::Arc;

use leptos::prelude::*;
use mapposter_app::worker::protocol::Format;
use render_core::design::length::LengthUnit;
use render_core::design::{Files, input};
use render_core::kind::Layer;
use render_core::units::Mm;

use super::fields::{check, choice, slider};
use super::paper::{Typed, length_field, number_field};
use super::tasks::{Retry, Watched};
use super::{icons, queue, tasks};
use crate::platform::save;
use crate::state::App;

/// Resolutions people know: proofs, print shops, fine prints.
const DPI: [f64; 3] = [150.0, 300.0, 600.0];
/// Steps of the slider from the finest lines to the coarsest.
const DETAIL_STEPS: f64 = 20.0;
/// What a plotter can draw the outlines of.
const OUTLINES: [(Layer, &str); 3] =
    [(Layer::Water, "Water"), (Layer::Green, "Parks and land"), (Layer::Buildings, "Buildings")];

/// The section.
pub fn panel(app: App, export: Watched) -> AnyView {
    let formats = Format::ALL
        .into_iter()
        .map(|format| {
            let is_chosen = Signal::derive(move || app.format.get() == format);
            let id = format!("export-{}", format.id());
            choice("format", id, format_name(format), "", is_chosen, move || app.format.set(format))
        })
        .collect_view();
    let Watched { is_busy, is_told } = export;
    view! {
        <fieldset>
            <legend class="hidden">"Format"</legend>
            <div class="choices formats">{formats}</div>
        </fieldset>
        {move || match app.format.get() {
            Format::Png | Format::Webp => view! { {resolution(app)} {transparency(app)} }.into_any(),
            Format::Jpeg => resolution(app),
            Format::Svg => detail(app),
            Format::Pdf => page_options(app),
            Format::Plotter => outlines(app),
        }}
        <p class="hint">{move || about(app)}</p>
        <button
            type="button"
            id="export-download"
            class="primary"
            disabled=move || is_told.get() || app.drawn.with(Option::is_none)
            aria-busy=move || is_busy.get().to_string()
            on:click=move |_| app.export()
        >
            <span class="icon" inner_html=icons::DOWNLOAD></span>
            "Download"
        </button>
        {save::can_ask().then(|| view! {
            <button
                type="button"
                id="export-save"
                class="quiet"
                disabled=move || is_told.get() || app.drawn.with(Option::is_none)
                on:click=move |_| app.export_as()
            >
                "Save to a place of your choice"
            </button>
        })}
        <p class="hint" id="export-saved" role="status">{app.saved}</p>
        {tasks::progress("export", app.export_task, export, move || app.cancel_export())}
        {tasks::failure("export", app.export_task, Retry::now(move || app.export()))}
        {queue::queue(app, export)}
    }
    .into_any()
}

/// What a format is called.
pub fn format_name(format: Format) -> &'static str {
    match format {
        Format::Png => "PNG",
        Format::Jpeg => "JPEG",
        Format::Webp => "WebP",
        Format::Svg => "SVG",
        Format::Pdf => "PDF",
        Format::Plotter => "Plotter",
    }
}

/// What the file will be.
fn about(app: App) -> String {
    app.design.with(|design| match app.format.get() {
        format @ (Format::Png | Format::Jpeg | Format::Webp) => {
            let pixels = |mm: f64| Mm(mm).pixels(design.dpi);
            let (width, height) = (pixels(design.paper.width), pixels(design.paper.height));
            let what = match format {
                Format::Png => format!("{} dpi written in the file.", design.dpi),
                Format::Jpeg => "for the web; colours a little off.".to_owned(),
                _ => "for the web; every colour exact.".to_owned(),
            };
            format!("{width} × {height} pixels, {what}")
        }
        Format::Svg => "Vectors in millimetres in named layers, text as outlines; for editing.".into(),
        Format::Pdf => {
            let around = match (design.bleed > 0.0, design.files.marks) {
                (false, false) => "at the exact page size",
                (true, false) => "with page boxes for the cut and the bleed",
                (false, true) => "with marks for the cut",
                (true, true) => "with marks and page boxes for the cut and the bleed",
            };
            format!("Vectors {around}, in sRGB; what print shops like best.")
        }
        Format::Plotter => {
            "Strokes alone as SVG, each line once, a layer for each pen, in an order that saves travel.".into()
        }
    })
}

fn resolution(app: App) -> AnyView {
    let set = move |dpi: f64| app.change(|design| design.dpi = dpi);
    let typed = Typed::default();
    let presets = DPI.map(|dpi| {
        view! {
            <button
                type="button"
                class="quiet"
                data-dpi=dpi.to_string()
                on:click=move |_| {
                    typed.set(None);
                    set(dpi);
                }
            >
                {dpi.to_string()}
            </button>
        }
        .into_any()
    });
    let label = Signal::stored("Resolution, dpi".to_owned());
    let words = Signal::derive(move || app.design.with(|design| design.dpi.to_string()));
    let read = |text: &str| input::DPI.parse(text);
    view! {
        <div class="pair">
            {number_field(app, "export-dpi", label, words, typed, Arc::new(read), Box::new(set))}
            <div class="field" role="group" aria-label="Usual resolutions">
                <span class="label">"Usual"</span>
                <div class="scales">{presets.into_iter().collect_view()}</div>
            </div>
        </div>
    }
    .into_any()
}

/// Whether there is paper in a picture.
fn transparency(app: App) -> AnyView {
    let is_on = Signal::derive(move || app.design.with(|design| design.files.transparent));
    check("export-transparent".to_owned(), "No paper: transparent", is_on, move |on| {
        app.change(|design| design.files.transparent = on);
    })
}

/// How fine a vector file's lines are.
fn detail(app: App) -> AnyView {
    let position = Signal::derive(move || {
        app.design.with(|design| {
            let share = (design.files.tolerance / input::TOLERANCE.min).ln() / span();
            (DETAIL_STEPS * share).round()
        })
    });
    let words: fn(f64) -> String = |position| format!("within {:.2} mm", tolerance(position));
    let ends = [0.0, DETAIL_STEPS];
    slider("export-detail", "Lines, fine to coarse", ends, position, words, move |position| {
        app.change(|design| design.files.tolerance = tolerance(position));
    })
}

fn span() -> f64 {
    (input::TOLERANCE.max / input::TOLERANCE.min).ln()
}

fn tolerance(position: f64) -> f64 {
    let exact = input::TOLERANCE.min * (span() * position / DETAIL_STEPS).exp();
    ((exact * 1000.0).round() / 1000.0).clamp(input::TOLERANCE.min, input::TOLERANCE.max)
}

/// What a print shop asks for.
fn page_options(app: App) -> AnyView {
    let unit = RwSignal::new(LengthUnit::Mm);
    let option = move |id: &str, label, of: fn(&mut Files) -> &mut bool| {
        let is_on =
            Signal::derive(move || app.design.with(|design| *of(&mut design.files.clone())));
        check(id.to_owned(), label, is_on, move |on| {
            app.change(|design| *of(&mut design.files) = on);
        })
    };
    view! {
        {length_field(app, "export-bleed", "Bleed", unit, |design| &mut design.bleed, |_| input::BLEED)}
        <div>
            {option("export-marks", "Crop and registration marks", |files| &mut files.marks)}
            {option("export-archival", "PDF/A, for archives", |files| &mut files.archival)}
        </div>
        {detail(app)}
    }
    .into_any()
}

/// Whose outlines a plotter draws.
fn outlines(app: App) -> AnyView {
    let boxes = OUTLINES.into_iter().map(|(layer, label)| {
        let is_on = Signal::derive(move || {
            app.design.with(|design| design.files.outlines.contains(&layer))
        });
        check(format!("outline-{}", layer.name()), label, is_on, move |on| {
            app.change(|design| {
                if on {
                    design.files.outlines.insert(layer);
                } else {
                    design.files.outlines.remove(&layer);
                }
            });
        })
    });
    view! {
        <fieldset>
            <legend class="label">"Outlines of"</legend>
            <div class="checks">{boxes.collect_view()}</div>
        </fieldset>
        {detail(app)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_goes_from_the_finest_to_the_coarsest() {
        let range = input::TOLERANCE;
        assert_eq!((tolerance(0.0), tolerance(DETAIL_STEPS)), (range.min, range.max));
        for step in 0..20_u8 {
            assert!(tolerance(f64::from(step)) < tolerance(f64::from(step) + 1.0));
        }
    }
}

//! The poster as a file.

use leptos::prelude::*;
use mapposter_app::worker::protocol::Format;
use render_core::units::Mm;

use super::fields::choice;
use super::tasks::Retry;
use super::{icons, tasks};
use crate::state::{App, Task};

/// Resolutions people know: screens and proofs, print shops, fine prints.
const DPI: [f64; 3] = [150.0, 300.0, 600.0];

/// The section.
pub fn panel(app: App) -> AnyView {
    let formats = Format::ALL
        .into_iter()
        .map(|format| {
            let is_chosen = Signal::derive(move || app.format.get() == format);
            let label = match format {
                Format::Png => "PNG",
                Format::Svg => "SVG",
                Format::Pdf => "PDF",
            };
            let id = format!("export-{}", format.extension());
            choice("format", id, label, "", is_chosen, move || app.format.set(format))
        })
        .collect_view();
    let resolutions = move || {
        DPI.into_iter()
        .map(|dpi| {
            let is_chosen = move || app.design.with(|design| design.dpi == dpi);
            view! { <option value=dpi.to_string() prop:selected=is_chosen>{format!("{dpi} dpi")}</option> }
        })
        .collect_view()
    };
    let about = move || match app.format.get() {
        Format::Png => app.design.with(|design| {
            let pixels = |mm: f64| Mm(mm).pixels(design.dpi);
            format!(
                "{} × {} pixels, {} dpi written in the file.",
                pixels(design.paper.width),
                pixels(design.paper.height),
                design.dpi
            )
        }),
        Format::Svg => "Vectors in millimetres, text as outlines; for editing and plotters.".into(),
        Format::Pdf => "Vectors at the exact page size; what print shops like best.".into(),
    };
    let is_busy = Memo::new(move |_| app.export_task.with(Task::is_busy));
    view! {
        <fieldset>
            <legend class="hidden">"Format"</legend>
            <div class="choices">{formats}</div>
        </fieldset>
        <Show when=move || app.format.get() == Format::Png>
            <div class="field">
                <label for="export-dpi">"Resolution"</label>
                <select
                    id="export-dpi"
                    on:change=move |event| {
                        if let Ok(dpi) = event_target_value(&event).parse() {
                            app.change(|design| design.dpi = dpi);
                        }
                    }
                >
                    {resolutions()}
                </select>
            </div>
        </Show>
        <p class="hint">{about}</p>
        <button
            type="button"
            id="export-download"
            class="primary"
            disabled=move || is_busy.get() || app.drawn.with(Option::is_none)
            on:click=move |_| app.export()
        >
            <span class="icon" inner_html=icons::DOWNLOAD></span>
            "Download"
        </button>
        {tasks::progress("export", app.export_task, move || app.cancel_export())}
        {tasks::failure("export", app.export_task, Retry::now(move || app.export()))}
    }
    .into_any()
}

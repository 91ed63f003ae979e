//! The panel: one file per thing a person does. Everything in it works.
//!
//! Ids, for tests and style sheets; each control has a label that says what it does.
//!
//! | id | what |
//! |---|---|
//! | `poster` | the canvas; `data-state` is `waiting`, `drawn`, `rough` (without smoothed edges, for the moment) or `lost`, `data-frame` counts pictures, `data-maps` and `data-sketches` number the maps handed to the GPU, whole and half, `aria-busy` is `false` when it shows the newest design |
//! | `status`, `poster-note`, `fallback-note`, `lost-note` | live region; a remark; said where there is no WebGL2, and while it is gone |
//! | `map-nearer`, `map-farther`, `map-north`, `map-south`, `map-west`, `map-east` | what a hand or a key on the poster does too |
//! | `sheet-fetch` | fetches what of the map is not loaded |
//! | `tab-place` … `tab-export` | sections, on small screens |
//! | `sections` | what scrolls in the panel |
//! | `place-search`, `place-choices`, `place-choice-0` … | search field, the list and its lines |
//! | `place-search-hint`, `place-search-note`, `place-search-error`, `place-search-retry` | whom it asks; what it found; what went wrong |
//! | `place-map`, `place-map-error`, `place-map-retry` | opens the map picker, whose own ids are told in `app/src/picker/mod.rs`; why it did not open |
//! | `place-locate`, `place-name`, `place-name-ask` | where the person is; a name for the place shown, of the nearest city or a geocoder |
//! | `place-lat`, `place-lon`, `place-distance`, `place-distance-slider` | fields; their errors are `…-error` |
//! | `place-fetch`, `place-hint`, `place-cancel`, `place-progress`, `place-error`, `place-retry` | live map; the hint says why it cannot be fetched now |
//! | `place-smaller`, `place-fewer` | offered where a map was too much for the server or the device |
//! | `ready-places` | opens the list of places that come with the site |
//! | `place-origin`, `place-refresh` | where the map came from; asks a server for what the device has |
//! | `offline`, `offline-places`, `offline-note` | places kept on the device, each with buttons to open, keep and delete it; their size |
//! | `map-file` | opens a file of map data or an exported poster; any file can be dropped on the page as well |
//! | `theme-ID` | radio button of a theme, such as `theme-noir`; `theme-opened` for one from a file |
//! | `look-ID` | the map in that theme, `data-state` is `drawn` once it is painted |
//! | `map-nearer`, `map-farther`, `map-north`, `map-south`, `map-west`, `map-east`, `map-turn-left`, `map-turn-right` | move the map |
//! | `map-upright` | north above again, where the map is turned |
//! | `theme-file`, `theme-note`, `theme-error` | open a theme file; what in it was left out |
//! | `layer-NAME` | check box, such as `layer-buildings` |
//! | `text-title`, `text-subtitle`, `text-coordinates` | lines of text |
//! | `line-weight` | finer or bolder lines |
//! | `paper-size`, `paper-portrait`, `paper-landscape`, `paper-width`, `paper-height`, `paper-margin`, `paper-unit` | paper |
//! | `paper-scale`, `paper-fetch` | the map's scale; fetches what a scale lacks |
//! | `export-transparent` | a picture without paper |
//! | `export-png`, `export-jpeg`, `export-webp`, `export-svg`, `export-pdf`, `export-plotter`, `export-dpi` | format and resolution |
//! | `export-bleed`, `export-marks`, `export-archival`, `export-detail`, `outline-LAYER` | what of a file is not the poster |
//! | `export-save` | the file, where the person wants it |
//! | `queue`, `queue-THEME`, `queue-FORMAT`, `queue-download`, `queue-save`, `queue-list`, `queue-retry` | several files at once |
//! | `export-download`, `export-cancel`, `export-progress`, `export-error` | the file; `aria-busy` on the first as long as one is made |
//!
//! An error box has `data-code`, such as `E-OVP-429`.

mod desk;
mod export;
mod fields;
mod icons;
mod layers;
mod offline;
mod paper;
mod place;
mod queue;
mod ready;
mod search;
mod style;
mod tasks;
mod text;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::tasks::Watched;
use crate::platform::page;
use crate::state::App;

/// The sections in the order a person goes through them.
const SECTIONS: [(&str, &str, &str); 6] = [
    ("place", "Place", icons::PIN),
    ("style", "Style", icons::PALETTE),
    ("layers", "Layers", icons::LAYERS),
    ("text", "Text", icons::TYPE),
    ("paper", "Paper", icons::PAPER),
    ("export", "Export", icons::DOWNLOAD),
];

/// The whole page. The worker starts first, as it has most to do.
pub fn shell() -> AnyView {
    let app = App::new();
    app.begin();
    let n_parts = RwSignal::new(0);
    spawn_local(show_in_parts(n_parts));
    view! { <Show when=move || { n_parts.get() > 0 }>{frame(app, n_parts)}</Show> }.into_any()
}

/// The desk, then one section after the other, each in a task of its own: all at once the page would
/// not answer for a while.
async fn show_in_parts(n_parts: RwSignal<usize>) {
    for n in 1..=SECTIONS.len() + 1 {
        page::sleep(0).await;
        n_parts.set(n);
    }
}

/// The page without the sections that are still to come.
fn frame(app: App, n_parts: RwSignal<usize>) -> AnyView {
    // Small screens show one section at a time; large ones show all.
    let current = RwSignal::new("place");
    let is_open = RwSignal::new(true);
    let export = tasks::watch(app.export_task);
    let tabs = SECTIONS
        .into_iter()
        .map(|(id, name, icon)| {
            let is_current = move || current.get() == id && is_open.get();
            view! {
                <button
                    type="button"
                    id=format!("tab-{id}")
                    aria-expanded=move || is_current().to_string()
                    aria-controls=format!("section-{id}")
                    on:click=move |_| {
                        let is_other = current.get_untracked() != id;
                        // A second tap on the open section puts the sheet away.
                        is_open.set(is_other || !is_open.get_untracked());
                        if is_other {
                            page::scroll_to_top("sections");
                        }
                        current.set(id);
                    }
                >
                    <span class="icon" inner_html=icon></span>
                    {name}
                </button>
            }
            .into_any()
        })
        .collect_view();
    let sections = SECTIONS
        .into_iter()
        .enumerate()
        .map(|(i, (id, name, _))| {
            let section = move || {
                view! {
                    <section
                        id=format!("section-{id}")
                        aria-labelledby=format!("heading-{id}")
                        class:current=move || current.get() == id
                        on:pointerenter=move |_| approach(app, id)
                        on:focusin=move |_| approach(app, id)
                    >
                        <h2 id=format!("heading-{id}")>{name}</h2>
                        {panel(app, id, export)}
                    </section>
                }
                .into_any()
            };
            view! { <Show when=move || { n_parts.get() > i + 1 }>{section()}</Show> }.into_any()
        })
        .collect_view();
    view! {
        <main>{desk::desk(app, export)}</main>
        <aside aria-label="Design" class:open=move || is_open.get()>
            <header>
                <span class="mark" inner_html=icons::MARK></span>
                <h1>"MapPoster"</h1>
            </header>
            <nav aria-label="Sections">{tabs}</nav>
            <div class="sections" id="sections">{sections}</div>
            <footer>
                "Map data "
                <a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">
                    "© OpenStreetMap contributors"
                </a>
            </footer>
        </aside>
    }
    .into_any()
}

/// Someone is at a section.
fn approach(app: App, id: &str) {
    if id == "export" {
        app.rehearse_export();
    }
}

/// A section's controls.
fn panel(app: App, id: &str, export: Watched) -> AnyView {
    match id {
        "place" => place::panel(app),
        "style" => style::panel(app),
        "layers" => layers::panel(app),
        "text" => text::panel(app),
        "paper" => paper::panel(app),
        _ => export::panel(app, export),
    }
}

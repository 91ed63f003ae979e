//! Where the map came from, and the places kept on the device.

use leptos::prelude::*;
use mapposter_app::shelf::Record;
use mapposter_app::worker::protocol::Trouble;

use super::tasks::megabytes;
use crate::platform::page;
use crate::state::{App, Origin};

/// One line of where the map on the poster came from; with a button that asks a server where it was
/// the device.
pub fn origin(app: App) -> AnyView {
    let words = move || {
        let (from, instead) = match app.origin.get() {
            Origin::Bundled => return String::new(),
            Origin::Server { name } => (format!("Live from {name}"), String::new()),
            Origin::Device { instead } => ("From your device".to_owned(), instead),
            Origin::File { name } => (format!("From your file {name}"), String::new()),
        };
        let date = app.loaded.with(|loaded| of_date(loaded.timestamp.as_deref()));
        let words = format!("{from}{date}. {instead}");
        words.trim_end().to_owned()
    };
    let is_kept = move || matches!(app.origin.get(), Origin::Device { .. });
    view! {
        <p class="hint" id="place-origin" role="status">{words}</p>
        <Show when=is_kept>
            <button
                type="button"
                class="quiet"
                id="place-refresh"
                disabled=move || app.is_loading() || app.is_resting()
                on:click=move |_| app.fetch_anew()
            >
                "Refresh from the server"
            </button>
        </Show>
    }
    .into_any()
}

/// The list of places kept on the device.
pub fn places(app: App) -> AnyView {
    // Rows stay as they are while one is kept or opened, and so does the focus in them.
    let keys = Memo::new(move |_| {
        app.shelf.with(|shelf| shelf.places.iter().map(Record::key).collect::<Vec<_>>())
    });
    let rows = move || keys.get().into_iter().map(|key| row(app, key)).collect_view();
    let note = move || {
        app.shelf.with(|shelf| {
            let total: f64 = shelf.places.iter().map(|place| f64::from(place.bytes)).sum();
            let sizes = match shelf.places.len() {
                0 => "Places you fetch are kept here for 30 days and longer without a network."
                    .to_owned(),
                n => format!(
                    "{n} in {} of {} at most.",
                    megabytes(total),
                    megabytes(shelf.most_bytes)
                ),
            };
            match shelf.trouble {
                Trouble::None => sizes,
                Trouble::Denied => {
                    "This browser lets the page keep nothing; all else works.".to_owned()
                }
                Trouble::Full => format!("{sizes} There was no room for the last one."),
            }
        })
    };
    view! {
        <details id="offline" on:toggle=move |_| app.list_places()>
            <summary id="offline-summary">"Offline places"</summary>
            <ul id="offline-places">{rows}</ul>
            <p class="hint" id="offline-note" role="status">{note}</p>
        </details>
    }
    .into_any()
}

fn row(app: App, key: String) -> AnyView {
    let place = app.with_place(&key, |place| (name(place), facts(place)));
    let (name, facts) = place.unwrap_or_default();
    let key = StoredValue::new(key);
    let is_kept = move || {
        key.with_value(|key| app.with_place(key, |place| place.is_kept)).unwrap_or_default()
    };
    let forget = move || {
        app.forget_place(key.get_value());
        // The button that had the focus goes.
        page::focus("offline-summary");
    };
    view! {
        <li>
            <strong>{name.clone()}</strong>
            <span>{facts}</span>
            <button type="button" class="quiet" aria-label=format!("Open {name}") on:click=move |_| app.open_place(key.get_value())>
                "Open"
            </button>
            <button
                type="button"
                class="quiet"
                aria-label=format!("Keep {name}")
                aria-pressed=move || is_kept().to_string()
                on:click=move |_| app.mark_place(key.get_value(), !is_kept())
            >
                {move || if is_kept() { "Kept" } else { "Keep" }}
            </button>
            <button type="button" class="quiet" aria-label=format!("Delete {name}") on:click=move |_| forget()>
                "Delete"
            </button>
        </li>
    }
    .into_any()
}

fn name(place: &Record) -> String {
    match place.name.as_str() {
        "" => format!("{:.4}, {:.4}", place.lat, place.lon),
        name => name.to_owned(),
    }
}

fn facts(place: &Record) -> String {
    let (distance, bytes) = (place.distance, megabytes(f64::from(place.bytes)));
    format!("{distance:.0} m · {bytes}{}", of_date(place.timestamp.as_deref()))
}

/// `2026-10-01T00:00:00Z` → `, map data of 2026-10-01`.
fn of_date(timestamp: Option<&str>) -> String {
    let day = timestamp.and_then(|timestamp| timestamp.get(..10));
    day.map(|day| format!(", map data of {day}")).unwrap_or_default()
}

//! Places that need no map server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::ready_list::ReadyPlace;

use super::tasks::megabytes;
use crate::ready::list;
use crate::state::App;

/// A list that is fetched when it is opened.
pub fn panel(app: App) -> AnyView {
    let places = RwSignal::new(None::<Vec<ReadyPlace>>);
    let is_asked = StoredValue::new(false);
    let open = move |_| {
        if !is_asked.get_value() {
            is_asked.set_value(true);
            spawn_local(async move { places.set(Some(list().await.unwrap_or_default())) });
        }
    };
    let shown = move || match places.get() {
        None => view! { <p class="hint">"Looking…"</p> }.into_any(),
        Some(places) if places.is_empty() => {
            view! { <p class="hint">"This site has none."</p> }.into_any()
        }
        Some(places) => places.into_iter().map(|place| entry(app, place)).collect_view().into_any(),
    };
    view! {
        <details id="ready-places" on:toggle=open>
            <summary>"Ready places"</summary>
            <p class="hint">"They come with this site; no map server is asked."</p>
            <ul class="places">{shown}</ul>
        </details>
    }
    .into_any()
}

fn entry(app: App, place: ReadyPlace) -> AnyView {
    let about = {
        let parts = [place.country.clone(), place.date.clone().unwrap_or_default()];
        let size = megabytes(place.bytes as f64);
        let parts = parts.into_iter().filter(|part| !part.is_empty()).chain([size]);
        parts.collect::<Vec<_>>().join(" · ")
    };
    let name = place.name.clone();
    view! {
        <li>
            <button
                type="button"
                disabled=move || app.is_loading()
                on:click=move |_| app.open_ready(place.clone())
            >
                {name}
                <small>{about}</small>
            </button>
        </li>
    }
    .into_any()
}

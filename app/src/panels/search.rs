//! Finding a place: a field with a list that fills as one types (the ARIA 1.2 combobox), and buttons beside it.

use leptos::prelude::*;
use mapposter_app::net::config::host;

use super::icons;
use super::tasks::{self, Retry};
use crate::platform::page;
use crate::search::{Choice, Search};
use crate::state::{App, Task};

/// The field, its list, and what goes with them.
pub fn search(app: App) -> AnyView {
    let search = Search::new(app);
    let hint = move || {
        let asked = search
            .services()
            .first()
            .map(|service| format!("Enter asks {} for all else. ", search.called(*service)));
        let typing = app.config.with(|config| {
            let typing = config.photon_typing.as_deref();
            typing.map(|url| format!("Typing asks Photon ({}). ", host(url)))
        });
        format!(
            "Cities: GeoNames, CC BY 4.0. {}{}The map of what you choose comes from {}.",
            typing.unwrap_or_default(),
            asked.unwrap_or_default(),
            app.server_name()
        )
    };
    let retry = Retry::now(move || search.ask_again());
    view! {
        <div class="search">
            <div class="field">
                <label for="place-search">"Search"</label>
                {field(search)}
                {list(search)}
            </div>
            <p class="hint" id="place-search-note" role="status">{search.note}</p>
            {tasks::failure("place-search", search.task, retry)}
            <p class="hint" id="place-search-hint">{hint}</p>
            <button
                type="button"
                id="place-map"
                aria-haspopup="dialog"
                on:click=move |_| search.choose_area()
            >
                <span class="icon" inner_html=icons::MAP></span>
                // Not disabled meanwhile: the focus comes back to it from the dialog.
                {move || match search.area_task.with(Task::is_busy) {
                    true => "Opening the map…",
                    false => "Choose on the map",
                }}
            </button>
            {tasks::failure("place-map", search.area_task, Retry::now(move || search.choose_area()))}
            <div class="pair">
                <button type="button" id="place-locate" on:click=move |_| search.locate()>
                    <span class="icon" inner_html=icons::LOCATE></span>
                    "My location"
                </button>
                <button type="button" id="place-name" on:click=move |_| search.name_place()>
                    <span class="icon" inner_html=icons::TAG></span>
                    "Name it"
                </button>
            </div>
            <Show when=move || search.is_named.get()>
                <button type="button" id="place-name-ask" on:click=move |_| search.ask_for_name()>
                    {move || search.services().first().map(|service| format!("Ask {} for its name", search.called(*service)))}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

fn field(search: Search) -> AnyView {
    view! {
        <input
            type="text"
            id="place-search"
            role="combobox"
            inputmode="search"
            enterkeyhint="search"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder="City, address, coordinates, map link"
            aria-autocomplete="list"
            aria-controls="place-choices"
            aria-describedby="place-search-hint"
            aria-expanded=move || search.is_open.get().to_string()
            aria-activedescendant=move || search.active.get().filter(|_| search.is_open.get()).map(choice_id)
            prop:value=search.text
            on:focus=move |_| search.enter_field()
            on:input=move |event| search.type_in(event_target_value(&event))
            on:blur=move |_| search.close()
            on:keydown=move |event| {
                // Enter and arrows belong to the input method while it composes a word.
                if !event.is_composing() && !event.alt_key() && press(search, &event.key()) {
                    event.prevent_default();
                }
            }
        />
    }
    .into_any()
}

/// Does what a key is for; false where it is for the field itself.
fn press(search: Search, key: &str) -> bool {
    let n = search.choices.with_untracked(Vec::len);
    let is_open = search.is_open.get_untracked() && n > 0;
    let active = search.active.get_untracked();
    let to = match key {
        "Enter" => {
            search.enter();
            return true;
        }
        "Escape" if is_open => {
            search.close();
            return true;
        }
        "Escape" => {
            search.type_in(String::new());
            return true;
        }
        "ArrowDown" | "ArrowUp" if !is_open => return search.open(),
        "ArrowDown" if is_open => active.map_or(0, |at| (at + 1) % n),
        "ArrowUp" if is_open => active.map_or(n - 1, |at| (at + n - 1) % n),
        // In the text, unless a line of the list is what the keys act on.
        "Home" if is_open && active.is_some() => 0,
        "End" if is_open && active.is_some() => n - 1,
        _ => return false,
    };
    search.active.set(Some(to));
    page::reveal(&choice_id(to));
    true
}

fn choice_id(index: usize) -> String {
    format!("place-choice-{index}")
}

fn list(search: Search) -> AnyView {
    let choices = move || {
        let choices = search.choices.get();
        choices
            .into_iter()
            .enumerate()
            .map(|(index, choice)| line(search, index, choice))
            .collect_view()
    };
    view! {
        <ul
            id="place-choices"
            role="listbox"
            aria-label="Places"
            class:hidden=move || !search.is_open.get()
            // A press must not take the focus from the field, which would close the list.
            on:pointerdown=move |event| event.prevent_default()
            on:mousedown=move |event| event.prevent_default()
        >
            {choices}
        </ul>
    }
    .into_any()
}

fn line(search: Search, index: usize, choice: Choice) -> AnyView {
    let (name, detail, far) = match choice {
        Choice::Place { found, kilometres } => {
            let parts = [found.region, found.country];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let name = if found.name.is_empty() {
                format!("{}, {}", found.lat, found.lon)
            } else {
                found.name
            };
            (name, parts.join(", "), in_words(kilometres))
        }
        Choice::Ask(service) => {
            let text = search.words();
            let asked = format!("with {}", search.called(service));
            (format!("Search OpenStreetMap for “{text}”"), asked, String::new())
        }
    };
    view! {
        <li
            id=choice_id(index)
            role="option"
            aria-selected=move || (search.active.get() == Some(index)).to_string()
            on:click=move |_| search.choose(index)
        >
            <span>{name}</span>
            <span class="far">{far}</span>
            <small>{detail}</small>
        </li>
    }
    .into_any()
}

/// `850 m`, `12 km`, `1 200 km`.
fn in_words(kilometres: f64) -> String {
    match kilometres {
        far if far < 0.05 => "here".to_owned(),
        far if far < 1.0 => format!("{:.0} m", far * 1000.0),
        far if far < 1000.0 => format!("{far:.0} km"),
        far => {
            let far = far.round() as u32;
            format!("{}\u{202f}{:03} km", far / 1000, far % 1000)
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_distance_is_as_exact_as_it_helps() {
        for (kilometres, words) in
            [(0.0, "here"), (0.85, "850 m"), (12.3, "12 km"), (1204.0, "1\u{202f}204 km")]
        {
            assert_eq!(super::in_words(kilometres), words);
        }
    }
}

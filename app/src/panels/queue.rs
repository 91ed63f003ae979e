//! Several files at once: what is chosen, and how far each is.

use std::collections::BTreeSet;

use leptos::prelude::*;
use mapposter_app::worker::protocol::Format;
use render_core::design::ThemeChoice;

use super::export::format_name;
use super::fields::check;
use super::tasks::{self, Watched};
use crate::platform::save;
use crate::queue::{Entry, EntryState};
use crate::state::App;
use crate::themes;

/// A box that is unfolded.
pub fn queue(app: App, export: Watched) -> AnyView {
    let is_open = RwSignal::new(false);
    view! {
        <details id="queue" on:toggle=move |_| is_open.set(true)>
            <summary>"Several themes and formats at once"</summary>
            <Show when=move || is_open.get()>{choices(app, export)}</Show>
        </details>
    }
    .into_any()
}

fn choices(app: App, export: Watched) -> AnyView {
    let chosen_theme = app.design.with_untracked(|design| match &design.theme {
        ThemeChoice::Named(id) => id.clone(),
        ThemeChoice::Inline(_) => themes::OPENED.to_owned(),
    });
    let chosen_themes = RwSignal::new(BTreeSet::from([chosen_theme]));
    let chosen_formats = RwSignal::new(BTreeSet::from([app.format.get_untracked().id()]));
    let theme_boxes = move || {
        let opened = app.opened.with(|theme| theme.as_ref().map(themes::inline));
        let all = themes::builtin().into_iter().chain(opened);
        all.map(|swatch| {
            let (id, of) = (swatch.id.clone(), swatch.id.clone());
            let is_on = Signal::derive(move || chosen_themes.with(|chosen| chosen.contains(&of)));
            check(format!("queue-{id}"), swatch.name, is_on, move |on| {
                chosen_themes.update(|chosen| put(chosen, id.clone(), on));
            })
        })
        .collect_view()
    };
    let format_boxes = Format::ALL.map(|format| {
        let is_on = Signal::derive(move || chosen_formats.with(|all| all.contains(format.id())));
        check(format!("queue-{}", format.id()), format_name(format), is_on, move |on| {
            chosen_formats.update(|chosen| put(chosen, format.id(), on));
        })
    });
    let count = move || chosen_themes.with(BTreeSet::len) * chosen_formats.with(BTreeSet::len);
    let begin = move |is_asked: bool| {
        let opened = app.opened.get_untracked();
        let themes: Vec<ThemeChoice> = chosen_themes.with_untracked(|chosen| {
            let choice = |id: &String| match &opened {
                Some(opened) if *id == themes::OPENED => ThemeChoice::Inline(opened.clone()),
                _ => ThemeChoice::Named(id.clone()),
            };
            chosen.iter().map(choice).collect()
        });
        let is_chosen =
            |format: &Format| chosen_formats.with_untracked(|all| all.contains(format.id()));
        let formats: Vec<Format> = Format::ALL.into_iter().filter(is_chosen).collect();
        app.export_many(&themes, &formats, is_asked);
    };
    let is_off = move || count() == 0 || export.is_told.get() || app.drawn.with(Option::is_none);
    let words = move || match count() {
        0 => "Choose a theme and a format".to_owned(),
        1 => "Download 1 file as ZIP".to_owned(),
        n => format!("Download {n} files as ZIP"),
    };
    view! {
        <fieldset>
            <legend class="label">"Themes"</legend>
            <div class="checks">{theme_boxes}</div>
        </fieldset>
        <fieldset>
            <legend class="label">"Formats"</legend>
            <div class="checks">{format_boxes.into_iter().collect_view()}</div>
        </fieldset>
        <button type="button" id="queue-download" disabled=is_off on:click=move |_| begin(false)>{words}</button>
        {save::can_ask().then(|| view! {
            <button type="button" id="queue-save" class="quiet" disabled=is_off on:click=move |_| begin(true)>
                "Save the ZIP to…"
            </button>
        })}
        <ol id="queue-list">{move || app.queue.get().into_iter().map(line).collect_view()}</ol>
        {move || retry(app, export.is_busy)}
    }
    .into_any()
}

fn put<T: Ord>(chosen: &mut BTreeSet<T>, one: T, on: bool) {
    if on {
        chosen.insert(one);
    } else {
        chosen.remove(&one);
    }
}

/// A file and how far it is.
fn line(entry: Entry) -> AnyView {
    let (state, words) = match &entry.state {
        EntryState::Waiting => ("waiting", "waits".to_owned()),
        EntryState::Busy(progress) => {
            let stage = tasks::stage_words(Some(&progress.stage_alone()));
            let percent = progress
                .fraction
                .map_or(String::new(), |fraction| format!(" · {:.0} %", fraction * 100.0));
            ("busy", format!("{stage}{percent}"))
        }
        EntryState::Done => ("done", "done".to_owned()),
        EntryState::Failed(failure) => {
            ("failed", format!("{} {} ({})", failure.what, failure.next, failure.code))
        }
    };
    view! { <li data-state=state><span>{entry.name}</span><small>{words}</small></li> }.into_any()
}

/// Makes what is not made, once nothing is being made.
fn retry(app: App, is_busy: Memo<bool>) -> AnyView {
    let n = app
        .queue
        .with(|queue| queue.iter().filter(|entry| entry.state != EntryState::Done).count());
    if n == 0 || is_busy.get() {
        return ().into_any();
    }
    view! {
        <button type="button" id="queue-retry" on:click=move |_| app.retry_queue()>
            {format!("Make the {n} that are missing")}
        </button>
    }
    .into_any()
}

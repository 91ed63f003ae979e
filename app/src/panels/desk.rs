//! The desk: the sheet at its true proportions, and what there is to say about it.

use leptos::prelude::*;
use render_core::design::PaperSize;
use render_core::design::length::LengthUnit;
use render_core::page::paper::unit_of;

use super::icons;
use super::tasks::{self, Retry, Watched};
use crate::preview::canvas::canvas;
use crate::preview::hands::{PULL_STEP, TURN_STEP, ZOOM_STEP};
use crate::preview::steer::Move;
use crate::state::{App, Mode, Task};

/// The poster and the line beneath it, which also tells of a file that is being made.
pub fn desk(app: App, export: Watched) -> AnyView {
    let ratio = move || app.design.with(|d| format!("--ratio:{}", d.paper.width / d.paper.height));
    let has_failed = move || {
        let is_failure = |task: &Task| matches!(task, Task::Failed(..));
        // Without any map there is nothing to draw until the place's own message is dealt with.
        app.draw_task.with(is_failure)
            || app.coverage.with(Option::is_none) && app.place_task.with(is_failure)
    };
    // Changes of a running task's numbers are no news to a listener; its stages are.
    let status = Memo::new(move |_| {
        let busy = |task: &Task| match task {
            Task::Busy(progress) => Some(tasks::stage_words(progress.as_ref())),
            _ => None,
        };
        // A file that is there in no time is told of by the browser, and each line has the page painted.
        let of_file = export.is_told.get().then(|| app.export_task.with(busy)).flatten();
        let words = of_file.or_else(|| app.place_task.with(busy));
        match words {
            Some(words) => format!("{words}…"),
            None if has_failed() => String::new(),
            None if app.is_stale() => "Drawing…".to_owned(),
            None => "Poster ready".to_owned(),
        }
    });
    let facts = move || {
        let (size, scale, turned) = app.design.with(|design| {
            let scale = design.scale();
            let PaperSize { width, height } = design.paper;
            let unit = unit_of(width, height, design.dpi);
            let [width, height] = [width, height].map(|side| match unit {
                LengthUnit::Mm => side.round().to_string(),
                unit => unit.words(side, design.dpi),
            });
            let turned = match design.rotation {
                0.0 => String::new(),
                degrees => format!(" · turned {}°", (degrees * 10.0).round() / 10.0),
            };
            (format!("{width} × {height} {}", unit.name()), scale, turned)
        });
        let date = app
            .loaded
            .with(|l| l.timestamp.as_deref().and_then(|t| t.get(..10)).map(str::to_owned));
        let date = date.map(|date| format!(" · map of {date}")).unwrap_or_default();
        format!("{size} · 1 : {}{turned}{date}", thousands(scale))
    };
    view! {
        <div class="desk">
            <div class="sheet" style=ratio>
                {canvas(app)}
                {rest_of_the_map(app)}
            </div>
            {tools(app)}
        </div>
        <div class="caption">
            <p class="facts">{facts}</p>
            <p id="status" role="status" aria-live="polite">{status}</p>
            <Show when=move || app.mode.get() == Some(Mode::Raster)>
                <p id="fallback-note" class="note">
                    "This browser has no WebGL2, so the poster is painted by the processor: changes take a little longer, files are the same."
                </p>
            </Show>
            <Show when=move || app.is_lost.get()>
                <p id="lost-note" class="note" role="status">
                    "The browser has lent the graphics of this poster to another page; the picture comes back with them."
                </p>
            </Show>
            <p id="poster-note" class="note" role="status">{app.note} {app.config_note}</p>
            {tasks::failure("draw", app.draw_task, Retry::now(move || app.draw()))}
        </div>
    }
    .into_any()
}

/// Buttons for what a hand or a key does to the map.
fn tools(app: App) -> AnyView {
    let page = move || app.design.with_untracked(|design| design.paper.width);
    let is_turned = Memo::new(move |_| app.design.with(|design| design.rotation != 0.0));
    let button =
        move |id: &'static str, name: &'static str, icon: &'static str, step: fn(f64) -> Move| {
            view! {
                <button
                    type="button"
                    id=id
                    aria-label=name
                    title=name
                    disabled=move || app.coverage.with(Option::is_none)
                    on:click=move |_| app.move_map(step(page()))
                    inner_html=icon
                ></button>
            }
            .into_any()
        };
    view! {
        <div class="tools" role="group" aria-label="Move the map">
            {button("map-nearer", "Nearer", icons::PLUS, |_| Move::zoom(ZOOM_STEP, (0.0, 0.0)))}
            {button("map-farther", "Farther", icons::MINUS, |_| Move::zoom(1.0 / ZOOM_STEP, (0.0, 0.0)))}
            {button("map-north", "Up", icons::UP, |page| Move::pull(0.0, PULL_STEP * page))}
            {button("map-south", "Down", icons::DOWN, |page| Move::pull(0.0, -PULL_STEP * page))}
            {button("map-west", "Left", icons::LEFT, |page| Move::pull(PULL_STEP * page, 0.0))}
            {button("map-east", "Right", icons::RIGHT, |page| Move::pull(-PULL_STEP * page, 0.0))}
            {button("map-turn-left", "Turn left", icons::TURN_LEFT, |_| Move::turn(-TURN_STEP))}
            {button("map-turn-right", "Turn right", icons::TURN_RIGHT, |_| Move::turn(TURN_STEP))}
            <Show when=move || is_turned.get()>
                <button
                    type="button"
                    id="map-upright"
                    aria-label="North above"
                    title="North above"
                    on:click=move |_| app.move_map(Move::turn(-app.newest().rotation))
                    inner_html=icons::COMPASS
                ></button>
            </Show>
        </div>
    }
    .into_any()
}

/// Offers to fetch what of the map is not loaded, where the map has been moved beyond it.
fn rest_of_the_map(app: App) -> AnyView {
    let is_missing = Memo::new(move |_| app.design.with(|design| app.is_beyond(design)));
    let is_shut = move || app.is_loading();
    view! {
        <Show when=move || is_missing.get()>
            <button
                type="button"
                id="sheet-fetch"
                class="primary"
                disabled=is_shut
                on:click=move |_| app.fetch_place()
            >
                {move || format!("Fetch this map from {}", app.server_name())}
            </button>
        </Show>
    }
    .into_any()
}

/// `1234567` → `1 235 000`, to three digits that matter.
fn thousands(number: f64) -> String {
    let unit = 10f64.powf((number.max(1.0).log10().floor() - 2.0).max(0.0));
    grouped(&format!("{:.0}", (number / unit).round() * unit))
}

/// A number's digits in threes.
pub fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_scale_has_three_digits_that_matter() {
        let check = |number: f64, expected: &str| {
            assert_eq!(super::thousands(number).replace('\u{202f}', " "), expected);
        };
        check(3350.0, "3 350");
        check(123_456.0, "123 000");
        check(1_234_567.0, "1 230 000");
    }
}

//! The desk: the sheet at its true proportions, and what there is to say about it.

use leptos::prelude::*;

use super::tasks;
use crate::preview::canvas::canvas;
use crate::state::{App, Mode, Task};

/// The poster and the line beneath it.
pub fn desk(app: App) -> AnyView {
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
        let words = app.export_task.with(busy).or_else(|| app.place_task.with(busy));
        match words {
            Some(words) => format!("{words}…"),
            None if has_failed() => String::new(),
            None if app.is_stale() => "Drawing…".to_owned(),
            None => "Poster ready".to_owned(),
        }
    });
    let facts = move || {
        let (size, scale) = app.design.with(|design| {
            let (_, height) = design.map_size();
            let scale = 2.0 * design.distance * 1000.0 / height;
            let (width, height) = (design.paper.width.round(), design.paper.height.round());
            (format!("{width} × {height} mm"), scale)
        });
        let date = app
            .loaded
            .with(|l| l.timestamp.as_deref().and_then(|t| t.get(..10)).map(str::to_owned));
        let date = date.map(|date| format!(" · map of {date}")).unwrap_or_default();
        format!("{size} · 1 : {}{date}", thousands(scale))
    };
    view! {
        <div class="desk">
            <div class="sheet" style=ratio class:busy=move || app.drawn.with(Option::is_none)>
                {canvas(app)}
            </div>
        </div>
        <div class="caption">
            <p class="facts">{facts}</p>
            <p id="status" role="status" aria-live="polite">{status}</p>
            <Show when=move || app.mode.get() == Some(Mode::Raster)>
                <p id="fallback-note" class="note">
                    "This browser has no WebGL2, so the poster is painted by the processor: changes take a little longer, files are the same."
                </p>
            </Show>
            <p id="poster-note" class="note" role="status">{app.note} {app.config_note}</p>
            {tasks::failure("draw", app, app.draw_task, move || app.draw())}
        </div>
    }
    .into_any()
}

/// `1234567` → `1 235 000`, to three digits that matter.
fn thousands(number: f64) -> String {
    let unit = 10f64.powf((number.max(1.0).log10().floor() - 2.0).max(0.0));
    let digits = format!("{:.0}", (number / unit).round() * unit);
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
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

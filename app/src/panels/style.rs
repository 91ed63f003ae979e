//! How the poster is coloured: a theme of the app's, or one from a file.

use leptos::prelude::*;
use render_core::design::ThemeChoice;

use super::fields::{file_button, slider};
use super::tasks;
use crate::state::App;
use crate::themes::{self, Swatch};

/// The section.
pub fn panel(app: App) -> AnyView {
    let builtin = StoredValue::new(themes::builtin());
    let chosen = Memo::new(move |_| {
        app.design.with(|design| match &design.theme {
            ThemeChoice::Named(id) => id.clone(),
            ThemeChoice::Inline(_) => themes::OPENED.to_owned(),
        })
    });
    // A theme that was opened stays at hand while others are tried.
    let opened = Memo::new(move |_| app.opened.with(|theme| theme.as_ref().map(themes::inline)));
    let current = move || {
        let id = chosen.get();
        let named = builtin.with_value(|all| all.iter().find(|s| s.id == id).cloned());
        named.or_else(|| opened.get())
    };
    // Said as long as that theme is on the poster.
    let remarks = move || {
        let is_opened = chosen.with(|chosen| chosen == themes::OPENED);
        if is_opened { app.opened_remarks.get() } else { String::new() }
    };
    let swatches = builtin
        .with_value(|all| all.iter().map(|swatch| swatch_view(app, chosen, swatch)).collect_view());
    view! {
        <fieldset>
            <legend class="hidden">"Theme"</legend>
            <div class="swatches">
                {swatches}
                {move || opened.get().map(|swatch| swatch_view(app, chosen, &swatch))}
            </div>
        </fieldset>
        <p class="theme-name">
            <strong>{move || current().map(|s| s.name)}</strong>
            " "
            <span>{move || current().map(|s| s.description)}</span>
        </p>
        {line_weight(app)}
        {file_button("theme-file", "Open a theme file…", ".json,application/json", move |file| app.open_theme(file))}
        <p id="theme-note" class="note" role="status">{remarks}</p>
        {tasks::failure("theme", app.theme_task, None)}
    }
    .into_any()
}

/// Steps of the slider to either side of the theme's own lines, each a tenth of the way to twice or
/// half their width.
const WEIGHT_STEPS: f64 = 20.0;

/// Finer or bolder lines.
fn line_weight(app: App) -> AnyView {
    let position = Signal::derive(move || {
        app.design.with(|design| (design.line_weight.log2() * 10.0).round())
    });
    let words: fn(f64) -> String = |position| match position {
        0.0 => String::new(),
        _ => format!("× {:.2}", weight(position)),
    };
    let ends = [-WEIGHT_STEPS, WEIGHT_STEPS];
    slider("line-weight", "Lines, fine to bold", ends, position, words, move |position| {
        app.change(|design| design.line_weight = weight(position));
    })
}

fn weight(position: f64) -> f64 {
    2f64.powf(position / 10.0)
}

fn swatch_view(app: App, chosen: Memo<String>, swatch: &Swatch) -> AnyView {
    let id = StoredValue::new(swatch.id.clone());
    let name = swatch.name.clone();
    let title = name.clone();
    let is_chosen = move || chosen.with(|chosen| id.with_value(|id| id == chosen));
    view! {
        <label class="swatch" class:chosen=is_chosen title=title>
            <input
                type="radio"
                name="theme"
                id=format!("theme-{}", swatch.id)
                aria-label=name
                prop:checked=is_chosen
                on:change=move |_| app.choose_theme(&id.get_value())
            />
            <canvas id=format!("look-{}", swatch.id) aria-hidden="true"></canvas>
            <span inner_html=picture(swatch)></span>
        </label>
    }
    .into_any()
}

/// A poster in small until the map itself is there: paper, a bay, a park, streets, a title.
fn picture(swatch: &Swatch) -> String {
    let [paper, ink, water, parks, major, minor] = swatch.colors.map(|color| color.to_hex());
    format!(
        "<svg viewBox=\"0 0 36 48\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"{paper}\" d=\"M0 0h36v48H0z\"/>\
         <path fill=\"{parks}\" d=\"M3 4l11-2 2 9-10 4z\"/>\
         <path fill=\"{water}\" d=\"M36 14c-7 1-9 5-8 9s-2 8 1 10h7z\"/>\
         <path stroke=\"{minor}\" stroke-width=\".9\" fill=\"none\" d=\"M0 8l36 3M0 18l28 2M6 0l2 34M26 0l-2 16-4 18M0 27l28 1\"/>\
         <path stroke=\"{major}\" stroke-width=\"1.8\" fill=\"none\" d=\"M0 31C10 26 13 15 16 0M11 21l25-9\"/>\
         <path fill=\"{paper}\" fill-opacity=\".85\" d=\"M0 34h36v14H0z\"/>\
         <path stroke=\"{ink}\" stroke-width=\"2.2\" d=\"M10 39h16\"/>\
         <path stroke=\"{ink}\" stroke-width=\".9\" d=\"M13 43.5h10\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use render_core::design::input::LINE_WEIGHT;

    #[test]
    fn the_slider_goes_as_far_as_lines_do() {
        assert_eq!(
            (weight(-WEIGHT_STEPS), weight(WEIGHT_STEPS)),
            (LINE_WEIGHT.min, LINE_WEIGHT.max)
        );
        assert_eq!(weight(0.0), 1.0);
    }
}

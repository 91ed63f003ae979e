//! What the poster is printed on.

use leptos::prelude::*;
use render_core::design::{Design, InputError, input};
use render_core::page::paper::{Orientation, PAPERS, named};

use super::fields::{choice, text_field};
use super::icons;
use crate::state::App;

/// The choice for sides of one's own.
const CUSTOM: &str = "custom";

/// The section.
pub fn panel(app: App) -> AnyView {
    let is_custom = RwSignal::new(false);
    let orientation = Memo::new(move |_| {
        app.design.with(|design| Orientation::of(design.paper.width, design.paper.height))
    });
    let size = Memo::new(move |_| {
        let name = app.design.with(|design| named(design.paper.width, design.paper.height));
        name.filter(|_| !is_custom.get()).map_or(CUSTOM, |paper| paper.id)
    });
    let sizes = PAPERS
        .iter()
        .map(|paper| (paper.id, paper.name))
        .chain([(CUSTOM, "Another size")])
        .map(|(id, name)| {
            view! { <option value=id prop:selected=move || size.get() == id>{name}</option> }
                .into_any()
        })
        .collect_view();
    let turn = move |to: Orientation| {
        app.change(|design| set_paper(design, to, design.paper.width, design.paper.height));
    };
    let turned = move |id: &str, label, icon, to: Orientation| {
        let is_chosen = Signal::derive(move || orientation.get() == to);
        choice("orientation", id.to_owned(), label, icon, is_chosen, move || turn(to))
    };
    view! {
        <div class="field">
            <label for="paper-size">"Size"</label>
            <select
                id="paper-size"
                on:change=move |event| {
                    let id = event_target_value(&event);
                    is_custom.set(id == CUSTOM);
                    if let Some(paper) = PAPERS.iter().find(|paper| paper.id == id) {
                        let to = orientation.get_untracked();
                        app.change(|design| set_paper(design, to, paper.width, paper.height));
                    }
                }
            >
                {sizes}
            </select>
        </div>
        <Show when=move || size.get() == CUSTOM>
            <div class="pair">
                {side(app, "paper-width", "Width, mm", |design| &mut design.paper.width)}
                {side(app, "paper-height", "Height, mm", |design| &mut design.paper.height)}
            </div>
        </Show>
        <fieldset>
            <legend class="hidden">"Orientation"</legend>
            <div class="choices">
                {turned("paper-portrait", "Portrait", icons::PORTRAIT, Orientation::Portrait)}
                {turned("paper-landscape", "Landscape", icons::LANDSCAPE, Orientation::Landscape)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn set_paper(design: &mut Design, to: Orientation, width: f64, height: f64) {
    (design.paper.width, design.paper.height) = to.turn(width, height);
}

/// A side of one's own; what is typed stays even while it is wrong.
fn side(
    app: App,
    id: &'static str,
    label: &'static str,
    side: fn(&mut Design) -> &mut f64,
) -> AnyView {
    let now = move || app.design.with_untracked(|design| *side(&mut design.clone()));
    let typed = RwSignal::new(format!("{}", now()));
    let error = Signal::derive(move || -> Option<InputError> {
        typed.with(|text| input::PAPER_SIDE.parse(text)).err()
    });
    text_field(id, label, "decimal", typed.into(), error, move |text| {
        let value = input::PAPER_SIDE.parse(&text);
        typed.set(text);
        if let Ok(mm) = value {
            app.change(|design| *side(design) = mm);
        }
    })
}

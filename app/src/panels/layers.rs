//! What is on the map.

use leptos::prelude::*;
use render_core::kind::Layer;

use super::fields::check;
use crate::state::App;

/// The section.
pub fn panel(app: App) -> AnyView {
    let boxes = Layer::ALL.into_iter().map(|layer| {
        let is_on = Signal::derive(move || app.design.with(|design| design.shows(layer)));
        check(format!("layer-{}", layer.name()), label(layer), is_on, move |on| {
            app.change(|design| {
                design.layers.insert(layer, on);
            });
        })
    });
    view! { <div class="checks">{boxes.collect_view()}</div> }.into_any()
}

fn label(layer: Layer) -> &'static str {
    match layer {
        Layer::Green => "Parks and land",
        Layer::Water => "Water",
        Layer::Aeroway => "Airfields",
        Layer::Buildings => "Buildings",
        Layer::Piers => "Piers",
        Layer::Paths => "Paths",
        Layer::Roads => "Roads",
        Layer::Rail => "Rail",
    }
}

//! What the poster says.

use leptos::prelude::*;

use super::fields::{check, text_field};
use crate::state::App;

/// The section.
pub fn panel(app: App) -> AnyView {
    let title = Signal::derive(move || app.design.with(|design| design.title().to_owned()));
    let subtitle = Signal::derive(move || app.design.with(|design| design.subtitle().to_owned()));
    let coordinates = Signal::derive(move || app.design.with(|design| design.texts.coordinates));
    let none = Signal::derive(|| None);
    view! {
        {text_field("text-title", "Title", "text", title, none, move |text| {
            app.change(|design| design.texts.title = Some(text));
        })}
        {text_field("text-subtitle", "Subtitle", "text", subtitle, none, move |text| {
            app.change(|design| design.texts.subtitle = Some(text));
        })}
        {check("text-coordinates".into(), "Coordinates", coordinates, move |on| {
            app.change(|design| design.texts.coordinates = on);
        })}
    }
    .into_any()
}

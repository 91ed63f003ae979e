//! Labelled controls, so that each looks, reads and fails the same way.
//!
//! What they do is boxed: a control is compiled once, not once for each use.

use leptos::prelude::*;
use render_core::design::InputError;
use web_sys::HtmlInputElement;
use web_sys::wasm_bindgen::JsCast;

use super::icons;

/// A line to type in, with what is wrong beneath it. `mode` is the keyboard a phone shows.
pub fn text_field(
    id: &'static str,
    label: impl Into<Signal<String>>,
    mode: &'static str,
    value: Signal<String>,
    error: Signal<Option<InputError>>,
    on_input: impl Fn(String) + 'static,
) -> AnyView {
    boxed_text_field(id, label.into(), mode, value, error, Box::new(on_input))
}

fn boxed_text_field(
    id: &'static str,
    label: Signal<String>,
    mode: &'static str,
    value: Signal<String>,
    error: Signal<Option<InputError>>,
    on_input: Box<dyn Fn(String)>,
) -> AnyView {
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    let is_wrong = move || error.with(Option::is_some);
    let code = move || error.with(|error| error.as_ref().map(|error| error.code));
    let words = move || error.with(|error| error.as_ref().map(|e| e.message.clone()));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                type="text"
                id=id
                inputmode=mode
                autocomplete="off"
                spellcheck="false"
                prop:value=value
                aria-invalid=move || is_wrong().to_string()
                aria-describedby=described_by
                on:input=move |event| on_input(event_target_value(&event))
            />
            <p class="field-error" id=error_id data-code=code role="alert">{words}</p>
        </div>
    }
    .into_any()
}

/// The lines of a list to choose from: values and names.
pub fn choices_of(
    choices: impl IntoIterator<Item = (&'static str, &'static str)>,
    chosen: Signal<&'static str>,
) -> AnyView {
    options(choices.into_iter().collect(), chosen)
}

fn options(choices: Vec<(&'static str, &'static str)>, chosen: Signal<&'static str>) -> AnyView {
    choices
        .into_iter()
        .map(|(value, name)| {
            view! { <option value=value prop:selected=move || chosen.get() == value>{name}</option> }
                .into_any()
        })
        .collect_view()
        .into_any()
}

/// A slider; `words` says where it stands, to those who hear it.
pub fn slider(
    id: &'static str,
    label: &'static str,
    ends: [f64; 2],
    value: Signal<f64>,
    words: fn(f64) -> String,
    on_input: impl Fn(f64) + 'static,
) -> AnyView {
    boxed_slider(id, label, ends, value, words, Box::new(on_input))
}

fn boxed_slider(
    id: &'static str,
    label: &'static str,
    ends: [f64; 2],
    value: Signal<f64>,
    words: fn(f64) -> String,
    on_input: Box<dyn Fn(f64)>,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label} <output>{move || words(value.get())}</output></label>
            <input
                type="range"
                id=id
                min=ends[0].to_string()
                max=ends[1].to_string()
                step="1"
                prop:value=move || value.get().to_string()
                aria-valuetext=move || words(value.get())
                on:input=move |event| {
                    if let Ok(position) = event_target_value(&event).parse() {
                        on_input(position);
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// A button that opens files; `accept` as HTML has it, empty for any.
pub fn file_button(
    id: &'static str,
    label: &'static str,
    accept: &'static str,
    on_file: impl Fn(web_sys::File) + 'static,
) -> AnyView {
    boxed_file_button(id, label, accept, Box::new(on_file))
}

fn boxed_file_button(
    id: &'static str,
    label: &'static str,
    accept: &'static str,
    on_file: Box<dyn Fn(web_sys::File)>,
) -> AnyView {
    view! {
        <div>
            <input
                type="file"
                id=id
                class="hidden"
                accept=accept
                on:change=move |event| {
                    let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
                    let Some(input) = input else { return };
                    if let Some(file) = input.files().and_then(|files| files.get(0)) {
                        on_file(file);
                    }
                    // So that the same file can be opened again after it was changed.
                    input.set_value("");
                }
            />
            <label for=id class="button quiet">
                <span class="icon" inner_html=icons::OPEN></span>
                {label}
            </label>
        </div>
    }
    .into_any()
}

/// A check box.
pub fn check(
    id: String,
    label: impl Into<String>,
    value: Signal<bool>,
    on_change: impl Fn(bool) + 'static,
) -> AnyView {
    boxed_check(id, label.into(), value, Box::new(on_change))
}

fn boxed_check(
    id: String,
    label: String,
    value: Signal<bool>,
    on_change: Box<dyn Fn(bool)>,
) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id
                prop:checked=value
                on:change=move |event| on_change(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// One of a row of choices, with a picture or without.
pub fn choice(
    group: &'static str,
    id: String,
    label: &'static str,
    icon: &'static str,
    is_chosen: Signal<bool>,
    on_choose: impl Fn() + 'static,
) -> AnyView {
    boxed_choice(group, id, label, icon, is_chosen, Box::new(on_choose))
}

fn boxed_choice(
    group: &'static str,
    id: String,
    label: &'static str,
    icon: &'static str,
    is_chosen: Signal<bool>,
    on_choose: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <label class="choice">
            <input
                type="radio"
                name=group
                id=id
                prop:checked=is_chosen
                on:change=move |_| on_choose()
            />
            <span>
                {(!icon.is_empty()).then(|| view! { <span class="icon" inner_html=icon></span> })}
                {label}
            </span>
        </label>
    }
    .into_any()
}

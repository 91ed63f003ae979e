//! Where the poster is: coordinates and distance, at once where there are data, else fetched.

use leptos::prelude::*;
use mapposter_app::failure::Failure;
use render_core::design::input::DISTANCE;

use super::fields::{file_button, text_field};
use super::search::search;
use super::tasks::{self, Retry};
use super::{offline, ready};
use crate::state::App;

/// Steps of the slider, whose two ends are 500-fold apart.
const STEPS: f64 = 200.0;

/// The section.
pub fn panel(app: App) -> AnyView {
    let draft = app.draft;
    let numbers = Memo::new(move |_| draft.numbers());
    let lat_error = Signal::derive(move || numbers.with(|n| n.lat.clone().err()));
    let lon_error = Signal::derive(move || numbers.with(|n| n.lon.clone().err()));
    let distance_error = Signal::derive(move || numbers.with(|n| n.distance.clone().err()));
    let position = move || {
        numbers.with(|n| n.distance.clone().ok()).map_or(STEPS / 2.0, slider_position).to_string()
    };
    let is_wrong =
        move || numbers.with(|n| n.lat.is_err() || n.lon.is_err() || n.distance.is_err());
    let loading = tasks::watch(app.place_task);
    let is_beyond = Memo::new(move |_| {
        let wanted = app.design.with(|design| numbers.with(|n| n.apply(design)));
        wanted.is_some_and(|wanted| app.is_beyond(&wanted))
    });
    let retry =
        Retry { rest: app.rest.into(), run: Callback::new(move |()| app.try_place_again()) };
    view! {
        {search(app)}
        <form on:submit=move |event| {
            event.prevent_default();
            if !is_wrong() {
                app.fetch_place();
            }
        }>
            <div class="pair">
                {text_field("place-lat", "Latitude", "text", draft.lat.into(), lat_error, move |t| draft.lat.set(t))}
                {text_field("place-lon", "Longitude", "text", draft.lon.into(), lon_error, move |t| draft.lon.set(t))}
            </div>
            <div class="slider-row">
                <div class="field">
                    <label for="place-distance-slider">"Distance, centre to edge"</label>
                    <input
                        type="range"
                        id="place-distance-slider"
                        min="0"
                        max=STEPS.to_string()
                        step="1"
                        prop:value=position
                        aria-valuetext=move || format!("{} metres", draft.distance.get())
                        on:input=move |event| {
                            let position = event_target_value(&event).parse().unwrap_or(0.0);
                            draft.distance.set(slider_distance(position).to_string());
                        }
                    />
                </div>
                {text_field("place-distance", "Metres", "numeric", draft.distance.into(), distance_error, move |t| draft.distance.set(t))}
            </div>
            <button
                type="submit"
                id="place-fetch"
                class:primary=move || is_beyond.get()
                aria-describedby="place-hint"
                disabled=move || loading.is_told.get() || is_wrong()
            >
                "Fetch this map"
            </button>
            <p class="hint" id="place-hint">
                {move || if app.is_resting() {
                    format!("The map server needs a rest: fetching from it is possible again in {} s. What is on your device opens at once.", app.rest.get())
                } else if is_beyond.get() {
                    format!("This is beyond the loaded map. It comes live from {}.", app.server_name())
                } else {
                    "Within the loaded map every change shows at once.".to_owned()
                }}
            </p>
        </form>
        {file_button("map-file", "Open a poster or map data…", "", move |file| app.open_file(file))}
        <p class="hint">
            {move || format!("Map data stay in this browser. The map of a poster that is not loaded comes from {}.", app.server_name())}
        </p>
        {offline::origin(app)}
        {tasks::progress("place", app.place_task, loading, move || app.cancel_fetch())}
        {oddities(app)}
        {tasks::failure_with("place", app.place_task, Some(retry), move |failure| offers(app, failure))}
        {ready::panel(app)}
        {offline::places(app)}
    }
    .into_any()
}

/// What of a map a server, or this device, may still manage where all of it was too much.
fn offers(app: App, failure: &Failure) -> AnyView {
    if !failure.offers_less {
        return ().into_any();
    }
    let is_resting = move || app.is_resting();
    let smaller = app.smaller_distance().map(|distance| {
        view! {
            <button
                type="button"
                id="place-smaller"
                disabled=is_resting
                on:click=move |_| app.fetch_smaller(distance)
            >
                {format!("Smaller area: {distance} m")}
            </button>
        }
    });
    let fewer = app.may_leave_out().then(|| {
        view! {
            <button
                type="button"
                id="place-fewer"
                disabled=is_resting
                on:click=move |_| app.fetch_fewer_layers()
            >
                "Without buildings and paths"
            </button>
        }
    });
    view! { {smaller} {fewer} }.into_any()
}

/// What was odd in the data, for those who want to know or to mend it.
fn oddities(app: App) -> AnyView {
    let told = move || app.loaded.with(|loaded| (loaded.warnings, loaded.oddities.clone()));
    (move || {
        let (n, oddities) = told();
        (!oddities.is_empty()).then(|| {
            let more = (n as usize).saturating_sub(oddities.len());
            let text = oddities.join("\n");
            view! {
                <details id="place-oddities">
                    <summary>{format!("Oddities in the map data: {n}")}</summary>
                    <pre>{text}{(more > 0).then(|| format!("\n… and {more} more"))}</pre>
                </details>
            }
        })
    })
    .into_any()
}

fn slider_position(distance: f64) -> f64 {
    let share = (distance / DISTANCE.min).ln() / (DISTANCE.max / DISTANCE.min).ln();
    (share * STEPS).round()
}

/// Rounded to what a person would type.
fn slider_distance(position: f64) -> f64 {
    let exact = DISTANCE.min * (DISTANCE.max / DISTANCE.min).powf(position / STEPS);
    let unit = 10f64.powf(exact.log10().floor() - 1.0);
    ((exact / unit).round() * unit).clamp(DISTANCE.min, DISTANCE.max).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_reaches_both_ends_in_round_numbers() {
        assert_eq!(slider_distance(0.0), 100.0);
        assert_eq!(slider_distance(STEPS), 50_000.0);
        assert_eq!(slider_distance(100.0), 2200.0);
        assert_eq!(slider_position(50_000.0), STEPS);
        for step in 0..=200 {
            let distance = slider_distance(f64::from(step));
            assert!((slider_position(distance) - f64::from(step)).abs() <= 2.0, "{step}");
        }
    }
}

//! What the poster is printed on, and how large the map is on it.

use std::sync::Arc;

use leptos::prelude::*;
use render_core::design::length::LengthUnit;
use render_core::design::{Design, InputError, input};
use render_core::page::paper::{Family, Orientation, PAPERS, Paper, named};

use super::fields::{choice, choices_of, text_field};
use super::icons;
use crate::state::App;

/// The choice for sides of one's own.
const CUSTOM: &str = "custom";
/// What a picture of paper is printed at, where it was one of a screen's before.
const PRINT_DPI: f64 = 300.0;
/// Leading digits of scales that are called round.
const ROUND: [f64; 4] = [1.0, 2.0, 2.5, 5.0];

/// The section.
pub fn panel(app: App) -> AnyView {
    let is_custom = app.has_own_paper;
    let unit = RwSignal::new(LengthUnit::default());
    let orientation = Memo::new(move |_| {
        app.design.with(|design| Orientation::of(design.paper.width, design.paper.height))
    });
    let size = Memo::new(move |_| {
        let name =
            app.design.with(|design| named(design.paper.width, design.paper.height, design.dpi));
        name.filter(|_| !is_custom.get()).map_or(CUSTOM, |paper| paper.id)
    });
    let turn = move |to: Orientation| {
        app.change(|design| set_sides(design, to.turn(design.paper.width, design.paper.height)));
    };
    let turned = move |id: &str, label, icon, to: Orientation| {
        let is_chosen = Signal::derive(move || orientation.get() == to);
        choice("orientation", id.to_owned(), label, icon, is_chosen, move || turn(to))
    };
    let side = move |id, label, side: fn(&mut Design) -> &mut f64| {
        length_field(app, id, label, unit, side, |_| input::PAPER_SIDE)
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
                        app.change(|design| choose(design, paper));
                    }
                }
            >
                {sizes(size)}
                <option value=CUSTOM prop:selected=move || size.get() == CUSTOM>"Another size"</option>
            </select>
        </div>
        <Show when=move || size.get() == CUSTOM>
            // Sides that are another paper's by chance stay where they are typed.
            <div class="pair" on:input=move |_| is_custom.set(true)>
                {side("paper-width", "Width", |design| &mut design.paper.width)}
                {side("paper-height", "Height", |design| &mut design.paper.height)}
            </div>
        </Show>
        <fieldset>
            <legend class="hidden">"Orientation"</legend>
            <div class="choices">
                {turned("paper-portrait", "Portrait", icons::PORTRAIT, Orientation::Portrait)}
                {turned("paper-landscape", "Landscape", icons::LANDSCAPE, Orientation::Landscape)}
            </div>
        </fieldset>
        <div class="pair">
            {length_field(app, "paper-margin", "Margin", unit, |design| &mut design.margin, Design::margin_range)}
            <div class="field">
                <label for="paper-unit">"Measured in"</label>
                <select
                    id="paper-unit"
                    on:change=move |event| {
                        let name = event_target_value(&event);
                        let found = LengthUnit::ALL.into_iter().find(|unit| unit.name() == name);
                        unit.set(found.unwrap_or_default());
                    }
                >
                    {choices_of(LengthUnit::ALL.map(|unit| (unit.name(), unit.name())), Signal::derive(move || unit.get().name()))}
                </select>
            </div>
        </div>
        {scale(app)}
    }
    .into_any()
}

fn sizes(size: Memo<&'static str>) -> AnyView {
    Family::ALL
        .into_iter()
        .map(|family| {
            let papers = PAPERS.iter().filter(|paper| paper.family == family);
            let papers = choices_of(papers.map(|paper| (paper.id, paper.name)), size.into());
            view! { <optgroup label=family.name()>{papers}</optgroup> }.into_any()
        })
        .collect_view()
        .into_any()
}

/// Has a design be on a paper: turned as the last one was; on a screen as that is held.
fn choose(design: &mut Design, paper: &Paper) {
    let was_screen = named(design.paper.width, design.paper.height, design.dpi)
        .is_some_and(|paper| paper.dpi.is_some());
    match paper.dpi {
        Some(dpi) => {
            set_sides(design, (paper.width, paper.height));
            design.dpi = dpi;
        }
        None => {
            let orientation = match was_screen {
                true => Orientation::Portrait,
                false => Orientation::of(design.paper.width, design.paper.height),
            };
            set_sides(design, orientation.turn(paper.width, paper.height));
            if was_screen {
                design.dpi = PRINT_DPI;
            }
        }
    }
}

fn set_sides(design: &mut Design, (width, height): (f64, f64)) {
    (design.paper.width, design.paper.height) = (width, height);
    design.margin = design.margin.min(design.margin_range().max);
}

/// A length of the design's, in the unit a person likes, or in any other that is typed with it.
pub fn length_field(
    app: App,
    id: &'static str,
    label: &'static str,
    unit: RwSignal<LengthUnit>,
    length: fn(&mut Design) -> &mut f64,
    range: fn(&Design) -> input::Range,
) -> AnyView {
    let now = move |design: &Design| *length(&mut design.clone());
    let read = move |text: &str| {
        let parse = |design: &Design| unit.get_untracked().parse(text, design.dpi, range(design));
        app.design.with(parse)
    };
    let label = Signal::derive(move || format!("{label}, {}", unit.get().name()));
    let words =
        Signal::derive(move || app.design.with(|design| unit.get().words(now(design), design.dpi)));
    let set = move |mm: f64| {
        app.change(|design| {
            *length(design) = mm;
            design.margin = design.margin.min(design.margin_range().max);
        });
    };
    number_field(app, id, label, words, Typed::default(), Arc::new(read), Box::new(set))
}

/// What is typed into a number's field, and the design's words when it had been taken; none shows these.
pub type Typed = RwSignal<Option<(String, String)>>;

type Read = Arc<dyn Fn(&str) -> Result<f64, InputError> + Send + Sync>;

/// A number of the design's in words of its own. What is typed stays as it is while it is wrong, and
/// until the design's number changes by something else; no file is made meanwhile.
pub fn number_field(
    app: App,
    id: &'static str,
    label: Signal<String>,
    words: Signal<String>,
    typed: Typed,
    read: Read,
    set: Box<dyn Fn(f64)>,
) -> AnyView {
    // They follow the whole design, and mostly stay as they are.
    let words = Memo::new(move |_| words.get());
    let text = Memo::new(move |_| {
        let now = words.get();
        typed.with(|typed| match typed {
            Some((text, then)) if *then == now => text.clone(),
            _ => now,
        })
    });
    let check = read.clone();
    let error = Memo::new(move |_| {
        let text = text.get();
        if text == words.get() { None } else { check(&text).err() }
    });
    Effect::new(move || {
        let error = error.get();
        app.wrong.update(|wrong| match error {
            Some(error) => drop(wrong.insert(id, error)),
            None => drop(wrong.remove(id)),
        });
    });
    on_cleanup(move || {
        let _ = app.wrong.try_update(|wrong| wrong.remove(id));
    });
    text_field(id, label, "decimal", text.into(), error.into(), move |text| {
        if let Ok(number) = untrack(|| read(&text)) {
            set(number);
        }
        typed.set(Some((text, words.get_untracked())));
    })
}

/// The scale: it is the distance in other words, and may ask for more map than is loaded.
fn scale(app: App) -> AnyView {
    let is_beyond = Memo::new(move |_| {
        let numbers = app.draft.numbers();
        let wanted = app.design.with(|design| {
            // Another place that is typed is no matter of scale.
            let is_here = |wanted: &Design| {
                (wanted.place.lat, wanted.place.lon) == (design.place.lat, design.place.lon)
            };
            numbers.apply(design).filter(is_here)
        });
        wanted.is_some_and(|wanted| app.is_beyond(&wanted))
    });
    let set = move |scale: f64| {
        let distance = app.newest().distance_of(scale);
        app.draft.distance.set(distance.to_string());
    };
    let scales = Memo::new(move |_| {
        let (scale, range) = app.design.with(|design| (design.scale(), design.scale_range()));
        let is_allowed = |scale: &f64| (range.min..=range.max).contains(scale);
        round_scales(scale).into_iter().filter(is_allowed).collect::<Vec<_>>()
    });
    let near = move || {
        let button = |scale: f64| {
            let words = format!("1 : {}", super::desk::grouped(&format!("{scale}")));
            view! {
                    <button type="button" class="quiet" data-scale=scale.to_string() on:click=move |_| set(scale)>
                        {words}
                    </button>
                }
                .into_any()
        };
        scales.get().into_iter().map(button).collect_view()
    };
    let label = Signal::stored("Scale, 1 :".to_owned());
    let words = Signal::derive(move || app.design.with(|design| format!("{:.0}", design.scale())));
    let read = move |text: &str| app.design.with(|design| design.scale_range().parse_scale(text));
    view! {
        <div class="pair">
            {number_field(app, "paper-scale", label, words, Typed::default(), Arc::new(read), Box::new(set))}
            <div class="field" role="group" aria-label="Round scales">
                <span class="label">"Round scales"</span>
                <div class="scales">{near}</div>
            </div>
        </div>
        <Show when=move || is_beyond.get()>
            <p class="hint">"This scale shows more than the loaded map."</p>
            <button
                type="button"
                id="paper-fetch"
                disabled=move || app.is_loading()
                on:click=move |_| app.fetch_place()
            >
                {move || format!("Fetch the rest from {}", app.server_name())}
            </button>
        </Show>
    }
    .into_any()
}

/// The round scales next below and above one.
fn round_scales(scale: f64) -> [f64; 2] {
    let unit = 10f64.powf(scale.max(1.0).log10().floor());
    let rounds =
        || [0.1 * unit, unit, 10.0 * unit].into_iter().flat_map(|unit| ROUND.map(|n| n * unit));
    let below = rounds().filter(|round| *round < scale * 0.999).fold(0.0, f64::max);
    let above = rounds().filter(|round| *round > scale * 1.001).fold(f64::INFINITY, f64::min);
    [below.round(), above.round()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_scales_lie_on_both_sides() {
        assert_eq!(round_scales(3100.0), [2500.0, 5000.0]);
        assert_eq!(round_scales(10_000.0), [5000.0, 20_000.0]);
        assert_eq!(round_scales(9_500.0), [5000.0, 10_000.0]);
        assert_eq!(round_scales(250_000.4), [200_000.0, 500_000.0]);
    }

    #[test]
    fn a_screens_size_takes_its_resolution_and_paper_gives_it_back() {
        let mut design = Design::default();
        let paper = |id: &str| PAPERS.iter().find(|paper| paper.id == id).unwrap();
        choose(&mut design, paper("4k"));
        assert!(design.paper.width > design.paper.height && design.dpi == 200.0);
        choose(&mut design, paper("a4"));
        assert_eq!((design.paper.width, design.paper.height, design.dpi), (210.0, 297.0, 300.0));
        set_sides(&mut design, (420.0, 297.0));
        design.dpi = 150.0;
        choose(&mut design, paper("a2"));
        assert_eq!((design.paper.width, design.paper.height, design.dpi), (594.0, 420.0, 150.0));
    }

    #[test]
    fn a_margin_gives_way_to_smaller_paper() {
        let mut design = Design::default();
        design.margin = 140.0;
        set_sides(&mut design, (100.0, 100.0));
        assert_eq!(design.margin, 45.0);
    }
}

//! The map picker, which is a module of its own → the area a person chose in it → the poster.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Float64Array, Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use render_core::design::{Design, Place};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::jobs::{SAME_PLACE, is_near};
use crate::platform::page;
use crate::search::Search;
use crate::state::{App, Chosen, Task};

#[wasm_bindgen]
extern "C" {
    /// Imports a module; in `app/start.mjs`, as compiled code cannot.
    #[wasm_bindgen(js_namespace = mapposter, js_name = load, catch)]
    async fn load(url: &str) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// The picker's module, once it is here.
    static PICKER: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// How often it did not come.
    static N_FAILED: Cell<u32> = const { Cell::new(0) };
}

/// Where a poster is to be: what the picker shows and answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    lat: f64,
    lon: f64,
    /// Half its height, m.
    distance: f64,
    /// Degrees.
    rotation: f64,
}

impl Search {
    /// Opens the picker, and makes a poster of what is chosen in it.
    pub fn choose_area(self) {
        if self.area_task.get_untracked().is_busy() {
            return;
        }
        self.area_task.set(Task::Busy(None));
        spawn_local(async move {
            let chosen = pick(self.app).await;
            self.area_task.set(match chosen {
                Ok(Some(area)) => {
                    self.take_area(area).await;
                    Task::Idle
                }
                Ok(None) => Task::Idle,
                Err(_) => Task::Failed(Failure::new(
                    "E-PICKER-LOAD",
                    "The map to choose from could not be loaded.",
                    "Check your connection and try again; search and coordinates work without it.",
                )),
            });
        });
    }

    async fn take_area(self, area: Area) {
        let mut wanted = self.app.newest();
        let named = self.app.named_at(&wanted);
        (wanted.place.lat, wanted.place.lon) = (area.lat, area.lon);
        let (name, country) = if is_near(&named, &wanted) {
            (named.place.name, named.place.country)
        } else {
            self.city_of(area, &wanted).await.unwrap_or_default()
        };
        let place = Place { lat: area.lat, lon: area.lon, name, country };
        self.app.show_area(place, area);
    }

    /// The city an area is of beyond doubt, and its country.
    async fn city_of(self, area: Area, wanted: &Design) -> Option<(String, String)> {
        let (city, far) = self.cities_now().await?.nearest(area.lat, area.lon)?;
        let (width, height) = wanted.map_size();
        let is_of_it = far * 1000.0 <= (area.distance * (width / height).max(1.0)).max(SAME_PLACE);
        is_of_it.then_some((city.name, city.country))
    }
}

impl App {
    fn show_area(self, place: Place, area: Area) {
        self.go(Chosen { place, rotation: Some(area.rotation), is_found: false }, area.distance);
    }
}

/// Loads the picker where that is needed, and opens it; `None` when it was cancelled.
async fn pick(app: App) -> Result<Option<Area>, JsValue> {
    let module = match PICKER.with_borrow(Clone::clone) {
        Some(module) => module,
        None => loaded().await.inspect_err(|_| N_FAILED.set(N_FAILED.get() + 1))?,
    };
    let design = app.newest();
    // What is typed and not fetched yet is where a person wants to look.
    let design = app.draft.numbers().apply(&design).unwrap_or(design);
    let (width, height) = design.map_size();
    let Place { lat, lon, .. } = design.place;
    let frame = [lat, lon, design.distance, design.rotation, width / height];
    let tiles = Array::new();
    if let Some(server) = app.config.with_untracked(|config| config.tiles.clone()) {
        for text in [&server.url, &server.name, &server.attribution] {
            tiles.push(&text.into());
        }
        tiles.push(&server.max_zoom.into());
    }
    let arguments = (Float64Array::from(&frame[..]), app.server_name());
    let picked: Promise = function(&module, "pick")?
        .call3(&JsValue::UNDEFINED, &arguments.0, &arguments.1.into(), &tiles)?
        .dyn_into()?;
    let picked = JsFuture::from(picked).await?;
    Ok(picked.dyn_into::<Float64Array>().ok().and_then(|numbers| {
        let [lat, lon, distance, rotation] = numbers.to_vec()[..] else { return None };
        Some(Area { lat, lon, distance, rotation })
    }))
}

/// The picker's module, ready.
async fn loaded() -> Result<JsValue, JsValue> {
    // Browsers remember that an address could not be imported; a query makes it another.
    let again = match N_FAILED.get() {
        0 => String::new(),
        n => format!("?again={n}"),
    };
    let module = load(&page::code_url(&format!("picker.js{again}"))).await?;
    let init: Promise = function(&module, "default")?.call0(&JsValue::UNDEFINED)?.dyn_into()?;
    JsFuture::from(init).await?;
    PICKER.set(Some(module.clone()));
    Ok(module)
}

fn function(module: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(module, &name.into())?.dyn_into()
}

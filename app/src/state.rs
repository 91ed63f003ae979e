//! The app's state: the design, what is drawn, what is going on. Everything else is derived.

use std::collections::BTreeMap;

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use mapposter_app::failure::Failure;
use mapposter_app::net::config::Config;
use mapposter_app::net::fetch::Handle;
use mapposter_app::net::query::{Detail, query_area};
use mapposter_app::net::turn::Turn;
use mapposter_app::shelf::Record;
use mapposter_app::worker::client::Client;
use mapposter_app::worker::protocol::{Format, Loaded, Progress, Shelf, Source, Texts};
use render_core::design::{Design, InputError, Place, input};
use render_core::lonlat::Bbox;

use crate::platform::page;
use crate::preview::canvas::Preview;
use crate::preview::looks::Looks;
use crate::queue::Entry;
use crate::reopen::Opened;

/// Something under way, or how it ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Task {
    /// Nothing to tell.
    #[default]
    Idle,
    /// It runs.
    Busy(Option<Progress>),
    /// It did not work out.
    Failed(Failure),
}

impl Task {
    /// Whether it runs.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

/// The area the engine has data for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// The box.
    pub bbox: Bbox,
    /// How much of what is in it.
    pub detail: Detail,
}

impl Coverage {
    /// What a design's map needs, and what data made for it alone cover.
    pub fn of(design: &Design) -> Self {
        Self { bbox: design.data_bbox(), detail: Detail::of(design) }
    }

    /// What a server's reply covers, which was asked for in a box rounded outwards.
    pub fn fetched(design: &Design) -> Self {
        Self { bbox: query_area(design), ..Self::of(design) }
    }

    /// Latitude and longitude of its middle, degrees.
    pub fn centre(&self) -> (f64, f64) {
        self.bbox.centre()
    }

    /// Whether a design's map lies within.
    pub fn holds(&self, design: &Design) -> bool {
        // Rounding must not make a map too large for the very data that were fetched for it.
        self.detail >= Detail::of(design) && self.bbox.holds(design.data_bbox())
    }

    /// Has a design show no more than lies within; whether its distance had to give way.
    pub fn fit(&self, design: &mut Design) -> bool {
        let largest = if self.holds(design) { None } else { self.largest_distance(design) };
        if let Some(distance) = largest {
            design.distance = distance;
        }
        largest.is_some()
    }

    /// Changes a design and has it lie within, if it can: its distance gives way, and comes back with the first change
    /// that leaves room for it. Whether it had to give way.
    fn change(
        coverage: Option<Self>,
        design: &mut Design,
        given_way: &mut Option<GivenWay>,
        change: impl FnOnce(&mut Design),
    ) -> bool {
        if let Some(given) = given_way.take().filter(|given| given.to == design.distance) {
            design.distance = given.from;
        }
        change(design);
        let from = design.distance;
        let is_less = coverage.is_some_and(|coverage| coverage.fit(design));
        *given_way = is_less.then_some(GivenWay { from, to: design.distance });
        is_less
    }

    /// The largest distance at which a design lies within, m.
    pub fn largest_distance(&self, design: &Design) -> Option<f64> {
        let holds = |distance: f64| self.holds(&at_distance(design, distance));
        if !holds(input::DISTANCE.min) {
            return None;
        }
        let (mut low, mut high) = (input::DISTANCE.min, design.distance);
        for _ in 0..30 {
            let middle = f64::midpoint(low, high);
            if holds(middle) { low = middle } else { high = middle }
        }
        Some(low.floor())
    }
}

/// A distance that gave way to the loaded map, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenWay {
    from: f64,
    to: f64,
}

/// Has a design be of another place; a title that was the last one's name goes with it.
pub fn go_to(design: &mut Design, place: Place) {
    let last = std::mem::replace(&mut design.place, place);
    design.texts.title = design.texts.title.take().filter(|title| *title != last.name);
}

/// The same poster of a larger or smaller area.
fn at_distance(design: &Design, distance: f64) -> Design {
    let mut design = design.clone();
    design.distance = distance;
    design
}

/// What a person has typed about the place; becomes part of the design when there are data for it.
#[derive(Clone, Copy)]
pub struct PlaceDraft {
    /// Latitude.
    pub lat: RwSignal<String>,
    /// Longitude.
    pub lon: RwSignal<String>,
    /// Distance.
    pub distance: RwSignal<String>,
    /// The place that was found or chosen on the map, until the poster is of it.
    pub chosen: RwSignal<Option<Chosen>>,
}

/// A place that is more than its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The place and its names.
    pub place: Place,
    /// How far the map is to be turned, degrees, where that was chosen too.
    pub rotation: Option<f64>,
    /// Whether it was found by its name, which then goes before a title of one's own.
    pub is_found: bool,
}

/// A draft's numbers, each within its range or why not.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceNumbers {
    /// Degrees.
    pub lat: Result<f64, InputError>,
    /// Degrees.
    pub lon: Result<f64, InputError>,
    /// Metres.
    pub distance: Result<f64, InputError>,
}

impl PlaceDraft {
    fn new(design: &Design) -> Self {
        let draft = Self {
            lat: RwSignal::default(),
            lon: RwSignal::default(),
            distance: RwSignal::default(),
            chosen: RwSignal::default(),
        };
        draft.show(design);
        draft
    }

    /// Shows a design's place.
    pub fn show(&self, design: &Design) {
        self.lat.set(design.place.lat.to_string());
        self.lon.set(design.place.lon.to_string());
        self.distance.set(design.distance.to_string());
    }

    /// Gives a design the names and the turn of the place that was chosen, if it is still that place.
    pub fn take_chosen(&self, design: &mut Design) -> bool {
        let (lat, lon) = (design.place.lat, design.place.lon);
        let Some(chosen) = self.chosen.get_untracked() else { return false };
        let is_same = (chosen.place.lat, chosen.place.lon) == (lat, lon);
        if is_same {
            design.rotation = chosen.rotation.unwrap_or(design.rotation);
            go_to(design, chosen.place);
            if chosen.is_found {
                design.texts.title = None;
                design.texts.subtitle = None;
            }
        }
        is_same
    }

    /// What is typed.
    pub fn numbers(&self) -> PlaceNumbers {
        PlaceNumbers {
            lat: self.lat.with(|text| input::LATITUDE.parse(text)),
            lon: self.lon.with(|text| input::LONGITUDE.parse(text)),
            distance: self.distance.with(|text| input::DISTANCE.parse(text)),
        }
    }
}

impl PlaceNumbers {
    /// The design at the typed place; `None` while a number is wrong.
    pub fn apply(&self, design: &Design) -> Option<Design> {
        let (Ok(lat), Ok(lon), Ok(distance)) = (&self.lat, &self.lon, &self.distance) else {
            return None;
        };
        let mut design = at_distance(design, *distance);
        design.place.lat = *lat;
        design.place.lon = *lon;
        Some(design)
    }
}

/// Where the map on the poster came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// It lies beside the app.
    #[default]
    Bundled,
    /// A live server.
    Server {
        /// Its host.
        name: String,
    },
    /// It was kept on the device.
    Device {
        /// Why no newer one is shown, in a sentence; empty where it is new enough.
        instead: String,
    },
    /// A file of the person's own.
    File {
        /// Its name.
        name: String,
    },
}

/// How the poster is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// By the GPU.
    Gpu,
    /// By a worker's processor: there is no WebGL2.
    Raster,
}

/// What is no signal: nothing on the page is derived from it.
pub struct Machinery {
    /// Reads, composes, tessellates.
    pub render: Client,
    /// Shapes text, writes files.
    pub print: Client,
    /// Keeps places on the device.
    pub library: Client,
    /// The poster that was opened from a file, until its map is there.
    pub reopening: Option<Opened>,
    /// What was fetched and is not kept yet.
    pub unkept: Option<Record>,
    /// The canvas, once it is on the page.
    pub preview: Option<Preview>,
    /// Where the data on the poster came from, to give them to a fresh worker.
    pub source: Option<(Source, Option<ArrayBuffer>)>,
    /// Counts the places that came in.
    pub n_places: u32,
    /// The one that the print worker has, counted so; 0 where it has none.
    pub print_place: u32,
    /// Whether it is being given one.
    pub is_print_loading: bool,
    /// Shaped lines of text by what they say, the newest last.
    pub texts: Vec<(String, String)>,
    /// The lines of text on the last picture.
    pub last_texts: Option<Texts>,
    /// The design whose map the last picture shows; its text may be older.
    pub pictured: Option<Design>,
    /// The newest design, where it is ahead of the page, which follows when the hand pauses.
    pub newest: Option<Design>,
    /// Counts the designs that were ahead, so that a pause is noticed.
    pub n_newest: u32,
    /// Whether a pause is waited for.
    pub is_watched: bool,
    /// The map's styles in the themes of the gallery.
    pub looks: Option<Looks>,
    /// The design that the gallery shows in every theme.
    pub looked: Option<Design>,
    /// When the person did something last, ms since 1970.
    pub touched: f64,
    /// How often the gallery was asked for: only the last one who asked paints it.
    pub n_looks_asked: u32,
    /// Whether a drawing is under way, and whether another must follow.
    pub drawing: (bool, bool),
    /// The design that is being drawn.
    pub under_way: Option<Design>,
    /// The download's number.
    pub fetching: Option<u32>,
    /// The number of the library's job that reads a file.
    pub reading: Option<u32>,
    /// The distance that the poster would have on a larger map.
    pub given_way: Option<GivenWay>,
    /// Which export runs; a cancelled one must not deliver.
    pub n_exports: u32,
    /// Stops the wait for a download, or for another tab's.
    pub waiting: Option<Handle>,
    /// The right to ask a map server, until what was fetched is kept.
    pub turn: Option<Turn>,
    /// Until when no map server may be asked, ms since 1970.
    pub rest_end: f64,
}

/// Handles to all state; as cheap to copy as a number.
#[derive(Clone, Copy)]
pub struct App {
    /// The poster as it should be.
    pub design: RwSignal<Design>,
    /// The design whose picture is on screen.
    pub drawn: RwSignal<Option<Design>>,
    /// Whether the map is being moved, so that the poster is of another place than the design.
    pub is_moving: RwSignal<bool>,
    /// What is typed about the place.
    pub draft: PlaceDraft,
    /// What there are data for.
    pub coverage: RwSignal<Option<Coverage>>,
    /// What the data are.
    pub loaded: RwSignal<Loaded>,
    /// Where they came from.
    pub origin: RwSignal<Origin>,
    /// What is kept on the device, as far as is known.
    pub shelf: RwSignal<Shelf>,
    /// Whom to ask.
    pub config: RwSignal<Config>,
    /// Which of its map servers is asked next.
    pub endpoint: RwSignal<usize>,
    /// How it is shown; known once the canvas is there.
    pub mode: RwSignal<Option<Mode>>,
    /// Whether the browser has taken the GPU away.
    pub is_lost: RwSignal<bool>,
    /// Loading a place.
    pub place_task: RwSignal<Task>,
    /// Drawing the poster.
    pub draw_task: RwSignal<Task>,
    /// Writing a file.
    pub export_task: RwSignal<Task>,
    /// That the last one is in the place that the person chose for it; of a download the browser tells.
    pub saved: RwSignal<String>,
    /// Opening a theme file.
    pub theme_task: RwSignal<Task>,
    /// The theme of the file that was opened last.
    pub opened: RwSignal<Option<serde_json::Value>>,
    /// What is odd in it, in sentences.
    pub opened_remarks: RwSignal<String>,
    /// Whether the paper's sides are to be typed, also where they are those of a named one.
    pub has_own_paper: RwSignal<bool>,
    /// Fields of the poster's whose text is no value for it, by their ids.
    pub wrong: RwSignal<BTreeMap<&'static str, InputError>>,
    /// The last of several files at once.
    pub queue: RwSignal<Vec<Entry>>,
    /// The file's format.
    pub format: RwSignal<Format>,
    /// One sentence worth knowing, such as a distance that was adjusted.
    pub note: RwSignal<String>,
    /// The same about `config.json`.
    pub config_note: RwSignal<String>,
    /// Seconds for which no map server may be asked again. Outside the task, because a server's
    /// rule holds as well after its message was dismissed.
    pub rest: RwSignal<u32>,
    /// The rest.
    pub machinery: StoredValue<Machinery, LocalStorage>,
}

impl App {
    /// The first poster, before anything is loaded.
    pub fn new() -> Self {
        let design = Design::default();
        let machinery = Machinery {
            render: Client::of_this_module(
                page::code_url("render_worker_loader.js"),
                page::script_url(),
            ),
            print: Client::new(page::code_url("print_worker_loader.js")),
            library: Client::new(page::code_url("library_worker_loader.js")),
            reopening: None,
            unkept: None,
            preview: None,
            source: None,
            n_places: 0,
            print_place: 0,
            is_print_loading: false,
            texts: Vec::new(),
            last_texts: None,
            pictured: None,
            newest: None,
            n_newest: 0,
            is_watched: false,
            looks: None,
            looked: None,
            touched: 0.0,
            n_looks_asked: 0,
            drawing: (false, false),
            under_way: None,
            fetching: None,
            reading: None,
            given_way: None,
            n_exports: 0,
            waiting: None,
            turn: None,
            rest_end: 0.0,
        };
        Self {
            draft: PlaceDraft::new(&design),
            design: RwSignal::new(design),
            drawn: RwSignal::default(),
            is_moving: RwSignal::default(),
            coverage: RwSignal::default(),
            loaded: RwSignal::default(),
            origin: RwSignal::default(),
            shelf: RwSignal::default(),
            config: RwSignal::new(Config::unknown()),
            endpoint: RwSignal::default(),
            mode: RwSignal::default(),
            is_lost: RwSignal::default(),
            place_task: RwSignal::default(),
            draw_task: RwSignal::default(),
            export_task: RwSignal::default(),
            saved: RwSignal::default(),
            theme_task: RwSignal::default(),
            opened: RwSignal::default(),
            opened_remarks: RwSignal::default(),
            has_own_paper: RwSignal::new(false),
            wrong: RwSignal::default(),
            queue: RwSignal::default(),
            format: RwSignal::new(Format::Png),
            note: RwSignal::default(),
            config_note: RwSignal::default(),
            rest: RwSignal::default(),
            machinery: StoredValue::new_local(machinery),
        }
    }

    /// Whether the picture on screen is of another design than the newest.
    pub fn is_stale(&self) -> bool {
        self.is_moving.get()
            || self.design.with(|design| self.drawn.with(|drawn| drawn.as_ref() != Some(design)))
    }

    /// Whether a design's map goes beyond what is loaded.
    pub fn is_beyond(&self, design: &Design) -> bool {
        self.coverage.with(|coverage| coverage.is_some_and(|coverage| !coverage.holds(design)))
    }

    /// Whether a place is being loaded.
    pub fn is_loading(&self) -> bool {
        self.place_task.with(Task::is_busy)
    }

    /// Begins to load another place than that of a poster from a file; false while one is loading.
    pub fn begin_place(&self) -> bool {
        if self.place_task.get_untracked().is_busy() {
            return false;
        }
        self.machinery.update_value(|machinery| machinery.reopening = None);
        self.place_task.set(Task::Busy(None));
        true
    }

    /// Whether no map server may be asked now.
    pub fn is_resting(&self) -> bool {
        self.rest.get() > 0
    }

    /// Changes the poster. Paper or orientation may ask for more map than there is; the distance
    /// then gives way, and a note says so.
    pub fn change(&self, change: impl FnOnce(&mut Design)) {
        let mut design = self.settle();
        let (before, coverage) = (design.distance, self.coverage.get_untracked());
        let is_less = self.machinery.try_update_value(|machinery| {
            Coverage::change(coverage, &mut design, &mut machinery.given_way, change)
        });
        let distance = design.distance;
        self.note.set(match is_less {
            Some(true) => format!(
                "On this paper the loaded map reaches {distance} m. For more, set the distance and fetch."
            ),
            _ => String::new(),
        });
        if is_less == Some(true) || distance != before {
            self.draft.distance.set(distance.to_string());
        }
        self.design.set(design);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_hold_the_design_they_were_fetched_for_and_smaller_ones() {
        let design = Design::default();
        let coverage = Coverage::of(&design);
        assert!(coverage.holds(&design));
        assert!(coverage.holds(&at_distance(&design, 300.0)));
        assert!(!coverage.holds(&at_distance(&design, 700.0)));
        let mut wide = design;
        (wide.paper.width, wide.paper.height) = (400.0, 300.0);
        // Turned, a 3:4 page is 16/9 as wide for its height.
        let share = coverage.largest_distance(&wide).map(|distance| distance / wide.distance);
        assert!(share.is_some_and(|share| (0.55..=0.5626).contains(&share)), "{share:?}");
    }

    #[test]
    fn a_distance_that_gave_way_comes_back_once_there_is_room() {
        let mut design = Design::default();
        (design.paper.width, design.paper.height) = (210.0, 297.0);
        design.distance = design.distance_of(10_000.0);
        let asked = design.distance;
        let coverage = Some(Coverage::of(&design));
        let mut given_way = None;
        let mut bleed = |design: &mut Design, mm: f64| {
            Coverage::change(coverage, design, &mut given_way, |design| design.bleed = mm)
        };
        assert!(bleed(&mut design, 3.0), "2 % of the map are less than 3 mm here");
        assert!(design.distance < asked);
        assert!(bleed(&mut design, 10.0));
        assert!(!bleed(&mut design, 0.0));
        assert_eq!(design.distance, asked);
        // Who sets another distance meanwhile keeps that.
        assert!(bleed(&mut design, 10.0));
        design.distance = 500.0;
        assert!(!bleed(&mut design, 0.0));
        assert_eq!(design.distance, 500.0);
    }

    #[test]
    fn a_map_that_was_fetched_keeps_its_scale_with_any_bleed() {
        let mut design = Design::default();
        (design.paper.width, design.paper.height) = (210.0, 297.0);
        design.distance = design.distance_of(10_000.0);
        let coverage = Coverage::fetched(&design);
        for bleed in [3.0, 10.0] {
            let asked = design.distance;
            let is_less =
                Coverage::change(Some(coverage), &mut design, &mut None, |d| d.bleed = bleed);
            assert!(!is_less && design.distance == asked, "{bleed} mm");
        }
    }

    #[test]
    fn a_reply_covers_the_box_that_was_asked_for() {
        let design = Design::default();
        let (needed, fetched) = (Coverage::of(&design), Coverage::fetched(&design));
        assert!(fetched.holds(&design));
        assert!(fetched.bbox.west < needed.bbox.west && fetched.bbox.north > needed.bbox.north);
    }

    #[test]
    fn coverage_goes_across_the_antimeridian() {
        let mut design = at_distance(&Design::default(), 20_000.0);
        (design.place.lat, design.place.lon) = (-17.0, 179.99);
        let coverage = Coverage::of(&design);
        assert!(coverage.holds(&design));
        design.distance = 7000.0;
        design.place.lon = -179.95;
        assert!(coverage.holds(&design));
        design.place.lon = 170.0;
        assert!(!coverage.holds(&design));
        assert_eq!(coverage.largest_distance(&design), None);
    }

    #[test]
    fn a_whole_city_without_buildings_does_not_do_for_a_close_view() {
        let far = at_distance(&Design::default(), 12_000.0);
        let coverage = Coverage::of(&far);
        assert!(!coverage.holds(&at_distance(&far, 1000.0)));
        assert!(coverage.holds(&at_distance(&far, 9000.0)));
    }
}

//! What is typed into the search field → places to choose from, and a chosen place → the poster.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use mapposter_app::net::config::host;
use mapposter_app::net::fetch::{Handle, Stop};
use mapposter_app::net::geocode;
use mapposter_app::net::turn::Turn;
use places::geocoder::{self, Kept, Question, Service};
use places::query::{self, PlaceQuery, Point};
use places::{Found, Gazetteer, kilometres, plus_code};
use render_core::design::input::DISTANCE;
use render_core::design::{Design, Place};

use crate::platform::{bundle, page, position, storage};
use crate::state::{App, Chosen, Task};

/// Cities shown at a time.
const LIMIT: usize = 7;
const CITIES: &str = "places/cities.gaz";
/// Where answers of geocoders are kept; the version is part of the name.
const KEPT: &str = "mapposter.geocoder.1";
/// Letters from which on, and the pause after which, a geocoder is asked while typing.
const TYPED_LETTERS: usize = 3;
const TYPING_MS: i32 = 300;
/// Nominatim answers one question a second.
const NOMINATIM_MS: f64 = 1000.0;
/// When it was asked last, by whichever tab: a tab that closes gives its turn back at once.
const NOMINATIM_AT: &str = "mapposter.nominatim.at";
/// What the tabs take turns by.
const NOMINATIM_TURN: &str = "mapposter-nominatim";

/// One line of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// Go there.
    Place {
        /// The place, its region apart.
        found: Found,
        /// How far it is from the place shown, km.
        kilometres: f64,
    },
    /// Ask this geocoder for what is typed.
    Ask(Service),
}

impl Choice {
    /// Whether both are the same line, wherever the poster is now.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Place { found, .. }, Self::Place { found: other, .. }) => found == other,
            (Self::Ask(service), Self::Ask(other)) => service == other,
            _ => false,
        }
    }

    /// Whether it is this place, wherever either source has its middle.
    fn is_of(&self, place: &Found) -> bool {
        matches!(self, Self::Place { found, .. } if found.name == place.name
            && kilometres((found.lat, found.lon), (place.lat, place.lon)) < 2.0)
    }
}

/// The search as it stands.
#[derive(Clone, Copy)]
pub struct Search {
    /// The poster.
    pub app: App,
    /// What is typed.
    pub text: RwSignal<String>,
    /// What may be chosen.
    pub choices: RwSignal<Vec<Choice>>,
    /// The line that Enter chooses.
    pub active: RwSignal<Option<usize>>,
    /// Whether the list is shown.
    pub is_open: RwSignal<bool>,
    /// One sentence about what is typed or done.
    pub note: RwSignal<String>,
    /// A question to a geocoder, or where one is.
    pub task: RwSignal<Task>,
    /// Choosing an area on the map.
    pub area_task: RwSignal<Task>,
    /// Whether the note names a place after a city, and a geocoder may know better.
    pub is_named: RwSignal<bool>,
    machinery: StoredValue<Machinery, LocalStorage>,
}

#[derive(Default)]
struct Machinery {
    cities: Option<Rc<Gazetteer>>,
    is_loading: bool,
    /// The question under way.
    asking: Option<Handle>,
    /// Counts changes of the text, so that an answer that comes late is not shown.
    n_changes: u32,
    /// What to ask again.
    last: Option<(Service, Question)>,
    /// Whether that is under way.
    is_asking: bool,
    /// Whether the list is of what a geocoder said, or is about to be, and no more of what is typed.
    is_asked: bool,
    /// What the owner's own Photon found for what is typed.
    typed: Vec<Found>,
    /// Whether the person closed the list, or left the field: nothing that comes in opens it.
    is_closed: bool,
}

impl Search {
    /// Nothing typed yet.
    pub fn new(app: App) -> Self {
        Self {
            app,
            text: RwSignal::default(),
            choices: RwSignal::default(),
            active: RwSignal::default(),
            is_open: RwSignal::default(),
            note: RwSignal::default(),
            task: RwSignal::default(),
            area_task: RwSignal::default(),
            is_named: RwSignal::default(),
            machinery: StoredValue::new_local(Machinery::default()),
        }
    }

    /// The address of a geocoder that may be asked when a person says so.
    pub fn endpoint(self, service: Service) -> Option<String> {
        self.app.config.with(|config| match service {
            Service::Photon => config.photon.clone(),
            Service::Nominatim => config.nominatim.clone(),
        })
    }

    /// The geocoders that may be asked, the first at Enter.
    pub fn services(self) -> Vec<Service> {
        let all = [Service::Photon, Service::Nominatim];
        all.into_iter().filter(|service| self.endpoint(*service).is_some()).collect()
    }

    /// `Photon (photon.komoot.io)`.
    pub fn called(self, service: Service) -> String {
        let endpoint = self.endpoint(service).unwrap_or_default();
        format!("{} ({})", service.name(), host(&endpoint))
    }

    /// Loads the cities once, when they are first needed.
    pub fn load_cities(self) {
        let needs_them = self.machinery.try_update_value(|machinery| {
            machinery.cities.is_none() && !std::mem::replace(&mut machinery.is_loading, true)
        });
        if needs_them != Some(true) {
            return;
        }
        spawn_local(async move {
            self.cities_now().await;
            if !self.text.with_untracked(String::is_empty) {
                self.fill_in();
            }
        });
    }

    /// The cities, loaded where that is needed; `None` where they cannot be, which is said.
    pub async fn cities_now(self) -> Option<Rc<Gazetteer>> {
        if let Some(cities) = self.cities() {
            return Some(cities);
        }
        let bytes = bundle::inflated(CITIES).await;
        let cities = bytes.and_then(|bytes| Gazetteer::read(&bytes).ok()).map(Rc::new);
        if cities.is_none() {
            self.note
                .set("The list of cities could not be loaded; coordinates and links work.".into());
        }
        self.machinery.update_value(|machinery| {
            machinery.is_loading = false;
            machinery.cities.clone_from(&cities);
        });
        cities
    }

    fn cities(self) -> Option<Rc<Gazetteer>> {
        self.machinery.with_value(|machinery| machinery.cities.clone())
    }

    fn here(self) -> (f64, f64) {
        self.app.design.with_untracked(|design| (design.place.lat, design.place.lon))
    }

    fn place(self, found: Found) -> Choice {
        let kilometres = kilometres(self.here(), (found.lat, found.lon));
        Choice::Place { found, kilometres }
    }

    /// Follows what is typed.
    pub fn type_in(self, text: String) {
        self.text.set(text);
        self.is_named.set(false);
        self.stop_asking();
        self.refresh();
        self.ask_while_typing();
    }

    /// What is typed, as words to search for.
    pub fn words(self) -> String {
        match self.text.with_untracked(|text| query::parse(text)) {
            PlaceQuery::Text(words) => words,
            _ => String::new(),
        }
    }

    /// The person has come to the field.
    pub fn enter_field(self) {
        self.machinery.update_value(|machinery| machinery.is_closed = false);
        self.load_cities();
    }

    /// The person wants to see the list; false where there is none.
    pub fn open(self) -> bool {
        if self.text.with_untracked(String::is_empty) {
            return false;
        }
        self.machinery.update_value(|machinery| machinery.is_closed = false);
        self.fill_in();
        let is_open = !self.choices.with_untracked(Vec::is_empty);
        self.is_open.set(is_open);
        is_open
    }

    /// The person has seen enough of the list.
    pub fn close(self) {
        self.is_open.set(false);
        self.machinery.update_value(|machinery| machinery.is_closed = true);
    }

    /// Adds what has come in since the list was made, unless the list is closed or a geocoder's. The line that the
    /// person is at stays the one that Enter chooses.
    fn fill_in(self) {
        if self.machinery.with_value(|machinery| machinery.is_closed || machinery.is_asked) {
            return;
        }
        let active = self.active.get_untracked();
        let line = self.choices.with_untracked(|choices| choices.get(active?).cloned());
        self.refresh();
        let is_there = |line: Choice| {
            self.choices.with_untracked(|choices| choices.iter().position(|one| one.is_same(&line)))
        };
        if let Some(index) = line.and_then(is_there) {
            self.active.set(Some(index));
        }
    }

    /// Fills the list from what is at hand.
    fn refresh(self) {
        let text = self.text.get_untracked();
        let (mut choices, mut active, mut note) = (Vec::new(), None, String::new());
        match query::parse(&text) {
            PlaceQuery::Point(point) => {
                choices.push(self.place(self.of_point(point)));
                active = Some(0);
            }
            PlaceQuery::ShortCode { code, near } => match self.recovered(&code, &near) {
                Some(point) => {
                    choices.push(self.place(self.of_point(point)));
                    active = Some(0);
                }
                None => {
                    note = format!("Where “{near}” is, which this plus code is near, is not known.")
                }
            },
            PlaceQuery::ShortLink => {
                note = "Only its own server can follow this short link. Open it, and copy the address it leads to."
                    .into();
            }
            PlaceQuery::ObjectLink => {
                note = "This link says which object of OpenStreetMap is meant, not where it is. Open it, and copy the address that the map then shows."
                    .into();
            }
            PlaceQuery::Text(words) if words.is_empty() => {}
            PlaceQuery::Text(words) => {
                let hits =
                    self.cities().map(|cities| cities.search(&words, Some(self.here()), LIMIT));
                let hits = hits.unwrap_or_default();
                // Only what was typed to its end is chosen by Enter alone.
                active = hits.first().is_some_and(|hit| hit.is_whole).then_some(0);
                for hit in hits {
                    let city = hit.city;
                    let also = (hit.name != city.name).then_some(city.name);
                    let region =
                        also.into_iter().chain(Some(city.region)).filter(|part| !part.is_empty());
                    let region = region.collect::<Vec<_>>().join(", ");
                    choices.push(self.place(Found { region, name: hit.name, ..city }));
                }
                for found in self.machinery.with_value(|machinery| machinery.typed.clone()) {
                    if !choices.iter().any(|choice| choice.is_of(&found)) {
                        choices.push(self.place(found));
                    }
                }
                choices.extend(self.services().into_iter().map(Choice::Ask));
                if choices.is_empty() && self.cities().is_some() {
                    note = "No city of this name is known here.".into();
                }
            }
        }
        self.show(choices, active);
        self.note.set(note);
    }

    fn show(self, choices: Vec<Choice>, active: Option<usize>) {
        self.machinery.update_value(|machinery| machinery.is_closed = false);
        self.is_open.set(!choices.is_empty());
        self.active.set(active);
        self.choices.set(choices);
    }

    /// A point under the name its link gave it, at the distance shown now unless it says another.
    fn of_point(self, point: Point) -> Found {
        let distance = self.app.design.with_untracked(|design| design.distance);
        let near = self.cities().and_then(|cities| cities.nearest(point.lat, point.lon));
        let (region, country) = match near {
            Some((city, far)) => (format!("{far:.0} km from {}", city.name), city.country),
            None => Default::default(),
        };
        Found {
            region,
            country,
            lat: rounded(point.lat),
            lon: rounded(point.lon),
            distance: point.distance.unwrap_or(distance).clamp(DISTANCE.min, DISTANCE.max).round(),
            name: point.name,
        }
    }

    fn recovered(self, code: &str, near: &str) -> Option<Point> {
        let near = match near {
            "" => self.here(),
            near => {
                let hits = self.cities()?.search(near, Some(self.here()), 1);
                hits.first().map(|hit| (hit.city.lat, hit.city.lon))?
            }
        };
        plus_code::recover(code, near)
    }

    /// Chooses the active line, or asks a geocoder where there is none.
    pub fn enter(self) {
        let active = self.active.get_untracked().filter(|_| self.is_open.get_untracked());
        let is_text = || !self.words().is_empty();
        match (active, self.services().first()) {
            (Some(index), _) => self.choose(index),
            (None, Some(service)) if is_text() => self.ask_for_text(*service),
            _ => self.refresh(),
        }
    }

    /// Chooses a line.
    pub fn choose(self, index: usize) {
        match self.choices.with_untracked(|choices| choices.get(index).cloned()) {
            Some(Choice::Ask(service)) => self.ask_for_text(service),
            Some(Choice::Place { found, .. }) => {
                self.stop_asking();
                self.close();
                self.task.set(Task::Idle);
                self.note.set(String::new());
                self.text.set(String::new());
                self.app.go_to(found);
            }
            None => {}
        }
    }

    fn ask_for_text(self, service: Service) {
        self.ask(service, Question::Search(self.words()));
    }

    /// Asks again what was not answered.
    pub fn ask_again(self) {
        if let Some((service, question)) =
            self.machinery.with_value(|machinery| machinery.last.clone())
        {
            self.ask(service, question);
        }
    }

    fn ask(self, service: Service, question: Question) {
        let Some(endpoint) = self.endpoint(service) else { return };
        let asked = Some((service, question.clone()));
        if self.machinery.with_value(|machinery| machinery.is_asking && machinery.last == asked) {
            return;
        }
        self.stop_asking();
        let url = page::url(&geocoder::url(service, &endpoint, &question));
        self.machinery.update_value(|machinery| {
            machinery.last = asked;
            machinery.is_asking = true;
            machinery.is_asked = true;
        });
        self.note.set(format!("Asking {} …", self.called(service)));
        self.task.set(Task::Busy(None));
        let n = self.machinery.with_value(|machinery| machinery.n_changes);
        spawn_local(async move {
            let answer = self.answer(service, &url).await;
            if self.machinery.with_value(|machinery| machinery.n_changes) != n {
                return;
            }
            let is_list = matches!((&answer, &question), (Ok(Some(found)), Question::Search(_)) if !found.is_empty());
            self.machinery.update_value(|machinery| {
                machinery.is_asking = false;
                machinery.is_asked = is_list;
            });
            self.note.set(String::new());
            self.task.set(match answer {
                Ok(Some(found)) => {
                    self.answered(service, &question, found);
                    Task::Idle
                }
                Ok(None) => Task::Idle,
                Err(failure) => Task::Failed(failure),
            });
        });
    }

    fn answered(self, service: Service, question: &Question, found: Vec<Found>) {
        match (question, found.first()) {
            (Question::Search(words), None) => {
                self.note.set(format!("{} knows no place called “{words}”.", service.name()));
            }
            (Question::Search(_), Some(_)) => {
                let choices = found.into_iter().map(|found| self.place(found)).collect();
                self.show(choices, Some(0));
                self.note.set(format!(
                    "Found by {}. Data © OpenStreetMap contributors.",
                    self.called(service)
                ));
            }
            (Question::Reverse(..), None) => {
                self.note.set(format!("{} knows no name here.", service.name()));
            }
            (Question::Reverse(..), Some(found)) => {
                self.note.set(format!("Named by {}.", self.called(service)));
                self.app.name_place(&found.name, &found.country);
            }
        }
        self.is_named.set(false);
    }

    /// The answer, kept or asked for.
    async fn answer(self, service: Service, url: &str) -> Result<Option<Vec<Found>>, Failure> {
        let kept = storage::read(KEPT).map(|text| Kept::read(&text)).unwrap_or_default();
        if let Some(found) = kept.answer(url, js_sys::Date::now()) {
            return Ok(Some(found));
        }
        let no_fetch = || Failure::new("E-GEO-BROWSER", "This browser cannot ask a geocoder.", "");
        let handle = Handle::new().map_err(|_| no_fetch())?;
        self.machinery.update_value(|machinery| machinery.asking = Some(handle.clone()));
        let turn = match service {
            Service::Nominatim => match turn_at_nominatim(&handle).await {
                None => return Ok(None),
                turn => turn,
            },
            Service::Photon => None,
        };
        let found = geocode::ask(service, url, &handle).await;
        drop(turn);
        let found = found?;
        if let Some(found) = &found {
            // Read anew: another question may have been answered meanwhile.
            let mut kept = storage::read(KEPT).map(|text| Kept::read(&text)).unwrap_or_default();
            kept.keep(url, js_sys::Date::now(), found);
            storage::write(KEPT, &kept.to_text());
        }
        Ok(found)
    }

    fn stop_asking(self) {
        let asking = self.machinery.try_update_value(|machinery| {
            machinery.n_changes += 1;
            machinery.is_asking = false;
            machinery.is_asked = false;
            machinery.typed = Vec::new();
            machinery.asking.take()
        });
        if let Some(Some(handle)) = asking {
            handle.stop(Stop::Cancelled);
        }
        self.task.set(Task::Idle);
    }

    /// Adds what the owner's own Photon finds, once the typing pauses.
    fn ask_while_typing(self) {
        let Some(endpoint) = self.app.config.with_untracked(|config| config.photon_typing.clone())
        else {
            return;
        };
        let PlaceQuery::Text(words) = query::parse(&self.text.get_untracked()) else { return };
        if words.chars().count() < TYPED_LETTERS {
            return;
        }
        let n = self.machinery.with_value(|machinery| machinery.n_changes);
        let is_current = move || self.machinery.with_value(|machinery| machinery.n_changes) == n;
        spawn_local(async move {
            page::sleep(TYPING_MS).await;
            if !is_current() {
                return;
            }
            let question = Question::Search(words);
            let url = page::url(&geocoder::url(Service::Photon, &endpoint, &question));
            // A failure is told when a person asks; here the cities are shown all the same.
            let Ok(Some(found)) = self.answer(Service::Photon, &url).await else { return };
            if is_current() {
                self.machinery.update_value(|machinery| machinery.typed = found);
                self.fill_in();
            }
        });
    }

    /// Fills in where the person is, after the browser has asked them; nothing is fetched yet.
    pub fn locate(self) {
        self.stop_asking();
        self.close();
        self.task.set(Task::Busy(None));
        self.note.set("Waiting for your browser to say where you are …".into());
        let n = self.machinery.with_value(|machinery| machinery.n_changes);
        spawn_local(async move {
            let at = position::here().await;
            if self.machinery.with_value(|machinery| machinery.n_changes) != n {
                return;
            }
            self.note.set(String::new());
            self.task.set(match at {
                Ok((lat, lon)) => {
                    self.app.draft.lat.set(rounded(lat).to_string());
                    self.app.draft.lon.set(rounded(lon).to_string());
                    self.note.set("Where you are is filled in below.".into());
                    // On a phone it is out of sight, and so is what to do next.
                    page::focus("place-fetch");
                    Task::Idle
                }
                Err(failure) => Task::Failed(failure),
            });
        });
    }

    /// Names the place shown after the nearest city; a geocoder is asked only if a person then says so.
    pub fn name_place(self) {
        spawn_local(async move {
            let Some(cities) = self.cities_now().await else { return };
            let (lat, lon) = self.app.newest_place();
            let has_more = !self.services().is_empty();
            match cities.nearest(lat, lon) {
                Some((city, far)) => {
                    self.note.set(format!("Named after {}, {far:.1} km away.", city.name));
                    self.app.name_place(&city.name, &city.country);
                }
                None => self.note.set("No city is known within 50 km.".into()),
            }
            self.is_named.set(has_more);
        });
    }

    /// Asks a geocoder what the place shown is called.
    pub fn ask_for_name(self) {
        let (lat, lon) = self.app.newest_place();
        if let Some(service) = self.services().first() {
            self.ask(*service, Question::Reverse(rounded(lat), rounded(lon)));
        }
    }
}

/// The right to ask Nominatim, of all tabs of the site one at a time and at most one a second; `None` when cancelled.
async fn turn_at_nominatim(handle: &Handle) -> Option<Turn> {
    let mut turn = Turn::take_of(NOMINATIM_TURN, &handle.signal(), || {}).await?;
    let now = js_sys::Date::now();
    let last = storage::read(NOMINATIM_AT).and_then(|at| at.parse::<f64>().ok());
    let wait = last.map_or(0.0, |last| last + NOMINATIM_MS - now);
    // A clock that was set back makes nobody wait for long.
    page::sleep(wait.clamp(0.0, NOMINATIM_MS) as i32).await;
    if handle.is_cancelled() {
        return None;
    }
    storage::write(NOMINATIM_AT, &js_sys::Date::now().to_string());
    turn.ask();
    Some(turn)
}

impl App {
    /// Shows a place that was found.
    fn go_to(self, found: Found) {
        let Found { lat, lon, name, distance, .. } = found;
        let country = if name.is_empty() { String::new() } else { found.country };
        let place = Place { lat, lon, name, country };
        self.go(Chosen { place, rotation: None, is_found: true }, distance);
    }

    /// Shows a place that was chosen: at once where there are data, else fetched.
    pub fn go(self, chosen: Chosen, distance: f64) {
        let design = self.settle();
        self.draft.lat.set(chosen.place.lat.to_string());
        self.draft.lon.set(chosen.place.lon.to_string());
        self.draft.distance.set(distance.to_string());
        self.draft.chosen.set(Some(chosen));
        let Some(mut wanted) = self.draft.numbers().apply(&design) else { return };
        self.draft.take_chosen(&mut wanted);
        if self.coverage.get_untracked().is_some_and(|coverage| coverage.holds(&wanted)) {
            self.draft.chosen.set(None);
            self.design.set(wanted);
            return;
        }
        spawn_local(async move {
            // A map under way is of a place no longer wanted.
            while self.place_task.get_untracked().is_busy() {
                if self.coverage.get_untracked().is_some() {
                    self.cancel_fetch();
                }
                page::sleep(20).await;
            }
            self.fetch_place();
        });
    }

    fn newest_place(self) -> (f64, f64) {
        let design: Design = self.newest();
        (design.place.lat, design.place.lon)
    }

    fn name_place(self, name: &str, country: &str) {
        self.change(|design| {
            design.place.name = name.to_owned();
            design.place.country = country.to_owned();
            design.texts.title = None;
            design.texts.subtitle = None;
        });
    }
}

/// To 1e-5°, a metre: near enough for a middle, and can be read.
pub fn rounded(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

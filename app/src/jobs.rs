//! What is done for a person's wishes: load a place, draw the design, write a file.
//!
//! Each result keeps the design it was made from; a failure leaves the last good poster and
//! everything typed as they are.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use mapposter_app::failure::Failure;
use mapposter_app::net::query::HEAVY_LAYERS;
use mapposter_app::worker::client::{Client, OnEvent};
use mapposter_app::worker::protocol::{Answer, Job, Loaded, Poster, Source, Stage, Texts};
use render_core::design::{Design, Place, ThemeChoice};

use crate::platform::page;
use crate::preview::canvas::Preview;
use crate::state::{App, Coverage, Machinery, Mode, Task};
use crate::themes;

/// The place the app starts with, and its lines of text, shaped when the app was built.
const FIRST_PLACE: &str = "places/helsinki.mpk";
const FIRST_TEXTS: &str = "places/helsinki.texts.json";
/// A title is shaped when the typing pauses.
const TYPING_MS: i32 = 200;
/// What is done after a picture waits until that is on screen.
const TO_SCREEN_MS: i32 = 50;
/// Shaped lines of text that are kept.
const KEPT_TEXTS: usize = 8;
/// How often it is looked whether the print worker has the data that it is being given, ms.
const LOADING_MS: i32 = 16;
/// A new centre within so many metres is still the same place, and keeps its name.
pub const SAME_PLACE: f64 = 3000.0;

pub type Answered = Result<(Answer, Vec<ArrayBuffer>), Failure>;

impl App {
    /// The first poster, and from then on a poster for every change of the design.
    pub fn begin(self) {
        self.machinery.with_value(|machinery| machinery.render.start());
        self.learn_config();
        self.count_rest();
        self.load_first_place();
        self.take_drops();
        self.watch_touches();
        Effect::new(move |before: Option<Design>| {
            let design = self.design.get();
            if before.is_some_and(|before| before != design) && !self.is_drawn_or_will_be(&design) {
                self.follow(&design);
                self.draw();
            }
            design
        });
        // While a place came in the gallery waited, and not every place comes.
        Effect::new(move |was_busy: Option<bool>| {
            let is_busy = self.place_task.with(Task::is_busy);
            if was_busy == Some(true) && !is_busy {
                spawn_local(self.show_looks());
            }
            is_busy
        });
        // What is typed about the place is followed at once where there are data for it.
        Effect::new(move || {
            let numbers = self.draft.numbers();
            let design = self.newest();
            let Some(wanted) = numbers.apply(&design).filter(|wanted| *wanted != design) else {
                return;
            };
            if self.coverage.get_untracked().is_some_and(|coverage| coverage.holds(&wanted)) {
                // What is typed goes before a move that the page has not followed yet.
                self.machinery.update_value(|machinery| machinery.newest = None);
                self.is_moving.set(false);
                self.note.set(String::new());
                self.design.set(wanted);
            }
        });
    }

    fn load_first_place(self) {
        self.place_task.set(Task::Busy(None));
        spawn_local(async move {
            let source = Source::Bundled { url: page::data_url(FIRST_PLACE) };
            let task = match self.load(source, None, None).await {
                Ok(Some(loaded)) => {
                    self.coverage.set(Some(Coverage::of(&Design::default())));
                    self.draw();
                    self.loaded.set(loaded);
                    self.remember_places();
                    Task::Idle
                }
                Ok(None) => Task::Idle,
                Err(failure) => Task::Failed(failure),
            };
            self.place_task.set(task);
        });
    }

    /// Loads again what could not be loaded.
    pub fn try_place_again(self) {
        if self.reopen_again() {
            return;
        }
        if self.coverage.get_untracked().is_none() {
            self.load_first_place();
        } else {
            self.fetch_place();
        }
    }

    /// The render worker.
    pub fn render(self) -> Client {
        self.machinery.with_value(|machinery| machinery.render.clone())
    }

    pub fn print(self) -> Client {
        self.machinery.with_value(|machinery| machinery.print.clone())
    }

    /// Has the render worker take a place's data, of which a design will be drawn; `None` when
    /// cancelled. What comes in slowly is shown meanwhile.
    pub async fn load(
        self,
        source: Source,
        pack: Option<ArrayBuffer>,
        design: Option<&Design>,
    ) -> Result<Option<Loaded>, Failure> {
        let begun = self.newest();
        let mode =
            self.machinery.with_value(|machinery| machinery.preview.as_ref().map(Preview::mode));
        let drawn = design.filter(|_| mode == Some(Mode::Gpu)).cloned();
        let poster = drawn.as_ref().map(|design| {
            // Where a line of text is not shaped yet, the map goes under the last ones.
            let last = || self.machinery.with_value(|machinery| machinery.last_texts.clone());
            let texts = self.texts_at_hand(design).or_else(last);
            Self::poster(design, texts.unwrap_or(Texts::Shaped { json: String::new() }))
        });
        let pictured = Rc::new(RefCell::new(None));
        let on_canvas = pictured.clone();
        let on_event: OnEvent = Box::new(move |answer, buffers| match answer {
            Answer::Progress(progress) => {
                if let Stage::Resting { seconds } = progress.stage {
                    self.rest_for(seconds);
                }
                self.place_task.set(Task::Busy(Some(progress)));
            }
            // Whoever went on with the last poster meanwhile keeps it until the new map is whole.
            Answer::Sketch { width, height, is_whole } if is_whole || self.newest() == begun => {
                let is_shown = self.show((width, height), &buffers, is_whole);
                if is_shown && is_whole {
                    on_canvas.replace(drawn.clone());
                } else if is_shown {
                    self.machinery.update_value(|machinery| machinery.pictured = None);
                    self.drawn.set(None);
                }
            }
            _ => {}
        });
        let buffers = pack.iter().map(|pack| pack.slice(0)).collect();
        let job = Job::Load { source: source.clone(), poster };
        let asked = self.render().ask(job, buffers, Some(on_event));
        self.machinery.update_value(|machinery| machinery.fetching = Some(asked.id));
        let answer = asked.answer().await;
        self.machinery.update_value(|machinery| machinery.fetching = None);
        match answer? {
            (Answer::Loaded(loaded), _) => {
                self.machinery.update_value(|machinery| {
                    machinery.source = Some((source, pack));
                    machinery.n_places += 1;
                    machinery.pictured = pictured.take();
                });
                Ok(Some(loaded))
            }
            _ => Ok(None),
        }
    }

    /// A design at the place that has its name: the map may have been pulled far from there.
    pub fn named_at(self, design: &Design) -> Design {
        let mut named = design.clone();
        if let Some(coverage) = self.coverage.get_untracked() {
            (named.place.lat, named.place.lon) = coverage.centre();
        }
        named
    }

    /// The data of a place are in: the poster becomes one of it.
    pub fn arrive(self, loaded: Loaded, coverage: Coverage, wanted: Design) {
        self.coverage.set(Some(coverage));
        let is_drawn = self.is_pictured(&wanted) && self.texts_at_hand(&wanted).is_some();
        if is_drawn {
            self.drawn.set(Some(wanted.clone()));
            self.draw_task.set(Task::Idle);
            spawn_local(self.after_drawing());
        } else {
            // The worker is asked before the page follows, and works meanwhile.
            self.draw();
        }
        self.loaded.set(loaded);
        self.note.set(String::new());
        let reopened = self.machinery.try_update_value(|machinery| machinery.reopening.take());
        if let Some(opened) = reopened.flatten() {
            return self.become_poster(opened);
        }
        // Lines, colours and paper may have changed during the download.
        let mut design = self.settle();
        let left_out = HEAVY_LAYERS.into_iter().filter(|layer| !wanted.shows(*layer));
        design.layers.extend(left_out.map(|layer| (layer, false)));
        design.place = wanted.place;
        design.distance = wanted.distance;
        design.texts.title = design.texts.title.filter(|_| wanted.texts.title.is_some());
        design.texts.subtitle = design.texts.subtitle.filter(|_| wanted.texts.subtitle.is_some());
        let chosen = self.draft.chosen.get_untracked();
        let is_there =
            |place: &Place| (place.lat, place.lon) == (design.place.lat, design.place.lon);
        if let Some(chosen) = chosen.filter(|chosen| is_there(&chosen.place)) {
            design.rotation = chosen.rotation.unwrap_or(design.rotation);
            self.draft.chosen.set(None);
        }
        let is_changed = is_drawn && !self.is_drawn_or_will_be(&design);
        self.design.set(design);
        if is_changed {
            self.draw();
        }
    }

    /// Draws the last poster again where a part of another place covers it.
    pub fn draw_again(self) {
        if self.drawn.with_untracked(Option::is_none) {
            self.draw();
        }
    }

    /// Keeps what was fetched, so that neither other workers nor a later visit need a server.
    async fn keep_pack(self) {
        let source_and_record = |machinery: &mut Machinery| {
            let source = machinery.source.as_ref().map(|(source, _)| source.clone());
            (source, machinery.unkept.clone())
        };
        let before = self.machinery.try_update_value(source_and_record);
        if let Ok((Answer::Packed, buffers)) =
            self.render().ask(Job::Pack, Vec::new(), None).answer().await
            // Another place may have come in meanwhile.
            && self.machinery.try_update_value(source_and_record) == before
        {
            let pack = buffers.into_iter().next();
            let taken = self.machinery.try_update_value(|machinery| {
                machinery.source = Some((Source::Pack, pack.clone()));
                Some((machinery.unkept.take()?, machinery.turn.take()))
            });
            if let Some(((record, turn), pack)) = taken.flatten().zip(pack) {
                spawn_local(async move {
                    self.keep_place(record, pack.slice(0)).await;
                    // Whoever waits for it finds the map on the device now.
                    drop(turn);
                });
            }
        }
    }

    /// Draws the design, at once or after the drawing that runs.
    pub fn draw(self) {
        let has_canvas = self.mode.with_untracked(Option::is_some);
        if !has_canvas || self.coverage.get_untracked().is_none() {
            return;
        }
        let runs = self.machinery.try_update_value(|machinery| {
            machinery.drawing.1 = true;
            std::mem::replace(&mut machinery.drawing.0, true)
        });
        if runs != Some(false) {
            return;
        }
        spawn_local(async move {
            while self
                .machinery
                .try_update_value(|machinery| std::mem::take(&mut machinery.drawing.1))
                .unwrap_or_default()
            {
                let design = self.design.get_untracked();
                self.machinery.update_value(|m| m.under_way = Some(design.clone()));
                self.draw_task.set(Task::Busy(None));
                let mut drawn = self.draw_once(&design).await;
                if drawn.as_ref().is_err_and(is_of_worker) {
                    drawn = match self.restore().await {
                        Ok(()) => self.draw_once(&design).await,
                        Err(failure) => Err(failure),
                    };
                }
                self.draw_task.set(match drawn {
                    Ok(()) => Task::Idle,
                    Err(failure) => Task::Failed(failure),
                });
            }
            self.machinery.update_value(|machinery| {
                machinery.drawing.0 = false;
                machinery.under_way = None;
            });
            self.after_drawing().await;
        });
    }

    /// What is done once a picture is on screen, which should not wait for it.
    async fn after_drawing(self) {
        // A worker that failed has no data.
        let is_fetched = |source: &(Source, _)| matches!(source.0, Source::Overpass { .. });
        let is_unkept = self
            .machinery
            .with_value(|machinery| machinery.source.as_ref().is_some_and(is_fetched));
        if is_unkept && self.draw_task.with_untracked(|task| matches!(task, Task::Idle)) {
            page::sleep(TO_SCREEN_MS).await;
            self.keep_pack().await;
        }
        self.machinery.update_value(|machinery| {
            // A map that could not be kept is waited for no longer; one that came meanwhile is.
            if !machinery.drawing.0 {
                machinery.turn = None;
            }
        });
        self.show_looks().await;
    }

    /// Whether a design's picture is on screen or being made, and no other after it.
    fn is_drawn_or_will_be(self, design: &Design) -> bool {
        self.machinery.with_value(|machinery| match machinery.drawing {
            (false, _) => self.drawn.with_untracked(|drawn| drawn.as_ref() == Some(design)),
            (true, is_followed) => !is_followed && machinery.under_way.as_ref() == Some(design),
        })
    }

    async fn draw_once(self, design: &Design) -> Result<(), Failure> {
        let (mode, last_texts) = self.machinery.with_value(|machinery| {
            (machinery.preview.as_ref().map(Preview::mode), machinery.last_texts.clone())
        });
        // Shaping takes a moment: until it is done the map goes under the last lines of text.
        if mode == Some(Mode::Gpu)
            && self.texts_at_hand(design).is_none()
            && let Some(texts) = last_texts
            && !self.has_map_of(design)
        {
            self.picture(design, texts).await?;
        }
        let texts = self.texts(design).await?;
        self.machinery.update_value(|machinery| machinery.last_texts = Some(texts.clone()));
        self.picture(design, texts).await?;
        self.drawn.set(Some(design.clone()));
        Ok(())
    }

    /// Whether the last picture, moved perhaps, shows a design but for its lines of text.
    fn has_map_of(self, design: &Design) -> bool {
        let pictured = self.machinery.with_value(|machinery| machinery.pictured.clone());
        pictured.is_some_and(|mut pictured| {
            pictured.place = design.place.clone();
            pictured.distance = design.distance;
            pictured.rotation = design.rotation;
            pictured.texts = design.texts.clone();
            pictured == *design && self.follow(design)
        })
    }

    /// Has a worker draw a design with these lines of text.
    async fn picture(self, design: &Design, texts: Texts) -> Result<(), Failure> {
        let poster = Self::poster(design, texts);
        let preview = self.machinery.with_value(|machinery| machinery.preview.clone());
        let Some(preview) = preview else { return Ok(()) };
        let (answer, buffers) = match preview.mode() {
            Mode::Gpu => {
                let job = Job::Compose { poster, has_map: preview.has_map() };
                self.render().ask(job, Vec::new(), None).answer().await?
            }
            Mode::Raster => {
                let width = preview.size().0;
                self.ask_print(Job::Raster { poster, width }, None).await?
            }
        };
        match answer {
            Answer::Mesh { width, height } => {
                if !self.show((width, height), &buffers, true) {
                    return Err(Failure::of_worker("a part of its picture is missing"));
                }
            }
            Answer::Pixels { width, height } => {
                if let Some(pixels) = buffers.first() {
                    preview.show_pixels(width, height, pixels);
                }
            }
            _ => return Ok(()),
        }
        self.machinery.update_value(|machinery| machinery.pictured = Some(design.clone()));
        // The map may have been moved on while this picture was made.
        let newest = self.newest();
        if newest != *design {
            self.follow(&newest);
        }
        Ok(())
    }

    /// Shows what the render worker answered, unless a part is missing; whether it did. What held the map is the worker's
    /// again.
    fn show(self, size: (f64, f64), buffers: &[ArrayBuffer], is_whole: bool) -> bool {
        let preview = self.machinery.with_value(|machinery| machinery.preview.clone());
        let spare = preview.and_then(|preview| preview.show(size, buffers, is_whole));
        if let Some(spare) = spare.as_ref().filter(|spare| !spare.is_empty()) {
            self.render().tell(&Job::TakeBack, spare.clone());
        }
        spare.is_some()
    }

    /// Gives a fresh render worker the data the last one had.
    async fn restore(self) -> Result<(), Failure> {
        match self.machinery.with_value(|machinery| machinery.source.clone()) {
            // Nothing is asked of a live server a second time behind the person's back.
            None | Some((Source::Overpass { .. }, _)) => Err(Failure::of_worker("its map is gone")),
            Some((source, pack)) => self.load(source, pack, None).await.map(drop),
        }
    }

    /// What a worker needs to draw a design: its theme's file and its shaped lines of text.
    pub fn poster(design: &Design, texts: Texts) -> Poster {
        let (theme_id, theme) = themes::file_of(&design.theme);
        Poster { design: design.to_json(), theme_id, theme, texts }
    }

    /// A design's lines of text, if they need not be shaped first.
    pub fn texts_at_hand(self, design: &Design) -> Option<Texts> {
        let key = text_key(design);
        if key == text_key(&Design::default()) {
            return Some(Texts::Baked { url: page::data_url(FIRST_TEXTS) });
        }
        self.machinery.with_value(|machinery| {
            let found = machinery.texts.iter().find(|(of, _)| *of == key);
            found.map(|(_, json)| Texts::Shaped { json: json.clone() })
        })
    }

    pub async fn texts(self, design: &Design) -> Result<Texts, Failure> {
        if let Some(texts) = self.texts_at_hand(design) {
            return Ok(texts);
        }
        page::sleep(TYPING_MS).await;
        self.shape(design).await
    }

    /// Has a design's lines of text shaped.
    pub async fn shape(self, design: &Design) -> Result<Texts, Failure> {
        let key = text_key(design);
        let job = Job::Shape { design: design.to_json(), fonts: page::data_url("fonts/NAME.ttf") };
        let ask = || self.print().ask(job.clone(), Vec::new(), None).answer();
        let mut answer = ask().await;
        // Once more where the worker died, or was ended under it by a cancelled export.
        if matches!(&answer, Ok((Answer::Cancelled, _))) || answer.as_ref().is_err_and(is_of_worker)
        {
            answer = ask().await;
        }
        let (Answer::Shaped { json }, _) = answer? else {
            return Err(Failure::of_worker("the lines of text were not set"));
        };
        self.machinery.update_value(|machinery| {
            machinery.texts.push((key, json.clone()));
            if machinery.texts.len() > KEPT_TEXTS {
                machinery.texts.remove(0);
            }
        });
        Ok(Texts::Shaped { json })
    }

    /// Asks the print worker, which first gets the place's data if it has none.
    pub async fn ask_print(self, job: Job, on_event: Option<OnEvent>) -> Answered {
        self.ask_print_with(job, None, on_event, &|| true).await
    }

    /// The same, with a thing of the browser's that goes along, as long as it `is_wanted`.
    pub async fn ask_print_with(
        self,
        job: Job,
        thing: Option<JsValue>,
        on_event: Option<OnEvent>,
        is_wanted: &dyn Fn() -> bool,
    ) -> Answered {
        let cancelled = || Ok((Answer::Cancelled, Vec::new()));
        let print = self.print();
        // Shaping goes on after a cancel, as the preview wants its lines, too; another place may come in meanwhile.
        loop {
            if !is_wanted() {
                return cancelled();
            }
            if self.print_has_place() {
                break;
            }
            if self.machinery.with_value(|machinery| machinery.is_print_loading) {
                page::sleep(LOADING_MS).await;
                continue;
            }
            self.machinery.update_value(|machinery| machinery.is_print_loading = true);
            let loaded = self.load_print(is_wanted).await;
            self.machinery.update_value(|machinery| machinery.is_print_loading = false);
            if loaded?.is_none() {
                return cancelled();
            }
        }
        let answer = match thing {
            Some(thing) => print.ask_with(&job, &thing, on_event).answer().await,
            None => print.ask(job, Vec::new(), on_event).answer().await,
        };
        if answer.as_ref().is_err_and(is_of_worker) {
            self.machinery.update_value(|machinery| machinery.print_place = 0);
        }
        answer
    }

    /// Whether the print worker has the data of the poster's place.
    pub fn print_has_place(self) -> bool {
        self.machinery.with_value(|machinery| {
            let Machinery { n_places, print_place, print, .. } = machinery;
            *print_place != 0 && print_place == n_places && print.is_running()
        })
    }

    /// Gives the print worker the place's data; `None` when cancelled, or no longer wanted.
    async fn load_print(self, is_wanted: &dyn Fn() -> bool) -> Result<Option<()>, Failure> {
        let source = || {
            self.machinery.with_value(|machinery| (machinery.source.clone(), machinery.n_places))
        };
        if matches!(source().0, Some((Source::Overpass { .. }, _))) {
            self.keep_pack().await;
        }
        let (source, n_places) = source();
        let (source, pack) = source.ok_or_else(|| Failure::of_worker("it has no map yet"))?;
        if !is_wanted() {
            return Ok(None);
        }
        let buffers = pack.iter().map(|pack| pack.slice(0)).collect();
        let job = Job::Load { source, poster: None };
        let (loaded, _) = self.print().ask(job, buffers, None).answer().await?;
        if loaded == Answer::Cancelled {
            return Ok(None);
        }
        self.machinery.update_value(|machinery| machinery.print_place = n_places);
        Ok(Some(()))
    }

    /// Chooses a theme by its id.
    pub fn choose_theme(self, id: &str) {
        let theme = match self.opened.get_untracked() {
            Some(opened) if id == themes::OPENED => ThemeChoice::Inline(opened),
            _ => ThemeChoice::Named(id.to_owned()),
        };
        // A theme is as the gallery shows it: a reopened poster's own colours were for the last one.
        let choose = move |design: &mut Design| {
            design.theme = theme;
            design.colors.clear();
        };
        let mut design = self.newest();
        choose.clone()(&mut design);
        if !self.restyle(design) {
            self.change(choose);
        }
    }

    /// Opens a theme file.
    pub fn open_theme(self, file: web_sys::File) {
        if let Err(failure) = themes::check_size(file.size()) {
            return self.theme_task.set(Task::Failed(failure));
        }
        spawn_local(async move {
            let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
            let text = text.ok().and_then(|text| text.as_string()).unwrap_or_default();
            let job = Job::CheckTheme { theme: text.clone() };
            let task = match self.render().ask(job, Vec::new(), None).answer().await {
                Ok((Answer::ThemeIsGood { remarks }, _)) => {
                    self.opened.set(serde_json::from_str(&text).ok());
                    self.opened_remarks.set(remarks.join(" "));
                    self.choose_theme(themes::OPENED);
                    Task::Idle
                }
                Ok(_) => Task::Idle,
                Err(failure) => Task::Failed(failure),
            };
            self.theme_task.set(task);
        });
    }
}

/// What shaped lines of text depend on.
fn text_key(design: &Design) -> String {
    let (lat, lon) = (design.place.lat, design.place.lon);
    let coordinates = if design.texts.coordinates { format!("{lat},{lon}") } else { String::new() };
    [design.title(), design.subtitle(), &coordinates, &design.locale].join("\n")
}

/// Whether it was a worker's end.
pub fn is_of_worker(failure: &Failure) -> bool {
    failure.code == "E-WORKER-LOST"
}

/// Whether two designs are of one place.
pub fn is_near(one: &Design, other: &Design) -> bool {
    let metres = 111_195.0;
    let north = (one.place.lat - other.place.lat) * metres;
    let east = (one.place.lon - other.place.lon) * metres * one.place.lat.to_radians().cos();
    north.hypot(east) < SAME_PLACE
}

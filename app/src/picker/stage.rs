//! The picker's state, and when it is drawn: once a frame at most, and only what has changed.

use std::cell::RefCell;
use std::rc::Rc;

use ::picker::lettering::Town;
use ::picker::view::{degrees, mercator};
use ::picker::{Frame, View, World};
use futures_channel::oneshot;
use js_sys::Function;
use places::gazetteer::{self, Towns};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlCanvasElement, HtmlElement, HtmlInputElement};

use super::dialog::{Dialog, context};
use super::paint::{self, Colours, Scenery, Widths};
use super::{NoDialog, hands};
use crate::net::config::{TileServer, host};
use crate::net::tiles::{self, Tiles};
use crate::platform::{bundle, page, storage};

const WORLD: &str = "places/world.bin";
const CITIES: &str = "places/cities.gaz";
/// Remembers the address whose tiles a person has switched on.
const SWITCHED_ON: &str = "mapposter.tiles";
/// A listener is told where the frame is when it has rested so long, ms.
const TELL_MS: i32 = 500;
/// Finest pixels that help: more cost time and show nothing.
const MOST_PIXELS: f64 = 2.0;
/// Cities read in one task: some milliseconds.
const TOWNS_AT_ONCE: usize = 8192;
/// How much a key or a button zooms the map, and sizes the frame.
const ZOOM_STEP: f64 = 1.6;
const SIZE_STEP: f64 = 1.15;
/// How far a key or a button moves the frame: a share of its height, and pixels at least.
const MOVE_STEP: f64 = 0.1;
const LEAST_MOVE: f64 = 12.0;

/// What a person may do to the map and the frame, whatever with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// Zooms the map about its middle, in steps.
    Zoom(f64),
    /// Shows the whole frame.
    Fit,
    /// Brings the frame to a pixel, or to the middle.
    Bring(Option<(f64, f64)>),
    /// Moves the frame right and down, in steps.
    Move(f64, f64),
    /// Makes the frame larger, in steps.
    Size(f64),
    /// Turns the frame to the left, degrees.
    Turn(f64),
    /// Puts north above.
    Upright,
    /// Ends, with the frame or without.
    End(bool),
}

/// Handles to all of it.
#[derive(Clone)]
pub struct Stage {
    /// The elements.
    pub dialog: Rc<Dialog>,
    state: Rc<RefCell<State>>,
}

struct State {
    view: View,
    frame: Frame,
    world: Option<World>,
    towns: Vec<Town>,
    widths: Widths,
    colours: Colours,
    tile_server: Option<TileServer>,
    tiles: Option<Tiles>,
    /// Why a server of tiles is asked no more while the page is open.
    refusal: Option<String>,
    /// Pixels of the canvases to a CSS pixel.
    ratio: f64,
    /// Whether the world, and whether the frame is drawn anew in the next frame.
    stale: (bool, bool),
    is_awaited: bool,
    /// Counts changes of the frame, so that a pause is noticed.
    n_changes: u32,
    draw: Option<Function>,
    answer: Option<oneshot::Sender<Option<Frame>>>,
}

impl Stage {
    /// The dialog, still shut, and all that listens.
    pub fn new() -> Option<Self> {
        let dialog = Rc::new(Dialog::new()?);
        let state = State {
            view: View::of_world((1.0, 1.0)),
            frame: Frame { lat: 0.0, lon: 0.0, distance: 1000.0, rotation: 0.0, ratio: 1.0 },
            world: None,
            towns: Vec::new(),
            widths: Widths::new(),
            colours: Colours::default(),
            tile_server: None,
            tiles: None,
            refusal: None,
            ratio: 1.0,
            stale: (false, false),
            is_awaited: false,
            n_changes: 0,
            draw: None,
            answer: None,
        };
        let stage = Self { dialog, state: Rc::new(RefCell::new(state)) };
        let drawn = stage.clone();
        let draw = Closure::<dyn Fn()>::new(move || drawn.draw()).into_js_value();
        stage.state.borrow_mut().draw = draw.dyn_into().ok();
        stage.listen();
        hands::listen(&stage);
        Some(stage)
    }

    fn listen(&self) {
        let stage = self.clone();
        page::listen(&self.dialog.dialog, "close", Box::new(move |_| stage.end(None)));
        let stage = self.clone();
        let resized = Closure::<dyn Fn()>::new(move || {
            stage.resize();
            // At once: a canvas of a new size is blank.
            stage.draw();
        });
        let resized = resized.into_js_value();
        if let Ok(observer) = web_sys::ResizeObserver::new(resized.unchecked_ref()) {
            observer.observe(&self.dialog.map);
        }
        let query = "(prefers-color-scheme: dark)";
        let scheme = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
        if let Some(scheme) = scheme {
            let stage = self.clone();
            page::listen(
                &scheme,
                "change",
                Box::new(move |_| {
                    stage.state.borrow_mut().colours = Colours::of(&stage.dialog);
                    stage.redraw(true);
                }),
            );
        }
        if let Some(switch) = self.dialog.element::<HtmlInputElement>("picker-tiles") {
            let stage = self.clone();
            let of = switch.clone();
            page::listen(&switch, "change", Box::new(move |_| stage.switch_tiles(of.checked())));
        }
    }

    /// Opens the dialog and waits for what a person chooses.
    ///
    /// # Errors
    /// Where the browser does not open it.
    pub async fn ask(
        &self,
        frame: Frame,
        server: &str,
        tiles: Option<TileServer>,
    ) -> Result<Option<Frame>, NoDialog> {
        let (answer, answered) = oneshot::channel();
        {
            let mut state = self.state.borrow_mut();
            state.frame = frame.held();
            state.answer = Some(answer);
        }
        self.dialog.dialog.show_modal().map_err(|_| NoDialog)?;
        self.state.borrow_mut().colours = Colours::of(&self.dialog);
        self.dialog.say(
            "picker-server",
            &format!("What is not loaded yet of its map comes from {server}."),
        );
        self.dialog.say("picker-note", "");
        // The page is laid out anew in a task of its own.
        page::sleep(0).await;
        self.resize();
        let is_on = self.offer_tiles(tiles);
        let (view, frame) = self.now();
        let corners = frame.corners();
        self.look(if is_on { view.fitted(&corners) } else { view.opened(&corners) });
        self.take(frame);
        spawn_local(self.clone().load());
        Ok(answered.await.ok().flatten())
    }

    fn end(&self, frame: Option<Frame>) {
        let mut state = self.state.borrow_mut();
        if let Some(tiles) = &mut state.tiles {
            tiles.stop();
        }
        if let Some(answer) = state.answer.take() {
            let _ = answer.send(frame);
        }
    }

    /// Fetches what is not here yet of the world and its cities.
    async fn load(self) {
        if self.state.borrow().world.is_none() {
            let bytes = bundle::inflated(WORLD).await;
            match bytes.and_then(|bytes| World::read(&bytes).ok()) {
                Some(world) => self.state.borrow_mut().world = Some(world),
                None => self.note(
                    "E-PICKER-WORLD",
                    "Coasts and borders could not be loaded. The grid, the frame and its numbers work without them.",
                ),
            }
            self.redraw(true);
        }
        if self.state.borrow().towns.is_empty() {
            let bytes = bundle::inflated(CITIES).await;
            let towns = match &bytes {
                Some(bytes) => towns(bytes).await,
                None => None,
            };
            match towns {
                Some(towns) => self.state.borrow_mut().towns = towns,
                None => self.note(
                    "E-PICKER-CITIES",
                    "The names of cities could not be loaded. The frame and its numbers work without them.",
                ),
            }
            self.redraw(true);
        }
    }

    fn note(&self, code: &str, words: &str) {
        let (Some(notes), Some(page)) =
            (self.dialog.element::<HtmlElement>("picker-note"), page::document())
        else {
            return;
        };
        if notes.query_selector(&format!("[data-code={code}]")).ok().flatten().is_some() {
            return;
        }
        if let Ok(note) = page.create_element("div") {
            note.set_text_content(Some(words));
            let _ = note.set_attribute("data-code", code);
            let _ = notes.append_child(&note);
        }
    }

    /// Shows the switch where there is something to switch on; true where that is on.
    fn offer_tiles(&self, server: Option<TileServer>) -> bool {
        let label = self.dialog.element::<HtmlElement>("picker-switch");
        let switch = self.dialog.element::<HtmlInputElement>("picker-tiles");
        let is_on = server
            .as_ref()
            .is_some_and(|server| storage::read(SWITCHED_ON).as_deref() == Some(&*server.url));
        if let (Some(label), Some(switch)) = (label, switch) {
            label.set_hidden(server.is_none());
            switch.set_checked(is_on);
            if let (Some(server), Some(words)) = (&server, label.last_element_child()) {
                let named = format!("Detailed map from {} ({})", server.name, host(&server.url));
                words.set_text_content(Some(&named));
            }
        }
        self.state.borrow_mut().tile_server = server;
        self.show_tiles(is_on);
        is_on
    }

    fn switch_tiles(&self, is_on: bool) {
        let server = self.state.borrow().tile_server.clone();
        if let Some(server) = server {
            storage::write(SWITCHED_ON, if is_on { &server.url } else { "" });
        }
        self.show_tiles(is_on);
    }

    fn show_tiles(&self, is_on: bool) {
        let mut attribution = "Natural Earth · Cities: GeoNames, CC BY 4.0".to_owned();
        let refusal = self.state.borrow().refusal.clone().filter(|_| is_on);
        if let Some(words) = &refusal {
            self.note("E-PICKER-TILES", words);
        }
        {
            let mut state = self.state.borrow_mut();
            let wanted = state.tile_server.clone().filter(|_| is_on && refusal.is_none());
            if let Some(server) = &wanted {
                attribution = format!("{} · {attribution}", server.attribution);
            }
            if state.tiles.as_ref().map(Tiles::server) != wanted.as_ref() {
                if let Some(old) = &mut state.tiles {
                    old.stop();
                }
                let stage = self.clone();
                let on_end = Rc::new(move |event: &web_sys::Event| stage.tile_ended(event));
                state.tiles = wanted.map(|server| Tiles::new(server, on_end));
            }
        }
        self.dialog.say("picker-attribution", &attribution);
        self.redraw(true);
    }

    fn tile_ended(&self, event: &web_sys::Event) {
        let doubtful = self.state.borrow_mut().tiles.as_mut().and_then(|tiles| tiles.ended(event));
        self.redraw(true);
        let stage = self.clone();
        let is_missing = event.type_() != "load";
        spawn_local(async move {
            if let Some(url) = doubtful {
                let status = tiles::status(&url).await;
                stage.check_tiles(status);
            }
            if is_missing {
                page::sleep(tiles::PAUSE_MS).await;
                stage.redraw(true);
            }
        });
    }

    /// Goes on asking a server for tiles, or no more, by what it said when one did not come.
    fn check_tiles(&self, status: Option<u16>) {
        let refusal = {
            let mut state = self.state.borrow_mut();
            let Some(tiles) = &mut state.tiles else { return };
            let is_refused = tiles.checked(status);
            let Some(status) = status.filter(|_| is_refused) else {
                drop(state);
                return self.redraw(true);
            };
            let name = &tiles.server().name;
            format!(
                "{name} takes no more questions from this site or network for now ({status}), and is not asked again on this visit. The built-in world is shown."
            )
        };
        self.state.borrow_mut().refusal = Some(refusal);
        self.show_tiles(true);
    }

    /// Follows the size of the map on the page.
    fn resize(&self) {
        let size =
            (f64::from(self.dialog.map.client_width()), f64::from(self.dialog.map.client_height()));
        if size.0 < 1.0 || size.1 < 1.0 {
            return;
        }
        let ratio = page::device_pixel_ratio().clamp(1.0, MOST_PIXELS);
        {
            let mut state = self.state.borrow_mut();
            state.view = state.view.resized(size);
            state.ratio = ratio;
        }
        let pixels = ((size.0 * ratio).round() as u32, (size.1 * ratio).round() as u32);
        for canvas in [&self.dialog.world, &self.dialog.map] {
            if (canvas.width(), canvas.height()) != pixels {
                canvas.set_width(pixels.0);
                canvas.set_height(pixels.1);
            }
        }
        self.redraw(true);
    }

    /// The map and the frame as they are.
    pub fn now(&self) -> (View, Frame) {
        let state = self.state.borrow();
        (state.view, state.frame)
    }

    /// Shows another part of the map.
    pub fn look(&self, view: View) {
        self.state.borrow_mut().view = view;
        self.redraw(true);
    }

    /// Takes a frame as a hand has it.
    pub fn take(&self, frame: Frame) {
        let n = {
            let mut state = self.state.borrow_mut();
            state.frame = frame;
            state.n_changes += 1;
            state.n_changes
        };
        self.redraw(false);
        let stage = self.clone();
        spawn_local(async move {
            page::sleep(TELL_MS).await;
            if stage.state.borrow().n_changes == n {
                stage.dialog.say("picker-live", &in_words(&frame));
            }
        });
    }

    /// Does what a key or a button is for.
    pub fn act(&self, action: Action) {
        let (view, frame) = self.now();
        match action {
            Action::Zoom(steps) => {
                let middle = (view.size.0 / 2.0, view.size.1 / 2.0);
                self.look(view.zoomed(ZOOM_STEP.powf(steps), middle));
            }
            Action::Fit => {
                self.look(view.fitted(&frame.corners()));
                self.take(frame);
            }
            Action::Bring(to) => {
                let middle = (view.size.0 / 2.0, view.size.1 / 2.0);
                self.take(frame.brought(&view, to.unwrap_or(middle)));
            }
            Action::Move(right, down) => {
                let shape = frame.shape(&view);
                let height = ::picker::view::bounds(&shape.outline).map_or(0.0, |b| b[3] - b[1]);
                let step = (height * MOVE_STEP).max(LEAST_MOVE);
                self.take_in_view(frame.moved(&view, (right * step, down * step)));
            }
            Action::Size(steps) => self.take_in_view(frame.scaled(SIZE_STEP.powf(steps))),
            Action::Turn(degrees) => self.take_in_view(frame.turned(degrees)),
            Action::Upright => self.take_in_view(Frame { rotation: 0.0, ..frame }),
            Action::End(is_used) => {
                self.end(is_used.then_some(frame));
                self.dialog.dialog.close();
            }
        }
    }

    /// Takes a frame, and has the map follow where it would leave it.
    fn take_in_view(&self, frame: Frame) {
        let (view, _) = self.now();
        let is_in = |(x, y): &(f64, f64)| {
            (0.0..=view.size.0).contains(x) && (0.0..=view.size.1).contains(y)
        };
        if !frame.shape(&view).outline.iter().all(is_in) {
            self.look(view.fitted(&frame.corners()));
        }
        self.take(frame);
    }

    fn redraw(&self, with_world: bool) {
        let mut state = self.state.borrow_mut();
        state.stale.0 |= with_world;
        state.stale.1 = true;
        if let Some(draw) = state.draw.clone()
            && !std::mem::replace(&mut state.is_awaited, true)
        {
            page::ask_for_frame(&draw);
        }
    }

    fn draw(&self) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        state.is_awaited = false;
        let (has_new_world, has_new_frame) = std::mem::take(&mut state.stale);
        if !self.dialog.dialog.open() {
            return;
        }
        let on = |canvas: &HtmlCanvasElement| {
            let context = context(canvas)?;
            context.set_transform(state.ratio, 0.0, 0.0, state.ratio, 0.0, 0.0).ok()?;
            Some(context)
        };
        if has_new_world && let Some(context) = on(&self.dialog.world) {
            if let Some(tiles) = &mut state.tiles {
                tiles.follow(&state.view);
            }
            let scenery = Scenery {
                world: state.world.as_ref(),
                towns: &state.towns,
                tiles: state.tiles.as_ref(),
                covered: self.dialog.covered(),
            };
            paint::world(&context, &state.view, &state.colours, &scenery, &mut state.widths);
        }
        if has_new_frame && let Some(context) = on(&self.dialog.map) {
            paint::frame(&context, &state.view, &state.colours, &state.frame.shape(&state.view));
        }
        let Frame { lat, lon, distance, rotation, .. } = state.frame;
        let tell = |name: &str, words: String| {
            let _ = self.dialog.dialog.set_attribute(name, &words);
        };
        tell("data-frame", format!("{lat},{lon},{distance},{rotation}"));
        let (lat, lon) = degrees(state.view.centre);
        tell("data-view", format!("{lat},{lon},{}", state.view.world));
        let parts = [in_metres(distance), state.frame.size(), state.frame.turn()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.dialog.say("picker-where", &state.frame.coordinates());
        self.dialog.say("picker-what", &parts.join(" · "));
    }
}

/// The cities of a file, read so that a hand is never kept waiting; `None` where it is damaged.
async fn towns(bytes: &[u8]) -> Option<Vec<Town>> {
    let town = |town: gazetteer::Town| Town {
        at: mercator(town.lat, town.lon),
        name: town.name,
        weight: town.weight,
    };
    let mut towns = Towns::of(bytes).ok()?;
    while towns.read(TOWNS_AT_ONCE, town) {
        page::sleep(0).await;
    }
    towns.finish().ok()
}

fn in_metres(distance: f64) -> String {
    format!("{distance} m from centre to edge")
}

fn in_words(frame: &Frame) -> String {
    let parts = [frame.coordinates(), in_metres(frame.distance), frame.size(), frame.turn()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

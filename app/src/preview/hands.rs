//! Mouse, fingers, wheel and keys on the poster → moves of its map.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, KeyboardEvent, PointerEvent, WheelEvent};

use super::canvas::Preview;
use super::steer::Move;
use crate::platform::{page, wheel};
use crate::state::App;

/// How much a key or a button zooms.
pub const ZOOM_STEP: f64 = 1.25;
/// How far a key or button turns the map, degrees.
pub const TURN_STEP: f64 = 15.0;
/// Two fingers that have turned less than this, degrees, only pinch.
const TWIST: f64 = 10.0;
/// How far a key or a button pulls, as a share of the page's width; a key with Shift a tenth of it.
pub const PULL_STEP: f64 = 0.1;
/// Wheel units that double the map.
const WHEEL_DOUBLES: f64 = 500.0;
/// After this time a throw has lost two thirds of its speed, ms.
const THROW_MS: f64 = 160.0;
/// Slower than this a throw is over, CSS pixels a millisecond.
const THROW_ENDS: f64 = 0.03;
/// A hand that rested so long before it let go does not throw, ms.
const REST_MS: f64 = 100.0;

#[derive(Clone, Copy)]
struct Finger {
    id: i32,
    at: (f64, f64),
    /// Whether it turns the map instead of pulling it: the mouse's other button.
    turns: bool,
}

/// What the hands are doing.
#[derive(Default)]
struct Hands {
    fingers: Vec<Finger>,
    /// CSS pixels a millisecond.
    speed: (f64, f64),
    /// When a finger last moved, ms.
    moved_at: f64,
    /// Counts touches; a throw ends when another begins.
    n_touches: u32,
    /// How far two fingers have turned since they came, degrees.
    twist: f64,
}

/// Listens to everything a person may do to the map on a canvas.
pub fn listen(canvas: &HtmlCanvasElement, preview: &Preview, app: App) {
    let hands = Rc::new(RefCell::new(Hands::default()));
    let (state, target) = (hands.clone(), canvas.clone());
    page::listen(
        canvas,
        "pointerdown",
        Box::new(move |event| {
            let is_meant = |event: &&PointerEvent| matches!(event.button(), 0 | 2);
            let Some(event) = event.dyn_ref::<PointerEvent>().filter(is_meant) else { return };
            let _ = target.set_pointer_capture(event.pointer_id());
            let mut hands = state.borrow_mut();
            hands.n_touches += 1;
            hands.speed = (0.0, 0.0);
            hands.twist = 0.0;
            let turns = event.button() == 2 || event.ctrl_key();
            hands.fingers.push(Finger { id: event.pointer_id(), at: place(event), turns });
        }),
    );
    let (state, shown) = (hands.clone(), preview.clone());
    page::listen(
        canvas,
        "pointermove",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
            if let Some(step) = state.borrow_mut().pull(event, &shown, app) {
                app.move_map(step);
            }
        }),
    );
    for name in ["pointerup", "pointercancel"] {
        let (state, shown) = (hands.clone(), preview.clone());
        page::listen(
            canvas,
            name,
            Box::new(move |event| {
                let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
                let mut hands = state.borrow_mut();
                let n = hands.fingers.len();
                hands.fingers.retain(|finger| finger.id != event.pointer_id());
                let has_thrown = n == 1
                    && hands.fingers.is_empty()
                    && event.time_stamp() - hands.moved_at < REST_MS;
                drop(hands);
                if has_thrown && !page::prefers_reduced_motion() {
                    throw(state.clone(), shown.clone(), app);
                }
            }),
        );
    }
    // The other button turns the map.
    page::listen(canvas, "contextmenu", Box::new(|event| event.prevent_default()));
    let shown = preview.clone();
    page::listen(
        canvas,
        "wheel",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
            event.prevent_default();
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            app.move_map(Move::zoom(
                wheel::zoom(event, WHEEL_DOUBLES),
                from_middle(&shown, at, app),
            ));
        }),
    );
    page::listen(
        canvas,
        "keydown",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if let Some(step) = of_key(event, app) {
                event.prevent_default();
                app.move_map(step);
            }
        }),
    );
}

impl Hands {
    fn pull(&mut self, event: &PointerEvent, preview: &Preview, app: App) -> Option<Move> {
        let (now, at) = (event.time_stamp(), place(event));
        let i = self.fingers.iter().position(|finger| finger.id == event.pointer_id())?;
        let other = self.fingers.iter().find(|finger| finger.id != event.pointer_id()).copied();
        let finger = self.fingers.get_mut(i)?;
        let before = std::mem::replace(&mut finger.at, at);
        let turns = finger.turns;
        let by = (at.0 - before.0, at.1 - before.1);
        let mm = millimetres(preview, app);
        if let Some(other) = other {
            let span = |a: (f64, f64)| (a.0 - other.at.0).hypot(a.1 - other.at.1).max(1.0);
            let middle = (f64::midpoint(at.0, other.at.0), f64::midpoint(at.1, other.at.1));
            self.speed = (0.0, 0.0);
            let turn = angle(other.at, before, at);
            self.twist += turn;
            return Some(Move {
                // A pinch is never quite straight, and most who pinch want north to stay.
                turn: if self.twist.abs() > TWIST { turn } else { 0.0 },
                // The middle of two fingers moves half as far as one of them.
                by: (by.0 * mm / 2.0, by.1 * mm / 2.0),
                zoom: span(at) / span(before),
                about: from_middle(preview, middle, app),
            });
        }
        if turns {
            let (width, height) = preview.css_size();
            return Some(Move::turn(angle((width / 2.0, height / 2.0), before, at)));
        }
        let passed = (now - self.moved_at).max(1.0);
        // Some of the speed before, as single steps are uneven.
        let mix = |old: f64, step: f64| 0.4 * old + 0.6 * step / passed;
        self.speed = (mix(self.speed.0, by.0), mix(self.speed.1, by.1));
        self.moved_at = now;
        Some(Move::pull(by.0 * mm, by.1 * mm))
    }
}

/// Lets the map run on as it was thrown, until it stops or is touched.
fn throw(hands: Rc<RefCell<Hands>>, preview: Preview, app: App) {
    let (n_touches, mut speed) = {
        let hands = hands.borrow();
        (hands.n_touches, hands.speed)
    };
    leptos::task::spawn_local(async move {
        let mut last = js_sys::Date::now();
        while speed.0.hypot(speed.1) > THROW_ENDS {
            page::next_frame().await;
            if hands.borrow().n_touches != n_touches {
                return;
            }
            let now = js_sys::Date::now();
            let passed = (now - last).clamp(0.0, 50.0);
            last = now;
            let mm = millimetres(&preview, app);
            app.move_map(Move::pull(speed.0 * passed * mm, speed.1 * passed * mm));
            let left = (-passed / THROW_MS).exp();
            speed = (speed.0 * left, speed.1 * left);
        }
    });
}

fn of_key(event: &KeyboardEvent, app: App) -> Option<Move> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let width = page_width(app);
    let step = width * if event.shift_key() { PULL_STEP / 10.0 } else { PULL_STEP };
    Some(match event.key().as_str() {
        // The view goes where the arrow points, so the map goes the other way.
        "ArrowLeft" => Move::pull(step, 0.0),
        "ArrowRight" => Move::pull(-step, 0.0),
        "ArrowUp" => Move::pull(0.0, step),
        "ArrowDown" => Move::pull(0.0, -step),
        "+" | "=" => Move::zoom(ZOOM_STEP, (0.0, 0.0)),
        "-" | "_" => Move::zoom(1.0 / ZOOM_STEP, (0.0, 0.0)),
        "[" => Move::turn(-TURN_STEP),
        "]" => Move::turn(TURN_STEP),
        "{" => Move::turn(-1.0),
        "}" => Move::turn(1.0),
        _ => return None,
    })
}

/// How far one place is turned from another around a middle, degrees clockwise, within ±180.
fn angle(middle: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let direction = |at: (f64, f64)| (at.1 - middle.1).atan2(at.0 - middle.0).to_degrees();
    (direction(to) - direction(from) + 180.0).rem_euclid(360.0) - 180.0
}

fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// Millimetres of the page to a CSS pixel.
fn millimetres(preview: &Preview, app: App) -> f64 {
    page_width(app) / preview.css_size().0.max(1.0)
}

/// A place on the canvas, millimetres from the page's middle.
fn from_middle(preview: &Preview, at: (f64, f64), app: App) -> (f64, f64) {
    let (mm, (width, height)) = (millimetres(preview, app), preview.css_size());
    ((at.0 - width / 2.0) * mm, (at.1 - height / 2.0) * mm)
}

/// The page's width, mm.
fn page_width(app: App) -> f64 {
    app.design.with_untracked(|design| design.paper.width)
}

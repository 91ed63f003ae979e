//! Mouse, fingers, wheel, keys and buttons → what they do to the map and the frame.

use std::cell::RefCell;
use std::rc::Rc;

use ::picker::{Frame, Grip};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::stage::{Action, Stage};
use crate::platform::{page, wheel};

/// How near to a handle a hand takes it, pixels: a finger is wider than a mouse.
const REACH: f64 = 12.0;
const REACH_OF_FINGER: f64 = 24.0;
/// How far a key or a button turns the frame, degrees.
const TURN_STEP: f64 = 15.0;
/// Wheel units that double the map.
const WHEEL_DOUBLES: f64 = 300.0;
/// A key with Shift does a little.
const LITTLE: f64 = 0.1;

/// What the buttons do.
const BUTTONS: [(&str, Action); 15] = [
    ("picker-nearer", Action::Zoom(1.0)),
    ("picker-farther", Action::Zoom(-1.0)),
    ("picker-fit", Action::Fit),
    ("picker-here", Action::Bring(None)),
    ("picker-north", Action::Move(0.0, -1.0)),
    ("picker-south", Action::Move(0.0, 1.0)),
    ("picker-west", Action::Move(-1.0, 0.0)),
    ("picker-east", Action::Move(1.0, 0.0)),
    ("picker-larger", Action::Size(1.0)),
    ("picker-smaller", Action::Size(-1.0)),
    ("picker-turn-left", Action::Turn(TURN_STEP)),
    ("picker-turn-right", Action::Turn(-TURN_STEP)),
    ("picker-upright", Action::Upright),
    ("picker-use", Action::End(true)),
    ("picker-cancel", Action::End(false)),
];

/// What the hands are doing.
#[derive(Default)]
struct Hands {
    fingers: Vec<(i32, (f64, f64))>,
    /// What of the frame they hold, where it was taken, and the frame then; the map where `None`.
    held: Option<(Grip, (f64, f64), Frame)>,
}

/// Listens to everything a person may do.
pub fn listen(stage: &Stage) {
    for (id, action) in BUTTONS {
        if let Some(button) = stage.dialog.element::<HtmlElement>(id) {
            let stage = stage.clone();
            page::listen(&button, "click", Box::new(move |_| stage.act(action)));
        }
    }
    let of_keys = stage.clone();
    page::listen(
        &stage.dialog.dialog,
        "keydown",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if let Some(action) = of_key(event) {
                event.prevent_default();
                of_keys.act(action);
            }
        }),
    );
    listen_to_wheel(stage);
    listen_to_fingers(stage);
}

fn of_key(event: &KeyboardEvent) -> Option<Action> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let step = if event.shift_key() { LITTLE } else { 1.0 };
    let is_on_control = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| matches!(&*element.tag_name(), "BUTTON" | "INPUT"));
    Some(match event.key().as_str() {
        "ArrowLeft" => Action::Move(-step, 0.0),
        "ArrowRight" => Action::Move(step, 0.0),
        "ArrowUp" => Action::Move(0.0, -step),
        "ArrowDown" => Action::Move(0.0, step),
        "+" | "=" => Action::Size(1.0),
        "-" | "_" => Action::Size(-1.0),
        "[" => Action::Turn(TURN_STEP),
        "]" => Action::Turn(-TURN_STEP),
        "{" => Action::Turn(1.0),
        "}" => Action::Turn(-1.0),
        "0" => Action::Upright,
        "PageUp" => Action::Zoom(1.0),
        "PageDown" => Action::Zoom(-1.0),
        "f" | "F" => Action::Fit,
        "c" | "C" => Action::Bring(None),
        // A button in focus is what Enter is for.
        "Enter" if !is_on_control => Action::End(true),
        _ => return None,
    })
}

fn listen_to_wheel(stage: &Stage) {
    let of_wheel = stage.clone();
    page::listen(
        &stage.dialog.map,
        "wheel",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
            event.prevent_default();
            let (view, _) = of_wheel.now();
            of_wheel.look(view.zoomed(wheel::zoom(event, WHEEL_DOUBLES), place(event)));
        }),
    );
}

fn listen_to_fingers(stage: &Stage) {
    let map = &stage.dialog.map;
    let hands = Rc::new(RefCell::new(Hands::default()));
    let (of_hand, state) = (stage.clone(), hands.clone());
    page::listen(
        map,
        "pointerdown",
        Box::new(move |event| {
            let is_meant = |event: &&PointerEvent| event.button() == 0;
            let Some(event) = event.dyn_ref::<PointerEvent>().filter(is_meant) else { return };
            let _ = of_hand.dialog.map.set_pointer_capture(event.pointer_id());
            let at = place(event);
            let mut hands = state.borrow_mut();
            hands.fingers.push((event.pointer_id(), at));
            // Two fingers are for the map.
            let (view, frame) = of_hand.now();
            let is_alone = hands.fingers.len() == 1;
            let grip = frame.shape(&view).grip(at, reach(event)).filter(|_| is_alone);
            hands.held = grip.map(|grip| (grip, at, frame));
            drop(hands);
            point(&of_hand, grip, true);
        }),
    );
    let (of_hand, state) = (stage.clone(), hands.clone());
    page::listen(
        map,
        "pointermove",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
            let at = place(event);
            let mut hands = state.borrow_mut();
            if hands.fingers.is_empty() {
                let (view, frame) = of_hand.now();
                point(&of_hand, frame.shape(&view).grip(at, reach(event)), false);
                return;
            }
            hands.pull(event, at, &of_hand);
        }),
    );
    for name in ["pointerup", "pointercancel"] {
        let (of_hand, state) = (stage.clone(), hands.clone());
        page::listen(
            map,
            name,
            Box::new(move |event| {
                let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
                let mut hands = state.borrow_mut();
                hands.fingers.retain(|(id, _)| *id != event.pointer_id());
                hands.held = None;
                let (view, frame) = of_hand.now();
                point(&of_hand, frame.shape(&view).grip(place(event), reach(event)), false);
            }),
        );
    }
    // A finger that is lifted after the dialog has closed is not told of.
    page::listen(&stage.dialog.dialog, "close", Box::new(move |_| _ = hands.take()));
    let of_hand = stage.clone();
    page::listen(
        map,
        "dblclick",
        Box::new(move |event| {
            let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
            of_hand.act(Action::Bring(Some(place(event))));
        }),
    );
}

impl Hands {
    fn pull(&mut self, event: &PointerEvent, at: (f64, f64), stage: &Stage) {
        let other = self.fingers.iter().find(|(id, _)| *id != event.pointer_id()).copied();
        let finger = self.fingers.iter_mut().find(|(id, _)| *id == event.pointer_id());
        let Some((_, finger)) = finger else { return };
        let before = std::mem::replace(finger, at);
        let (view, _) = stage.now();
        let by = (at.0 - before.0, at.1 - before.1);
        match (self.held, other) {
            (Some((grip, from, frame)), None) => {
                stage.take(frame.pulled(grip, &view, from, at, event.shift_key()));
            }
            (_, None) => stage.look(view.pulled(by)),
            (_, Some((_, other))) => {
                let span = |one: (f64, f64)| (one.0 - other.0).hypot(one.1 - other.1).max(1.0);
                let middle = (f64::midpoint(at.0, other.0), f64::midpoint(at.1, other.1));
                // The middle of two fingers moves half as far as one of them.
                let view = view.pulled((by.0 / 2.0, by.1 / 2.0));
                stage.look(view.zoomed(span(at) / span(before), middle));
            }
        }
    }
}

/// Shows what a hand would take, or has taken.
fn point(stage: &Stage, grip: Option<Grip>, is_held: bool) {
    let (_, frame) = stage.now();
    let cursor = match grip {
        None if is_held => "grabbing",
        None => "grab",
        Some(Grip::Inside) => "move",
        Some(Grip::Turn) => "crosshair",
        Some(Grip::Size(right, up)) => {
            // Which way the handle goes on the screen, in eighths of a turn.
            let turned = up.atan2(right).to_degrees() + frame.rotation;
            match (turned / 45.0).round().rem_euclid(4.0) as u8 {
                0 => "ew-resize",
                1 => "nesw-resize",
                2 => "ns-resize",
                _ => "nwse-resize",
            }
        }
    };
    let _ = stage.dialog.map.style().set_property("cursor", cursor);
}

fn reach(event: &PointerEvent) -> f64 {
    if event.pointer_type() == "mouse" { REACH } else { REACH_OF_FINGER }
}

fn place(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

//! A wheel's turn, or a pinch on a touchpad → how much nearer.

use web_sys::WheelEvent;

/// Wheel units of a line and of a page.
const LINE: f64 = 16.0;
const PAGE: f64 = 400.0;
/// A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
const PINCH: f64 = 4.0;

/// By what factor a map grows that `doubles` wheel units double: from half to twice, for one event.
#[must_use]
pub fn zoom(event: &WheelEvent, doubles: f64) -> f64 {
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => LINE,
        WheelEvent::DOM_DELTA_PAGE => PAGE,
        _ => 1.0,
    };
    let unit = if event.ctrl_key() { PINCH * unit } else { unit };
    (-event.delta_y() * unit / doubles).clamp(-1.0, 1.0).exp2()
}

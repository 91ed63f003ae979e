//! What a hand does again and again, moves of the map and themes: the last picture follows in the
//! next frame; the design, the page and the worker follow when the hand pauses, or when there is no
//! more of the map to show.

use leptos::prelude::*;
use leptos::task::spawn_local;
use render_core::design::Design;

use super::steer::{Move, is_near, moved, view_of};
use crate::platform::page;
use crate::state::{App, Mode};

/// How long a hand pauses before the page follows, ms, and so many frames more: on a slow screen a
/// hand that moves once a frame does not pause.
const PAUSE_MS: i32 = 100;
const PAUSE_FRAMES: usize = 2;
/// The longest it is on a slow screen.
const LONGEST_PAUSE_MS: f64 = 1000.0;

impl App {
    /// Moves the map in the poster, beyond what is loaded too: what is missing is offered to be
    /// fetched.
    pub fn move_map(self, step: Move) {
        if self.coverage.with_untracked(Option::is_none) {
            return;
        }
        let design = moved(&self.newest(), step);
        let is_enough = self.follow(&design);
        if !self.is_moving.get_untracked() {
            self.is_moving.set(true);
        }
        self.be_ahead(design);
        if !is_enough && !self.machinery.with_value(|machinery| machinery.drawing.0) {
            self.settle();
        }
    }

    /// Takes a design that is on screen; the page follows at a pause.
    pub fn be_ahead(self, design: Design) {
        let is_watched = self.machinery.try_update_value(|machinery| {
            machinery.n_newest += 1;
            machinery.newest = Some(design);
            std::mem::replace(&mut machinery.is_watched, true)
        });
        if is_watched == Some(false) {
            spawn_local(self.settle_at_pause());
        }
    }

    async fn settle_at_pause(self) {
        let count = || self.machinery.with_value(|machinery| machinery.n_newest);
        let mut pause = PAUSE_MS;
        'hand: loop {
            let (n, begun) = (count(), js_sys::Date::now());
            page::sleep(pause).await;
            if n != count() {
                continue;
            }
            for _ in 0..PAUSE_FRAMES {
                page::next_frame().await;
                if n != count() {
                    // To look again and again would cost a slow screen's frames more than the hand does.
                    let waited = js_sys::Date::now() - begun;
                    pause = (2.0 * waited).min(LONGEST_PAUSE_MS) as i32;
                    continue 'hand;
                }
            }
            break;
        }
        self.machinery.update_value(|machinery| machinery.is_watched = false);
        self.settle();
    }

    /// The design as it is under the hand.
    pub fn newest(self) -> Design {
        let newest = self.machinery.with_value(|machinery| machinery.newest.clone());
        newest.unwrap_or_else(|| self.design.get_untracked())
    }

    /// Has the page follow what a hand did, and returns the newest design.
    pub fn settle(self) -> Design {
        let newest = self.machinery.try_update_value(|machinery| machinery.newest.take()).flatten();
        let Some(design) = newest else { return self.design.get_untracked() };
        let has_moved = self.is_moving.get_untracked();
        if !has_moved && self.is_pictured(&design) {
            self.drawn.set(Some(design.clone()));
        }
        self.note.set(String::new());
        self.design.set(design.clone());
        if has_moved {
            self.is_moving.set(false);
            self.draft.show(&design);
        }
        design
    }

    /// Whether a design's picture is on screen, and no other is on its way.
    pub fn is_pictured(self, design: &Design) -> bool {
        self.machinery.with_value(|machinery| {
            !machinery.drawing.0 && machinery.pictured.as_ref() == Some(design)
        })
    }

    /// Until the engine has drawn a moved or scaled map, the last picture is moved and scaled;
    /// whether that does for a while.
    pub fn follow(self, design: &Design) -> bool {
        self.machinery.with_value(|machinery| {
            let (Some(preview), Some(pictured)) = (&machinery.preview, &machinery.pictured) else {
                return false;
            };
            if preview.mode() == Mode::Raster || pictured.map_size() != design.map_size() {
                return false;
            }
            let view = view_of(pictured, design);
            preview.set_view(view);
            is_near(view, design)
        })
    }
}

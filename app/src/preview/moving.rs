//! Moves of the map: the last picture follows the hand in the next frame; the design, the page and
//! the worker follow when the hand pauses, or when there is no more of the map to show.

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

impl App {
    /// Moves the map in the poster, beyond what is loaded too: what is missing is offered to be
    /// fetched.
    pub fn move_map(self, step: Move) {
        if self.coverage.with_untracked(Option::is_none) {
            return;
        }
        let design = moved(&self.newest(), step);
        let is_enough = self.follow(&design);
        let state = self.machinery.try_update_value(|machinery| {
            machinery.n_moves += 1;
            machinery.moving = Some(design);
            (std::mem::replace(&mut machinery.is_watched, true), machinery.drawing.0)
        });
        let Some((is_watched, is_drawing)) = state else { return };
        if !self.is_moving.get_untracked() {
            self.is_moving.set(true);
        }
        if !is_watched {
            spawn_local(self.settle_at_pause());
        }
        if !is_enough && !is_drawing {
            self.settle();
        }
    }

    async fn settle_at_pause(self) {
        let n_moves = || self.machinery.with_value(|machinery| machinery.n_moves);
        loop {
            let n = n_moves();
            page::sleep(PAUSE_MS).await;
            for _ in 0..PAUSE_FRAMES {
                page::next_frame().await;
            }
            if n == n_moves() {
                break;
            }
        }
        self.machinery.update_value(|machinery| machinery.is_watched = false);
        self.settle();
    }

    /// The design as it is under the hand.
    pub fn newest(self) -> Design {
        let moving = self.machinery.with_value(|machinery| machinery.moving.clone());
        moving.unwrap_or_else(|| self.design.get_untracked())
    }

    /// Makes what a hand did to the map part of the design, and returns the newest design.
    pub fn settle(self) -> Design {
        let moving = self.machinery.try_update_value(|machinery| machinery.moving.take()).flatten();
        let Some(design) = moving else { return self.design.get_untracked() };
        self.is_moving.set(false);
        self.note.set(String::new());
        self.design.set(design.clone());
        self.draft.show(&design);
        design
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

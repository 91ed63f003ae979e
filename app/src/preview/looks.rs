//! The map in every theme: small pictures for the gallery, and the styles that show a theme at once.

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use mapposter_app::worker::protocol::{Answer, Job};
use render_core::design::{Design, ThemeChoice};
use render_core::theme::builtin::BUILTIN;

use crate::platform::page;
use crate::state::{App, Mode, Task};

/// After so long a pause the gallery is painted, ms.
const LOOKS_AFTER_MS: i32 = 500;

/// So long after a person's last touch the page is at rest, ms.
const CALM_MS: f64 = 300.0;

/// A map's styles in the built-in themes.
pub struct Looks {
    /// The design they are of; they depend neither on its theme nor on where it lies.
    of: Design,
    /// The map they are of.
    n_maps: u32,
    styles: Vec<(String, ArrayBuffer)>,
}

impl Looks {
    /// Whether they are a design's on this map.
    fn are_of(&self, design: &Design, n_maps: u32) -> bool {
        self.n_maps == n_maps && !self.of.changes(design).rest
    }
}

impl App {
    /// Shows the last picture in another theme if nothing else is to change and the theme's styles
    /// are at hand; whether it did. The page follows when the person has paused.
    pub fn restyle(self, design: Design) -> bool {
        let is_shown = self.drawn.with_untracked(|drawn| {
            drawn.as_ref().is_some_and(|drawn| drawn.changes(&design).are_none())
        });
        let (ThemeChoice::Named(theme), true) = (&design.theme, is_shown) else { return false };
        if !self.draw_task.with_untracked(|task| *task == Task::Idle) {
            return false;
        }
        let is_done = self.machinery.try_update_value(|machinery| {
            let (preview, looks) = (machinery.preview.as_ref()?, machinery.looks.as_ref()?);
            if machinery.drawing.0 || !looks.are_of(&design, preview.n_maps()) {
                return None;
            }
            let (_, styles) = looks.styles.iter().find(|(id, _)| id == theme)?;
            preview.restyle(styles);
            machinery.pictured = Some(design.clone());
            Some(())
        });
        let is_done = is_done.flatten().is_some();
        if is_done {
            self.be_ahead(design);
        }
        is_done
    }

    /// Paints this very map in every theme for the gallery, when the person has paused. A place that
    /// is coming in goes first: its end asks again.
    pub async fn show_looks(self) {
        let n = self.machinery.try_update_value(|machinery| {
            machinery.n_looks_asked += 1;
            machinery.n_looks_asked
        });
        page::sleep(LOOKS_AFTER_MS).await;
        let design = self.newest();
        let is_newest = || {
            let (is_drawing, n_asked) = self
                .machinery
                .with_value(|machinery| (machinery.drawing.0, machinery.n_looks_asked));
            let is_coming = self.place_task.with_untracked(Task::is_busy);
            let is_last = Some(n_asked) == n && !is_drawing && !is_coming;
            is_last && self.newest().changes(&design).are_none()
        };
        let (is_shown, preview) = self.machinery.with_value(|machinery| {
            let looked = machinery.looked.as_ref();
            let is_shown = looked.is_some_and(|of| of.changes(&design).are_none());
            (is_shown, machinery.preview.clone())
        });
        let Some(preview) = preview.filter(|preview| preview.mode() == Mode::Gpu) else { return };
        if is_shown || !is_newest() || self.get_looks(&design, preview.n_maps()).await.is_none() {
            return;
        }
        let may = async || {
            self.calm().await;
            is_newest()
        };
        for i in 0..BUILTIN.len() {
            // One to a frame, so that nothing else waits.
            self.calm().await;
            page::next_frame().await;
            let look = self.machinery.with_value(|machinery| {
                machinery.looks.as_ref().and_then(|looks| looks.styles.get(i).cloned())
            });
            if !is_newest() {
                return;
            }
            if let Some((id, styles)) = look
                && let Some(canvas) = page::canvas(&format!("look-{id}"))
            {
                // Where the GPU was taken away, the drawing after its return asks again.
                if preview.look(&styles, &canvas, may).await.is_none() {
                    return;
                }
                let _ = canvas.set_attribute("data-state", "drawn");
            }
        }
        self.machinery.update_value(|machinery| machinery.looked = Some(design));
    }

    /// Notes when the person does something: the browser then paints, and the gallery would wait for that with the page.
    pub fn watch_touches(self) {
        let Some(page) = page::document() else { return };
        for name in ["input", "keydown", "pointerdown", "wheel"] {
            let note = move |_| {
                self.machinery.update_value(|machinery| machinery.touched = js_sys::Date::now());
            };
            page::listen(&page, name, Box::new(note));
        }
    }

    /// Until the person has done nothing for a moment, and waits for no file: its makers need the processor that a GPU made
    /// of software takes.
    async fn calm(self) {
        loop {
            let touched = self.machinery.with_value(|machinery| machinery.touched);
            let left = touched + CALM_MS - js_sys::Date::now();
            // After more than all of it the clock was set back.
            let is_at_rest = !(0.0..=CALM_MS).contains(&left);
            if is_at_rest && !self.export_task.with_untracked(Task::is_busy) {
                return;
            }
            page::sleep(if is_at_rest { CALM_MS } else { left } as i32 + 1).await;
        }
    }

    /// Has the render worker make the styles of all themes, unless they are at hand.
    async fn get_looks(self, design: &Design, n_maps: u32) -> Option<()> {
        let is_at_hand = self.machinery.with_value(|machinery| {
            machinery.looks.as_ref().is_some_and(|looks| looks.are_of(design, n_maps))
        });
        if is_at_hand {
            return Some(());
        }
        let poster = Self::poster(design, self.texts_at_hand(design)?);
        let themes = BUILTIN.iter().map(|(id, file)| ((*id).into(), (*file).into())).collect();
        let asked = self.render().ask(Job::Looks { poster, themes }, Vec::new(), None);
        let Ok((Answer::Looks { themes }, buffers)) = asked.answer().await else { return None };
        let styles = themes.into_iter().zip(buffers).collect();
        let looks = Looks { of: design.clone(), n_maps, styles };
        self.machinery.update_value(|machinery| machinery.looks = Some(looks));
        Some(())
    }
}

//! An exported poster that is opened again: its design and a map for it, wherever that is at hand.
//! What was on the page stays until the map is there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use render_core::design::{Design, ThemeChoice};

use crate::ready;
use crate::state::{App, Origin, Task};

impl App {
    /// Makes the poster the one of a file's design.
    pub async fn reopen(self, json: &str, file: &str) -> Task {
        let design = match Design::from_json(json) {
            Ok(design) => design,
            Err(error) => return Task::Failed(error.into()),
        };
        let oddities: Vec<String> =
            design.warnings.iter().map(|warning| format!("; {}", warning.what)).collect();
        let task = self.bring_back(design.output).await;
        if task == Task::Idle && !self.is_reopening() {
            self.note.set(format!("The poster is as it was in {file}{}.", oddities.concat()));
        }
        task
    }

    /// Tries once more what did not work out; false where no poster waits for its map.
    pub fn reopen_again(self) -> bool {
        let design = self.machinery.with_value(|machinery| machinery.reopening.clone());
        let Some(design) = design else { return false };
        if !self.is_loading() {
            self.place_task.set(Task::Busy(None));
            spawn_local(async move {
                let task = self.bring_back(design).await;
                self.place_task.set(task);
            });
        }
        true
    }

    async fn bring_back(self, design: Design) -> Task {
        let holds = |coverage: crate::state::Coverage| coverage.holds(&design);
        if self.coverage.get_untracked().is_some_and(holds) {
            self.become_poster(design);
            return Task::Idle;
        }
        self.machinery.update_value(|machinery| machinery.reopening = Some(design.clone()));
        let places = ready::list().await.unwrap_or_default();
        if let Some(place) = places.into_iter().find(|place| holds(place.coverage()))
            && let Ok(Some(loaded)) = self.load(place.source(), None, None).await
        {
            self.origin.set(Origin::Bundled);
            self.arrive(loaded, place.coverage(), design);
            return Task::Idle;
        }
        self.fetch_map(design, true).await
    }

    fn is_reopening(self) -> bool {
        self.machinery.with_value(|machinery| machinery.reopening.is_some())
    }

    /// Shows a design whose map is loaded, and all of it in the panel.
    pub fn become_poster(self, design: Design) {
        self.settle();
        if let ThemeChoice::Inline(theme) = &design.theme {
            self.opened.set(Some(theme.clone()));
            self.opened_remarks.set(String::new());
        }
        self.draft.chosen.set(None);
        self.draft.show(&design);
        self.has_own_paper.set(false);
        self.note.set(String::new());
        self.design.set(design);
    }
}

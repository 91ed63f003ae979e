//! An exported poster that is opened again: its design and a map for it, wherever that is at hand.
//! What was on the page stays until the map is there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use mapposter_app::worker::protocol::{Answer, Job};
use render_core::design::{Design, ThemeChoice};

use crate::state::{App, Coverage, Origin, Task};
use crate::{ready, themes};

/// A poster that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    design: Design,
    /// The file's name.
    file: String,
    /// What was odd in its design, in clauses.
    oddities: Vec<String>,
    /// What was odd in its theme.
    theme_remarks: String,
}

impl App {
    /// Makes the poster the one of a file's design.
    pub async fn reopen(self, json: &str, file: &str) -> Task {
        let (design, warnings) = match Design::from_json(json) {
            Ok(design) => (design.output, design.warnings),
            Err(error) => return Task::Failed(error.into()),
        };
        let mut oddities: Vec<String> = warnings.into_iter().map(|warning| warning.what).collect();
        let theme_remarks = match self.check_theme_of(&design, &mut oddities).await {
            Ok(remarks) => remarks.join(" "),
            Err(failure) => return Task::Failed(failure),
        };
        let file = file.to_owned();
        self.bring_back(Opened { design, file, oddities, theme_remarks }).await
    }

    /// What is odd in the design's theme; none is drawn that could not be.
    async fn check_theme_of(
        self,
        design: &Design,
        oddities: &mut Vec<String>,
    ) -> Result<Vec<String>, Failure> {
        let theme = match &design.theme {
            ThemeChoice::Inline(theme) => theme.to_string(),
            ThemeChoice::Named(id) => {
                if let Some(instead) = themes::instead_of(id) {
                    oddities.push(format!("this version has no theme {id}, {instead} is shown"));
                }
                return Ok(Vec::new());
            }
        };
        let job = Job::CheckTheme { theme };
        let (answer, _) = self.render().ask(job, Vec::new(), None).answer().await?;
        let Answer::ThemeIsGood { remarks } = answer else { return Ok(Vec::new()) };
        Ok(remarks)
    }

    /// Tries once more what did not work out; false where no poster waits for its map.
    pub fn reopen_again(self) -> bool {
        let opened = self.machinery.with_value(|machinery| machinery.reopening.clone());
        let Some(opened) = opened else { return false };
        if !self.is_loading() {
            self.place_task.set(Task::Busy(None));
            spawn_local(async move {
                let task = self.bring_back(opened).await;
                self.place_task.set(task);
            });
        }
        true
    }

    async fn bring_back(self, opened: Opened) -> Task {
        let design = opened.design.clone();
        let holds = |coverage: Coverage| coverage.holds(&design);
        if self.coverage.get_untracked().is_some_and(holds) {
            self.become_poster(opened);
            return Task::Idle;
        }
        self.machinery.update_value(|machinery| machinery.reopening = Some(opened));
        let places = ready::list().await.unwrap_or_default();
        if let Some(place) = places.into_iter().find(|place| holds(ready::coverage(place))) {
            match self.load(ready::source(&place), None, None).await {
                Ok(Some(loaded)) => {
                    self.origin.set(Origin::Bundled);
                    self.arrive(loaded, ready::coverage(&place), design);
                    return Task::Idle;
                }
                Ok(None) => {
                    self.machinery.update_value(|machinery| machinery.reopening = None);
                    self.draw_again();
                    return Task::Idle;
                }
                // A map server may have it.
                Err(_) => {}
            }
        }
        self.fetch_map(design, true).await
    }

    /// Whether an opened poster waits for its map.
    pub fn is_reopening(self) -> bool {
        self.machinery.with_value(|machinery| machinery.reopening.is_some())
    }

    /// Shows a design whose map is loaded, and all of it in the panel.
    pub fn become_poster(self, opened: Opened) {
        let Opened { design, file, oddities, theme_remarks } = opened;
        self.settle();
        if let ThemeChoice::Inline(theme) = &design.theme {
            self.opened.set(Some(theme.clone()));
            self.opened_remarks.set(theme_remarks);
        }
        self.draft.chosen.set(None);
        self.draft.show(&design);
        self.has_own_paper.set(false);
        let oddities: String = oddities.iter().map(|what| format!("; {what}")).collect();
        self.note.set(format!("The poster is as it was in {file}{oddities}."));
        self.design.set(design);
    }
}

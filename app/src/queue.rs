//! Several files at once: the poster in chosen themes and formats, one after the other into one ZIP.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use mapposter_app::failure::Failure;
use mapposter_app::worker::client::OnEvent;
use mapposter_app::worker::protocol::{Answer, Format, Job, Progress};
use render_core::design::{Design, ThemeChoice};

use crate::export::name_of;
use crate::platform::{download, save};
use crate::state::{App, Coverage, Task};

/// A ZIP's type.
const ZIP: &str = "application/zip";

/// One of several files.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The poster as it was when the file was asked for.
    pub design: Design,
    /// The map that was there then.
    pub coverage: Option<Coverage>,
    /// What it is written as.
    pub format: Format,
    /// What it is called in the ZIP.
    pub name: String,
    /// How far it is.
    pub state: EntryState,
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryState {
    /// Others go before it.
    Waiting,
    /// It is being made.
    Busy(Progress),
    /// It is in the ZIP.
    Done,
    /// It is not in the ZIP.
    Failed(Failure),
}

impl App {
    /// Makes the poster in each of these themes as each of these formats; where `is_asked`, into a file that the person is
    /// asked for.
    pub fn export_many(self, themes: &[ThemeChoice], formats: &[Format], is_asked: bool) {
        let (design, coverage) = (self.settle(), self.coverage.get_untracked());
        // Pixels first, then lines: each has a map of its own, which is made once for all themes.
        let mut formats = formats.to_vec();
        formats.sort_by_key(|format| format.is_vector());
        let of = |format: Format| {
            let design = &design;
            themes.iter().map(move |theme| {
                let design = with_theme(design, theme);
                let name = name_of(&design, format);
                Entry { design, coverage, format, name, state: EntryState::Waiting }
            })
        };
        let entries = formats.into_iter().flat_map(of).collect();
        self.run_queue(entries, is_asked);
    }

    /// Makes those files of the last queue that were not made, of the poster as it was then.
    pub fn retry_queue(self) {
        let mut entries = self.queue.get_untracked();
        entries.retain(|entry| entry.state != EntryState::Done);
        entries.iter_mut().for_each(|entry| entry.state = EntryState::Waiting);
        let now = self.coverage.get_untracked();
        let is_there = |entry: &Entry| {
            entry.coverage == now || now.is_some_and(|now| now.holds(&entry.design))
        };
        if !entries.iter().all(is_there) {
            return self.export_task.set(Task::Failed(Failure::new(
                "E-EXPORT-ELSEWHERE",
                "The missing files are of a place whose map is no longer loaded.",
                "Go back to that place, or make the files of this one.",
            )));
        }
        self.run_queue(entries, false);
    }

    fn run_queue(self, entries: Vec<Entry>, is_asked: bool) {
        let Some(first) = entries.first() else { return };
        let name = format!("{}-posters.zip", download::words(first.design.title()));
        let files = entries.iter().map(|entry| (&entry.design, entry.format));
        let Some(n) = self.begin_export(files) else { return };
        let asked = is_asked.then(|| save::ask(&name, ZIP));
        self.queue.set(entries.clone());
        spawn_local(async move {
            let place = match asked {
                None => Ok(None),
                Some(asked) => asked.await.map(Some),
            };
            let task = match place {
                Ok(place) => {
                    let written = self.write_queue(n, &entries, place.clone()).await;
                    self.deliver(n, written, place, &name).await
                }
                Err(failure) => self.is_export(n).then_some(Task::Failed(failure)),
            };
            if let Some(task) = task {
                self.export_task.set(task);
            }
        });
    }

    /// The ZIP's address in the browser, as [`App::export`]'s file; none when cancelled, and where no file is in it.
    async fn write_queue(
        self,
        n: u32,
        entries: &[Entry],
        place: Option<JsValue>,
    ) -> Result<Option<String>, Failure> {
        let Some(first) = entries.first() else { return Ok(None) };
        // They differ in their themes alone.
        let texts = self.texts(&first.design).await?;
        let files = entries
            .iter()
            .map(|entry| {
                (entry.name.clone(), Self::poster(&entry.design, texts.clone()), entry.format)
            })
            .collect();
        let on_event: OnEvent = Box::new(move |answer, _| match answer {
            Answer::Progress(progress) if self.is_export(n) => self.follow_queue(progress),
            _ => {}
        });
        let answer = self.ask_export(n, Job::Batch { files }, place, on_event).await?;
        let Answer::File { url, oddities, failed } = answer else { return Ok(None) };
        if !self.is_export(n) {
            return Ok(None);
        }
        self.note_oddities(&oddities);
        let is_empty = failed.len() == entries.len();
        self.queue.update(|queue| {
            queue.iter_mut().for_each(|entry| entry.state = EntryState::Done);
            for (i, failure) in failed {
                if let Some(entry) = queue.get_mut(i as usize) {
                    entry.state = EntryState::Failed(failure);
                }
            }
        });
        Ok((!is_empty).then_some(url))
    }

    fn follow_queue(self, progress: Progress) {
        self.export_task.set(Task::Busy(Some(progress)));
        let current = progress.part.map_or(0, |(n, _)| n.saturating_sub(1) as usize);
        self.queue.update(|queue| {
            for (i, entry) in queue.iter_mut().enumerate() {
                match i.cmp(&current) {
                    std::cmp::Ordering::Less => entry.state = EntryState::Done,
                    std::cmp::Ordering::Equal => entry.state = EntryState::Busy(progress),
                    std::cmp::Ordering::Greater => return,
                }
            }
        });
    }

    /// What was not finished is to be made anew: a ZIP that was not completed is none.
    pub fn stop_queue(self) {
        if self.queue.with_untracked(|queue| queue.iter().any(is_unfinished)) {
            let all_wait = |queue: &mut Vec<Entry>| {
                queue.iter_mut().for_each(|entry| entry.state = EntryState::Waiting);
            };
            self.queue.update(all_wait);
        }
    }
}

fn is_unfinished(entry: &Entry) -> bool {
    matches!(entry.state, EntryState::Waiting | EntryState::Busy(_))
}

fn with_theme(design: &Design, theme: &ThemeChoice) -> Design {
    let mut design = design.clone();
    design.theme = theme.clone();
    design
}

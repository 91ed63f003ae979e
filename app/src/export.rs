//! The poster as a file: written by the print worker, then downloaded or in the place a person chose for it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use mapposter_app::failure::Failure;
use mapposter_app::limits::check_size;
use mapposter_app::worker::client::OnEvent;
use mapposter_app::worker::protocol::{Answer, Format, Job};
use render_core::design::Design;

use crate::jobs::is_of_worker;
use crate::platform::{download, save};
use crate::state::{App, Task};
use crate::themes;

impl App {
    /// Writes the poster into a file and has the browser download it.
    pub fn export(self) {
        let (design, format) = (self.settle(), self.format.get_untracked());
        let Some(n) = self.begin_export([(&design, format)]) else { return };
        spawn_local(self.export_to(n, design, format, None));
    }

    /// Writes the poster into a file that the person is asked for.
    pub fn export_as(self) {
        let (design, format) = (self.settle(), self.format.get_untracked());
        let Some(n) = self.begin_export([(&design, format)]) else { return };
        // Asked at the click: later the browser would not let the page ask.
        let asked = save::ask(&name_of(&design, format), format.mime());
        spawn_local(async move {
            match asked.await {
                Ok(file) => self.export_to(n, design, format, Some(file)).await,
                Err(failure) if self.is_export(n) => self.export_task.set(Task::Failed(failure)),
                Err(_) => {}
            }
        });
    }

    /// Has the print worker get ready for a file, while the person chooses what it is to be: once for each map.
    pub fn rehearse_export(self) {
        let is_ready = self.print_has_place() || self.machinery.with_value(|m| m.is_print_loading);
        if is_ready || self.is_loading() || self.export_task.with_untracked(Task::is_busy) {
            return;
        }
        let (design, format) = (self.newest(), self.format.get_untracked());
        if let Some(texts) = self.texts_at_hand(&design) {
            let poster = Self::poster(&design, texts);
            spawn_local(async move {
                let _ = self.ask_print(Job::Rehearse { poster, format }, None).await;
            });
        }
    }

    /// The number of a new export of these files; none while one runs, and where one of them cannot be made, which is
    /// then told.
    pub fn begin_export<'a>(
        self,
        files: impl IntoIterator<Item = (&'a Design, Format)>,
    ) -> Option<u32> {
        if self.export_task.with_untracked(Task::is_busy) {
            return None;
        }
        let wrong = self.wrong.with_untracked(|wrong| wrong.values().next().cloned());
        let checked = match wrong {
            // The poster on screen is not what the person typed.
            Some(error) => Err(Failure::from(error)),
            None => files.into_iter().try_for_each(|(design, format)| check_size(format, design)),
        };
        if let Err(failure) = checked {
            self.export_task.set(Task::Failed(failure));
            return None;
        }
        // The same text once more would have the page painted, as a file begins.
        if !self.saved.with_untracked(String::is_empty) {
            self.saved.set(String::new());
        }
        self.export_task.set(Task::Busy(None));
        self.machinery.try_update_value(|machinery| {
            machinery.n_exports += 1;
            machinery.n_exports
        })
    }

    /// Whether it is the newest, and was not cancelled.
    pub fn is_export(self, n: u32) -> bool {
        self.machinery.with_value(|machinery| machinery.n_exports == n)
    }

    async fn export_to(self, n: u32, design: Design, format: Format, file: Option<JsValue>) {
        let mut written = self.write(n, &design, format, file.clone()).await;
        if written.as_ref().is_err_and(is_of_worker) && self.is_export(n) {
            written = self.write(n, &design, format, file.clone()).await;
        }
        let name = name_of(&design, format);
        if let Some(task) = self.deliver(n, written, file, &name).await {
            self.export_task.set(task);
        }
    }

    /// Downloads what was written, unless it was cancelled, or is in the place a person chose; how it ended, where that is
    /// still asked for.
    pub async fn deliver(
        self,
        n: u32,
        written: Result<Option<String>, Failure>,
        file: Option<JsValue>,
        name: &str,
    ) -> Option<Task> {
        let url = match written {
            Ok(Some(url)) if self.is_export(n) => {
                if let Some(name) = file.as_ref().and_then(save::name_of) {
                    self.saved.set(format!("Saved as {name}."));
                }
                Ok(url)
            }
            ended => {
                if let Some(file) = file {
                    save::discard(file).await;
                }
                ended.map(Option::unwrap_or_default)
            }
        };
        if !self.is_export(n) {
            return None;
        }
        Some(match url {
            Ok(url) if url.is_empty() => Task::Idle,
            Ok(url) => match download::save(&url, name) {
                Some(()) => Task::Idle,
                None => Task::Failed(Failure::new(
                    "E-EXPORT-SAVE",
                    "The browser did not let the file be saved.",
                    "Allow downloads for this site and try again.",
                )),
            },
            Err(failure) => {
                self.stop_queue();
                Task::Failed(failure)
            }
        })
    }

    /// Says what was odd in the making of files.
    pub fn note_oddities(self, oddities: &[String]) {
        if !oddities.is_empty() {
            self.note.set(oddities.join(" "));
        }
    }

    /// Has the print worker make files, unless the export was cancelled by then.
    pub async fn ask_export(
        self,
        n: u32,
        job: Job,
        file: Option<JsValue>,
        on_event: OnEvent,
    ) -> Result<Answer, Failure> {
        let is_wanted = move || self.is_export(n);
        Ok(self.ask_print_with(job, file, Some(on_event), &is_wanted).await?.0)
    }

    /// The file's address in the browser, empty where it was written to `file`; none when cancelled.
    async fn write(
        self,
        n: u32,
        design: &Design,
        format: Format,
        file: Option<JsValue>,
    ) -> Result<Option<String>, Failure> {
        let poster = Self::poster(design, self.texts(design).await?);
        let on_event: OnEvent = Box::new(move |answer, _| match answer {
            Answer::Progress(progress) if self.is_export(n) => {
                self.export_task.set(Task::Busy(Some(progress)));
            }
            _ => {}
        });
        let job = Job::Export { poster, format };
        match self.ask_export(n, job, file, on_event).await? {
            Answer::File { url, oddities, .. } => {
                self.note_oddities(&oddities);
                Ok(Some(url))
            }
            _ => Ok(None),
        }
    }

    /// Stops an export at once: the print worker is ended, the next export starts a fresh one.
    pub fn cancel_export(self) {
        self.print().terminate();
        self.machinery.update_value(|machinery| {
            machinery.n_exports += 1;
            machinery.print_place = 0;
        });
        self.export_task.set(Task::Idle);
        self.stop_queue();
    }
}

/// What a design's file is called.
pub fn name_of(design: &Design, format: Format) -> String {
    let theme = themes::file_of(&design.theme).0;
    download::file_name(design, &theme, format.extension())
}

//! How something under way looks, and how its failure does: always where it was asked for.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use mapposter_app::worker::protocol::{Progress, Stage};

use crate::platform::page;
use crate::state::Task;

/// What is over sooner is not told of, ms: nobody could read it, and where the GPU is slow, to paint a line more takes
/// longer than to read a small map. A PNG of Manhattan by one worker took 265 to 300.
const TOLD_AFTER_MS: i32 = 400;

/// What a stage is called.
pub fn stage_words(progress: Option<&Progress>) -> String {
    let words = match progress.map(|progress| progress.stage) {
        None => "Starting",
        Some(Stage::Queued) => "Another tab of this site is fetching first",
        Some(Stage::Resting { seconds }) => {
            return format!("The map server is busy; it is asked again in {seconds} s");
        }
        Some(Stage::Waiting) => "Waiting for the map server",
        Some(Stage::Downloading) => "Downloading the map",
        Some(Stage::Assembling) => "Reading the map",
        Some(Stage::Drawing) => "Drawing",
        Some(Stage::Shaping) => "Setting the text",
        Some(Stage::Writing) => "Writing the file",
    };
    match progress.and_then(|progress| progress.part) {
        Some((n, of)) => format!("{words}, part {n} of {of}"),
        None => words.to_owned(),
    }
}

/// `1.5 MB`; `85 kB` of what would be none of these.
pub fn megabytes(bytes: f64) -> String {
    if bytes < 95e3 { format!("{:.0} kB", bytes / 1e3) } else { format!("{:.1} MB", bytes / 1e6) }
}

/// A bar with words and a cancel button, while the task is told of.
pub fn progress(
    name: &'static str,
    task: RwSignal<Task>,
    Watched { is_told, .. }: Watched,
    cancel: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let now = move || match task.get() {
        Task::Busy(progress) => progress,
        _ => None,
    };
    let fraction = move || now().and_then(|progress| progress.fraction);
    let words = move || {
        let progress = now();
        let detail = match progress {
            Some(Progress { fraction: Some(fraction), .. }) => {
                format!(" · {:.0} %", fraction * 100.0)
            }
            Some(Progress { bytes, .. }) if bytes > 0 => format!(" · {}", megabytes(bytes as f64)),
            _ => "…".to_owned(),
        };
        format!("{}{detail}", stage_words(progress.as_ref()))
    };
    view! {
        <Show when=move || is_told.get()>
            <div class="progress" id=format!("{name}-progress")>
                <div class="bar">
                    <progress aria-label=words max="1" prop:value=move || fraction().unwrap_or_default() class:unknown=move || fraction().is_none()></progress>
                    <i></i>
                </div>
                <span>{words}</span>
                <button type="button" class="quiet" id=format!("{name}-cancel") on:click=move |_| cancel()>
                    "Cancel"
                </button>
            </div>
        </Show>
    }
    .into_any()
}

/// Whether something is going on.
#[derive(Clone, Copy)]
pub struct Watched {
    /// At all.
    pub is_busy: Memo<bool>,
    /// And has gone on for so long that it is told of.
    pub is_told: RwSignal<bool>,
}

/// Watches a task.
pub fn watch(task: RwSignal<Task>) -> Watched {
    let is_busy = Memo::new(move |_| task.with(Task::is_busy));
    let is_told = RwSignal::new(false);
    let n_begun = StoredValue::new(0_u32);
    Effect::new(move || {
        if !is_busy.get() {
            return is_told.set(false);
        }
        n_begun.update_value(|n| *n += 1);
        let n = n_begun.get_value();
        spawn_local(async move {
            page::sleep(TOLD_AFTER_MS).await;
            if is_busy.get_untracked() && n == n_begun.get_value() {
                is_told.set(true);
            }
        });
    });
    Watched { is_busy, is_told }
}

/// How to try again.
#[derive(Clone, Copy)]
pub struct Retry {
    /// Seconds in which it may not be.
    pub rest: Signal<u32>,
    /// Does it.
    pub run: Callback<()>,
}

impl Retry {
    /// At once.
    pub fn now(run: impl Fn() + Send + Sync + 'static) -> Option<Self> {
        Some(Self { rest: Signal::stored(0), run: Callback::new(move |()| run()) })
    }
}

/// What went wrong, why, and what next; with a button that tries again once that makes sense.
pub fn failure(name: &'static str, task: RwSignal<Task>, retry: Option<Retry>) -> AnyView {
    failure_with(name, task, retry, |_| ().into_any())
}

/// The same, with more ways to go on, as the failure has it.
pub fn failure_with(
    name: &'static str,
    task: RwSignal<Task>,
    retry: Option<Retry>,
    offers: impl Fn(&Failure) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let shown = move || match task.get() {
        Task::Failed(failure) => {
            let offers = offers(&failure);
            let Failure { code, what, next, .. } = failure;
            failure_box(name, task, retry, offers, code, format!("{what} {next}"))
        }
        _ => ().into_any(),
    };
    shown.into_any()
}

fn failure_box(
    name: &str,
    task: RwSignal<Task>,
    retry: Option<Retry>,
    offers: AnyView,
    code: String,
    words: String,
) -> AnyView {
    let again = retry.map(|Retry { rest, run }| {
        let label = move || match rest.get() {
            0 => "Try again".to_owned(),
            n => format!("Try again in {n} s"),
        };
        view! {
            <button
                type="button"
                id=format!("{name}-retry")
                disabled=move || rest.get() != 0
                on:click=move |_| run.run(())
            >
                {label}
            </button>
        }
    });
    let shown = code.clone();
    view! {
        <div class="failure" id=format!("{name}-error") role="alert" data-code=code>
            <p>{words}</p>
            <div>
                {again}
                {offers}
                <button type="button" class="quiet" on:click=move |_| task.set(Task::Idle)>
                    "Dismiss"
                </button>
                <code>{shown}</code>
            </div>
        </div>
    }
    .into_any()
}

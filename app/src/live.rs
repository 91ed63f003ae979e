//! A design's map from the device or, asked politely, from a live server: by one tab at a time, not during a server's
//! rest, and never what is at hand already.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use mapposter_app::net::config::{self, Config, host};
use mapposter_app::net::fetch::{Handle, Stop};
use mapposter_app::net::patience::rest_left;
use mapposter_app::net::query::{Detail, HEAVY_LAYERS, overpass_queries, query_area};
use mapposter_app::net::turn::Turn;
use mapposter_app::worker::protocol::{Progress, Source, Stage};
use render_core::design::input::DISTANCE;
use render_core::design::{Design, Place};

use crate::jobs::is_near;
use crate::kept::{self, Kept};
use crate::platform::{page, storage};
use crate::state::{App, Coverage, Origin, Task, go_to};

/// In the site's storage: until when no map server may be asked, ms since 1970. Reloads and other tabs hold to it.
const REST: &str = "mapposter-rest";
/// A distance for half the area.
const SMALLER: f64 = 0.7;
/// The site's config.json is waited for so long, ms.
const CONFIG_MS: i32 = 10_000;
/// Why a place that has become old is shown without a question.
const OFFLINE: &str = "Your browser has no network.";

impl App {
    /// Learns whom the site's owner chose; until then nobody is asked.
    pub fn learn_config(self) {
        spawn_local(async move {
            match page::file_if_any("config.json").await {
                Ok(text) => {
                    let (config, problem) = match text {
                        Some(text) => config::parse(&text),
                        None => (Config::default(), None),
                    };
                    self.take_config(config, problem);
                    self.keep_app();
                }
                Err(why) if page::is_online() => self.go_without_config(&why),
                // The browser keeps the file of a site that has one, and nobody can be asked now.
                Err(_) => self.take_config(Config::default(), None),
            }
        });
        spawn_local(async move {
            page::sleep(CONFIG_MS).await;
            if !self.knows_config() {
                self.go_without_config("it did not come in time");
            }
        });
    }

    fn go_without_config(self, why: &str) {
        let (config, problem) = config::unused(why);
        self.take_config(config, problem);
    }

    fn take_config(self, config: Config, problem: Option<String>) {
        self.config.set(config);
        self.config_note.set(problem.unwrap_or_default());
    }

    fn knows_config(self) -> bool {
        self.config.with_untracked(|config| config.server(0).is_some())
    }

    /// Whom a live map is asked of next.
    pub fn server_name(self) -> String {
        let n = self.endpoint.get();
        let name = self.config.with(|config| config.server(n).map(|url| host(url).to_owned()));
        name.unwrap_or_else(|| "the map server".to_owned())
    }

    /// Takes what is typed from the device or a live server and draws it.
    pub fn fetch_place(self) {
        self.fetch(true, |_| ());
    }

    /// Asks a live server for what is on the device already.
    pub fn fetch_anew(self) {
        self.fetch(false, |_| ());
    }

    /// The distance to offer where a map was too much, m: to half its area, in round numbers.
    pub fn smaller_distance(self) -> Option<f64> {
        let distance = self.draft.numbers().distance.ok()?;
        let smaller = (distance * SMALLER / 100.0).floor() * 100.0;
        (smaller >= DISTANCE.min).then_some(smaller)
    }

    /// Fetches a smaller area around the same place.
    pub fn fetch_smaller(self, distance: f64) {
        self.draft.distance.set(distance.to_string());
        self.fetch_place();
    }

    /// Whether the map that is wanted would be asked with less, were its heaviest layers off.
    pub fn may_leave_out(self) -> bool {
        let wanted = self.draft.numbers().apply(&self.newest());
        wanted.is_some_and(|wanted| Detail::of(&wanted) == Detail::Full)
    }

    /// Fetches the same area without the heaviest layers, which the poster then goes without.
    pub fn fetch_fewer_layers(self) {
        self.fetch(true, |wanted| wanted.layers.extend(HEAVY_LAYERS.map(|layer| (layer, false))));
    }

    fn fetch(self, may_be_kept: bool, change: impl FnOnce(&mut Design)) {
        if !self.begin_place() {
            return;
        }
        let design = self.settle();
        let Some(mut wanted) = self.draft.numbers().apply(&design) else {
            return self.place_task.set(Task::Idle);
        };
        change(&mut wanted);
        let is_chosen = self.draft.take_chosen(&mut wanted);
        if !is_chosen && !is_near(&self.named_at(&design), &wanted) {
            // Another place must not go under this one's name.
            let Place { lat, lon, .. } = wanted.place;
            go_to(&mut wanted, Place { lat, lon, name: String::new(), country: String::new() });
        }
        spawn_local(async move {
            let task = self.fetch_map(wanted, may_be_kept).await;
            self.place_task.set(task);
        });
    }

    /// Makes the poster one of a design's map, from the device or a live server. `may_be_kept`:
    /// whether the device may have it.
    pub async fn fetch_map(self, wanted: Design, may_be_kept: bool) -> Task {
        let shown = self.live_map().filter(|shown| may_be_kept && shown.holds(&wanted));
        if let Some(shown) = shown {
            self.arrive(self.loaded.get_untracked(), shown, wanted);
            return Task::Idle;
        }
        let Ok(handle) = Handle::new() else {
            let what = "This browser cannot ask a map server.";
            return Task::Failed(Failure::new("E-OVP-BROWSER", what, ""));
        };
        self.machinery.update_value(|machinery| machinery.waiting = Some(handle.clone()));
        let task = self.fetch_in_turn(&wanted, may_be_kept, &handle).await;
        self.machinery.update_value(|machinery| machinery.waiting = None);
        task.unwrap_or_else(|| {
            self.draw_again();
            Task::Idle
        })
    }

    /// The map on the poster, if it came from a server. It may not be kept yet, or never.
    fn live_map(self) -> Option<Coverage> {
        let is_live = self.origin.with_untracked(|from| matches!(from, Origin::Server { .. }));
        self.coverage.get_untracked().filter(|_| is_live)
    }

    /// `None` when it was cancelled.
    async fn fetch_in_turn(
        self,
        wanted: &Design,
        may_be_kept: bool,
        handle: &Handle,
    ) -> Option<Task> {
        // This tab has it still where its last map is not kept yet.
        let own = self.machinery.try_update_value(|machinery| machinery.turn.take()).flatten();
        let mut turn = match own {
            Some(turn) => Some(turn),
            None => Turn::take_if_free().await,
        };
        let mut kept = if may_be_kept { self.kept_place(wanted).await } else { None };
        let queued = Task::Busy(Some(Progress::at(Stage::Queued)));
        let tell = || self.place_task.set(queued.clone());
        if turn.is_none() && !kept.as_ref().is_some_and(Kept::will_do) {
            turn = Some(Turn::take(&handle.signal(), tell).await?);
            if may_be_kept {
                // The one who was first may have fetched this very map.
                kept = self.find_place(wanted).await;
            }
        }
        if let Some(kept) = kept.take_if(|kept| kept.will_do()) {
            // No server is asked, so others need not wait.
            drop(turn.take());
            let instead = if kept.is_fresh() { "" } else { OFFLINE };
            if self.draw_kept(kept, wanted, instead).await {
                return Some(Task::Idle);
            }
            // It cannot be read after all.
            turn = Some(Turn::take(&handle.signal(), tell).await?);
        }
        while !self.knows_config() && !handle.is_cancelled() {
            page::sleep(20).await;
        }
        if handle.is_cancelled() {
            return None;
        }
        let failure = match self.rest_left() {
            0 => match self.ask_server(wanted, turn).await? {
                Ok(()) => return Some(Task::Idle),
                Err(failure) => failure,
            },
            _ => Failure::new(
                "E-OVP-REST",
                "The map server needs a rest, and this map is not on your device.",
                "Try again when the seconds have run down; what is on your device opens at once.",
            ),
        };
        self.count_rest();
        let is_drawn = match kept {
            Some(kept) => {
                let instead = format!("{} ({})", failure.what, failure.code);
                self.draw_kept(kept, wanted, &instead).await
            }
            None => false,
        };
        self.draw_again();
        // Less of another poster's map would be of no use to the one on the page.
        let offers_less = failure.is_too_much() && !self.is_reopening();
        let failed = || Task::Failed(Failure { offers_less, ..failure });
        Some(if is_drawn { Task::Idle } else { failed() })
    }

    /// Asks a live server and has the poster become one of its map; `None` when it was cancelled. The turn is given on
    /// when the map is kept.
    async fn ask_server(
        self,
        wanted: &Design,
        mut turn: Option<Turn>,
    ) -> Option<Result<(), Failure>> {
        let n = self.endpoint.get_untracked();
        let url = self.config.with_untracked(|config| config.server(n).map(str::to_owned))?;
        let (name, queries) = (host(&url).to_owned(), overpass_queries(wanted));
        let source = Source::Overpass { url: page::url(&url), queries, area: query_area(wanted) };
        turn.iter_mut().for_each(Turn::ask);
        match self.load(source, None, Some(wanted)).await {
            Ok(Some(loaded)) => {
                self.end_rest();
                let record = kept::record(wanted, &loaded);
                self.machinery.update_value(|machinery| {
                    machinery.unkept = Some(record);
                    machinery.turn = turn;
                });
                self.origin.set(Origin::Server { name });
                self.arrive(loaded, Coverage::fetched(wanted), wanted.clone());
                Some(Ok(()))
            }
            Ok(None) => {
                // What the server asked for holds all the same.
                self.count_rest();
                None
            }
            // No server is to blame.
            Err(failure) if !page::is_online() => Some(Err(failure)),
            Err(failure) => {
                self.rest_for(failure.wait);
                Some(Err(if is_of_server(&failure) { self.next_server(failure) } else { failure }))
            }
        }
    }

    /// Has another server be asked the next time, if there is one; the person is told whose.
    fn next_server(self, failure: Failure) -> Failure {
        let name = |n| {
            self.config.with_untracked(|config| config.server(n).map(|url| host(url).to_owned()))
        };
        let n = self.endpoint.get_untracked();
        let (last, next) = (name(n), name(n.wrapping_add(1)));
        self.endpoint.set(n.wrapping_add(1));
        match next.filter(|next| last.as_ref() != Some(next)) {
            Some(name) => {
                let next = format!("{} The next try asks {name}.", failure.next);
                Failure { next, ..failure }
            }
            None => failure,
        }
    }

    /// Has no map server be asked for some seconds: not the one that refused, and no other in its
    /// place, as the servers' operators ask.
    pub fn rest_for(self, seconds: u32) {
        let end = js_sys::Date::now() + f64::from(seconds) * 1000.0;
        self.machinery.update_value(|machinery| machinery.rest_end = end);
        storage::write(REST, &end.to_string());
    }

    fn end_rest(self) {
        self.machinery.update_value(|machinery| machinery.rest_end = 0.0);
        storage::remember(REST, false);
    }

    /// Seconds for which no map server may be asked, as this tab or another was told.
    fn rest_left(self) -> u32 {
        let now = js_sys::Date::now();
        let told = storage::read(REST).and_then(|end| end.parse().ok()).unwrap_or_default();
        let own = self.machinery.with_value(|machinery| machinery.rest_end);
        rest_left(own, now).max(rest_left(told, now))
    }

    /// Counts down the seconds in which no map server is asked, if there are any.
    pub fn count_rest(self) {
        if self.rest.get_untracked() != 0 {
            // They are being counted.
            return;
        }
        spawn_local(async move {
            loop {
                let left = self.rest_left();
                if self.rest.get_untracked() != left {
                    self.rest.set(left);
                }
                if left == 0 {
                    return;
                }
                page::sleep(250).await;
            }
        });
    }

    /// Stops a download, the wait for one, or the reading of a file; what was on the poster stays.
    pub fn cancel_fetch(self) {
        self.machinery.with_value(|machinery| {
            if let Some(handle) = &machinery.waiting {
                handle.stop(Stop::Cancelled);
            }
            if let Some(id) = machinery.fetching {
                machinery.render.cancel(id);
            }
            if let Some(id) = machinery.reading {
                machinery.library.cancel(id);
            }
        });
    }
}

/// Whether another server may do better.
fn is_of_server(failure: &Failure) -> bool {
    failure.code.starts_with("E-OVP-5") || failure.code == "E-OVP-NETWORK"
}

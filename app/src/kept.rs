//! Places kept on the device: looked for before a server is asked, kept after the first picture,
//! listed, opened and deleted.

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use mapposter_app::net::query::{Detail, query_area};
use mapposter_app::shelf::{Record, VERSION};
use mapposter_app::worker::client::Client;
use mapposter_app::worker::protocol::{Answer, Find, LibraryTask, Loaded, Shelf, Source};
use render_core::design::{Design, Place};

use crate::platform::{page, storage};
use crate::state::{App, Coverage, Origin, Task, go_to};

/// Says in the site's own storage, which can be read at once, that there are kept places: a visitor
/// who has none never waits for the worker that looks for them.
const FLAG: &str = "mapposter-has-places";

/// A kept place that is at hand.
pub struct Kept {
    record: Record,
    pack: ArrayBuffer,
}

impl Kept {
    /// Whether it is so new that no server need be asked.
    pub fn is_fresh(&self) -> bool {
        self.record.is_fresh(js_sys::Date::now())
    }

    /// Whether no server is asked first: without a network there is none.
    pub fn will_do(&self) -> bool {
        self.is_fresh() || !page::is_online()
    }
}

/// What is to be known of a place that was fetched for a design; size and checksum are the library's.
pub fn record(wanted: &Design, loaded: &Loaded) -> Record {
    let now = js_sys::Date::now();
    Record {
        version: VERSION,
        area: query_area(wanted),
        detail: Detail::of(wanted),
        lat: wanted.place.lat,
        lon: wanted.place.lon,
        distance: wanted.distance,
        name: wanted.place.name.clone(),
        country: wanted.place.country.clone(),
        timestamp: loaded.timestamp.clone(),
        bytes: 0,
        crc: 0,
        stored: now,
        used: now,
        is_kept: false,
    }
}

impl App {
    /// Keeps places and reads files.
    pub fn library(self) -> Client {
        self.machinery.with_value(|machinery| machinery.library.clone())
    }

    /// Asks about kept places; what is told of them is on screen then. The library's silence is no
    /// more than a place that is not there.
    async fn ask_library(self, task: LibraryTask, buffers: Vec<ArrayBuffer>) -> Option<Kept> {
        let (answer, buffers) = self.library().ask_for(&task, buffers, None).answer().await.ok()?;
        match answer {
            Answer::Found(record) => buffers.into_iter().next().map(|pack| Kept { record, pack }),
            Answer::Shelf(shelf) => {
                let (had_places, has_places) = (storage::remembers(FLAG), !shelf.places.is_empty());
                storage::remember(FLAG, has_places);
                if has_places && !had_places {
                    self.keep_app();
                }
                self.shelf.set(shelf);
                None
            }
            _ => None,
        }
    }

    /// At the start, where places are kept: lists them, and has everything loaded that drawing one
    /// without a network takes.
    pub fn remember_places(self) {
        if !storage::remembers(FLAG) {
            return;
        }
        spawn_local(async move {
            self.first_poster().await;
            self.list_places();
            let _ = self.shape(&Design::default()).await;
        });
    }

    /// Has the browser keep the app itself, or no more where its owner does not want it; the first poster comes before.
    pub fn keep_app(self) {
        spawn_local(async move {
            self.first_poster().await;
            let is_wanted = self.config.with_untracked(|config| config.offline);
            page::stay(is_wanted, storage::remembers(FLAG));
        });
    }

    async fn first_poster(self) {
        while self.drawn.with_untracked(Option::is_none) {
            page::sleep(250).await;
        }
    }

    /// Looks again what is kept.
    pub fn list_places(self) {
        spawn_local(async move {
            self.ask_library(LibraryTask::List, Vec::new()).await;
        });
    }

    /// The kept place that has all of a design's map.
    pub async fn kept_place(self, wanted: &Design) -> Option<Kept> {
        if !storage::remembers(FLAG) {
            return None;
        }
        self.find_place(wanted).await
    }

    /// The same, where another tab may have kept the site's first place just now.
    pub async fn find_place(self, wanted: &Design) -> Option<Kept> {
        let (area, detail) = (wanted.data_bbox(), Detail::of(wanted));
        let find = Find::Holding { area, detail };
        self.ask_library(LibraryTask::Find(find), Vec::new()).await
    }

    /// Makes the poster one of a kept place; false where that cannot be read. `instead`: why no newer one is shown, in
    /// a sentence; empty where it is new enough.
    pub async fn draw_kept(self, kept: Kept, wanted: &Design, instead: &str) -> bool {
        let Kept { record, pack } = kept;
        match self.load(Source::Pack, Some(pack), None).await {
            Ok(Some(loaded)) => {
                let mut wanted = wanted.clone();
                if (wanted.place.lat, wanted.place.lon) == (record.lat, record.lon)
                    && wanted.place.name.is_empty()
                {
                    wanted.place.name = record.name;
                    wanted.place.country = record.country;
                }
                self.origin.set(Origin::Device { instead: instead.to_owned() });
                self.arrive(loaded, Coverage { bbox: record.area, detail: record.detail }, wanted);
                true
            }
            _ => false,
        }
    }

    /// Keeps a place that was fetched.
    pub async fn keep_place(self, record: Record, pack: ArrayBuffer) {
        self.ask_library(LibraryTask::Keep { record }, vec![pack]).await;
    }

    /// Opens a kept place as it was fetched.
    pub fn open_place(self, key: String) {
        if !self.begin_place() {
            return;
        }
        spawn_local(async move {
            let find = Find::Key(key);
            if let Some(kept) = self.ask_library(LibraryTask::Find(find), Vec::new()).await {
                let mut wanted = self.settle();
                let Record { lat, lon, distance, name, country, area, detail, .. } =
                    kept.record.clone();
                go_to(&mut wanted, Place { lat, lon, name, country });
                wanted.distance = distance;
                // On other paper there may be less of it.
                Coverage { bbox: area, detail }.fit(&mut wanted);
                if self.draw_kept(kept, &wanted, "").await {
                    self.draft.show(&wanted);
                    return self.place_task.set(Task::Idle);
                }
            }
            self.place_task.set(Task::Failed(Failure::new(
                "E-PLACE-GONE",
                "This place is no longer whole on your device.",
                "Fetch it again.",
            )));
        });
    }

    /// Keeps a place on purpose, or no more so.
    pub fn mark_place(self, key: String, is_kept: bool) {
        if is_kept {
            page::ask_for_lasting_storage();
        }
        spawn_local(async move {
            self.ask_library(LibraryTask::Mark { key, is_kept }, Vec::new()).await;
        });
    }

    /// Keeps a place no more.
    pub fn forget_place(self, key: String) {
        spawn_local(async move {
            self.ask_library(LibraryTask::Forget { key }, Vec::new()).await;
        });
    }

    /// What is known of a kept place.
    pub fn with_place<T>(self, key: &str, of: impl FnOnce(&Record) -> T) -> Option<T> {
        self.shelf
            .with(|Shelf { places, .. }| places.iter().find(|place| place.key() == key).map(of))
    }
}

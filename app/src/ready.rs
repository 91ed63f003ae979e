//! Ready places: packs that lie beside the app, listed in `places/index.json`, for which no map
//! server is asked. `cargo xtask bake` makes both.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::net::query::Detail;
use mapposter_app::ready_list::{ReadyPlace, parse};
use mapposter_app::worker::protocol::Source;

use crate::platform::page;
use crate::state::{App, Coverage, Origin, Task};

/// The list, beside the page.
const INDEX: &str = "places/index.json";

/// Where a place's data are.
pub fn source(place: &ReadyPlace) -> Source {
    Source::Bundled { url: page::data_url(&format!("places/{}", place.file)) }
}

/// What they fill.
pub fn coverage(place: &ReadyPlace) -> Coverage {
    Coverage { bbox: place.area(), detail: Detail::Full }
}

/// The list; `None` where the site has none.
pub async fn list() -> Option<Vec<ReadyPlace>> {
    parse(&page::text_file(INDEX).await?)
}

impl App {
    /// Shows a ready place.
    pub fn open_ready(self, place: ReadyPlace) {
        if !self.begin_place() {
            return;
        }
        let mut wanted = self.settle();
        (wanted.place.lat, wanted.place.lon) = (place.lat, place.lon);
        wanted.distance = place.distance;
        let (source, coverage) = (source(&place), coverage(&place));
        (wanted.place.name, wanted.place.country) = (place.name, place.country);
        // Another place must not go under the last one's name.
        wanted.texts.title = None;
        wanted.texts.subtitle = None;
        spawn_local(async move {
            let task = match self.load(source, None, None).await {
                Ok(Some(loaded)) => {
                    // On another paper the data may fill less.
                    coverage.fit(&mut wanted);
                    self.draft.show(&wanted);
                    self.origin.set(Origin::Bundled);
                    self.arrive(loaded, coverage, wanted);
                    Task::Idle
                }
                Ok(None) => Task::Idle,
                Err(failure) => Task::Failed(failure),
            };
            self.place_task.set(task);
        });
    }
}

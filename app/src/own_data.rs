//! Files of a person's own: read by the library, drawn like any other place. Exported posters are
//! handed to [`reopen`](crate::reopen).

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mapposter_app::failure::Failure;
use mapposter_app::net::query::Detail;
use mapposter_app::worker::client::OnEvent;
use mapposter_app::worker::protocol::{Answer, LibraryTask, ReadFile, Source};
use render_core::design::{Design, Place, input::DISTANCE};
use render_core::lonlat::Bbox;
use wasm_bindgen_futures::JsFuture;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, Url};

use crate::platform::page;
use crate::search::rounded;
use crate::state::{App, Coverage, Origin, Task, go_to};
use crate::themes;

/// Keys of maps in JSON; a theme has none of them.
const MAP_KEYS: [&str; 5] = ["elements", "osm3s", "features", "coordinates", "geometries"];

/// What a file turned out to hold.
enum Opened {
    /// Map data, as a pack.
    Map(ReadFile, ArrayBuffer),
    /// A poster's design, as JSON.
    Poster(String),
}

impl App {
    /// Takes files that are dropped anywhere on the page.
    pub fn take_drops(self) {
        let Some(page) = page::document() else { return };
        let file = |event: &web_sys::Event| {
            let event: &DragEvent = event.dyn_ref()?;
            let is_file = event.data_transfer()?.types().includes(&"Files".into(), 0);
            is_file.then(|| event.prevent_default());
            event.data_transfer()?.files()?.get(0)
        };
        page::listen(&page, "dragover", Box::new(move |event| _ = file(&event)));
        page::listen(
            &page,
            "drop",
            Box::new(move |event| {
                if let Some(file) = file(&event) {
                    self.open_dropped(file);
                }
            }),
        );
    }

    fn open_dropped(self, file: File) {
        spawn_local(async move {
            if themes::check_size(file.size()).is_ok() && is_theme(&file).await {
                self.open_theme(file);
            } else {
                self.open_file(file);
            }
        });
    }

    /// Opens a file of map data, or an exported poster.
    pub fn open_file(self, file: File) {
        if !self.begin_place() {
            return self.note.set(format!(
                "{} was not opened, as another map is coming in. Wait for that or cancel it, then open the file again.",
                file.name()
            ));
        }
        self.note.set(String::new());
        let Ok(url) = Url::create_object_url_with_blob(&file) else {
            return self.place_task.set(Task::Idle);
        };
        spawn_local(async move {
            let name = file.name();
            let task = match self.read_file(url.clone(), name.clone(), file.size()).await {
                Ok(Some(Opened::Map(read, pack))) => match self.draw_file(read, pack, name).await {
                    Ok(()) => Task::Idle,
                    Err(failure) => Task::Failed(failure),
                },
                Ok(Some(Opened::Poster(json))) => self.reopen(&json, &name).await,
                Ok(None) => Task::Idle,
                Err(failure) => Task::Failed(failure),
            };
            let _ = Url::revoke_object_url(&url);
            self.place_task.set(task);
        });
    }

    /// What is in a file; `None` when cancelled.
    async fn read_file(
        self,
        url: String,
        name: String,
        size: f64,
    ) -> Result<Option<Opened>, Failure> {
        let on_event: OnEvent = Box::new(move |answer, _| {
            if let Answer::Progress(progress) = answer {
                self.place_task.set(Task::Busy(Some(progress)));
            }
        });
        let task = LibraryTask::Read { url, name, size };
        let asked = self.library().ask_for(&task, Vec::new(), Some(on_event));
        self.machinery.update_value(|machinery| machinery.reading = Some(asked.id));
        let answer = asked.answer().await;
        self.machinery.update_value(|machinery| machinery.reading = None);
        match answer? {
            (Answer::Read(read), buffers) => {
                Ok(buffers.into_iter().next().map(|pack| Opened::Map(read, pack)))
            }
            (Answer::Design { json }, _) => Ok(Some(Opened::Poster(json))),
            _ => Ok(None),
        }
    }

    async fn draw_file(
        self,
        read: ReadFile,
        pack: ArrayBuffer,
        file: String,
    ) -> Result<(), Failure> {
        let Some(mut loaded) = self.load(Source::Pack, Some(pack), None).await? else {
            return Ok(());
        };
        loaded.warnings += read.warnings;
        loaded.oddities.splice(0..0, read.oddities);
        let mut wanted = self.settle();
        let named = Place { name: read.name, country: String::new(), ..wanted.place };
        go_to(&mut wanted, named);
        let coverage = fit(&mut wanted, read.area, read.is_drawing);
        self.origin.set(Origin::File { name: file });
        self.arrive(loaded, coverage, wanted.clone());
        self.draft.show(&wanted);
        Ok(())
    }
}

/// Has a design show a box: as much of it as fills the page, and of a drawing all there is.
fn fit(design: &mut Design, area: Bbox, is_drawing: bool) -> Coverage {
    let (lat, lon) = area.centre();
    (design.place.lat, design.place.lon) = (rounded(lat), rounded(lon));
    design.distance = DISTANCE.max;
    let coverage = Coverage { bbox: area, detail: Detail::Full };
    if let Some(distance) = coverage.largest_distance(design).filter(|_| !is_drawing) {
        design.distance = distance;
        return coverage;
    }
    let (mut low, mut high) = (DISTANCE.min, DISTANCE.max);
    for _ in 0..30 {
        design.distance = f64::midpoint(low, high);
        if design.data_bbox().holds(area) { high = design.distance } else { low = design.distance }
    }
    design.distance = high.ceil().min(DISTANCE.max);
    // Around a drawing there is nothing, which is all there is to know.
    Coverage { bbox: design.data_bbox(), detail: Detail::Full }
}

async fn is_theme(file: &File) -> bool {
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    let json = text.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    json.is_some_and(|json| json.is_object() && MAP_KEYS.iter().all(|key| json.get(key).is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extract_fills_the_page_and_a_drawing_is_shown_whole() {
        let area = Bbox { south: 58.3, west: 26.6, north: 58.4, east: 26.8 };
        let mut design = Design::default();
        let coverage = fit(&mut design, area, false);
        assert!(coverage.holds(&design) && area.holds(design.data_bbox()));
        assert!((3000.0..6000.0).contains(&design.distance), "{}", design.distance);
        let coverage = fit(&mut design, area, true);
        assert!(coverage.holds(&design) && design.data_bbox().holds(area));
    }

    #[test]
    fn a_line_without_any_height_is_shown_whole() {
        let area = Bbox { south: 58.3, west: 26.6, north: 58.3, east: 26.8 };
        let mut design = Design::default();
        let coverage = fit(&mut design, area, false);
        assert!(coverage.holds(&design) && design.data_bbox().holds(area));
    }
}

//! [`Source`] → [`OsmData`], with progress told and cancel heard.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use render_core::error::{ReadError, Warning};
use render_core::osm::pack::PackReader;
use render_core::osm::{OsmData, pack};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

use super::port;
use super::protocol::{Answer, Loaded, Progress, Source, Stage};
use crate::failure::Failure;
use crate::net::capacity;
use crate::net::fetch::{Ask, Deadlines, FetchError, Handle, Stop, fetch};
use crate::net::overpass::{self, Ended};
use crate::net::patience::wait_after;
use crate::net::timer::sleep;
use crate::net::turn::GAP_MS;

/// So many oddities of the data are told in words.
pub(super) const MOST_ODDITIES: usize = 30;

/// For files beside the app, and of a person's own.
pub(super) const DEADLINES: Deadlines = Deadlines { answer: 30_000.0, stall: 30_000.0 };

/// Downloads that run, by their job's number.
#[derive(Clone, Default)]
pub struct Downloads {
    running: Rc<RefCell<BTreeMap<u32, Handle>>>,
}

impl Downloads {
    pub(super) fn begin(&self, id: u32) -> Result<Handle, FetchError> {
        let handle = Handle::new()?;
        self.running.borrow_mut().insert(id, handle.clone());
        Ok(handle)
    }

    pub(super) fn end(&self, id: u32) {
        self.running.borrow_mut().remove(&id);
    }

    /// Stops one, if it still runs.
    pub fn cancel(&self, id: u32) {
        if let Some(handle) = self.running.borrow().get(&id) {
            handle.stop(Stop::Cancelled);
        }
    }
}

/// What is done while a place comes in.
pub struct Meanwhile<Try, Data, Beat> {
    /// Before a live server is asked, and again where all is asked for anew.
    pub on_try: Try,
    /// With what has come so far of a live server's.
    pub on_data: Data,
    /// A few times a second.
    pub on_beat: Beat,
}

/// Takes a place's data.
///
/// # Errors
/// The job's last answer, where there are none.
pub async fn load(
    id: u32,
    source: Source,
    buffers: Vec<ArrayBuffer>,
    downloads: &Downloads,
    meanwhile: Meanwhile<impl FnMut(), impl FnMut(&OsmData), impl Fn() + Clone + 'static>,
    warnings: &mut Vec<Warning>,
) -> Result<(OsmData, Loaded), Answer> {
    let Meanwhile { on_try, on_data, on_beat } = meanwhile;
    let on_beat = move |handle: &Handle| {
        on_beat();
        let (bytes, has_begun) = handle.progress();
        let stage = if has_begun { Stage::Downloading } else { Stage::Waiting };
        Progress { bytes, ..Progress::at(stage) }
    };
    let tell = move |progress| port::post(id, Answer::Progress(progress), &[]);
    let data = match source {
        Source::Overpass { url, queries, area } => {
            let meanwhile = Meanwhile { on_try, on_data, on_beat };
            let data = ask_all(id, (&url, &queries), downloads, meanwhile, warnings).await;
            // A reply does not say for which box it is.
            data.map(|data| OsmData { area: Some(area), ..data })
        }
        Source::Bundled { url } => match downloads.begin(id) {
            Ok(handle) => bundled(&url, &handle, move |handle| tell(on_beat(handle))).await,
            Err(error) => Err(error.into()),
        },
        Source::Pack => {
            let bytes = buffers.first().map(port::bytes).unwrap_or_default();
            pack::read(&bytes).map(|pack| pack.data).map_err(|error| Ended::Failed(error.into()))
        }
    };
    downloads.end(id);
    let data = data.map_err(ended)?;
    let loaded = Loaded {
        timestamp: data.timestamp.clone(),
        ways: count(data.ways.len()),
        ..Loaded::default()
    };
    Ok((data, loaded))
}

/// How often it is looked whether a person who waits has had enough, ms.
const TICK_MS: i32 = 250;

/// Asks a live server one question after the other; what they have in common is kept once. Where one is not
/// answered there is no map at all: nobody is to take a half for the whole. The page that wants it has the site's turn
/// (`net/turn.rs`), through all rests.
async fn ask_all(
    id: u32,
    (url, queries): (&str, &[String]),
    downloads: &Downloads,
    meanwhile: Meanwhile<
        impl FnMut(),
        impl FnMut(&OsmData),
        impl Fn(&Handle) -> Progress + Clone + 'static,
    >,
    warnings: &mut Vec<Warning>,
) -> Result<OsmData, Ended> {
    let Meanwhile { mut on_try, mut on_data, on_beat } = meanwhile;
    let limits = capacity::of_this_device();
    let mut reader = overpass::reader(limits);
    for (n, query) in queries.iter().enumerate() {
        let part = (queries.len() > 1).then(|| (count(n) + 1, count(queries.len())));
        let tell = move |progress| {
            port::post(id, Answer::Progress(Progress { part, ..progress }), &[]);
        };
        let n_warnings = warnings.len();
        let mut n_again = 0;
        loop {
            let handle = downloads.begin(id)?;
            if n > 0 && n_again == 0 {
                let _ = JsFuture::from(sleep(GAP_MS)).await;
            }
            warnings.truncate(n_warnings);
            if n == 0 {
                on_try();
                if n_again > 0 {
                    reader = overpass::reader(limits);
                }
            } else {
                reader.begin_reply();
            }
            let told = on_beat.clone();
            let on_beat = move |handle: &Handle| tell(told(handle));
            let ended =
                overpass::ask((url, query), &handle, on_beat, &mut reader, &mut on_data, warnings);
            let failure = match ended.await {
                Ok(()) => break,
                Err(Ended::Failed(failure)) => failure,
                Err(ended) => return Err(ended),
            };
            let wait = wait_after(&failure, n_again, js_sys::Math::random());
            let Some(seconds) = wait.filter(|_| is_online()) else {
                return Err(Ended::Failed(failure));
            };
            n_again += 1;
            rest(seconds, &handle, |seconds| tell(Progress::at(Stage::Resting { seconds })))
                .await?;
        }
    }
    overpass::finish(reader, warnings)
}

/// Waits so many seconds, unless the person who waits has had enough; `tell` counts them down.
async fn rest(seconds: u32, handle: &Handle, tell: impl Fn(u32)) -> Result<(), Ended> {
    let end = js_sys::Date::now() + f64::from(seconds) * 1000.0;
    let mut told = 0;
    loop {
        let left = (end - js_sys::Date::now()) / 1000.0;
        if handle.is_cancelled() {
            return Err(Ended::Cancelled);
        }
        if left <= 0.0 {
            return Ok(());
        }
        let seconds = left.ceil() as u32;
        if std::mem::replace(&mut told, seconds) != seconds {
            tell(seconds);
        }
        let _ = JsFuture::from(sleep(TICK_MS)).await;
    }
}

/// Whether the browser has a network at all; a server that is out of reach then needs no rest.
fn is_online() -> bool {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.navigator().on_line()
}

fn ended(ended: Ended) -> Answer {
    match ended {
        Ended::Cancelled => Answer::Cancelled,
        Ended::Failed(failure) => Answer::Failed(failure),
    }
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

async fn bundled(
    url: &str,
    handle: &Handle,
    on_beat: impl Fn(&Handle) + 'static,
) -> Result<OsmData, Ended> {
    let mut reader = PackReader::new();
    let result = fetch::<FileError>(
        url,
        Ask::Get,
        handle,
        DEADLINES,
        on_beat,
        |status| if status == 200 { Ok(()) } else { Err(FileError::Status(status)) },
        |bytes| Ok(reader.push(bytes)?),
    )
    .await;
    let pack = result.and_then(|()| Ok(reader.finish()?));
    match pack {
        Ok(pack) => Ok(pack.data),
        Err(FileError::Fetch(FetchError::Stopped(Stop::Cancelled))) => Err(Ended::Cancelled),
        Err(error) => Err(Ended::Failed(error.into())),
    }
}

/// A file beside the app as text.
///
/// # Errors
/// In words, with the code `E-FILE`.
pub async fn text_file(url: &str) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(&file(url).await?).into_owned())
}

/// A file beside the app.
///
/// # Errors
/// In words, with the code `E-FILE`.
pub async fn file(url: &str) -> Result<Vec<u8>, Failure> {
    let handle = Handle::new().map_err(FileError::Fetch)?;
    let mut content = Vec::new();
    fetch::<FileError>(
        url,
        Ask::Get,
        &handle,
        DEADLINES,
        |_| {},
        |status| if status == 200 { Ok(()) } else { Err(FileError::Status(status)) },
        |bytes| {
            content.extend_from_slice(bytes);
            Ok(())
        },
    )
    .await?;
    Ok(content)
}

/// Why a file of the app's own, or a person's, is not there.
pub(super) enum FileError {
    Fetch(FetchError),
    Status(u16),
    Read(ReadError),
}

impl From<FetchError> for FileError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl From<ReadError> for FileError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let why = match error {
            FileError::Read(error) => return error.into(),
            FileError::Status(status) => format!("the site answered with status {status}"),
            FileError::Fetch(FetchError::Network) => "the site could not be reached".to_owned(),
            FileError::Fetch(_) => "the connection broke".to_owned(),
        };
        let what = format!("A file of MapPoster itself could not be loaded: {why}.");
        Self::new("E-FILE", what, "Check your connection and try again, or reload the page.")
    }
}

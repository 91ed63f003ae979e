//! The library worker: keeps places on the device and finds them again, and reads files of a
//! person's own; loaded when first needed.

use js_sys::ArrayBuffer;
use render_core::osm::pack::read_meta;
use wasm_bindgen_futures::spawn_local;

use super::file::{self, OwnFile};
use super::port;
use super::protocol::{Answer, Find, LibraryTask, Shelf, Trouble};
use super::source::Downloads;
use super::store::{Store, quota};
use crate::shelf::{Record, most_bytes, serving};

/// The worker's life.
pub fn run() {
    let downloads = Downloads::default();
    port::serve(move |id, task, buffers| {
        let downloads = downloads.clone();
        spawn_local(async move {
            let (answer, buffers) = match task {
                LibraryTask::Cancel { id } => return downloads.cancel(id),
                LibraryTask::Read { url, name, size } => {
                    let read = file::read(id, &OwnFile { url, name, size }, &downloads).await;
                    read.unwrap_or_else(|answer| (answer, Vec::new()))
                }
                task => shelf(task, buffers).await,
            };
            port::post(id, answer, &buffers);
        });
    });
}

async fn shelf(task: LibraryTask, buffers: Vec<ArrayBuffer>) -> (Answer, Vec<ArrayBuffer>) {
    let denied = || Answer::Shelf(Shelf { trouble: Trouble::Denied, ..Shelf::default() });
    let Some(store) = Store::open().await else { return (denied(), Vec::new()) };
    let done = match task {
        LibraryTask::List | LibraryTask::Read { .. } | LibraryTask::Cancel { .. } => {
            Ok(Trouble::None)
        }
        LibraryTask::Find(find) => match found(&store, &find).await {
            Some((record, pack)) => return (Answer::Found(record), vec![pack]),
            None => Ok(Trouble::None),
        },
        LibraryTask::Keep { record } => match buffers.first() {
            Some(pack) => keep(&store, record, pack).await,
            None => Ok(Trouble::None),
        },
        LibraryTask::Mark { key, is_kept } => {
            store.mark(&key, is_kept).await.map(|()| Trouble::None)
        }
        LibraryTask::Forget { key } => store.delete(&[key]).await.map(|()| Trouble::None),
    };
    let listed = match done {
        Ok(trouble) => list(&store, trouble).await,
        Err(error) => Err(error),
    };
    (listed.map_or_else(|_| denied(), Answer::Shelf), Vec::new())
}

async fn list(store: &Store, trouble: Trouble) -> Result<Shelf, idb::Error> {
    let (places, most) = (store.records().await?, most_bytes(quota().await));
    Ok(Shelf { places, most_bytes: most, trouble })
}

/// The best place for a wish with its pack; what cannot be read is passed over.
async fn found(store: &Store, find: &Find) -> Option<(Record, ArrayBuffer)> {
    let mut records = store.records().await.ok()?;
    loop {
        let record = match find {
            Find::Holding { area, detail } => serving(&records, *area, *detail),
            Find::Key(key) => records.iter().find(|record| record.key() == *key),
        };
        let key = record?.key();
        match store.take(&key, js_sys::Date::now()).await {
            // An older build's pack may be of a format that is no longer read.
            Ok(Some((record, pack)))
                if !record.is_older() || read_meta(&port::bytes(&pack)).is_ok() =>
            {
                return Some((record, pack));
            }
            _ => records.retain(|record| record.key() != key),
        }
    }
}

/// Keeps a place; others give way to it.
async fn keep(
    store: &Store,
    mut record: Record,
    pack: &ArrayBuffer,
) -> Result<Trouble, idb::Error> {
    let bytes = port::bytes(pack);
    let key = record.key();
    // A pack says of which box it is.
    let area = read_meta(&bytes).ok().and_then(|meta| meta.bbox);
    if area.is_none_or(|area| Record { area, ..record.clone() }.key() != key) {
        return Ok(Trouble::None);
    }
    record.bytes = pack.byte_length();
    record.crc = crc32fast::hash(&bytes);
    drop(bytes);
    match store.keep(&record, pack, most_bytes(quota().await)).await {
        Ok(true) => return Ok(Trouble::None),
        Ok(false) => return Ok(Trouble::Full),
        // The disk has less room than the browser said: once more, with as much again given up. A browser counts what
        // is deleted as free once that is done.
        Err(_) => {}
    }
    let is_kept = store.make_room(&key, record.bytes).await?
        && matches!(store.keep(&record, pack, f64::INFINITY).await, Ok(true));
    Ok(if is_kept { Trouble::None } else { Trouble::Full })
}

//! A file's bytes in order → a file of the browser's for a download, or one that the person chose, or, in a rehearsal,
//! nowhere. No more than a part of it is held here.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, FileSystemFileHandle, FileSystemWritableFileStream, Url};

use super::port;
use super::zip::{self, Entry};
use crate::failure::Failure;
use crate::net::timer::sleep;

/// Bytes handed on at a time: few calls, little held here.
const PART: usize = 1 << 20;
/// How long a finished file stays reachable, ms: some browsers read it after the click.
const KEPT_MS: i32 = 60_000;

/// A file that is being written.
pub struct Sink {
    pending: Vec<u8>,
    n_bytes: u64,
    place: Place,
    /// The file within it that is being written, where it is a ZIP.
    entry: Option<Entry>,
    /// What stands before that file's bytes, as long as there are none: one that cannot be made leaves nothing behind.
    head: Vec<u8>,
    /// The lines of its directory.
    lines: Vec<Vec<u8>>,
}

enum Place {
    /// Parts that the browser keeps, on disk where they are many.
    Browser { parts: Array, mime: &'static str },
    /// The file shows nothing of it before it is closed.
    Chosen(FileSystemWritableFileStream),
    /// Taken as long as this says so.
    Nowhere(Box<dyn Fn() -> bool>),
}

impl Sink {
    /// Begins a file: in `chosen`, a handle to one that the person chose, or else in the browser.
    ///
    /// # Errors
    /// When the chosen file cannot be written.
    pub async fn open(chosen: Option<JsValue>, mime: &'static str) -> Result<Self, Failure> {
        let place = match chosen {
            Some(handle) => {
                let handle: FileSystemFileHandle = handle.unchecked_into();
                let writable = JsFuture::from(handle.create_writable()).await.map_err(why)?;
                Place::Chosen(writable.unchecked_into())
            }
            None => Place::Browser { parts: Array::new(), mime },
        };
        Ok(Self::to(place))
    }

    /// A file that comes to nothing, and can take no more as soon as it `may_go_on` no longer.
    pub fn nowhere(may_go_on: impl Fn() -> bool + 'static) -> Self {
        Self::to(Place::Nowhere(Box::new(may_go_on)))
    }

    fn to(place: Place) -> Self {
        Self {
            pending: Vec::new(),
            n_bytes: 0,
            place,
            entry: None,
            head: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Begins a file in the ZIP that this one is; one before it that was not ended is left out.
    pub fn begin_entry(&mut self, name: &str) {
        let (entry, head) = Entry::begin(name, self.n_bytes);
        (self.entry, self.head) = (Some(entry), head);
    }

    /// Ends it.
    ///
    /// # Errors
    /// When the file cannot take more, or the ZIP has become too large to be one.
    pub async fn end_entry(&mut self) -> Result<(), Failure> {
        let Some(entry) = self.entry.take() else { return Ok(()) };
        let (line, tail) = entry.end();
        self.append_head().await?;
        self.append(&tail).await?;
        if self.n_bytes > zip::MOST_BYTES {
            let what = "The files together are more than the 4 GB that a ZIP holds.";
            return Err(Failure::new(
                "E-SAVE-TOO-MUCH",
                what,
                "Choose fewer, or a lower resolution.",
            ));
        }
        self.lines.push(line);
        Ok(())
    }

    /// Writes the directory of a ZIP.
    ///
    /// # Errors
    /// When the file cannot take more.
    pub async fn end_entries(&mut self) -> Result<(), Failure> {
        self.entry = None;
        self.head.clear();
        let directory = zip::directory(&self.lines, self.n_bytes);
        self.append(&directory).await
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// When the file cannot take them.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.append_head().await?;
        if let Some(entry) = &mut self.entry {
            entry.push(bytes);
        }
        self.append(bytes).await
    }

    /// Appends a buffer of the browser's, which only a ZIP's checksum is to look into.
    ///
    /// # Errors
    /// When the file cannot take it.
    pub async fn write_buffer(&mut self, buffer: &ArrayBuffer) -> Result<(), Failure> {
        let part = Uint8Array::new(buffer);
        if self.entry.is_some() {
            return self.write(&part.to_vec()).await;
        }
        self.flush().await?;
        self.n_bytes += u64::from(part.length());
        self.hand_on(&part).await
    }

    async fn append_head(&mut self) -> Result<(), Failure> {
        let head = std::mem::take(&mut self.head);
        self.append(&head).await
    }

    async fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.n_bytes += bytes.len() as u64;
        for part in bytes.chunks(PART) {
            self.pending.extend_from_slice(part);
            if self.pending.len() >= PART {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let part = Uint8Array::from(&*self.pending);
        self.pending.clear();
        self.hand_on(&part).await
    }

    async fn hand_on(&self, part: &Uint8Array) -> Result<(), Failure> {
        match &self.place {
            Place::Browser { parts, .. } => {
                // As a blob it is the browser's at once, and this module's garbage no longer.
                let part = Blob::new_with_u8_array_sequence(&Array::of1(part)).map_err(why)?;
                parts.push(&part);
            }
            Place::Chosen(file) => {
                let written = file.write_with_js_u8_array(part).map_err(why)?;
                JsFuture::from(written).await.map_err(why)?;
            }
            Place::Nowhere(may_go_on) => {
                // What is waited for in its stead is heard.
                port::breathe().await;
                return if may_go_on() { Ok(()) } else { Err(full()) };
            }
        }
        Ok(())
    }

    /// Ends the file. The address is one of the browser's own where it is to be downloaded from there, and empty where
    /// the file is written.
    ///
    /// # Errors
    /// When the file cannot be completed; the chosen file is as it was.
    pub async fn close(mut self) -> Result<String, Failure> {
        let completed = self.complete().await;
        if completed.is_err() {
            self.abort().await;
        }
        completed
    }

    async fn complete(&mut self) -> Result<String, Failure> {
        self.flush().await?;
        match &self.place {
            Place::Browser { parts, mime } => {
                let options = BlobPropertyBag::new();
                options.set_type(mime);
                let file =
                    Blob::new_with_blob_sequence_and_options(parts, &options).map_err(why)?;
                read_last_byte(&file, self.n_bytes).await?;
                let url = Url::create_object_url_with_blob(&file).map_err(why)?;
                let kept = url.clone();
                spawn_local(async move {
                    let _ = JsFuture::from(sleep(KEPT_MS)).await;
                    let _ = Url::revoke_object_url(&kept);
                });
                Ok(url)
            }
            Place::Chosen(file) => {
                JsFuture::from(file.close()).await.map_err(why)?;
                Ok(String::new())
            }
            Place::Nowhere(_) => Ok(String::new()),
        }
    }

    /// Leaves the chosen file as it was.
    pub async fn abort(self) {
        if let Place::Chosen(file) = self.place {
            let _ = JsFuture::from(file.abort()).await;
        }
    }
}

/// Makes sure that a file of the browser's is whole: where its disk was full, parts of it are not there, which nothing
/// tells before they are read.
async fn read_last_byte(file: &Blob, n_bytes: u64) -> Result<(), Failure> {
    let size = file.size();
    let last = file.slice_with_f64_and_f64((size - 1.0).max(0.0), size).map_err(why)?;
    let read = JsFuture::from(last.array_buffer()).await;
    let is_there = read.is_ok_and(|read| read.unchecked_into::<ArrayBuffer>().byte_length() > 0);
    if is_there && size == n_bytes as f64 { Ok(()) } else { Err(full()) }
}

fn full() -> Failure {
    Failure::new("E-SAVE-FULL", "There is no room for the whole file.", NEXT)
}

/// What to do where a file could not be written.
const NEXT: &str =
    "Nothing was left half written; free some space or choose another place, and save again.";

/// What the browser says is in the way.
fn why(error: JsValue) -> Failure {
    let text = |key: &str| {
        let value = js_sys::Reflect::get(&error, &key.into()).ok();
        value.and_then(|value| value.as_string()).unwrap_or_default()
    };
    match &*text("name") {
        "QuotaExceededError" => full(),
        "NotAllowedError" | "NoModificationAllowedError" | "SecurityError" => Failure::new(
            "E-SAVE-DENIED",
            "The browser may not write to the chosen file.",
            "Choose another place, or download the file instead.",
        ),
        _ => Failure::new(
            "E-SAVE-FAILED",
            format!("The file could not be written: {}.", text("message")),
            NEXT,
        ),
    }
}

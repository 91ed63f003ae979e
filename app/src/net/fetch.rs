//! Addresses → bytes as they come in, with deadlines, a heartbeat and a cancel that is real.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Request, RequestBuilder};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, DedicatedWorkerGlobalScope, ReadableStreamDefaultReader,
};

/// How often a download says that it lives, and its deadlines are looked at, ms.
const BEAT_MS: i32 = 500;

/// Most bytes handed on at a time: what is copied in, read and made of them lies near the processor then, as the two
/// megabytes that a browser may have at hand would not. Manhattan's first 17 MB take 26 ms so, and took 28.
const PART: usize = 1 << 17;

/// Why a download was stopped from this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The person asked.
    Cancelled,
    /// No answer began in time.
    NoAnswer,
    /// The answer stood still.
    Stalled,
}

/// How a download ended early.
#[derive(Debug)]
pub enum FetchError {
    /// Stopped from this side.
    Stopped(Stop),
    /// No answer could be read at all: no network, or no CORS header on an error page.
    Network,
    /// The answer broke off after some bytes.
    Cut,
}

/// How long to wait, ms.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// For the first byte of the answer.
    pub answer: f64,
    /// Between two parts of it.
    pub stall: f64,
}

/// A running download, to be stopped from elsewhere.
#[derive(Clone)]
pub struct Handle {
    controller: AbortController,
    stopped: Rc<Cell<Option<Stop>>>,
    /// When something last came in, and whether the answer has begun.
    heard: Rc<Cell<(f64, bool)>>,
    n_bytes: Rc<Cell<u64>>,
}

impl Handle {
    /// A handle for a download that begins now.
    ///
    /// # Errors
    /// Where the browser has no `AbortController`.
    pub fn new() -> Result<Self, FetchError> {
        Ok(Self {
            controller: AbortController::new().map_err(|_| FetchError::Network)?,
            stopped: Rc::default(),
            heard: Rc::new(Cell::new((js_sys::Date::now(), false))),
            n_bytes: Rc::default(),
        })
    }

    /// Closes the connection.
    pub fn stop(&self, why: Stop) {
        self.stopped.set(self.stopped.get().or(Some(why)));
        self.controller.abort();
    }

    /// Whether the person asked for an end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.stopped.get() == Some(Stop::Cancelled)
    }

    /// Tells whatever waits for the download of an end.
    #[must_use]
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Bytes that have come in, and whether the answer has begun.
    #[must_use]
    pub fn progress(&self) -> (u64, bool) {
        (self.n_bytes.get(), self.heard.get().1)
    }

    fn heard(&self, n_bytes: usize) {
        self.n_bytes.set(self.n_bytes.get() + n_bytes as u64);
        self.heard.set((js_sys::Date::now(), true));
    }

    fn error(&self, otherwise: FetchError) -> FetchError {
        self.stopped.get().map_or(otherwise, FetchError::Stopped)
    }

    fn watch(&self, deadlines: Deadlines) {
        let (since, has_begun) = self.heard.get();
        let waited = js_sys::Date::now() - since;
        if has_begun && waited > deadlines.stall {
            self.stop(Stop::Stalled);
        } else if !has_begun && waited > deadlines.answer {
            self.stop(Stop::NoAnswer);
        }
    }
}

/// What is asked.
pub enum Ask<'a> {
    /// A file.
    Get,
    /// A form with one field, `data`: needs no preflight request.
    Post(&'a str),
}

/// Fetches `url`; `on_status` may refuse the answer by its status, `on_bytes` by its content.
///
/// # Errors
/// A [`FetchError`] through `E`, or whatever the two callbacks return.
pub async fn fetch<E: From<FetchError>>(
    url: &str,
    ask: Ask<'_>,
    handle: &Handle,
    deadlines: Deadlines,
    on_beat: impl Fn(&Handle) + 'static,
    on_status: impl FnOnce(u16) -> Result<(), E>,
    mut on_bytes: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    // It may have waited for its turn.
    handle.heard.set((js_sys::Date::now(), false));
    let beat = handle.clone();
    let _beating = Beat::start(move || {
        beat.watch(deadlines);
        on_beat(&beat);
    });
    let signal = handle.controller.signal();
    // Overpass and the geocoders refuse requests without a Referer, also where the page's own policy would drop it.
    let asking = |request: RequestBuilder| {
        let policy = web_sys::ReferrerPolicy::StrictOriginWhenCrossOrigin;
        request.abort_signal(Some(&signal)).referrer_policy(policy)
    };
    let request = match ask {
        Ask::Get => asking(Request::get(url)).build(),
        Ask::Post(data) => {
            let data: String = js_sys::encode_uri_component(data).into();
            asking(Request::post(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(format!("data={data}"))
        }
    };
    let request = request.map_err(|_| FetchError::Network)?;
    let response = request.send().await.map_err(|_| handle.error(FetchError::Network))?;
    handle.heard(0);
    if let Err(refused) = on_status(response.status()) {
        // Nothing of the body is of use; let the server stop sending it.
        handle.controller.abort();
        return Err(refused);
    }
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut part = Vec::new();
    loop {
        let read =
            JsFuture::from(reader.read()).await.map_err(|_| handle.error(FetchError::Cut))?;
        let is_done = Reflect::get(&read, &"done".into()).is_ok_and(|done| done.is_truthy());
        if is_done {
            return Ok(());
        }
        let Ok(value) = Reflect::get(&read, &"value".into()) else { continue };
        let Ok(chunk) = value.dyn_into::<Uint8Array>() else { continue };
        handle.heard(chunk.length() as usize);
        for from in (0..chunk.length()).step_by(PART) {
            let some = chunk.subarray(from, chunk.length().min(from + PART as u32));
            part.resize(some.length() as usize, 0);
            some.copy_to(&mut part);
            if let Err(refused) = on_bytes(&part) {
                handle.controller.abort();
                return Err(refused);
            }
        }
    }
}

/// A timer that ends with its value.
struct Beat {
    id: i32,
    _beat: Closure<dyn Fn()>,
}

impl Beat {
    fn start(beat: impl Fn() + 'static) -> Option<Self> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let beat = Closure::<dyn Fn()>::new(beat);
        let callback = beat.as_ref().unchecked_ref();
        let id =
            scope.set_interval_with_callback_and_timeout_and_arguments_0(callback, BEAT_MS).ok()?;
        Some(Self { id, _beat: beat })
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        scope.clear_interval_with_handle(self.id);
    }
}

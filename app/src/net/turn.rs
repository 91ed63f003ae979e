//! One map at a time is fetched by all tabs and frames of a site: a Web Lock, taken by the page that asks.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, DedicatedWorkerGlobalScope};

use super::timer::sleep;

/// The lock's name within the site.
const LOCK: &str = "mapposter-fetch";
/// The least time between two questions to the same servers, ms.
pub const GAP_MS: i32 = 1000;
/// How often it is told that others go first, ms.
const BEAT_MS: i32 = 1000;

/// The right to ask the map servers, or others, until it is dropped; of one who has asked, until a second later.
pub struct Turn {
    give: Option<Function>,
    has_asked: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(give) = &self.give else { return };
        if self.has_asked {
            let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
            let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(give, GAP_MS);
        } else {
            let _ = give.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Turn {
    /// At once; `None` where another has it. Where the browser has no locks, or lends a frame on another site none,
    /// there is always one.
    pub async fn take_if_free() -> Option<Self> {
        let options = Object::new();
        let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
        let Some(wish) = Wish::of(LOCK, &options) else { return Some(Self::of(None)) };
        let race = Array::of2(&wish.decided, &wish.ended);
        match JsFuture::from(Promise::race(&race)).await {
            Ok(_) => wish.given().map(|give| Self::of(Some(give))),
            Err(_) => Some(Self::of(None)),
        }
    }

    /// Waits for it, `on_wait` called now and then meanwhile; `None` where the signal says so.
    pub async fn take(signal: &AbortSignal, on_wait: impl Fn()) -> Option<Self> {
        Self::take_of(LOCK, signal, on_wait).await
    }

    /// The same for other servers than those of maps, under a lock of its own name within the site.
    pub async fn take_of(lock: &str, signal: &AbortSignal, on_wait: impl Fn()) -> Option<Self> {
        let options = Object::new();
        let _ = Reflect::set(&options, &"signal".into(), signal);
        let Some(wish) = Wish::of(lock, &options) else { return Some(Self::of(None)) };
        loop {
            let race = Array::of3(&wish.decided, &wish.ended, &sleep(BEAT_MS));
            if JsFuture::from(Promise::race(&race)).await.is_err() {
                return (!signal.aborted()).then_some(Self::of(None));
            }
            if let Some(give) = wish.given() {
                return Some(Self::of(Some(give)));
            }
            on_wait();
        }
    }

    fn of(give: Option<Function>) -> Self {
        Self { give, has_asked: false }
    }

    /// Says that a server is asked now.
    pub fn ask(&mut self) {
        self.has_asked = true;
    }
}

/// The lock, asked for.
struct Wish {
    /// Resolves when it is had, or is another's and not waited for.
    decided: Promise,
    /// Resolves when it is given on; rejects where there will be none.
    ended: Promise,
    give: Rc<RefCell<Option<Function>>>,
}

impl Wish {
    /// `None` where the browser has no locks.
    fn of(lock: &str, options: &Object) -> Option<Self> {
        let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
        let locks = of(&of(&js_sys::global(), "navigator")?, "locks")?;
        let request: Function = of(&locks, "request")?.dyn_into().ok()?;
        let (decided, decide) = promise();
        let give = Rc::new(RefCell::new(None));
        let held = give.clone();
        // Holds the lock until `give` is called.
        let on_lock = Closure::once_into_js(move |lock: JsValue| {
            let (until, end) = promise();
            let is_had = !lock.is_null();
            *held.borrow_mut() = is_had.then_some(end);
            let _ = decide.call0(&JsValue::UNDEFINED);
            if is_had { until.into() } else { JsValue::UNDEFINED }
        });
        let ended = request.call3(&locks, &lock.into(), options, &on_lock).ok()?;
        Some(Self { decided, ended: ended.dyn_into().ok()?, give })
    }

    fn given(&self) -> Option<Function> {
        self.give.borrow_mut().take()
    }
}

/// A promise and what resolves it.
fn promise() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |found, _| resolve = Some(found));
    (promise, resolve.unwrap_or_default())
}

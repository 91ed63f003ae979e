//! One question at a time to the map servers from all tabs and frames of a site: a Web Lock.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, DedicatedWorkerGlobalScope};

use super::timer::sleep;

/// The lock's name within the site.
const LOCK: &str = "mapposter-overpass";
/// How long the next one waits after a question, ms.
const GAP_MS: i32 = 1000;
/// How often it is told that others go first, ms.
const BEAT_MS: i32 = 1000;

/// The right to ask; given on a second after it is dropped.
pub struct Turn {
    give: Option<Function>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(give) = &self.give {
            let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
            let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(give, GAP_MS);
        }
    }
}

impl Turn {
    /// Waits for it, `on_wait` called now and then meanwhile; `None` where the signal says so.
    /// Where the browser has no locks there is always one.
    pub async fn take(signal: &AbortSignal, on_wait: impl Fn()) -> Option<Self> {
        Self::take_of(LOCK, signal, on_wait).await
    }

    /// The same for other servers than those of maps, under a lock of its own name within the site.
    pub async fn take_of(lock: &str, signal: &AbortSignal, on_wait: impl Fn()) -> Option<Self> {
        let Some((locks, request)) = locks() else { return Some(Self { give: None }) };
        let give = Rc::new(RefCell::new(None));
        let (taken, say_taken) = promise();
        let held = give.clone();
        // Holds the lock until `give` is called.
        let on_lock = Closure::once_into_js(move |_: JsValue| {
            let (until, end) = promise();
            *held.borrow_mut() = Some(end);
            let _ = say_taken.call0(&JsValue::UNDEFINED);
            until
        });
        let options = Object::new();
        let _ = Reflect::set(&options, &"signal".into(), signal);
        let Ok(asked) = request.call3(&locks, &lock.into(), &options, &on_lock) else {
            return Some(Self { give: None });
        };
        loop {
            let race = Array::of3(&taken, &asked, &sleep(BEAT_MS));
            if JsFuture::from(Promise::race(&race)).await.is_err() {
                // A frame on another site that may keep nothing may take no locks either.
                return (!signal.aborted()).then_some(Self { give: None });
            }
            if let Some(give) = give.borrow_mut().take() {
                return Some(Self { give: Some(give) });
            }
            on_wait();
        }
    }
}

/// `navigator.locks` and its `request`.
fn locks() -> Option<(JsValue, Function)> {
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let locks = of(&of(&js_sys::global(), "navigator")?, "locks")?;
    let request = of(&locks, "request")?.dyn_into().ok()?;
    Some((locks, request))
}

/// A promise and what resolves it.
fn promise() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |found, _| resolve = Some(found));
    (promise, resolve.unwrap_or_default())
}

//! Messages of both directions: a list whose first entry is a plain object and whose others are
//! buffers, which are handed over, not copied.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::{Array, ArrayBuffer, Function, Promise, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

use super::protocol::{Answer, Call, Reply};
use crate::failure::Failure;
use crate::net::timer::sleep;

/// The list to post.
pub(super) fn pack(message: &impl Serialize, buffers: &[ArrayBuffer]) -> Array {
    // Numbers and objects that structured cloning carries as they are, no BigInt and no Map.
    let object = message.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED);
    let list = Array::of1(&object);
    for buffer in buffers {
        list.push(buffer);
    }
    list
}

/// What to hand over with it.
pub(super) fn transfer(buffers: &[ArrayBuffer]) -> Array {
    buffers.iter().collect()
}

/// A posted list's message, or why it cannot be read, and its buffers; `None` for what is no list.
pub(super) fn unpack<T: DeserializeOwned>(
    data: JsValue,
) -> Option<(Result<T, String>, Vec<ArrayBuffer>)> {
    let list = data.dyn_into::<Array>().ok()?;
    let message = serde_wasm_bindgen::from_value(list.get(0)).map_err(|e| e.to_string());
    let buffers = list.iter().skip(1).filter_map(|entry| entry.dyn_into().ok()).collect();
    Some((message, buffers))
}

thread_local! {
    /// What came with the job that is being begun and is no buffer.
    static THING: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// Both ends of a line to oneself, and who waits for a word on it, in turn.
    static LINE: RefCell<Option<MessageChannel>> = const { RefCell::new(None) };
    static WAITING: RefCell<VecDeque<Function>> = const { RefCell::new(VecDeque::new()) };
}

/// The thing of the browser's that came with the job that is being begun, if any did.
#[must_use]
pub fn take_thing() -> Option<JsValue> {
    THING.take()
}

/// Lets messages that have come in be heard, at once: a timer would take four milliseconds.
pub async fn breathe() {
    let heard = Promise::new(&mut |resolve, _| {
        LINE.with_borrow_mut(|line| {
            if line.is_none() {
                *line = own_line();
            }
            if let Some(line) = line {
                WAITING.with_borrow_mut(|waiting| waiting.push_back(resolve));
                let _ = line.port2().post_message(&JsValue::NULL);
            } else {
                let _ = resolve.call0(&JsValue::NULL);
            }
        });
    });
    let _ = JsFuture::from(heard).await;
}

fn own_line() -> Option<MessageChannel> {
    let line = MessageChannel::new().ok()?;
    let hear = Closure::<dyn Fn()>::new(|| {
        let first = WAITING.with_borrow_mut(VecDeque::pop_front);
        if let Some(resolve) = first {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    line.port1().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    Some(line)
}

/// Bytes as a buffer of the browser's, which can be handed over.
#[must_use]
pub fn buffer(bytes: &[u8]) -> ArrayBuffer {
    Uint8Array::from(bytes).buffer()
}

/// A buffer's bytes.
#[must_use]
pub fn bytes(buffer: &ArrayBuffer) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

/// Lets whatever else has come in be done first.
pub async fn next_task() {
    let _ = JsFuture::from(sleep(0)).await;
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

thread_local! {
    /// The job being worked on, so that a panic can name it.
    static CURRENT: RefCell<u32> = const { RefCell::new(0) };
}

/// Says something to the UI.
pub fn post(id: u32, answer: Answer, buffers: &[ArrayBuffer]) {
    let list = pack(&Reply { id, answer }, buffers);
    if scope().post_message_with_transfer(&list, &transfer(buffers)).is_err() {
        let lost = Failure::of_worker("an answer could not be sent");
        let _ = scope().post_message(&pack(&Reply { id, answer: Answer::Failed(lost) }, &[]));
    }
}

/// Begins a worker's life: every job goes to `on_job` with its number and buffers.
pub fn serve<J: DeserializeOwned + 'static>(on_job: impl Fn(u32, J, Vec<ArrayBuffer>) + 'static) {
    // After a panic the module's memory is in an unknown state; the UI starts a fresh worker.
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line()));
        let id = CURRENT.with_borrow(|id| *id);
        post(id, Answer::Panicked { message: place.unwrap_or_default() }, &[]);
    }));
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        let list = data.dyn_ref::<Array>().filter(|list| list.length() > 1);
        let thing = list.map(|list| list.at(-1));
        THING.replace(
            thing.filter(|thing| thing.is_object() && !thing.is_instance_of::<ArrayBuffer>()),
        );
        let Some((call, buffers)) = unpack::<Call<J>>(data) else { return };
        match call {
            Ok(Call { id, job }) => {
                CURRENT.with_borrow_mut(|current| *current = id);
                on_job(id, job, buffers);
            }
            Err(error) => {
                let what = format!("a message could not be read: {error}");
                post(0, Answer::Panicked { message: what }, &[]);
            }
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(0, Answer::Ready, &[]);
}

//! A place for a file, chosen by the person, where the browser lets a page ask for one.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileSystemFileHandle};

use super::page;
use crate::failure::Failure;

/// No published type of web-sys has it.
const ASK: &str = "showSaveFilePicker";

fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// Whether it does.
pub fn can_ask() -> bool {
    web_sys::window().is_some_and(|window| method(&window, ASK).is_some())
}

/// Asks for a place for a file of this name and kind, while the click that wants it is being heard. The answer is a
/// handle of the file.
pub fn ask(name: &str, mime: &str) -> impl Future<Output = Result<JsValue, Failure>> + use<> {
    let asked = web_sys::window().and_then(|window| {
        let ending = format!(".{}", name.rsplit('.').next().unwrap_or_default());
        let endings = Object::new();
        Reflect::set(&endings, &mime.into(), &Array::of1(&ending.into())).ok()?;
        let kind = Object::new();
        Reflect::set(&kind, &"accept".into(), &endings).ok()?;
        let options = Object::new();
        Reflect::set(&options, &"suggestedName".into(), &name.into()).ok()?;
        Reflect::set(&options, &"types".into(), &Array::of1(&kind)).ok()?;
        let asked = method(&window, ASK)?.call1(&window, &options).ok()?;
        asked.dyn_into::<Promise>().ok()
    });
    async move {
        let Some(asked) = asked else { return Err(denied()) };
        JsFuture::from(asked).await.map_err(|error| {
            let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
            match name.as_deref() {
                Some("AbortError") => Failure::new(
                    "E-SAVE-NONE",
                    "No place was chosen, so nothing was written.",
                    "Choose one, or download the file instead.",
                ),
                _ => denied(),
            }
        })
    }
}

fn denied() -> Failure {
    Failure::new(
        "E-SAVE-DENIED",
        "The browser did not let a place be chosen.",
        "Download the file instead.",
    )
}

/// What a chosen file is called.
pub fn name_of(file: &JsValue) -> Option<String> {
    Reflect::get(file, &"name".into()).ok()?.as_string()
}

/// How often a file is tried to be deleted.
const N_DISCARDS: u32 = 100;
/// How long is waited before it is tried again, ms.
const DISCARD_MS: i32 = 20;

/// Deletes a chosen file that was not written after all, if it was made for this and is empty.
pub async fn discard(file: JsValue) {
    let handle: &FileSystemFileHandle = file.unchecked_ref();
    let Some(remove) = method(&file, "remove") else { return };
    // A worker that was ended holds the file a little longer, and none can be deleted while it is held.
    for _ in 0..N_DISCARDS {
        let Ok(content) = JsFuture::from(handle.get_file()).await else { return };
        if content.unchecked_into::<File>().size() != 0.0 {
            return;
        }
        let Ok(removed) = remove.call0(&file) else { return };
        if JsFuture::from(Promise::resolve(&removed)).await.is_ok() {
            return;
        }
        page::sleep(DISCARD_MS).await;
    }
}

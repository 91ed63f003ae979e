//! The page the app runs in: addresses, the clock, the screen.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::net::timer;

/// A path beside `index.html` → its absolute address, under whatever sub-path the app is served.
pub fn url(path: &str) -> String {
    let base = document().and_then(|page| page.base_uri().ok().flatten()).unwrap_or_default();
    web_sys::Url::new_with_base(path, &base).map_or_else(|_| path.to_owned(), |url| url.href())
}

/// A file of data beside `index.html` → its address. Behind it stands the version of the site, as the page's `meta`
/// element names it: files of two builds never share an address, not even in a cache.
pub fn data_url(path: &str) -> String {
    url(&match meta("mapposter-version") {
        Some(version) => format!("{path}?{version}"),
        None => path.to_owned(),
    })
}

/// What a `meta` element of the page says.
fn meta(name: &str) -> Option<String> {
    let meta = document()?.query_selector(&format!("meta[name={name}]")).ok().flatten()?;
    meta.get_attribute("content")
}

/// A script of this build → its address. Each build's code has a folder of its own, named in a
/// `meta` element; under `trunk serve` it is empty.
pub fn code_url(name: &str) -> String {
    let folder = meta("mapposter-build").unwrap_or_default();
    url(&format!("{folder}{name}"))
}

/// The address of the script this module came with.
pub fn script_url() -> String {
    let link = document()
        .and_then(|page| page.query_selector("link[rel=modulepreload]").ok().flatten())
        .and_then(|link| link.get_attribute("href"));
    url(&link.unwrap_or_default())
}

/// The document.
pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

#[wasm_bindgen]
extern "C" {
    /// Covers the page with a sentence that the app has stopped, and where in its source; in
    /// `app/boot.js`, as after a panic this module does nothing any more.
    #[wasm_bindgen(js_namespace = mapposter, js_name = stopped)]
    pub fn say_stopped(place: &str);

    /// Has the app itself kept in the browser for visits without a network, or no more; in `app/start.mjs`.
    /// `has_places`: with what lettering a kept place takes.
    #[wasm_bindgen(js_namespace = mapposter, js_name = stay)]
    pub fn stay(is_wanted: bool, has_places: bool);

    /// Resolves when a context can be had without a long wait; in `app/start.mjs`.
    #[wasm_bindgen(js_namespace = mapposter)]
    fn gpu() -> js_sys::Promise;

    /// The browser's own, by its bare name: to fetch `window` first cost each frame as much again.
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_animation_frame(act: &js_sys::Function) -> i32;
}

/// Until the browser has a line to the GPU: a context that is asked for sooner stops the page meanwhile.
pub async fn gpu_is_awake() {
    let _ = JsFuture::from(gpu()).await;
}

/// An element by its id.
fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// A canvas by its id.
pub fn canvas(id: &str) -> Option<web_sys::HtmlCanvasElement> {
    element(id)
}

/// Shows the page, which is hidden as long as it says that it is loading.
pub fn end_boot() {
    if let Some(boot) = element::<web_sys::Element>("boot") {
        boot.remove();
    }
}

/// Scrolls to an element where it is out of sight.
pub fn reveal(id: &str) {
    let Some(line) = element::<web_sys::HtmlElement>(id) else { return };
    let Some(list) = line.parent_element() else { return };
    let (top, height) = (line.offset_top(), line.offset_height());
    let highest = (top + height - list.client_height()).max(0);
    list.set_scroll_top(list.scroll_top().clamp(highest.min(top), top));
}

/// Scrolls what is in an element to its beginning.
pub fn scroll_to_top(id: &str) {
    if let Some(element) = element::<web_sys::HtmlElement>(id) {
        element.set_scroll_top(0);
    }
}

/// Gives an element the focus.
pub fn focus(id: &str) {
    if let Some(element) = element::<web_sys::HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// Calls `act` at each event of this name, as long as the page lives.
pub fn listen(target: &web_sys::EventTarget, name: &str, act: Box<dyn Fn(web_sys::Event)>) {
    let act = Closure::wrap(act).into_js_value();
    let _ = target.add_event_listener_with_callback(name, act.unchecked_ref());
}

/// Pixels of the screen to a CSS pixel.
pub fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Calls `act` whenever the screen's pixels have become finer or coarser, and at other times.
pub fn on_new_pixels(act: Rc<dyn Fn()>) {
    // Chromium 156.0.8078.108 may tell a query's change long after the ratio has changed.
    if let Some(window) = web_sys::window() {
        let act = act.clone();
        listen(&window, "resize", Box::new(move |_| act()));
    }
    on_other_ratio(act);
}

fn on_other_ratio(act: Rc<dyn Fn()>) {
    let query = format!("(resolution: {}dppx)", device_pixel_ratio());
    let answer = web_sys::window().and_then(|window| window.match_media(&query).ok().flatten());
    let Some(answer) = answer else { return };
    let is_over = Cell::new(false);
    let on_change = move |_| {
        // The query is of the ratio until now; the next change needs one of the new ratio.
        if !is_over.replace(true) {
            act();
            on_other_ratio(act.clone());
        }
    };
    listen(&answer, "change", Box::new(on_change));
}

/// Whether the person asked their system for less motion.
pub fn prefers_reduced_motion() -> bool {
    let query = "(prefers-reduced-motion: reduce)";
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|answer| answer.matches())
}

/// Calls a function before the screen is painted next.
pub fn ask_for_frame(act: &js_sys::Function) {
    request_animation_frame(act);
}

/// The next time the screen is painted.
pub async fn next_frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| ask_for_frame(&resolve));
    let _ = JsFuture::from(promise).await;
}

/// After so many milliseconds.
pub async fn sleep(ms: i32) {
    let _ = JsFuture::from(timer::sleep(ms)).await;
}

/// Whether the browser has a network at all.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Asks the browser not to clear what this site keeps. Some ask the person, some never agree.
pub fn ask_for_lasting_storage() {
    if let Some(window) = web_sys::window() {
        let _ = window.navigator().storage().persist();
    }
}

/// A file beside the page as text; `None` where it is not there.
pub async fn text_file(path: &str) -> Option<String> {
    file_if_any(path).await.ok().flatten()
}

/// A file beside the page as text; `None` where the site says that it has none.
///
/// # Errors
/// Why it may be there and could not be read, as a clause.
pub async fn file_if_any(path: &str) -> Result<Option<String>, String> {
    let asked = web_sys::window().map(|window| window.fetch_with_str(&url(path)));
    let response = match asked {
        Some(asked) => JsFuture::from(asked).await.ok(),
        None => None,
    };
    let response = response.and_then(|response| response.dyn_into::<web_sys::Response>().ok());
    let response = response.ok_or("it could not be reached")?;
    match response.status() {
        404 => return Ok(None),
        200..=299 => {}
        status => return Err(format!("the site answered with status {status}")),
    }
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok(),
        Err(_) => None,
    };
    text.and_then(|text| text.as_string()).map(Some).ok_or_else(|| "it broke off".to_owned())
}

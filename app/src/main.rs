//! The page's module: mounts the app, or is the render worker, nothing else.
//!
//! Both are one file, because half of each is what the other has too. On the UI thread nothing is
//! parsed, tessellated or rasterised; that is the workers' part, which is in the library (`lib.rs`).

mod jobs;
mod panels;
mod platform;
mod preview;
mod search;
mod state;
mod themes;

use leptos::mount::mount_to_body;

fn main() {
    if web_sys::window().is_none() {
        return mapposter_app::worker::render::run();
    }
    console_error_panic_hook::set_once();
    mount_to_body(panels::shell);
    if let Some(boot) = platform::page::document().and_then(|page| page.get_element_by_id("boot")) {
        boot.remove();
    }
}

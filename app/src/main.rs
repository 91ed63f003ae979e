//! The page's module: mounts the app, or is the render worker, nothing else.
//!
//! Both are one file, because half of each is what the other has too. On the UI thread nothing is
//! parsed, tessellated or rasterised; that is the workers' part, which is in the library (`lib.rs`).

mod area;
mod export;
mod jobs;
mod kept;
mod live;
mod own_data;
mod panels;
mod preview;
mod queue;
mod ready;
mod reopen;
mod search;
mod state;
mod themes;

use leptos::mount::mount_to_body;
use mapposter_app::platform;

fn main() {
    if web_sys::window().is_none() {
        return mapposter_app::worker::render::run();
    }
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line()));
        platform::page::say_stopped(&place.unwrap_or_default());
    }));
    mount_to_body(panels::shell);
}

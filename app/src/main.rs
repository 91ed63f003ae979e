//! The UI module: mounts the app, nothing else.
//!
//! It never parses, tessellates or rasterises; that is the workers' part, and what the three
//! share is in the library (`lib.rs`).

mod jobs;
mod panels;
mod platform;
mod preview;
mod state;
mod themes;

use leptos::mount::mount_to_body;

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(panels::shell);
    if let Some(boot) = platform::page::document().and_then(|page| page.get_element_by_id("boot")) {
        boot.remove();
    }
}

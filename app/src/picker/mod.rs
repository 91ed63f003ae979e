//! The map picker: a dialog with a map of the whole world and the poster's frame on it.
//!
//! A module of its own (`app/src/bin/picker.rs`), loaded when it is first opened, without Leptos: two canvases
//! and a row of buttons. Its arithmetic is in the crate `picker`; the world and its cities' names are fetched
//! when it opens.
//!
//! | id | what |
//! |---|---|
//! | `picker` | the dialog; `data-frame` is the frame: latitude, longitude, distance, rotation; `data-view` the map's middle and how wide the whole world would be, pixels |
//! | `picker-map` | the map; takes the focus, the hands and the keys |
//! | `picker-nearer`, `picker-farther`, `picker-fit` | zoom the map |
//! | `picker-here` | brings the frame to the middle of the map |
//! | `picker-north`, `picker-south`, `picker-west`, `picker-east`, `picker-larger`, `picker-smaller`, `picker-turn-left`, `picker-turn-right`, `picker-upright` | change the frame |
//! | `picker-where`, `picker-what`, `picker-live` | the frame in words, and the same for a listener |
//! | `picker-tiles` | the switch of a detailed map, where config.json names one |
//! | `picker-note`, `picker-attribution` | what is missing, each with `data-code`; whose map it is |
//! | `picker-use`, `picker-cancel` | the end |

mod dialog;
mod hands;
mod paint;
mod stage;

use ::picker::Frame;

use crate::net::config::TileServer;
use crate::platform::page;
use stage::Stage;

thread_local! {
    /// Kept from one opening to the next, with the world and all that listens.
    static STAGE: std::cell::RefCell<Option<Stage>> = const { std::cell::RefCell::new(None) };
}

/// The browser knows no dialogs, as Safari before 15.4, or does not open one.
#[derive(Debug, Clone, Copy)]
pub struct NoDialog;

/// Lets a person choose an area; `None` when they cancel. `server`: who is asked for its map.
///
/// # Errors
/// [`NoDialog`].
pub async fn pick(
    frame: Frame,
    server: &str,
    tiles: Option<TileServer>,
) -> Result<Option<Frame>, NoDialog> {
    let kept = STAGE.with_borrow(Clone::clone);
    let stage = match kept {
        Some(stage) => stage,
        None => {
            let stage = Stage::new().ok_or(NoDialog)?;
            STAGE.set(Some(stage.clone()));
            page::sleep(0).await;
            stage
        }
    };
    stage.ask(frame, server, tiles).await
}

//! What the app's modules share: messages, workers, network, the browser; and the map picker. No Leptos here, so
//! that modules of their own do not carry it; the page itself lives in the binary (`main.rs`).

pub mod failure;
pub mod limits;
pub mod net;
pub mod picker;
pub mod platform;
pub mod ready_list;
pub mod shelf;
pub mod worker;

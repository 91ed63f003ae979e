//! What the app's two modules share: messages, workers, network. No Leptos here, so that the print
//! worker does not carry it; what is on screen lives in the binary (`main.rs`).

pub mod failure;
pub mod net;
pub mod worker;

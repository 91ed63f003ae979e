//! What the app's modules share: messages, workers, network. No Leptos here, so that the workers of
//! their own do not carry it; what is on screen lives in the binary (`main.rs`).

pub mod failure;
pub mod net;
pub mod shelf;
pub mod worker;

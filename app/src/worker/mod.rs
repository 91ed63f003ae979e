//! The threads: what is said between them, the UI's end, and the engines.

mod bands;
pub mod client;
mod file;
pub mod library;
pub mod mesh_wire;
pub mod port;
pub mod poster;
pub mod print;
pub mod protocol;
mod rehearsal;
pub mod render;
mod sink;
pub mod source;
mod store;
mod zip;

//! The browser, kept in one room.

pub mod download;
pub mod page;

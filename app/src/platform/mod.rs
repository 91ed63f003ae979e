//! The browser, kept in one room.

pub mod bundle;
pub mod download;
pub mod page;
pub mod position;
pub mod save;
pub mod storage;
pub mod wheel;

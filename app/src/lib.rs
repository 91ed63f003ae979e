//! The app, shared by its three modules.

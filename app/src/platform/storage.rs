//! Small texts that outlive a visit. A browser that keeps none, as in a frame of another site, is no error.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Remembers, for later visits and other tabs, that something is so, or that it is not.
pub fn remember(what: &str, is_so: bool) {
    if is_so {
        write(what, "1");
    } else if let Some(storage) = storage() {
        let _ = storage.remove_item(what);
    }
}

/// Whether [`remember`] said so.
pub fn remembers(what: &str) -> bool {
    read(what).is_some()
}

/// What was kept under a name.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a text; where there is no room nothing is kept.
pub fn write(name: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, text);
    }
}

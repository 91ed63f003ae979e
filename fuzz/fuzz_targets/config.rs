//! A site owner's config.json: whatever it holds there is a server to ask, at an address a browser may use.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The app's crate would bring all of its user interface along.
#[path = "../../app/src/net/config.rs"]
#[allow(dead_code, reason = "the target asks less of it than the app")]
mod config;

fuzz_target!(|text: &str| {
    let (config, _) = config::parse(text);
    assert!(!config.overpass.is_empty());
    let geocoders = [config.photon, config.photon_typing, config.nominatim].into_iter().flatten();
    let tiles = config.tiles.map(|tiles| tiles.url);
    for url in config.overpass.into_iter().chain(geocoders).chain(tiles) {
        // As a browser reads an address: what it strips, and letters of either size.
        let address = url.trim_matches(|letter: char| letter <= ' ').to_ascii_lowercase();
        let scheme = address.split_once(':').map(|(scheme, _)| scheme);
        let is_scheme =
            |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        let scheme = scheme.filter(|scheme| is_scheme(scheme));
        assert!(matches!(scheme, None | Some("http" | "https")), "{url}");
    }
});

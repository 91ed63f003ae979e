//! Files of cities: odd bytes are refused, and what is read can be searched for anything.

#![no_main]

use libfuzzer_sys::fuzz_target;
use places::Gazetteer;

fuzz_target!(|input: (&str, i16, i16, &[u8])| {
    let (typed, lat, lon, bytes) = input;
    let here = (f64::from(lat) / 364.0, f64::from(lon) / 182.0);
    let Ok(world) = Gazetteer::read(bytes) else { return };
    let hits = world.search(typed, Some(here), 8);
    assert!(hits.len() <= 8);
    let _ = world.nearest(here.0, here.1);
});

//! Files of cities, whose sections' lengths are made right, so that odd bytes reach every section: they are
//! refused, and what is read can be searched for anything.

#![no_main]

use libfuzzer_sys::fuzz_target;
use places::Gazetteer;

type Sections<'a> = (&'a str, &'a str, &'a str, &'a [u8], &'a [u8], &'a [u8]);

fuzz_target!(|input: (&str, i16, i16, Sections, &[u8])| {
    let (typed, lat, lon, (countries, regions, names, lats, lons, weights), bytes) = input;
    let here = (f64::from(lat) / 364.0, f64::from(lon) / 182.0);
    let mut file = b"MPG1".to_vec();
    file.extend((weights.len() as u32).to_le_bytes());
    let texts = [countries, regions, names].map(str::as_bytes);
    for section in texts.into_iter().chain([lats, lons, weights]) {
        file.extend((section.len() as u32).to_le_bytes());
        file.extend(section);
    }
    for file in [&file, bytes] {
        let Ok(world) = Gazetteer::read(file) else { continue };
        let hits = world.search(typed, Some(here), 8);
        assert!(hits.len() <= 8);
        let _ = world.nearest(here.0, here.1);
    }
});

//! Anything typed or pasted: never a panic, and a point is always on the globe.

#![no_main]

use libfuzzer_sys::fuzz_target;
use places::plus_code;
use places::query::{PlaceQuery, parse};

fuzz_target!(|typed: &str| {
    let point = match parse(typed) {
        PlaceQuery::Point(point) => Some(point),
        PlaceQuery::ShortCode { code, .. } => plus_code::recover(&code, (60.0, 25.0)),
        PlaceQuery::Text(words) => {
            assert!(words.chars().count() <= 200, "{words}");
            None
        }
        PlaceQuery::ShortLink | PlaceQuery::ObjectLink => None,
    };
    if let Some(point) = point {
        assert!(point.lat.abs() <= 90.0 && point.lon.abs() <= 180.0, "{point:?}");
        assert!(point.distance.is_none_or(|metres| metres > 0.0), "{point:?}");
    }
});

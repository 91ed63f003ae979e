//! Records of kept places, as a browser gives them back: one that is read can be looked up and compared, lies on the
//! globe, and is written as it was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shelf::{Stored, VERSION, giving_way, serving};

// The app's crate would bring all of its user interface along.
#[path = "../../app/src/net"]
#[allow(dead_code, reason = "the target asks less of it than the app")]
mod net {
    pub mod query;
}
#[path = "../../app/src/shelf.rs"]
#[allow(dead_code, reason = "the target asks less of it than the app")]
mod shelf;

fuzz_target!(|input: (&str, &str)| {
    let (key, json) = input;
    // Under the key that it would have, too.
    let of_json = serde_json::from_str::<shelf::Record>(json).map(|record| record.key());
    for key in [key.to_owned(), of_json.unwrap_or_default()] {
        let Stored::Place(record) = Stored::read(&key, json) else { continue };
        assert!(record.version <= VERSION && record.key() == key);
        assert!(record.area.south < record.area.north, "{record:?}");
        let written = serde_json::to_string(&record).unwrap_or_default();
        assert!(matches!(Stored::read(&key, &written), Stored::Place(_)), "{written}");
        let _ = (record.is_fresh(0.0), record.is_older_than(&key));
        let records = [record.clone(), record.clone()];
        assert!(serving(&records, record.area, record.detail).is_some());
        let _ = giving_way(&records, &key, 1, 1.0);
    }
});

//! Which kept place serves a wish, how long, and which give way to a new one: decisions alone, no
//! storage.

use render_core::lonlat::Bbox;
use serde::{Deserialize, Serialize};

use crate::net::query::Detail;

/// Of what is asked of servers and how it is kept. To be raised when either changes: an older question's
/// answer is then drawn only where no server can be reached.
pub const VERSION: u32 = 3;
/// How long a place serves without a server being asked: 30 days, as `OpenStreetMap`'s servers ask
/// applications to keep what they got.
pub const FRESH_MS: f64 = 30.0 * 86_400_000.0;
/// Most bytes of all kept places.
pub const MOST_BYTES: f64 = 200e6;
/// Most of what the browser gives the site that kept places may take.
pub const QUOTA_SHARE: f64 = 0.25;

/// What is known of a kept place without its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`] when it was kept.
    pub version: u32,
    /// The box that the data fill.
    pub area: Bbox,
    /// How much of what is in it.
    pub detail: Detail,
    /// The place it was fetched for, as in a design.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// Metres.
    pub distance: f64,
    /// The place's name, empty for none.
    pub name: String,
    /// Its country, empty for none.
    pub country: String,
    /// When the data are from, as the server wrote it.
    pub timestamp: Option<String>,
    /// Bytes of the pack.
    pub bytes: u32,
    /// CRC-32 of the pack.
    pub crc: u32,
    /// When it was kept, ms since 1970.
    pub stored: f64,
    /// When it was last drawn from, ms since 1970.
    pub used: f64,
    /// Whether the person asked to keep it: nothing makes it give way.
    pub is_kept: bool,
}

/// What lies under a key of the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    /// A place.
    Place(Record),
    /// Another build's, newer than this one, which may be open in another tab: not ours to judge, count or delete.
    Newer,
    /// Nothing that can be drawn from.
    Broken,
}

impl Stored {
    /// Reads what came out of storage, which is no more to be trusted than a file.
    #[must_use]
    pub fn read(key: &str, json: &str) -> Self {
        // A newer build's record may look like nothing that is known here, but its key tells.
        let version = key.split('/').next().and_then(|version| version.parse::<u32>().ok());
        if version.is_some_and(|version| version > VERSION) {
            return Self::Newer;
        }
        match serde_json::from_str::<Record>(json) {
            Ok(record) if record.is_sound() && record.key() == key => Self::Place(record),
            _ => Self::Broken,
        }
    }
}

impl Record {
    /// What it is kept under: its geometry and layers, so that themes and titles share it.
    #[must_use]
    pub fn key(&self) -> String {
        let Bbox { south, west, north, east } = self.area;
        // Boxes lie on grids of powers of two, which these numbers hold whatever JSON has rounded.
        let [south, west, north, east] =
            [south, west, north, east].map(|degrees| (degrees * 1_048_576.0).round());
        let (version, detail) = (self.version, self.detail as u8);
        format!("{version}/{detail}/{south},{west},{north},{east}")
    }

    /// Whether it can be drawn at all.
    fn is_sound(&self) -> bool {
        let Bbox { south, west, north, east } = self.area;
        let is_lon = |lon: f64| (-180.0..=180.0).contains(&lon);
        self.version <= VERSION
            && (-90.0..north).contains(&south)
            && north <= 90.0
            && [west, east, self.lon].into_iter().all(is_lon)
            && (-90.0..=90.0).contains(&self.lat)
    }

    /// Whether it serves without a server being asked first.
    #[must_use]
    pub fn is_fresh(&self, now: f64) -> bool {
        // A clock that was set back makes nothing fresh for ever.
        !self.is_older() && (0.0..FRESH_MS).contains(&(now - self.stored))
    }

    /// Whether it answers an older build's question.
    #[must_use]
    pub fn is_older(&self) -> bool {
        self.version < VERSION
    }

    /// Whether it is an older build's of the same box and detail.
    #[must_use]
    pub fn is_older_than(&self, key: &str) -> bool {
        let after_version = |key: &str| key.split_once('/').map(|(_, place)| place.to_owned());
        self.is_older() && after_version(&self.key()) == after_version(key)
    }

    fn holds(&self, area: Bbox, detail: Detail) -> bool {
        self.detail >= detail && self.area.holds(area)
    }
}

/// The newest place that has all of a box; an older build's only where there is no other.
#[must_use]
pub fn serving(records: &[Record], area: Bbox, detail: Detail) -> Option<&Record> {
    let serving = records.iter().filter(|record| record.holds(area, detail));
    serving.max_by(|a, b| a.version.cmp(&b.version).then(a.stored.total_cmp(&b.stored)))
}

/// Most bytes of all kept places, where the browser gives the site `quota`.
#[must_use]
pub fn most_bytes(quota: Option<f64>) -> f64 {
    quota.map_or(MOST_BYTES, |quota| (QUOTA_SHARE * quota).min(MOST_BYTES))
}

/// The keys of places that give way to one of `bytes`, older builds' and then the least used first; `None` where it
/// does not fit beside those that were kept on purpose.
#[must_use]
pub fn giving_way(records: &[Record], key: &str, bytes: u32, most: f64) -> Option<Vec<String>> {
    let others = || records.iter().filter(|record| record.key() != key);
    let mut total = f64::from(bytes) + others().map(|record| f64::from(record.bytes)).sum::<f64>();
    let mut loose: Vec<&Record> = others().filter(|record| !record.is_kept).collect();
    loose.sort_by(|a, b| b.is_older().cmp(&a.is_older()).then(a.used.total_cmp(&b.used)));
    let mut giving_way = Vec::new();
    for record in loose {
        if total <= most {
            break;
        }
        total -= f64::from(record.bytes);
        giving_way.push(record.key());
    }
    (total <= most).then_some(giving_way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::query::{overpass_queries, query_area};
    use render_core::design::Design;

    fn record(west: f64, size: f64, stored: f64) -> Record {
        Record {
            version: VERSION,
            area: Bbox { south: 10.0, west, north: 10.0 + size, east: west + size },
            detail: Detail::Full,
            lat: 10.0 + size / 2.0,
            lon: west + size / 2.0,
            distance: 1000.0,
            name: String::new(),
            country: String::new(),
            timestamp: None,
            bytes: 1000,
            crc: 0,
            stored,
            used: stored,
            is_kept: false,
        }
    }

    fn bbox(west: f64, size: f64) -> Bbox {
        record(west, size, 0.0).area
    }

    #[test]
    fn the_newest_place_that_has_it_all_serves() {
        let records = [record(20.0, 1.0, 5.0), record(20.0, 0.5, 7.0), record(20.0, 2.0, 6.0)];
        let check = |area: Bbox, detail: Detail, expected: Option<f64>| {
            assert_eq!(serving(&records, area, detail).map(|r| r.stored), expected, "{area:?}");
        };
        check(bbox(20.0, 0.5), Detail::Full, Some(7.0));
        check(bbox(20.0, 0.6), Detail::Streets, Some(6.0));
        check(bbox(20.0, 2.1), Detail::Full, None);
        check(bbox(19.9, 0.2), Detail::Full, None);
        let streets = Record { detail: Detail::Streets, ..record(20.0, 1.0, 1.0) };
        assert_eq!(serving(&[streets], bbox(20.0, 0.5), Detail::Full), None);
    }

    #[test]
    fn a_place_serves_for_30_days_unasked() {
        let record = record(20.0, 1.0, 1e12);
        let day = 86_400_000.0;
        assert!(record.is_fresh(1e12) && record.is_fresh(1e12 + 29.9 * day));
        assert!(!record.is_fresh(1e12 + 30.0 * day) && !record.is_fresh(1e12 - 1.0));
    }

    #[test]
    fn the_least_used_give_way_and_what_was_kept_on_purpose_never() {
        let mut records: Vec<Record> =
            [3.0, 1.0, 2.0].map(|at| record(20.0 + at, 0.5, at)).to_vec();
        let check = |records: &[Record], key: &str, most: f64, expected: Option<&[f64]>| {
            let keys = |at: &f64| record(20.0 + at, 0.5, *at).key();
            let expected = expected.map(|all| all.iter().map(keys).collect::<Vec<_>>());
            assert_eq!(giving_way(records, key, 1000, most), expected, "{most}");
        };
        check(&records, "new", 4000.0, Some(&[]));
        check(&records, "new", 3999.0, Some(&[1.0]));
        check(&records, "new", 1000.0, Some(&[1.0, 2.0, 3.0]));
        check(&records, "new", 999.0, None);
        // What is kept anew takes its own place.
        check(&records, &records[0].key(), 3000.0, Some(&[]));
        records[1].is_kept = true;
        check(&records, "new", 3000.0, Some(&[2.0]));
        check(&records, "new", 1999.0, None);
    }

    #[test]
    fn an_older_builds_place_is_asked_for_anew_and_gives_way_first() {
        let older = |at: f64| Record { version: VERSION - 1, ..record(20.0, 0.5, at) };
        assert!(!older(1e12).is_fresh(1e12));
        let records = [older(9.0), record(20.0, 0.5, 5.0)];
        assert_eq!(serving(&records, bbox(20.0, 0.5), Detail::Full), Some(&records[1]));
        assert_eq!(serving(&records[..1], bbox(20.0, 0.5), Detail::Full), Some(&records[0]));
        assert_eq!(giving_way(&records, "new", 1000, 2000.0), Some(vec![records[0].key()]));
        assert!(records[0].is_older_than(&records[1].key()));
        assert!(!records[1].is_older_than(&records[1].key()));
        assert!(!records[0].is_older_than(&record(20.0, 1.0, 5.0).key()));
    }

    #[test]
    fn kept_places_take_a_quarter_of_the_quota_and_200_mb_at_most() {
        assert_eq!(most_bytes(None), 200e6);
        assert_eq!(most_bytes(Some(1e6)), 250e3);
        assert_eq!(most_bytes(Some(1e12)), 200e6);
    }

    #[test]
    fn a_key_is_of_geometry_and_layers_alone() {
        let named = Record { name: "Tartu".into(), used: 9.0, ..record(20.0, 1.0, 5.0) };
        assert_eq!(named.key(), record(20.0, 1.0, 6.0).key());
        let detail = Detail::Main;
        assert_ne!(Record { detail, ..named.clone() }.key(), named.key());
        assert_ne!(record(20.000_01, 1.0, 5.0).key(), named.key());
    }

    #[test]
    fn what_cannot_be_is_not_drawn_and_what_is_newer_is_left_alone() {
        let read =
            |record: &Record| Stored::read(&record.key(), &serde_json::to_string(record).unwrap());
        let sound = record(20.0, 1.0, 5.0);
        assert_eq!(read(&sound), Stored::Place(sound.clone()));
        let older = Record { version: VERSION - 1, ..sound.clone() };
        assert_eq!(read(&older), Stored::Place(older));
        assert_eq!(read(&Record { version: VERSION + 1, ..sound.clone() }), Stored::Newer);
        assert_eq!(Stored::read("99/of a kind not known here", ""), Stored::Newer);
        let mut upside_down = sound.clone();
        upside_down.area.north = 9.0;
        assert_eq!(read(&upside_down), Stored::Broken);
        assert_eq!(read(&record(179.5, 1.0, 5.0)), Stored::Broken);
        let under_another_key =
            Stored::read(&record(21.0, 1.0, 5.0).key(), &serde_json::to_string(&sound).unwrap());
        assert_eq!(under_another_key, Stored::Broken);
        assert_eq!(Stored::read(&sound.key(), "{"), Stored::Broken);
    }

    #[test]
    fn another_question_is_another_version() {
        let asked = [2_000.0, 12_000.0, 40_000.0].map(|distance| {
            let mut design = Design::default();
            design.distance = distance;
            let area = query_area(&design);
            format!("{}{area:?}", overpass_queries(&design).concat())
        });
        // Where this fails, what servers are asked has changed: raise VERSION, then write the new number.
        assert_eq!((VERSION, crc32fast::hash(asked.concat().as_bytes())), (3, 1_442_262_515));
    }
}

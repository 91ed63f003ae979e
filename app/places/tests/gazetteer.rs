//! The gazetteer that comes with the app: well-known places in English and in their own spelling.

#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use places::Gazetteer;

const FILE: &[u8] = include_bytes!("../../../public/places/cities.gaz");

fn gazetteer() -> Gazetteer {
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib(FILE).unwrap();
    Gazetteer::read(&bytes).unwrap()
}

/// `English; own spelling; latitude; longitude`.
const WELL_KNOWN: &str = include_str!("well_known.txt");

/// Whether the first hit lies within 15 km.
fn is_first(world: &Gazetteer, typed: &str, lat: f64, lon: f64) -> Result<(), String> {
    let hits = world.search(typed, None, 3);
    let first = hits.first().ok_or(format!("{typed}: nothing"))?;
    let far = places::kilometres((first.city.lat, first.city.lon), (lat, lon));
    match far {
        0.0..15.0 => Ok(()),
        _ => {
            Err(format!("{typed}: {} in {}, {far:.0} km off", first.city.name, first.city.country))
        }
    }
}

#[test]
fn well_known_places_come_first_in_english_and_in_their_own_spelling() {
    let world = gazetteer();
    let mut wrong = Vec::new();
    let mut n = 0;
    for line in WELL_KNOWN.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split("; ").collect();
        let [english, own, lat, lon] = fields[..] else { panic!("{line}") };
        let (lat, lon) = (lat.parse().unwrap(), lon.parse().unwrap());
        n += 1;
        wrong.extend(is_first(&world, english, lat, lon).err());
        wrong.extend(is_first(&world, own, lat, lon).err());
    }
    assert!(n >= 200, "{n}");
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), 2 * n);
}

#[test]
fn typos_are_forgiven() {
    let world = gazetteer();
    let mut wrong = Vec::new();
    for (typed, lat, lon) in [
        ("helsinky", 60.17, 24.94),
        ("hlesinki", 60.17, 24.94),
        ("stokholm", 59.33, 18.07),
        ("copenhaguen", 55.68, 12.57),
        ("barcelna", 41.39, 2.16),
        ("budpaest", 47.50, 19.04),
        ("amsterdm", 52.37, 4.89),
        ("san fransisco", 37.77, -122.42),
        ("los angelas", 34.05, -118.24),
        ("philadelfia", 39.95, -75.16),
        ("melborne", -37.81, 144.96),
        ("johanesburg", -26.20, 28.04),
        ("edinburg scotland", 55.95, -3.2),
        ("reykjavk", 64.14, -21.9),
        ("москава", 55.75, 37.62),
        ("αθινα", 37.98, 23.73),
    ] {
        wrong.extend(is_first(&world, typed, lat, lon).err());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn of_places_of_one_name_region_country_and_nearness_tell() {
    let world = gazetteer();
    let first = |typed: &str, here| {
        let hits = world.search(typed, here, 3);
        hits.first().map(|hit| format!("{}, {}", hit.city.region, hit.city.country)).unwrap()
    };
    assert_eq!(first("Portland", None), "Oregon, United States");
    assert_eq!(first("Portland Maine", None), "Maine, United States");
    assert_eq!(first("Springfield, IL", None), "Illinois, United States");
    assert_eq!(first("Cambridge", Some((52.0, 0.0))), "England, United Kingdom");
    assert_eq!(first("Cambridge", Some((42.3, -71.0))), "Massachusetts, United States");
    assert_eq!(first("Paris, TX", None), "Texas, United States");
    assert_eq!(first("London Ontario", None), "Ontario, Canada");
    assert_eq!(first("London UK", None), "England, United Kingdom");
    let hits = world.search("springfield", None, 8);
    let mut told: Vec<_> = hits.iter().map(|hit| (&hit.name, &hit.city.region)).collect();
    told.dedup();
    assert_eq!(told.len(), hits.len(), "{told:?}");
}

#[test]
fn each_key_finds_the_place_as_it_is_typed() {
    let world = gazetteer();
    let rank = |typed: &str, name: &str| {
        world.search(typed, Some((60.17, 24.94)), 8).iter().position(|hit| hit.city.name == name)
    };
    assert!(rank("mona", "Monaco").is_some());
    assert_eq!(rank("monaco", "Monaco"), Some(0));
    assert!(rank("new y", "New York City") == Some(0));
    assert!(rank("tok", "Tokyo") == Some(0));
    assert_eq!(world.search("Мюнхен", None, 1)[0].name, "Мюнхен");
    assert!(rank("york", "York").is_some() && rank("york", "New York City").is_some());
}

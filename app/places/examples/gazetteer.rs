//! GeoNames' cities as packages of PyPI and npm hold them → the gazetteer's file.
//!
//! `gazetteer CITIES.json COUNTRIES.json ADMIN1.json OUT`; `cargo xtask gazetteer` calls it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "run by hand, where a panic is the message"
)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;

use places::fold::fold;
use places::gazetteer::{Entry, write};
use serde::Deserialize;

#[derive(Deserialize)]
struct City {
    name: String,
    latitude: f64,
    longitude: f64,
    countrycode: String,
    admin1code: String,
    population: f64,
    alternatenames: Vec<String>,
}

#[derive(Deserialize)]
struct Country {
    iso: String,
    iso3: String,
    name: String,
    capital: String,
    languages: String,
}

#[derive(Deserialize)]
struct Region {
    code: String,
    name: String,
}

/// What people call countries and GeoNames does not.
const ALSO: &[(&str, &[&str])] = &[
    ("GB", &["UK", "Great Britain", "England", "Scotland", "Wales"]),
    ("US", &["America"]),
    ("NL", &["Holland", "Netherlands"]),
    ("CZ", &["Czech Republic"]),
    ("AE", &["UAE"]),
    ("DE", &["Deutschland"]),
    ("ES", &["España"]),
    ("IT", &["Italia"]),
    ("FI", &["Suomi"]),
];

/// Fewest people of a city, and fewest names of a smaller place that is known abroad.
const PEOPLE: f64 = 10_000.0;
const FAMOUS: usize = 16;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cities, countries, regions, out] = &arguments[..] else {
        panic!("gazetteer CITIES.json COUNTRIES.json ADMIN1.json OUT");
    };
    let text = |path: &String| fs::read_to_string(path).expect(path);
    let cities: BTreeMap<String, City> = serde_json::from_str(&text(cities)).unwrap();
    let countries: BTreeMap<String, Country> = serde_json::from_str(&text(countries)).unwrap();
    let regions: Vec<Region> = serde_json::from_str(&text(regions)).unwrap();
    let regions: HashMap<_, _> = regions.into_iter().map(|one| (one.code, one.name)).collect();

    let index: HashMap<&str, usize> =
        countries.values().enumerate().map(|(i, one)| (&*one.iso, i)).collect();
    let scripts: Vec<HashSet<Script>> = countries
        .values()
        .map(|one| one.languages.split(',').flat_map(scripts_of).collect())
        .collect();
    let capitals: Vec<&str> = countries.values().map(|one| &*one.capital).collect();
    let mut entries: Vec<Entry> = cities
        .into_values()
        .filter_map(|city| {
            let country = *index.get(&*city.countrycode)?;
            let is_capital = capitals[country] == city.name;
            let is_famous = city.alternatenames.len() >= FAMOUS && city.population >= 300.0;
            if city.population < PEOPLE && !is_famous && !is_capital {
                return None;
            }
            let code = city.admin1code.clone();
            let name = regions.get(&format!("{}.{code}", city.countrycode)).cloned();
            let mut region = vec![name.unwrap_or_default()];
            if code.chars().all(char::is_alphabetic) && !code.is_empty() {
                region.push(code);
            }
            let names = names(&city, is_capital, &scripts[country]);
            let (lat, lon) = (city.latitude, city.longitude);
            // What has names in many languages is known far away: 80 are worth as much as 50 times the people.
            let renown = 1.8 * (1.0 + city.alternatenames.len() as f64 / 10.0).log2();
            let weight = city.population.max(1.0).log2() + renown + 2.0 * f64::from(is_capital);
            Some(Entry { country, region, names, lat, lon, weight })
        })
        .collect();
    // Along a curve through the region, so that each city is near the one before.
    entries.sort_by_cached_key(|one| (one.country, one.region.clone(), curve(one.lat, one.lon)));
    let countries: Vec<Vec<String>> = countries
        .values()
        .map(|one| {
            let also =
                ALSO.iter().find(|(iso, _)| *iso == one.iso).map_or(&[][..], |(_, names)| names);
            let also = also.iter().map(|name| (*name).to_owned());
            [one.name.clone(), one.iso.clone(), one.iso3.clone()].into_iter().chain(also).collect()
        })
        .collect();
    let file = write(&countries, &entries);
    let deflated = miniz_oxide::deflate::compress_to_vec_zlib(&file, 10);
    let n_names: usize = entries.iter().map(|one| one.names.len()).sum();
    println!(
        "{} cities, {n_names} names, {} bytes, deflated {}",
        entries.len(),
        file.len(),
        deflated.len()
    );
    fs::write(out, deflated).unwrap();
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    /// By block of 128 letters.
    Indic(u32),
    Thai,
    Lao,
    Tibetan,
    Burmese,
    Georgian,
    Ethiopic,
    Khmer,
    Mongolian,
    Kana,
    Han,
    Hangul,
    Other,
}

/// The script of a name's first letter.
fn script_of(name: &str) -> Script {
    let letter = name.chars().find(|letter| letter.is_alphabetic()).unwrap_or(' ');
    match letter as u32 {
        0x41..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x530..=0x58F => Script::Armenian,
        0x590..=0x5FF => Script::Hebrew,
        0x600..=0x6FF | 0x750..=0x77F => Script::Arabic,
        0x900..=0x97F => Script::Devanagari,
        code @ 0x980..=0xDFF => Script::Indic(code >> 7),
        0xE00..=0xE7F => Script::Thai,
        0xE80..=0xEFF => Script::Lao,
        0xF00..=0xFFF => Script::Tibetan,
        0x1000..=0x109F => Script::Burmese,
        0x10A0..=0x10FF => Script::Georgian,
        0x1200..=0x139F => Script::Ethiopic,
        0x1780..=0x17FF => Script::Khmer,
        0x1800..=0x18AF => Script::Mongolian,
        0x3040..=0x30FF => Script::Kana,
        0x3400..=0x9FFF => Script::Han,
        0xAC00..=0xD7A3 => Script::Hangul,
        _ => Script::Other,
    }
}

/// What a language is written in, besides Latin.
fn scripts_of(language: &str) -> Vec<Script> {
    match language.split('-').next().unwrap_or_default() {
        "ru" | "uk" | "be" | "bg" | "sr" | "mk" | "kk" | "ky" | "mn" | "tg" => {
            vec![Script::Cyrillic]
        }
        "el" => vec![Script::Greek],
        "hy" => vec![Script::Armenian],
        "he" => vec![Script::Hebrew],
        "ar" | "fa" | "ur" | "ps" | "ug" | "ckb" | "sd" => vec![Script::Arabic],
        "hi" | "mr" | "ne" => vec![Script::Devanagari],
        "bn" | "as" => vec![Script::Indic(0x980 >> 7)],
        "pa" => vec![Script::Indic(0xA00 >> 7)],
        "gu" => vec![Script::Indic(0xA80 >> 7)],
        "or" => vec![Script::Indic(0xB00 >> 7)],
        "ta" => vec![Script::Indic(0xB80 >> 7)],
        "te" => vec![Script::Indic(0xC00 >> 7)],
        "kn" => vec![Script::Indic(0xC80 >> 7)],
        "ml" => vec![Script::Indic(0xD00 >> 7)],
        "si" => vec![Script::Indic(0xD80 >> 7)],
        "th" => vec![Script::Thai],
        "lo" => vec![Script::Lao],
        "bo" | "dz" => vec![Script::Tibetan],
        "my" => vec![Script::Burmese],
        "ka" => vec![Script::Georgian],
        "am" | "ti" => vec![Script::Ethiopic],
        "km" => vec![Script::Khmer],
        "ja" => vec![Script::Kana, Script::Han],
        "zh" | "yue" => vec![Script::Han],
        "ko" => vec![Script::Hangul],
        _ => Vec::new(),
    }
}

/// Scripts in which well-known places abroad are kept too.
const WIDE: [Script; 9] = [
    Script::Cyrillic,
    Script::Greek,
    Script::Arabic,
    Script::Hebrew,
    Script::Han,
    Script::Kana,
    Script::Hangul,
    Script::Devanagari,
    Script::Thai,
];

/// The name shown, then others in the local scripts, in Latin, and in scripts of elsewhere where the place
/// is known there. The source does not say which language a name is of.
fn names(city: &City, is_capital: bool, local: &HashSet<Script>) -> Vec<String> {
    let n_others = city.alternatenames.len() as f64;
    let fame = n_others * (city.population.max(1.0) / 1e5).powf(0.4).max(0.25);
    let fame = if is_capital { fame.max(60.0) } else { fame };
    let n_latin = if fame < 60.0 { fame / 3.0 } else { (fame / 6.0).max(24.0) };
    let n_latin = n_latin.clamp(1.0, 40.0) as usize;
    let n_local = (fame / 8.0).clamp(1.0, 8.0) as usize;
    let n_wide = usize::from(fame >= 70.0);
    let mut groups = BTreeMap::<Script, Vec<Candidate>>::new();
    let main = fold(&city.name);
    for name in &city.alternatenames {
        let (script, folded) = (script_of(name), fold(name));
        let is_latin = script == Script::Latin;
        if folded.is_empty() || folded == main || is_latin && !is_name(name, city) {
            continue;
        }
        let group = groups.entry(script).or_default();
        // Of names that fold alike the one with its accents is kept, if they are usual ones.
        let ease = match () {
            () if name.chars().all(is_usual) && !name.is_ascii() => 2,
            () if !is_latin || name.is_ascii() => 1,
            () => 0,
        };
        match group.iter_mut().find(|one| one.folded == folded) {
            Some(one) if one.ease >= ease => {}
            Some(one) => (one.name, one.ease) = (name.clone(), ease),
            None => group.push(Candidate { name: name.clone(), folded, ease }),
        }
    }
    let mut names = vec![city.name.clone()];
    for (script, group) in groups {
        let most = match script {
            Script::Latin => n_latin,
            script if local.contains(&script) => n_local,
            // Simplified and traditional; Russian and Ukrainian.
            Script::Han | Script::Cyrillic => 2 * n_wide,
            script if WIDE.contains(&script) => n_wide,
            _ => 0,
        };
        names.extend(chosen(group, most, city.name.split(' ').count()));
    }
    names
}

struct Candidate {
    name: String,
    folded: String,
    ease: i32,
}

/// The names that stand for most others, which are found from them as slips of a finger are.
fn chosen(mut group: Vec<Candidate>, most: usize, n_usual_words: usize) -> Vec<String> {
    let is_alike = |a: &Candidate, b: &Candidate| {
        let n = a.folded.chars().count().min(b.folded.chars().count());
        slips(&a.folded, &b.folded) <= usize::from(n > 3) + usize::from(n > 6)
    };
    let mut chosen = Vec::new();
    let mut covered = vec![false; group.len()];
    while chosen.len() < most && !group.is_empty() {
        let worth = |one: &Candidate| {
            let n_new = group
                .iter()
                .zip(&covered)
                .filter(|(other, is_covered)| !**is_covered && is_alike(one, other))
                .count() as i32;
            let n_more_words = one.name.split(' ').count().saturating_sub(n_usual_words) as i32;
            2 * n_new + 3 * one.ease - 3 * n_more_words
        };
        let best = (0..group.len()).max_by_key(|i| (worth(&group[*i]), std::cmp::Reverse(*i)));
        let Some(best) = best else { break };
        for (other, is_covered) in group.iter().zip(&mut covered) {
            *is_covered |= is_alike(&group[best], other);
        }
        covered.remove(best);
        chosen.push(group.remove(best).name);
    }
    chosen
}

/// Levenshtein's distance.
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, typed) in other.iter().enumerate() {
            let slips =
                (corner + usize::from(letter != *typed)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], slips);
        }
    }
    row[other.len()]
}

/// Letters of the larger European languages; of those written in Cyrillic Russian's, without the stress.
fn is_usual(letter: char) -> bool {
    letter.is_ascii()
        || ('А'..='я').contains(&letter)
        || "äöüßéèêëàâçñáíóúîïôûãõåøæœčšžřýěůłńśżźćąęőűğışțșăđÄÖÜÉÈÁÍÓÚÎÅØÆČŠŽŁŚŻĆİŞȘĐ’"
            .contains(letter)
}

/// Not a transliteration, which begins with a small letter, nor an airport's code; initials of a name are.
fn is_name(name: &str, city: &City) -> bool {
    let first = name.chars().next().unwrap_or(' ');
    if !first.is_uppercase() || name.len() > 40 {
        return false;
    }
    let is_code = name.len() <= 4 && name.chars().all(|letter| letter.is_ascii_uppercase());
    let initials = |of: &String| {
        of.split([' ', '-']).filter_map(|word| word.chars().next()).collect::<String>() == *name
    };
    let is_of_initials = || {
        city.population > 3e5 && (initials(&city.name) || city.alternatenames.iter().any(initials))
    };
    !is_code || name.len() > 1 && is_of_initials()
}

/// Where a place is on a curve that keeps neighbours together (Z order), to 0.1°.
fn curve(lat: f64, lon: f64) -> u64 {
    let spread = |degrees: f64, from: f64| {
        let steps = ((degrees + from) * 10.0) as u64;
        (0..12).fold(0, |bits, bit| bits | (steps >> bit & 1) << (2 * bit))
    };
    spread(lat, 90.0) << 1 | spread(lon, 180.0)
}

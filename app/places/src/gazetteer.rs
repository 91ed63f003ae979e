//! The gazetteer's file → flat arrays to search, and back.
//!
//! The file, little-endian, deflated as a whole by whoever stores it:
//!
//! ```text
//! "MPG1"  n_cities u32  then five sections, each a length u32 and its bytes:
//! countries   one a line: name ⇥ code ⇥ other names…
//! regions     one a line: country's line ⇥ n_cities ⇥ name ⇥ other names…; in the cities' order
//! names       one city a line: name ⇥ other names…
//! latitudes, longitudes   one after another: difference to the city before, 0.001°, zigzag LEB128
//! weights     one byte a city: 4 (log₂(population) + how well known it is)
//! ```
//!
//! Cities stand region by region, so that neighbours are near each other and the differences small.

use crate::fold::{fold, fold_into};
use crate::{Found, kilometres, typo};

const MAGIC: &[u8; 4] = b"MPG1";
/// Most cities of a file, far beyond all there are.
const MOST_CITIES: u32 = 1 << 20;
/// Steps of coordinates to a degree. A city's centre is no sharper than these 111 m.
const STEPS: f64 = 1e3;
/// Steps of weights to a doubling of the people.
const WEIGHT_STEPS: f64 = 4.0;
/// How far the city may be that a place is named after, km.
const NEARBY: f64 = 50.0;

/// A country or region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The country's index; a country's own for a country.
    pub country: usize,
    /// Its name in English.
    pub name: String,
    /// All its names and codes, folded.
    pub(crate) folded: Vec<String>,
}

/// Cities by name.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Gazetteer {
    pub(crate) countries: Vec<Division>,
    pub(crate) regions: Vec<Division>,
    /// By city, as all arrays up to `weights`.
    pub(crate) region_of: Vec<u32>,
    lats: Vec<i32>,
    lons: Vec<i32>,
    weights: Vec<u8>,
    /// By city: the first of its names. One more than there are cities.
    pub(crate) first_name: Vec<u32>,
    text: String,
    /// By name: where it begins in the text, and where what is folded begins. One more than there are.
    starts: Vec<u32>,
    folded: String,
    folded_starts: Vec<u32>,
    pub(crate) masks: Vec<u32>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

impl Gazetteer {
    /// Reads a file that was inflated.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes are no such file.
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        Self::try_read(bytes).ok_or(Damaged)
    }

    fn try_read(bytes: &[u8]) -> Option<Self> {
        let Sections { n, countries, regions, names, lats, lons, weights } = Sections::of(bytes)?;
        let mut gazetteer = Self {
            lats: differences(lats, n, 90.0)?,
            lons: differences(lons, n, 180.0)?,
            weights: weights.to_vec(),
            ..Self::default()
        };
        for (country, line) in countries.lines().enumerate() {
            gazetteer.countries.push(division(country, line.split('\t'))?);
        }
        for line in regions.lines() {
            let mut fields = line.split('\t');
            let country: usize = fields.next()?.parse().ok()?;
            let n_here: usize = fields.next()?.parse().ok()?;
            if country >= gazetteer.countries.len() || n_here > n - gazetteer.region_of.len() {
                return None;
            }
            let region = u32::try_from(gazetteer.regions.len()).ok()?;
            gazetteer.region_of.resize(gazetteer.region_of.len() + n_here, region);
            gazetteer.regions.push(division(country, fields)?);
        }
        gazetteer.add_names(names)?;
        let is_whole = gazetteer.region_of.len() == n && gazetteer.first_name.len() == n + 1;
        is_whole.then_some(gazetteer)
    }

    fn add_names(&mut self, names: &str) -> Option<()> {
        let at = |text: &str| u32::try_from(text.len()).ok();
        self.text.reserve(names.len());
        self.folded.reserve(names.len());
        for line in names.lines() {
            self.first_name.push(u32::try_from(self.starts.len()).ok()?);
            for name in line.split('\t') {
                let folded_start = self.folded.len();
                self.starts.push(at(&self.text)?);
                self.folded_starts.push(at(&self.folded)?);
                self.text.push_str(name);
                fold_into(name, &mut self.folded);
                self.masks.push(typo::mask(&self.folded[folded_start..]));
            }
        }
        self.first_name.push(u32::try_from(self.starts.len()).ok()?);
        self.starts.push(at(&self.text)?);
        self.folded_starts.push(at(&self.folded)?);
        Some(())
    }

    /// How many cities there are.
    #[must_use]
    pub fn n_cities(&self) -> usize {
        self.weights.len()
    }

    /// How many names they have.
    #[must_use]
    pub fn n_names(&self) -> usize {
        self.masks.len()
    }

    pub(crate) fn name(&self, name: usize) -> &str {
        &self.text[self.starts[name] as usize..self.starts[name + 1] as usize]
    }

    pub(crate) fn folded(&self, name: usize) -> &str {
        &self.folded[self.folded_starts[name] as usize..self.folded_starts[name + 1] as usize]
    }

    pub(crate) fn names_of(&self, city: usize) -> std::ops::Range<usize> {
        self.first_name[city] as usize..self.first_name[city + 1] as usize
    }

    /// Latitude and longitude, degrees.
    pub(crate) fn at(&self, city: usize) -> (f64, f64) {
        (f64::from(self.lats[city]) / STEPS, f64::from(self.lons[city]) / STEPS)
    }

    /// How often its people double from one on, and what it is known beyond that.
    pub(crate) fn weight(&self, city: usize) -> f64 {
        f64::from(self.weights[city]) / WEIGHT_STEPS
    }

    /// As a person reads it; a region of the city's own name says nothing.
    pub(crate) fn city(&self, city: usize) -> Found {
        let name = self.name(self.first_name[city] as usize).to_owned();
        let region = &self.regions[self.region_of[city] as usize];
        let (lat, lon) = self.at(city);
        Found {
            region: if region.name == name { String::new() } else { region.name.clone() },
            country: self.countries[region.country].name.clone(),
            name,
            lat,
            lon,
            distance: distance_of(self.weight(city)),
        }
    }

    /// The city a place is named after, and how far it is, km: the nearest, but rather a large one than
    /// its suburb.
    #[must_use]
    pub fn nearest(&self, lat: f64, lon: f64) -> Option<(Found, f64)> {
        let mut best: Option<(f64, usize, f64)> = None;
        for city in 0..self.n_cities() {
            let here = self.at(city);
            // A degree of latitude is 111 km: most cities need no more than this.
            if (here.0 - lat).abs() > NEARBY / 110.0 {
                continue;
            }
            let far = kilometres(here, (lat, lon));
            let pull = self.weight(city) - 2.0 * (1.0 + far / 2.0).log2();
            if far <= NEARBY && best.is_none_or(|(strongest, ..)| pull > strongest) {
                best = Some((pull, city, far));
            }
        }
        best.map(|(_, city, far)| (self.city(city), far))
    }
}

/// A file cut into its sections.
struct Sections<'a> {
    /// How many cities there are.
    n: usize,
    countries: &'a str,
    regions: &'a str,
    names: &'a str,
    lats: &'a [u8],
    lons: &'a [u8],
    weights: &'a [u8],
}

impl<'a> Sections<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let n_cities = take_u32(&mut rest).filter(|n| *n <= MOST_CITIES)?;
        let mut section = || {
            let len = take_u32(&mut rest)? as usize;
            let (section, after) = rest.split_at_checked(len)?;
            rest = after;
            Some(section)
        };
        let n = n_cities as usize;
        let sections = Self {
            n,
            countries: std::str::from_utf8(section()?).ok()?,
            regions: std::str::from_utf8(section()?).ok()?,
            names: std::str::from_utf8(section()?).ok()?,
            lats: section()?,
            lons: section()?,
            weights: section()?,
        };
        // Each city has at least a byte in each section: a small file asks for no large memory.
        let is_whole = rest.is_empty() && sections.weights.len() == n && sections.names.len() >= n;
        is_whole.then_some(sections)
    }
}

/// A city as a map is lettered with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// Its usual name in English.
    pub name: String,
    /// Degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// How often its people double from one on, and how well known it is beyond that.
    pub weight: f64,
}

/// Reads the cities of a file that was inflated, part by part and in a fraction of the time that
/// [`Gazetteer::read`] takes, as no name is made ready to be found.
pub struct Towns<'a, T> {
    names: std::str::Lines<'a>,
    lats: std::vec::IntoIter<i32>,
    lons: std::vec::IntoIter<i32>,
    weights: std::slice::Iter<'a, u8>,
    /// By weight, which is a byte: no sort is as fast.
    by_weight: Vec<Vec<T>>,
}

impl<'a, T> Towns<'a, T> {
    /// The file.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes are no such file.
    pub fn of(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let read = || {
            let Sections { n, names, lats, lons, weights, .. } = Sections::of(bytes)?;
            let by_weight = std::iter::repeat_with(Vec::new).take(256).collect();
            Some(Self {
                names: names.lines(),
                lats: differences(lats, n, 90.0)?.into_iter(),
                lons: differences(lons, n, 180.0)?.into_iter(),
                weights: weights.iter(),
                by_weight,
            })
        };
        read().ok_or(Damaged)
    }

    /// Reads so many more, and makes of each what is wanted; false once there are none.
    pub fn read(&mut self, n: usize, of: impl Fn(Town) -> T) -> bool {
        let degrees = |steps: i32| f64::from(steps) / STEPS;
        for _ in 0..n {
            let place = self.lats.next().zip(self.lons.next());
            let Some(((names, (lat, lon)), weight)) =
                self.names.next().zip(place).zip(self.weights.next())
            else {
                return false;
            };
            let town = Town {
                name: names.split('\t').next().unwrap_or_default().to_owned(),
                lat: degrees(lat),
                lon: degrees(lon),
                weight: f64::from(*weight) / WEIGHT_STEPS,
            };
            if let Some(alike) = self.by_weight.get_mut(usize::from(*weight)) {
                alike.push(of(town));
            }
        }
        true
    }

    /// All that were read, the largest first.
    ///
    /// # Errors
    /// [`Damaged`] where the file has fewer names than cities.
    pub fn finish(self) -> Result<Vec<T>, Damaged> {
        if self.weights.len() > 0 {
            return Err(Damaged);
        }
        Ok(self.by_weight.into_iter().rev().flatten().collect())
    }
}

/// Half the height of a map of a city's centre, m: 1000 for a small town, 4000 for a million people.
fn distance_of(weight: f64) -> f64 {
    let people = weight.exp2();
    let exact = 4000.0 * (people / 1e6).powf(0.25);
    ((exact / 100.0).round() * 100.0).clamp(1000.0, 5000.0)
}

fn division<'a>(country: usize, names: impl Iterator<Item = &'a str>) -> Option<Division> {
    let names: Vec<&str> = names.collect();
    let folded = names.iter().map(|name| fold(name)).filter(|name| !name.is_empty()).collect();
    Some(Division { country, name: (*names.first()?).to_owned(), folded })
}

fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    let (head, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(u32::from_le_bytes(*head))
}

/// Coordinates within `limit` degrees, of which the differences are stored.
fn differences(bytes: &[u8], n: usize, limit: f64) -> Option<Vec<i32>> {
    let mut values = Vec::new();
    let (mut value, mut zigzag, mut shift) = (0i64, 0u32, 0);
    for byte in bytes {
        zigzag |= u32::from(byte & 0x7F).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            value += i64::from(zigzag >> 1) ^ -i64::from(zigzag & 1);
            if value.abs() as f64 > limit * STEPS {
                return None;
            }
            values.push(i32::try_from(value).ok()?);
            (zigzag, shift) = (0, 0);
        }
    }
    (values.len() == n && shift == 0).then_some(values)
}

/// A city for [`write()`]; those of one region stand together, as do the regions of one country.
pub struct Entry {
    /// Index into the countries.
    pub country: usize,
    /// The region's names and codes, its name first.
    pub region: Vec<String>,
    /// Its names, the one shown first.
    pub names: Vec<String>,
    /// Degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// Doublings of its people, and how well known it is.
    pub weight: f64,
}

/// Writes a file: `countries` are each one's names and codes, the name first.
#[must_use]
pub fn write(countries: &[Vec<String>], cities: &[Entry]) -> Vec<u8> {
    let line = |names: &[String]| {
        let clean: Vec<String> =
            names.iter().map(|name| name.replace(['\t', '\n', '\r'], " ")).collect();
        clean.join("\t") + "\n"
    };
    let (mut regions, mut names) = (String::new(), String::new());
    let (mut lats, mut lons, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for group in cities.chunk_by(|a, b| a.country == b.country && a.region == b.region) {
        let Some(first) = group.first() else { continue };
        regions += &format!("{}\t{}\t{}", first.country, group.len(), line(&first.region));
    }
    let (mut last_lat, mut last_lon) = (0, 0);
    for city in cities {
        names += &line(&city.names);
        let (lat, lon) = ((city.lat * STEPS).round() as i32, (city.lon * STEPS).round() as i32);
        push_difference(lat - last_lat, &mut lats);
        push_difference(lon - last_lon, &mut lons);
        (last_lat, last_lon) = (lat, lon);
        weights.push((WEIGHT_STEPS * city.weight).round().min(255.0) as u8);
    }
    let countries: String = countries.iter().map(|names| line(names)).collect();
    let mut file = MAGIC.to_vec();
    file.extend((cities.len() as u32).to_le_bytes());
    for section in
        [countries.as_bytes(), regions.as_bytes(), names.as_bytes(), &lats, &lons, &weights]
    {
        file.extend((section.len() as u32).to_le_bytes());
        file.extend(section);
    }
    file
}

fn push_difference(difference: i32, bytes: &mut Vec<u8>) {
    let mut zigzag = (difference << 1 ^ difference >> 31) as u32;
    while zigzag >= 0x80 {
        bytes.push(zigzag as u8 | 0x80);
        zigzag >>= 7;
    }
    bytes.push(zigzag as u8);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// A world of a few cities with the problems of the real one.
    pub(crate) fn small_world() -> Gazetteer {
        Gazetteer::read(&small_file()).unwrap()
    }

    fn small_file() -> Vec<u8> {
        let entry = |country, region: &[&str], names: &[&str], lat, lon, people: f64| Entry {
            country,
            region: texts(region),
            names: texts(names),
            lat,
            lon,
            weight: f64::log2(people),
        };
        let countries = [
            texts(&["France", "FR"]),
            texts(&["United States", "US", "USA"]),
            texts(&["Japan", "JP"]),
        ];
        write(
            &countries,
            &[
                entry(0, &["Île-de-France"], &["Paris", "Париж", "巴黎"], 48.8534, 2.3488, 2.1e6),
                entry(1, &["Texas", "TX"], &["Paris"], 33.6609, -95.5555, 24_000.0),
                entry(1, &["New York", "NY"], &["New York City", "NYC"], 40.7143, -74.006, 8e6),
                entry(1, &["New York", "NY"], &["Brooklyn"], 40.6501, -73.9496, 2.6e6),
                entry(2, &["Tokyo"], &["Tokyo", "東京"], 35.6895, 139.6917, 9.7e6),
            ],
        )
    }

    fn towns(bytes: &[u8]) -> Result<Vec<Town>, Damaged> {
        let mut towns = Towns::of(bytes)?;
        while towns.read(1, |town| town) {}
        towns.finish()
    }

    #[test]
    fn what_is_written_is_read() {
        let world = small_world();
        assert_eq!((world.n_cities(), world.n_names()), (5, 9));
        let paris = world.city(1);
        assert_eq!(
            (&*paris.name, &*paris.region, &*paris.country),
            ("Paris", "Texas", "United States")
        );
        assert_eq!((paris.lat, paris.lon), (33.661, -95.556));
        assert_eq!(world.city(4).region, "", "Tokyo in Tokyo says nothing");
    }

    #[test]
    fn a_map_is_lettered_with_the_largest_first() {
        let towns = towns(&small_file()).unwrap();
        let names: Vec<&str> = towns.iter().map(|town| &*town.name).collect();
        assert_eq!(names, ["Tokyo", "New York City", "Brooklyn", "Paris", "Paris"]);
        assert_eq!((towns[4].lat, towns[4].lon), (33.661, -95.556));
        let weight = f64::log2(9.7e6);
        assert!((towns[0].weight - weight).abs() <= 0.125, "{}", towns[0].weight);
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        let file = small_file();
        for end in 0..file.len() {
            assert_eq!(Gazetteer::read(&file[..end]), Err(Damaged), "{end}");
            assert_eq!(towns(&file[..end]), Err(Damaged), "{end}");
        }
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut file = file.clone();
                file[at] ^= 1 << bit;
                let _ = towns(&file);
                if let Ok(world) = Gazetteer::read(&file) {
                    let _ = (world.search("paris texas", None, 9), world.nearest(48.0, 2.0));
                }
            }
        }
    }

    #[test]
    fn a_place_is_named_after_the_city_and_not_its_suburb() {
        let world = small_world();
        let name = |lat, lon| world.nearest(lat, lon).map(|(city, _)| city.name);
        assert_eq!(name(40.68, -73.97).as_deref(), Some("New York City"));
        assert_eq!(name(48.9, 2.3).as_deref(), Some("Paris"));
        assert_eq!(name(0.0, 0.0), None);
    }

    #[test]
    fn a_larger_city_gets_a_larger_map() {
        let distance = |population: f64| distance_of(population.log2());
        assert_eq!(distance(1000.0), 1000.0);
        assert_eq!(distance(33_000.0), 1700.0);
        assert_eq!(distance(1e6), 4000.0);
        assert_eq!(distance(3e7), 5000.0);
    }
}

//! A file of OSM data (.osm.pbf, OSM XML or Overpass JSON, packed or not, or a pack) → a place's pack.
//!
//! `cargo xtask bake` calls this; see `public/places/README.md`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to a terminal is its job")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use render_core::design::{Design, input};
use render_core::error::{ReadError, Warning};
use render_core::lonlat::Bbox;
use render_core::osm::bake::{BakeOptions, bake};
use render_core::osm::file::FileReader;
use render_core::osm::pack::{self, PackMeta, Precision};
use render_core::osm::{Limits, OsmData};
use serde::Deserialize;
use serde_json::json;

const HELP: &str = "usage: bake INPUT --out FILE.mpk [--name N] [--country C] [--at LAT,LON]
       [--distance M] [--bbox S,W,N,E] [--source TEXT] [--date D] [--precision 6|7] [--all]
   or: bake INPUT --places LIST.json --out FOLDER [--source TEXT] [--date D] [--precision 6|7]
   or: bake --index FOLDER

The second makes a pack of each place of a list, [{\"file\": \"turku.mpk\", \"name\": \"Turku\",
\"country\": \"Finland\", \"lat\": 60.4518, \"lon\": 22.2666, \"distance\": 1500}, …]; the third lists
the packs of a folder in its index.json, which the app offers as ready places. A place that cannot be
made is told of at the end, and the others are made all the same.

--at and --distance   where to look first, and half the height of a map that the data fill
--bbox                drop what lies wholly outside
--date                when the data are from, if the input does not say
--precision           decimals of a degree; 6 is 11 cm, 7 is all that OSM has
--all                 keep every element and tag, as a copy for tests and measuring";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "--help") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let failures = match Job::parse(&arguments) {
        Ok(job) => job.run(),
        Err(why) => vec![why],
    };
    for why in &failures {
        eprintln!("bake: {why}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// An extract of a whole country may be read: what is too much for a browser is not for a computer, and the formats'
/// own 32 bits are the only limit.
const LIMITS: Limits =
    Limits { bytes: u64::MAX, elements: u32::MAX, vertices: u32::MAX, depth: 64 };

struct Job {
    input: Option<String>,
    out: Option<String>,
    places: Option<String>,
    index: Option<String>,
    meta: PackMeta,
    precision: Precision,
    keep_all: bool,
}

/// A place of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    file: String,
    name: String,
    #[serde(default)]
    country: String,
    lat: f64,
    lon: f64,
    distance: f64,
}

impl Wanted {
    fn read(entry: serde_json::Value) -> Result<Self, String> {
        let place: Self = serde_json::from_value(entry).map_err(|error| error.to_string())?;
        if !place.file.ends_with(".mpk") || place.file.contains(['/', '\\', ':', '?', '#']) {
            return Err(format!("`{}` is no name of a pack", place.file));
        }
        // The app leaves out of its list what no design can show.
        for (range, value) in [
            (input::LATITUDE, place.lat),
            (input::LONGITUDE, place.lon),
            (input::DISTANCE, place.distance),
        ] {
            range.check(value).map_err(|error| format!("`{}`: {}", place.file, error.message))?;
        }
        Ok(place)
    }

    /// What its pack says of itself; `general`: what all of them say.
    fn meta(&self, general: &PackMeta) -> PackMeta {
        let mut design = Design::default();
        design.distance = self.distance;
        (design.place.lat, design.place.lon) = (self.lat, self.lon);
        // Whichever way the paper lies.
        let upright = design.data_bbox();
        std::mem::swap(&mut design.paper.width, &mut design.paper.height);
        let across = design.data_bbox();
        PackMeta {
            name: self.name.clone(),
            country: self.country.clone(),
            centre: Some([self.lat, self.lon]),
            distance_m: Some(self.distance),
            bbox: Some(Bbox { west: across.west, east: across.east, ..upright }),
            ..general.clone()
        }
    }
}

impl Job {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let meta = PackMeta {
            licence: "Open Database License 1.0; © OpenStreetMap contributors".to_owned(),
            ..PackMeta::default()
        };
        let precision = Precision::E6;
        let (input, out, places, index) = (None, None, None, None);
        let mut job = Self { input, out, places, index, meta, precision, keep_all: false };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--all" {
                job.keep_all = true;
                continue;
            }
            if !argument.starts_with("--") {
                job.input = Some(argument.clone());
                continue;
            }
            let value = rest.next().ok_or_else(|| format!("{argument} needs a value"))?;
            match argument.as_str() {
                "--out" => job.out = Some(value.clone()),
                "--places" => job.places = Some(value.clone()),
                "--index" => job.index = Some(value.clone()),
                "--name" => job.meta.name.clone_from(value),
                "--country" => job.meta.country.clone_from(value),
                "--at" => job.meta.centre = Some(numbers(argument, value)?),
                "--distance" => {
                    let [distance] = numbers(argument, value)?;
                    job.meta.distance_m = Some(distance);
                }
                "--bbox" => {
                    let [south, west, north, east] = numbers(argument, value)?;
                    job.meta.bbox = Some(Bbox { south, west, north, east });
                }
                "--source" => job.meta.source.clone_from(value),
                "--date" => job.meta.timestamp = Some(value.clone()),
                "--precision" => {
                    job.precision = match value.as_str() {
                        "6" => Precision::E6,
                        "7" => Precision::E7,
                        _ => return Err("--precision is 6 or 7".to_owned()),
                    };
                }
                _ => return Err(format!("`{argument}` is unknown\n{HELP}")),
            }
        }
        Ok(job)
    }

    /// Does it; what could not be done, in a sentence each.
    fn run(self) -> Vec<String> {
        let list = |failures: &mut Vec<String>, folder: &Path| {
            failures.extend(write_index(folder).unwrap_or_else(|why| vec![why]));
        };
        let mut failures = Vec::new();
        if let Some(folder) = &self.index {
            list(&mut failures, Path::new(folder));
            return failures;
        }
        let made = self.read().and_then(|(data, out)| match &self.places {
            Some(places) => {
                let out = Path::new(out);
                failures = self.make_all(&data, places, out)?;
                list(&mut failures, out);
                Ok(())
            }
            None => self.make(&data, &self.meta, Path::new(out)),
        });
        failures.extend(made.err());
        failures
    }

    /// The extract, and where to write.
    fn read(&self) -> Result<(OsmData, &str), String> {
        let input = self.input.as_ref().ok_or("name a file to read")?;
        let out = self.out.as_ref().ok_or("say where to write: --out FILE.mpk")?;
        let mut warnings = Vec::new();
        let start = Instant::now();
        let (data, n_bytes) = read_file(Path::new(input), &mut warnings)
            .map_err(|error| format!("{input}: {error}"))?;
        let rate = n_bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
        print_warnings(&warnings);
        println!("read {n_bytes} bytes at {rate:.0} MB/s: {}", counts(&data));
        Ok((data, out))
    }

    /// A pack of each place of a list; those that cannot be made, in a sentence each.
    fn make_all(&self, data: &OsmData, list: &str, folder: &Path) -> Result<Vec<String>, String> {
        let why = |error: &dyn std::fmt::Display| format!("{list}: {error}");
        let text = std::fs::read_to_string(list).map_err(|error| why(&error))?;
        let entries: Vec<serde_json::Value> =
            serde_json::from_str(&text).map_err(|error| why(&error))?;
        let (mut failures, mut files) = (Vec::new(), BTreeSet::new());
        for (n, entry) in entries.into_iter().enumerate() {
            let made = Wanted::read(entry).and_then(|place| {
                if !files.insert(place.file.clone()) {
                    return Err(format!("`{}` is the file of another place, too", place.file));
                }
                println!("{}:", place.file);
                self.make(data, &place.meta(&self.meta), &folder.join(&place.file))
            });
            failures.extend(made.err().map(|error| format!("{list}, place {}: {error}", n + 1)));
        }
        Ok(failures)
    }

    fn make(&self, data: &OsmData, meta: &PackMeta, out: &Path) -> Result<(), String> {
        let kept = match self.keep_all {
            true => data.clone(),
            false => bake(data, &BakeOptions { bbox: meta.bbox }),
        };
        println!("kept {}", counts(&kept));
        if kept.ways.is_empty() {
            return Err(format!("{}: the extract has nothing there", out.display()));
        }
        let start = Instant::now();
        let packed = pack::write(&kept, meta, self.precision);
        let (writing, start) = (start.elapsed(), Instant::now());
        // What was written is what will be read, or it is not written at all.
        let again =
            pack::read(&packed).map_err(|error| format!("the pack cannot be read: {error}"))?;
        if again.data.ways.len() != kept.ways.len() {
            return Err("the pack has lost ways".to_owned());
        }
        let reading = start.elapsed();
        println!("pack {} bytes, packed in {writing:.1?}, read in {reading:.1?}", packed.len());
        std::fs::write(out, &packed).map_err(|error| format!("{}: {error}", out.display()))
    }
}

/// Reads a file part by part, so that it is never whole in memory; its bytes are counted.
fn read_file(path: &Path, warnings: &mut Vec<Warning>) -> Result<(OsmData, u64), String> {
    let why = |error: ReadError| error.to_string();
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let mut reader = FileReader::new(LIMITS);
    let (mut part, mut n_bytes) = (vec![0; 1 << 20], 0);
    loop {
        let n = file.read(&mut part).map_err(|error| error.to_string())?;
        if n == 0 {
            return Ok((reader.finish(warnings).map_err(why)?.data, n_bytes));
        }
        n_bytes += n as u64;
        reader.push(part.get(..n).unwrap_or_default(), warnings).map_err(why)?;
    }
}

/// Lists a folder's packs in its `index.json`, by name; those that cannot be read, in a sentence each.
fn write_index(folder: &Path) -> Result<Vec<String>, String> {
    let why = |error: std::io::Error| format!("{}: {error}", folder.display());
    let (mut places, mut failures) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(why)? {
        let path = entry.map_err(why)?.path();
        if path.extension().is_some_and(|extension| extension == "mpk") {
            match listed(&path) {
                Ok(Some(place)) => places.push(place),
                Ok(None) => {
                    println!("{}: left out, as it does not say where to look", path.display());
                }
                Err(error) => failures.push(format!("{}: {error}", path.display())),
            }
        }
    }
    places.sort_by_key(|place| place["name"].as_str().unwrap_or_default().to_owned());
    println!("{} places in index.json", places.len());
    let mut text = serde_json::to_string_pretty(&places).map_err(|error| error.to_string())?;
    text.push('\n');
    std::fs::write(folder.join("index.json"), text).map_err(why)?;
    Ok(failures)
}

/// A pack's entry in the list; `None` where it does not say where to look.
fn listed(path: &Path) -> Result<Option<serde_json::Value>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let pack = pack::read(&bytes).map_err(|error| error.to_string())?;
    let PackMeta { name, country, centre, distance_m, bbox, timestamp, .. } = pack.meta;
    let (Some([lat, lon]), Some(distance), Some(bbox)) = (centre, distance_m, bbox) else {
        return Ok(None);
    };
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Some(json!({
        "file": file, "name": name, "country": country, "lat": lat, "lon": lon,
        "distance": distance, "bbox": [bbox.south, bbox.west, bbox.north, bbox.east],
        "date": timestamp, "bytes": bytes.len(),
    })))
}

/// One line for each kind: an extract's edge alone gives hundreds.
fn print_warnings(warnings: &[Warning]) {
    let mut kinds: BTreeMap<&str, (&Warning, usize)> = BTreeMap::new();
    for warning in warnings {
        kinds.entry(warning.code).or_insert((warning, 0)).1 += 1;
    }
    for (first, n) in kinds.values() {
        match n {
            1 => eprintln!("{first}"),
            n => eprintln!("{first} (and {} more such)", n - 1),
        }
    }
}

fn counts(data: &OsmData) -> String {
    let (ways, relations, vertices) = (data.ways.len(), data.relations.len(), data.coords.len());
    format!("{ways} ways, {relations} relations, {vertices} vertices")
}

fn numbers<const N: usize>(name: &str, text: &str) -> Result<[f64; N], String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    let numbers = numbers.map_err(|_| format!("{name}: `{text}` is not numbers"))?;
    numbers.try_into().map_err(|_| format!("{name} takes {N} numbers with commas between them"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// Two streets that cross, around each of two places.
    fn extract() -> String {
        let mut nodes = String::new();
        let mut ways = String::new();
        for (place, (lat, lon)) in [(1, (58.38, 26.72)), (2, (56.95, 24.1))] {
            for (end, (north, east)) in
                [(0.0, -0.01), (0.0, 0.01), (-0.01, 0.0), (0.01, 0.0)].into_iter().enumerate()
            {
                nodes += &format!(
                    "<node id='{place}{end}' lat='{}' lon='{}'/>",
                    lat + north,
                    lon + east
                );
            }
            for way in [0, 2] {
                ways += &format!(
                    "<way id='{place}{way}'><nd ref='{place}{way}'/><nd ref='{place}{}'/>\
                     <tag k='highway' v='residential'/></way>",
                    way + 1
                );
            }
        }
        format!("<osm>{nodes}{ways}</osm>")
    }

    /// Bakes a list of places from it in a folder of its own: what failed, and the index.
    fn bake_list(name: &str, list: &str) -> (Vec<String>, serde_json::Value) {
        let folder =
            std::env::temp_dir().join(format!("mapposter-bake-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("out")).unwrap();
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        std::fs::write(path("extract.osm"), extract()).unwrap();
        std::fs::write(path("list.json"), list).unwrap();
        let arguments =
            [&path("extract.osm"), "--places", &path("list.json"), "--out", &path("out")];
        let arguments: Vec<String> = arguments.map(ToString::to_string).to_vec();
        let failures = Job::parse(&arguments).unwrap().run();
        let index = std::fs::read_to_string(path("out/index.json")).unwrap_or_default();
        std::fs::remove_dir_all(&folder).unwrap();
        (failures, serde_json::from_str(&index).unwrap_or_default())
    }

    const TARTU: &str = r#"{"file":"tartu.mpk","name":"Tartu","country":"Estonia","lat":58.38,"lon":26.72,"distance":500}"#;
    const RIGA: &str = r#"{"file":"riga.mpk","name":"Riga","lat":56.95,"lon":24.1,"distance":500}"#;

    #[test]
    fn places_of_a_list_are_made_and_listed() {
        let (failures, index) = bake_list("two", &format!("[{TARTU},{RIGA}]"));
        assert_eq!(failures, Vec::<String>::new());
        let files: Vec<_> = index.as_array().unwrap().iter().map(|place| &place["file"]).collect();
        assert_eq!(files, ["riga.mpk", "tartu.mpk"]);
        assert_eq!(
            (&index[1]["country"], &index[1]["distance"]),
            (&json!("Estonia"), &json!(500.0))
        );
        let [south, west, north, east] =
            [0, 1, 2, 3].map(|i| index[1]["bbox"][i].as_f64().unwrap());
        assert!(south < 58.38 && north > 58.38 && west < 26.72 && east > 26.72);
    }

    #[test]
    fn what_cannot_be_made_is_told_and_the_others_are_made() {
        let bad = [
            r#"{"file":"sea.mpk","name":"Sea","lat":0,"lon":0,"distance":500}"#,
            r#"{"file":"pole.mpk","name":"Pole","lat":90,"lon":0,"distance":500}"#,
            r#"{"file":"../up.mpk","name":"Up","lat":1,"lon":1,"distance":500}"#,
            r#"{"name":"Nameless"}"#,
            "7",
        ];
        let list = format!("[{},{RIGA},{TARTU}]", bad.join(","));
        let (failures, index) = bake_list("bad", &list);
        assert_eq!(index.as_array().unwrap().len(), 2, "{failures:?}");
        assert_eq!(failures.len(), 5, "{failures:?}");
        for (failure, told) in
            failures.iter().zip(["place 1: ", "pole.mpk", "../up.mpk", "place 4: ", "place 5: "])
        {
            assert!(failure.contains(told), "{failure} tells {told}");
        }
        let (failures, index) = bake_list("twice", &format!("[{TARTU},{TARTU}]"));
        assert_eq!((failures.len(), index.as_array().unwrap().len()), (1, 1), "{failures:?}");
        let (failures, _) = bake_list("none", "{");
        assert_eq!(failures.len(), 1);
    }
}

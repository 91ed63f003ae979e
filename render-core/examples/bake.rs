//! A file of OSM data (.osm.pbf, OSM XML or Overpass JSON, packed or not, or a pack) → a place's pack.
//!
//! `cargo xtask bake` calls this; see `public/places/README.md`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to a terminal is its job")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use render_core::design::Design;
use render_core::error::Warning;
use render_core::lonlat::Bbox;
use render_core::osm::bake::{BakeOptions, bake};
use render_core::osm::pack::{self, PackMeta, Precision};
use render_core::osm::{self, Limits, OsmData};
use serde::Deserialize;
use serde_json::json;

const HELP: &str = "usage: bake INPUT --out FILE.mpk [--name N] [--country C] [--at LAT,LON]
       [--distance M] [--bbox S,W,N,E] [--source TEXT] [--date D] [--precision 6|7] [--all]
   or: bake INPUT --places LIST.json --out FOLDER [--source TEXT] [--date D] [--precision 6|7]
   or: bake --index FOLDER

The second makes a pack of each place of a list, [{\"file\": \"turku.mpk\", \"name\": \"Turku\",
\"country\": \"Finland\", \"lat\": 60.4518, \"lon\": 22.2666, \"distance\": 1500}, …]; the third lists
the packs of a folder in its index.json, which the app offers as ready places.

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
    match Job::parse(&arguments).and_then(Job::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bake: {why}");
            ExitCode::FAILURE
        }
    }
}

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

    fn run(self) -> Result<(), String> {
        if let Some(folder) = &self.index {
            return write_index(Path::new(folder));
        }
        let input = self.input.as_ref().ok_or("name a file to read")?;
        let out = self.out.as_ref().ok_or("say where to write: --out FILE.mpk")?;
        let bytes = std::fs::read(input).map_err(|error| format!("{input}: {error}"))?;
        let mut warnings = Vec::new();
        let start = Instant::now();
        let data = osm::read(&bytes, Limits::default(), &mut warnings)
            .map_err(|error| format!("{input}: {error}"))?;
        let rate = bytes.len() as f64 / 1e6 / start.elapsed().as_secs_f64();
        print_warnings(&warnings);
        println!("read {} bytes at {rate:.0} MB/s: {}", bytes.len(), counts(&data));
        match &self.places {
            Some(list) => self.make_all(&data, list, Path::new(out)),
            None => self.make(&data, &self.meta, Path::new(out)),
        }
    }

    /// A pack of each place of a list.
    fn make_all(&self, data: &OsmData, list: &str, folder: &Path) -> Result<(), String> {
        let text = std::fs::read_to_string(list).map_err(|error| format!("{list}: {error}"))?;
        let places: Vec<Wanted> =
            serde_json::from_str(&text).map_err(|error| format!("{list}: {error}"))?;
        for place in places {
            let is_plain = place.file.ends_with(".mpk") && !place.file.contains(['/', '\\']);
            if !is_plain {
                return Err(format!("{list}: `{}` is no name of a pack", place.file));
            }
            let mut design = Design::default();
            design.distance = place.distance;
            (design.place.lat, design.place.lon) = (place.lat, place.lon);
            // Whichever way the paper lies.
            let upright = design.data_bbox();
            std::mem::swap(&mut design.paper.width, &mut design.paper.height);
            let across = design.data_bbox();
            let meta = PackMeta {
                name: place.name,
                country: place.country,
                centre: Some([place.lat, place.lon]),
                distance_m: Some(place.distance),
                bbox: Some(Bbox { west: across.west, east: across.east, ..upright }),
                ..self.meta.clone()
            };
            println!("{}:", place.file);
            self.make(data, &meta, &folder.join(&place.file))?;
        }
        write_index(folder)
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

/// Lists a folder's packs in its `index.json`, by name.
fn write_index(folder: &Path) -> Result<(), String> {
    let why = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut places = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(why)? {
        let path = entry.map_err(why)?.path();
        if path.extension().is_none_or(|extension| extension != "mpk") {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let pack = pack::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        let PackMeta { name, country, centre, distance_m, bbox, timestamp, .. } = pack.meta;
        let (Some([lat, lon]), Some(distance), Some(bbox)) = (centre, distance_m, bbox) else {
            println!("{}: left out, as it does not say where to look", path.display());
            continue;
        };
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
        places.push(json!({
            "file": file, "name": name, "country": country, "lat": lat, "lon": lon,
            "distance": distance, "bbox": [bbox.south, bbox.west, bbox.north, bbox.east],
            "date": timestamp, "bytes": bytes.len(),
        }));
    }
    places.sort_by_key(|place| place["name"].as_str().unwrap_or_default().to_owned());
    println!("{} places in index.json", places.len());
    let mut text = serde_json::to_string_pretty(&places).map_err(|error| error.to_string())?;
    text.push('\n');
    std::fs::write(folder.join("index.json"), text).map_err(why)
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

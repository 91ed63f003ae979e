//! A file of OSM data (.osm.pbf, OSM XML or Overpass JSON, packed or not, or a pack) → a place's pack.
//!
//! `cargo xtask bake` calls this; see `public/places/README.md`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to a terminal is its job")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use render_core::error::Warning;
use render_core::lonlat::Bbox;
use render_core::osm::bake::{BakeOptions, bake};
use render_core::osm::pack::{self, PackMeta, Precision};
use render_core::osm::{self, Limits, OsmData};

const HELP: &str = "usage: bake INPUT --out FILE.mpk [--name N] [--at LAT,LON] [--distance M]
    [--bbox S,W,N,E] [--source TEXT] [--date D] [--precision 6|7] [--all]

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
    input: String,
    out: String,
    meta: PackMeta,
    precision: Precision,
    keep_all: bool,
}

impl Job {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let (mut input, mut out, mut keep_all) = (None, None, false);
        let mut precision = Precision::E6;
        let mut meta = PackMeta {
            licence: "Open Database License 1.0; © OpenStreetMap contributors".to_owned(),
            ..PackMeta::default()
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--all" {
                keep_all = true;
                continue;
            }
            if !argument.starts_with("--") {
                input = Some(argument.clone());
                continue;
            }
            let value = rest.next().ok_or_else(|| format!("{argument} needs a value"))?;
            match argument.as_str() {
                "--out" => out = Some(value.clone()),
                "--name" => meta.name.clone_from(value),
                "--at" => meta.centre = Some(numbers(argument, value)?),
                "--distance" => {
                    let [distance] = numbers(argument, value)?;
                    meta.distance_m = Some(distance);
                }
                "--bbox" => {
                    let [south, west, north, east] = numbers(argument, value)?;
                    meta.bbox = Some(Bbox { south, west, north, east });
                }
                "--source" => meta.source.clone_from(value),
                "--date" => meta.timestamp = Some(value.clone()),
                "--precision" => {
                    precision = match value.as_str() {
                        "6" => Precision::E6,
                        "7" => Precision::E7,
                        _ => return Err("--precision is 6 or 7".to_owned()),
                    };
                }
                _ => return Err(format!("`{argument}` is unknown\n{HELP}")),
            }
        }
        let input = input.ok_or("name a file to read")?;
        let out = out.ok_or("say where to write: --out FILE.mpk")?;
        Ok(Self { input, out, meta, precision, keep_all })
    }

    fn run(self) -> Result<(), String> {
        let bytes =
            std::fs::read(&self.input).map_err(|error| format!("{}: {error}", self.input))?;
        let mut warnings = Vec::new();
        let start = Instant::now();
        let data = osm::read(&bytes, Limits::default(), &mut warnings)
            .map_err(|error| format!("{}: {error}", self.input))?;
        let rate = bytes.len() as f64 / 1e6 / start.elapsed().as_secs_f64();
        print_warnings(&warnings);
        println!("read {} bytes at {rate:.0} MB/s: {}", bytes.len(), counts(&data));

        let kept =
            if self.keep_all { data } else { bake(&data, &BakeOptions { bbox: self.meta.bbox }) };
        println!("kept {}", counts(&kept));

        let start = Instant::now();
        let packed = pack::write(&kept, &self.meta, self.precision);
        let (writing, start) = (start.elapsed(), Instant::now());
        // What was written is what will be read, or it is not written at all.
        let again =
            pack::read(&packed).map_err(|error| format!("the pack cannot be read: {error}"))?;
        if again.data.ways.len() != kept.ways.len() {
            return Err("the pack has lost ways".to_owned());
        }
        let reading = start.elapsed();
        println!("pack {} bytes, packed in {writing:.1?}, read in {reading:.1?}", packed.len());
        std::fs::write(&self.out, &packed).map_err(|error| format!("{}: {error}", self.out))
    }
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

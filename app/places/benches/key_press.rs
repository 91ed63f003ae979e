//! What the cities that come with the app cost to read, and a key press to answer.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use places::Gazetteer;
use places::query::{PlaceQuery, parse};

const FILE: &[u8] = include_bytes!("../../../public/places/cities.gaz");
/// From the first letter on; what is only found mistyped, or not at all; a name with its country; a script
/// of few letters.
const TYPED: [&str; 8] =
    ["s", "sa", "san", "san f", "san fransisco", "xyzzyxyz", "new york united states", "東"];

fn key_press(criterion: &mut Criterion) {
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib(FILE).unwrap();
    criterion.bench_function("gazetteer/read", |b| {
        b.iter(|| Gazetteer::read(black_box(&bytes)).unwrap());
    });
    let world = Gazetteer::read(&bytes).unwrap();
    for typed in TYPED {
        criterion.bench_function(&format!("gazetteer/search {typed}"), |b| {
            b.iter(|| world.search(black_box(typed), Some((60.17, 24.94)), 8));
        });
    }
    // Pasted by mistake: a word that could be a region after each comma and space.
    let page = "Springfield, ".repeat(8000);
    criterion.bench_function("gazetteer/search a page of 100 kB", |b| {
        b.iter(|| match parse(black_box(&page)) {
            PlaceQuery::Text(words) => world.search(&words, Some((60.17, 24.94)), 8),
            _ => Vec::new(),
        });
    });
}

criterion_group!(benches, key_press);
criterion_main!(benches);

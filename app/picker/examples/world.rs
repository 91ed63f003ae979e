//! Natural Earth's countries as npm's world-atlas holds them (TopoJSON) → the picker's world.
//!
//! `world COUNTRIES.json OUT`; `cargo xtask world` calls it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "run by hand, where a panic is the message"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use picker::world::{Degrees, World, write};
use serde_json::Value;

/// How far a simplified line may stray, degrees of latitude: 1.1 km, 15 pixels where a frame of 20 km fills a
/// screen. Half of it costs a third more bytes.
const TOLERANCE: f64 = 0.01;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [countries, out] = &arguments[..] else { panic!("world COUNTRIES.json OUT") };
    let topology: Value = serde_json::from_slice(&fs::read(countries).expect(countries)).unwrap();
    let arcs = arcs(&topology);
    let simple: Vec<Degrees> = arcs.iter().map(|arc| simplified(arc)).collect();

    // An arc of two countries is a border; what only one has is a coast, and in the rings of the land.
    let mut owners: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let geometries = topology["objects"]["countries"]["geometries"].as_array().unwrap();
    for (country, geometry) in geometries.iter().enumerate() {
        for arc in rings(&geometry["arcs"]).iter().flatten() {
            owners.entry(index(*arc)).or_default().insert(country);
        }
    }
    let is_border = |arc: &usize| owners.get(arc).is_some_and(|owners| owners.len() > 1);
    let borders: Vec<Degrees> =
        (0..arcs.len()).filter(is_border).map(|arc| unrolled(simple[arc].clone())).collect();
    let coasts: Vec<Degrees> = topology["objects"]["land"]["geometries"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|geometry| rings(&geometry["arcs"]))
        .map(|ring| unrolled(joined(&ring, &simple)))
        .collect();
    let coasts = sewn(coasts);

    let raw = write(&coasts, &borders);
    let world = World::read(&raw).expect("what is written is read");
    let file = miniz_oxide::deflate::compress_to_vec_zlib(&raw, 10);
    fs::write(out, &file).expect(out);
    println!(
        "{} coasts, {} borders, {} points: {} bytes, {} deflated",
        world.coasts.len(),
        world.borders.len(),
        world.points.len(),
        raw.len(),
        file.len()
    );
}

/// All arcs in degrees, longitude first.
fn arcs(topology: &Value) -> Vec<Degrees> {
    let pair = |value: &Value| (value[0].as_f64().unwrap(), value[1].as_f64().unwrap());
    let (scale, move_by) =
        (pair(&topology["transform"]["scale"]), pair(&topology["transform"]["translate"]));
    let arc = |arc: &Value| {
        let (mut x, mut y) = (0.0, 0.0);
        let mut line = Degrees::new();
        for step in arc.as_array().unwrap() {
            let step = pair(step);
            (x, y) = (x + step.0, y + step.1);
            let (lon, lat) = (x * scale.0 + move_by.0, y * scale.1 + move_by.1);
            // The source's grid ends a hair beyond the world.
            line.push((lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)));
        }
        line
    };
    topology["arcs"].as_array().unwrap().iter().map(arc).collect()
}

/// The rings of polygons, however deep: lists of arcs, one that is walked backwards as its complement.
fn rings(arcs: &Value) -> Vec<Vec<i64>> {
    let list = arcs.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.first().is_some_and(Value::is_i64) {
        return vec![list.iter().map(|arc| arc.as_i64().unwrap()).collect()];
    }
    list.iter().flat_map(rings).collect()
}

fn index(arc: i64) -> usize {
    usize::try_from(if arc < 0 { !arc } else { arc }).unwrap()
}

fn joined(ring: &[i64], arcs: &[Degrees]) -> Degrees {
    let mut line = Degrees::new();
    for arc in ring {
        let points = &arcs[index(*arc)];
        let skip = usize::from(!line.is_empty());
        if *arc < 0 {
            line.extend(points.iter().rev().skip(skip));
        } else {
            line.extend(points.iter().skip(skip));
        }
    }
    line
}

/// A line that jumps across the antimeridian → one that goes on beyond it; a ring around the pole, which only
/// Antarctica's is, is closed along 90° S.
fn unrolled(mut line: Degrees) -> Degrees {
    let mut before = line[0].0;
    for (lon, _) in &mut line {
        *lon += ((before - *lon) / 360.0).round() * 360.0;
        before = *lon;
    }
    let (first, last) = (line[0], line[line.len() - 1]);
    if (first.0 - last.0).abs() > 180.0 {
        line.extend([(last.0, -90.0), (first.0, -90.0), first]);
    }
    line
}

/// Some land across the antimeridian is cut there into two rings; they become one, so that no line is drawn there.
fn sewn(mut rings: Vec<Degrees>) -> Vec<Degrees> {
    let mut sewn = Vec::new();
    while let Some(ring) = rings.pop() {
        let other =
            rings.iter().enumerate().find_map(|(i, other)| Some((i, sewn_to(&ring, other)?)));
        match other {
            Some((i, whole)) => {
                rings.swap_remove(i);
                rings.push(whole);
            }
            None => sewn.push(turned(ring)),
        }
    }
    sewn
}

/// A ring whose middle is within ±180°.
fn turned(mut ring: Degrees) -> Degrees {
    let west = ring.iter().map(|at| at.0).fold(f64::INFINITY, f64::min);
    let east = ring.iter().map(|at| at.0).fold(f64::NEG_INFINITY, f64::max);
    let turns = (f64::midpoint(west, east) / 360.0).round() * 360.0;
    ring.iter_mut().for_each(|at| at.0 -= turns);
    ring
}

/// Two rings as one, where the edge of each at the antimeridian is the other's.
fn sewn_to(one: &[(f64, f64)], other: &[(f64, f64)]) -> Option<Degrees> {
    /// Furthest apart of ends that are one, degrees: the two were simplified alone.
    const NEAR: f64 = 0.1;
    let (one, other) = (opened(one)?, opened(other)?);
    let (start, end) = (one.first()?, one.last()?);
    let (other_start, other_end) = (other.first()?, other.last()?);
    let is_one = (start.1 - other_end.1).abs() < NEAR && (end.1 - other_start.1).abs() < NEAR;
    let east = end.0 - other_start.0;
    is_one.then(|| {
        let other = other.iter().map(|(lon, lat)| (lon + east, *lat));
        one.iter().copied().chain(other).chain([*start]).collect()
    })
}

/// A ring that has one edge at the antimeridian → the line from the edge's end around to its start.
fn opened(ring: &[(f64, f64)]) -> Option<Degrees> {
    let ring = &ring[..ring.len() - 1];
    let is_at = |i: usize| (ring[i % ring.len()].0.abs() - 180.0).abs() < 1e-6;
    let mut edges = (0..ring.len()).filter(|i| is_at(*i) && is_at(i + 1));
    let edge = edges.next().filter(|_| edges.next().is_none())?;
    Some(ring.iter().cycle().skip(edge + 1).take(ring.len()).copied().collect())
}

/// Douglas and Peucker's, in degrees of latitude. Ends stay, so that what meets there still does; of a ring that
/// is one arc, a third point is kept with them.
fn simplified(line: &[(f64, f64)]) -> Degrees {
    let mut kept = vec![false; line.len()];
    let last = line.len() - 1;
    (kept[0], kept[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|i| (i, distance(line[i], line[from], line[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, far)) = farthest
            && far > TOLERANCE
        {
            kept[i] = true;
            open.extend([(from, i), (i, to)]);
        }
    }
    line.iter().zip(kept).filter_map(|(at, kept)| kept.then_some(*at)).collect()
}

/// How far a point is from a stretch.
fn distance(at: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let across = from.1.abs().min(85.0).to_radians().cos();
    let (x, y) = ((at.0 - from.0) * across, at.1 - from.1);
    let (dx, dy) = ((to.0 - from.0) * across, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((x * dx + y * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - along * dx).hypot(y - along * dy)
}

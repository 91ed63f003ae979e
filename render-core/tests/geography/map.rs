//! A map drawn on a grid → Overpass JSON → features, and what is where in them.

use std::fmt::Write;

use render_core::error::Warning;
use render_core::features::{self, Features};
use render_core::kind::FeatureKind;
use render_core::lonlat::{Bbox, LonLat};
use render_core::osm::{self, Limits};

/// A point of the grid; the frame is 0..=100 in both directions, y up.
pub type At = (f64, f64);

/// Grid steps a degree: the frame is about a kilometre high.
const PER_DEGREE: f64 = 1e4;

/// South-western corners of the frame: an ordinary place, the antimeridian through the middle,
/// near both poles, and where all signs are negative.
pub const ORIGINS: [At; 5] =
    [(8.0, 47.0), (179.995, -17.0), (15.6, 78.2), (166.6, -84.0), (-70.0, -0.005)];

/// A way, or a member of a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub id: i64,
    /// `key=value` pairs with spaces between; the role of a member.
    pub tags: String,
    /// `None` is a `null` vertex.
    pub points: Vec<Option<At>>,
}

/// Ways and relations, on the grid.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    pub ways: Vec<Way>,
    /// Tags and members.
    pub relations: Vec<(i64, String, Vec<Way>)>,
}

/// What became of a map.
pub struct Assembled {
    pub features: Features,
    pub warnings: Vec<Warning>,
    origin: At,
}

pub fn way(id: i64, tags: &str, points: &[At]) -> Way {
    Way { id, tags: tags.into(), points: points.iter().copied().map(Some).collect() }
}

impl Map {
    pub fn way(mut self, id: i64, tags: &str, points: &[At]) -> Self {
        self.ways.push(way(id, tags, points));
        self
    }

    pub fn relation(mut self, id: i64, tags: &str, members: Vec<Way>) -> Self {
        self.relations.push((id, format!("type=multipolygon {tags}"), members));
        self
    }

    /// As an Overpass server would send it, with the frame's corner at `origin`.
    pub fn json(&self, origin: At) -> String {
        let mut elements: Vec<String> = Vec::new();
        for way in &self.ways {
            let (tags, geometry) = (tags(&way.tags), geometry(&way.points, origin));
            elements.push(format!(
                r#"{{"type":"way","id":{},"geometry":{geometry},"tags":{tags}}}"#,
                way.id
            ));
        }
        for (id, words, members) in &self.relations {
            let member = |way: &Way| {
                let geometry = match way.points.is_empty() {
                    true => String::new(),
                    false => format!(r#","geometry":{}"#, geometry(&way.points, origin)),
                };
                format!(r#"{{"type":"way","ref":{},"role":"{}"{geometry}}}"#, way.id, way.tags)
            };
            let members: Vec<String> = members.iter().map(member).collect();
            elements.push(format!(
                r#"{{"type":"relation","id":{id},"members":[{}],"tags":{}}}"#,
                members.join(","),
                tags(words)
            ));
        }
        format!(r#"{{"version":0.6,"elements":[{}]}}"#, elements.join(","))
    }

    /// Its features in the frame, whose corner lies at `origin`.
    pub fn assemble(&self, origin: At) -> Assembled {
        self.assemble_in(((0.0, 0.0), (100.0, 100.0)), origin)
    }

    /// Its features in a part of the grid.
    pub fn assemble_in(&self, part: (At, At), origin: At) -> Assembled {
        self.assemble_cut(part, None, origin)
    }

    /// The same, of a source that says which part its data fill.
    pub fn assemble_cut(&self, part: (At, At), source: Option<(At, At)>, origin: At) -> Assembled {
        let mut warnings = Vec::new();
        let data = osm::read(self.json(origin).as_bytes(), Limits::default(), &mut warnings);
        let mut data = data.unwrap();
        data.area = source.map(|source| bbox(source, origin));
        let features = features::assemble(&data, bbox(part, origin), &mut warnings);
        Assembled { features, warnings, origin }
    }
}

fn bbox((min, max): (At, At), origin: At) -> Bbox {
    let (min, max) = (place(min, origin), place(max, origin));
    Bbox { south: min.lat(), west: min.lon(), north: max.lat(), east: max.lon() }
}

fn tags(words: &str) -> String {
    let tag = |(key, value): (&str, &str)| format!(r#""{key}":"{value}""#);
    let tags = words.split(' ').filter_map(|word| word.split_once('=')).map(tag);
    format!("{{{}}}", tags.collect::<Vec<_>>().join(","))
}

fn geometry(points: &[Option<At>], origin: At) -> String {
    let mut text = String::new();
    for at in points {
        let comma = if text.is_empty() { "" } else { "," };
        match at.map(|at| place(at, origin)) {
            Some(at) => {
                write!(text, r#"{comma}{{"lat":{:.7},"lon":{:.7}}}"#, at.lat(), at.lon()).unwrap();
            }
            None => write!(text, "{comma}null").unwrap(),
        }
    }
    format!("[{text}]")
}

fn place((x, y): At, origin: At) -> LonLat {
    let lon = (origin.0 + x / PER_DEGREE + 180.0).rem_euclid(360.0) - 180.0;
    LonLat::from_degrees(lon, (origin.1 + y / PER_DEGREE).clamp(-90.0, 90.0)).unwrap()
}

impl Assembled {
    /// Rings of each area of a kind, back on the grid.
    pub fn areas(&self, kind: FeatureKind) -> Vec<Vec<Vec<At>>> {
        let areas = self.features.areas.iter().filter(|area| area.kind == kind);
        let coords = |ring: &std::ops::Range<u32>| {
            let coords = &self.features.coords[ring.start as usize..ring.end as usize];
            coords.iter().map(|at| self.grid(*at)).collect()
        };
        let rings = |area: &features::Area| {
            let rings = &self.features.rings[area.rings.start as usize..area.rings.end as usize];
            rings.iter().map(coords).collect()
        };
        areas.map(rings).collect()
    }

    fn grid(&self, at: LonLat) -> At {
        let mut lon = at.lon() - self.origin.0;
        if lon < -180.0 {
            lon += 360.0;
        }
        (lon * PER_DEGREE, (at.lat() - self.origin.1) * PER_DEGREE)
    }

    /// How many areas of a kind a point is in.
    pub fn n_at(&self, kind: FeatureKind, at: At) -> usize {
        let is_in =
            |rings: &Vec<Vec<At>>| rings.iter().filter(|ring| is_inside(ring, at)).count() % 2 == 1;
        self.areas(kind).iter().filter(|rings| is_in(rings)).count()
    }

    /// Area of all of a kind, grid steps squared; holes count against it.
    pub fn area(&self, kind: FeatureKind) -> f64 {
        self.areas(kind).iter().flatten().map(|ring| area(ring)).sum()
    }

    pub fn codes(&self) -> Vec<&'static str> {
        self.warnings.iter().map(|warning| warning.code).collect()
    }
}

/// Positive counter-clockwise.
pub fn area(ring: &[At]) -> f64 {
    let origin = ring.first().copied().unwrap_or_default();
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&At, &At)| {
        (a.0 - origin.0) * (b.1 - origin.1) - (b.0 - origin.0) * (a.1 - origin.1)
    };
    ring.iter().zip(next).map(cross).sum::<f64>() / 2.0
}

/// By the even-odd rule; written apart from the code under test.
pub fn is_inside(ring: &[At], (x, y): At) -> bool {
    let mut is_in = false;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        if (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0) {
            is_in = !is_in;
        }
    }
    is_in
}

/// Least distance to a ring's edge.
pub fn distance(ring: &[At], (x, y): At) -> f64 {
    let to_edge = |(a, b): (&At, &At)| {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let along = ((x - a.0) * dx + (y - a.1) * dy) / (dx * dx + dy * dy).max(1e-12);
        let t = along.clamp(0.0, 1.0);
        libm::hypot(a.0 + t * dx - x, a.1 + t * dy - y)
    };
    ring.iter().zip(ring.iter().cycle().skip(1)).map(to_edge).fold(f64::MAX, f64::min)
}

/// A ring whose vertices lie at even angles around a centre, counter-clockwise, closed.
pub fn star((x, y): At, radii: &[f64]) -> Vec<At> {
    let n = radii.len() as f64;
    let vertex = |(i, r): (usize, &f64)| {
        let angle = i as f64 / n * std::f64::consts::TAU;
        (x + r * libm::cos(angle), y + r * libm::sin(angle))
    };
    let mut ring: Vec<At> = radii.iter().enumerate().map(vertex).collect();
    ring.extend(ring.first().copied());
    ring
}

pub fn reversed(points: &[At]) -> Vec<At> {
    points.iter().rev().copied().collect()
}

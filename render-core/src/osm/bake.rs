//! A place's [`OsmData`] → the same place with only what a poster draws, in an order that packs well.

use std::collections::HashMap;
use std::ops::Range;

use super::{OsmData, Relation, Strings, Tag, Way};
use crate::features::classify::classify;
use crate::lonlat::{Bbox, LonLat};

/// What [`bake`] keeps.
#[derive(Debug, Clone, Copy, Default)]
pub struct BakeOptions {
    /// The area that the data fill. Elements wholly outside are dropped; what reaches in is kept
    /// whole.
    pub bbox: Option<Bbox>,
}

/// Drops what is not drawn, and puts ways beside their neighbours, closed ones turned and open
/// ones reversed where that brings them closer. A coastline keeps its direction: land is left of it.
#[must_use]
pub fn bake(data: &OsmData, options: &BakeOptions) -> OsmData {
    let window = options.bbox.map(Window::new);
    let area = options.bbox.or(data.area);
    let timestamp = data.timestamp.clone();
    let mut baked = OsmData { timestamp, area, ..OsmData::default() };
    let mut bake = Bake { data, baked: &mut baked, moved: HashMap::new() };

    let mut chosen: Vec<&Way> = Vec::new();
    for way in &data.ways {
        let coords = data.coords(&way.coords);
        let has_line = coords.iter().filter(|place| !place.is_missing()).nth(1).is_some();
        if has_line && is_drawn(data, &way.tags) && touches(window.as_ref(), coords) {
            chosen.push(way);
        }
    }
    // Lines first: they are what a reader sees first when the pack is streamed.
    chosen.sort_by_key(|way| rank(data, &way.tags));
    for group in chosen.chunk_by(|a, b| rank(data, &a.tags) == rank(data, &b.tags)) {
        bake.neighbours(group);
    }
    let mut relations: Vec<&Relation> = data
        .relations
        .iter()
        .filter(|relation| is_drawn(data, &relation.tags))
        .filter(|relation| {
            let members = data.members(&relation.members);
            members.iter().any(|member| touches(window.as_ref(), data.coords(&member.coords)))
        })
        .collect();
    relations.sort_by_key(|relation| relation.id);
    for relation in relations {
        bake.relation(relation);
    }
    baked
}

fn is_drawn(data: &OsmData, tags: &Range<u32>) -> bool {
    let what = classify(data.tags(tags));
    what.area.is_some() || what.line.is_some() || what.rail.is_some() || is_coastline(data, tags)
}

fn is_coastline(data: &OsmData, tags: &Range<u32>) -> bool {
    data.tags(tags).any(|tag| tag == ("natural", "coastline"))
}

/// Roads and rails, then land and water, then buildings.
fn rank(data: &OsmData, tags: &Range<u32>) -> u8 {
    let what = classify(data.tags(tags));
    match (what.line.or(what.rail), what.area) {
        (Some(_), _) => 0,
        (None, Some(crate::kind::FeatureKind::Building)) => 2,
        _ => 1,
    }
}

/// A box in OSM's integers.
struct Window {
    west: i32,
    east: i32,
    south: i32,
    north: i32,
}

impl Window {
    fn new(bbox: Bbox) -> Self {
        let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
        let (west, east) = (e7(bbox.west), e7(bbox.east));
        Self { west, east, south: e7(bbox.south), north: e7(bbox.north) }
    }

    fn has_lon(&self, first: i32, last: i32) -> bool {
        if self.west <= self.east {
            first <= self.east && last >= self.west
        } else {
            first <= self.east || last >= self.west
        }
    }
}

/// Whether the box around `coords` meets the window.
fn touches(window: Option<&Window>, coords: &[LonLat]) -> bool {
    let Some(window) = window else { return true };
    let places = || coords.iter().filter(|place| !place.is_missing());
    let lons = places().map(|place| place.lon_e7);
    let lats = places().map(|place| place.lat_e7);
    let (Some(west), Some(east), Some(south), Some(north)) =
        (lons.clone().min(), lons.max(), lats.clone().min(), lats.max())
    else {
        return false;
    };
    window.has_lon(west, east) && south <= window.north && north >= window.south
}

struct Bake<'a> {
    data: &'a OsmData,
    baked: &'a mut OsmData,
    /// Where the vertices of a way went, by where they began.
    moved: HashMap<u32, Range<u32>>,
}

impl Bake<'_> {
    /// Adds ways, each time the one that begins or ends nearest to where the last one ended.
    fn neighbours(&mut self, ways: &[&Way]) {
        let mut left: Vec<(&Way, Lie)> =
            ways.iter().map(|way| (*way, Lie::new(self.data, way))).collect();
        left.sort_by_key(|(way, _)| {
            let place = self.data.coords(&way.coords).first();
            (place.map(|place| spread(*place)), way.id)
        });
        left.reverse(); // Taken from the back, where taking costs little.
        let mut last = self.baked.coords.last().copied();
        while !left.is_empty() {
            // Near ways are near in the list as well: a look at the next few hundred is enough.
            let from = left.len().saturating_sub(512);
            let candidates = left.get(from..).unwrap_or(&[]).iter().enumerate().rev();
            let best = last.and_then(|last| {
                candidates
                    .map(|(i, (way, lie))| {
                        let (distance, at) = lie.nearest(self.data.coords(&way.coords), last);
                        (distance, i + from, at)
                    })
                    .min_by_key(|(distance, ..)| *distance)
            });
            let (_, index, at) = best.unwrap_or((0, left.len() - 1, 0));
            let (way, lie) = left.remove(index);
            let coords = lie.from(self.data.coords(&way.coords), at);
            last = coords.iter().rev().copied().find(|place| !place.is_missing()).or(last);
            let start = self.baked.coords.len() as u32;
            self.baked.coords.extend(coords);
            let coords = start..self.baked.coords.len() as u32;
            self.moved.insert(way.coords.start, coords.clone());
            let tags = self.tags(&way.tags);
            self.baked.ways.push(Way { id: way.id, coords, tags });
        }
    }

    fn relation(&mut self, relation: &Relation) {
        let start = self.baked.members.len() as u32;
        for member in self.data.members(&relation.members) {
            let mut member = member.clone();
            if member.coords.is_empty() {
                self.baked.members.push(member);
                continue;
            }
            let moved = self.moved.entry(member.coords.start).or_insert_with(|| {
                let start = self.baked.coords.len() as u32;
                self.baked.coords.extend_from_slice(self.data.coords(&member.coords));
                start..self.baked.coords.len() as u32
            });
            member.coords = moved.clone();
            self.baked.members.push(member);
        }
        let members = start..self.baked.members.len() as u32;
        let tags = self.tags(&relation.tags);
        self.baked.relations.push(Relation { id: relation.id, members, tags });
    }

    /// The tags that matter, sorted, so that equal sets are the same.
    fn tags(&mut self, range: &Range<u32>) -> Range<u32> {
        let mut tags: Vec<(&str, &str)> = self
            .data
            .tags(range)
            .map(|(key, value)| match (key, value) {
                ("building", value) if value != "no" => ("building", "yes"),
                tag => tag,
            })
            .collect();
        tags.sort_unstable();
        let start = self.baked.tags.len() as u32;
        let strings: &mut Strings = &mut self.baked.strings;
        self.baked.tags.extend(
            tags.iter()
                .map(|(key, value)| Tag { key: strings.intern(key), value: strings.intern(value) }),
        );
        start..self.baked.tags.len() as u32
    }
}

/// What may be done to a way's vertices without changing what is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lie {
    /// Coastlines, and lines with gaps.
    Fixed,
    /// May be reversed.
    Open,
    /// May begin at any vertex.
    Closed,
}

impl Lie {
    fn new(data: &OsmData, way: &Way) -> Self {
        let coords = data.coords(&way.coords);
        if classify(data.tags(&way.tags)).is_coast || coords.iter().any(|place| place.is_missing())
        {
            Self::Fixed
        } else if coords.len() > 2 && coords.first() == coords.last() {
            Self::Closed
        } else {
            Self::Open
        }
    }

    /// The distance to the nearest vertex the way may begin with, and its index. Longitudes and
    /// latitudes are packed apart, so it is their sum that counts.
    fn nearest(self, coords: &[LonLat], to: LonLat) -> (i64, usize) {
        let distance = |(index, place): (usize, &LonLat)| {
            let lon = i64::from(place.lon_e7) - i64::from(to.lon_e7);
            let lat = i64::from(place.lat_e7) - i64::from(to.lat_e7);
            (lon.abs() + lat.abs(), index)
        };
        let places = coords.iter().enumerate();
        let nearest = match self {
            Self::Fixed => places.take(1).map(distance).min(),
            Self::Open => places.step_by(coords.len().saturating_sub(1).max(1)).map(distance).min(),
            Self::Closed => places.skip(1).map(distance).min(),
        };
        nearest.unwrap_or((i64::MAX, 0))
    }

    /// The vertices, beginning with the one at `index`.
    fn from(self, coords: &[LonLat], index: usize) -> Vec<LonLat> {
        match (self, coords) {
            (Self::Open, _) if index > 0 => coords.iter().rev().copied().collect(),
            (Self::Closed, [rest @ .., _]) => {
                let (before, after) = rest.split_at(index.min(rest.len()));
                let turned: Vec<_> = after.iter().chain(before).copied().collect();
                turned.iter().chain(turned.first()).copied().collect()
            }
            _ => coords.to_vec(),
        }
    }
}

/// A place's position on a Morton curve over the globe: near places are mostly near on it.
fn spread(place: LonLat) -> u64 {
    let mut bits = 0;
    let lon = (i64::from(place.lon_e7) + (1 << 31)) as u64;
    let lat = (i64::from(place.lat_e7) + (1 << 31)) as u64;
    for i in 0..32 {
        bits |= (lon >> i & 1) << (2 * i) | (lat >> i & 1) << (2 * i + 1);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::Limits;

    fn bake_reply(elements: &str, options: &BakeOptions) -> (OsmData, OsmData) {
        let reply = format!("{{\"elements\":[{elements}]}}");
        let data = crate::osm::read(reply.as_bytes(), Limits::default(), &mut Vec::new()).unwrap();
        let baked = bake(&data, options);
        (data, baked)
    }

    fn way(id: i64, tags: &str, coords: &[(i32, i32)]) -> String {
        let tags: Vec<String> = tags
            .split_whitespace()
            .filter_map(|tag| tag.split_once('='))
            .map(|(key, value)| format!("\"{key}\":\"{value}\""))
            .collect();
        let geometry: Vec<String> =
            coords.iter().map(|(lon, lat)| format!("{{\"lon\":{lon},\"lat\":{lat}}}")).collect();
        let (tags, geometry) = (tags.join(","), geometry.join(","));
        format!("{{\"type\":\"way\",\"id\":{id},\"tags\":{{{tags}}},\"geometry\":[{geometry}]}}")
    }

    #[test]
    fn only_what_is_drawn_stays() {
        let line = &[(0, 0), (1, 1)];
        let ring = &[(0, 0), (1, 1), (0, 1), (0, 0)];
        let elements = [
            way(1, "highway=path name=A surface=sand layer=1", line),
            way(2, "power=line", line),
            way(3, "", line),
            way(4, "building=house name=B addr:housenumber=4", ring),
            way(5, "highway=path", &[(0, 0)]),
            way(6, "natural=coastline source=x", line),
        ];
        let (_, baked) = bake_reply(&elements.join(","), &BakeOptions::default());
        let tags = |way: &Way| baked.tags(&way.tags).map(|(k, v)| format!("{k}={v}")).collect();
        let tags: Vec<Vec<String>> = baked.ways.iter().map(tags).collect();
        let expected: [&[&str]; 3] =
            [&["highway=path", "layer=1"], &["natural=coastline"], &["building=yes"]];
        assert_eq!(tags, expected);
    }

    #[test]
    fn only_the_box_stays() {
        let elements = [
            way(1, "highway=path", &[(179, 0), (180, 0)]),
            way(2, "highway=path", &[(-179, 0), (-178, 0)]),
            way(3, "highway=path", &[(0, 0), (1, 0)]),
            way(4, "highway=path", &[(-179, 20), (-178, 20)]),
        ];
        let bbox = Bbox { south: -5.0, west: 175.0, north: 5.0, east: -175.0 };
        let options = BakeOptions { bbox: Some(bbox) };
        let (_, baked) = bake_reply(&elements.join(","), &options);
        let mut ids: Vec<i64> = baked.ways.iter().map(|way| way.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, [1, 2]);
    }

    #[test]
    fn ways_begin_where_the_last_one_ended_and_keep_their_shape() {
        let elements = [
            way(1, "highway=path", &[(0, 0), (1, 0)]),
            way(2, "highway=path", &[(3, 0), (1, 0)]),
            way(3, "landuse=grass", &[(9, 9), (3, 0), (8, 0), (9, 9)]),
            way(4, "natural=coastline", &[(5, 5), (9, 9)]),
        ];
        let (_, baked) = bake_reply(&elements.join(","), &BakeOptions::default());
        let coords = |id| {
            let way = baked.ways.iter().find(|way| way.id == id).unwrap();
            let coords = baked.coords(&way.coords);
            coords.iter().map(|at| (at.lon() as i32, at.lat() as i32)).collect::<Vec<_>>()
        };
        assert_eq!(coords(1), [(0, 0), (1, 0)]);
        assert_eq!(coords(2), [(1, 0), (3, 0)], "reversed");
        assert_eq!(coords(3), [(3, 0), (8, 0), (9, 9), (3, 0)], "turned");
        assert_eq!(coords(4), [(5, 5), (9, 9)], "land stays on the left");
    }

    #[test]
    fn relations_keep_the_ways_that_are_drawn_only_as_their_parts() {
        let ring = &[(0, 0), (1, 1), (0, 1), (0, 0)];
        let elements = way(1, "", ring)
            + r#",{"type":"relation","id":9,"tags":{"type":"multipolygon","natural":"water"},
                "members":[{"type":"way","ref":1,"role":"outer"}]}"#;
        let (data, baked) = bake_reply(&elements, &BakeOptions::default());
        assert!(baked.ways.is_empty());
        let (before, after) = (&data.members[0], &baked.members[0]);
        assert_eq!(data.coords(&before.coords), baked.coords(&after.coords));
    }
}

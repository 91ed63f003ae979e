//! [`Design`] → the Overpass query for what its map draws.
//!
//! One request of three outputs: roads and rails first, so that they can be drawn first; then all
//! that may be filled, and the coast; then multipolygons.
//!
//! - Ways are asked with `out tags geom`: without their lists of node ids, a sixth of the bytes.
//!   Relations need `out geom`, as `tags` would leave out their members (drolbr/Overpass-API,
//!   `print.cc`).
//! - Roads and rails are cropped to the box, which is safe for open lines: the reader breaks them
//!   where vertices are `null`. Areas and coasts come whole, since a cropped ring can be closed on
//!   either side.
//! - A lake or wood around the whole map has no vertex in the box. `is_in` finds those that the
//!   server keeps as areas: named ones, mostly.
//! - A map with hardly a road in it may be open sea. Only then the coast is asked for in a far
//!   larger box: the nearest coast tells which side of it the map is.
//! - Bays and straits are not asked for: they are parts of the sea, which is made of its coast, and
//!   their relations can be as large as a country.
//! - Boxes are rounded outwards to a grid, so that almost equal wishes are equal queries.
//! - A large area is asked in parts, one after the other, each as modest as a city's. Roads are cropped to the
//!   whole area in all of them, so that what two parts share is the same in both, and is kept once.

use std::fmt::Write;

use render_core::design::Design;
use render_core::kind::Layer;
use render_core::lonlat::{Bbox, wrap_longitude};
use serde::{Deserialize, Serialize};

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Detail {
    /// The main roads, railways and rivers, and land cover without gardens and lawns: all that
    /// shows of a whole region.
    Main,
    /// Every street, without buildings and footpaths, which are dust on a map of a whole city.
    Streets,
    /// Everything a poster draws.
    Full,
}

/// Largest distance with every building, m: at 12 km a page one is a third of a millimetre.
pub const FULL_DETAIL_DISTANCE: f64 = 6000.0;
/// Largest distance with every street, m: at 40 km a page streets are half a millimetre apart.
pub const STREETS_DISTANCE: f64 = 20_000.0;

/// Seconds the server may take. Small, as a server admits a modest query sooner.
pub const SERVER_TIMEOUT: u32 = 60;
/// Bytes of memory the server may take.
const SERVER_MEMORY: u32 = 256 << 20;
/// Fewer road ways than this in a map, and the coast around it is asked for.
const HARDLY_A_ROAD: u32 = 20;
/// How far around an empty map the coast is looked for, degrees of latitude: 55 km.
const COAST_REACH: f64 = 0.5;

/// Largest area of one question with each detail, km². The densest cities are 0.3 MB a km² with everything and a
/// fifth of that with streets alone, and a server gives a question so many seconds and bytes.
const MOST_FULL: f64 = 60.0;
const MOST_STREETS: f64 = 700.0;
const MOST_MAIN: f64 = 2500.0;

/// What costs most and shows least, and is left out where a server has to be asked for less.
pub const HEAVY_LAYERS: [Layer; 2] = [Layer::Buildings, Layer::Paths];

impl Detail {
    /// What a design's map needs: less for a larger area, and no buildings and paths where neither is drawn.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        match design.distance {
            d if d > STREETS_DISTANCE => Self::Main,
            d if d > FULL_DETAIL_DISTANCE => Self::Streets,
            _ if HEAVY_LAYERS.iter().all(|layer| !design.shows(*layer)) => Self::Streets,
            _ => Self::Full,
        }
    }

    fn most_area(self) -> f64 {
        match self {
            Self::Main => MOST_MAIN,
            Self::Streets => MOST_STREETS,
            Self::Full => MOST_FULL,
        }
    }
}

const MAIN_ROADS: &str = r#""highway"~"^(motorway|trunk|primary|secondary|tertiary)(_link)?$""#;
const STREETS: &str =
    r#""highway"~"^(residential|living_street|unclassified|road|service|busway|pedestrian)$""#;
const PATHS: &str = r#""highway"~"^(track|cycleway|path|footway|bridleway|steps)$""#;
const MAIN_RAILS: &str = r#""railway"="rail""#;
const RAILS: &str =
    r#""railway"~"^(rail|subway|tram|light_rail|monorail|funicular|narrow_gauge)$""#;
const MAIN_WATERWAYS: &str = r#""waterway"~"^(river|canal|riverbank|dock)$""#;
const WATERWAYS: &str =
    r#""waterway"~"^(river|canal|stream|ditch|drain|tidal_channel|riverbank|dock)$""#;
const COAST: &str = r#""natural"="coastline""#;
const NATURAL: &str = r#""natural"~"^(water|wood|scrub|heath|grassland|fell|tundra|beach|sand|shingle|dune|shoal|bare_rock|scree|wetland|glacier)$""#;
const MAIN_LANDUSE: &str =
    r#""landuse"~"^(forest|meadow|farmland|orchard|vineyard|reservoir|basin|salt_pond|cemetery)$""#;
const LANDUSE: &str = r#""landuse"~"^(forest|grass|meadow|recreation_ground|village_green|cemetery|greenfield|flowerbed|farmland|orchard|vineyard|allotments|plant_nursery|reservoir|basin|salt_pond)$""#;
const MAIN_LEISURE: &str = r#""leisure"~"^(park|golf_course|common)$""#;
const LEISURE: &str = r#""leisure"~"^(park|garden|golf_course|pitch|playground|dog_park|common|recreation_ground|swimming_pool)$""#;
const AEROWAY: &str = r#""aeroway"~"^(runway|taxiway|apron|helipad)$""#;
const PIERS: &str = r#""man_made"~"^(pier|breakwater|groyne|bridge)$""#;
const GRAVE_YARDS: &str = r#""amenity"="grave_yard""#;
const SQUARES: &str = r#""highway"="pedestrian""#;
const BUILDINGS: &str = r#""building""#;
/// What may enclose a whole map.
const ENCLOSING: [&str; 2] = [
    r#""natural"~"^(water|wood|grassland|heath|sand|wetland|glacier)$""#,
    r#""landuse"~"^(forest|farmland|meadow)$""#,
];

impl Detail {
    fn lines(self) -> &'static [&'static str] {
        match self {
            Self::Main => &[MAIN_ROADS, MAIN_RAILS],
            Self::Streets => &[MAIN_ROADS, STREETS, RAILS],
            Self::Full => &[MAIN_ROADS, STREETS, PATHS, RAILS],
        }
    }

    fn ways(self) -> &'static [&'static str] {
        match self {
            Self::Main => &[MAIN_WATERWAYS, COAST, NATURAL, MAIN_LANDUSE, MAIN_LEISURE, AEROWAY],
            Self::Streets => {
                &[WATERWAYS, COAST, NATURAL, LANDUSE, LEISURE, GRAVE_YARDS, AEROWAY, PIERS]
            }
            Self::Full => &[
                WATERWAYS,
                COAST,
                NATURAL,
                LANDUSE,
                LEISURE,
                GRAVE_YARDS,
                AEROWAY,
                PIERS,
                BUILDINGS,
            ],
        }
    }

    fn relations(self) -> &'static [&'static str] {
        match self {
            Self::Main => &[MAIN_WATERWAYS, NATURAL, MAIN_LANDUSE, MAIN_LEISURE],
            Self::Streets => &[WATERWAYS, NATURAL, LANDUSE, LEISURE, AEROWAY, PIERS, SQUARES],
            Self::Full => {
                &[WATERWAYS, NATURAL, LANDUSE, LEISURE, AEROWAY, PIERS, SQUARES, BUILDINGS]
            }
        }
    }
}

/// The box that data are asked for: a design's with room for a bleed, rounded outwards to a grid of a 32nd
/// to a 64th of its height.
#[must_use]
pub fn query_area(design: &Design) -> Bbox {
    let bbox = design.data_bbox_with_room();
    // Powers of two of a degree: any two boxes of about one size share a grid.
    let step = |size: f64| (size / 32.0).max(1e-5).log2().floor().exp2();
    let (step_lat, step_lon) = (step(bbox.north - bbox.south), step(bbox.width()));
    let down = |value: f64, step: f64| (value / step).floor() * step;
    let up = |value: f64, step: f64| (value / step).ceil() * step;
    Bbox {
        south: down(bbox.south, step_lat).max(-90.0),
        west: down(bbox.west, step_lon).max(-180.0),
        north: up(bbox.north, step_lat).min(90.0),
        east: up(bbox.east, step_lon).min(180.0),
    }
}

/// The queries for a design's map, to be asked one after the other: one, two or four.
#[must_use]
pub fn overpass_queries(design: &Design) -> Vec<String> {
    let area = query_area(design);
    let detail = Detail::of(design);
    let parts = parts(area, detail.most_area());
    let query = |(n, part): (usize, &Bbox)| {
        // What encloses one part and not the whole map has its edge in another.
        let centre = (n == 0).then_some((design.place.lat, design.place.lon));
        query(detail, *part, area, centre)
    };
    parts.iter().enumerate().map(query).collect()
}

/// A box in parts of a size, the northern ones first; no more than four, as each is another question.
fn parts(area: Bbox, most: f64) -> Vec<Bbox> {
    const KM_PER_DEGREE: f64 = 111.195;
    let high = (area.north - area.south) * KM_PER_DEGREE;
    let wide = area.width() * KM_PER_DEGREE * area.centre().0.to_radians().cos();
    let (n_columns, n_rows): (u32, u32) = match high * wide / most {
        share if share <= 1.0 => (1, 1),
        share if share <= 2.0 && wide > high => (2, 1),
        share if share <= 2.0 => (1, 2),
        _ => (2, 2),
    };
    let mut parts = Vec::new();
    for row in 0..n_rows {
        for column in 0..n_columns {
            let share = |n: u32, of: u32| f64::from(n) / f64::from(of);
            let lat = |n| area.north - (area.north - area.south) * share(n, n_rows);
            let lon = |n| wrap_longitude(area.west + area.width() * share(n, n_columns));
            parts.push(Bbox {
                south: lat(row + 1),
                west: lon(column),
                north: lat(row),
                east: lon(column + 1),
            });
        }
    }
    parts
}

fn query(detail: Detail, part: Bbox, area: Bbox, centre: Option<(f64, f64)>) -> String {
    let boxes = split(part);
    let mut query = format!("[out:json][timeout:{SERVER_TIMEOUT}][maxsize:{SERVER_MEMORY}];(");
    let each = |query: &mut String, element: &str, tags: &[&str], boxes: &[String]| {
        for tags in tags {
            for bbox in boxes {
                let _ = write!(query, "{element}[{tags}]({bbox});");
            }
        }
    };
    each(&mut query, "way", detail.lines(), &boxes);
    // Only one box can be cropped to.
    let crop = match split(area).as_slice() {
        [bbox] => format!("({bbox})"),
        _ => String::new(),
    };
    let _ = write!(query, ")->.r;.r out tags geom{crop};");
    if let Some((lat, lon)) = centre {
        let _ = write!(query, "is_in({lat:.6},{lon:.6})->.i;");
    }
    query.push('(');
    each(&mut query, "way", detail.ways(), &boxes);
    let enclosing = if centre.is_some() { ENCLOSING.as_slice() } else { &[] };
    for tags in enclosing {
        let _ = write!(query, "way(pivot.i)[{tags}];");
    }
    for bbox in split(widened(part)) {
        let _ = write!(query, "way[{COAST}]({bbox})(if:r.count(ways)<{HARDLY_A_ROAD});");
    }
    query.push_str(");out tags geom;(");
    let multipolygon = r#"relation["type"="multipolygon"]"#;
    each(&mut query, multipolygon, detail.relations(), &boxes);
    for tags in enclosing {
        let _ = write!(query, r#"relation(pivot.i)["type"="multipolygon"][{tags}];"#);
    }
    query.push_str(");out geom;");
    query
}

/// A box with the coasts around it.
fn widened(area: Bbox) -> Bbox {
    let steepest = area.south.abs().max(area.north.abs()).min(85.0).to_radians();
    let reach = (COAST_REACH / steepest.cos()).min(5.0);
    Bbox {
        south: (area.south - COAST_REACH).max(-90.0),
        west: wrap_longitude(area.west - reach),
        north: (area.north + COAST_REACH).min(90.0),
        east: wrap_longitude(area.east + reach),
    }
}

/// The box as Overpass writes it; two where it crosses the antimeridian.
fn split(bbox: Bbox) -> Vec<String> {
    let text =
        |west: f64, east: f64| format!("{:.6},{west:.6},{:.6},{east:.6}", bbox.south, bbox.north);
    if bbox.west <= bbox.east {
        vec![text(bbox.west, bbox.east)]
    } else {
        vec![text(bbox.west, 180.0), text(-180.0, bbox.east)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(lat: f64, lon: f64, distance: f64) -> Design {
        let mut design = Design::default();
        design.distance = distance;
        design.place.lat = lat;
        design.place.lon = lon;
        design
    }

    fn check(lat: f64, lon: f64, distance: f64) -> String {
        overpass_queries(&design(lat, lon, distance)).remove(0)
    }

    #[test]
    fn without_buildings_and_paths_they_are_not_asked_for() {
        let mut design = design(60.17, 24.94, 2000.0);
        assert_eq!(Detail::of(&design), Detail::Full);
        design.layers.insert(Layer::Buildings, false);
        assert_eq!(Detail::of(&design), Detail::Full, "paths are drawn");
        design.layers.insert(Layer::Paths, false);
        assert_eq!(Detail::of(&design), Detail::Streets);
        let query = overpass_queries(&design).remove(0);
        assert!(!query.contains("building") && query.contains("residential"), "{query}");
    }

    #[test]
    fn a_large_area_is_asked_in_parts_that_make_it_up() {
        for (lat, lon, distance, n) in [
            (60.0, 25.0, 3000.0, 1),
            (60.0, 25.0, 5500.0, 2),
            (0.0, 25.0, 12_000.0, 1),
            (-40.0, 179.99, 18_000.0, 2),
            (35.7, 139.7, 50_000.0, 4),
        ] {
            let design = design(lat, lon, distance);
            let area = query_area(&design);
            let parts = parts(area, Detail::of(&design).most_area());
            assert_eq!((parts.len(), overpass_queries(&design).len()), (n, n), "{distance}");
            let size = |bbox: &Bbox| (bbox.north - bbox.south) * bbox.width();
            let all: f64 = parts.iter().map(size).sum();
            assert!((all / size(&area) - 1.0).abs() < 1e-9, "{parts:?}");
            assert!(parts.iter().all(|part| area.holds(*part)), "{parts:?} of {area:?}");
        }
    }

    #[test]
    fn parts_are_cropped_to_the_whole_area_and_look_for_what_encloses_it_once() {
        let design = design(35.7, 139.7, 50_000.0);
        let [area] = &split(query_area(&design))[..] else { panic!("one box") };
        let queries = overpass_queries(&design);
        let crop = format!(".r out tags geom({area});");
        assert!(queries.iter().all(|query| query.contains(&crop)), "{queries:?}");
        let enclosing: Vec<bool> = queries.iter().map(|query| query.contains("is_in")).collect();
        assert_eq!(enclosing, [true, false, false, false]);
        assert!(queries[1..].iter().all(|query| !query.contains("pivot")), "{queries:?}");
    }

    #[test]
    fn one_query_asks_roads_then_areas_then_multipolygons() {
        let query = check(60.1717, 24.9443, 670.0);
        assert!(query.starts_with("[out:json][timeout:60][maxsize:268435456];(way["), "{query}");
        let order =
            ["motorway", ")->.r;.r out tags geom(60.165", "coastline", ");out tags geom;(relation"];
        let places: Vec<_> = order.iter().map(|part| query.find(part).expect(part)).collect();
        assert!(places.is_sorted() && query.ends_with(");out geom;"), "{query}");
        assert!(query.contains(r#"way["building"](60.165"#));
        assert!(query.contains(r#"relation["type"="multipolygon"]["building"]("#));
        assert!(query.contains("is_in(60.171700,24.944300)->.i;"));
        assert_eq!(query.matches(['(', '[']).count(), query.matches([')', ']']).count());
    }

    #[test]
    fn the_coast_far_around_is_asked_for_only_where_there_are_no_roads() {
        let query = check(60.1717, 24.9443, 670.0);
        let wide = r#"way["natural"="coastline"](59.66"#;
        assert_eq!(query.matches(wide).count(), 1, "{query}");
        assert!(query.contains("(if:r.count(ways)<20);"));
    }

    #[test]
    fn a_box_across_the_antimeridian_is_two_and_nothing_is_cropped() {
        let query = check(-17.0, 179.99, 5000.0);
        let ways = |text: &str| query.matches(text).count();
        assert_eq!(ways(r#"way["natural"="coastline"]("#), 4);
        assert!(query.contains(",180.000000);") && query.contains(",-180.000000,"), "{query}");
        assert!(query.contains(".r out tags geom;"));
    }

    #[test]
    fn a_larger_map_is_asked_with_less() {
        let query = check(60.0, 25.0, 12_000.0);
        assert!(!query.contains("building") && !query.contains("steps"));
        assert!(query.contains("residential"));
        let query = check(60.0, 25.0, 40_000.0);
        assert!(!query.contains("residential") && !query.contains("garden"));
        assert!(query.contains("tertiary") && query.contains("coastline"));
    }

    #[test]
    fn nearly_equal_maps_are_asked_with_one_box_that_holds_both() {
        let one = query_area(&design(60.17171, 24.94431, 670.0));
        let other = query_area(&design(60.17172, 24.94430, 670.2));
        assert_eq!(one, other);
        let wanted = design(60.17171, 24.94431, 670.0).data_bbox_with_room();
        assert!(one.south <= wanted.south && one.north >= wanted.north);
        assert!(one.west <= wanted.west && one.east >= wanted.east);
        assert!((one.north - one.south) < 1.07 * (wanted.north - wanted.south));
    }
}

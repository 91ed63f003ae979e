//! [`Design`] → the Overpass query for what its map draws.

use std::fmt::Write;

use render_core::design::Design;
use render_core::lonlat::Bbox;

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Without buildings and footpaths, which are dust on a map of a whole city.
    Streets,
    /// Everything a poster draws.
    Full,
}

/// Largest distance with every building, m: at 12 km a page one is a third of a millimetre.
pub const FULL_DETAIL_DISTANCE: f64 = 6000.0;

/// Seconds the server may take. Small, as a server admits a modest query sooner.
pub const SERVER_TIMEOUT: u32 = 60;
/// Bytes of memory the server may take.
const SERVER_MEMORY: u32 = 256 << 20;

impl Detail {
    /// What a map of this distance needs.
    #[must_use]
    pub fn of(distance: f64) -> Self {
        if distance > FULL_DETAIL_DISTANCE { Self::Streets } else { Self::Full }
    }
}

const ALWAYS: [&str; 6] = [
    r#""railway"~"^(rail|subway|tram|light_rail|monorail|funicular|narrow_gauge)$""#,
    r#""waterway"~"^(river|canal|stream|ditch|drain|tidal_channel|riverbank|dock)$""#,
    r#""natural"="coastline""#,
    r#""aeroway"~"^(runway|taxiway|apron|helipad)$""#,
    r#""man_made"~"^(pier|breakwater|groyne)$""#,
    r#""amenity"="grave_yard""#,
];
const AREAS: [&str; 3] = [
    r#""natural"~"^(water|bay|strait|wood|scrub|heath|grassland|fell|tundra|beach|sand|shingle|dune|shoal|bare_rock|scree|wetland|glacier)$""#,
    r#""landuse"~"^(forest|grass|meadow|recreation_ground|village_green|cemetery|greenfield|flowerbed|farmland|orchard|vineyard|allotments|plant_nursery|reservoir|basin|salt_pond)$""#,
    r#""leisure"~"^(park|garden|golf_course|pitch|playground|dog_park|common|recreation_ground|swimming_pool)$""#,
];
/// Kinds that are more often lines, but multipolygons too.
const MORE_AREAS: [&str; 4] = [
    r#""waterway"="riverbank""#,
    r#""highway"="pedestrian""#,
    r#""aeroway"~"^(apron|runway|helipad)$""#,
    r#""man_made"~"^(pier|breakwater|groyne)$""#,
];
const ROADS: &str = r#""highway"~"^((motorway|trunk|primary|secondary|tertiary)(_link)?|residential|living_street|unclassified|road|service|busway|pedestrian)$""#;
const PATHS: &str = r#""highway"~"^(track|cycleway|path|footway|bridleway|steps)$""#;
const BUILDINGS: &str = r#""building""#;

/// The query for a design's map.
#[must_use]
pub fn overpass_query(design: &Design) -> String {
    let boxes = split(design.data_bbox());
    let is_full = Detail::of(design.distance) == Detail::Full;
    let fine = if is_full { [PATHS, BUILDINGS].as_slice() } else { &[] };
    let ways = ALWAYS.iter().chain(&AREAS).chain(&[ROADS]).chain(fine);
    let fine = if is_full { [BUILDINGS].as_slice() } else { &[] };
    let areas = AREAS.iter().chain(&MORE_AREAS).chain(fine);
    let mut query = format!("[out:json][timeout:{SERVER_TIMEOUT}][maxsize:{SERVER_MEMORY}];(");
    for tags in ways {
        for bbox in &boxes {
            let _ = write!(query, "way[{tags}]({bbox});");
        }
    }
    // Without `tags` each way would list its node ids, a sixth of the reply.
    query.push_str(");out tags geom;(");
    for tags in areas {
        for bbox in &boxes {
            let _ = write!(query, r#"relation["type"="multipolygon"][{tags}]({bbox});"#);
        }
    }
    query.push_str(");out geom;");
    query
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

    fn check(lat: f64, lon: f64, distance: f64) -> String {
        let mut design = Design::default();
        design.distance = distance;
        design.place.lat = lat;
        design.place.lon = lon;
        overpass_query(&design)
    }

    #[test]
    fn one_query_asks_ways_and_multipolygons_with_their_geometry() {
        let query = check(60.1717, 24.9443, 670.0);
        assert!(query.starts_with("[out:json][timeout:60][maxsize:268435456];(way["), "{query}");
        assert!(query.contains(r#"way["natural"="coastline"](60.165"#), "{query}");
        assert!(query.contains(r#"way["building"](60.165"#));
        assert!(query.contains(r#"relation["type"="multipolygon"]["building"]("#));
        assert!(query.contains(");out tags geom;(relation") && query.ends_with(");out geom;"));
        assert_eq!(query.matches(['(', '[']).count(), query.matches([')', ']']).count());
    }

    #[test]
    fn a_box_across_the_antimeridian_is_two() {
        let query = check(-17.0, 179.99, 5000.0);
        let ways = |text: &str| query.matches(text).count();
        assert_eq!(ways(r#"way["natural"="coastline"]("#), 2);
        assert!(query.contains(",180.000000);") && query.contains(",-180.000000,"), "{query}");
    }

    #[test]
    fn a_whole_city_is_asked_without_its_buildings() {
        let query = check(60.0, 25.0, 12_000.0);
        assert!(!query.contains("building") && !query.contains("steps"));
        assert!(query.contains("motorway"));
    }
}

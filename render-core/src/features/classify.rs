//! Tags → kinds: what an element is drawn as, by the meanings the OSM wiki gives its tags
//! (<https://wiki.openstreetmap.org/wiki/Map_features>).

use super::Structure;
use crate::kind::FeatureKind;

/// What an element is drawn as. A street with tram tracks is two lines, a closed pier an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classified {
    /// As an area, if its way is closed or it is a multipolygon.
    pub area: Option<FeatureKind>,
    /// As a road or path, waterway, pier or aeroway.
    pub line: Option<FeatureKind>,
    /// As a railway.
    pub rail: Option<FeatureKind>,
    /// Whether the area is meant even where the line could be (`area=yes`).
    pub is_area: bool,
    /// A stretch of coast (`natural=coastline`): land on its left, sea on its right.
    pub is_coast: bool,
    /// A part of the sea with a name of its own (`natural=bay|strait`).
    pub is_bay: bool,
    /// Tunnel, ground or bridge.
    pub structure: Option<Structure>,
    /// OSM's `layer`, −5..=5.
    pub layer: i8,
}

/// Decides by all tags of one element; their order does not matter.
pub fn classify<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Classified {
    let mut seen = Classified::default();
    let mut hidden = false;
    // The more telling key wins: a park's pond tagged `natural=water` is water.
    let mut best = 0;
    let mut area = |kind: Option<FeatureKind>, weight: u8| {
        if let Some(kind) = kind
            && weight > best
        {
            best = weight;
            seen.area = Some(kind);
        }
    };
    let mut is_pedestrian = false;
    for (key, value) in tags {
        match key {
            "building" if value != "no" => area(Some(FeatureKind::Building), 9),
            "natural" => {
                seen.is_coast |= value == "coastline";
                seen.is_bay |= matches!(value, "bay" | "strait");
                area(natural(value), 6);
            }
            "landuse" => area(landuse(value), 4),
            "leisure" => area(leisure(value), 5),
            "amenity" if value == "grave_yard" => area(Some(FeatureKind::Park), 3),
            "waterway" => {
                seen.line = seen.line.or(waterway(value));
                area(matches!(value, "riverbank" | "dock").then_some(FeatureKind::Water), 7);
            }
            // The deck of a wide bridge shows as ground where the roads on it leave some.
            "man_made" if value == "bridge" => area(Some(FeatureKind::PierArea), 2),
            "man_made" if matches!(value, "pier" | "breakwater" | "groyne") => {
                seen.line = seen.line.or(Some(FeatureKind::Pier));
                area(Some(FeatureKind::PierArea), 8);
            }
            "aeroway" => {
                seen.line = seen.line.or(match value {
                    "runway" => Some(FeatureKind::Runway),
                    "taxiway" => Some(FeatureKind::Taxiway),
                    _ => None,
                });
                let is_ground = matches!(value, "apron" | "runway" | "taxiway" | "helipad");
                area(is_ground.then_some(FeatureKind::AerowayArea), 7);
            }
            "highway" => {
                seen.line = highway(value).or(seen.line);
                is_pedestrian = matches!(value, "pedestrian" | "footway" | "path" | "service");
            }
            "railway" => seen.rail = railway(value),
            "area" => seen.is_area = value == "yes",
            "bridge" if value != "no" => seen.structure = Some(Structure::Bridge),
            "tunnel" if value != "no" => seen.structure = Some(Structure::Tunnel),
            "covered" if value == "yes" => {
                seen.structure = seen.structure.or(Some(Structure::Tunnel));
            }
            "layer" => seen.layer = layer(value),
            "indoor" if value != "no" => hidden = true,
            _ => {}
        }
    }
    // A sidewalk inside a station is of no use on a map of the city.
    if hidden && best < 9 {
        return Classified::default();
    }
    if seen.area.is_none() && is_pedestrian && seen.is_area {
        seen.area = Some(FeatureKind::Plaza);
    }
    seen
}

fn natural(value: &str) -> Option<FeatureKind> {
    Some(match value {
        "water" | "bay" | "strait" => FeatureKind::Water,
        "wood" => FeatureKind::Wood,
        "scrub" | "heath" | "grassland" | "fell" | "tundra" => FeatureKind::Park,
        "beach" | "sand" | "shingle" | "dune" | "shoal" | "bare_rock" | "scree" => {
            FeatureKind::Sand
        }
        "wetland" => FeatureKind::Wetland,
        "glacier" => FeatureKind::Glacier,
        _ => return None,
    })
}

fn landuse(value: &str) -> Option<FeatureKind> {
    Some(match value {
        "forest" => FeatureKind::Wood,
        "grass" | "meadow" | "recreation_ground" | "village_green" | "cemetery" | "greenfield"
        | "flowerbed" => FeatureKind::Park,
        "farmland" | "orchard" | "vineyard" | "allotments" | "plant_nursery" => {
            FeatureKind::Farmland
        }
        "reservoir" | "basin" | "salt_pond" => FeatureKind::Water,
        _ => return None,
    })
}

fn leisure(value: &str) -> Option<FeatureKind> {
    Some(match value {
        "park" | "garden" | "golf_course" | "pitch" | "playground" | "dog_park" | "common"
        | "recreation_ground" => FeatureKind::Park,
        "swimming_pool" => FeatureKind::Water,
        _ => return None,
    })
}

fn waterway(value: &str) -> Option<FeatureKind> {
    Some(match value {
        "river" => FeatureKind::River,
        "canal" => FeatureKind::Canal,
        "stream" | "ditch" | "drain" | "tidal_channel" => FeatureKind::Stream,
        _ => return None,
    })
}

fn highway(value: &str) -> Option<FeatureKind> {
    Some(match value {
        "motorway" | "motorway_link" => FeatureKind::Motorway,
        "trunk" | "trunk_link" => FeatureKind::Trunk,
        "primary" | "primary_link" => FeatureKind::Primary,
        "secondary" | "secondary_link" => FeatureKind::Secondary,
        "tertiary" | "tertiary_link" => FeatureKind::Tertiary,
        "residential" | "living_street" | "unclassified" | "road" => FeatureKind::Residential,
        "service" | "busway" => FeatureKind::Service,
        "track" => FeatureKind::Track,
        "cycleway" => FeatureKind::Cycleway,
        "path" | "footway" | "pedestrian" | "bridleway" => FeatureKind::Path,
        "steps" => FeatureKind::Steps,
        _ => return None,
    })
}

fn railway(value: &str) -> Option<FeatureKind> {
    Some(match value {
        "rail" => FeatureKind::Rail,
        "subway" => FeatureKind::Subway,
        "tram" => FeatureKind::Tram,
        "light_rail" | "monorail" | "funicular" | "narrow_gauge" => FeatureKind::LightRail,
        _ => return None,
    })
}

/// `layer` as a number; halves and lists (`0.5`, `1;2`) count by their first whole part.
fn layer(value: &str) -> i8 {
    let digits = value.find([';', '.', ',']).and_then(|end| value.get(..end)).unwrap_or(value);
    digits.trim().parse::<i8>().unwrap_or(0).clamp(-5, 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tags: &str) -> Classified {
        classify(tags.split(' ').filter_map(|tag| tag.split_once('=')))
    }

    #[test]
    fn the_more_telling_key_wins_in_either_order() {
        for tags in ["leisure=park natural=water", "natural=water leisure=park"] {
            assert_eq!(check(tags).area, Some(FeatureKind::Water));
        }
        assert_eq!(check("landuse=grass building=yes").area, Some(FeatureKind::Building));
        assert_eq!(check("building=no landuse=grass").area, Some(FeatureKind::Park));
    }

    #[test]
    fn a_street_with_tram_tracks_is_two_lines() {
        let street = check("highway=tertiary railway=tram bridge=viaduct layer=1");
        assert_eq!(street.line, Some(FeatureKind::Tertiary));
        assert_eq!(street.rail, Some(FeatureKind::Tram));
        assert_eq!((street.structure, street.layer), (Some(Structure::Bridge), 1));
    }

    #[test]
    fn a_square_is_an_area_only_when_it_says_so() {
        assert_eq!(check("highway=pedestrian area=yes").area, Some(FeatureKind::Plaza));
        assert_eq!(check("highway=pedestrian").area, None);
    }

    #[test]
    fn what_is_not_there_or_not_outside_is_not_drawn() {
        assert_eq!(check("highway=proposed"), Classified::default());
        assert_eq!(check("railway=abandoned"), Classified::default());
        assert_eq!(check("highway=footway indoor=yes"), Classified::default());
    }

    #[test]
    fn odd_layers_count_as_what_they_start_with() {
        assert_eq!(["1;2", "-1", "0.5", "99", "x"].map(layer), [1, -1, 0, 5, 0]);
    }
}

//! What a feature is, as far as a poster tells things apart.

use serde::{Deserialize, Serialize};

/// One kind a feature; declared in draw order within areas and within lines, so that a derived
/// `Ord` sorts minor before major.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    // Areas, from the ground up.
    /// The sea, made from `natural=coastline`.
    Sea,
    /// `landuse=farmland`, orchard, vineyard, allotments.
    Farmland,
    /// `landuse=grass|meadow`, `natural=grassland|heath|scrub`, `leisure=park|garden|…`.
    Park,
    /// `natural=wood`, `landuse=forest`.
    Wood,
    /// `natural=sand|beach`, bare ground.
    Sand,
    /// `natural=wetland`.
    Wetland,
    /// `natural=glacier`.
    Glacier,
    /// `natural=water|bay|strait`, `waterway=riverbank`, reservoirs and basins.
    Water,
    /// Aprons, runways and taxiways drawn as areas.
    AerowayArea,
    /// Squares: `highway=pedestrian` and the like with `area=yes`.
    Plaza,
    /// `building=*`.
    Building,
    /// `man_made=pier|breakwater|groyne` drawn as areas.
    PierArea,

    // Lines, from the least to the most important.
    /// `waterway=stream|ditch|drain`.
    Stream,
    /// `waterway=canal`.
    Canal,
    /// `waterway=river`.
    River,
    /// `man_made=pier|breakwater|groyne` drawn as lines.
    Pier,
    /// `aeroway=taxiway`.
    Taxiway,
    /// `aeroway=runway`.
    Runway,
    /// `highway=steps`.
    Steps,
    /// `highway=path|footway|pedestrian|bridleway|corridor`.
    Path,
    /// `highway=cycleway`.
    Cycleway,
    /// `highway=track`.
    Track,
    /// `highway=service`.
    Service,
    /// `highway=residential|living_street|unclassified|road`.
    Residential,
    /// `highway=tertiary` and its links.
    Tertiary,
    /// `highway=secondary` and its links.
    Secondary,
    /// `highway=primary` and its links.
    Primary,
    /// `highway=trunk` and its links.
    Trunk,
    /// `highway=motorway` and its links.
    Motorway,
    /// `railway=subway`.
    Subway,
    /// `railway=tram`.
    Tram,
    /// `railway=light_rail|monorail|funicular|narrow_gauge`.
    LightRail,
    /// `railway=rail`.
    Rail,
}

impl FeatureKind {
    /// Every kind, in draw order.
    pub const ALL: [Self; 33] = [
        Self::Sea,
        Self::Farmland,
        Self::Park,
        Self::Wood,
        Self::Sand,
        Self::Wetland,
        Self::Glacier,
        Self::Water,
        Self::AerowayArea,
        Self::Plaza,
        Self::Building,
        Self::PierArea,
        Self::Stream,
        Self::Canal,
        Self::River,
        Self::Pier,
        Self::Taxiway,
        Self::Runway,
        Self::Steps,
        Self::Path,
        Self::Cycleway,
        Self::Track,
        Self::Service,
        Self::Residential,
        Self::Tertiary,
        Self::Secondary,
        Self::Primary,
        Self::Trunk,
        Self::Motorway,
        Self::Subway,
        Self::Tram,
        Self::LightRail,
        Self::Rail,
    ];

    /// Whether it is filled; else it is stroked.
    #[must_use]
    pub fn is_area(self) -> bool {
        self <= Self::PierArea
    }

    /// Its name in styles, dumps and layered formats.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Farmland => "farmland",
            Self::Park => "park",
            Self::Wood => "wood",
            Self::Sand => "sand",
            Self::Wetland => "wetland",
            Self::Glacier => "glacier",
            Self::Sea => "sea",
            Self::Water => "water",
            Self::AerowayArea => "aeroway-area",
            Self::Plaza => "plaza",
            Self::Building => "building",
            Self::PierArea => "pier-area",
            Self::Stream => "stream",
            Self::Canal => "canal",
            Self::River => "river",
            Self::Pier => "pier",
            Self::Taxiway => "taxiway",
            Self::Runway => "runway",
            Self::Steps => "steps",
            Self::Path => "path",
            Self::Cycleway => "cycleway",
            Self::Track => "track",
            Self::Service => "service",
            Self::Residential => "residential",
            Self::Tertiary => "tertiary",
            Self::Secondary => "secondary",
            Self::Primary => "primary",
            Self::Trunk => "trunk",
            Self::Motorway => "motorway",
            Self::Subway => "subway",
            Self::Tram => "tram",
            Self::LightRail => "light-rail",
            Self::Rail => "rail",
        }
    }

    /// The layer a user switches it on and off with.
    #[must_use]
    pub fn layer(self) -> Layer {
        match self {
            Self::Farmland
            | Self::Park
            | Self::Wood
            | Self::Sand
            | Self::Wetland
            | Self::Glacier => Layer::Green,
            Self::Sea | Self::Water | Self::Stream | Self::Canal | Self::River => Layer::Water,
            Self::AerowayArea | Self::Taxiway | Self::Runway => Layer::Aeroway,
            Self::Building => Layer::Buildings,
            Self::PierArea | Self::Pier => Layer::Piers,
            Self::Steps | Self::Path | Self::Cycleway | Self::Track | Self::Plaza => Layer::Paths,
            Self::Service
            | Self::Residential
            | Self::Tertiary
            | Self::Secondary
            | Self::Primary
            | Self::Trunk
            | Self::Motorway => Layer::Roads,
            Self::Subway | Self::Tram | Self::LightRail | Self::Rail => Layer::Rail,
        }
    }
}

/// What a user switches on and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Land cover: parks, woods, farmland, sand, wetland, glaciers.
    Green,
    /// Sea, lakes, rivers.
    Water,
    /// Runways, taxiways, aprons.
    Aeroway,
    /// Buildings.
    Buildings,
    /// Piers and breakwaters.
    Piers,
    /// Paths, cycleways, steps, tracks, squares.
    Paths,
    /// Motorways to service roads.
    Roads,
    /// Railways, metro, trams.
    Rail,
}

impl Layer {
    /// Every layer, in the order the panel shows them.
    pub const ALL: [Self; 8] = [
        Self::Roads,
        Self::Paths,
        Self::Rail,
        Self::Buildings,
        Self::Water,
        Self::Green,
        Self::Aeroway,
        Self::Piers,
    ];

    /// Its name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Water => "water",
            Self::Aeroway => "aeroway",
            Self::Buildings => "buildings",
            Self::Piers => "piers",
            Self::Paths => "paths",
            Self::Roads => "roads",
            Self::Rail => "rail",
        }
    }

    /// The layer of a name, `parks` being another word for `green`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "parks" {
            return Some(Self::Green);
        }
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_complete_and_in_order() {
        assert!(FeatureKind::ALL.is_sorted());
        assert_eq!(FeatureKind::ALL.len(), FeatureKind::Rail as usize + 1);
        assert!(Layer::ALL.iter().all(|l| Layer::from_name(l.name()) == Some(*l)));
    }
}

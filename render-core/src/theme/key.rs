//! The names colours have in theme files and overrides.

/// A colour of a theme, by its name in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "public/themes/README.md says what each one colours")]
pub enum ColorKey {
    Bg,
    Text,
    GradientColor,
    Water,
    Parks,
    RoadMotorway,
    RoadPrimary,
    RoadSecondary,
    RoadTertiary,
    RoadResidential,
    RoadDefault,
    Sea,
    Waterway,
    Wood,
    Farmland,
    Sand,
    Wetland,
    Glacier,
    Buildings,
    BuildingOutline,
    Plaza,
    Aeroway,
    Runway,
    Pier,
    RoadTrunk,
    RoadService,
    RoadCasing,
    BridgeCasing,
    Path,
    Cycleway,
    Steps,
    Track,
    Rail,
    LightRail,
    Tram,
    Subway,
    Attribution,
}

impl ColorKey {
    /// Every key: first the eleven colours of the original format, then what we added.
    pub const ALL: [Self; 37] = [
        Self::Bg,
        Self::Text,
        Self::GradientColor,
        Self::Water,
        Self::Parks,
        Self::RoadMotorway,
        Self::RoadPrimary,
        Self::RoadSecondary,
        Self::RoadTertiary,
        Self::RoadResidential,
        Self::RoadDefault,
        Self::Sea,
        Self::Waterway,
        Self::Wood,
        Self::Farmland,
        Self::Sand,
        Self::Wetland,
        Self::Glacier,
        Self::Buildings,
        Self::BuildingOutline,
        Self::Plaza,
        Self::Aeroway,
        Self::Runway,
        Self::Pier,
        Self::RoadTrunk,
        Self::RoadService,
        Self::RoadCasing,
        Self::BridgeCasing,
        Self::Path,
        Self::Cycleway,
        Self::Steps,
        Self::Track,
        Self::Rail,
        Self::LightRail,
        Self::Tram,
        Self::Subway,
        Self::Attribution,
    ];

    /// Its name in theme files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bg => "bg",
            Self::Text => "text",
            Self::GradientColor => "gradient_color",
            Self::Water => "water",
            Self::Parks => "parks",
            Self::RoadMotorway => "road_motorway",
            Self::RoadPrimary => "road_primary",
            Self::RoadSecondary => "road_secondary",
            Self::RoadTertiary => "road_tertiary",
            Self::RoadResidential => "road_residential",
            Self::RoadDefault => "road_default",
            Self::Sea => "sea",
            Self::Waterway => "waterway",
            Self::Wood => "wood",
            Self::Farmland => "farmland",
            Self::Sand => "sand",
            Self::Wetland => "wetland",
            Self::Glacier => "glacier",
            Self::Buildings => "buildings",
            Self::BuildingOutline => "building_outline",
            Self::Plaza => "plaza",
            Self::Aeroway => "aeroway",
            Self::Runway => "runway",
            Self::Pier => "pier",
            Self::RoadTrunk => "road_trunk",
            Self::RoadService => "road_service",
            Self::RoadCasing => "road_casing",
            Self::BridgeCasing => "bridge_casing",
            Self::Path => "path",
            Self::Cycleway => "cycleway",
            Self::Steps => "steps",
            Self::Track => "track",
            Self::Rail => "rail",
            Self::LightRail => "light_rail",
            Self::Tram => "tram",
            Self::Subway => "subway",
            Self::Attribution => "attribution",
        }
    }

    /// The key of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Whether the override `roads` sets it.
    #[must_use]
    pub const fn is_road(self) -> bool {
        matches!(
            self,
            Self::RoadMotorway
                | Self::RoadTrunk
                | Self::RoadPrimary
                | Self::RoadSecondary
                | Self::RoadTertiary
                | Self::RoadResidential
                | Self::RoadService
                | Self::RoadDefault
        )
    }

    /// Whether the override `green` sets it.
    #[must_use]
    pub const fn is_green(self) -> bool {
        matches!(self, Self::Parks | Self::Wood | Self::Farmland | Self::Wetland)
    }

    /// Whether it is a shade of the paper, of no use on paper of another colour.
    pub(super) const fn is_shade_of_paper(self) -> bool {
        matches!(
            self,
            Self::Buildings
                | Self::BuildingOutline
                | Self::Plaza
                | Self::Aeroway
                | Self::Runway
                | Self::Pier
                | Self::Sand
                | Self::Farmland
                | Self::Glacier
                | Self::RoadCasing
                | Self::BridgeCasing
                | Self::Attribution
        )
    }

    /// The key it is derived from, when it follows just one.
    pub(super) const fn derived_from(self) -> Option<Self> {
        match self {
            Self::Sea | Self::Waterway => Some(Self::Water),
            Self::Wood | Self::Farmland => Some(Self::Parks),
            Self::RoadTrunk => Some(Self::RoadPrimary),
            Self::RoadService | Self::Path => Some(Self::RoadResidential),
            Self::Cycleway | Self::Steps | Self::Track => Some(Self::Path),
            Self::LightRail | Self::Tram | Self::Subway => Some(Self::Rail),
            Self::BuildingOutline => Some(Self::Buildings),
            Self::BridgeCasing => Some(Self::RoadCasing),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_complete_and_names_go_both_ways() {
        assert!(ColorKey::ALL.is_sorted());
        assert_eq!(ColorKey::ALL.len(), ColorKey::Attribution as usize + 1);
        for key in ColorKey::ALL {
            assert_eq!(ColorKey::from_name(key.name()), Some(key));
        }
    }

    #[test]
    fn the_schema_and_the_readme_describe_every_key() {
        let schema = include_str!("../../../public/themes/theme.schema.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let described = schema["properties"].as_object().unwrap();
        let others = ["$schema", "version", "name", "description", "tunnels"];
        assert_eq!(described.len(), ColorKey::ALL.len() + others.len());
        let readme = include_str!("../../../public/themes/README.md");
        for key in ColorKey::ALL {
            assert!(described.contains_key(key.name()), "{}", key.name());
            assert!(readme.contains(&format!("| `{}` |", key.name())), "{}", key.name());
        }
    }
}

//! The themes that come with MapPoster, as the bytes of their files.
//!
//! In a module of its own, so that a program that fetches its themes carries none.

use super::Theme;
use super::file;

/// Each theme's id and file, sorted by id.
pub const BUILTIN: [(&str, &str); 18] = [
    ("autumn", include_str!("../../../public/themes/autumn.json")),
    ("blueprint", include_str!("../../../public/themes/blueprint.json")),
    ("contrast_zones", include_str!("../../../public/themes/contrast_zones.json")),
    ("copper_patina", include_str!("../../../public/themes/copper_patina.json")),
    ("emerald", include_str!("../../../public/themes/emerald.json")),
    ("feature_based", include_str!("../../../public/themes/feature_based.json")),
    ("forest", include_str!("../../../public/themes/forest.json")),
    ("gradient_roads", include_str!("../../../public/themes/gradient_roads.json")),
    ("japanese_ink", include_str!("../../../public/themes/japanese_ink.json")),
    ("midnight_blue", include_str!("../../../public/themes/midnight_blue.json")),
    ("monochrome_blue", include_str!("../../../public/themes/monochrome_blue.json")),
    ("neon_cyberpunk", include_str!("../../../public/themes/neon_cyberpunk.json")),
    ("noir", include_str!("../../../public/themes/noir.json")),
    ("ocean", include_str!("../../../public/themes/ocean.json")),
    ("pastel_dream", include_str!("../../../public/themes/pastel_dream.json")),
    ("sunset", include_str!("../../../public/themes/sunset.json")),
    ("terracotta", include_str!("../../../public/themes/terracotta.json")),
    ("warm_beige", include_str!("../../../public/themes/warm_beige.json")),
];

/// The theme of the first poster.
pub const DEFAULT: &str = "terracotta";

/// A theme that comes with MapPoster, by its id.
#[must_use]
pub fn theme(id: &str) -> Option<Theme> {
    let (id, json) = BUILTIN.iter().find(|(name, _)| *name == id)?;
    Some(file::parse(json, id).ok()?.output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::FeatureKind;
    use crate::theme::lab::{contrast, difference};

    fn each(check: impl Fn(&str, &Theme)) {
        for (id, json) in BUILTIN {
            let read = file::parse(json, id).unwrap();
            assert_eq!(read.warnings, [], "{id}");
            check(id, &read.output);
        }
    }

    #[test]
    fn ids_are_sorted_and_have_their_published_colours() {
        assert!(BUILTIN.is_sorted_by_key(|(id, _)| id));
        let published = [
            ("emerald", "#062c22", "#155c46"),
            ("feature_based", "#ffffff", "#4a4a4a"),
            ("noir", "#000000", "#505050"),
            ("terracotta", "#f5ede4", "#e5c4b0"),
        ];
        for (id, background, residential) in published {
            let theme = theme(id).unwrap();
            assert_eq!(theme.background.to_hex(), background);
            assert_eq!(theme.color(FeatureKind::Residential).to_hex(), residential);
        }
    }

    #[test]
    fn text_can_be_read() {
        each(|id, theme| {
            // Sunset's published coral is the one below 4.5; its lines are all of 14 pt and more.
            let least = if id == "sunset" { 3.5 } else { 4.5 };
            let title = contrast(theme.text, theme.background);
            assert!(title >= least, "{id}: text {title:.2}");
            let small = contrast(theme.attribution, theme.fade);
            assert!(small >= crate::theme::ATTRIBUTION_CONTRAST, "{id}: attribution {small:.2}");
        });
    }

    #[test]
    fn streets_stand_out_from_paper_and_buildings_and_in_their_order() {
        each(|id, theme| {
            let from_paper = |kind| difference(theme.color(kind), theme.background);
            let [path, service, residential] =
                [FeatureKind::Path, FeatureKind::Service, FeatureKind::Residential].map(from_paper);
            println!("{id}: path {path:.1} service {service:.1} residential {residential:.1}");
            assert!(residential >= 11.0, "{id}: residential {residential:.1}");
            assert!(service < residential && service >= 9.0, "{id}: service {service:.1}");
            assert!(path < service && path >= 6.5, "{id}: path {path:.1}");
            let building = from_paper(FeatureKind::Building);
            assert!((3.0..=11.5).contains(&building), "{id}: buildings {building:.1}");
            assert!(building < 0.75 * path, "{id}: buildings {building:.1}, path {path:.1}");
        });
    }

    #[test]
    fn land_cover_and_water_are_told_apart() {
        each(|id, theme| {
            let of_paper = |kind| difference(theme.color(kind), theme.background);
            let apart = |a: FeatureKind, b: FeatureKind| difference(theme.color(a), theme.color(b));
            let (park, wood) = (of_paper(FeatureKind::Park), of_paper(FeatureKind::Wood));
            assert!(wood >= park + 1.0, "{id}: wood {wood:.1}, park {park:.1}");
            let sea = of_paper(FeatureKind::Sea);
            assert!(sea >= 3.5, "{id}: sea {sea:.1}");
            for other in [FeatureKind::Park, FeatureKind::Water, FeatureKind::Sea] {
                let building = apart(FeatureKind::Building, other);
                assert!(building >= 1.9, "{id}: building and {other:?} {building:.1}");
            }
        });
    }
}

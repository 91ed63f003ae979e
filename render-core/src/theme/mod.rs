//! Themes: the colours of a poster, from a theme file with missing colours derived.

pub mod builtin;
mod derive;
pub mod file;
mod key;
pub mod lab;

use std::collections::BTreeMap;

pub use derive::ATTRIBUTION_CONTRAST;
pub use key::ColorKey;

use crate::color::Color;
use crate::kind::FeatureKind;

/// The colours a theme file or its overrides name.
pub(crate) type Given = BTreeMap<ColorKey, Color>;

/// A poster's colours, none missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its name in files and links, such as `midnight_blue`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// One sentence about its look.
    pub description: String,
    /// The paper.
    pub background: Color,
    /// Title, subtitle, coordinates, rule.
    pub text: Color,
    /// What the map fades into; the background's colour unless the file says otherwise.
    pub fade: Color,
    /// The attribution, always legible on `fade`.
    pub attribution: Color,
    /// The edge that sets roads off from what lies below; mostly the background.
    pub road_casing: Color,
    /// The edge of a bridge.
    pub bridge_casing: Color,
    /// The edge of buildings.
    pub building_outline: Color,
    /// How what runs under the ground is told from what runs on it.
    pub tunnels: TunnelStyle,
    /// One colour a kind, in the order of [`FeatureKind::ALL`].
    pub(crate) kinds: [Color; FeatureKind::ALL.len()],
    /// What the file named, from which the rest was derived.
    pub(crate) given: Given,
}

/// How a theme draws tunnels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TunnelStyle {
    /// As a paler line.
    #[default]
    Faded,
    /// As a broken line, hardly paler.
    Dashed,
}

impl Theme {
    /// The colour of a kind.
    #[must_use]
    pub fn color(&self, kind: FeatureKind) -> Color {
        self.kinds.get(kind as usize).copied().unwrap_or(self.text)
    }

    /// Whether ink is lighter than paper.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        self.background.lightness() < self.text.lightness()
    }

    /// The theme with colours replaced by their name in theme files, and what is derived from them
    /// derived anew. `roads` names every road class, `green` all land cover; unknown names are
    /// left out.
    #[must_use]
    pub fn with_overrides(&self, overrides: &BTreeMap<String, Color>) -> Self {
        let mut given = self.given.clone();
        let named = |key: ColorKey| overrides.get(key.name()).copied();
        if named(ColorKey::Bg).is_some() {
            // Theme files say the paper's colour twice; both change, and so does what is a shade of it.
            if self.fade == self.background {
                given.remove(&ColorKey::GradientColor);
            }
            given.retain(|key, _| !key.is_shade_of_paper());
        }
        for key in ColorKey::ALL {
            let words = [("roads", key.is_road()), ("green", key.is_green())];
            let word = words.into_iter().find_map(|(word, is_in)| is_in.then_some(word));
            if let Some(color) = word.and_then(|word| overrides.get(word)) {
                given.insert(key, *color);
            }
        }
        // What was tuned by hand to a colour that changes is derived from the new one.
        for key in ColorKey::ALL {
            if key.derived_from().is_some_and(|from| named(from).is_some()) {
                given.remove(&key);
            }
        }
        given.extend(ColorKey::ALL.into_iter().filter_map(|key| Some((key, named(key)?))));
        let theme = derive::resolve(&self.id, &self.name, &self.description, given);
        Self { tunnels: self.tunnels, ..theme }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(id: &str) -> Theme {
        let (_, json) = builtin::BUILTIN.iter().find(|(name, _)| *name == id).unwrap();
        file::parse(json, id).unwrap().output
    }

    fn overridden(id: &str, colors: &[(&str, &str)]) -> Theme {
        let colors = colors
            .iter()
            .map(|(key, hex)| ((*key).to_owned(), Color::from_hex(hex).unwrap()))
            .collect();
        theme(id).with_overrides(&colors)
    }

    #[test]
    fn a_new_background_takes_the_fades_and_buildings_along() {
        let changed = overridden("noir", &[("bg", "#203040")]);
        assert_eq!(changed.fade.to_hex(), "#203040");
        assert_eq!(changed.road_casing.to_hex(), "#203040");
        assert!(lab::difference(changed.color(FeatureKind::Building), changed.background) < 10.0);
        let apart = overridden("noir", &[("bg", "#203040"), ("gradient_color", "#000")]);
        assert_eq!(apart.fade.to_hex(), "#000000");
    }

    #[test]
    fn roads_is_a_word_for_every_class_and_a_class_has_the_last_word() {
        let changed = overridden("terracotta", &[("roads", "#555555"), ("road_trunk", "#ff0000")]);
        for kind in [FeatureKind::Service, FeatureKind::Residential, FeatureKind::Motorway] {
            assert_eq!(changed.color(kind).to_hex(), "#555555", "{kind:?}");
        }
        assert_eq!(changed.color(FeatureKind::Trunk).to_hex(), "#ff0000");
    }

    #[test]
    fn no_or_unknown_overrides_change_nothing() {
        for (id, _) in builtin::BUILTIN {
            assert_eq!(theme(id).with_overrides(&BTreeMap::new()), theme(id));
        }
        assert_eq!(overridden("ocean", &[("lava", "#f00")]), theme("ocean"));
    }

    #[test]
    fn the_sea_follows_an_overridden_water() {
        for (id, _) in builtin::BUILTIN {
            let changed = overridden(id, &[("water", "#336699")]);
            assert_eq!(changed.color(FeatureKind::Sea).to_hex(), "#336699", "{id}");
        }
    }
}

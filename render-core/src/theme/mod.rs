//! Themes: the colours of a poster, from a theme file with missing colours derived.

pub mod file;

use crate::color::Color;
use crate::kind::FeatureKind;

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
    /// One colour a kind, in the order of [`FeatureKind::ALL`].
    pub(crate) kinds: [Color; FeatureKind::ALL.len()],
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
}

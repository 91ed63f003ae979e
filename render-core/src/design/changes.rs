//! What two designs differ in: another theme needs no new map, another spot no new styles.

use super::{Design, Place};

/// What differs but for the theme, and for how files are written, which shows in no picture on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Where the map lies: its centre and how far it is turned.
    pub position: bool,
    /// Anything else, colours that replace the theme's among it.
    pub rest: bool,
}

impl Changes {
    /// Whether the picture is as it was, though perhaps in another theme.
    #[must_use]
    pub fn are_none(self) -> bool {
        !self.position && !self.rest
    }
}

impl Design {
    /// What differs from another design. Both are borrowed, as a hand that sweeps themes asks in every frame.
    #[must_use]
    pub fn changes(&self, other: &Self) -> Changes {
        // All by name, so that a field that is added is compared as well.
        let Self {
            place: Place { lat, lon, name, country },
            distance,
            rotation,
            paper,
            margin,
            bleed,
            dpi: _,
            texts,
            theme: _,
            colors,
            layers,
            fades,
            line_weight,
            bare,
            files: _,
            locale,
            source,
        } = self;
        let is_same_place = (name, country) == (&other.place.name, &other.place.country);
        let is_same_page = (distance, paper, margin, bleed, bare)
            == (&other.distance, &other.paper, &other.margin, &other.bleed, &other.bare);
        let is_same_look = (colors, layers, fades, line_weight)
            == (&other.colors, &other.layers, &other.fades, &other.line_weight);
        let are_same_words = (texts, locale) == (&other.texts, &other.locale);
        Changes {
            position: (lat, lon, rotation) != (&other.place.lat, &other.place.lon, &other.rotation),
            rest: !(is_same_place && is_same_page && is_same_look && are_same_words)
                || *source != other.source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::ThemeChoice;

    /// What a change of the default design is told as.
    fn told(change: impl FnOnce(&mut Design)) -> Changes {
        let design = Design::default();
        let mut other = design.clone();
        change(&mut other);
        assert_eq!(design.changes(&other), other.changes(&design));
        design.changes(&other)
    }

    const NONE: Changes = Changes { position: false, rest: false };

    #[test]
    fn neither_a_theme_nor_how_files_are_written_is_a_change() {
        for change in [
            (|_| {}) as fn(&mut Design),
            |design| design.theme = ThemeChoice::Named("noir".into()),
            |design| design.dpi = 72.0,
            |design| design.files.transparent = true,
        ] {
            assert_eq!(told(change), NONE);
            assert!(told(change).are_none());
        }
    }

    #[test]
    fn where_a_map_lies_is_told_apart() {
        for change in [
            (|design| design.place.lat += 0.1) as fn(&mut Design),
            |design| design.place.lon += 0.1,
            |design| design.rotation = 3.0,
        ] {
            assert_eq!(told(change), Changes { position: true, ..NONE });
            assert!(!told(change).are_none());
        }
    }

    #[test]
    fn anything_else_is_the_rest() {
        for change in [
            (|design| design.place.name.push('!')) as fn(&mut Design),
            |design| design.place.country.push('!'),
            |design| design.distance += 1.0,
            |design| design.paper.width += 1.0,
            |design| design.margin += 1.0,
            |design| design.bleed += 1.0,
            |design| design.texts.coordinates = false,
            |design| design.colors = [("bg".into(), crate::color::Color::new(1, 2, 3))].into(),
            |design| design.layers = [(crate::kind::Layer::Water, false)].into(),
            |design| design.fades.top += 0.1,
            |design| design.line_weight += 0.1,
            |design| design.bare = true,
            |design| design.locale = "fi".into(),
            |design| design.source = [("of later".into(), true.into())].into_iter().collect(),
        ] {
            assert_eq!(told(change), Changes { rest: true, ..NONE });
            assert!(!told(change).are_none());
        }
    }
}

//! The styles a scene's items name: paints resolved, widths in millimetres on paper.

use crate::color::Color;

/// A style of the scene's own table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StyleId(pub u16);

/// What a shape is coloured with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Paint {
    /// One colour.
    Solid {
        /// The colour.
        color: Color,
        /// 0 (clear) to 1.
        opacity: f64,
    },
    /// A colour that fades out along the page's y.
    FadeY {
        /// The colour.
        color: Color,
        /// Where it is opaque, mm, and beyond.
        opaque_y: f64,
        /// Where it is clear, mm, and beyond.
        clear_y: f64,
    },
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    /// At its last vertex.
    Butt,
    /// With half a disc.
    Round,
}

/// How a line bends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// With a sharp corner up to a miter limit of 4.
    Miter,
    /// With an arc.
    Round,
}

/// How a shape is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Draw {
    /// Its inside, by the non-zero rule.
    Fill(Paint),
    /// Along its line.
    Stroke {
        /// The colour.
        paint: Paint,
        /// Width on paper, mm, whatever group it is in; nothing is drawn at 0.
        width: f64,
        /// Its ends.
        cap: Cap,
        /// Its bends.
        join: Join,
        /// Lengths of dash and gap on paper, mm; empty for a whole line.
        dash: Vec<f64>,
    },
}

/// A named way to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// Its name in dumps and layered formats, such as `motorway` or `motorway-casing`.
    pub name: String,
    /// How.
    pub draw: Draw,
}

/// Ends of the names of what is drawn beside or upon a line or area, not as it.
const PARTS: [&str; 3] = [CASING, SLEEPERS, OUTLINE];
/// End of the name of a line's edge.
pub(super) const CASING: &str = "-casing";
/// End of the name of the dashes in a railway's line.
pub(super) const SLEEPERS: &str = "-sleepers";
/// End of the name of an area's outline.
pub(super) const OUTLINE: &str = "-outline";

impl Style {
    /// Whether it draws a line or area itself, not its edge or what is drawn upon it: `motorway`
    /// does, `motorway-casing` does not.
    #[must_use]
    pub fn is_core(&self) -> bool {
        !PARTS.iter().any(|part| self.name.ends_with(part))
    }
}

/// Every style of a scene.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StyleTable {
    styles: Vec<Style>,
}

impl StyleTable {
    /// Adds a style.
    pub fn add(&mut self, name: impl Into<String>, draw: Draw) -> StyleId {
        #[expect(clippy::cast_possible_truncation, reason = "a scene has some hundred styles")]
        let id = StyleId(self.styles.len() as u16);
        self.styles.push(Style { name: name.into(), draw });
        id
    }

    /// The id of a style of this name and look, which is added if it is new: layers of bridges
    /// share theirs.
    pub fn add_or_share(&mut self, name: &str, draw: Draw) -> StyleId {
        let same = |style: &Style| style.name == name && style.draw == draw;
        match self.styles.iter().position(same) {
            #[expect(clippy::cast_possible_truncation, reason = "a scene has some hundred styles")]
            Some(index) => StyleId(index as u16),
            None => self.add(name, draw),
        }
    }

    /// The style of an id; `None` for an id of another table.
    #[must_use]
    pub fn get(&self, id: StyleId) -> Option<&Style> {
        self.styles.get(usize::from(id.0))
    }

    /// All styles in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (StyleId, &Style)> {
        (0..).map(StyleId).zip(&self.styles)
    }
}

//! Page measures and shaped text → [`PageLayout`]: boxes and lines of text in millimetres.

pub mod coordinates;
pub mod layout;
pub mod paper;

use crate::text::GlyphRun;
use crate::units::{PagePoint, PageRect};

pub use coordinates::coordinates_line;
pub use layout::{PageSpec, lay_out};

/// What a line of text is, for its colour and for exporters' labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextRole {
    /// The city.
    Title,
    /// The country.
    Subtitle,
    /// `60.1719° N / 24.9414° E`.
    Coordinates,
    /// `© OpenStreetMap contributors`.
    Attribution,
}

/// A line of text at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// What it is.
    pub role: TextRole,
    /// The shaped text.
    pub run: GlyphRun,
    /// Where the run's start and baseline are.
    pub origin: PagePoint,
    /// Font size, mm to the em.
    pub size: f64,
    /// 0 (clear) to 1.
    pub opacity: f64,
}

/// A band in which the map fades into the paper, so that text can be read on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fade {
    /// The band.
    pub rect: PageRect,
    /// y at which it is the paper's colour, mm; beyond it stays so.
    pub opaque_y: f64,
    /// y at which it is clear, mm.
    pub clear_y: f64,
}

/// The page in millimetres from the trim's top left corner, y down.
#[derive(Debug, Clone, PartialEq)]
pub struct PageLayout {
    /// Width of the cut page, mm.
    pub width: f64,
    /// Height of the cut page, mm.
    pub height: f64,
    /// How far the picture goes beyond the cut, mm.
    pub bleed: f64,
    /// What text must keep within.
    pub safe_area: PageRect,
    /// Where the map is; its centre shows the design's place.
    pub map_window: PageRect,
    /// How much 1 m on the ground is on paper, mm.
    pub mm_per_metre: f64,
    /// Size of everything drawn relative to a page 12 in wide: widths and type scale with the paper.
    pub scale: f64,
    /// Fades, drawn over the map.
    pub fades: Vec<Fade>,
    /// The thin rule between title and subtitle.
    pub rule: Option<PageRect>,
    /// What lies between the map and the attribution where no fade does.
    pub plate: Option<PageRect>,
    /// Every line of text.
    pub lines: Vec<TextLine>,
}

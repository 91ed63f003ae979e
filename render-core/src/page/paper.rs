//! Paper sizes by name or by text such as `300x400mm`.

use crate::design::length::LengthUnit;

/// A paper size people know by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Its name in files, links and on the command line.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The shelf it is found on.
    pub family: Family,
    /// Width, mm; paper is upright, screens are as they are held.
    pub width: f64,
    /// Height, mm.
    pub height: f64,
    /// Pixels to the inch at which a screen's pixels come out; none for paper.
    pub dpi: Option<f64>,
}

/// Sizes that are used for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// ISO 216, series A.
    IsoA,
    /// ISO 216, series B.
    IsoB,
    /// Letter and its kin.
    American,
    /// Frames sold by the centimetre.
    FramesCm,
    /// Frames sold by the inch.
    FramesInch,
    /// As wide as high.
    Square,
    /// Pictures for social media.
    Social,
    /// Wallpapers of phones, tablets and desks.
    Wallpaper,
    /// Screens of electronic ink.
    EInk,
}

impl Family {
    /// Every family, as a list shows them.
    pub const ALL: [Self; 9] = [
        Self::IsoA,
        Self::IsoB,
        Self::American,
        Self::FramesCm,
        Self::FramesInch,
        Self::Square,
        Self::Social,
        Self::Wallpaper,
        Self::EInk,
    ];

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IsoA => "A sizes",
            Self::IsoB => "B sizes",
            Self::American => "US paper",
            Self::FramesCm => "Frames, cm",
            Self::FramesInch => "Frames, in",
            Self::Square => "Square",
            Self::Social => "Social media",
            Self::Wallpaper => "Wallpaper",
            Self::EInk => "E-ink",
        }
    }
}

/// Pixels to the inch of pictures for screens. The page they make is about as large as a sheet of
/// paper on which the same lines and letters are right: 1080 pixels are 137 mm.
const SCREEN_DPI: f64 = 200.0;

const fn paper(
    family: Family,
    id: &'static str,
    name: &'static str,
    width: f64,
    height: f64,
) -> Paper {
    Paper { id, name, family, width, height, dpi: None }
}

const fn pixels(
    family: Family,
    id: &'static str,
    name: &'static str,
    (width, height): (f64, f64),
    dpi: f64,
) -> Paper {
    Paper {
        id,
        name,
        family,
        width: width * 25.4 / dpi,
        height: height * 25.4 / dpi,
        dpi: Some(dpi),
    }
}

/// Every named size, family by family, the small ones first.
#[rustfmt::skip]
pub const PAPERS: [Paper; 49] = [
    paper(Family::IsoA, "a6", "A6", 105.0, 148.0),
    paper(Family::IsoA, "a5", "A5", 148.0, 210.0),
    paper(Family::IsoA, "a4", "A4", 210.0, 297.0),
    paper(Family::IsoA, "a3", "A3", 297.0, 420.0),
    paper(Family::IsoA, "a2", "A2", 420.0, 594.0),
    paper(Family::IsoA, "a1", "A1", 594.0, 841.0),
    paper(Family::IsoA, "a0", "A0", 841.0, 1189.0),
    paper(Family::IsoB, "b5", "B5", 176.0, 250.0),
    paper(Family::IsoB, "b4", "B4", 250.0, 353.0),
    paper(Family::IsoB, "b3", "B3", 353.0, 500.0),
    paper(Family::IsoB, "b2", "B2", 500.0, 707.0),
    paper(Family::IsoB, "b1", "B1", 707.0, 1000.0),
    paper(Family::IsoB, "b0", "B0", 1000.0, 1414.0),
    paper(Family::American, "letter", "Letter", 215.9, 279.4),
    paper(Family::American, "legal", "Legal", 215.9, 355.6),
    paper(Family::American, "tabloid", "Tabloid", 279.4, 431.8),
    paper(Family::FramesCm, "13x18cm", "13 × 18 cm", 130.0, 180.0),
    paper(Family::FramesCm, "20x30cm", "20 × 30 cm", 200.0, 300.0),
    paper(Family::FramesCm, "30x40cm", "30 × 40 cm", 300.0, 400.0),
    paper(Family::FramesCm, "40x50cm", "40 × 50 cm", 400.0, 500.0),
    paper(Family::FramesCm, "50x70cm", "50 × 70 cm", 500.0, 700.0),
    paper(Family::FramesCm, "61x91cm", "61 × 91 cm", 610.0, 910.0),
    paper(Family::FramesCm, "70x100cm", "70 × 100 cm", 700.0, 1000.0),
    paper(Family::FramesInch, "8x10in", "8 × 10 in", 203.2, 254.0),
    paper(Family::FramesInch, "11x14in", "11 × 14 in", 279.4, 355.6),
    paper(Family::FramesInch, "12x16in", "12 × 16 in", 304.8, 406.4),
    paper(Family::FramesInch, "16x20in", "16 × 20 in", 406.4, 508.0),
    paper(Family::FramesInch, "18x24in", "18 × 24 in", 457.2, 609.6),
    paper(Family::FramesInch, "24x36in", "24 × 36 in", 609.6, 914.4),
    paper(Family::Square, "20x20cm", "20 × 20 cm", 200.0, 200.0),
    paper(Family::Square, "30x30cm", "30 × 30 cm", 300.0, 300.0),
    paper(Family::Square, "50x50cm", "50 × 50 cm", 500.0, 500.0),
    paper(Family::Square, "12x12in", "12 × 12 in", 304.8, 304.8),
    pixels(Family::Social, "post", "Post, 1080 × 1350", (1080.0, 1350.0), SCREEN_DPI),
    pixels(Family::Social, "square-post", "Square post, 1080 × 1080", (1080.0, 1080.0), SCREEN_DPI),
    pixels(Family::Social, "story", "Story, 1080 × 1920", (1080.0, 1920.0), SCREEN_DPI),
    pixels(Family::Social, "pin", "Pin, 1000 × 1500", (1000.0, 1500.0), SCREEN_DPI),
    pixels(Family::Social, "link", "Link preview, 1200 × 630", (1200.0, 630.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "phone", "Phone, 1080 × 2400", (1080.0, 2400.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "large-phone", "Phone, 1290 × 2796", (1290.0, 2796.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "tablet", "Tablet, 2048 × 2732", (2048.0, 2732.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "full-hd", "Full HD, 1920 × 1080", (1920.0, 1080.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "qhd", "QHD, 2560 × 1440", (2560.0, 1440.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "4k", "4K, 3840 × 2160", (3840.0, 2160.0), SCREEN_DPI),
    pixels(Family::Wallpaper, "ultrawide", "Ultrawide, 3440 × 1440", (3440.0, 1440.0), SCREEN_DPI),
    // These hang framed on a wall or lie in a hand, so that their own resolution is the true one.
    pixels(Family::EInk, "e-ink-6in", "6″, 1072 × 1448", (1072.0, 1448.0), 300.0),
    pixels(Family::EInk, "e-ink-7in", "7″, 1264 × 1680", (1264.0, 1680.0), 300.0),
    pixels(Family::EInk, "e-ink-10in", "10.3″, 1404 × 1872", (1404.0, 1872.0), 226.0),
    pixels(Family::EInk, "e-ink-13in", "13.3″, 1650 × 2200", (1650.0, 2200.0), 207.0),
];

/// Which way a page is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// Higher than wide.
    #[default]
    Portrait,
    /// Wider than high.
    Landscape,
}

impl Orientation {
    /// Of a page; a square is upright.
    #[must_use]
    pub fn of(width: f64, height: f64) -> Self {
        if width > height { Self::Landscape } else { Self::Portrait }
    }

    /// The sides of a page turned this way: width, height.
    #[must_use]
    pub fn turn(self, width: f64, height: f64) -> (f64, f64) {
        let (short, long) = if width < height { (width, height) } else { (height, width) };
        match self {
            Self::Portrait => (short, long),
            Self::Landscape => (long, short),
        }
    }
}

/// The named size of a page, turned either way, to a tenth of a millimetre. `dpi`: that of its
/// picture, which for a screen's size has to be the screen's.
#[must_use]
pub fn named(width: f64, height: f64, dpi: f64) -> Option<&'static Paper> {
    let upright = |width, height| Orientation::Portrait.turn(width, height);
    let (width, height) = upright(width, height);
    PAPERS.iter().find(|paper| {
        let (near, far) = upright(paper.width, paper.height);
        let close = |a: f64, b: f64| (a - b).abs() < 0.1;
        close(near, width) && close(far, height) && paper.dpi.is_none_or(|own| own == dpi)
    })
}

/// What a page is told of in: a screen's in pixels, all else in millimetres.
#[must_use]
pub fn unit_of(width: f64, height: f64, dpi: f64) -> LengthUnit {
    let is_screen = named(width, height, dpi).is_some_and(|paper| paper.dpi.is_some());
    if is_screen { LengthUnit::Px } else { LengthUnit::Mm }
}

/// Width and height, mm, and for a screen's size its resolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Width, mm.
    pub width: f64,
    /// Height, mm.
    pub height: f64,
    /// Pixels to the inch, where the size is one of pixels.
    pub dpi: Option<f64>,
}

/// The size of a name (`A4`, `a4 landscape`, `story`) or of two sides (`300x400mm`, `12×16 in`,
/// `30x40cm`, `1080x1350px`; without a unit in millimetres). `None` where the text is neither.
#[must_use]
pub fn parse_size(text: &str) -> Option<Size> {
    let text = text.trim().to_lowercase();
    for (word, orientation) in
        [("landscape", Orientation::Landscape), ("portrait", Orientation::Portrait)]
    {
        if let Some(rest) = text.strip_suffix(word) {
            let size = parse_size(rest.trim_end_matches([' ', '-', '_']))?;
            let (width, height) = orientation.turn(size.width, size.height);
            return Some(Size { width, height, ..size });
        }
    }
    if let Some(Paper { width, height, dpi, .. }) = PAPERS.iter().find(|paper| paper.id == text) {
        return Some(Size { width: *width, height: *height, dpi: *dpi });
    }
    let (sides, unit) = LengthUnit::split(&text);
    let unit = unit.unwrap_or(LengthUnit::Mm);
    let (width, height) = sides.split_once(['x', '×', '*'])?;
    let side = |text: &str| {
        let plain = text.trim().replace(',', ".");
        // "inf" and "nan" are numbers to Rust.
        if !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        let mm = unit.mm(plain.parse().ok()?, SCREEN_DPI);
        (mm > 0.0 && mm.is_finite()).then_some(mm)
    };
    let dpi = (unit == LengthUnit::Px).then_some(SCREEN_DPI);
    Some(Size { width: side(width)?, height: side(height)?, dpi })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Mm;

    #[test]
    fn names_and_sizes_are_read() {
        let close = |text: &str, expected: (f64, f64)| {
            let size = parse_size(text).unwrap_or_else(|| panic!("{text}"));
            let off = (size.width - expected.0).abs().max((size.height - expected.1).abs());
            assert!(off < 1e-9, "{text}: {size:?}");
        };
        close("A4", (210.0, 297.0));
        close(" a3 landscape", (420.0, 297.0));
        close("300x400mm", (300.0, 400.0));
        close("12x16in", (304.8, 406.4));
        close("12 × 16 in", (304.8, 406.4));
        close("30x40cm", (300.0, 400.0));
        close("29,7 x 42 cm", (297.0, 420.0));
        close("400x300", (400.0, 300.0));
        close("24x36\"", (609.6, 914.4));
        for paper in PAPERS {
            close(paper.id, (paper.width, paper.height));
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for odd in
            ["", "a", "a9", "x", "10x", "x10", "10", "-1x5", "0x10", "nanxinf", "1e9x1", "1x2x3"]
        {
            assert_eq!(parse_size(odd), None, "{odd}");
        }
    }

    #[test]
    fn pictures_for_screens_have_exactly_their_pixels() {
        let check = |text: &str, expected: (u64, u64)| {
            let size = parse_size(text).unwrap();
            let dpi = size.dpi.unwrap();
            assert_eq!((Mm(size.width).pixels(dpi), Mm(size.height).pixels(dpi)), expected);
        };
        for paper in PAPERS.iter().filter(|paper| paper.dpi.is_some()) {
            let (_, pixels) = paper.name.rsplit_once(", ").unwrap();
            let (width, height) = pixels.split_once(" × ").unwrap();
            check(paper.id, (width.parse().unwrap(), height.parse().unwrap()));
        }
        check("1080x1350px", (1080, 1350));
        check("4k portrait", (2160, 3840));
        for side in 100..4000_u16 {
            let mm = LengthUnit::Px.mm(f64::from(side), 226.0);
            assert_eq!(Mm(mm).pixels(226.0), u64::from(side));
        }
    }

    #[test]
    fn ids_are_unique_and_families_lie_together() {
        let ids: std::collections::BTreeSet<_> = PAPERS.iter().map(|paper| paper.id).collect();
        assert_eq!(ids.len(), PAPERS.len());
        let families: Vec<Family> = PAPERS
            .chunk_by(|a, b| a.family == b.family)
            .filter_map(|papers| Some(papers.first()?.family))
            .collect();
        assert_eq!(families, Family::ALL);
    }

    #[test]
    fn a_page_is_known_by_name_however_turned() {
        let id = |width, height, dpi| named(width, height, dpi).map(|paper| paper.id);
        assert_eq!(id(420.0, 297.0, 300.0), Some("a3"));
        assert_eq!(id(304.83, 406.4, 300.0), Some("12x16in"));
        assert_eq!(id(301.0, 401.0, 300.0), None);
        let size = parse_size("1080x1350px").unwrap();
        assert_eq!(id(size.width, size.height, 200.0), Some("post"));
        assert_eq!(id(size.height, size.width, 200.0), Some("post"));
        assert_eq!(id(size.width, size.height, 300.0), None);
        assert_eq!(Orientation::of(300.0, 300.0), Orientation::Portrait);
    }
}

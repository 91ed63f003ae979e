//! Paper sizes by name or by text such as `300x400mm`.

/// A paper size people know by name, upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Its name in files, links and on the command line.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Width, mm.
    pub width: f64,
    /// Height, mm.
    pub height: f64,
}

const fn paper(id: &'static str, name: &'static str, width: f64, height: f64) -> Paper {
    Paper { id, name, width, height }
}

/// Every named size: ISO first, then what frames are sold in.
pub const PAPERS: [Paper; 16] = [
    paper("a5", "A5", 148.0, 210.0),
    paper("a4", "A4", 210.0, 297.0),
    paper("a3", "A3", 297.0, 420.0),
    paper("a2", "A2", 420.0, 594.0),
    paper("a1", "A1", 594.0, 841.0),
    paper("a0", "A0", 841.0, 1189.0),
    paper("30x40cm", "30 × 40 cm", 300.0, 400.0),
    paper("40x50cm", "40 × 50 cm", 400.0, 500.0),
    paper("50x70cm", "50 × 70 cm", 500.0, 700.0),
    paper("70x100cm", "70 × 100 cm", 700.0, 1000.0),
    paper("8x10in", "8 × 10 in", 203.2, 254.0),
    paper("12x16in", "12 × 16 in", 304.8, 406.4),
    paper("16x20in", "16 × 20 in", 406.4, 508.0),
    paper("18x24in", "18 × 24 in", 457.2, 609.6),
    paper("24x36in", "24 × 36 in", 609.6, 914.4),
    paper("30x30cm", "30 × 30 cm", 300.0, 300.0),
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

/// The named size of a page, turned either way, to a tenth of a millimetre.
#[must_use]
pub fn named(width: f64, height: f64) -> Option<&'static Paper> {
    let (width, height) = Orientation::Portrait.turn(width, height);
    let close = |a: f64, b: f64| (a - b).abs() < 0.1;
    PAPERS.iter().find(|paper| close(paper.width, width) && close(paper.height, height))
}

/// Width and height, mm, of a name (`A4`, `a4 landscape`) or of a size (`300x400mm`, `12×16 in`,
/// `30x40cm`, `300x400`, as millimetres). `None` where the text is neither.
#[must_use]
pub fn parse_size(text: &str) -> Option<(f64, f64)> {
    let text = text.trim().to_lowercase();
    for (word, orientation) in
        [("landscape", Orientation::Landscape), ("portrait", Orientation::Portrait)]
    {
        if let Some(rest) = text.strip_suffix(word) {
            let (width, height) = parse_size(rest.trim_end_matches([' ', '-', '_']))?;
            return Some(orientation.turn(width, height));
        }
    }
    if let Some(paper) = PAPERS.iter().find(|paper| paper.id == text) {
        return Some((paper.width, paper.height));
    }
    let units =
        [("mm", 1.0), ("cm", 10.0), ("inches", 25.4), ("inch", 25.4), ("in", 25.4), ("\"", 25.4)];
    let (sides, mm) = units
        .into_iter()
        .find_map(|(unit, mm)| Some((text.strip_suffix(unit)?, mm)))
        .unwrap_or((&text, 1.0));
    let (width, height) = sides.split_once(['x', '×', '*'])?;
    let side = |text: &str| {
        let plain = text.trim().replace(',', ".");
        // "inf" and "nan" are numbers to Rust.
        if !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        plain.parse::<f64>().ok().map(|side| side * mm).filter(|mm| *mm > 0.0 && mm.is_finite())
    };
    Some((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sizes_are_read() {
        let close = |text: &str, expected: (f64, f64)| {
            let (width, height) = parse_size(text).unwrap_or_else(|| panic!("{text}"));
            let off = (width - expected.0).abs().max((height - expected.1).abs());
            assert!(off < 1e-9, "{text}: {width} x {height}");
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
    fn a_page_is_known_by_name_however_turned() {
        assert_eq!(named(420.0, 297.0).map(|paper| paper.id), Some("a3"));
        assert_eq!(named(304.83, 406.4).map(|paper| paper.id), Some("12x16in"));
        assert_eq!(named(301.0, 401.0), None);
        assert_eq!(Orientation::of(300.0, 300.0), Orientation::Portrait);
    }
}

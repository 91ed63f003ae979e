//! Lengths as people type them, in a unit of their own → millimetres on paper, and back.

use super::input::{InputError, Range};

/// What a length is counted in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LengthUnit {
    /// Millimetres.
    #[default]
    Mm,
    /// Centimetres.
    Cm,
    /// Inches of 25.4 mm.
    In,
    /// Pixels of a picture file, at its resolution.
    Px,
}

impl LengthUnit {
    /// Every unit, as a list shows them.
    pub const ALL: [Self; 4] = [Self::Mm, Self::Cm, Self::In, Self::Px];

    /// `mm`, `cm`, `in` or `px`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mm => "mm",
            Self::Cm => "cm",
            Self::In => "in",
            Self::Px => "px",
        }
    }

    /// A length in millimetres. `dpi`: the picture's pixels to the inch.
    #[must_use]
    pub fn mm(self, length: f64, dpi: f64) -> f64 {
        match self {
            Self::Mm => length,
            Self::Cm => length * 10.0,
            Self::In => length * 25.4,
            Self::Px => length * 25.4 / dpi,
        }
    }

    /// A length in words without its unit, no finer than anyone measures: `12.5`.
    #[must_use]
    pub fn words(self, mm: f64, dpi: f64) -> String {
        let (length, decimals) = match self {
            Self::Mm => (mm, 1),
            Self::Cm => (mm / 10.0, 2),
            Self::In => (mm / 25.4, 2),
            Self::Px => (mm * dpi / 25.4, 0),
        };
        let text = format!("{length:.decimals$}");
        if decimals == 0 {
            return text;
        }
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Parts a text from the unit at its end, where there is one: `12 in` → `12`, inches.
    #[must_use]
    pub fn split(text: &str) -> (&str, Option<Self>) {
        let endings = [
            ("mm", Self::Mm),
            ("cm", Self::Cm),
            ("inches", Self::In),
            ("inch", Self::In),
            ("in", Self::In),
            ("\"", Self::In),
            ("″", Self::In),
            ("px", Self::Px),
        ];
        let text = text.trim();
        let found =
            endings.into_iter().find_map(|(end, unit)| Some((text.strip_suffix(end)?, unit)));
        found.map_or((text, None), |(number, unit)| (number.trim_end(), Some(unit)))
    }

    /// The millimetres of a text such as `12.5`, in this unit unless it names another: `12.5 in`.
    /// `range` is in millimetres, and is told of in the unit that was typed.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range.
    pub fn parse(self, text: &str, dpi: f64, range: Range) -> Result<f64, InputError> {
        let lower = text.to_lowercase();
        let (number, unit) = Self::split(&lower);
        let unit = unit.unwrap_or(self);
        // What is told as the nearest must be accepted when it is typed.
        let slack = unit.mm(0.5, dpi).min(0.13);
        let tell = |mm: f64| format!("{} {}", unit.words(mm, dpi), unit.name());
        match super::input::number(number) {
            Some(length) => {
                let mm = unit.mm(length, dpi);
                let nearest = mm.clamp(range.min, range.max);
                if (mm - nearest).abs() <= slack && length > 0.0 {
                    Ok(nearest)
                } else {
                    range.check_in(mm, &tell)
                }
            }
            None => Err(range.no_number(text, &tell)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::input::{MARGIN, PAPER_SIDE};
    use super::*;

    #[test]
    fn lengths_are_taken_in_any_unit() {
        let check = |unit: LengthUnit, text: &str, expected: f64| {
            let mm = unit.parse(text, 200.0, PAPER_SIDE).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!((mm - expected).abs() < 1e-9, "{text}: {mm}");
        };
        check(LengthUnit::Mm, "300", 300.0);
        check(LengthUnit::Cm, "29,7", 297.0);
        check(LengthUnit::In, "12", 304.8);
        check(LengthUnit::Mm, "12 in", 304.8);
        check(LengthUnit::Mm, "12″", 304.8);
        check(LengthUnit::Px, "1080", 137.16);
        assert_eq!(LengthUnit::Mm.parse("0", 300.0, MARGIN), Ok(0.0));
        assert_eq!(LengthUnit::In.words(304.8, 300.0), "12");
        assert_eq!(LengthUnit::Px.words(137.16, 200.0), "1080");
        assert_eq!(LengthUnit::Px.words(254.0, 100.0), "1000");
        assert_eq!(LengthUnit::Cm.words(215.9, 300.0), "21.59");
    }

    #[test]
    fn what_is_too_large_or_no_number_is_refused_in_the_unit_that_was_typed() {
        let refused = |unit: LengthUnit, text: &str| {
            let error = unit.parse(text, 300.0, PAPER_SIDE).unwrap_err();
            assert_eq!(error.code, "E-INPUT-PAPER");
            error.message
        };
        assert_eq!(
            refused(LengthUnit::Cm, "500"),
            "The paper side must be between 2 cm and 200 cm, not 500 cm; the nearest is 200 cm."
        );
        assert_eq!(
            refused(LengthUnit::Mm, "0"),
            "The paper side must be between 20 mm and 2000 mm, not 0 mm; the nearest is 20 mm."
        );
        assert!(refused(LengthUnit::Mm, "wide").starts_with("“wide” is not a number"));
    }

    #[test]
    fn what_is_told_as_the_nearest_is_accepted() {
        for unit in LengthUnit::ALL {
            for (typed, limit) in [("99999999", PAPER_SIDE.max), ("0", PAPER_SIDE.min)] {
                let error = unit.parse(typed, 226.0, PAPER_SIDE).unwrap_err();
                let nearest = error.message.rsplit(" is ").next().unwrap().trim_end_matches('.');
                let mm = unit.parse(nearest, 226.0, PAPER_SIDE).unwrap_or_else(|e| panic!("{e}"));
                assert!((mm - limit).abs() < 0.13, "{nearest}: {mm}");
            }
        }
    }
}

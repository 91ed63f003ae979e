//! What a person typed → a value within its range, or one sentence why not.

use std::fmt;

/// Why something typed or passed cannot be used; the design stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// A stable code, such as `E-INPUT-LATITUDE`.
    pub code: &'static str,
    /// One sentence: what is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InputError {}

/// A number with its range, unit and code.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// What it is, for sentences: `distance`.
    pub name: &'static str,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Unit with its leading space, such as ` m`; empty for none.
    pub unit: &'static str,
    /// The error's code.
    pub code: &'static str,
}

/// Latitude of the place. Beyond 85° a poster's projection would have to hold a pole.
pub const LATITUDE: Range =
    Range { name: "latitude", min: -85.0, max: 85.0, unit: "°", code: "E-INPUT-LATITUDE" };
/// Longitude of the place.
pub const LONGITUDE: Range =
    Range { name: "longitude", min: -180.0, max: 180.0, unit: "°", code: "E-INPUT-LONGITUDE" };
/// How far the map is turned clockwise.
pub const ROTATION: Range =
    Range { name: "rotation", min: -180.0, max: 180.0, unit: "°", code: "E-INPUT-ROTATION" };
/// Half the map's height on the ground.
pub const DISTANCE: Range =
    Range { name: "distance", min: 100.0, max: 50_000.0, unit: " m", code: "E-INPUT-DISTANCE" };
/// Either side of the paper.
pub const PAPER_SIDE: Range =
    Range { name: "paper side", min: 20.0, max: 2000.0, unit: " mm", code: "E-INPUT-PAPER" };
/// White edge around the map.
pub const MARGIN: Range =
    Range { name: "margin", min: 0.0, max: 200.0, unit: " mm", code: "E-INPUT-MARGIN" };
/// How far the picture goes beyond the cut.
pub const BLEED: Range =
    Range { name: "bleed", min: 0.0, max: 10.0, unit: " mm", code: "E-INPUT-BLEED" };
/// Resolution of a picture file.
pub const DPI: Range =
    Range { name: "resolution", min: 36.0, max: 1200.0, unit: " dpi", code: "E-INPUT-DPI" };
/// Height of a fade as a share of the map's.
pub const FADE: Range = Range { name: "fade", min: 0.0, max: 0.5, unit: "", code: "E-INPUT-FADE" };
/// Furthest a line of a vector file may stray from the data; the finest is the picture's own.
pub const TOLERANCE: Range =
    Range { name: "tolerance", min: 0.02, max: 0.5, unit: " mm", code: "E-INPUT-TOLERANCE" };
/// Factor on line widths.
pub const LINE_WEIGHT: Range =
    Range { name: "line weight", min: 0.25, max: 4.0, unit: "", code: "E-INPUT-WEIGHT" };

impl Range {
    /// The value, if it is finite and within the range.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range.
    pub fn check(&self, value: f64) -> Result<f64, InputError> {
        self.check_in(value, &|value| self.tell(value))
    }

    /// As [`check`](Self::check), with values told of in another way.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range and the nearest value in it.
    pub fn check_in(&self, value: f64, tell: &dyn Fn(f64) -> String) -> Result<f64, InputError> {
        if (self.min..=self.max).contains(&value) {
            return Ok(value);
        }
        let (name, min, max) = (self.name, tell(self.min), tell(self.max));
        let message = if value.is_finite() {
            let nearest = if value < self.min { &min } else { &max };
            let value = tell(value);
            format!(
                "The {name} must be between {min} and {max}, not {value}; the nearest is {nearest}."
            )
        } else {
            format!("The {name} must be a number between {min} and {max}.")
        };
        Err(InputError { code: self.code, message })
    }

    /// The value of a text such as ` 12.5 ` or `12,5`, if it is within the range.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range.
    pub fn parse(&self, text: &str) -> Result<f64, InputError> {
        let value = number(text).ok_or_else(|| self.no_number(text, &|value| self.tell(value)))?;
        self.check(value)
    }

    /// The value of a scale such as `10 000`, `1:10,000` or `1 : 10.000`, if it is within the range.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range.
    pub fn parse_scale(&self, text: &str) -> Result<f64, InputError> {
        let plain = text.trim();
        let plain = plain
            .strip_prefix('1')
            .map(str::trim_start)
            .and_then(|t| t.strip_prefix(':'))
            .unwrap_or(plain);
        // A scale is a whole number: whatever parts its digits parts thousands.
        let digits: String =
            plain.chars().filter(|c| !c.is_whitespace() && !",.'’".contains(*c)).collect();
        let tell = |scale: f64| format!("1:{}", scale.round());
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        match digits.parse::<f64>() {
            Ok(scale) if is_number => self.check_in(scale, &tell),
            _ => Err(self.no_number(text, &tell)),
        }
    }

    /// What is said of a text that is no number.
    #[must_use]
    pub fn no_number(&self, text: &str, tell: &dyn Fn(f64) -> String) -> InputError {
        let (text, name, min, max) = (text.trim(), self.name, tell(self.min), tell(self.max));
        let message =
            format!("“{text}” is not a number; the {name} must be between {min} and {max}.");
        InputError { code: self.code, message }
    }

    fn tell(&self, value: f64) -> String {
        format!("{value}{}", self.unit)
    }

    /// `100 and 50000 m`.
    #[must_use]
    pub fn bounds(&self) -> String {
        format!("{} and {}", self.tell(self.min), self.tell(self.max))
    }
}

/// The number of a text such as ` 12.5 ` or `12,5`, with any minus sign.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").replace('\u{2212}', "-").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_nan_and_latitude_91_are_refused_in_words() {
        assert_eq!(DISTANCE.check(670.0), Ok(670.0));
        let zero = DISTANCE.check(0.0).unwrap_err();
        assert_eq!(zero.code, "E-INPUT-DISTANCE");
        assert_eq!(
            zero.message,
            "The distance must be between 100 m and 50000 m, not 0 m; the nearest is 100 m."
        );
        let nan = DISTANCE.check(f64::NAN).unwrap_err();
        assert_eq!(nan.message, "The distance must be a number between 100 m and 50000 m.");
        assert_eq!(LATITUDE.parse("91").unwrap_err().code, "E-INPUT-LATITUDE");
        assert_eq!(LATITUDE.parse(" \u{2212}33,5 "), Ok(-33.5));
        assert!(LONGITUDE.parse("east").unwrap_err().message.starts_with("“east” is not a number"));
    }

    #[test]
    fn paper_resolution_and_bleed_beyond_reason_are_refused_with_the_nearest() {
        for (range, value, code, nearest) in [
            (PAPER_SIDE, 0.0, "E-INPUT-PAPER", "20 mm"),
            (PAPER_SIDE, 5000.0, "E-INPUT-PAPER", "2000 mm"),
            (DPI, 10_000.0, "E-INPUT-DPI", "1200 dpi"),
            (BLEED, 500.0, "E-INPUT-BLEED", "10 mm"),
        ] {
            let error = range.check(value).unwrap_err();
            assert_eq!(error.code, code);
            assert!(
                error.message.ends_with(&format!("the nearest is {nearest}.")),
                "{}",
                error.message
            );
        }
    }

    #[test]
    fn a_scale_is_read_however_its_thousands_are_parted() {
        let range =
            Range { name: "scale", min: 250.0, max: 90_000.0, unit: "", code: "E-INPUT-SCALE" };
        for text in ["10000", "1:10 000", "1 : 10,000", " 10.000 ", "1:10’000", "10\u{202f}000"] {
            assert_eq!(range.parse_scale(text), Ok(10_000.0), "{text}");
        }
        assert_eq!(range.parse_scale("1000"), Ok(1000.0));
        for text in ["", "1:", "inf", "ten", "-5", "1e4"] {
            assert!(
                range.parse_scale(text).unwrap_err().message.contains("is not a number"),
                "{text}"
            );
        }
        assert_eq!(
            range.parse_scale("1:100").unwrap_err().message,
            "The scale must be between 1:250 and 1:90000, not 1:100; the nearest is 1:250."
        );
    }
}

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
/// Factor on line widths.
pub const LINE_WEIGHT: Range =
    Range { name: "line weight", min: 0.25, max: 4.0, unit: "", code: "E-INPUT-WEIGHT" };

impl Range {
    /// The value, if it is finite and within the range.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range.
    pub fn check(&self, value: f64) -> Result<f64, InputError> {
        if (self.min..=self.max).contains(&value) { Ok(value) } else { Err(self.error(value)) }
    }

    /// The value of a text such as ` 12.5 ` or `12,5`, if it is within the range.
    ///
    /// # Errors
    /// The range's code, and a sentence that names the range.
    pub fn parse(&self, text: &str) -> Result<f64, InputError> {
        let plain = text.trim().replace(',', ".").replace('\u{2212}', "-");
        match plain.parse::<f64>() {
            Ok(value) => self.check(value),
            Err(_) => Err(InputError {
                code: self.code,
                message: format!(
                    "“{}” is not a number; the {} must be between {}.",
                    text.trim(),
                    self.name,
                    self.bounds()
                ),
            }),
        }
    }

    fn error(&self, value: f64) -> InputError {
        let message = if value.is_finite() {
            let (name, bounds, unit) = (self.name, self.bounds(), self.unit);
            format!("The {name} must be between {bounds}, not {value}{unit}.")
        } else {
            format!("The {} must be a number between {}.", self.name, self.bounds())
        };
        InputError { code: self.code, message }
    }

    /// `100 and 50000 m`.
    #[must_use]
    pub fn bounds(&self) -> String {
        format!("{}{} and {}{}", self.min, self.unit, self.max, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_nan_and_latitude_91_are_refused_in_words() {
        assert_eq!(DISTANCE.check(670.0), Ok(670.0));
        let zero = DISTANCE.check(0.0).unwrap_err();
        assert_eq!(zero.code, "E-INPUT-DISTANCE");
        assert_eq!(zero.message, "The distance must be between 100 m and 50000 m, not 0 m.");
        let nan = DISTANCE.check(f64::NAN).unwrap_err();
        assert_eq!(nan.message, "The distance must be a number between 100 m and 50000 m.");
        assert_eq!(LATITUDE.parse("91").unwrap_err().code, "E-INPUT-LATITUDE");
        assert_eq!(LATITUDE.parse(" \u{2212}33,5 "), Ok(-33.5));
        assert!(LONGITUDE.parse("east").unwrap_err().message.starts_with("“east” is not a number"));
    }
}

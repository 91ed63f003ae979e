//! What files a design can be made into, known before any work is done for one.

use render_core::design::Design;
use render_core::export::{raster, webp};
use render_core::units::Mm;

use crate::failure::Failure;
use crate::worker::protocol::Format;

/// Refuses a picture that a format cannot hold, with the nearest resolution that it can.
///
/// # Errors
/// `E-EXPORT-TOO-LARGE`.
pub fn check_size(format: Format, design: &Design) -> Result<(), Failure> {
    let (side, all) = match format {
        Format::Png | Format::Jpeg => (raster::MAX_SIDE, u64::MAX),
        Format::Webp => (u64::from(webp::MAX_SIDE), webp::MAX_PIXELS),
        Format::Svg | Format::Pdf | Format::Plotter => return Ok(()),
    };
    let fits = |dpi: f64| {
        let [width, height] =
            [design.paper.width, design.paper.height].map(|mm| Mm(mm).pixels(dpi));
        width.max(height) <= side && width.saturating_mul(height) <= all
    };
    if fits(design.dpi) {
        return Ok(());
    }
    let (mut nearest, mut beyond) = (1.0, design.dpi.ceil());
    while beyond - nearest > 1.0 {
        let dpi = f64::midpoint(nearest, beyond).floor();
        if fits(dpi) { nearest = dpi } else { beyond = dpi }
    }
    let limit = match all {
        u64::MAX => format!("{side} pixels a side"),
        all => format!("{} million pixels, and {side} a side", all / 1_000_000),
    };
    let what = format!(
        "This paper at {} dpi is more than the {limit} that such a file may have; the nearest is {nearest} dpi.",
        design.dpi
    );
    Err(Failure::new(
        "E-EXPORT-TOO-LARGE",
        what,
        "Choose a lower resolution, smaller paper, or PDF or SVG.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_is_too_large_is_refused_with_the_nearest_resolution() {
        let mut design = Design::default();
        (design.paper.width, design.paper.height, design.dpi) = (2000.0, 1000.0, 1200.0);
        let nearest = |format| {
            let failure = check_size(format, &design).unwrap_err();
            assert_eq!(failure.code, "E-EXPORT-TOO-LARGE");
            let words = failure.what.split("the nearest is ").nth(1).unwrap();
            words.trim_end_matches(" dpi.").parse::<f64>().unwrap()
        };
        for format in [Format::Png, Format::Jpeg, Format::Webp] {
            let dpi = nearest(format);
            let at = |dpi| {
                let mut design = design.clone();
                design.dpi = dpi;
                check_size(format, &design)
            };
            assert!(at(dpi).is_ok() && at(dpi + 1.0).is_err(), "{format:?}: {dpi}");
        }
        assert_eq!(nearest(Format::Png), 832.0);
        assert_eq!(check_size(Format::Pdf, &design), Ok(()));
    }
}

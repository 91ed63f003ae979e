//! Exported posters, split at places the input itself chooses: odd bytes hold no design or one whose
//! every value is within its range, the same one whatever the split.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::design::embedded::{DesignFinder, PosterFile};
use render_core::design::{Design, input};

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let _ = PosterFile::of(bytes);
    let (whole, split) = fuzz::whole_and_split(bytes, size, |parts| {
        let mut finder = DesignFinder::default();
        for part in parts {
            finder.push(part);
        }
        finder.finish().ok_or(())
    });
    assert_eq!(whole, split);
    let Ok(json) = whole else { return };
    let Ok(design) = Design::from_json(&json) else { return };
    let design = design.output;
    assert!(input::DISTANCE.check(design.distance).is_ok());
    assert!(input::PAPER_SIDE.check(design.paper.width).is_ok());
    assert!(design.margin_range().check(design.margin).is_ok());
});

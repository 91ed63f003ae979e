//! Exported posters: odd bytes hold no design or one whose every value is within its range.

#![no_main]

use libfuzzer_sys::fuzz_target;
use render_core::design::embedded::{DesignFinder, PosterFile};
use render_core::design::{Design, input};

fuzz_target!(|input: (u8, &[u8])| {
    let (part, bytes) = input;
    let _ = PosterFile::of(bytes);
    let mut finder = DesignFinder::default();
    for part in bytes.chunks(usize::from(part) + 1) {
        finder.push(part);
    }
    let Some(json) = finder.finish() else { return };
    let Ok(design) = Design::from_json(&json) else { return };
    let design = design.output;
    assert!(input::DISTANCE.check(design.distance).is_ok());
    assert!(input::PAPER_SIDE.check(design.paper.width).is_ok());
    assert!(design.margin_range().check(design.margin).is_ok());
});

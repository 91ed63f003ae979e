//! Files of the picker's world: odd bytes are refused, and what is read can be drawn in any view.

#![no_main]

use libfuzzer_sys::fuzz_target;
use picker::outline::outlines;
use picker::{View, World};

fuzz_target!(|input: (u8, i16, i16, &[u8])| {
    let (zoom, right, down, bytes) = input;
    let Ok(world) = World::read(bytes) else { return };
    let view = View::of_world((640.0, 480.0))
        .zoomed(f64::from(zoom % 20).exp2(), (100.0, 100.0))
        .pulled((f64::from(right), f64::from(down)));
    let drawn = outlines(&world, &view);
    for (x, y) in drawn.land.points.iter().chain(&drawn.borders.points) {
        assert!((-20.0..660.0).contains(x) && (-20.0..500.0).contains(y), "{x} {y}");
    }
});

//! Files of the picker's world: odd bytes behind a right header are refused, a world of any lines is read
//! again, and what is read can be drawn in any view.

#![no_main]

use libfuzzer_sys::fuzz_target;
use picker::outline::outlines;
use picker::world::{self, Degrees};
use picker::{View, World};

type Line = (bool, Vec<(i16, i16)>);

fuzz_target!(|input: (u8, i16, i16, Vec<Line>, u8, u8, &[u8])| {
    let (zoom, right, down, lines, n_coasts, n_borders, body) = input;
    let view = View::of_world((640.0, 480.0))
        .zoomed(f64::from(zoom % 20).exp2(), (100.0, 100.0))
        .pulled((f64::from(right), f64::from(down)));
    let counts = [n_coasts, 0, 0, 0, n_borders, 0, 0, 0];
    if let Ok(world) = World::read(&[b"MPW1", &counts[..], body].concat()) {
        draw(&world, &view);
    }
    let (mut coasts, mut borders): (Vec<Degrees>, Vec<Degrees>) = Default::default();
    for (is_coast, points) in lines {
        let degrees = |(lon, lat)| (f64::from(lon) / 92.0, f64::from(lat) / 365.0);
        let mut line: Degrees = points.into_iter().map(degrees).collect();
        if is_coast {
            line.extend(line.first().copied());
            coasts.push(line);
        } else {
            borders.push(line);
        }
    }
    let world =
        World::read(&world::write(&coasts, &borders)).expect("what was written can be read");
    draw(&world, &view);
});

fn draw(world: &World, view: &View) {
    let drawn = outlines(world, view);
    for (x, y) in drawn.land.points.iter().chain(&drawn.borders.points) {
        assert!((-20.0..660.0).contains(x) && (-20.0..500.0).contains(y), "{x} {y}");
    }
}

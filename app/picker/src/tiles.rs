//! Which raster tiles show a view, and where they lie in it. Addresses as everybody's: `…/{z}/{x}/{y}.png`.

use crate::view::View;

/// Side of a tile, CSS pixels.
const SIDE: f64 = 256.0;

/// A tile of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Doublings of the world.
    pub zoom: u8,
    /// Column from 180° W on.
    pub x: u32,
    /// Row from the north on.
    pub y: u32,
}

/// A tile and where it lies in a view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// The tile.
    pub tile: Tile,
    /// Its left and top, pixels.
    pub at: (f64, f64),
    /// Its side, pixels.
    pub side: f64,
}

impl Tile {
    /// Its address.
    #[must_use]
    pub fn url(self, template: &str) -> String {
        template
            .replace("{z}", &self.zoom.to_string())
            .replace("{x}", &self.x.to_string())
            .replace("{y}", &self.y.to_string())
    }

    /// The tile that shows the same at half the size; `None` of the whole world.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let zoom = self.zoom.checked_sub(1)?;
        Some(Self { zoom, x: self.x / 2, y: self.y / 2 })
    }
}

/// The tiles of a view, those in its middle first.
#[must_use]
pub fn tiles(view: &View, most_zoom: u8) -> Vec<Placed> {
    // Tiles are enlarged by a quarter before those of the next zoom are taken, so that their words can be read.
    let zoom = (view.world / SIDE).log2() + 0.33;
    let zoom = zoom.floor().clamp(0.0, f64::from(most_zoom.min(22))) as u8;
    let n = f64::from(1u32 << zoom);
    let (west, north) = view.to_unit((0.0, 0.0));
    let (east, south) = view.to_unit(view.size);
    let row = |y: f64| (y * n).floor().clamp(0.0, n - 1.0) as u32;
    let mut placed = Vec::new();
    for y in row(north)..=row(south) {
        for column in (west * n).floor() as i64..=(east * n).floor() as i64 {
            let x = column.rem_euclid(n as i64) as u32;
            let at = view.to_pixels((column as f64 / n, f64::from(y) / n));
            placed.push(Placed { tile: Tile { zoom, x, y }, at, side: view.world / n });
        }
    }
    let off_middle = |one: &Placed| {
        let half = one.side / 2.0;
        (one.at.0 + half - view.size.0 / 2.0).hypot(one.at.1 + half - view.size.1 / 2.0)
    };
    placed.sort_by(|a, b| off_middle(a).total_cmp(&off_middle(b)));
    placed
}

/// What of a tile's picture shows a smaller tile in it: left, top and side as shares of its own.
#[must_use]
pub fn part_of(parent: Tile, tile: Tile) -> (f64, f64, f64) {
    let n = f64::from(1u32 << tile.zoom.saturating_sub(parent.zoom).min(22));
    let share = |inner: u32, outer: u32| f64::from(inner) / n - f64::from(outer);
    (share(tile.x, parent.x), share(tile.y, parent.y), 1.0 / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::mercator;

    #[test]
    fn a_view_is_covered_by_tiles_of_about_their_own_size() {
        let size = (900.0, 600.0);
        let view = View::of_world(size).fitted(&[mercator(60.1, 24.8), mercator(60.3, 25.1)]);
        let placed = tiles(&view, 19);
        for one in &placed {
            assert!((160.0..=330.0).contains(&one.side), "{one:?}");
        }
        for at in [(0.0, 0.0), (450.0, 300.0), (899.0, 599.0)] {
            let holds = |one: &&Placed| {
                (one.at.0..one.at.0 + one.side).contains(&at.0)
                    && (one.at.1..one.at.1 + one.side).contains(&at.1)
            };
            assert_eq!(placed.iter().filter(holds).count(), 1, "{at:?}");
        }
        assert!(placed.iter().all(|one| one.tile.zoom == placed[0].tile.zoom));
        assert!(placed.len() <= 30);
    }

    #[test]
    fn no_finer_than_there_are_and_again_beyond_the_antimeridian() {
        let view = View::of_world((800.0, 600.0)).pulled((-400.0, 0.0));
        let placed = tiles(&view, 1);
        assert!(placed.iter().all(|one| one.tile.zoom == 1 && one.tile.x < 2 && one.tile.y < 2));
        let columns: Vec<u32> =
            placed.iter().filter(|one| one.tile.y == 0).map(|one| one.tile.x).collect();
        assert!(columns.contains(&0) && columns.contains(&1), "{columns:?}");
    }

    #[test]
    fn an_address_has_the_tile_s_numbers() {
        let tile = Tile { zoom: 9, x: 291, y: 148 };
        assert_eq!(
            tile.url("https://t.example/{z}/{x}/{y}.png"),
            "https://t.example/9/291/148.png"
        );
        assert_eq!(tile.parent(), Some(Tile { zoom: 8, x: 145, y: 74 }));
        assert_eq!(part_of(Tile { zoom: 7, x: 72, y: 37 }, tile), (0.75, 0.0, 0.25));
    }
}

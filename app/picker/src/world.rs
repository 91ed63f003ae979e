//! The built-in world's file → coasts and borders on the unit square of Mercator, and back.
//!
//! The file, little-endian, deflated as a whole by whoever stores it:
//!
//! ```text
//! "MPW1"  n_coasts u32  n_borders u32
//! each line, coasts first: n_points LEB128, then each point's longitude and latitude: differences to the
//! point before it (of the line before, at a line's start), 0.004°, zigzag LEB128
//! ```
//!
//! A coast is a ring whose first point is repeated as its last; a lake that is sea on this map is a ring within
//! a ring. Land across the antimeridian goes on beyond ±180°; Antarctica's ring is closed along 90° S.

use std::ops::Range;

use crate::view::mercator;

const MAGIC: &[u8; 4] = b"MPW1";
/// Steps of coordinates to a degree: 440 m of latitude, half of what the source was simplified by.
pub const STEPS: f64 = 250.0;

/// A ring or a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its points, as a range of [`World::points`].
    pub points: Range<usize>,
    /// West, north, east, south on the unit square.
    pub bounds: [f32; 4],
}

/// Land and countries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// Vertices on the unit square.
    pub points: Vec<[f32; 2]>,
    /// Closed rings around land, and around water in it.
    pub coasts: Vec<Line>,
    /// Between countries.
    pub borders: Vec<Line>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

impl World {
    /// Reads a file that was inflated.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes are no such file.
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        Self::try_read(bytes).ok_or(Damaged)
    }

    fn try_read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (n_coasts, rest) = rest.split_first_chunk()?;
        let (n_borders, rest) = rest.split_first_chunk()?;
        let mut reader = Reader { rest, at: (0, 0) };
        // A point takes two bytes at least: a small file asks for no large memory.
        let mut world = Self { points: Vec::with_capacity(rest.len() / 2), ..Self::default() };
        for _ in 0..u32::from_le_bytes(*n_coasts) {
            let line = reader.line(&mut world.points)?;
            let ends = (world.points.get(line.points.start), world.points.last());
            if line.points.len() < 4 || ends.0 != ends.1 {
                return None;
            }
            world.coasts.push(line);
        }
        for _ in 0..u32::from_le_bytes(*n_borders) {
            world.borders.push(reader.line(&mut world.points)?);
        }
        reader.rest.is_empty().then_some(world)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The last point, longitude and latitude in steps.
    at: (i64, i64),
}

impl Reader<'_> {
    fn line(&mut self, points: &mut Vec<[f32; 2]>) -> Option<Line> {
        let n = usize::try_from(self.number()?).ok()?;
        if n < 2 || n > self.rest.len() / 2 {
            return None;
        }
        let start = points.len();
        let mut bounds = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for _ in 0..n {
            self.at.0 += self.difference()?;
            self.at.1 += self.difference()?;
            let (lon, lat) = (self.at.0 as f64 / STEPS, self.at.1 as f64 / STEPS);
            if lon.abs() > 360.0 || lat.abs() > 90.0 {
                return None;
            }
            let (x, y) = mercator(lat, lon);
            let (x, y) = (x as f32, y as f32);
            let [west, north, east, south] = bounds;
            bounds = [west.min(x), north.min(y), east.max(x), south.max(y)];
            points.push([x, y]);
        }
        Some(Line { points: start..points.len(), bounds })
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        // Four bytes hold more than any coordinate or number of points.
        for shift in [0, 7, 14, 21] {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn difference(&mut self) -> Option<i64> {
        let zigzag = self.number()?.cast_signed();
        Some(zigzag >> 1 ^ -(zigzag & 1))
    }
}

/// A line as longitudes and latitudes, degrees.
pub type Degrees = Vec<(f64, f64)>;

/// Writes a file; what vanishes on its grid is left out.
#[must_use]
pub fn write(coasts: &[Degrees], borders: &[Degrees]) -> Vec<u8> {
    let on_grid = |lines: &[Degrees], fewest: usize| -> Vec<Vec<(i64, i64)>> {
        let round = |degrees: f64| (degrees * STEPS).round() as i64;
        let lines = lines.iter().map(|line| {
            let mut line: Vec<_> =
                line.iter().map(|(lon, lat)| (round(*lon), round(*lat))).collect();
            line.dedup();
            line
        });
        lines.filter(|line| line.len() >= fewest).collect()
    };
    let (coasts, borders) = (on_grid(coasts, 4), on_grid(borders, 2));
    let mut file = MAGIC.to_vec();
    file.extend((coasts.len() as u32).to_le_bytes());
    file.extend((borders.len() as u32).to_le_bytes());
    let mut last = (0, 0);
    for line in coasts.iter().chain(&borders) {
        push(line.len() as u64, &mut file);
        for at in line {
            for difference in [at.0 - last.0, at.1 - last.1] {
                push((difference << 1 ^ difference >> 63).cast_unsigned(), &mut file);
            }
            last = *at;
        }
    }
    file
}

fn push(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small_file() -> Vec<u8> {
        let island = vec![(-179.0, 10.0), (-178.0, 10.0), (-178.5, 11.0), (-179.0, 10.0)];
        let lake = vec![(20.0, -90.0), (180.0, 84.0), (20.0, 84.0), (20.0, -90.0)];
        let speck = vec![(1.0, 1.0), (1.001, 1.0), (1.0, 1.001), (1.0, 1.0)];
        write(&[island, speck, lake], &[vec![(5.0, 5.0), (6.0, -6.5)]])
    }

    #[test]
    fn what_is_written_is_read() {
        let world = World::read(&small_file()).unwrap();
        assert_eq!((world.coasts.len(), world.borders.len(), world.points.len()), (2, 1, 10));
        let at = world.points[world.borders[0].points.start + 1];
        let (x, y) = mercator(-6.5, 6.0);
        assert_eq!(at, [x as f32, y as f32]);
        assert_eq!(world.coasts[1].bounds[2], 1.0, "its east is the world's");
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        let file = small_file();
        for end in 0..file.len() {
            assert_eq!(World::read(&file[..end]), Err(Damaged), "{end}");
        }
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut file = file.clone();
                file[at] ^= 1 << bit;
                let _ = World::read(&file);
            }
        }
        assert_eq!(World::read(&[&file[..], &[0]].concat()), Err(Damaged), "a byte too many");
    }

    #[test]
    fn the_shipped_world_has_the_continents_also_across_the_antimeridian() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/places/world.bin");
        let bytes = miniz_oxide::inflate::decompress_to_vec_zlib(&std::fs::read(path).unwrap());
        let world = World::read(&bytes.unwrap()).unwrap();
        assert!(world.coasts.len() > 2000 && world.borders.len() > 300, "{}", world.coasts.len());
        // Inside by the even-odd rule: a ray to the west crosses its coasts an odd number of times.
        let is_land = |lat: f64, lon: f64| {
            let crosses = |x: f32, y: f32, a: [f32; 2], b: [f32; 2]| {
                (a[1] > y) != (b[1] > y) && x > a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            };
            let n_crossed = [-360.0, 0.0, 360.0].map(|turn| {
                let (x, y) = mercator(lat, lon + turn);
                let rings = world.coasts.iter().map(|ring| &world.points[ring.points.clone()]);
                let pairs = rings.flat_map(|ring| ring.windows(2));
                pairs.filter(|pair| crosses(x as f32, y as f32, pair[0], pair[1])).count()
            });
            n_crossed.iter().sum::<usize>() % 2 == 1
        };
        for (lat, lon, expected, name) in [
            (61.5, 23.8, true, "Tampere"),
            (51.5, -0.1, true, "London"),
            (39.0, -98.0, true, "Kansas"),
            (-25.0, 133.0, true, "Australia"),
            (-83.0, 10.0, true, "Antarctica"),
            (67.5, 179.0, true, "Chukotka"),
            (67.5, -179.0, true, "Chukotka beyond the antimeridian"),
            (42.0, 50.5, false, "the Caspian"),
            (0.0, -30.0, false, "the Atlantic"),
            (59.7, 24.9, false, "the Gulf of Finland"),
            (0.0, 179.9, false, "the Pacific"),
        ] {
            assert_eq!(is_land(lat, lon), expected, "{name}");
        }
    }
}

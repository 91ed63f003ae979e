//! Runs of vertices ↔ columns: lengths, gaps, first vertices, then steps in longitude and latitude.

use super::Precision;
use super::columns::{Column, Cursor, malformed};
use crate::error::ReadError;
use crate::lonlat::LonLat;

/// Columns of the lines of one section.
#[derive(Debug, Default)]
pub(super) struct LineWriter {
    lengths: Column,
    gaps: Column,
    first_lons: Column,
    first_lats: Column,
    lons: Column,
    lats: Column,
    n_since_gap: u64,
    last: Quantised,
    precision: Precision,
}

/// A place in steps of the pack's precision.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Quantised {
    lon: i64,
    lat: i64,
}

impl LineWriter {
    pub(super) fn new(precision: Precision) -> Self {
        Self { precision, ..Self::default() }
    }

    pub(super) fn line(&mut self, vertices: &[LonLat]) {
        // A closed line's last vertex is not written again: a fifth of a building.
        let (stored, is_closed) = match vertices {
            [first, .., last] if first == last && !first.is_missing() => {
                (vertices.split_last().map_or(vertices, |(_, rest)| rest), true)
            }
            _ => (vertices, false),
        };
        self.lengths.unsigned((stored.len() as u64) << 1 | u64::from(is_closed));
        let mut is_first = true;
        for vertex in stored {
            let Some(place) = self.precision.quantise(*vertex) else {
                self.gaps.unsigned(self.n_since_gap);
                self.n_since_gap = 0;
                continue;
            };
            self.n_since_gap += 1;
            let (lons, lats) = if is_first {
                (&mut self.first_lons, &mut self.first_lats)
            } else {
                (&mut self.lons, &mut self.lats)
            };
            lons.signed(place.lon - self.last.lon);
            lats.signed(place.lat - self.last.lat);
            self.last = place;
            is_first = false;
        }
    }

    pub(super) fn end(self, section: &mut Vec<u8>) {
        for column in
            [self.lengths, self.gaps, self.first_lons, self.first_lats, self.lons, self.lats]
        {
            column.end(section);
        }
    }
}

impl Precision {
    /// `None` for a missing vertex and for one off the globe, which no reader makes.
    fn quantise(self, place: LonLat) -> Option<Quantised> {
        if !is_on_globe(i64::from(place.lon_e7), i64::from(place.lat_e7)) {
            return None;
        }
        let step = self.step();
        // To the nearest, halves away from zero: the same on both hemispheres.
        let round = |e7: i32| (i64::from(e7) + i64::from(e7.signum()) * (step / 2)) / step;
        Some(Quantised { lon: round(place.lon_e7), lat: round(place.lat_e7) })
    }
}

fn is_on_globe(lon_e7: i64, lat_e7: i64) -> bool {
    lon_e7.abs() <= 1_800_000_000 && lat_e7.abs() <= 900_000_000
}

/// Reads back what a [`LineWriter`] wrote.
#[derive(Debug)]
pub(super) struct LineReader<'a> {
    lengths: Cursor<'a>,
    gaps: Cursor<'a>,
    first_lons: Cursor<'a>,
    first_lats: Cursor<'a>,
    lons: Cursor<'a>,
    lats: Cursor<'a>,
    n_to_gap: Option<u64>,
    last: Quantised,
    precision: Precision,
}

impl<'a> LineReader<'a> {
    /// Takes the columns from a section.
    pub(super) fn new(section: &mut Cursor<'a>, precision: Precision) -> Result<Self, ReadError> {
        let mut reader = Self {
            lengths: section.column()?,
            gaps: section.column()?,
            first_lons: section.column()?,
            first_lats: section.column()?,
            lons: section.column()?,
            lats: section.column()?,
            n_to_gap: None,
            last: Quantised::default(),
            precision,
        };
        reader.next_gap()?;
        Ok(reader)
    }

    /// Most vertices that the columns can hold, whatever the lengths say.
    pub(super) fn most_vertices(&self) -> usize {
        // A byte each, and a closing vertex for each line at most.
        self.lons.0.len() + self.first_lons.0.len() + self.gaps.0.len() + self.lengths.0.len()
    }

    /// Appends the next line's vertices.
    pub(super) fn line(&mut self, coords: &mut Vec<LonLat>) -> Result<(), ReadError> {
        let length = self.lengths.unsigned()?;
        let start = coords.len();
        let mut is_first = true;
        // A false length ends at the end of a column, before it has cost any memory.
        for _ in 0..length >> 1 {
            match &mut self.n_to_gap {
                Some(0) => {
                    coords.push(LonLat::MISSING);
                    self.next_gap()?;
                    continue;
                }
                Some(n) => *n -= 1,
                None => {}
            }
            let (lons, lats) = if is_first {
                (&mut self.first_lons, &mut self.first_lats)
            } else {
                (&mut self.lons, &mut self.lats)
            };
            self.last.lon = self.last.lon.wrapping_add(lons.signed()?);
            self.last.lat = self.last.lat.wrapping_add(lats.signed()?);
            coords.push(self.place()?);
            is_first = false;
        }
        if length & 1 == 1
            && let Some(first) = coords.get(start).copied()
        {
            coords.push(first);
        }
        Ok(())
    }

    /// Whether every column was read to its end.
    pub(super) fn is_empty(&self) -> bool {
        [&self.lengths, &self.gaps, &self.first_lons, &self.first_lats, &self.lons, &self.lats]
            .iter()
            .all(|column| column.is_empty())
            && self.n_to_gap.is_none()
    }

    fn next_gap(&mut self) -> Result<(), ReadError> {
        self.n_to_gap = if self.gaps.is_empty() { None } else { Some(self.gaps.unsigned()?) };
        Ok(())
    }

    fn place(&self) -> Result<LonLat, ReadError> {
        let step = self.precision.step();
        let (lon, lat) = (self.last.lon.wrapping_mul(step), self.last.lat.wrapping_mul(step));
        if !is_on_globe(lon, lat) {
            return Err(malformed("a vertex is off the globe"));
        }
        Ok(LonLat { lon_e7: lon as i32, lat_e7: lat as i32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(precision: Precision, lines: &[&[(i32, i32)]]) -> Vec<Vec<(i32, i32)>> {
        let place = |(lon_e7, lat_e7): &(i32, i32)| LonLat { lon_e7: *lon_e7, lat_e7: *lat_e7 };
        let mut writer = LineWriter::new(precision);
        for line in lines {
            writer.line(&line.iter().map(place).collect::<Vec<_>>());
        }
        let mut section = Vec::new();
        writer.end(&mut section);
        let mut reader = LineReader::new(&mut Cursor(&section), precision).unwrap();
        let mut read = || {
            let mut coords = Vec::new();
            reader.line(&mut coords).unwrap();
            coords.iter().map(|place| (place.lon_e7, place.lat_e7)).collect()
        };
        let lines = lines.iter().map(|_| read()).collect();
        assert!(reader.is_empty());
        lines
    }

    const GAP: (i32, i32) = (i32::MIN, i32::MIN);

    #[test]
    fn lines_are_read_back() {
        let lines: &[&[(i32, i32)]] = &[
            &[(249_443_000, 601_717_001), (249_443_007, 601_716_999), (0, 0)],
            &[],
            &[GAP, GAP],
            &[(1_800_000_000, 900_000_000), GAP, (-1_800_000_000, -900_000_000)],
            &[(1, 1), (2, 2), (3, 1), (1, 1)],
            &[(5, 5), (5, 5)],
            &[(5, 5)],
            &[GAP, (1, 2), GAP],
        ];
        assert_eq!(round_trip(Precision::E7, lines), lines);
    }

    #[test]
    fn six_decimals_round_to_the_nearest() {
        let read = round_trip(Precision::E6, &[&[(14, 15), (-14, -15), (1_800_000_000, 3)]]);
        assert_eq!(read, [[(10, 20), (-10, -20), (1_800_000_000, 0)]]);
    }
}

//! Points in millimetres → SVG path data: relative, in whole hundredths or thousandths of a
//! millimetre, with no character too many.

use crate::export::glyphs::Step;
use crate::export::whole;

/// Writes path data. Coordinates are rounded to a grid first and their differences written, so
/// errors do not add up along a line.
#[derive(Debug)]
pub struct PathData {
    text: Vec<u8>,
    /// Digits after the point.
    decimals: u8,
    /// Grid steps in a millimetre.
    steps: f64,
    /// Where the pen is, grid steps.
    at: (i64, i64),
    start: (i64, i64),
    /// The command in force, which need not be repeated.
    command: u8,
}

impl PathData {
    /// With this many digits after the point, 1 to 4: 2 for the map (0.01 mm is a tenth of a dot
    /// at 300 dpi), 3 for type.
    pub fn new(decimals: u8) -> Self {
        let decimals = decimals.clamp(1, 4);
        let steps = (0..decimals).fold(1.0, |steps, _| steps * 10.0);
        Self { text: Vec::new(), decimals, steps, at: (0, 0), start: (0, 0), command: 0 }
    }

    /// The data written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        (self.at, self.start, self.command) = ((0, 0), (0, 0), 0);
        std::mem::take(&mut self.text)
    }

    /// A polyline or ring; vertices that fall on the same grid point are written once.
    pub fn polyline(&mut self, points: impl IntoIterator<Item = (f64, f64)>, is_closed: bool) {
        let mut points = points.into_iter();
        let Some(first) = points.next() else { return };
        self.move_to(first);
        let mut n_edges = 0;
        for point in points {
            let to = self.grid(point);
            if to != self.at {
                self.line(to);
                n_edges += 1;
            }
        }
        if is_closed {
            self.close();
        } else if n_edges == 0 {
            // Too short for the grid; a round cap still shows a dot.
            self.command(b'h');
            self.number(0);
        }
    }

    /// A step of a glyph's outline.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::Move(x, y) => self.move_to((x, y)),
            Step::Line(x, y) => {
                let to = self.grid((x, y));
                if to != self.at {
                    self.line(to);
                }
            }
            Step::Quad(ax, ay, x, y) => {
                self.command(b'q');
                let (a, to) = (self.grid((ax, ay)), self.grid((x, y)));
                self.pair(a);
                self.pair(to);
                self.at = to;
            }
            Step::Cubic(ax, ay, bx, by, x, y) => {
                self.command(b'c');
                let (a, b) = (self.grid((ax, ay)), self.grid((bx, by)));
                let to = self.grid((x, y));
                self.pair(a);
                self.pair(b);
                self.pair(to);
                self.at = to;
            }
            Step::Close => self.close(),
        }
    }

    fn move_to(&mut self, point: (f64, f64)) {
        let to = self.grid(point);
        // Further coordinates after `m` are lines; only the letter itself starts a subpath.
        self.command = 0;
        self.command(b'm');
        self.pair(to);
        (self.at, self.start, self.command) = (to, to, b'l');
    }

    fn line(&mut self, to: (i64, i64)) {
        let (dx, dy) = (to.0 - self.at.0, to.1 - self.at.1);
        match (dx, dy) {
            (_, 0) => {
                self.command(b'h');
                self.number(dx);
            }
            (0, _) => {
                self.command(b'v');
                self.number(dy);
            }
            _ => {
                self.command(b'l');
                self.number(dx);
                self.number(dy);
            }
        }
        self.at = to;
    }

    fn close(&mut self) {
        self.command = 0;
        self.text.push(b'z');
        self.at = self.start;
    }

    fn pair(&mut self, to: (i64, i64)) {
        self.number(to.0 - self.at.0);
        self.number(to.1 - self.at.1);
    }

    fn command(&mut self, command: u8) {
        if self.command != command {
            self.text.push(command);
            self.command = command;
        }
    }

    fn grid(&self, (x, y): (f64, f64)) -> (i64, i64) {
        (whole(x * self.steps), whole(y * self.steps))
    }

    /// A number of grid steps, with a space only where the one before would run into it.
    fn number(&mut self, steps: i64) {
        let before = self.text.last().copied().unwrap_or(b' ');
        let divisor = 10_u64.pow(u32::from(self.decimals));
        let (whole, part) = (steps.unsigned_abs() / divisor, steps.unsigned_abs() % divisor);
        if steps < 0 {
            self.text.push(b'-');
        } else if before.is_ascii_digit() && !(whole == 0 && part != 0 && self.ends_in_fraction()) {
            self.text.push(b' ');
        }
        if whole != 0 || part == 0 {
            self.text.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
        }
        if part != 0 {
            self.text.push(b'.');
            let mut buffer = itoa::Buffer::new();
            let digits = buffer.format(part).as_bytes();
            let zeros = usize::from(self.decimals).saturating_sub(digits.len());
            self.text.resize(self.text.len() + zeros, b'0');
            let significant = digits.iter().rposition(|d| *d != b'0').map_or(0, |at| at + 1);
            self.text.extend_from_slice(digits.get(..significant).unwrap_or(digits));
        }
    }

    /// Whether the last number written has a point, so that `.5` may follow it directly.
    fn ends_in_fraction(&self) -> bool {
        let digits = |b: &&u8| b.is_ascii_digit();
        let after = self.text.iter().rev().take_while(digits).count();
        let before = self.text.len().saturating_sub(after + 1);
        self.text.get(before) == Some(&b'.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[(f64, f64)], is_closed: bool, expected: &str) {
        let mut data = PathData::new(2);
        data.polyline(points.iter().copied(), is_closed);
        assert_eq!(String::from_utf8(data.take()).unwrap(), expected);
    }

    #[test]
    fn numbers_are_short_and_keep_apart() {
        check(&[(1.0, 2.0), (1.5, 2.25), (1.55, 2.3)], false, "m1 2 .5.25.05.05");
        check(&[(10.0, -0.5), (8.0, 1.5), (11.0, 1.5)], false, "m10-.5-2 2h3");
        check(&[(0.0, 0.1), (3.0, 0.2), (3.5, 1.2)], false, "m0 .1 3 .1.5 1");
    }

    #[test]
    fn rings_close_and_the_next_starts_from_their_start() {
        let mut data = PathData::new(2);
        data.polyline([(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)], true);
        data.polyline([(5.0, 5.0), (6.0, 7.0)], false);
        assert_eq!(String::from_utf8(data.take()).unwrap(), "m1 1h1v1zm4 4 1 2");
    }

    #[test]
    fn rounding_does_not_add_up() {
        let line: Vec<_> = (0..=1000).map(|i| (f64::from(i) * 0.0149, 0.0)).collect();
        let mut data = PathData::new(2);
        data.polyline(line, false);
        assert_eq!(data.at, (1490, 0));
    }

    #[test]
    fn a_line_too_short_for_the_grid_stays_a_dot() {
        check(&[(1.0, 1.0), (1.001, 1.001)], false, "m1 1h0");
    }
}

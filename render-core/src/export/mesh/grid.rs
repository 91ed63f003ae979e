//! The whole numbers that a mesh's vertices are: half the bytes of `f32` to make, hand over and
//! upload, and finer than a screen.

use crate::scene::Transform;

/// The greatest number on a grid.
const LAST: f32 = 65535.0;

/// The box that shapes lie in.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    min: [f32; 2],
    max: [f32; 2],
}

impl Default for Bounds {
    fn default() -> Self {
        Self { min: [f32::INFINITY; 2], max: [f32::NEG_INFINITY; 2] }
    }
}

impl Bounds {
    /// Grows to hold points, unless one of them is not finite or too far away for the GPU's `f32`
    /// to hold a thousandth; whether it did.
    pub fn add(&mut self, points: &[[f32; 2]]) -> bool {
        let Self { mut min, mut max } = *self;
        // Times nought, only what is no number is not nought.
        let mut odd = 0.0;
        for [x, y] in points {
            min = [if *x < min[0] { *x } else { min[0] }, if *y < min[1] { *y } else { min[1] }];
            max = [if *x > max[0] { *x } else { max[0] }, if *y > max[1] { *y } else { max[1] }];
            odd += x * 0.0 + y * 0.0;
        }
        let is_near = min.iter().chain(&max).all(|v| v.abs() < 1e7);
        let is_good = odd == 0.0 && is_near;
        if is_good && !points.is_empty() {
            *self = Self { min, max };
        }
        is_good || points.is_empty()
    }
}

/// Numbers from 0 to 65535 both ways over shapes: a step is a tenth of a pixel where the shapes are
/// seven times as wide as a screen of a thousand pixels.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    origin: [f32; 2],
    steps: f32,
}

impl Grid {
    /// The finest that holds shapes.
    #[must_use]
    pub fn over(bounds: &Bounds) -> Self {
        let ([left, top], [right, bottom]) = (bounds.min, bounds.max);
        let extent = (right - left).max(bottom - top);
        if extent > 0.0 {
            Self { origin: bounds.min, steps: LAST / extent }
        } else {
            let is_point = extent == 0.0;
            Self { origin: bounds.min.map(|v| if is_point { v } else { 0.0 }), steps: 1.0 }
        }
    }

    /// The nearest on the grid; the nearest of its edge for what lies outside.
    #[must_use]
    pub fn place(&self, [x, y]: [f32; 2]) -> [u16; 2] {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "stops at the edges"
        )]
        let number = |v: f32, origin: f32| ((v - origin) * self.steps + 0.5) as u16;
        [number(x, self.origin[0]), number(y, self.origin[1])]
    }

    /// Steps to the shapes' unit of length.
    #[must_use]
    pub fn steps(&self) -> f32 {
        self.steps
    }

    /// From the grid to the shapes' space.
    #[must_use]
    pub fn transform(&self) -> Transform {
        let step = 1.0 / f64::from(self.steps);
        let [e, f] = self.origin.map(f64::from);
        Transform { a: step, d: step, e, f, ..Transform::IDENTITY }
    }
}

/// Which grid the vertices of each of a mesh's groups are on.
#[derive(Debug, Clone, Default)]
pub struct Grids {
    pub(super) all: Vec<Grid>,
    /// By group: which of them. Groups of one space share one, so that what meets in the data meets
    /// in the mesh.
    pub(super) of_group: Vec<usize>,
}

impl Grids {
    /// A group's.
    #[must_use]
    pub fn of(&self, group: u16) -> Grid {
        let grid = self.of_group.get(usize::from(group)).and_then(|grid| self.all.get(*grid));
        grid.copied().unwrap_or_else(|| Grid::over(&Bounds::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_placed_comes_back_within_half_a_step() {
        let mut bounds = Bounds::default();
        assert!(bounds.add(&[[-3000.0, 500.0], [9000.0, 700.5]]));
        let grid = Grid::over(&bounds);
        let back = grid.transform();
        for at in [[-3000.0, 500.0], [9000.0, 700.5], [17.3, 600.1]] {
            let [x, y] = grid.place(at).map(f64::from);
            let (x, y) = back.apply(x, y);
            let off = libm::hypot(x - f64::from(at[0]), y - f64::from(at[1]));
            assert!(off < 12_000.0 / 65_535.0, "{at:?} came back as {x}, {y}");
        }
    }

    #[test]
    fn odd_points_are_refused_and_change_nothing() {
        let mut bounds = Bounds::default();
        assert!(bounds.add(&[[0.0, 0.0], [1.0, 1.0]]));
        for odd in [[f32::NAN, 0.0], [0.0, f32::INFINITY], [2e7, 0.0]] {
            assert!(!bounds.add(&[[0.5, 0.5], odd]));
        }
        assert_eq!(Grid::over(&bounds).place([1.0, 1.0]), [65535, 65535]);
    }

    #[test]
    fn one_point_and_none_have_a_grid() {
        let mut bounds = Bounds::default();
        assert_eq!(Grid::over(&bounds).place([0.0, 0.0]), [0, 0]);
        assert!(bounds.add(&[[5.0, 5.0]]));
        assert_eq!(Grid::over(&bounds).place([5.0, 5.0]), [0, 0]);
    }
}

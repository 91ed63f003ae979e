//! A path of straight edges → the part of it in a row of pixels.

use vello_cpu::kurbo::{BezPath, PathEl, Point, Rect};

/// The box a path is, if it is one.
pub fn as_rect(path: &BezPath) -> Option<Rect> {
    let [PathEl::MoveTo(a), PathEl::LineTo(b), PathEl::LineTo(c), PathEl::LineTo(d)] =
        *path.elements()
    else {
        return None;
    };
    let is_rect = (a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y)
        || (a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x);
    is_rect.then(|| Rect::from_points(a, c))
}

/// Replaces `slice` by the part of a path between two heights. Contours stay closed; the edges
/// added lie on the two heights, where they cover nothing.
pub fn cut(path: &BezPath, top: f64, bottom: f64, slice: &mut BezPath) {
    slice.truncate(0);
    let mut contour: Vec<Point> = Vec::new();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(point) => {
                add(&contour, top, bottom, slice);
                contour.clear();
                contour.push(point);
            }
            PathEl::LineTo(point) => contour.push(point),
            // Paths of a band hold straight edges only.
            PathEl::QuadTo(..) | PathEl::CurveTo(..) | PathEl::ClosePath => {}
        }
    }
    add(&contour, top, bottom, slice);
}

fn add(contour: &[Point], top: f64, bottom: f64, slice: &mut BezPath) {
    let below_top = keep(contour, |y| y >= top, top);
    let inside = keep(&below_top, |y| y <= bottom, bottom);
    for (index, point) in inside.iter().enumerate() {
        slice.push(match index {
            0 => PathEl::MoveTo(*point),
            _ => PathEl::LineTo(*point),
        });
    }
}

/// Sutherland and Hodgman's clip at one height.
fn keep(contour: &[Point], is_in: impl Fn(f64) -> bool, edge: f64) -> Vec<Point> {
    let mut kept = Vec::new();
    let Some(mut before) = contour.last() else { return kept };
    for point in contour {
        if is_in(before.y) != is_in(point.y) {
            let share = (edge - before.y) / (point.y - before.y);
            kept.push(Point::new(before.x + (point.x - before.x) * share, edge));
        }
        if is_in(point.y) {
            kept.push(*point);
        }
        before = point;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[(f64, f64)]) -> BezPath {
        let mut path = BezPath::new();
        for (index, point) in points.iter().enumerate() {
            path.push(match index {
                0 => PathEl::MoveTo((*point).into()),
                _ => PathEl::LineTo((*point).into()),
            });
        }
        path
    }

    #[test]
    fn slices_of_a_shape_add_up_to_it() {
        use vello_cpu::kurbo::Shape;
        let mut star = path(&[(5.0, 0.0), (2.0, 9.5), (9.0, 3.0), (0.0, 3.0), (8.0, 9.5)]);
        let mut slice = BezPath::new();
        let sum: f64 = (0..10)
            .map(|row| {
                cut(&star, f64::from(row), f64::from(row + 1), &mut slice);
                slice.close_path();
                slice.area()
            })
            .sum();
        star.close_path();
        assert!((sum - star.area()).abs() < 1e-9, "{sum} for {}", star.area());
    }

    #[test]
    fn only_boxes_are_boxes() {
        let rect = path(&[(1.0, 2.0), (4.0, 2.0), (4.0, 6.0), (1.0, 6.0)]);
        assert_eq!(as_rect(&rect), Some(Rect::new(1.0, 2.0, 4.0, 6.0)));
        assert_eq!(as_rect(&path(&[(1.0, 2.0), (4.0, 2.5), (4.0, 6.0), (1.0, 6.0)])), None);
    }
}

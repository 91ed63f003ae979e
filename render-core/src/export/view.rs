//! The space a scene's items are in, and the part of the page that shows: vector exporters write
//! page millimetres and leave out what no clip lets through.

use super::corners;
use crate::scene::{Group, Paths, Scene, Subpath, Transform};

/// Points further out than this many millimetres are no picture.
const FURTHEST: f64 = 1e9;

/// Where items are drawn.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// From the items' space to page millimetres.
    pub to_page: Transform,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl View {
    /// The page with its bleed.
    pub fn page(scene: &Scene) -> Self {
        Self {
            to_page: Transform::IDENTITY,
            left: -scene.bleed,
            top: -scene.bleed,
            right: scene.width + scene.bleed,
            bottom: scene.height + scene.bleed,
        }
    }

    /// The same space, seen through a window of left, top, right and bottom, mm.
    pub fn within(self, (left, top, right, bottom): (f64, f64, f64, f64)) -> Self {
        Self {
            left: self.left.max(left),
            top: self.top.max(top),
            right: self.right.min(right),
            bottom: self.bottom.min(bottom),
            ..self
        }
    }

    /// Left, top, right, bottom, mm.
    pub fn bounds(&self) -> (f64, f64, f64, f64) {
        (self.left, self.top, self.right, self.bottom)
    }

    /// The inside of a group, and the corners of its clip on the page.
    pub fn inside(&self, group: &Group) -> (Self, Option<[(f64, f64); 4]>) {
        let mut inner = Self { to_page: group.transform.then(&self.to_page), ..*self };
        let clip = group.clip.map(|clip| corners(&clip, &self.to_page));
        if let Some(clip) = &clip {
            let (left, top, right, bottom) = bounds(clip.iter().copied());
            inner.left = inner.left.max(left);
            inner.top = inner.top.max(top);
            inner.right = inner.right.min(right);
            inner.bottom = inner.bottom.min(bottom);
        }
        (inner, clip)
    }

    /// The vertices of a subpath on the page; none where ink that reaches `reach` mm from them
    /// cannot show, or where they are not finite.
    pub fn visible<'a>(
        &'a self,
        paths: &'a Paths,
        subpath: &Subpath,
        reach: f64,
    ) -> Option<impl Iterator<Item = (f64, f64)> + 'a> {
        let points = paths.points(subpath);
        let place = |p: &[f32; 2]| self.to_page.apply(f64::from(p[0]), f64::from(p[1]));
        let on_page = points.iter().map(place);
        if points.len() < 2 || !on_page.clone().all(|(x, y)| x.abs().max(y.abs()) < FURTHEST) {
            return None;
        }
        // A NaN passes `max` above unseen when the other number is one.
        let (left, top, right, bottom) = bounds(on_page.clone());
        let shows = !points.iter().any(|p| p[0].is_nan() || p[1].is_nan())
            && right + reach >= self.left
            && left - reach <= self.right
            && bottom + reach >= self.top
            && top - reach <= self.bottom;
        shows.then_some(on_page)
    }
}

/// Left, top, right, bottom.
fn bounds(points: impl Iterator<Item = (f64, f64)>) -> (f64, f64, f64, f64) {
    let nothing = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    points.fold(nothing, |(left, top, right, bottom), (x, y)| {
        (left.min(x), top.min(y), right.max(x), bottom.max(y))
    })
}

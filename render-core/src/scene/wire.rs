//! [`Scene`] ↔ bytes, for a second thread that paints a part of the same poster. What no painter asks for is left out:
//! names, the text that glyphs stand for, triangles.

use std::sync::Arc;

use super::{
    Cap, Draw, GlyphsItem, Group, Item, Join, Paint, PathItem, Paths, Scene, StyleId, StyleTable,
    Subpath, Transform,
};
use crate::color::Color;
use crate::geometry::MapGeometry;
use crate::text::{Glyph, GlyphRun, OutlineStep};
use crate::units::{PagePoint, PageRect};

/// Groups in groups deeper than this are no poster.
const MOST_DEPTH: u8 = 16;

/// A scene's bytes, which [`read`] takes.
#[must_use]
pub fn write(scene: &Scene) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    [scene.width, scene.height, scene.bleed].into_iter().for_each(|side| out.f64(side));
    out.list(scene.styles.iter(), |out, (_, style)| out.draw(&style.draw));
    out.points(bytemuck::cast_slice(&scene.paths.map.points));
    out.points(&scene.paths.points);
    out.list(scene.paths.subpaths.iter(), |out, subpath| {
        out.u32(subpath.points.start);
        out.u32(subpath.points.end);
        out.0.push(u8::from(subpath.is_closed) | u8::from(subpath.is_outer) << 1);
    });
    out.list(scene.items.iter(), Writer::item);
    out.0
}

/// A scene from its bytes, without the names of groups and styles; `None` where they are none.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Scene> {
    let mut bytes = Reader(bytes);
    let [width, height, bleed] = [bytes.f64()?, bytes.f64()?, bytes.f64()?];
    let mut styles = StyleTable::default();
    for draw in bytes.list(Reader::draw)? {
        styles.add("", draw);
    }
    let points = bytemuck::try_cast_vec(bytes.points()?).ok()?;
    let map = Arc::new(MapGeometry { points, ..MapGeometry::default() });
    let points = bytes.points()?;
    let subpaths = bytes.list(|bytes| {
        let points = bytes.u32()?..bytes.u32()?;
        let flags = bytes.u8()?;
        Some(Subpath { points, is_closed: flags & 1 != 0, is_outer: flags & 2 != 0, corners: 0..0 })
    })?;
    let paths = Paths { map, points, subpaths };
    let items = bytes.list(|bytes| bytes.item(0))?;
    let scene = Scene { width, height, bleed, title: String::new(), styles, paths, items };
    bytes.0.is_empty().then_some(scene)
}

struct Writer(Vec<u8>);

impl Writer {
    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn f32(&mut self, value: f32) {
        self.0.extend(value.to_le_bytes());
    }

    fn f64(&mut self, value: f64) {
        self.0.extend(value.to_le_bytes());
    }

    fn length(&mut self, n: usize) {
        self.u32(crate::flat::index(n));
    }

    fn list<T>(&mut self, all: impl Iterator<Item = T>, one: impl Fn(&mut Self, T)) {
        let at = self.0.len();
        self.u32(0);
        let mut n = 0_u32;
        for item in all {
            one(self, item);
            n += 1;
        }
        if let Some(count) = self.0.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *count = n.to_le_bytes();
        }
    }

    fn points(&mut self, points: &[[f32; 2]]) {
        self.length(points.len());
        self.0.extend_from_slice(bytemuck::cast_slice(points));
    }

    fn draw(&mut self, draw: &Draw) {
        match draw {
            Draw::Fill(paint) => {
                self.0.push(0);
                self.paint(paint);
            }
            Draw::Stroke { paint, width, cap, join, dash } => {
                self.0.push(
                    1 | u8::from(*cap == Cap::Round) << 1 | u8::from(*join == Join::Round) << 2,
                );
                self.paint(paint);
                self.f64(*width);
                self.list(dash.iter(), |out, length| out.f64(*length));
            }
        }
    }

    fn paint(&mut self, paint: &Paint) {
        let (kind, Color { r, g, b }, numbers) = match *paint {
            Paint::Solid { color, opacity } => (0, color, [opacity, 0.0]),
            Paint::FadeY { color, opaque_y, clear_y } => (1, color, [opaque_y, clear_y]),
        };
        self.0.extend([kind, r, g, b]);
        numbers.into_iter().for_each(|number| self.f64(number));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Group(Group { name: _, transform, clip, items }) => {
                self.0.push(0);
                let Transform { a, b, c, d, e, f } = *transform;
                [a, b, c, d, e, f].into_iter().for_each(|number| self.f64(number));
                self.list(clip.iter(), |out, clip| {
                    [clip.x, clip.y, clip.width, clip.height]
                        .into_iter()
                        .for_each(|number| out.f64(number));
                });
                self.list(items.iter(), Self::item);
            }
            Item::Path(PathItem { style, subpaths }) => {
                self.0.push(1);
                [u32::from(style.0), subpaths.start, subpaths.end]
                    .into_iter()
                    .for_each(|number| self.u32(number));
            }
            Item::Glyphs(GlyphsItem { style, origin, size, run }) => {
                self.0.push(2);
                self.u32(u32::from(style.0));
                [origin.x, origin.y, *size].into_iter().for_each(|number| self.f64(number));
                self.list(run.glyphs.iter(), |out, glyph| {
                    out.f32(glyph.x);
                    out.f32(glyph.y);
                    out.u32(glyph.outline);
                });
                self.list(run.outlines.iter(), |out, steps| out.list(steps.iter(), Self::step));
            }
        }
    }

    fn step(&mut self, step: &OutlineStep) {
        let (kind, numbers): (u8, &[f32]) = match step {
            OutlineStep::Move(x, y) => (0, &[*x, *y]),
            OutlineStep::Line(x, y) => (1, &[*x, *y]),
            OutlineStep::Quad(a, b, x, y) => (2, &[*a, *b, *x, *y]),
            OutlineStep::Cubic(a, b, c, d, x, y) => (3, &[*a, *b, *c, *d, *x, *y]),
            OutlineStep::Close => (4, &[]),
        };
        self.0.push(kind);
        numbers.iter().for_each(|number| self.f32(*number));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*chunk)
    }

    fn u8(&mut self) -> Option<u8> {
        self.chunk().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.chunk().map(u32::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.chunk().map(f32::from_le_bytes)
    }

    fn f64(&mut self) -> Option<f64> {
        self.chunk().map(f64::from_le_bytes)
    }

    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.u32()? as usize;
        // Nothing is less than a byte: a wrong number takes no more memory than there are bytes.
        let mut all = Vec::with_capacity(n.min(self.0.len()));
        for _ in 0..n {
            all.push(one(self)?);
        }
        Some(all)
    }

    fn points(&mut self) -> Option<Vec<[f32; 2]>> {
        let n_bytes = (self.u32()? as usize).checked_mul(size_of::<[f32; 2]>())?;
        let (points, rest): (&'a [u8], _) = self.0.split_at_checked(n_bytes)?;
        self.0 = rest;
        Some(bytemuck::pod_collect_to_vec(points))
    }

    fn draw(&mut self) -> Option<Draw> {
        let flags = self.u8()?;
        let paint = self.paint()?;
        if flags & 1 == 0 {
            return Some(Draw::Fill(paint));
        }
        Some(Draw::Stroke {
            paint,
            width: self.f64()?,
            cap: if flags & 2 == 0 { Cap::Butt } else { Cap::Round },
            join: if flags & 4 == 0 { Join::Miter } else { Join::Round },
            dash: self.list(Self::f64)?,
        })
    }

    fn paint(&mut self) -> Option<Paint> {
        let [kind, r, g, b] = self.chunk()?;
        let (color, one, other) = (Color { r, g, b }, self.f64()?, self.f64()?);
        Some(match kind {
            0 => Paint::Solid { color, opacity: one },
            _ => Paint::FadeY { color, opaque_y: one, clear_y: other },
        })
    }

    fn style(&mut self) -> Option<StyleId> {
        Some(StyleId(u16::try_from(self.u32()?).ok()?))
    }

    fn item(&mut self, depth: u8) -> Option<Item> {
        if depth > MOST_DEPTH {
            return None;
        }
        match self.u8()? {
            0 => {
                let transform = Transform {
                    a: self.f64()?,
                    b: self.f64()?,
                    c: self.f64()?,
                    d: self.f64()?,
                    e: self.f64()?,
                    f: self.f64()?,
                };
                let clip = self.list(|bytes| {
                    let (x, y) = (bytes.f64()?, bytes.f64()?);
                    Some(PageRect { x, y, width: bytes.f64()?, height: bytes.f64()? })
                })?;
                let items = self.list(|bytes| bytes.item(depth + 1))?;
                Some(Item::Group(Group { name: "", transform, clip: clip.first().copied(), items }))
            }
            1 => Some(Item::Path(PathItem {
                style: self.style()?,
                subpaths: self.u32()?..self.u32()?,
            })),
            2 => {
                let style = self.style()?;
                let origin = PagePoint { x: self.f64()?, y: self.f64()? };
                let size = self.f64()?;
                let glyphs = self.list(|bytes| {
                    let (x, y) = (bytes.f32()?, bytes.f32()?);
                    Some(Glyph { id: 0, font: 0, x, y, outline: bytes.u32()? })
                })?;
                let outlines = self.list(|bytes| bytes.list(Self::step))?;
                let run = GlyphRun { glyphs, outlines, ..GlyphRun::default() };
                Some(Item::Glyphs(GlyphsItem { style, origin, size, run }))
            }
            _ => None,
        }
    }

    fn step(&mut self) -> Option<OutlineStep> {
        Some(match self.u8()? {
            0 => OutlineStep::Move(self.f32()?, self.f32()?),
            1 => OutlineStep::Line(self.f32()?, self.f32()?),
            2 => OutlineStep::Quad(self.f32()?, self.f32()?, self.f32()?, self.f32()?),
            3 => {
                let (a, b) = (self.f32()?, self.f32()?);
                OutlineStep::Cubic(a, b, self.f32()?, self.f32()?, self.f32()?, self.f32()?)
            }
            4 => OutlineStep::Close,
            _ => return None,
        })
    }
}

//! [`Scene`] → what a shader needs of each style, so that a new theme is one small upload.

use bytemuck::{Pod, Zeroable};

use crate::export::{dashes, paint_of, unit};
use crate::scene::{Draw, Paint, Scene, Style};

/// A style for a shader: twelve `f32`, three `vec4` of a uniform block.
#[derive(Debug, Clone, Copy, PartialEq, Default, Pod, Zeroable)]
#[repr(C)]
pub struct MeshStyle {
    /// Red, green, blue, alpha, 0 to 1 in sRGB, colour multiplied by alpha.
    pub color: [f32; 4],
    /// Dash, gap, dash, gap on paper, mm; a longer pattern is cut to two of each.
    pub dash: [f32; 4],
    /// Where a fade is opaque, page mm; the same as `clear_y` where the style does not fade.
    pub opaque_y: f32,
    /// Where a fade is clear, page mm.
    pub clear_y: f32,
    /// Stroke width on paper, mm; 0 for a fill.
    pub width: f32,
    /// Sum of `dash`, mm; 0 for a whole line.
    pub dash_period: f32,
}

/// Every style, in the order of the ids.
#[must_use]
pub fn styles(scene: &Scene) -> Vec<MeshStyle> {
    scene.styles.iter().map(|(_, style)| mesh_style(style)).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "millimetres and colours")]
fn mesh_style(style: &Style) -> MeshStyle {
    let (color, opacity, [opaque_y, clear_y]) = match *paint_of(&style.draw) {
        Paint::Solid { color, opacity } => (color, unit(opacity) as f32, [0.0; 2]),
        Paint::FadeY { color, opaque_y, clear_y } => (color, 1.0, [opaque_y, clear_y]),
    };
    let channel = |byte: u8| f32::from(byte) / 255.0 * opacity;
    let color = [channel(color.r), channel(color.g), channel(color.b), opacity];
    let (width, dash) = match &style.draw {
        Draw::Fill(_) => (0.0, [0.0; 4]),
        Draw::Stroke { width, dash, .. } => (*width as f32, four(dashes(dash))),
    };
    MeshStyle {
        color,
        dash,
        opaque_y: opaque_y as f32,
        clear_y: clear_y as f32,
        width,
        dash_period: dash.iter().sum(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "millimetres")]
fn four(pattern: &[f64]) -> [f32; 4] {
    // An odd count goes round twice before it repeats, as in SVG.
    let n = if pattern.len() % 2 == 1 { pattern.len() * 2 } else { pattern.len() };
    let mut dash = [0.0; 4];
    for (to, length) in dash.iter_mut().zip(pattern.iter().cycle().take(n)) {
        *to = *length as f32;
    }
    dash
}

//! Where page millimetres are on the canvas.

/// The part of the page in view. Today the whole trim; bleed is beyond the canvas's edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Width of the page, mm.
    pub width: f32,
    /// Height of the page, mm.
    pub height: f32,
    /// Pixels of the canvas across.
    pub canvas_width: f32,
    /// Pixels of the canvas down.
    pub canvas_height: f32,
}

impl Camera {
    /// Pixels to a millimetre.
    pub fn scale(&self) -> f32 {
        self.canvas_width / self.width
    }

    /// A box on the page → pixels for the GPU's scissor: x, y from the bottom, width, height.
    pub fn scissor(&self, x: f32, y: f32, width: f32, height: f32) -> [i32; 4] {
        let across = self.canvas_width / self.width;
        let down = self.canvas_height / self.height;
        let round = |pixels: f32| pixels.round() as i32;
        let (left, right) = (round(x * across), round((x + width) * across));
        let bottom = round(self.canvas_height - (y + height) * down);
        let top = round(self.canvas_height - y * down);
        [left, bottom, (right - left).max(0), (top - bottom).max(0)]
    }
}

/// Pixels of a canvas shown at `css` size: two to a CSS pixel at least, so that streets thinner
/// than a pixel are smooth on any screen, and no side beyond what every GPU can hold.
pub fn canvas_size(css: (f64, f64), device_pixel_ratio: f64) -> (u32, u32) {
    const MOST: f64 = 4096.0;
    let wanted = device_pixel_ratio.clamp(2.0, 4.0);
    let ratio = wanted.min(MOST / css.0.max(css.1).max(1.0));
    let pixels = |side: f64| ((side * ratio).round() as u32).max(1);
    (pixels(css.0), pixels(css.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_is_counted_from_the_bottom() {
        let camera =
            Camera { width: 300.0, height: 400.0, canvas_width: 600.0, canvas_height: 800.0 };
        assert_eq!(camera.scissor(10.0, 20.0, 280.0, 300.0), [20, 160, 560, 600]);
    }

    #[test]
    fn a_canvas_is_fine_enough_and_never_too_large() {
        assert_eq!(canvas_size((300.0, 400.0), 1.0), (600, 800));
        assert_eq!(canvas_size((300.0, 400.0), 3.0), (900, 1200));
        assert_eq!(canvas_size((3000.0, 4000.0), 2.0), (3072, 4096));
    }
}

//! The world and the frame → two canvases.

use ::picker::frame::Shape;
use ::picker::graticule::graticule;
use ::picker::lettering::{Town, labels};
use ::picker::outline::outlines;
use ::picker::{View, World};
use web_sys::{CanvasRenderingContext2d, CanvasWindingRule, Path2d};

use super::dialog::Dialog;
use crate::net::tiles::Tiles;

/// Half a corner's handle, pixels.
const HANDLE: f64 = 5.5;
/// The handle that turns.
const KNOB: f64 = 8.0;

/// Colours of the style sheet, light or dark.
#[derive(Debug, Clone, Default)]
pub struct Colours {
    sea: String,
    land: String,
    coast: String,
    border: String,
    lines: String,
    degrees: String,
    town: String,
    halo: String,
    dim: String,
    mark: String,
    mark_edge: String,
    accent: String,
}

impl Colours {
    /// As they are now.
    pub fn of(dialog: &Dialog) -> Self {
        let colour = |name| dialog.colour(name);
        Self {
            sea: colour("--sea"),
            land: colour("--land"),
            coast: colour("--coast"),
            border: colour("--border"),
            lines: colour("--lines"),
            degrees: colour("--degrees"),
            town: colour("--town"),
            halo: colour("--halo"),
            dim: colour("--dim"),
            mark: colour("--mark"),
            mark_edge: colour("--mark-edge"),
            accent: colour("--accent"),
        }
    }
}

/// Widths of cities' names, measured once: one a city and size.
pub type Widths = std::collections::HashMap<(usize, u32), f64>;

/// What is drawn of the world.
pub struct Scenery<'a> {
    /// Coasts and borders, once they are here.
    pub world: Option<&'a World>,
    /// Cities, once they are here.
    pub towns: &'a [Town],
    /// A detailed map, where it is switched on.
    pub tiles: Option<&'a Tiles>,
    /// What lies over the map, where no name can be read: left, top, right and bottom, pixels.
    pub covered: Vec<[f64; 4]>,
}

/// Draws the world.
pub fn world(
    context: &CanvasRenderingContext2d,
    view: &View,
    colours: &Colours,
    scenery: &Scenery<'_>,
    widths: &mut Widths,
) {
    let (width, height) = view.size;
    context.set_fill_style_str(&colours.sea);
    context.fill_rect(0.0, 0.0, width, height);
    context.set_line_join("round");
    if let Some(world) = scenery.world {
        let drawn = outlines(world, view);
        context.save();
        let _ = context.scale(0.1, 0.1);
        if let Ok(land) = Path2d::new_with_path_string(&drawn.land.path(true)) {
            context.set_fill_style_str(&colours.land);
            context.fill_with_path_2d_and_winding(&land, CanvasWindingRule::Evenodd);
            context.set_stroke_style_str(&colours.coast);
            context.set_line_width(8.0);
            context.stroke_with_path(&land);
        }
        if let Ok(borders) = Path2d::new_with_path_string(&drawn.borders.path(false)) {
            context.set_stroke_style_str(&colours.border);
            context.set_line_width(10.0);
            context.stroke_with_path(&borders);
        }
        context.restore();
    }
    let is_detailed = scenery.tiles.is_some_and(|tiles| tiles.paint(context, view));
    degrees(context, view, colours, !is_detailed);
    if !is_detailed {
        letter(context, view, colours, scenery, widths);
    }
}

/// Meridians and parallels, and what they are called at the left and upper edge.
fn degrees(context: &CanvasRenderingContext2d, view: &View, colours: &Colours, has_lines: bool) {
    let (width, height) = view.size;
    let (meridians, parallels) = graticule(view);
    // To the middle of a pixel, where a thin line is sharp.
    let sharp = |at: f64| at.floor() + 0.5;
    if has_lines {
        context.set_stroke_style_str(&colours.lines);
        context.set_line_width(1.0);
        context.begin_path();
        for line in &meridians {
            context.move_to(sharp(line.at), 0.0);
            context.line_to(sharp(line.at), height);
        }
        for line in &parallels {
            context.move_to(0.0, sharp(line.at));
            context.line_to(width, sharp(line.at));
        }
        context.stroke();
    }
    context.set_font("11px system-ui, sans-serif");
    context.set_text_baseline("middle");
    context.set_text_align("center");
    for line in meridians.iter().filter(|line| (40.0..width - 70.0).contains(&line.at)) {
        haloed(context, colours, &colours.degrees, &line.words, (line.at, 11.0));
    }
    context.set_text_align("left");
    for line in parallels.iter().filter(|line| (30.0..height - 14.0).contains(&line.at)) {
        haloed(context, colours, &colours.degrees, &line.words, (6.0, line.at));
    }
}

fn letter(
    context: &CanvasRenderingContext2d,
    view: &View,
    colours: &Colours,
    scenery: &Scenery<'_>,
    widths: &mut Widths,
) {
    let towns = scenery.towns;
    let mut kept_free = scenery.covered.clone();
    // The degrees' own edge.
    kept_free.push([0.0, 0.0, view.size.0, 20.0]);
    let font = |size: f64| {
        context.set_font(&format!(
            "{size}px system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif"
        ));
    };
    let labels = labels(towns, view, &kept_free, |town, size| {
        let measure = || {
            font(size);
            let name = towns.get(town).map(|town| &*town.name).unwrap_or_default();
            context.measure_text(name).map_or(0.0, |measured| measured.width())
        };
        *widths.entry((town, size as u32)).or_insert_with(measure)
    });
    context.set_fill_style_str(&colours.town);
    context.begin_path();
    for label in &labels {
        let (x, y) = label.dot;
        context.move_to(x + 2.0, y);
        let _ = context.arc(x, y, 2.0, 0.0, std::f64::consts::TAU);
    }
    context.fill();
    context.set_text_align("left");
    context.set_text_baseline("middle");
    for label in &labels {
        let Some(town) = towns.get(label.town) else { continue };
        font(label.size);
        haloed(context, colours, &colours.town, &town.name, label.text);
    }
}

fn haloed(
    context: &CanvasRenderingContext2d,
    colours: &Colours,
    colour: &str,
    words: &str,
    (x, y): (f64, f64),
) {
    context.set_line_width(3.0);
    context.set_stroke_style_str(&colours.halo);
    let _ = context.stroke_text(words, x, y);
    context.set_fill_style_str(colour);
    let _ = context.fill_text(words, x, y);
}

/// Draws the frame over the world.
pub fn frame(context: &CanvasRenderingContext2d, view: &View, colours: &Colours, shape: &Shape) {
    let (width, height) = view.size;
    context.clear_rect(0.0, 0.0, width, height);
    context.set_line_join("miter");
    let outline = || {
        context.begin_path();
        add_outline(context, shape);
    };
    let Some([top, end]) = shape.stalk else {
        // Too small to be seen: a ring around it, and no dusk about a hole nobody sees.
        outline();
        context.set_fill_style_str(&colours.accent);
        context.fill();
        for (colour, wide) in [(&colours.mark_edge, 5.0), (&colours.mark, 2.5)] {
            context.set_stroke_style_str(colour);
            context.set_line_width(wide);
            circle(context, shape.centre, 15.0);
            context.stroke();
        }
        dot(context, colours, shape.centre, 3.0);
        return;
    };
    context.begin_path();
    context.rect(0.0, 0.0, width, height);
    add_outline(context, shape);
    context.set_fill_style_str(&colours.dim);
    context.fill_with_canvas_winding_rule(CanvasWindingRule::Evenodd);
    for (colour, wide) in [(&colours.mark_edge, 3.5), (&colours.mark, 2.0)] {
        context.set_stroke_style_str(colour);
        context.set_line_width(wide);
        outline();
        context.stroke();
        context.begin_path();
        context.move_to(top.0, top.1);
        context.line_to(end.0, end.1);
        context.stroke();
    }
    context.set_line_width(1.5);
    context.set_stroke_style_str(&colours.mark_edge);
    context.set_fill_style_str(&colours.mark);
    for (_, (x, y)) in &shape.handles {
        context.fill_rect(x - HANDLE, y - HANDLE, 2.0 * HANDLE, 2.0 * HANDLE);
        context.stroke_rect(x - HANDLE, y - HANDLE, 2.0 * HANDLE, 2.0 * HANDLE);
    }
    dot(context, colours, end, KNOB);
    dot(context, colours, shape.centre, 3.5);
}

fn add_outline(context: &CanvasRenderingContext2d, shape: &Shape) {
    if let Some(((x, y), rest)) = shape.outline.split_first() {
        context.move_to(*x, *y);
        for (x, y) in rest {
            context.line_to(*x, *y);
        }
        context.close_path();
    }
}

fn dot(context: &CanvasRenderingContext2d, colours: &Colours, at: (f64, f64), radius: f64) {
    circle(context, at, radius);
    context.set_fill_style_str(&colours.accent);
    context.fill();
    context.set_stroke_style_str(&colours.mark);
    context.set_line_width(2.0);
    context.stroke();
}

fn circle(context: &CanvasRenderingContext2d, (x, y): (f64, f64), radius: f64) {
    context.begin_path();
    let _ = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
}

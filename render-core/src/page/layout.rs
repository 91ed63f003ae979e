//! Page measures and shaped lines of text → [`PageLayout`]: every box and line in its place.
//!
//! The composition is the one the field knows, a title over a hairline rule over a subtitle over
//! coordinates, low on the page; here lines are measured, not guessed from their length.

use super::{Fade, PageLayout, TextLine, TextRole};
use crate::text::{GlyphRun, ShapedTexts};
use crate::units::{Mm, PagePoint, PageRect};

/// What a layout needs to know of a design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageSpec {
    /// Width of the cut page, mm.
    pub width: f64,
    /// Height of the cut page, mm.
    pub height: f64,
    /// Paper left free around the map, mm.
    pub margin: f64,
    /// How far the picture goes beyond the cut, mm.
    pub bleed: f64,
    /// Half the map's height on the ground, m.
    pub distance: f64,
    /// How much of the map's height fades at the top, 0 for none.
    pub fade_top: f64,
    /// How much of the map's height fades at the bottom, 0 for none.
    pub fade_bottom: f64,
    /// Pixels to the inch of a picture, for the smallest letters.
    pub dpi: f64,
    /// Whether what will be behind the page is not known, as it has no paper.
    pub transparent: bool,
    /// The map alone, edge to edge.
    pub bare: bool,
    /// Whether there is a rule under the title.
    pub rule: bool,
}

impl Default for PageSpec {
    fn default() -> Self {
        Self {
            width: 300.0,
            height: 400.0,
            margin: 0.0,
            bleed: 0.0,
            distance: 10_000.0,
            fade_top: 0.25,
            fade_bottom: 0.25,
            dpi: 300.0,
            transparent: false,
            bare: false,
            rule: true,
        }
    }
}

/// Shorter side of the page on which everything has its nominal size: 12 in.
const NOMINAL_SIDE: f64 = 304.8;
/// Widest a line may be, of the map window's width.
const WIDEST: f64 = 0.84;
/// How far above the window's bottom the last line of the block stands, of the window's height.
const BLOCK_BOTTOM: f64 = 0.07;
/// Smallest attribution on pages up to A5 and on larger ones, pt.
const SMALLEST_ATTRIBUTION: (f64, f64) = (5.0, 6.0);
/// Fewest pixels to its em: with fewer its letters run into each other.
const FEWEST_PIXELS: f64 = 9.0;
/// From one of its baselines to the next, where it is set in two lines, em.
const ATTRIBUTION_LEADING: f64 = 1.2;

/// How far fades go beyond a map within a margin, mm: a pixel on a screen.
const BEYOND_THE_MAP: f64 = 0.2;

/// Nominal sizes in points and gaps in millimetres, for a page with a 12 in side.
mod nominal {
    pub const TITLE: f64 = 60.0;
    pub const SUBTITLE: f64 = 21.0;
    pub const COORDINATES: f64 = 13.0;
    pub const ATTRIBUTION: f64 = 8.0;
    /// From the title's baseline to the rule.
    pub const TITLE_TO_RULE: f64 = 7.2;
    /// From the rule to the top of the capitals below.
    pub const RULE_TO_LINE: f64 = 6.2;
    /// From a baseline to the top of the capitals below.
    pub const BETWEEN_LINES: f64 = 6.4;
    /// Thickness of the rule.
    pub const RULE: f64 = 0.36;
}

/// Lays a page out.
#[must_use]
pub fn lay_out(spec: &PageSpec, texts: &ShapedTexts) -> PageLayout {
    let page = PageRect { x: 0.0, y: 0.0, width: spec.width, height: spec.height };
    let shorter = spec.width.min(spec.height);
    let scale = shorter / NOMINAL_SIDE;
    // A margin that left no map would be of no use to anyone.
    let margin = if spec.bare { 0.0 } else { spec.margin.clamp(0.0, 0.4 * shorter) };
    let map_window = page.expanded(-margin);
    // Knives drift by about 2 mm; type near the edge needs more than that to look meant.
    let inset = (0.02 * shorter).max(3.0).min(0.1 * shorter);
    let safe_area = map_window.expanded(-inset);
    let mut layout = PageLayout {
        width: spec.width,
        height: spec.height,
        bleed: spec.bleed,
        safe_area,
        map_window,
        mm_per_metre: map_window.height / (2.0 * spec.distance.max(1.0)),
        scale,
        fades: Vec::new(),
        rule: None,
        plate: None,
        lines: Vec::new(),
    };
    if !spec.bare {
        let attribution = attribution(&layout, spec, &texts.attribution);
        let block_top = add_block(&mut layout, texts, spec.rule, top_of(&attribution));
        layout.lines.extend(attribution);
        add_fades(&mut layout, spec, block_top);
        add_plate(&mut layout, spec.transparent);
    }
    layout
}

/// Title, rule, subtitle, coordinates, from the bottom up, an empty one leaving no gap; all above `limit`.
/// Returns the top and the bottom of the title's capitals, where there is a title.
fn add_block(
    layout: &mut PageLayout,
    texts: &ShapedTexts,
    rule: bool,
    limit: f64,
) -> Option<(f64, f64)> {
    let scale = type_scale(layout);
    let has_ink = |run: &GlyphRun| !run.glyphs.is_empty();
    let mut lines = Vec::new();
    // The highest thing placed so far, and whether it is text.
    let mut y = layout.map_window.bottom() - BLOCK_BOTTOM * layout.map_window.height;
    y = y.min(layout.safe_area.bottom()).min(limit);
    let mut is_first = true;
    for (role, run, points, opacity) in [
        (TextRole::Coordinates, &texts.coordinates, nominal::COORDINATES, 0.75),
        (TextRole::Subtitle, &texts.subtitle, nominal::SUBTITLE, 1.0),
    ] {
        if !has_ink(run) {
            continue;
        }
        let size = fitted(layout, run, points);
        let (above, below) = ink_extent(run);
        if !is_first {
            y -= nominal::BETWEEN_LINES * scale;
            y -= size * (below - OVERHANG).max(0.0);
        }
        lines.push(centred(layout, role, run, size, y, opacity));
        y -= size * above;
        is_first = false;
    }
    let mut title_extent = None;
    if has_ink(&texts.title) {
        let run = &texts.title;
        let size = fitted(layout, run, nominal::TITLE);
        let (above, below) = ink_extent(run);
        if !is_first {
            // A small title keeps its rule nearer, so that the block stays one thing.
            let nearness = (size / (Mm::from_pt(nominal::TITLE).0 * scale)).clamp(0.6, 1.0);
            y -= nominal::RULE_TO_LINE * scale;
            if rule {
                layout.rule = Some(rule_at(layout, y));
                y -= nominal::TITLE_TO_RULE * scale * nearness;
            }
            y -= size * (below - OVERHANG).max(0.0);
        }
        lines.push(centred(layout, TextRole::Title, run, size, y, 1.0));
        title_extent = Some((y - size * above, y));
    } else if !is_first {
        title_extent = Some((y, y));
    }
    lines.reverse();
    layout.lines = lines;
    title_extent
}

/// Type scales with the map rather than the paper, so that it keeps its place on it with any margin.
fn type_scale(layout: &PageLayout) -> f64 {
    layout.map_window.width.min(layout.map_window.height) / NOMINAL_SIDE
}

/// How far ink may hang below the baseline before lines make room for it, em: commas and the
/// rounds of capitals, not descenders.
const OVERHANG: f64 = 0.06;

/// Top of what counts as the line's height, and how far its ink goes below the baseline, em.
/// Accents on capitals are let to hang over, as ever in print.
fn ink_extent(run: &GlyphRun) -> (f64, f64) {
    let ink = run.ink();
    let cap = f64::from(run.cap_height);
    let above = if cap > 0.0 { cap } else { f64::from(ink.top) };
    (above, f64::from(-ink.bottom).max(0.0))
}

/// The size at which a line is as large as it should be and no wider than it may be, mm.
fn fitted(layout: &PageLayout, run: &GlyphRun, points: f64) -> f64 {
    let size = Mm::from_pt(points).0 * type_scale(layout);
    let ink = f64::from(run.ink_right) - f64::from(run.ink_left);
    let widest = (WIDEST * layout.map_window.width).min(layout.safe_area.width);
    if ink * size > widest { widest / ink } else { size }
}

/// A line whose ink is centred on the map window: side bearings and tracking do not count.
fn centred(
    layout: &PageLayout,
    role: TextRole,
    run: &GlyphRun,
    size: f64,
    y: f64,
    opacity: f64,
) -> TextLine {
    let centre = layout.map_window.x + layout.map_window.width / 2.0;
    let x = centre - size * (f64::from(run.ink_left) + f64::from(run.ink_right)) / 2.0;
    TextLine { role, run: run.clone(), origin: PagePoint { x, y }, size, opacity }
}

/// The rule, a fifth of an upright page wide; on a wide page it stays with its title.
fn rule_at(layout: &PageLayout, y: f64) -> PageRect {
    let window = &layout.map_window;
    let width = 0.2 * window.width.min(window.height);
    // Thinner lines break up in print.
    let height = (nominal::RULE * type_scale(layout)).max(0.15);
    PageRect { x: window.x + (window.width - width) / 2.0, y: y - height, width, height }
}

/// The attribution at the bottom right, where the eye ends, at a size that can be read: in two lines where one would
/// be wider than the page.
fn attribution(layout: &PageLayout, spec: &PageSpec, run: &GlyphRun) -> Vec<TextLine> {
    let safe = layout.safe_area;
    let ink = |run: &GlyphRun| f64::from(run.ink_right) - f64::from(run.ink_left);
    if ink(run) <= 0.0 {
        return Vec::new();
    }
    let is_small = layout.width.min(layout.height) < 200.0;
    let smallest = if is_small { SMALLEST_ATTRIBUTION.0 } else { SMALLEST_ATTRIBUTION.1 };
    let points = (nominal::ATTRIBUTION * type_scale(layout)).max(smallest);
    let size = Mm::from_pt(points).0.max(FEWEST_PIXELS * 25.4 / spec.dpi.max(1.0));
    let parts = if size * ink(run) > safe.width { run.before_last_word() } else { None };
    let runs = parts.map_or_else(|| vec![run.clone()], Vec::from);
    let size = runs.iter().map(|run| safe.width / ink(run)).fold(size, f64::min);
    let descent = size * f64::from(-run.ink().bottom).max(0.0);
    let mut y = safe.bottom() - descent;
    let mut lines = Vec::new();
    for run in runs.into_iter().rev() {
        let origin = PagePoint { x: safe.right() - size * f64::from(run.ink_right), y };
        lines.push(TextLine { role: TextRole::Attribution, run, origin, size, opacity: 1.0 });
        y -= ATTRIBUTION_LEADING * size;
    }
    lines.reverse();
    lines
}

/// What the lines above the attribution must not go below.
fn top_of(attribution: &[TextLine]) -> f64 {
    let top = |line: &TextLine| line.origin.y - line.size * (f64::from(line.run.ink().top) + 0.5);
    attribution.first().map_or(f64::INFINITY, top)
}

/// Fades at top and bottom. `title` is the top and the baseline of the block's first line.
fn add_fades(layout: &mut PageLayout, spec: &PageSpec, title: Option<(f64, f64)>) {
    let window = layout.map_window;
    let reaches_the_cut = window.x <= 0.0;
    // More than is seen: an edge that ends with the map's would be blended with it.
    let more = if reaches_the_cut { layout.bleed + 1.0 } else { BEYOND_THE_MAP };
    let band = window.expanded(more);
    let height = |fraction: f64| fraction.clamp(0.0, 1.0) * window.height;
    if spec.fade_top > 0.0 {
        let clear_y = window.y + height(spec.fade_top);
        let rect = PageRect { height: clear_y - band.y, ..band };
        layout.fades.push(Fade { rect, opaque_y: window.y, clear_y });
    }
    if spec.fade_bottom > 0.0 {
        let mut clear_y = window.bottom() - height(spec.fade_bottom);
        let mut opaque_y = window.bottom();
        if let Some((top, baseline)) = title {
            // Nothing may read through the title: paper is whole from its middle down, and what
            // is left at its top is a breath. Above it the map comes back over a title's height
            // or two, whatever the fraction.
            let capitals = (baseline - top).max(6.0 * type_scale(layout));
            opaque_y = opaque_y.min(top + 0.25 * (baseline - top));
            clear_y = clear_y.min(top - 1.6 * capitals).max(window.y);
        }
        let rect = PageRect { y: clear_y, height: band.bottom() - clear_y, ..band };
        layout.fades.push(Fade { rect, opaque_y, clear_y });
    }
}

/// A plate under the attribution, which must be legible wherever the map is not faded into paper beneath it.
fn add_plate(layout: &mut PageLayout, is_transparent: bool) {
    let box_of = |line: &TextLine| {
        let ink = line.run.ink();
        let at = |em: f32| line.size * f64::from(em);
        let (x, y) = (line.origin.x + at(ink.left), line.origin.y - at(ink.top));
        let (width, height) = (at(ink.right - ink.left), at(ink.top - ink.bottom));
        PageRect { x, y, width, height }.expanded(0.35 * line.size)
    };
    let lines = layout.lines.iter().filter(|line| line.role == TextRole::Attribution);
    let Some(plate) = lines.map(box_of).reduce(|a, b| a.union(&b)) else { return };
    let is_faded = |fade: &Fade| fade.opaque_y > fade.clear_y && fade.opaque_y <= plate.y;
    if is_transparent || !layout.fades.iter().any(is_faded) {
        layout.plate = Some(plate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Glyph, OutlineStep};

    /// A run of one box, `width` em wide with 0.1 em of bearing at its left and 0.3 at its right.
    fn run(width: f32, bottom: f32) -> GlyphRun {
        let (left, right, top) = (0.1, 0.1 + width, 0.7);
        let outline = vec![
            OutlineStep::Move(left, bottom),
            OutlineStep::Line(right, bottom),
            OutlineStep::Line(right, top),
            OutlineStep::Line(left, top),
            OutlineStep::Close,
        ];
        GlyphRun {
            text: "x".into(),
            fonts: vec!["Box".into()],
            glyphs: vec![Glyph { id: 1, font: 0, x: 0.0, y: 0.0, outline: 0 }],
            outlines: vec![outline],
            width: right + 0.3,
            cap_height: 0.7,
            ink_left: left,
            ink_right: right,
        }
    }

    fn texts() -> ShapedTexts {
        ShapedTexts {
            title: run(6.0, 0.0),
            subtitle: run(6.0, 0.0),
            coordinates: run(12.0, 0.0),
            attribution: run(13.0, -0.2),
        }
    }

    fn line(layout: &PageLayout, role: TextRole) -> &TextLine {
        layout.lines.iter().find(|line| line.role == role).unwrap()
    }

    const PAGES: [(f64, f64); 6] = [
        (304.8, 406.4),
        (406.4, 304.8),
        (148.0, 210.0),
        (300.0, 300.0),
        (1000.0, 250.0),
        (250.0, 1000.0),
    ];

    #[test]
    fn ink_is_centred_and_everything_within_the_safe_area() {
        for (width, height) in PAGES {
            for margin in [0.0, 12.0, 500.0] {
                let spec = PageSpec { width, height, margin, ..PageSpec::default() };
                let layout = lay_out(&spec, &texts());
                assert_eq!(layout.lines.len(), 4);
                for line in &layout.lines {
                    let left = line.origin.x + line.size * f64::from(line.run.ink_left);
                    let right = line.origin.x + line.size * f64::from(line.run.ink_right);
                    let safe = layout.safe_area.expanded(1e-3);
                    assert!(left >= safe.x && right <= safe.right(), "{width}x{height} {line:?}");
                    assert!(line.origin.y <= safe.bottom() && line.origin.y - line.size > safe.y);
                    if line.role != TextRole::Attribution {
                        assert!((left + right - width).abs() < 1e-4, "{:?}", line.role);
                        assert!(right - left <= WIDEST * layout.map_window.width + 1e-3);
                    }
                }
            }
        }
    }

    #[test]
    fn lines_never_touch() {
        for (width, height) in PAGES {
            let mut texts = texts();
            texts.title = run(3.0, -0.4);
            let layout = lay_out(&PageSpec { width, height, ..PageSpec::default() }, &texts);
            let extent = |role| {
                let line = line(&layout, role);
                let ink = line.run.ink();
                let y = |em: f32| line.origin.y - line.size * f64::from(em);
                (y(ink.top), y(ink.bottom))
            };
            let rule = layout.rule.unwrap();
            let order = [
                extent(TextRole::Title),
                (rule.y, rule.bottom()),
                extent(TextRole::Subtitle),
                extent(TextRole::Coordinates),
                extent(TextRole::Attribution),
            ];
            for pair in order.windows(2) {
                assert!(pair[0].1 + 0.5 < pair[1].0, "{width}x{height}: {order:?}");
            }
        }
    }

    #[test]
    fn a_long_title_shrinks_and_a_short_one_has_its_nominal_size() {
        let mut texts = texts();
        let spec = PageSpec { width: 304.8, height: 406.4, ..PageSpec::default() };
        let title = |texts: &ShapedTexts| line(&lay_out(&spec, texts), TextRole::Title).size;
        assert!((title(&texts) - Mm::from_pt(60.0).0).abs() < 1e-9);
        texts.title = run(60.0, 0.0);
        assert!((title(&texts) * 60.0 - WIDEST * 304.8).abs() < 1e-3);
    }

    #[test]
    fn empty_lines_close_up_and_the_rule_needs_both_sides() {
        let full = lay_out(&PageSpec::default(), &texts());
        let mut fewer = texts();
        fewer.subtitle = GlyphRun::default();
        let closed = lay_out(&PageSpec::default(), &fewer);
        assert!(line(&closed, TextRole::Title).origin.y > line(&full, TextRole::Title).origin.y);
        fewer.coordinates = GlyphRun::default();
        let alone = lay_out(&PageSpec::default(), &fewer);
        assert_eq!(alone.rule, None);
        let bottom = alone.map_window.bottom() - BLOCK_BOTTOM * alone.map_window.height;
        assert!((line(&alone, TextRole::Title).origin.y - bottom).abs() < 1e-9);
        assert!(lay_out(&PageSpec { rule: false, ..PageSpec::default() }, &texts()).rule.is_none());
    }

    #[test]
    fn the_attribution_can_be_read_on_any_paper() {
        for (width, height) in PAGES {
            let layout = lay_out(&PageSpec { width, height, ..PageSpec::default() }, &texts());
            let points = Mm(line(&layout, TextRole::Attribution).size).pt();
            let least = if width.min(height) < 200.0 { 5.0 } else { 6.0 };
            assert!(points >= least - 1e-9, "{width}x{height}: {points}");
        }
    }

    #[test]
    fn the_attribution_has_nine_pixels_to_its_em_in_any_picture() {
        for (dpi, least) in [(36.0, 6.35), (72.0, 3.175), (300.0, 0.762)] {
            let spec = PageSpec { dpi, ..PageSpec::default() };
            let size = line(&lay_out(&spec, &texts()), TextRole::Attribution).size;
            assert!(size >= least - 1e-9, "{dpi} dpi: {size} mm");
        }
    }

    #[test]
    fn the_attribution_has_two_lines_on_paper_too_narrow_for_one() {
        let mut texts = texts();
        let glyph = |x: f32| Glyph { x, ..texts.attribution.glyphs[0].clone() };
        // Three words of boxes 0.4 em wide.
        let words = "© abcdef ghijkl";
        let glyphs = words
            .char_indices()
            .filter(|(_, c)| *c != ' ')
            .enumerate()
            .map(|(i, _)| glyph(0.6 * i as f32));
        texts.attribution = GlyphRun {
            text: words.into(),
            glyphs: glyphs.collect(),
            outlines: run(0.4, -0.2).outlines,
            ink_right: 0.6 * 12.0 + 0.5,
            ..texts.attribution.clone()
        };
        for (width, height, dpi, n) in [
            (20.0, 20.0, 300.0, 1),
            (20.0, 20.0, 72.0, 2),
            (300.0, 400.0, 300.0, 1),
            (20.0, 2000.0, 72.0, 2),
        ] {
            let spec = PageSpec { width, height, dpi, fade_bottom: 0.0, ..PageSpec::default() };
            let layout = lay_out(&spec, &texts);
            let is_attribution = |line: &&TextLine| line.role == TextRole::Attribution;
            let lines: Vec<_> = layout.lines.iter().filter(is_attribution).collect();
            assert_eq!(lines.len(), n, "{width}x{height} at {dpi}");
            let plate = layout.plate.unwrap();
            for line in &lines {
                assert!(Mm(line.size).pt() >= 5.0 - 1e-9, "{width}x{height}: {}", line.size);
                let ink = line.run.ink();
                let left = line.origin.x + line.size * f64::from(ink.left);
                assert!(left >= layout.safe_area.x - 1e-6 && left > plate.x);
                assert!(line.origin.y - line.size * f64::from(ink.top) > plate.y);
            }
            if let [first, second] = lines[..] {
                assert_eq!((&*first.run.text, &*second.run.text), ("© abcdef", "ghijkl"));
                assert!(second.origin.y - 0.7 * second.size > first.origin.y + 0.2 * first.size);
            }
            // The other lines are above it.
            for line in layout.lines.iter().filter(|line| line.role != TextRole::Attribution) {
                assert!(line.origin.y < lines[0].origin.y - 0.7 * lines[0].size, "{line:?}");
            }
        }
    }

    #[test]
    fn the_attribution_has_a_plate_wherever_there_is_no_paper() {
        let spec = PageSpec { transparent: true, ..PageSpec::default() };
        assert!(lay_out(&spec, &texts()).plate.is_some());
    }

    #[test]
    fn the_attribution_has_a_plate_where_no_fade_is_beneath_it() {
        assert_eq!(lay_out(&PageSpec::default(), &texts()).plate, None);
        let bare_bottom = PageSpec { fade_bottom: 0.0, ..PageSpec::default() };
        let layout = lay_out(&bare_bottom, &texts());
        let (plate, line) = (layout.plate.unwrap(), line(&layout, TextRole::Attribution));
        let right = line.origin.x + line.size * f64::from(line.run.ink_right);
        assert!(plate.x < line.origin.x && plate.right() > right);
        assert!(plate.y < line.origin.y - 0.7 * line.size && plate.bottom() > line.origin.y);
        assert!(plate.right() < layout.map_window.right());
    }

    #[test]
    fn the_bottom_fade_seats_the_title_and_fades_cover_the_bleed() {
        let spec = PageSpec { bleed: 3.0, ..PageSpec::default() };
        let layout = lay_out(&spec, &texts());
        let [top, bottom] = layout.fades.as_slice() else { panic!("{:?}", layout.fades) };
        assert!(top.rect.x < -3.0 && top.rect.y < -3.0 && top.opaque_y == 0.0);
        assert!((top.clear_y - 100.0).abs() < 1e-9);
        assert!(bottom.rect.bottom() > 403.0 && bottom.rect.right() > 303.0);
        let title = line(&layout, TextRole::Title);
        let cap_top = title.origin.y - 0.7 * title.size;
        assert!(bottom.opaque_y < title.origin.y - 0.5 * title.size);
        assert!(bottom.clear_y < cap_top - 10.0);
        let none = PageSpec { fade_top: 0.0, fade_bottom: 0.0, ..spec };
        assert!(lay_out(&none, &texts()).fades.is_empty());
    }

    #[test]
    fn a_bare_map_goes_edge_to_edge_with_nothing_on_it() {
        let spec = PageSpec { bare: true, margin: 20.0, distance: 500.0, ..PageSpec::default() };
        let layout = lay_out(&spec, &texts());
        assert!(layout.lines.is_empty() && layout.fades.is_empty() && layout.rule.is_none());
        assert_eq!(layout.map_window, PageRect { x: 0.0, y: 0.0, width: 300.0, height: 400.0 });
        assert!((layout.mm_per_metre - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_margin_insets_the_map_and_its_scale_follows() {
        let spec = PageSpec { margin: 10.0, distance: 190.0, ..PageSpec::default() };
        let layout = lay_out(&spec, &texts());
        assert_eq!(layout.map_window, PageRect { x: 10.0, y: 10.0, width: 280.0, height: 380.0 });
        assert!((layout.mm_per_metre - 1.0).abs() < 1e-12);
        assert_eq!(layout.fades[0].rect.x, 10.0 - BEYOND_THE_MAP);
    }
}

//! [`Scene`] → text: kinds, counts, bounds, styles and glyph runs, for tests and for looking.

use std::fmt::Write;

use super::{Draw, Group, Item, Paint, PathItem, Scene, Style};

/// The scene as text, one thing a line, the same on every platform.
#[must_use]
pub fn dump(scene: &Scene) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "page {} × {} mm, bleed {} mm, “{}”",
        scene.width, scene.height, scene.bleed, scene.title
    );
    for (id, style) in scene.styles.iter() {
        let _ = writeln!(out, "style {} {}", id.0, describe(style));
    }
    dump_items(scene, &scene.items, 0, &mut out);
    out
}

fn describe(style: &Style) -> String {
    match &style.draw {
        Draw::Fill(paint) => format!("{}: fill {}", style.name, describe_paint(paint)),
        Draw::Stroke { paint, width, cap, join, dash } => {
            let dashes = dash.iter().map(|d| format!("{d:.3}")).collect::<Vec<_>>().join(" ");
            let dashes =
                if dash.is_empty() { String::new() } else { format!(", dash {dashes} mm") };
            let paint = describe_paint(paint);
            format!("{}: stroke {paint}, {width:.3} mm, {cap:?} {join:?}{dashes}", style.name)
        }
    }
}

fn describe_paint(paint: &Paint) -> String {
    match paint {
        Paint::Solid { color, opacity } if *opacity >= 1.0 => color.to_hex(),
        Paint::Solid { color, opacity } => format!("{} at {opacity:.2}", color.to_hex()),
        Paint::FadeY { color, opaque_y, clear_y } => {
            format!("{} from y {opaque_y:.2} to clear at {clear_y:.2} mm", color.to_hex())
        }
    }
}

fn dump_items(scene: &Scene, items: &[Item], depth: usize, out: &mut String) {
    for item in items {
        let indent = "  ".repeat(depth);
        let _ = match item {
            Item::Group(group) => {
                let header = describe_group(group);
                let written = writeln!(out, "{indent}group {header}");
                dump_items(scene, &group.items, depth + 1, out);
                written
            }
            Item::Path(path) => writeln!(out, "{indent}path {}", describe_path(scene, path)),
            Item::Glyphs(glyphs) => {
                let name = scene.styles.get(glyphs.style).map_or("?", |style| &style.name);
                let run = &glyphs.run;
                let ids = run
                    .glyphs
                    .iter()
                    .map(|glyph| {
                        let font = run.fonts.get(usize::from(glyph.font)).map_or("?", |f| f);
                        format!("{font}:{}", glyph.id)
                    })
                    .collect::<Vec<_>>()
                    .join(" ");
                let (x, y) = (glyphs.origin.x, glyphs.origin.y);
                writeln!(
                    out,
                    "{indent}glyphs {name} “{}” at {x:.2} {y:.2}, {:.2} mm: {ids}",
                    run.text, glyphs.size
                )
            }
        };
    }
}

fn describe_group(group: &Group) -> String {
    let t = &group.transform;
    let mut text = group.name.to_owned();
    if *t != super::Transform::IDENTITY {
        let _ =
            write!(text, " [{:.5} {:.5} {:.5} {:.5} {:.3} {:.3}]", t.a, t.b, t.c, t.d, t.e, t.f);
    }
    if let Some(clip) = &group.clip {
        let _ =
            write!(text, " clip {:.2} {:.2} {:.2} {:.2}", clip.x, clip.y, clip.width, clip.height);
    }
    text
}

fn describe_path(scene: &Scene, path: &PathItem) -> String {
    let name = scene.styles.get(path.style).map_or("?", |style| &style.name);
    let subpaths = scene.paths.subpaths(&path.subpaths);
    let n_outer = subpaths.iter().filter(|subpath| subpath.is_outer).count();
    let mut n_points = 0;
    let (mut min, mut max) = ([f32::MAX; 2], [f32::MIN; 2]);
    for subpath in subpaths {
        for [x, y] in scene.paths.points(subpath) {
            n_points += 1;
            min = [min[0].min(*x), min[1].min(*y)];
            max = [max[0].max(*x), max[1].max(*y)];
        }
    }
    format!(
        "{name}: {n_outer} parts, {} holes, {n_points} points, {:.1} {:.1} to {:.1} {:.1}",
        subpaths.len() - n_outer,
        min[0],
        min[1],
        max[0],
        max[1]
    )
}

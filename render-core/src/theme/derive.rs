//! The colours a theme names → all colours of a [`Theme`], the missing ones derived.
//!
//! Derived colours keep to the theme's own hues: they lie between its paper, its ink, its water,
//! its parks and its roads, at a distance the eye reads as quiet (see [`super::lab`]).

use super::lab::{contrast, difference, mix, shade, step};
use super::{ColorKey, Given, Theme, TunnelStyle};
use crate::color::Color;
use crate::kind::FeatureKind;

const BLACK: Color = Color::new(0, 0, 0);
const WHITE: Color = Color::new(255, 255, 255);
/// Least difference of the sea from the paper.
const LEAST_SEA: f64 = 4.0;

/// Least contrast of the attribution with what it stands on: the WCAG ratio for small text.
pub const ATTRIBUTION_CONTRAST: f64 = 4.5;

/// Fills in what `given` lacks.
pub(super) fn resolve(id: &str, name: &str, description: &str, given: Given) -> Theme {
    let get = |key: ColorKey, otherwise: Color| given.get(&key).copied().unwrap_or(otherwise);
    let background = given.get(&ColorKey::Bg).copied().unwrap_or_else(|| paper_for(&given));
    let text = get(ColorKey::Text, if contrast(background, WHITE) > 4.5 { WHITE } else { BLACK });
    let fade = get(ColorKey::GradientColor, background);

    let roads = roads(&given, background, text);
    let residential = roads.residential;
    let path = get(ColorKey::Path, mix(residential, background, 0.38));
    // Many tracks side by side are dark enough: one is never as strong as a secondary road.
    let strength = 0.52 * difference(background, text);
    let strength = strength.min(0.75 * difference(background, roads.secondary));
    let rail = get(ColorKey::Rail, step(background, text, strength));

    let water = get(ColorKey::Water, mix(background, text, 0.16));
    // The sea is the largest figure on a page; where a theme's water is all but its paper, the sea
    // goes on in the same direction until it shows.
    let depth = difference(water, background).max(0.1);
    let sea = get(ColorKey::Sea, mix(background, water, (LEAST_SEA / depth).clamp(1.0, 2.5)));
    let waterway = get(ColorKey::Waterway, water);
    let parks = get(ColorKey::Parks, mix(background, text, 0.06));
    // Past the parks on the line from the paper, so that a wood is more of what a park is.
    let height = difference(parks, background).max(0.1);
    let wood = get(ColorKey::Wood, mix(background, parks, 1.0 + (4.5 / height).min(0.45)));

    // Texture under the streets: seen as blocks from near, as tone from afar, never as lines.
    let quiet = (0.34 * difference(background, residential)).clamp(3.2, 6.5);
    let loudest = 0.72 * difference(background, path);
    let distance = apart(background, text, &[parks, water, sea], quiet, loudest);
    let buildings = get(ColorKey::Buildings, shade(background, text, distance));
    let building_outline = get(ColorKey::BuildingOutline, shade(buildings, text, 0.6 * quiet));
    let is_dark = contrast(background, WHITE) > contrast(background, BLACK);
    let aeroway = get(ColorKey::Aeroway, shade(background, text, 0.7 * quiet));

    let color = |kind: FeatureKind| match kind {
        FeatureKind::Farmland => get(ColorKey::Farmland, mix(background, parks, 0.5)),
        FeatureKind::Park => parks,
        FeatureKind::Wood => wood,
        FeatureKind::Sand => get(ColorKey::Sand, step(background, roads.secondary, 0.8 * quiet)),
        FeatureKind::Wetland => get(ColorKey::Wetland, mix(parks, water, 0.4)),
        FeatureKind::Glacier => get(
            ColorKey::Glacier,
            if is_dark { step(background, text, 9.0) } else { mix(background, water, 0.3) },
        ),
        FeatureKind::Sea => sea,
        FeatureKind::Water => water,
        FeatureKind::AerowayArea => aeroway,
        FeatureKind::Plaza => get(ColorKey::Plaza, step(background, residential, 0.6 * quiet)),
        FeatureKind::Building => buildings,
        FeatureKind::PierArea => get(ColorKey::Pier, mix(background, residential, 0.25)),
        FeatureKind::Stream | FeatureKind::Canal | FeatureKind::River => waterway,
        FeatureKind::Pier => get(ColorKey::Pier, mix(background, residential, 0.6)),
        FeatureKind::Taxiway => get(ColorKey::Runway, mix(background, roads.default, 0.25)),
        FeatureKind::Runway => get(ColorKey::Runway, mix(background, roads.default, 0.4)),
        FeatureKind::Steps => get(ColorKey::Steps, path),
        FeatureKind::Path => path,
        FeatureKind::Cycleway => get(ColorKey::Cycleway, path),
        FeatureKind::Track => get(ColorKey::Track, path),
        FeatureKind::Service => get(ColorKey::RoadService, mix(residential, background, 0.18)),
        FeatureKind::Residential => residential,
        FeatureKind::Tertiary => roads.tertiary,
        FeatureKind::Secondary => roads.secondary,
        FeatureKind::Primary => roads.primary,
        FeatureKind::Trunk => get(ColorKey::RoadTrunk, roads.primary),
        FeatureKind::Motorway => roads.motorway,
        FeatureKind::Subway => get(ColorKey::Subway, mix(rail, background, 0.35)),
        FeatureKind::Tram => get(ColorKey::Tram, mix(rail, background, 0.25)),
        FeatureKind::LightRail => get(ColorKey::LightRail, mix(rail, background, 0.12)),
        FeatureKind::Rail => rail,
    };
    let kinds = FeatureKind::ALL.map(color);

    let casing = get(ColorKey::RoadCasing, background);
    Theme {
        tunnels: TunnelStyle::default(),
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        background,
        text,
        fade,
        attribution: get(ColorKey::Attribution, legible(mix(text, fade, 0.3), fade)),
        road_casing: casing,
        bridge_casing: get(ColorKey::BridgeCasing, casing),
        building_outline,
        kinds,
        given,
    }
}

/// How far from `paper` a shade of it is best told apart from `others`, at about `quiet` and at
/// most `loudest`.
fn apart(paper: Color, ink: Color, others: &[Color], quiet: f64, loudest: f64) -> f64 {
    let score = |distance: f64| {
        let shade = shade(paper, ink, distance);
        let nearest = others.iter().map(|other| difference(shade, *other)).fold(3.0, f64::min);
        nearest - 0.12 * (distance - quiet).abs()
    };
    let mut best = quiet.min(loudest);
    for i in 0..=40 {
        let distance = 3.2 + 0.2 * f64::from(i);
        if distance <= loudest && score(distance) > score(best) + 1e-9 {
            best = distance;
        }
    }
    best
}

/// White or black paper, whichever the theme's ink is read on better.
fn paper_for(given: &Given) -> Color {
    let ink = [ColorKey::Text, ColorKey::RoadMotorway, ColorKey::RoadPrimary];
    let ink = ink.iter().find_map(|key| given.get(key)).copied().unwrap_or(BLACK);
    if contrast(ink, WHITE) >= contrast(ink, BLACK) { WHITE } else { BLACK }
}

struct Roads {
    motorway: Color,
    primary: Color,
    secondary: Color,
    tertiary: Color,
    residential: Color,
    default: Color,
}

/// The road classes, each missing one between its neighbours and the paper.
fn roads(given: &Given, background: Color, text: Color) -> Roads {
    let default = given.get(&ColorKey::RoadDefault).copied();
    let get = |key: ColorKey, fallback: Color, quieter: f64| {
        let derived = default.unwrap_or_else(|| mix(fallback, background, quieter));
        given.get(&key).copied().unwrap_or(derived)
    };
    let motorway = given.get(&ColorKey::RoadMotorway).copied().unwrap_or(text);
    let primary = get(ColorKey::RoadPrimary, motorway, 0.12);
    let secondary = get(ColorKey::RoadSecondary, primary, 0.16);
    let tertiary = get(ColorKey::RoadTertiary, secondary, 0.2);
    let residential = get(ColorKey::RoadResidential, tertiary, 0.25);
    Roads {
        motorway,
        primary,
        secondary,
        tertiary,
        residential,
        default: default.unwrap_or(tertiary),
    }
}

/// `color`, moved away from `on` until small text in it can be read there.
fn legible(color: Color, on: Color) -> Color {
    let goal = if contrast(on, WHITE) >= contrast(on, BLACK) { WHITE } else { BLACK };
    let steps = (0..=20).map(|i| mix(color, goal, f64::from(i) / 20.0));
    steps.into_iter().find(|c| contrast(*c, on) >= ATTRIBUTION_CONTRAST).unwrap_or(goal)
}

//! Which cities are named in a view: the largest that have room.

use crate::view::View;

/// A city.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// Where it is on the unit square.
    pub at: (f64, f64),
    /// What it is called.
    pub name: String,
    /// Doublings of its people from one on, and how well known it is.
    pub weight: f64,
}

/// A city's name in a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Its number among the towns.
    pub town: usize,
    /// The city itself, pixels.
    pub dot: (f64, f64),
    /// The left end of its name, half-way up, pixels.
    pub text: (f64, f64),
    /// Height of the type, pixels.
    pub size: f64,
}

/// From the dot to its name, pixels.
const GAP: f64 = 6.0;
/// Free room about each name, pixels: a calm map, not a full one.
const ROOM: (f64, f64) = (10.0, 4.0);
/// A name for so many square pixels, and no more names than this.
const AREA: f64 = 13_000.0;
const MOST: usize = 48;
/// From this weight on a name is larger: a million people, or fewer and renowned.
const LARGE: f64 = 22.0;

/// Names for the towns in view; `towns` are sorted, the first the largest. `kept_free`: where no name may be, as
/// left, top, right and bottom. `width` tells how wide a town's name is at a size. All in pixels.
#[must_use]
pub fn labels(
    towns: &[Town],
    view: &View,
    kept_free: &[[f64; 4]],
    mut width: impl FnMut(usize, f64) -> f64,
) -> Vec<Label> {
    let most = ((view.size.0 * view.size.1 / AREA) as usize).clamp(4, MOST);
    let mut labels: Vec<Label> = Vec::new();
    let mut taken = kept_free.to_vec();
    let west = view.to_unit((0.0, 0.0)).0;
    for (town, Town { at, weight, .. }) in towns.iter().enumerate() {
        // The copy of the world whose town is the first from the view's left edge on.
        let x = west + (at.0 - west).rem_euclid(1.0);
        let dot = view.to_pixels((x, at.1));
        let is_in = dot.0 <= view.size.0 && (0.0..=view.size.1).contains(&dot.1);
        if !is_in
            || taken.iter().any(|[left, top, right, bottom]| {
                (*left..*right).contains(&dot.0) && (*top..*bottom).contains(&dot.1)
            })
        {
            continue;
        }
        let size = if *weight >= LARGE { 13.0 } else { 12.0 };
        let wide = width(town, size);
        let beside = [(dot.0 + GAP, dot.1), (dot.0 - GAP - wide, dot.1)];
        let middle = dot.0 - wide / 2.0;
        let over = [(middle, dot.1 - GAP - size / 2.0), (middle, dot.1 + GAP + size / 2.0)];
        let free = beside.into_iter().chain(over).find_map(|(left, at)| {
            let high = size / 2.0;
            let one = [
                left.min(dot.0 - GAP),
                (at - high).min(dot.1 - GAP / 2.0),
                (left + wide).max(dot.0 + GAP),
                (at + high).max(dot.1 + GAP / 2.0),
            ];
            let is_whole = one[0] >= 2.0
                && one[2] <= view.size.0 - 2.0
                && one[1] >= 2.0
                && one[3] <= view.size.1 - 2.0;
            let is_free = taken.iter().all(|other| !overlap(one, *other));
            (is_whole && is_free).then_some(((left, at), one))
        });
        let Some((text, [x, y, to_x, to_y])) = free else { continue };
        taken.push([x - ROOM.0, y - ROOM.1, to_x + ROOM.0, to_y + ROOM.1]);
        labels.push(Label { town, dot, text, size });
        if labels.len() == most {
            break;
        }
    }
    labels
}

fn overlap(one: [f64; 4], other: [f64; 4]) -> bool {
    one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::mercator;

    const SIZE: (f64, f64) = (800.0, 600.0);

    fn town(name: &str, lat: f64, lon: f64, weight: f64) -> Town {
        Town { at: mercator(lat, lon), name: name.to_owned(), weight }
    }

    fn named<'a>(towns: &'a [Town], view: &View) -> Vec<&'a str> {
        let labels =
            labels(towns, view, &[], |town, size| towns[town].name.len() as f64 * size / 2.0);
        labels.iter().map(|label| &*towns[label.town].name).collect()
    }

    #[test]
    fn the_largest_are_named_and_what_lies_under_them_is_not() {
        let towns = [
            town("Helsinki", 60.17, 24.94, 23.0),
            town("Espoo", 60.2, 24.66, 18.0),
            town("Rome", 41.9, 12.5, 22.0),
        ];
        assert_eq!(named(&towns, &View::of_world(SIZE)), ["Helsinki", "Rome"]);
        let near = View::of_world(SIZE).fitted(&[mercator(60.0, 24.0), mercator(60.4, 25.6)]);
        assert_eq!(named(&towns, &near), ["Helsinki", "Espoo"]);
    }

    #[test]
    fn no_two_names_touch_and_none_is_cut_or_where_none_may_be() {
        let towns: Vec<Town> = (0..5000)
            .map(|i| {
                town("Somewhere", f64::from(i % 71) - 35.0, f64::from(i * 7 % 359) - 179.0, 20.0)
            })
            .collect();
        let view = View::of_world(SIZE);
        let corner = [700.0, 0.0, 800.0, 200.0];
        let labels = labels(&towns, &view, &[corner], |_, size| 4.5 * size);
        assert!(labels.len() >= 20, "{}", labels.len());
        let boxes: Vec<[f64; 4]> = labels
            .iter()
            .map(|label| {
                [label.text.0, label.text.1 - 6.0, label.text.0 + 54.0, label.text.1 + 6.0]
            })
            .collect();
        for (i, one) in boxes.iter().enumerate() {
            assert!(one[0] >= 0.0 && one[2] <= SIZE.0 && one[1] >= 0.0 && one[3] <= SIZE.1);
            assert!(!overlap(*one, corner));
            assert!(boxes[..i].iter().all(|other| !overlap(*one, *other)));
        }
    }

    #[test]
    fn a_city_beyond_the_antimeridian_is_named_where_it_is_seen() {
        let towns = [town("Suva", -18.1, 178.4, 17.0), town("Apia", -13.8, -171.8, 16.0)];
        let view = View::of_world(SIZE).pulled((-400.0, 0.0)).zoomed(8.0, (400.0, 340.0));
        assert_eq!(named(&towns, &view), ["Suva", "Apia"]);
    }
}

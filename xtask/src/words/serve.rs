//! `serve`: from a fresh clone to the app in the browser.

use super::Options;
use crate::shell::{Failure, Outcome};
use crate::{server, setup, site};

const PORT: u16 = 8080;

pub fn run(arguments: &[String]) -> Outcome {
    let options = Options::parse(arguments, &["--port"], &[])?;
    let port = match options.value("--port") {
        None => PORT,
        Some(text) => text
            .parse()
            .map_err(|_| Failure(format!("`{text}` is no port: give a number from 1 to 65535.")))?,
    };
    // First of all: minutes of building for a port that is taken would be a poor welcome.
    let listener = server::bind(port)?;
    setup::for_building()?;
    site::build(site::SIMD_ALONE)?;
    println!("\nMapPoster is at {} (Ctrl-C stops it)", server::url(&listener)?);
    server::serve(&listener, &site::dist());
    Ok(())
}

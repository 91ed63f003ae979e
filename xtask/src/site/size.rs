//! Measures the files of `dist/`, raw and after brotli, and holds them against their limits.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::shell::{Failure, Outcome, because, command};
use crate::workspace;

/// Bytes of one file.
struct Size {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Node compresses: it is there for the browser tests anyway, and no crate has to be built for it.
const MEASURE: &str = r#"
const { brotliCompressSync, constants } = require("zlib"), fs = require("fs");
const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const bytes = fs.readFileSync(name);
  console.log(bytes.length + " " + brotliCompressSync(bytes, { params }).length);
}
"#;

/// Prints every code and data file of `dist/` and fails when a limit of `xtask/size-limits.txt`
/// is passed.
pub fn report(dist: &Path) -> Outcome {
    let mut sizes = measure(dist)?;
    sizes.sort_by_key(|size| std::cmp::Reverse(size.brotli));
    println!("{:>10} {:>10}", "raw", "brotli");
    for size in &sizes {
        println!("{:>10} {:>10}  {}", size.raw, size.brotli, size.name);
    }
    let raw: u64 = sizes.iter().map(|size| size.raw).sum();
    let brotli: u64 = sizes.iter().map(|size| size.brotli).sum();
    println!("{raw:>10} {brotli:>10}  all of these");
    let file = workspace::root().join("xtask/size-limits.txt");
    let limits = fs::read_to_string(&file).map_err(because("could not read size-limits.txt"))?;
    let mut passed = Vec::new();
    for line in limits.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            continue;
        }
        let (limit, sum, what) = against(line, &sizes)?;
        println!("{sum:>10} of at most {limit}: {what}");
        if sum > limit {
            passed.push(format!("{what}: {sum} bytes are over {limit}"));
        }
    }
    if passed.is_empty() {
        return Ok(());
    }
    Err(Failure(format!("{}. Make it smaller, or say why it must grow.", passed.join("; "))))
}

/// One line of the limits: `LIMIT NAME+NAME+…`. A file counts for a name that its own contains, where `*`
/// stands for anything; a name that fits no file is a mistake in the line.
fn against(line: &str, sizes: &[Size]) -> Outcome<(u64, u64, String)> {
    let wrong = || Failure(format!("size-limits.txt: `{line}` is not `LIMIT NAME+NAME`."));
    let (limit, names) = line.split_once(char::is_whitespace).ok_or_else(wrong)?;
    let limit = limit.parse().map_err(|_| wrong())?;
    let mut sum = 0;
    for name in names.split('+').map(str::trim) {
        let mut fits = sizes.iter().filter(|size| contains(&size.name, name)).peekable();
        if fits.peek().is_none() {
            return Err(Failure(format!(
                "size-limits.txt: no file of dist/ fits `{name}`; `cargo xtask dist` makes all there are."
            )));
        }
        sum += fits.map(|size| size.brotli).sum::<u64>();
    }
    Ok((limit, sum, names.trim().to_owned()))
}

/// Whether the parts of `pattern` between its `*` are in `name`, in their order.
fn contains(name: &str, pattern: &str) -> bool {
    let mut rest = name;
    pattern.split('*').all(|part| {
        let found = rest.split_once(part);
        rest = found.map_or(rest, |(_, after)| after);
        found.is_some()
    })
}

fn measure(dist: &Path) -> Outcome<Vec<Size>> {
    let names: Vec<String> = workspace::files_below(dist)?
        .iter()
        .filter(|file| !is_compressed(file))
        .map(|file| file.to_string_lossy().into_owned())
        .collect();
    let mut node = command("node");
    node.args(["-e", MEASURE]).current_dir(dist).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().map_err(because("could not start node"))?;
    if let Some(mut input) = node.stdin.take() {
        input.write_all(names.join("\n").as_bytes()).map_err(because("node"))?;
    }
    let output = node.wait_with_output().map_err(because("node"))?;
    let numbers: Vec<u64> = String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    if !output.status.success() || numbers.len() != 2 * names.len() {
        return Err(Failure("node could not measure the files of dist/.".to_owned()));
    }
    let pairs = numbers.chunks_exact(2);
    Ok(names
        .into_iter()
        .zip(pairs)
        .map(|(name, pair)| Size { name, raw: pair[0], brotli: pair[1] })
        .collect())
}

/// Pictures and fonts that no server would compress again are not what the limits are about.
fn is_compressed(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "png" || end == "jpg" || end == "woff2")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes() -> Vec<Size> {
        [("build-1/ui.js", 30), ("build-1/ui_bg.wasm", 70), ("style.css", 5)]
            .map(|(name, brotli)| Size { name: name.to_owned(), raw: 100, brotli })
            .into()
    }

    #[test]
    fn names_of_a_line_add_up() {
        let (limit, sum, _) = against("200 ui_bg.wasm+ui.js", &sizes()).unwrap();
        assert_eq!((limit, sum), (200, 100));
    }

    #[test]
    fn a_star_stands_for_a_folder_s_hash() {
        let (_, sum, _) = against("200 build-*/ui.js", &sizes()).unwrap();
        assert_eq!(sum, 30);
        assert!(against("200 ui*build-", &sizes()).is_err());
    }

    #[test]
    fn a_name_that_fits_nothing_is_a_mistake() {
        assert!(against("200 gone.js", &sizes()).is_err());
        assert!(against("lots ui.js", &sizes()).is_err());
    }
}

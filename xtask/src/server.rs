//! A small static file server for `dist/`: HTTP/1.1, GET and HEAD, on this machine only.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use crate::shell::{Failure, Outcome, because};

/// Takes the port before any work is done for it; port 0 lets the system choose.
pub fn bind(port: u16) -> Outcome<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            Failure(format!(
                "port {port} is taken by another program: stop it, or choose another with --port N."
            ))
        } else {
            Failure(format!("could not listen on port {port}: {error}"))
        }
    })
}

/// The address visitors use.
pub fn url(listener: &TcpListener) -> Outcome<String> {
    let address = listener.local_addr().map_err(because("the port is lost"))?;
    Ok(format!("http://{address}"))
}

/// Serves the files below `folder` until the program ends.
pub fn serve(listener: &TcpListener, folder: &Path) {
    let folder: Arc<Path> = folder.into();
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let folder = Arc::clone(&folder);
        // A visitor that goes away in mid-answer is no concern of ours.
        thread::spawn(move || answer_all(&stream, &folder).ok());
    }
}

/// What the first lines of a request ask for.
struct Request {
    method: String,
    target: String,
    /// The tag of the copy that the browser already holds.
    known: Option<String>,
    keep_alive: bool,
}

fn answer_all(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let reply = reply_to(&request, folder);
        let mut head = format!("HTTP/1.1 {}\r\n", reply.status);
        for (name, value) in &reply.headers {
            head += &format!("{name}: {value}\r\n");
        }
        // Ask again each time, so that a new build is never mixed with the old one.
        head += "Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n";
        head += if request.keep_alive { "\r\n" } else { "Connection: close\r\n\r\n" };
        let mut stream = stream;
        stream.write_all(head.as_bytes())?;
        if request.method != "HEAD" {
            stream.write_all(&reply.body)?;
        }
        if !request.keep_alive {
            break;
        }
    }
    Ok(())
}

/// The next request, or `None` when the browser has closed or speaks nonsense.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    // No honest request has a longer head.
    let mut head = reader.take(64 * 1024);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        known: None,
        keep_alive: true,
    };
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "if-none-match" => request.known = Some(value.trim().to_owned()),
            "connection" => request.keep_alive = !value.trim().eq_ignore_ascii_case("close"),
            // A body would be taken for the next request.
            "content-length" | "transfer-encoding" => request.keep_alive = false,
            _ => {}
        }
    }
    Ok(Some(request))
}

struct Reply {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn text(status: &'static str) -> Self {
        let body = format!("{status}\n").into_bytes();
        let length = body.len().to_string();
        let kind = "text/plain; charset=utf-8".to_owned();
        Self { status, headers: vec![("Content-Type", kind), ("Content-Length", length)], body }
    }
}

fn reply_to(request: &Request, folder: &Path) -> Reply {
    if request.method != "GET" && request.method != "HEAD" {
        return Reply::text("405 Method Not Allowed");
    }
    let Some(below) = path_below(&request.target) else { return Reply::text("400 Bad Request") };
    let mut path = folder.join(below);
    if path.is_dir() {
        path.push("index.html");
    }
    let Ok(body) = fs::read(&path) else { return Reply::text("404 Not Found") };
    let tag = tag(&path, body.len());
    let kind = content_type(&path).to_owned();
    if request.known.as_deref() == Some(&tag) {
        return Reply {
            status: "304 Not Modified",
            headers: vec![("ETag", tag)],
            body: Vec::new(),
        };
    }
    let headers =
        vec![("Content-Type", kind), ("Content-Length", body.len().to_string()), ("ETag", tag)];
    Reply { status: "200 OK", headers, body }
}

/// The request's path as one below the served folder; `None` when it leads out of it.
fn path_below(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.trim_start_matches('/');
    let path = PathBuf::from(percent_decoded(path)?);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Changes whenever the file is written.
fn tag(path: &Path, length: usize) -> String {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let time = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("\"{:x}-{length:x}\"", time.as_nanos())
}

/// Browsers stream-compile only `application/wasm` and start only JavaScript types as modules.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends raw text to a server of this crate's `src/` and returns the raw answer.
    fn ask(request: &str) -> String {
        let listener = bind(0).unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        thread::spawn(move || serve(&listener, &folder));
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(target: &str, header: &str) -> String {
        ask(&format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n"))
    }

    #[test]
    fn a_file_comes_whole_and_is_asked_for_again_each_time() {
        let answer = get("/main.rs?x=1", "");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("Cache-Control: no-cache\r\n"));
        assert!(answer.ends_with(include_str!("main.rs")));
    }

    #[test]
    fn a_copy_that_is_still_right_is_not_sent_again() {
        let tag = tag(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs"),
            include_str!("main.rs").len(),
        );
        let answer = get("/main.rs", &format!("If-None-Match: {tag}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 304"), "{answer}");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        for target in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd", "/%zz"] {
            let answer = get(target, "");
            assert!(!answer.starts_with("HTTP/1.1 200"), "{target}: {answer}");
        }
    }

    #[test]
    fn wasm_has_the_type_that_browsers_compile_while_it_loads() {
        assert_eq!(content_type(Path::new("a_bg.wasm")), "application/wasm");
        assert!(content_type(Path::new("a.js")).starts_with("text/javascript"));
    }

    #[test]
    fn a_taken_port_is_named() {
        let first = bind(0).unwrap();
        let port = first.local_addr().unwrap().port();
        assert!(bind(port).unwrap_err().0.contains(&port.to_string()));
    }
}

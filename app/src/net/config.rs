//! `config.json` beside `index.html` → [`Config`]: which servers are asked.
//!
//! A site owner changes it with no rebuild. It is never taken from a URL parameter: a link must
//! not decide whom a visitor's browser talks to.

use serde_json::Value;

/// What a site owner chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Overpass interpreters, the first asked first; empty only as long as the file has not come.
    pub overpass: Vec<String>,
    /// The Photon that is asked for words at Enter; `None` for no search on the network.
    pub photon: Option<String>,
    /// A Photon that may be asked while words are typed, which the public one is not meant for.
    pub photon_typing: Option<String>,
    /// A Nominatim that may be asked, at most once a second.
    pub nominatim: Option<String>,
    /// Whose raster tiles the map picker may show once a person switches them on.
    pub tiles: Option<TileServer>,
    /// Whether the app itself is kept in the browser, so that it opens without a network.
    pub offline: bool,
}

/// A server of raster tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileServer {
    /// A tile's address, with `{z}`, `{x}` and `{y}` in it.
    pub url: String,
    /// What it is called on the switch.
    pub name: String,
    /// Whose map it is; shown as long as the map is.
    pub attribution: String,
    /// The finest zoom it has, 0..=22.
    pub max_zoom: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            overpass: vec![
                "https://overpass-api.de/api/interpreter".into(),
                "https://overpass.private.coffee/api/interpreter".into(),
            ],
            photon: Some("https://photon.komoot.io".into()),
            photon_typing: None,
            nominatim: None,
            tiles: None,
            offline: true,
        }
    }
}

impl Config {
    /// As long as nobody knows whom the owner chose, nobody is asked.
    #[must_use]
    pub fn unknown() -> Self {
        Self { overpass: Vec::new(), photon: None, ..Self::default() }
    }

    /// The Overpass interpreter of this number, which goes round; `None` as long as none is known.
    #[must_use]
    pub fn server(&self, n: usize) -> Option<&str> {
        let n = n.checked_rem(self.overpass.len())?;
        self.overpass.get(n).map(String::as_str)
    }
}

/// Reads the file. What is wrong in it is replaced by the default and told in one sentence.
pub fn parse(text: &str) -> (Config, Option<String>) {
    match serde_json::from_str::<Value>(text) {
        Err(error) => unused(&format!("it is not JSON ({error})")),
        Ok(value) => read(&value).map_or_else(unused, |config| (config, None)),
    }
}

/// What is done without the file, and why in a sentence made of a clause.
#[must_use]
pub fn unused(why: &str) -> (Config, Option<String>) {
    let told = format!("config.json is not used: {why}. The built-in servers are asked instead.");
    (Config::default(), Some(told))
}

fn read(value: &Value) -> Result<Config, &'static str> {
    let endpoints = value.pointer("/overpass/endpoints").ok_or("it has no overpass.endpoints")?;
    let wrong = "overpass.endpoints must be a list of http(s) or relative addresses";
    let overpass: Vec<String> =
        endpoints.as_array().and_then(|list| list.iter().map(endpoint).collect()).ok_or(wrong)?;
    if overpass.is_empty() {
        return Err("its overpass.endpoints is empty");
    }
    let photon = section(value, "photon", "photon must be null for none, or have an endpoint")?;
    let nominatim =
        section(value, "nominatim", "nominatim must be null for none, or have an endpoint")?;
    let one = |part: &Value, name: &str, default: Option<String>, wrong: &'static str| match part
        .get(name)
    {
        None => Ok(default.filter(|_| !part.is_null())),
        Some(Value::Null) => Ok(None),
        Some(url) => endpoint(url).map(Some).ok_or(wrong),
    };
    Ok(Config {
        overpass,
        photon: one(
            &photon,
            "endpoint",
            Config::default().photon,
            "photon.endpoint must be an http(s) or relative address, or null for none",
        )?,
        photon_typing: one(
            &photon,
            "typing_endpoint",
            None,
            "photon.typing_endpoint must be an http(s) or relative address, or null for none",
        )?,
        nominatim: one(
            &nominatim,
            "endpoint",
            None,
            "nominatim.endpoint must be an http(s) or relative address, or null for none",
        )?,
        tiles: match value.get("tiles") {
            None | Some(Value::Null) => None,
            Some(tiles) => Some(tile_server(tiles)?),
        },
        offline: match value.get("offline") {
            None => true,
            Some(Value::Bool(is_wanted)) => *is_wanted,
            Some(_) => return Err("offline must be true or false"),
        },
    })
}

fn tile_server(tiles: &Value) -> Result<TileServer, &'static str> {
    let text = |name: &str| tiles.get(name).and_then(Value::as_str).map(str::trim);
    let is_template = |url: &&str| {
        let plain = url.replace("{z}", "").replace("{x}", "").replace("{y}", "");
        let has_all = ["{z}", "{x}", "{y}"].iter().all(|part| url.contains(part));
        has_all && !plain.contains(['{', '}']) && is_endpoint(url)
    };
    let words = |name: &str| text(name).filter(|words| !words.is_empty()).map(str::to_owned);
    let zoom = tiles.get("max_zoom").map_or(Some(19), Value::as_u64);
    Ok(TileServer {
        url: text("url")
            .filter(is_template)
            .ok_or("tiles.url must be an http(s) or relative address with {z}, {x} and {y}")?
            .to_owned(),
        name: words("name").ok_or("tiles.name must say whose map it is")?,
        attribution: words("attribution")
            .ok_or("tiles.attribution must be what the map's owners ask to be shown")?,
        max_zoom: zoom
            .and_then(|zoom| u8::try_from(zoom).ok())
            .filter(|zoom| *zoom <= 22)
            .ok_or("tiles.max_zoom must be a whole number from 0 to 22")?,
    })
}

/// A part of the file with names of its own; an empty one where it is left out, `null` for none.
fn section(value: &Value, name: &str, wrong: &'static str) -> Result<Value, &'static str> {
    match value.get(name) {
        None => Ok(Value::Object(Default::default())),
        Some(part @ (Value::Null | Value::Object(_))) => Ok(part.clone()),
        Some(_) => Err(wrong),
    }
}

fn endpoint(value: &Value) -> Option<String> {
    value.as_str().filter(|url| is_endpoint(url)).map(str::to_owned)
}

/// Whose server an address is, as a person reads it.
#[must_use]
pub fn host(endpoint: &str) -> &str {
    web_host(endpoint).unwrap_or("this site")
}

/// Host and port of an address that begins with `http(s)://`.
fn web_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#', '\\']).next()
}

/// Absolute over HTTP(S), or relative to the page. A browser takes `//host` and the like for another site, and reads
/// names and passwords before an `@`, which it never sends.
fn is_endpoint(url: &str) -> bool {
    let is_elsewhere = url.starts_with("//") || url.contains('\\');
    let has_scheme = url.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    let is_sound = match web_host(url) {
        Some(host) => !host.is_empty() && !host.starts_with(':') && !host.contains('@'),
        None => !has_scheme && !is_elsewhere,
    };
    is_sound && !url.is_empty() && !url.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_read() {
        let (config, problem) = parse(include_str!("../../../public/config.json"));
        assert_eq!(problem, None);
        assert_eq!(config, Config::default());
    }

    #[test]
    fn a_broken_file_is_told_and_replaced() {
        for text in [
            "",
            "<html>",
            "{}",
            r#"{"overpass":{"endpoints":[]}}"#,
            r#"{"overpass":{"endpoints":["javascript:alert(1)"]}}"#,
            r#"{"overpass":{"endpoints":"https://a.example"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"photon":{"endpoint":7}}"#,
            r#"{"overpass":{"endpoints":["a"]},"photon":{"endpoint":"data:x"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"photon":{"typing_endpoint":""}}"#,
            r#"{"overpass":{"endpoints":["a"]},"nominatim":{"endpoint":[]}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"https://t.example/{z}/{x}.png","name":"T","attribution":"T"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"https://t.example/{z}/{x}/{y}{r}.png","name":"T","attribution":"T"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"data:{z}/{x}/{y}","name":"T","attribution":"T"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"t/{z}/{x}/{y}.png","attribution":"T"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"t/{z}/{x}/{y}.png","name":"T","attribution":" "}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"t/{z}/{x}/{y}.png","name":"T","attribution":"T","max_zoom":99}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":true}"#,
            r#"{"overpass":{"endpoints":["a"]},"offline":"no"}"#,
            r#"{"overpass":{"endpoints":["a",7]}}"#,
            r#"{"overpass":{"endpoints":["a",null]}}"#,
            r#"{"overpass":{"endpoints":[""]}}"#,
            r#"{"overpass":{"endpoints":["//evil.example/x"]}}"#,
            r#"{"overpass":{"endpoints":["\\\\evil.example/x"]}}"#,
            r#"{"overpass":{"endpoints":["/\\evil.example/x"]}}"#,
            r#"{"overpass":{"endpoints":["https://"]}}"#,
            r#"{"overpass":{"endpoints":["https:///x"]}}"#,
            r#"{"overpass":{"endpoints":["https://?x"]}}"#,
            r#"{"overpass":{"endpoints":["https://:80/"]}}"#,
            r#"{"overpass":{"endpoints":["https://me:secret@a.example/"]}}"#,
            r#"{"overpass":{"endpoints":["https:a.example"]}}"#,
            r#"{"overpass":["https://a.example"]}"#,
            r#"{"overpass":null}"#,
            r#"["https://a.example"]"#,
            r#"{"overpass":{"endpoints":["a"]},"photon":"https://p.example"}"#,
            r#"{"overpass":{"endpoints":["a"]},"photon":false}"#,
            r#"{"overpass":{"endpoints":["a"]},"photon":["https://p.example"]}"#,
            r#"{"overpass":{"endpoints":["a"]},"nominatim":"https://n.example"}"#,
            r#"{"overpass":{"endpoints":["a"]},"nominatim":true}"#,
            r#"{"overpass":{"endpoints":["a"]},"nominatim":{"endpoint":"//n.example"}}"#,
            r#"{"overpass":{"endpoints":["a"]},"tiles":{"url":"//t.example/{z}/{x}/{y}","name":"T","attribution":"T"}}"#,
        ] {
            let (config, problem) = parse(text);
            assert_eq!(config, Config::default(), "{text}");
            assert!(problem.is_some_and(|p| p.starts_with("config.json is not used: ")), "{text}");
        }
    }

    #[test]
    fn a_server_of_ones_own_may_be_on_the_same_site() {
        let (config, problem) = parse(r#"{"overpass":{"endpoints":["api/interpreter"]}}"#);
        assert_eq!((config.overpass, problem), (vec!["api/interpreter".to_owned()], None));
    }

    #[test]
    fn geocoders_are_named_each_for_its_use() {
        let read = |more: &str| parse(&format!(r#"{{"overpass":{{"endpoints":["a"]}}{more}}}"#));
        let (config, problem) = read("");
        assert_eq!((config.photon, problem), (Config::default().photon, None), "an older file");
        for none in [r#","photon":{"endpoint":null}"#, r#","photon":null,"nominatim":null"#] {
            let (config, problem) = read(none);
            let asked = (config.photon, config.photon_typing, config.nominatim);
            assert_eq!((asked, problem), ((None, None, None), None), "{none}");
        }
        let (config, _) = read(
            r#","photon":{"typing_endpoint":"https://p.example"},"nominatim":{"endpoint":"n"}"#,
        );
        assert_eq!(config.photon_typing.as_deref(), Some("https://p.example"));
        assert_eq!(config.nominatim.as_deref(), Some("n"));
    }

    #[test]
    fn tiles_are_off_unless_they_are_named_whole() {
        let read = |tiles: &str| {
            parse(&format!(r#"{{"overpass":{{"endpoints":["a"]}},"tiles":{tiles}}}"#))
        };
        assert_eq!(
            read("null"),
            (Config { overpass: vec!["a".into()], ..Config::default() }, None)
        );
        let (config, problem) = read(
            r#"{"url":"https://t.example/{z}/{x}/{y}.png?key=1","name":"Tiles Inc.","attribution":"© Tiles Inc."}"#,
        );
        let expected = TileServer {
            url: "https://t.example/{z}/{x}/{y}.png?key=1".into(),
            name: "Tiles Inc.".into(),
            attribution: "© Tiles Inc.".into(),
            max_zoom: 19,
        };
        assert_eq!((config.tiles, problem), (Some(expected), None));
    }

    #[test]
    fn the_app_is_kept_unless_its_owner_says_no() {
        let of = |more: &str| parse(&format!(r#"{{"overpass":{{"endpoints":["a"]}}{more}}}"#));
        assert!(of("").0.offline && of(r#","offline":true"#).0.offline);
        assert_eq!(of(r#","offline":false"#).1, None);
        assert!(!of(r#","offline":false"#).0.offline);
    }

    #[test]
    fn a_server_is_called_by_its_host() {
        assert_eq!(host("https://photon.komoot.io/api"), "photon.komoot.io");
        assert_eq!(host("http://127.0.0.1:8080"), "127.0.0.1:8080");
        assert_eq!(host("https://a.example?x=/b/"), "a.example");
        assert_eq!(host("api/interpreter"), "this site");
        assert_eq!(host("/api?from=https://a.example/"), "this site");
    }

    #[test]
    fn servers_go_round_and_none_is_known_before_the_file() {
        let config = Config { overpass: vec!["a".into(), "b".into()], ..Config::default() };
        assert_eq!([0, 1, 2].map(|n| config.server(n)), [Some("a"), Some("b"), Some("a")]);
        let unknown = Config::unknown();
        assert_eq!((unknown.server(0), &unknown.photon), (None, &None));
    }
}

//! `config.json` beside `index.html` → [`Config`]: which servers are asked.
//!
//! A site owner changes it with no rebuild. It is never taken from a URL parameter: a link must
//! not decide whom a visitor's browser talks to.

use serde_json::Value;

/// What a site owner chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Overpass interpreters, the first asked first; never empty.
    pub overpass: Vec<String>,
    /// The Photon that is asked for words at Enter; `None` for no search on the network.
    pub photon: Option<String>,
    /// A Photon that may be asked while words are typed, which the public one is not meant for.
    pub photon_typing: Option<String>,
    /// A Nominatim that may be asked, at most once a second.
    pub nominatim: Option<String>,
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
        }
    }
}

/// Reads the file. What is wrong in it is replaced by the default and told in one sentence.
pub fn parse(text: &str) -> (Config, Option<String>) {
    let problem = |what: &str| {
        let told =
            format!("config.json is not used: {what}. The built-in servers are asked instead.");
        (Config::default(), Some(told))
    };
    match serde_json::from_str::<Value>(text) {
        Err(error) => problem(&format!("it is not JSON ({error})")),
        Ok(value) => read(&value).map_or_else(problem, |config| (config, None)),
    }
}

fn read(value: &Value) -> Result<Config, &'static str> {
    let endpoints = value.pointer("/overpass/endpoints").ok_or("it has no overpass.endpoints")?;
    let listed: Option<Vec<String>> = endpoints
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let overpass = match listed {
        Some(urls) if urls.is_empty() => return Err("its overpass.endpoints is empty"),
        Some(urls) if urls.iter().all(|url| is_endpoint(url)) => urls,
        _ => return Err("overpass.endpoints must be a list of http(s) or relative addresses"),
    };
    let one = |path: &str, default: Option<String>, wrong: &'static str| match value.pointer(path) {
        None => Ok(default),
        Some(Value::Null) => Ok(None),
        Some(Value::String(url)) if is_endpoint(url) => Ok(Some(url.clone())),
        Some(_) => Err(wrong),
    };
    Ok(Config {
        overpass,
        photon: one(
            "/photon/endpoint",
            Config::default().photon,
            "photon.endpoint must be an http(s) or relative address, or null for none",
        )?,
        photon_typing: one(
            "/photon/typing_endpoint",
            None,
            "photon.typing_endpoint must be an http(s) or relative address",
        )?,
        nominatim: one(
            "/nominatim/endpoint",
            None,
            "nominatim.endpoint must be an http(s) or relative address",
        )?,
    })
}

/// Whose server an address is, as a person reads it.
#[must_use]
pub fn host(endpoint: &str) -> &str {
    endpoint.split('/').nth(2).filter(|_| endpoint.contains("://")).unwrap_or("this site")
}

/// Absolute over HTTP(S), or relative to the page.
fn is_endpoint(url: &str) -> bool {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let has_scheme = url.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    !url.trim().is_empty() && !url.contains(char::is_whitespace) && (is_web || !has_scheme)
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
        let (config, _) = read(r#","photon":{"endpoint":null}"#);
        assert_eq!((config.photon, config.photon_typing, config.nominatim), (None, None, None));
        let (config, _) = read(
            r#","photon":{"typing_endpoint":"https://p.example"},"nominatim":{"endpoint":"n"}"#,
        );
        assert_eq!(config.photon_typing.as_deref(), Some("https://p.example"));
        assert_eq!(config.nominatim.as_deref(), Some("n"));
    }

    #[test]
    fn a_server_is_called_by_its_host() {
        assert_eq!(host("https://photon.komoot.io/api"), "photon.komoot.io");
        assert_eq!(host("api/interpreter"), "this site");
    }
}

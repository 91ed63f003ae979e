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
}

impl Default for Config {
    fn default() -> Self {
        Self {
            overpass: vec![
                "https://overpass-api.de/api/interpreter".into(),
                "https://overpass.private.coffee/api/interpreter".into(),
            ],
        }
    }
}

/// Reads the file. What is wrong in it is replaced by the default and told in one sentence.
pub fn parse(text: &str) -> (Config, Option<String>) {
    let default = Config::default();
    let problem = |what: &str| {
        Some(format!(
            "config.json is not used: {what}. The built-in map servers are asked instead."
        ))
    };
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return (default, problem(&format!("it is not JSON ({error})"))),
    };
    let Some(endpoints) = value.pointer("/overpass/endpoints") else {
        return (default, problem("it has no overpass.endpoints"));
    };
    let listed: Option<Vec<String>> = endpoints
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    match listed {
        Some(urls) if urls.is_empty() => (default, problem("its overpass.endpoints is empty")),
        Some(urls) if urls.iter().all(|url| is_endpoint(url)) => (Config { overpass: urls }, None),
        _ => {
            (default, problem("overpass.endpoints must be a list of http(s) or relative addresses"))
        }
    }
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
}

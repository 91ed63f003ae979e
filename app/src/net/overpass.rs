//! A live server's reply → [`OsmData`], or why not, in words a visitor can act on.
//!
//! One request at a time; what servers send and mean is in
//! drolbr/Overpass-API's `web_query.cc`.

use render_core::error::{ReadError, Warning};
use render_core::osm::json::OverpassReader;
use render_core::osm::{Limits, OsmData};

use super::fetch::{Ask, Deadlines, FetchError, Handle, Stop, fetch};
use super::query::SERVER_TIMEOUT;
use crate::failure::Failure;

/// Vertices of a large city's centre, for which room is made before they come: memory that is not
/// written costs nothing, and copying it as it grows was a tenth of a large reply's work.
pub const USUAL_VERTICES: usize = 1 << 19;

/// The server may queue a query for 15 s before its own timeout begins to count.
const DEADLINES: Deadlines =
    Deadlines { answer: (SERVER_TIMEOUT as f64 + 20.0) * 1000.0, stall: 30_000.0 };

/// Why a download gave nothing.
pub enum Ended {
    /// As the person asked.
    Cancelled,
    /// Otherwise.
    Failed(Failure),
}

impl From<FetchError> for Ended {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Stopped(Stop::Cancelled) => Self::Cancelled,
            error => Self::Failed(of_fetch(&error)),
        }
    }
}

impl From<ReadError> for Ended {
    fn from(error: ReadError) -> Self {
        Self::Failed(of_reply(error))
    }
}

/// What reads the replies to one map's questions.
#[must_use]
pub fn reader(limits: Limits) -> OverpassReader {
    let mut reader = OverpassReader::new(limits);
    reader.reserve(USUAL_VERTICES);
    reader
}

/// Asks a server and reads its reply as it comes in; `on_data` is shown what there is so far after
/// each part.
///
/// # Errors
/// [`Ended`].
pub async fn ask(
    (url, query): (&str, &str),
    handle: &Handle,
    on_beat: impl Fn(&Handle) + 'static,
    reader: &mut OverpassReader,
    mut on_data: impl FnMut(&OsmData),
    warnings: &mut Vec<Warning>,
) -> Result<(), Ended> {
    fetch::<Ended>(
        url,
        Ask::Post(query),
        handle,
        DEADLINES,
        on_beat,
        |status| if status == 200 { Ok(()) } else { Err(Ended::Failed(of_status(status))) },
        |bytes| {
            reader.push(bytes, warnings)?;
            on_data(reader.data());
            Ok(())
        },
    )
    .await?;
    Ok(reader.end_reply()?)
}

/// The data of all replies.
///
/// # Errors
/// [`Ended`], where there is nothing to draw.
pub fn finish(reader: OverpassReader, warnings: &mut Vec<Warning>) -> Result<OsmData, Ended> {
    let data = reader.finish(warnings)?;
    if data.is_empty() { Err(ReadError::Empty.into()) } else { Ok(data) }
}

/// What a status means.
#[must_use]
pub fn of_status(status: u16) -> Failure {
    let (what, next, wait) = match status {
        400 => (
            "The map server did not understand what it was asked. This is a fault of MapPoster, \
             not yours.",
            "Please report it with this code; another place or distance may work.",
            0,
        ),
        403 => (
            "The map server refuses requests from this site or from your network.",
            "The site's owner can name another server in config.json.",
            0,
        ),
        406 => (
            "The map server refuses requests that do not say which page they come from.",
            "Allow this site to send a referrer, or open it in another browser.",
            0,
        ),
        429 => (
            "The map server is already working for your network and takes no more for now.",
            "Wait half a minute, then try again.",
            30,
        ),
        504 => (
            "The map server is too busy to answer.",
            "Wait a moment, then try again, or choose a smaller distance.",
            15,
        ),
        500..=599 => ("The map server has a fault of its own.", "Try again in a moment.", 15),
        _ => ("The map server gave an answer that is not a map.", "Try again in a moment.", 15),
    };
    Failure::new(&format!("E-OVP-{status}"), what, next).after(wait)
}

fn of_fetch(error: &FetchError) -> Failure {
    match error {
        FetchError::Stopped(Stop::NoAnswer) => Failure::new(
            "E-OVP-TIMEOUT",
            "The map server did not answer in time.",
            "Try again in a moment, or choose a smaller distance.",
        )
        .after(15),
        FetchError::Stopped(_) => Failure::new(
            "E-OVP-STALL",
            "The map stopped coming in: nothing arrived for half a minute.",
            "Check your connection and try again.",
        )
        .after(15),
        FetchError::Network => Failure::new(
            "E-OVP-NETWORK",
            "The map server could not be reached. Your network may be off, or the server is too \
             busy to say so.",
            "Check your connection and try again in a moment.",
        )
        .after(15),
        FetchError::Cut => of_reply(ReadError::Truncated),
    }
}

/// A reply that came with status 200 and still is none.
fn of_reply(error: ReadError) -> Failure {
    let with = |what: &str, next: &str| Failure::new(error.code(), what, next);
    match &error {
        ReadError::NotOsmData { starts_with } if starts_with.contains("<osm ") => with(
            "The map server answered in XML, which is not what it was asked for.",
            "The site's owner can name another server in config.json.",
        ),
        ReadError::NotOsmData { starts_with } if starts_with.starts_with('<') => with(
            "The map server sent a web page instead of a map; it does so when it is busy or when \
             the same question was just asked.",
            "Wait half a minute, then try again.",
        )
        .after(30),
        ReadError::ServerRemark { remark } if remark.contains("timed out") => with(
            "The map server ran out of time and sent only a part, which is not shown.",
            "Choose a smaller distance and fetch again.",
        ),
        ReadError::ServerRemark { remark } if remark.contains("out of memory") => with(
            "This area is too much for the map server's memory; the part it sent is not shown.",
            "Choose a smaller distance and fetch again.",
        ),
        ReadError::TooLarge { limit, unit: "bytes", .. } => with(
            &format!(
                "This map is more than this device can hold: over {} MB of data.",
                limit >> 20
            ),
            "Choose a smaller distance, or fewer layers.",
        ),
        ReadError::TooLarge { limit, unit, .. } => with(
            &format!("This map is more than this device can hold: over {limit} {unit}."),
            "Choose a smaller distance, or fewer layers.",
        ),
        ReadError::Truncated => with(
            "The connection broke before the whole map was here; the part that came is not shown.",
            "Try again.",
        )
        .after(15),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_its_own_code_and_patience() {
        let check = |status: u16| {
            let failure = of_status(status);
            assert!(failure.what.ends_with('.') && failure.next.ends_with('.'), "{failure:?}");
            (failure.code, failure.wait)
        };
        assert_eq!(check(429), ("E-OVP-429".into(), 30));
        assert_eq!(check(504), ("E-OVP-504".into(), 15));
        assert_eq!(check(400), ("E-OVP-400".into(), 0));
        assert_eq!(check(503), ("E-OVP-503".into(), 15));
    }

    #[test]
    fn a_page_or_a_remark_with_status_200_is_told_apart() {
        let page = of_reply(ReadError::NotOsmData { starts_with: "<?xml version".into() });
        assert_eq!((page.code.as_str(), page.wait), ("E-READ-NOT-OSM", 30));
        let start = r#"<?xml version="1.0" encoding="UTF-8"?> <osm version="0.6""#;
        let xml = of_reply(ReadError::NotOsmData { starts_with: start.into() });
        assert!(xml.what.contains("in XML") && xml.wait == 0, "{xml:?}");
        let remark = "runtime error: Query timed out in \"query\" at line 1 after 2 seconds.";
        let remark = of_reply(ReadError::ServerRemark { remark: remark.into() });
        assert_eq!(remark.code, "E-READ-REMARK");
        assert!(remark.what.contains("ran out of time"), "{}", remark.what);
    }

    #[test]
    fn a_map_too_large_for_the_device_is_told_with_what_it_can_hold() {
        let found = of_reply(ReadError::TooLarge { found: 1, limit: 96 << 20, unit: "bytes" });
        assert_eq!(found.code, "E-READ-TOO-LARGE");
        assert!(found.what.ends_with("over 96 MB of data.") && found.is_too_much(), "{found:?}");
    }
}

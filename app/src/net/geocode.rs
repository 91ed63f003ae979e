//! A question to a geocoder on the network → places, or why not, in words a visitor can act on.
//!
//! Photon may be asked at each Enter. Nominatim forbids more than one request a second and any while
//! typing, so it is asked only where a site's owner named one (OSMF's usage policy).

use places::Found;
use places::geocoder::{Service, read};

use super::fetch::{Ask, Deadlines, FetchError, Handle, Stop, fetch};
use crate::failure::Failure;

/// Most bytes of an answer.
const MOST_BYTES: usize = 1 << 20;
const DEADLINES: Deadlines = Deadlines { answer: 8000.0, stall: 8000.0 };

/// Asks; `None` when cancelled.
///
/// # Errors
/// A [`Failure`] with a code of its own, `E-GEO-…`.
pub async fn ask(
    service: Service,
    url: &str,
    handle: &Handle,
) -> Result<Option<Vec<Found>>, Failure> {
    enum Ended {
        Fetch(FetchError),
        Failed(Failure),
    }
    impl From<FetchError> for Ended {
        fn from(error: FetchError) -> Self {
            Self::Fetch(error)
        }
    }
    let mut bytes = Vec::new();
    let asked = fetch::<Ended>(
        url,
        Ask::Get,
        handle,
        DEADLINES,
        |_| {},
        |status| {
            if status == 200 { Ok(()) } else { Err(Ended::Failed(of_status(service, status))) }
        },
        |part| {
            bytes.extend_from_slice(part);
            if bytes.len() > MOST_BYTES { Err(Ended::Failed(of_content(service))) } else { Ok(()) }
        },
    );
    match asked.await {
        Ok(()) => read(service, &bytes).map(Some).map_err(|_| of_content(service)),
        Err(Ended::Fetch(FetchError::Stopped(Stop::Cancelled))) => Ok(None),
        Err(Ended::Fetch(FetchError::Stopped(_))) => Err(Failure::new(
            "E-GEO-TIMEOUT",
            format!("{} did not answer in time.", service.name()),
            "Try again in a moment.",
        )),
        Err(Ended::Fetch(_)) => Err(Failure::new(
            "E-GEO-NETWORK",
            format!("{} could not be reached.", service.name()),
            "Check your connection and try again; cities and coordinates are found without it.",
        )),
        Err(Ended::Failed(failure)) => Err(failure),
    }
}

fn of_status(service: Service, status: u16) -> Failure {
    let name = service.name();
    let (what, next) = match status {
        403 | 429 => (
            format!("{name} takes no more questions from this site or network for now."),
            "Wait a minute, then try again.",
        ),
        400..=499 => {
            (format!("{name} did not understand the question."), "Try other or fewer words.")
        }
        _ => (format!("{name} has a fault of its own."), "Try again in a moment."),
    };
    Failure::new(&format!("E-GEO-{status}"), what, next)
}

fn of_content(service: Service) -> Failure {
    Failure::new(
        "E-GEO-ANSWER",
        format!("{} gave an answer that is not a list of places.", service.name()),
        "Try again in a moment.",
    )
}

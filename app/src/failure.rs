//! Why something a person asked for did not happen: what, why and what next, with a stable code.

use render_core::design::InputError;
use render_core::error::{ExportError, ReadError};
use render_core::theme::file::ThemeError;
use serde::{Deserialize, Serialize};

/// An error as it is shown: where it happened, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// A stable code for messages and bug reports, such as `E-OVP-429`.
    pub code: String,
    /// What happened and why: one or two sentences.
    pub what: String,
    /// What the person can do now; empty where `what` says it.
    pub next: String,
    /// How long to wait before trying again makes sense, seconds.
    pub wait: u32,
    /// Whether the page offers to ask for less.
    #[serde(default)]
    pub offers_less: bool,
}

impl Failure {
    /// A failure after which one may try again at once.
    pub fn new(code: &str, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            what: what.into(),
            next: next.into(),
            wait: 0,
            offers_less: false,
        }
    }

    /// The same, to be tried again after some seconds.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.wait = seconds;
        self
    }

    /// Whether less of a map might do, of one that was asked of a server: a smaller area, or fewer
    /// layers.
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        let codes = ["E-OVP-504", "E-OVP-TIMEOUT", "E-READ-REMARK", "E-READ-TOO-LARGE"];
        codes.contains(&&*self.code)
    }

    /// A worker that stopped: the app's fault, never the person's.
    #[must_use]
    pub fn of_worker(why: &str) -> Self {
        Self::new(
            "E-WORKER-LOST",
            format!("The drawing engine stopped ({why}); your design is kept."),
            "Try again with a fresh one; if it stops too, choose a smaller distance or a lower resolution.",
        )
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::new(error.code, error.message, "")
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let next = match &error {
            ExportError::TooLarge { .. } => {
                "Choose a lower resolution, smaller paper, or PDF or SVG."
            }
            ExportError::Write { .. } | ExportError::Cancelled => "Try again.",
        };
        Self::new(error.code(), sentence(&error.to_string()), next)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let next = match &error {
            ReadError::NotOsmData { .. } => "The server may be busy: wait a moment and try again.",
            ReadError::ServerRemark { .. } | ReadError::TooLarge { .. } => {
                "Choose a smaller distance and fetch again."
            }
            ReadError::Truncated | ReadError::Malformed { .. } | ReadError::Damaged => "Try again.",
            ReadError::NewerVersion { .. } => "Reload the page to get the newest MapPoster.",
            ReadError::Empty => "Choose another place or a larger distance.",
            ReadError::Unsupported { .. } => "Open another file.",
        };
        Self::new(error.code(), sentence(&error.to_string()), next)
    }
}

impl From<ThemeError> for Failure {
    fn from(error: ThemeError) -> Self {
        let next = match &error {
            ThemeError::NewerVersion { .. } => "Reload the page to get the newest MapPoster.",
            _ => "Choose another file; your theme is kept.",
        };
        Self::new(error.code(), sentence(&error.to_string()), next)
    }
}

/// A clause in lower case → a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_reader_becomes_sentences() {
        let failure = Failure::from(ReadError::Truncated);
        assert_eq!(failure.code, "E-READ-CUT");
        assert_eq!(failure.what, "The data end too early, the connection was cut.");
        assert_eq!(failure.next, "Try again.");
    }
}

//! What can go wrong at the two ends of the pipeline, and what is merely odd in between.

use std::fmt;

use crate::osm::OsmId;

/// Why a source could not be read; one variant per thing the user could do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Usually an HTML page from a busy server: wait and try again.
    NotOsmData {
        /// The first characters of what came instead, for the report.
        starts_with: String,
    },
    /// The server gave up in the middle (`remark`): ask for less.
    ServerRemark {
        /// The server's own words.
        remark: String,
    },
    /// The bytes end too early: the connection was cut, try again.
    Truncated,
    /// The bytes break the format's rules.
    Malformed {
        /// What was wrong, in lower case, and where if known.
        what: String,
    },
    /// A file that is none of the kinds or ways of writing that are read: save it as another.
    Unsupported {
        /// Why, in lower case.
        what: String,
    },
    /// A pack of a later version: reload the app.
    NewerVersion {
        /// The pack's version.
        found: u32,
        /// The newest version this reader knows.
        supported: u32,
    },
    /// A pack whose checksum does not match: fetch it again.
    Damaged,
    /// The area holds more than can be drawn: choose a smaller one.
    TooLarge {
        /// How many bytes or elements there are.
        found: u64,
        /// How many are allowed.
        limit: u64,
        /// What is counted, plural: `ways`, `bytes`.
        unit: &'static str,
    },
    /// Read to the end, and nothing drawable in it: choose another place or more layers.
    Empty,
}

impl ReadError {
    /// [`NotOsmData`](Self::NotOsmData) of what begins so.
    #[must_use]
    pub fn not_osm_data(head: &[u8]) -> Self {
        let text = String::from_utf8_lossy(head.get(..160).unwrap_or(head));
        let words: Vec<&str> = text.split_whitespace().collect();
        Self::NotOsmData { starts_with: words.join(" ").chars().take(80).collect() }
    }

    /// A stable code for messages and bug reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOsmData { .. } => "E-READ-NOT-OSM",
            Self::ServerRemark { .. } => "E-READ-REMARK",
            Self::Truncated => "E-READ-CUT",
            Self::Malformed { .. } => "E-READ-MALFORMED",
            Self::Unsupported { .. } => "E-READ-UNSUPPORTED",
            Self::NewerVersion { .. } => "E-READ-NEWER",
            Self::Damaged => "E-READ-DAMAGED",
            Self::TooLarge { .. } => "E-READ-TOO-LARGE",
            Self::Empty => "E-READ-EMPTY",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOsmData { starts_with } => {
                write!(f, "the reply is not OpenStreetMap data; it starts with “{starts_with}”")
            }
            Self::ServerRemark { remark } => {
                write!(f, "the server stopped before it was done: {remark}")
            }
            Self::Truncated => write!(f, "the data end too early, the connection was cut"),
            Self::Malformed { what } => write!(f, "the data cannot be read: {what}"),
            Self::Unsupported { what } => write!(f, "this file cannot be used: {what}"),
            Self::NewerVersion { found, supported } => write!(
                f,
                "this place file has version {found}, and this MapPoster reads up to {supported}"
            ),
            Self::Damaged => write!(f, "this place file is damaged: its checksum does not match"),
            Self::TooLarge { found, limit, unit } => {
                write!(f, "there are {found} {unit} in this area, more than the {limit} allowed")
            }
            Self::Empty => write!(f, "OpenStreetMap has nothing to draw in this area"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Why a file could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportError {
    /// The picture has more pixels on a side than the format or the rasteriser holds.
    TooLarge {
        /// Pixels asked for.
        width: u64,
        /// Pixels asked for.
        height: u64,
        /// Most pixels a side.
        limit: u64,
    },
    /// The encoder or the place the bytes go to refused them.
    Write {
        /// The cause, in its own words.
        what: String,
    },
    /// The caller said stop; no error to show.
    Cancelled,
}

impl ExportError {
    /// A stable code for messages and bug reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "E-EXPORT-TOO-LARGE",
            Self::Write { .. } => "E-EXPORT-WRITE",
            Self::Cancelled => "E-EXPORT-CANCELLED",
        }
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { width, height, limit } => write!(
                f,
                "a picture of {width} × {height} pixels is larger than the {limit} a side allowed"
            ),
            Self::Write { what } => write!(f, "the file could not be written: {what}"),
            Self::Cancelled => write!(f, "cancelled"),
        }
    }
}

impl std::error::Error for ExportError {}

/// Something odd that was drawn as far as it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A stable code, such as `W-RING-OPEN`.
    pub code: &'static str,
    /// The element it is about, where there is one.
    pub element: Option<OsmId>,
    /// One clause in lower case, such as `its outer ring does not close`.
    pub what: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element {
            Some(id) => write!(f, "{} {id}: {}", self.code, self.what),
            None => write!(f, "{} {}", self.code, self.what),
        }
    }
}

/// A result together with what was odd on the way.
#[derive(Debug, Clone)]
pub struct Warned<T> {
    /// The result.
    pub output: T,
    /// What was odd, in order of appearance.
    pub warnings: Vec<Warning>,
}

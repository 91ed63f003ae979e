//! A file of a person's own → a pack, which the render worker takes as it takes any other; of an
//! exported poster its design.

use js_sys::ArrayBuffer;
use render_core::design::embedded::{DesignFinder, HEAD, PosterFile};
use render_core::error::{ReadError, Warning};
use render_core::osm::file::{FileData, FileReader};
use render_core::osm::pack::{self, PackMeta, Precision};
use render_core::osm::{Limits, OsmData};

use super::port;
use super::protocol::{Answer, Progress, ReadFile, Stage};
use super::source::{DEADLINES, Downloads, FileError, MOST_ODDITIES, count};
use crate::failure::{Failure, sentence};
use crate::net::capacity;
use crate::net::fetch::{Ask, FetchError, Handle, Stop, fetch};

/// What is opened: an address of the browser's own for it, its name, and its size in bytes.
pub struct OwnFile {
    pub url: String,
    pub name: String,
    pub size: f64,
}

/// Reads a file as it comes from the disk: it is in memory never whole.
///
/// # Errors
/// The job's last answer, where it cannot be read.
pub async fn read(
    id: u32,
    file: &OwnFile,
    downloads: &Downloads,
) -> Result<(Answer, Vec<ArrayBuffer>), Answer> {
    let handle = downloads.begin(id).map_err(|error| Answer::Failed(of_error(error.into())))?;
    let read = read_parts(id, file, &handle).await;
    downloads.end(id);
    read.map_err(|error| match error {
        FileError::Fetch(FetchError::Stopped(Stop::Cancelled)) => Answer::Cancelled,
        error => Answer::Failed(of_error(error)),
    })
}

async fn read_parts(
    id: u32,
    file: &OwnFile,
    handle: &Handle,
) -> Result<(Answer, Vec<ArrayBuffer>), FileError> {
    let (mut content, mut warnings) = (Content::Unknown(Vec::new()), Vec::new());
    let size = file.size.max(1.0);
    let on_beat = move |handle: &Handle| {
        let (bytes, _) = handle.progress();
        let fraction = Some((bytes as f64 / size).min(1.0));
        let progress = Progress { fraction, bytes, ..Progress::at(Stage::Assembling) };
        port::post(id, Answer::Progress(progress), &[]);
    };
    let ended = fetch::<FileError>(
        &file.url,
        Ask::Get,
        handle,
        DEADLINES,
        on_beat,
        |_| Ok(()),
        |bytes| {
            content.push(bytes, &mut warnings)?;
            if content.has_design() {
                handle.stop(Stop::Cancelled);
            }
            Ok(())
        },
    )
    .await;
    // A poster's picture is not read.
    if !content.has_design() {
        ended?;
    }
    let reader = match content.known(&mut warnings)? {
        Known::Map(reader) => reader,
        Known::Poster(finder) => {
            let design = finder.finish().map(|json| Answer::Design { json });
            return Ok((design.unwrap_or_else(|| Answer::Failed(no_design())), Vec::new()));
        }
    };
    let FileData { data, area, is_drawing } = reader.finish(&mut warnings)?;
    let data = OsmData { area: Some(area), ..data };
    let meta = PackMeta { bbox: Some(area), ..PackMeta::default() };
    let pack = port::buffer(&pack::write(&data, &meta, Precision::E7));
    let read = ReadFile {
        area,
        is_drawing,
        name: place_name(&file.name),
        warnings: count(warnings.len()),
        oddities: warnings.iter().take(MOST_ODDITIES).map(ToString::to_string).collect(),
    };
    Ok((Answer::Read(read), vec![pack]))
}

/// What a file may be on a device: of elements and vertices as many as a reply, of bytes twice as many. These are not in
/// memory at a time, and other formats take more of them for the same map.
fn limits(of_reply: Limits) -> Limits {
    Limits { bytes: 2 * of_reply.bytes, ..of_reply }
}

/// What a file holds.
enum Content {
    /// Too few bytes have come to tell; these.
    Unknown(Vec<u8>),
    Known(Known),
}

enum Known {
    Map(Box<FileReader>),
    Poster(DesignFinder),
}

impl Content {
    fn push(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        match self {
            Self::Known(known) => known.push(bytes, warnings),
            Self::Unknown(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD {
                    *self = Self::Known(Known::of(head, warnings)?);
                }
                Ok(())
            }
        }
    }

    fn has_design(&self) -> bool {
        matches!(self, Self::Known(Known::Poster(finder)) if finder.is_found())
    }

    /// What it is, where the file is at its end.
    fn known(self, warnings: &mut Vec<Warning>) -> Result<Known, ReadError> {
        match self {
            Self::Known(known) => Ok(known),
            Self::Unknown(head) => Known::of(&head, warnings),
        }
    }
}

impl Known {
    fn of(head: &[u8], warnings: &mut Vec<Warning>) -> Result<Self, ReadError> {
        let mut known = match PosterFile::of(head) {
            Some(_) => Self::Poster(DesignFinder::default()),
            None => Self::Map(Box::new(FileReader::new(limits(capacity::of_this_device())))),
        };
        known.push(head, warnings)?;
        Ok(known)
    }

    fn push(&mut self, bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        match self {
            Self::Map(reader) => reader.push(bytes, warnings),
            Self::Poster(finder) => {
                finder.push(bytes);
                Ok(())
            }
        }
    }
}

fn no_design() -> Failure {
    Failure::new(
        "E-FILE-NO-DESIGN",
        "This file holds no MapPoster design: it was made by another program, or a service has taken the design out of it.",
        "Open a poster as it was downloaded here.",
    )
}

fn of_error(error: FileError) -> Failure {
    match error {
        FileError::Read(error) => of_file(error),
        FileError::Fetch(_) | FileError::Status(_) => Failure::new(
            "E-FILE-READ",
            "The browser could not read the file to its end.",
            "It may have been moved or changed: open it again.",
        ),
    }
}

/// The reader's errors in words for a file, which no server sent.
fn of_file(error: ReadError) -> Failure {
    let (what, next) = match &error {
        ReadError::NotOsmData { starts_with } => (
            format!("This file holds no map data: it starts with “{starts_with}”."),
            "Open OSM XML, .osm.pbf, Overpass JSON or GeoJSON, packed by gzip or bzip2 or not.",
        ),
        ReadError::Truncated => {
            ("The file ends too early.".to_owned(), "Download or save it once more.")
        }
        ReadError::Malformed { .. } => {
            (sentence(&error.to_string()), "Download or save it once more.")
        }
        ReadError::TooLarge { found, limit, unit } => (
            format!("The file holds {found} {unit} or more, of which {limit} can be read."),
            "Cut a smaller area out of it.",
        ),
        ReadError::Unsupported { .. } => {
            (sentence(&error.to_string()), "Save it in another format, or open another file.")
        }
        ReadError::Empty => (
            "There is nothing to draw in this file: no lines and no areas.".to_owned(),
            "Open another file.",
        ),
        _ => return error.into(),
    };
    Failure::new(error.code(), what, next)
}

/// Names of files that say nothing of a place.
const NO_PLACES: [&str; 14] = [
    "data",
    "download",
    "export",
    "extract",
    "features",
    "file",
    "free",
    "interpreter",
    "latest",
    "map",
    "osm",
    "overpass",
    "planet",
    "untitled",
];
const ENDINGS: [&str; 9] =
    [".gz", ".bz2", ".pbf", ".osm", ".xml", ".json", ".geojson", ".mpk", ".txt"];

/// What a file's name says of the place in it: `new-york_latest.osm.pbf` → `New York`; mostly
/// nothing.
fn place_name(file: &str) -> String {
    let mut name = file.to_lowercase();
    while let Some(shorter) = ENDINGS.iter().find_map(|end| name.strip_suffix(end)) {
        name = shorter.to_owned();
    }
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '’' && c != '\'');
    let is_telling = |word: &&str| {
        word.chars().any(char::is_alphabetic)
            && !word.chars().any(|c| c.is_ascii_digit())
            && !NO_PLACES.contains(word)
    };
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters.as_str().chars()).collect::<String>()
    };
    words.filter(is_telling).map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_place_only_where_it_says_so() {
        for (file, place) in [
            ("new-york_latest.osm.pbf", "New York"),
            ("Tartu.osm.gz", "Tartu"),
            ("östersund.geojson", "Östersund"),
            ("map.osm", ""),
            ("export (2).geojson", ""),
            ("planet_24.9,60.1_25,60.2.osm.pbf", ""),
            ("interpreter", ""),
            ("monaco-260101.osm.bz2", "Monaco"),
            ("42", ""),
        ] {
            assert_eq!(place_name(file), place, "{file}");
        }
    }

    #[test]
    fn a_usual_computer_takes_what_the_readers_were_made_for_and_a_small_phone_less() {
        assert_eq!(limits(capacity::limits(None, false)), Limits::default());
        assert_eq!(limits(capacity::limits(Some(2.0), true)).bytes, 96 << 20);
    }

    #[test]
    fn a_file_is_not_told_of_as_a_server() {
        let failure = of_file(ReadError::Truncated);
        assert_eq!((failure.code.as_str(), failure.wait), ("E-READ-CUT", 0));
        let large = ReadError::TooLarge { found: 9, limit: 8, unit: "ways" };
        assert!(!of_file(large).next.contains("fetch"));
    }
}

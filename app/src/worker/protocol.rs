//! What the UI asks of a worker and what it answers: plain data, large parts as buffers beside it.

use render_core::lonlat::Bbox;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::net::query::Detail;
use crate::shelf::Record;

/// A job with the number its answers carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call<J = Job> {
    /// Unique within a worker's life.
    pub id: u32,
    /// What to do.
    pub job: J,
}

/// What a worker can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// Both workers: take a place's data, which later jobs draw. → [`Answer::Loaded`]
    Load {
        /// Where they come from.
        source: Source,
        /// What will be drawn of them: its map is made while they come in, shown without lines of
        /// text where that takes a while, and drawn whole before they are said to be there, so that
        /// the page changes once. → [`Answer::Sketch`]
        poster: Option<Poster>,
    },
    /// Render worker: draw. → [`Answer::Mesh`], with the map itself only if it is another one or asked for.
    Compose {
        /// What.
        poster: Poster,
        /// Whether the GPU still has the map of the last answer.
        has_map: bool,
    },
    /// Render worker: the message's buffers held a map that the GPU has now, and are for the next one. No answer.
    TakeBack,
    /// Render worker: the last drawing in other themes. → [`Answer::Looks`]
    Looks {
        /// The design, with a theme that is not looked at.
        poster: Poster,
        /// Ids and files of themes.
        themes: Vec<(String, String)>,
    },
    /// Render worker: the data as a lossless pack. → [`Answer::Packed`]
    Pack,
    /// Render worker: is this a theme? → [`Answer::ThemeIsGood`]
    CheckTheme {
        /// The file's text.
        theme: String,
    },
    /// Print worker: shape the design's lines of text. → [`Answer::Shaped`]
    Shape {
        /// The design as JSON.
        design: String,
        /// A font's address, with `NAME` for its name.
        fonts: String,
    },
    /// Print worker: make a file, in the one the person chose where its handle came along. → [`Answer::File`]
    Export {
        /// What.
        poster: Poster,
        /// As what.
        format: Format,
    },
    /// Print worker: do of a file what can be done before it is asked for. → [`Answer::Cancelled`], as nothing comes of it
    Rehearse {
        /// What.
        poster: Poster,
        /// As what.
        format: Format,
    },
    /// Print worker: make files in one ZIP, as [`Self::Export`]. → [`Answer::File`]
    Batch {
        /// Each with its name.
        files: Vec<(String, Poster, Format)>,
    },
    /// Print worker: paint pixels for a screen without WebGL2. → [`Answer::Pixels`]
    Raster {
        /// What.
        poster: Poster,
        /// Pixels across.
        width: u32,
    },
    /// Any: stop a running download. The job answers with [`Answer::Cancelled`].
    Cancel {
        /// The job's number.
        id: u32,
    },
}

/// What the library can be asked: no [`Job`], so that the render worker, whose module the page's is
/// too, carries no code to read it. It answers with [`Answer::Shelf`] unless another is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LibraryTask {
    /// What there is.
    List,
    /// One of them. → [`Answer::Found`], if it is there
    Find(Find),
    /// Keep another, whose pack is in the message's first buffer.
    Keep {
        /// Without size and checksum.
        record: Record,
    },
    /// Keep one on purpose, or no more so.
    Mark {
        /// Its key.
        key: String,
        /// Whether on purpose.
        is_kept: bool,
    },
    /// Keep one no more.
    Forget {
        /// Its key.
        key: String,
    },
    /// Read a file of the person's own. → [`Answer::Read`] or [`Answer::Design`]
    Read {
        /// An address of the browser's own for it.
        url: String,
        /// Its name.
        name: String,
        /// Bytes.
        size: f64,
    },
    /// Read it no further; as [`Job::Cancel`].
    Cancel {
        /// The job's number.
        id: u32,
    },
}

/// Which kept place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Find {
    /// That has all of a box.
    Holding {
        /// The box.
        area: Bbox,
        /// With at least so much in it.
        detail: Detail,
    },
    /// Of this key.
    Key(String),
}

/// What is in a file, beside its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadFile {
    /// The box that the data fill.
    pub area: Bbox,
    /// Whether there is nothing around it, rather than what was cut off.
    pub is_drawing: bool,
    /// What the file's name says of the place, empty for nothing.
    pub name: String,
    /// How many things were odd.
    pub warnings: u32,
    /// The first of them, in words.
    pub oddities: Vec<String>,
}

/// The places kept on the device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    /// The newest first.
    pub places: Vec<Record>,
    /// Most bytes of them all.
    pub most_bytes: f64,
    /// Why there is not one more.
    pub trouble: Trouble,
}

/// What keeps a place from being kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// The browser gives this page no storage.
    Denied,
    /// There is no room for it.
    Full,
}

/// Where a place's data come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// A pack beside the app.
    Bundled {
        /// Its absolute address.
        url: String,
    },
    /// A pack in the message's first buffer.
    Pack,
    /// A live server.
    Overpass {
        /// Its absolute address.
        url: String,
        /// What to ask, in its own language: one question after the other, of a part of the area each.
        queries: Vec<String>,
        /// The box that is asked for.
        area: Bbox,
    },
}

/// All that a poster is made of beside the place's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Poster {
    /// The design as JSON.
    pub design: String,
    /// The theme's id.
    pub theme_id: String,
    /// The theme file's text.
    pub theme: String,
    /// The lines of text, shaped.
    pub texts: Texts,
}

/// Where shaped lines of text are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Texts {
    /// In a file beside the app, for the first poster.
    Baked {
        /// Its absolute address.
        url: String,
    },
    /// Here, as the print worker wrote them.
    Shaped {
        /// A file of shaped lines.
        json: String,
    },
}

/// A file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// A picture of pixels.
    Png,
    /// The same for the web, with loss.
    Jpeg,
    /// The same for the web, without.
    Webp,
    /// A drawing for screens and plotters.
    Svg,
    /// A page for print shops.
    Pdf,
    /// Strokes for pens and lasers.
    Plotter,
}

impl Format {
    /// Every format, as the panel shows them.
    pub const ALL: [Self; 6] =
        [Self::Png, Self::Jpeg, Self::Webp, Self::Svg, Self::Pdf, Self::Plotter];

    /// Its name in ids.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Plotter => "plotter",
        }
    }

    /// The end of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Plotter => "plotter.svg",
            other => other.id(),
        }
    }

    /// Whether it is of lines, not of pixels.
    #[must_use]
    pub const fn is_vector(self) -> bool {
        match self {
            Self::Png | Self::Jpeg | Self::Webp => false,
            Self::Svg | Self::Pdf | Self::Plotter => true,
        }
    }

    /// What a browser calls it.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Svg | Self::Plotter => "image/svg+xml",
            Self::Pdf => "application/pdf",
        }
    }
}

/// What a worker is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Another tab or frame of the site asks the server first.
    Queued,
    /// The server wants a pause before it is asked again.
    Resting {
        /// How long still.
        seconds: u32,
    },
    /// The request is out, nothing has come back.
    Waiting,
    /// Bytes are coming in and being read.
    Downloading,
    /// Rings are closed and kinds decided.
    Assembling,
    /// The scene is put together.
    Drawing,
    /// Text becomes outlines.
    Shaping,
    /// Pixels or paths are written.
    Writing,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// How much of the stage is done, 0..=1, where that is known.
    pub fraction: Option<f64>,
    /// Bytes that have come in.
    pub bytes: u64,
    /// Which part of how many, where there are more than one.
    #[serde(default)]
    pub part: Option<(u32, u32)>,
}

impl Progress {
    /// The same of a part alone.
    #[must_use]
    pub fn stage_alone(self) -> Self {
        Self { part: None, ..self }
    }

    /// At a stage, of which no more is known.
    #[must_use]
    pub fn at(stage: Stage) -> Self {
        Self { stage, fraction: None, bytes: 0, part: None }
    }
}

/// What a place's data turned out to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// When the data are from, as their source wrote it.
    pub timestamp: Option<String>,
    /// How many ways there are.
    pub ways: u32,
    /// How many elements were odd.
    pub warnings: u32,
    /// The first of these in words; none for the places that come with the app.
    pub oddities: Vec<String>,
}

/// An answer with its job's number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The job's; 0 for what no job asked.
    pub id: u32,
    /// What is said.
    pub answer: Answer,
}

/// What a worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// It listens. Sent once, with id 0.
    Ready,
    /// The job goes on.
    Progress(Progress),
    /// A drawing of what has come so far, as [`Answer::Mesh`] is; the job goes on.
    Sketch {
        /// Width of the page, mm.
        width: f64,
        /// Height of the page, mm.
        height: f64,
        /// Whether all has come, and the next drawing may need no more than the page's part.
        is_whole: bool,
    },
    /// The data are in.
    Loaded(Loaded),
    /// A drawing, in the buffers of [`mesh_wire`](super::mesh_wire).
    Mesh {
        /// Width of the page, mm.
        width: f64,
        /// Height of the page, mm.
        height: f64,
    },
    /// A buffer of styles for the last mesh for each of these themes, others having none.
    Looks {
        /// Their ids.
        themes: Vec<String>,
    },
    /// The data as a pack, in the first buffer.
    Packed,
    /// The file can be drawn with.
    ThemeIsGood {
        /// A sentence for each value that could not be used as it is.
        remarks: Vec<String>,
    },
    /// Lines of text as a file of shaped lines.
    Shaped {
        /// The JSON.
        json: String,
    },
    /// A band of a picture, packed, in the first buffer.
    Band {
        /// Adler-32 of what was packed.
        adler: u32,
        /// How many bytes that were.
        n_bytes: u32,
    },
    /// The file is complete.
    File {
        /// An address of the browser's own to download it from; empty where it was written to a file the person chose.
        url: String,
        /// What is odd in it, in sentences.
        oddities: Vec<String>,
        /// Which of several files are not in it, and why.
        failed: Vec<(u32, Failure)>,
    },
    /// RGBA pixels, in the first buffer.
    Pixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// All that is kept on the device.
    Shelf(Shelf),
    /// A kept place; its pack is in the first buffer.
    Found(Record),
    /// What is in a file; its data as a pack are in the first buffer.
    Read(ReadFile),
    /// The file is a poster.
    Design {
        /// Its design as JSON.
        json: String,
    },
    /// Stopped as asked.
    Cancelled,
    /// It cannot be done.
    Failed(Failure),
    /// The worker is of no more use.
    Panicked {
        /// Why, in the panic's words.
        message: String,
    },
}

impl Answer {
    /// Whether more answers to the same job follow.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        matches!(self, Self::Progress(_) | Self::Sketch { .. })
    }
}

//! OpenStreetMap bytes to a print-ready map poster, as one pure pipeline.
//!
//! ```text
//! bytes ─read→ OsmData ─assemble→ Features ─project→ MapGeometry ─┐
//! Design, Fonts ─────────── lay out ──────────→ PageLayout ───────┴compose→ Scene ─export→ Mesh, SVG, PDF, PNG
//! ```
//!
//! No I/O, no clock, no globals: the same bytes come out on every platform.

pub mod color;
pub mod design;
pub mod error;
pub mod export;
pub mod features;
pub mod geometry;
pub mod kind;
pub mod lonlat;
pub mod osm;
pub mod page;
pub mod scene;
pub mod text;
pub mod theme;
pub mod units;

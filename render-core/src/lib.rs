//! OpenStreetMap bytes to a print-ready map poster, as one pure pipeline.
//!
//! ```text
//! bytes ─read→ OsmData ─assemble→ Features ─project→ MapGeometry ─┐
//! Design, Fonts ─────────── lay out ──────────→ PageLayout ───────┴compose→ Scene ─export→ Mesh, SVG, PDF, PNG
//! ```
//!
//! No I/O, no clock, no globals: the same bytes come out on every platform.

pub mod error;
pub mod lonlat;
pub mod osm;

//! The app's one set of icons: 20 × 20, strokes of 1.5, the text's colour.

macro_rules! icon {
    ($shapes:literal) => {
        concat!(
            r#"<svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">"#,
            $shapes,
            "</svg>"
        )
    };
}

/// The app's mark: a sheet with two streets.
pub const MARK: &str = icon!(
    r#"<rect x="4" y="2" width="12" height="16" rx="1"/><path d="M4 12 16 6M9 2.2 12.5 17.8"/>"#
);
/// A place.
pub const PIN: &str = icon!(
    r#"<path d="M10 18c4-4.6 6-7.6 6-10a6 6 0 0 0-12 0c0 2.4 2 5.4 6 10Z"/><circle cx="10" cy="8" r="2"/>"#
);
/// A folded map.
pub const MAP: &str =
    icon!(r#"<path d="m2.5 5 5-2 5 2 5-2v12l-5 2-5-2-5 2ZM7.5 3v12M12.5 5v12"/>"#);
/// Where one is.
pub const LOCATE: &str =
    icon!(r#"<circle cx="10" cy="10" r="5"/><path d="M10 2v3M10 15v3M2 10h3M15 10h3"/>"#);
/// A name.
pub const TAG: &str = icon!(r#"<path d="M3 3.5h6.5l7 7-6 6-7.5-7.5ZM6.5 7h.01"/>"#);
/// Colours.
pub const PALETTE: &str = icon!(
    r#"<path d="M10 2.5a7.5 7.5 0 1 0 0 15c1.2 0 1.7-.8 1.7-1.6 0-1.1-1-1.4-1-2.4 0-.8.6-1.4 1.6-1.4h2.2c1.7 0 3-1.3 3-3.3 0-3.6-3.3-6.3-7.5-6.3Z"/><path d="M6.5 9h.01M9 6h.01M13 6.5h.01"/>"#
);
/// Layers.
pub const LAYERS: &str =
    icon!(r#"<path d="m10 3 7.5 4L10 11 2.5 7 10 3ZM3 10.5l7 3.7 7-3.7M3 14l7 3.7 7-3.7"/>"#);
/// Lines of text.
pub const TYPE: &str = icon!(r#"<path d="M4 6V4h12v2M10 4v12M7.5 16h5"/>"#);
/// Paper.
pub const PAPER: &str = icon!(r#"<path d="M5 2.5h7l3.5 3.5v11.5H5ZM12 2.5V6h3.5"/>"#);
/// A file comes down.
pub const DOWNLOAD: &str = icon!(r#"<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>"#);
/// A file is opened.
pub const OPEN: &str = icon!(r#"<path d="M2.5 16V4h5l1.7 2h8.3v10Z"/>"#);
/// Upright paper.
pub const PORTRAIT: &str = icon!(r#"<rect x="5.5" y="3" width="9" height="14" rx="1"/>"#);
/// Paper on its side.
pub const LANDSCAPE: &str = icon!(r#"<rect x="3" y="5.5" width="14" height="9" rx="1"/>"#);
/// Nearer.
pub const PLUS: &str = icon!(r#"<path d="M10 4v12M4 10h12"/>"#);
/// Farther.
pub const MINUS: &str = icon!(r#"<path d="M4 10h12"/>"#);
/// Turned to the left.
pub const TURN_LEFT: &str = icon!(r#"<path d="M4 4v4h4M4.5 8A6 6 0 1 1 4 11"/>"#);
/// Turned to the right.
pub const TURN_RIGHT: &str = icon!(r#"<path d="M16 4v4h-4M15.5 8A6 6 0 1 0 16 11"/>"#);
/// North above.
pub const COMPASS: &str = icon!(r#"<path d="m10 2.5 3.5 7.5h-7ZM6.5 10h7L10 17.5Z"/>"#);
/// Up.
pub const UP: &str = icon!(r#"<path d="m5 12 5-5 5 5"/>"#);
/// Down.
pub const DOWN: &str = icon!(r#"<path d="m5 8 5 5 5-5"/>"#);
/// Left.
pub const LEFT: &str = icon!(r#"<path d="m12 5-5 5 5 5"/>"#);
/// Right.
pub const RIGHT: &str = icon!(r#"<path d="m8 5 5 5-5 5"/>"#);

//! The fonts that come with MapPoster, as the bytes of their files.
//!
//! In a module of its own, so that a program that fetches its fonts carries none.

use super::font::Fonts;

/// Each font's name and file, in order of preference. Beside the app they are
/// `fonts/NAME.ttf`.
pub const FILES: [(&str, &[u8]); 5] = [
    ("Jost-Bold", include_bytes!("../../../public/fonts/Jost-Bold.ttf")),
    ("Jost-Light", include_bytes!("../../../public/fonts/Jost-Light.ttf")),
    ("Jost-Regular", include_bytes!("../../../public/fonts/Jost-Regular.ttf")),
    ("Geologica-Bold", include_bytes!("../../../public/fonts/Geologica-Bold.ttf")),
    ("Geologica-Light", include_bytes!("../../../public/fonts/Geologica-Light.ttf")),
];

/// All of them, ready.
#[must_use]
pub fn fonts() -> Fonts {
    Fonts::new(FILES.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).into()).output
}

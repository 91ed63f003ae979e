//! OpenStreetMap bytes to a map poster.

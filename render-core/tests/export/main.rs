//! Every exporter, on small scenes of one problem each and on one busy scene.

mod agree;
mod png;
mod scenes;
mod svg;

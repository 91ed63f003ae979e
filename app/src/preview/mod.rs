//! The poster on the desk: a mesh drawn by the GPU, or pixels where there is none.

pub mod camera;
pub mod canvas;
pub mod gl;
pub mod hands;
pub mod looks;
pub mod moving;
pub mod pace;
pub mod program;
pub mod snapshot;
pub mod steer;
pub mod surface;
pub mod table;

//! [`Scene`](crate::scene::Scene) → bytes or vertices. Exporters decide nothing: they draw what
//! the scene names, in its order, in its styles.

pub mod mesh;
pub mod pdf;
pub mod png;
pub mod svg;

//! Rows of numbers and the distances between them. Knows nothing of roles.

mod matrix;

pub use matrix::{Matrix, ShapeError};

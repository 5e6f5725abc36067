//! Rows of numbers and the distances between them. Knows nothing of roles.

mod matrix;
mod products;

pub use matrix::{Matrix, ShapeError};
pub use products::{products, products_f64};

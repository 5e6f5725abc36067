//! Rows of numbers and the distances between them. Knows nothing of roles.

mod distance;
mod matrix;
mod products;
mod spanning_tree;
mod union_find;

pub use distance::{first_not_finite, squared_distance, squared_length};
pub use matrix::{Matrix, ShapeError};
pub use products::{products, products_f64};
pub use spanning_tree::{Edge, complete_graph_tree, spanning_forest};
pub use union_find::UnionFind;

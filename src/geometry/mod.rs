//! Rows of numbers and the distances between them. Knows nothing of roles.

mod accelerator;
mod approximate;
mod arrange;
mod codes;
mod distance;
mod distinct;
mod first_tree;
mod inner_product;
mod lengths;
mod matrix;
mod near_blocks;
mod nearest_so_far;
mod neighbors;
mod order;
mod products;
mod reach_tile;
mod reachability;
mod scratch;
mod spanning_tree;
mod tree_order;
mod union_find;
pub(crate) mod vnni;

pub use accelerator::{Accelerator, LoadedRows, TwoLowest};
pub use approximate::approximate_neighbors;
pub use arrange::arrange;
pub use distance::{first_not_finite, squared_distance, squared_length};
pub use distinct::first_copies;
pub use inner_product::{code_product, inner_product};
pub use matrix::{Matrix, ShapeError};
pub use neighbors::{Neighbors, nearest_neighbors};
pub use order::{canonical_order, n_distinct};
pub use products::{products, products_f64};
pub use reachability::{mutual_reachability_tree, near_reachability_tree};
pub use spanning_tree::{Edge, complete_graph_tree, spanning_forest};
pub use union_find::UnionFind;

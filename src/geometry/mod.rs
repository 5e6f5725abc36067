//! Matrices, distances, neighbour graphs and spanning trees. Knows nothing of roles.
//!
//! Everything here is deterministic: fast inexact arithmetic (8-bit or `f32` products) only
//! selects candidates, exact `f64` distances decide, and no result depends on the number of
//! threads.

mod approximate;
mod boruvka;
mod buffer_pool;
mod dedup_rows;
mod distance;
mod few_dimensions;
mod gemm;
mod initial_mst;
mod inner_product;
mod int8_bounds;
mod kd_neighbors;
mod kd_tree;
mod knn_candidates;
mod knn_search;
mod matrix;
mod mst_tile;
mod near_blocks;
mod nearest_among;
mod neighbors;
mod norms;
mod order;
mod out_of_sample;
mod partition_tree;
mod reachability;
mod spanning_tree;
#[cfg(test)]
mod test_rows;
mod tree_order;
mod two_lowest;
mod union_find;
pub(crate) mod vnni;

pub use approximate::approximate_neighbors;
pub use dedup_rows::{first_occurrences, first_occurrences_of};
pub use distance::{first_not_finite, squared_distance, squared_length};
pub use few_dimensions::FewDimensions;
pub use gemm::{products, products_f64};
pub use inner_product::{four_inner_products, inner_product, inner_product_i8};
pub use kd_tree::MOST_DIMENSIONS;
pub use knn_search::nearest_neighbors;
pub use matrix::{Matrix, ShapeError};
pub use nearest_among::nearest_among;
pub use neighbors::Neighbors;
pub(crate) use norms::larger;
pub use order::{canonical_order, n_distinct};
pub use out_of_sample::place_out_of_sample;
pub use partition_tree::partition_order;
pub use reachability::{mutual_reachability_tree, near_reachability_tree};
pub use spanning_tree::{Edge, complete_graph_tree, spanning_forest};
pub use two_lowest::TwoLowest;
pub use union_find::UnionFind;

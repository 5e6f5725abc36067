//! More rows than pairs of them can be looked at -> core distances and a light spanning
//! tree, nearly the exact ones.
//!
//! Rows are put in an order in which near rows stand near each other, and both passes of
//! products, for neighbours and for the tree, look only at pairs of near blocks; see
//! [`approximate_neighbors`] and [`near_reachability_tree`]. The order depends on what the
//! rows hold, and so does all that follows: on row order nothing depends.

use super::core_distance::CoreDistances;
use super::duplicates::Duplicates;
use crate::geometry::{Edge, approximate_neighbors, near_reachability_tree, partition_order};
use crate::progress::Progress;

/// Squared core distances of the distinct rows, and the tree that joins them.
pub(super) fn approximate_tree(
    copies: &Duplicates,
    min_samples: usize,
    k: usize,
    (seed, near_blocks): (u64, usize),
    progress: &dyn Progress,
) -> (Vec<f64>, Vec<Edge>) {
    progress.start("arranging", 1);
    let order = partition_order(copies.distinct(), seed);
    let rows = copies.distinct().select(&order);
    let counts: Vec<usize> = order.iter().map(|&row| copies.counts[row]).collect();
    progress.advance(1);
    progress.finish();
    let neighbors = approximate_neighbors(&rows, k, near_blocks, seed, progress);
    let arranged = CoreDistances::of_distinct(&counts, &neighbors, min_samples);
    let mut tree = near_reachability_tree(&rows, &arranged, &neighbors, near_blocks, progress);
    for edge in &mut tree {
        *edge = Edge::new(order[edge.a as usize], order[edge.b as usize], edge.weight);
    }
    let mut core = vec![0.0; order.len()];
    order.iter().zip(arranged).for_each(|(&row, distance)| core[row] = distance);
    (core, tree)
}

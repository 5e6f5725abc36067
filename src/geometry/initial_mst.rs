//! Initial spanning tree of mutual reachability from the nearest neighbours alone, which the
//! exact algorithm improves.

use super::{Edge, Matrix, Neighbors, UnionFind, nearest_neighbors, spanning_forest};
use crate::progress::{Progress, Silent};

/// Nearest neighbours asked for among the representatives of components.
const REPRESENTATIVE_NEIGHBORS: usize = 6;

/// A light spanning tree, not always the minimum: the minimum spanning forest of the neighbour
/// graph, its components joined through their densest rows, round by round. Arguments and result as
/// for [`super::mutual_reachability_tree`].
pub(super) fn initial_mst(
    rows: &Matrix,
    core: &[f64],
    neighbors: &Neighbors,
    progress: &dyn Progress,
) -> Vec<Edge> {
    let n = rows.rows();
    progress.start("first spanning tree", 1);
    let to_neighbors = |i: usize| {
        let edge = move |(j, d): (usize, f64)| Edge::new(i, j, d.max(core[i]).max(core[j]));
        neighbors.of(i).map(edge)
    };
    let mut edges: Vec<Edge> = (0..n).flat_map(to_neighbors).collect();
    let mut tree = spanning_forest(n, &mut edges);
    drop(edges);
    while tree.len() + 1 < n {
        let mut sets = UnionFind::new(n);
        for edge in &tree {
            sets.union(edge.a as usize, edge.b as usize);
        }
        let mut densest = vec![usize::MAX; n];
        for row in 0..n {
            let best = &mut densest[sets.find(row)];
            if *best == usize::MAX || core[row] < core[*best] {
                *best = row;
            }
        }
        densest.retain(|&row| row != usize::MAX);
        let among = nearest_neighbors(&rows.select(&densest), REPRESENTATIVE_NEIGHBORS, &Silent);
        for (at, &i) in densest.iter().enumerate() {
            for (other, d) in among.of(at) {
                let j = densest[other];
                tree.push(Edge::new(i, j, d.max(core[i]).max(core[j])));
            }
        }
        // Each component is joined to its nearest one, so at least half of them go.
        tree = spanning_forest(n, &mut tree);
    }
    progress.advance(1);
    progress.finish();
    tree
}

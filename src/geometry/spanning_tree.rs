//! Minimum spanning trees, given edges or given a weight for every pair.

use super::UnionFind;

/// An undirected edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// One end.
    pub a: u32,
    /// The other end.
    pub b: u32,
    /// Its weight, in whatever unit the graph has.
    pub weight: f64,
}

impl Edge {
    /// An edge whose ends are put in ascending order.
    pub fn new(a: usize, b: usize, weight: f64) -> Self {
        Edge { a: a.min(b) as u32, b: a.max(b) as u32, weight }
    }

    pub(super) fn by_weight(&self, other: &Edge) -> std::cmp::Ordering {
        self.weight.total_cmp(&other.weight).then((self.a, self.b).cmp(&(other.a, other.b)))
    }
}

/// The minimum spanning forest of the graph with these edges over `0..n` (Kruskal), its
/// edges by ascending weight, ties by ends. `edges` is left sorted.
pub fn spanning_forest(n: usize, edges: &mut [Edge]) -> Vec<Edge> {
    edges.sort_unstable_by(Edge::by_weight);
    let mut sets = UnionFind::new(n);
    let mut tree = Vec::with_capacity(n.saturating_sub(1));
    for edge in edges.iter() {
        if sets.union(edge.a as usize, edge.b as usize).is_some() {
            tree.push(*edge);
        }
    }
    tree
}

/// The minimum spanning tree of the complete graph over `0..n` (Prim), its edges by
/// ascending weight. Asks for the weight of every pair once and keeps `O(n)` numbers.
///
/// `weights(i, outside, out)` writes the weight from `i` to every row of `outside`, in
/// order; weights must be symmetric.
pub fn complete_graph_tree(
    n: usize,
    mut weights: impl FnMut(usize, &[u32], &mut [f64]),
) -> Vec<Edge> {
    let mut outside: Vec<u32> = (1..n as u32).collect();
    let mut nearest: Vec<(f64, u32)> = vec![(f64::INFINITY, 0); outside.len()];
    let mut buffer = vec![0.0; outside.len()];
    let mut tree = Vec::with_capacity(n.saturating_sub(1));
    let mut current = 0;
    while !outside.is_empty() {
        let row = &mut buffer[..outside.len()];
        weights(current, &outside, row);
        let mut best = 0;
        for at in 0..outside.len() {
            if row[at] < nearest[at].0 {
                nearest[at] = (row[at], current as u32);
            }
            if nearest[at].0 < nearest[best].0 {
                best = at;
            }
        }
        let (weight, from) = nearest.swap_remove(best);
        current = outside.swap_remove(best) as usize;
        tree.push(Edge::new(from as usize, current, weight));
    }
    tree.sort_unstable_by(Edge::by_weight);
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weight(i: usize, j: usize, seed: u64) -> f64 {
        let (a, b) = (i.min(j) as u64, i.max(j) as u64);
        let mixed = (a * 1_000_003 + b + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 40) % 50) as f64
    }

    proptest! {
        #[test]
        fn prim_and_kruskal_agree_on_weights(n in 0usize..30, seed in any::<u64>()) {
            let seed = seed >> 8;
            let mut all: Vec<Edge> = (0..n)
                .flat_map(|i| (i + 1..n).map(move |j| Edge::new(i, j, weight(i, j, seed))))
                .collect();
            let kruskal = spanning_forest(n, &mut all);
            let prim = complete_graph_tree(n, |i, outside, out| {
                for (&j, w) in outside.iter().zip(out) {
                    *w = weight(i, j as usize, seed);
                }
            });
            let weights = |t: &[Edge]| t.iter().map(|e| e.weight).collect::<Vec<_>>();
            prop_assert_eq!(kruskal.len(), n.saturating_sub(1));
            prop_assert_eq!(weights(&kruskal), weights(&prim));
        }
    }

    #[test]
    fn a_forest_stays_a_forest() {
        let mut edges = [Edge::new(3, 2, 1.0), Edge::new(0, 1, 2.0), Edge::new(1, 0, 3.0)];
        let forest = spanning_forest(5, &mut edges);
        assert_eq!(forest, [Edge::new(2, 3, 1.0), Edge::new(0, 1, 2.0)]);
    }
}

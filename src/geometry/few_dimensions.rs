//! Rows of few dimensions, where a k-d tree finds in `O(n log n)` what takes `O(n^2)` in many.

use super::kd_tree::{KdTree, MOST_DIMENSIONS};
use super::{Edge, Matrix, Neighbors};
use crate::progress::Progress;

/// A k-d tree over rows of at most eight numbers.
///
/// Gives what [`nearest_neighbors`](super::nearest_neighbors) and
/// [`mutual_reachability_tree`](super::mutual_reachability_tree) give, the same bits, in less
/// time. Nothing depends on the number of threads.
pub struct FewDimensions(Tree);

/// By the length that rows are padded to.
enum Tree {
    Four(KdTree<4>),
    Six(KdTree<6>),
    Eight(KdTree<8>),
}

impl FewDimensions {
    /// `None` for rows that are too long, and without any row. Rows must be finite.
    pub fn of(rows: &Matrix) -> Option<Self> {
        if rows.rows() == 0 {
            return None;
        }
        Some(FewDimensions(match rows.cols() {
            0..=4 => Tree::Four(KdTree::build(rows)),
            5..=6 => Tree::Six(KdTree::build(rows)),
            7..=MOST_DIMENSIONS => Tree::Eight(KdTree::build(rows)),
            _ => return None,
        }))
    }

    /// The `k` nearest other rows of every row (all others where there are fewer), nearest
    /// first, ties by row.
    pub fn nearest_neighbors(&self, k: usize, progress: &dyn Progress) -> Neighbors {
        match &self.0 {
            Tree::Four(tree) => tree.nearest_neighbors(k, progress),
            Tree::Six(tree) => tree.nearest_neighbors(k, progress),
            Tree::Eight(tree) => tree.nearest_neighbors(k, progress),
        }
    }

    /// The minimum spanning tree of mutual reachability, `n - 1` edges by ascending weight;
    /// weights are squared distances. `core` holds the squared core distances, `neighbors` the
    /// nearest rows of every row: the more, the less is searched for.
    ///
    /// # Panics
    /// If a core distance is not finite.
    pub fn mutual_reachability_tree(
        &self,
        core: &[f64],
        neighbors: &Neighbors,
        progress: &dyn Progress,
    ) -> Vec<Edge> {
        match &self.0 {
            Tree::Four(tree) => tree.mutual_reachability_tree(core, neighbors, progress),
            Tree::Six(tree) => tree.mutual_reachability_tree(core, neighbors, progress),
            Tree::Eight(tree) => tree.mutual_reachability_tree(core, neighbors, progress),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{complete_graph_tree, nearest_neighbors, squared_distance};
    use crate::progress::Silent;
    use proptest::prelude::*;

    fn core_of(neighbors: &Neighbors, n: usize, min_samples: usize) -> Vec<f64> {
        let last = |row| neighbors.of(row).take(min_samples - 1).last().map_or(0.0, |(_, d)| d);
        (0..n).map(last).collect()
    }

    fn weights(tree: &[Edge]) -> Vec<f64> {
        tree.iter().map(|edge| edge.weight).collect()
    }

    proptest! {
        #[test]
        fn gives_what_measuring_every_pair_gives(
            numbers in prop::collection::vec(-3i8..4, 8..900),
            d in 1usize..9,
            k in 1usize..10,
            min_samples in 1usize..9,
            wobble in prop::sample::select(vec![0.0f32, 0.001, 0.4]),
        ) {
            // Whole numbers: many equal distances, and copies.
            let n = numbers.len() / d;
            let number = |(at, x): (usize, &i8)| f32::from(*x) + wobble * (at as f32 * 0.7).sin();
            let data = numbers[..n * d].iter().enumerate().map(number).collect();
            let rows = Matrix::new(n, d, data).unwrap();
            let few = FewDimensions::of(&rows).unwrap();
            let k = k.max(min_samples - 1);
            let found = few.nearest_neighbors(k, &Silent);
            prop_assert_eq!(&found, &nearest_neighbors(&rows, k, &Silent));
            let core = core_of(&found, n, min_samples);
            let exact = complete_graph_tree(n, |i, outside, out| {
                for (&j, weight) in outside.iter().zip(out) {
                    let squared = squared_distance(rows.row(i), rows.row(j as usize));
                    *weight = squared.max(core[i]).max(core[j as usize]);
                }
            });
            let tree = few.mutual_reachability_tree(&core, &found, &Silent);
            prop_assert_eq!(weights(&tree), weights(&exact));
        }
    }

    #[test]
    fn rows_of_many_numbers_and_no_rows_are_refused() {
        assert!(FewDimensions::of(&Matrix::zeros(3, 9)).is_none());
        assert!(FewDimensions::of(&Matrix::zeros(0, 2)).is_none());
        let one = FewDimensions::of(&Matrix::zeros(1, 2)).unwrap();
        let neighbors = one.nearest_neighbors(5, &Silent);
        assert_eq!(neighbors.k(), 0);
        assert!(one.mutual_reachability_tree(&[0.0], &neighbors, &Silent).is_empty());
    }
}

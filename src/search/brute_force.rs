//! Brute force: the query is compared with every row. Exact, and quick enough up to some hundred
//! thousand rows.

use rayon::prelude::*;

use super::top_k::{Neighbor, top_k};
use crate::geometry::{Matrix, inner_product};

/// Rows per parallel task, so many that a small index is searched on one thread.
const ROWS_PER_TASK: usize = 4096;

/// Brute force over unit rows.
#[derive(Debug, Clone, Copy)]
pub struct ExactIndex<'a> {
    rows: &'a Matrix,
}

impl<'a> ExactIndex<'a> {
    /// Indexes `rows` (`n x d`, unit length).
    pub fn new(rows: &'a Matrix) -> Self {
        ExactIndex { rows }
    }

    /// The cosine of every row with `query` (a unit vector, `d` long), in `[-1, 1]`.
    ///
    /// # Panics
    /// If `query` is not as long as a row.
    pub fn scores(&self, query: &[f32]) -> Vec<f32> {
        self.scores_at((0..self.rows.rows()).into_par_iter(), query)
    }

    /// The cosines of `rows` with `query`, in their order.
    ///
    /// # Panics
    /// If `query` is not as long as a row, or there is no such row.
    pub fn scores_of(&self, rows: &[usize], query: &[f32]) -> Vec<f32> {
        self.scores_at(rows.par_iter().copied(), query)
    }

    fn scores_at(
        &self,
        rows: impl IndexedParallelIterator<Item = usize>,
        query: &[f32],
    ) -> Vec<f32> {
        assert_eq!(query.len(), self.rows.cols(), "query and index differ in dimension");
        rows.with_min_len(ROWS_PER_TASK)
            .map(|row| inner_product(query, self.rows.row(row)).clamp(-1.0, 1.0))
            .collect()
    }

    /// The `k` rows nearest to `query` (a unit vector, `d` long), nearest first, equal scores by
    /// row; fewer if there are not so many. Rows for which `keep` is false are left out.
    ///
    /// # Panics
    /// If `query` is not as long as a row.
    pub fn nearest(&self, query: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<Neighbor> {
        top_k(&self.scores(query), k, keep)
    }

    /// The `k` nearest other rows of every row, as [`ExactIndex::nearest`] gives them.
    pub fn neighbors_of_all(&self, k: usize) -> Vec<Vec<Neighbor>> {
        (0..self.rows.rows())
            .into_par_iter()
            .map(|row| self.nearest(self.rows.row(row), k, &|other| other != row))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit_rows(n: usize, d: usize, seed: u64) -> Matrix {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % 2000) as f32 / 1000.0 - 1.0
        };
        let mut m = Matrix::new(n, d, (0..n * d).map(|_| next()).collect()).unwrap();
        m.normalize_rows();
        m
    }

    proptest! {
        #[test]
        fn equals_sorting_all_scores_in_f64(n in 1usize..60, k in 0usize..70, seed in any::<u64>()) {
            let rows = unit_rows(n, 19, seed);
            let found = ExactIndex::new(&rows).nearest(rows.row(0), k, &|_| true);
            prop_assert_eq!(found.len(), k.min(n));
            let exact = |row: usize| -> f64 {
                rows.row(0).iter().zip(rows.row(row)).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
            };
            let mut all: Vec<f64> = (0..n).map(exact).collect();
            all.sort_by(|a, b| b.total_cmp(a));
            for (neighbor, expected) in found.iter().zip(all) {
                prop_assert!((f64::from(neighbor.score) - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn equal_scores_come_by_row_and_filtered_rows_do_not_come() {
        let rows = Matrix::new(4, 2, vec![0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]).unwrap();
        let found = ExactIndex::new(&rows).nearest(&[1.0, 0.0], 2, &|row| row != 1);
        assert_eq!(found.iter().map(|n| n.row).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_row_is_not_its_own_neighbour() {
        let rows = unit_rows(30, 8, 5);
        for (row, neighbors) in ExactIndex::new(&rows).neighbors_of_all(3).iter().enumerate() {
            assert_eq!(neighbors.len(), 3);
            assert!(neighbors.iter().all(|n| n.row != row));
        }
    }
}

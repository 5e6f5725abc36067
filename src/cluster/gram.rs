//! Gram matrix: all inner products of a moderate number of rows.
//!
//! Ward's tree, Hartigan's method and k-means++ then cost nothing per dimension, so that a few
//! thousand rows can be clustered many times.

use rayon::prelude::*;

use crate::geometry::{Matrix, products_f64};

const ROWS_PER_TASK: usize = 64;

/// The `n x n` inner products of `n` rows: computed in `f64` and rounded, so that they are
/// the same on every machine and equal rows are at distance exactly 0.
#[derive(Debug, Clone)]
pub(super) struct Gram {
    n: usize,
    data: Vec<f32>,
}

/// Rows by their products and the keys by which samples of them are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyedRows<'a> {
    pub(super) gram: &'a Gram,
    pub(super) keys: &'a [u64],
}

impl Gram {
    pub(super) fn of(rows: &Matrix) -> Self {
        let (n, d) = (rows.rows(), rows.cols());
        let wide: Vec<f64> = rows.as_slice().iter().map(|&x| f64::from(x)).collect();
        let mut data = vec![0.0f32; n * n];
        // Each task fills its rows from its own diagonal block to the right.
        data.par_chunks_mut((ROWS_PER_TASK * n).max(1)).enumerate().for_each(|(task, out)| {
            let first = task * ROWS_PER_TASK;
            let height = out.len() / n;
            let width = n - first;
            let mut block = vec![0.0f64; height * width];
            products_f64(&wide[first * d..(first + height) * d], &wide[first * d..], d, &mut block);
            for (row, values) in block.chunks_exact(width).enumerate() {
                let to = &mut out[row * n + first..(row + 1) * n];
                to.iter_mut().zip(values).for_each(|(to, &value)| *to = value as f32);
            }
        });
        for i in 0..n {
            for j in 0..i {
                data[i * n + j] = data[j * n + i];
            }
        }
        Gram { n, data }
    }

    /// The products among these rows.
    pub(super) fn select(&self, rows: &[usize]) -> Gram {
        let line = |&i: &usize| rows.iter().map(move |&j| self.data[i * self.n + j]);
        Gram { n: rows.len(), data: rows.iter().flat_map(line).collect() }
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// Inner products of row `i` with all rows.
    pub(super) fn row(&self, i: usize) -> &[f32] {
        &self.data[i * self.n..(i + 1) * self.n]
    }

    /// Squared length of row `i`.
    pub(super) fn square(&self, i: usize) -> f64 {
        f64::from(self.data[i * self.n + i])
    }

    /// Squared distances from row `i` to all rows.
    pub(super) fn squared_distances(&self, i: usize) -> impl Iterator<Item = f64> {
        let own = self.square(i);
        let products = self.row(i).iter().enumerate();
        products.map(move |(j, &p)| (own + self.square(j) - 2.0 * f64::from(p)).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::squared_distance;

    #[test]
    fn distances_are_those_of_the_rows_and_products_symmetric() {
        let numbers: Vec<f32> = (0..150 * 5).map(|i| (i as f32 * 0.7).sin()).collect();
        let rows = Matrix::new(150, 5, numbers).unwrap();
        let gram = Gram::of(&rows);
        for i in 0..150 {
            for (j, found) in gram.squared_distances(i).enumerate() {
                assert!((found - squared_distance(rows.row(i), rows.row(j))).abs() < 1e-5);
                assert_eq!(gram.row(i)[j], gram.row(j)[i]);
            }
        }
        assert_eq!(Gram::of(&Matrix::default()).len(), 0);
    }
}

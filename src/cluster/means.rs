//! Means of the rows of clusters, and how far rows are spread around their mean.

use super::lloyd::{Scale, write_mean};
use crate::geometry::Matrix;

/// `k x d` means of the rows with each label.
pub(super) fn means(rows: &Matrix, labels: &[usize], k: usize, scale: Scale) -> Matrix {
    let mut sums = vec![vec![0.0f64; rows.cols()]; k];
    let mut sizes = vec![0.0f64; k];
    for (row, &label) in rows.iter_rows().zip(labels) {
        sizes[label] += 1.0;
        sums[label].iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
    }
    let mut means = Matrix::zeros(k, rows.cols());
    for (label, sum) in sums.iter().enumerate() {
        write_mean(sum, sizes[label].max(1.0), scale, means.row_mut(label));
    }
    means
}

/// Mean over columns of the variance over rows.
pub(super) fn mean_variance(rows: &Matrix) -> f64 {
    let (n, d) = (rows.rows() as f64, rows.cols());
    let (mut sums, mut squares) = (vec![0.0f64; d], 0.0f64);
    for row in rows.iter_rows() {
        for (sum, &x) in sums.iter_mut().zip(row) {
            *sum += f64::from(x);
            squares += f64::from(x) * f64::from(x);
        }
    }
    let of_means: f64 = sums.iter().map(|sum| (sum / n).powi(2)).sum();
    (squares / n - of_means).max(0.0) / d.max(1) as f64
}

//! Silhouette: is a row nearer to its own cluster than to the next?
//!
//! `a` is the mean distance to the other rows of its own cluster, `b` the least mean
//! distance to the rows of another one; the silhouette is `(b - a) / max(a, b)`, and 0 for
//! a row alone in its cluster. P. J. Rousseeuw, "Silhouettes: a graphical aid to the
//! interpretation and validation of cluster analysis", 1987.

use rayon::prelude::*;

use crate::clustering::Label;
use crate::geometry::{Matrix, products_f64, squared_distance, squared_length};

const ROWS_PER_TASK: usize = 64;
const COLUMNS_PER_BLOCK: usize = 512;

/// Below this share of the squared lengths a squared distance got by products has lost
/// too many digits, and is computed from differences.
const TOO_CLOSE: f64 = 1e-6;

/// The silhouette of every row in Euclidean distance (on unit rows the order of cosine),
/// in `f64`. Noise is `None` and counts in no mean; all are `None` when there are fewer
/// than two clusters.
///
/// Takes `2 n^2 d` operations.
///
/// # Panics
/// If there is not one label per row.
pub fn silhouette(vectors: &Matrix, labels: &[Label]) -> Vec<Option<f64>> {
    assert_eq!(labels.len(), vectors.rows(), "one label per row");
    let clustered: Vec<usize> = (0..labels.len()).filter(|&row| labels[row].is_some()).collect();
    let rows = vectors.select(&clustered);
    let of_row: Vec<usize> = labels.iter().flatten().map(|id| id.index()).collect();
    let mut sizes = vec![0usize; of_row.iter().max().map_or(0, |most| most + 1)];
    of_row.iter().for_each(|&cluster| sizes[cluster] += 1);
    let mut result = vec![None; labels.len()];
    if sizes.iter().filter(|&&size| size > 0).count() < 2 {
        return result;
    }
    let distances = Distances::new(&rows);
    let tasks: Vec<usize> = (0..rows.rows()).step_by(ROWS_PER_TASK).collect();
    let scores: Vec<f64> = tasks
        .into_par_iter()
        .flat_map_iter(|first| {
            let count = ROWS_PER_TASK.min(rows.rows() - first);
            let mut sums = vec![0.0f64; count * sizes.len()];
            distances.each(first, count, |i, j, distance| {
                sums[i * sizes.len() + of_row[j]] += distance;
            });
            let one = |i: usize| {
                let sums = &sums[i * sizes.len()..(i + 1) * sizes.len()];
                score(sums, &sizes, of_row[first + i])
            };
            (0..count).map(one).collect::<Vec<_>>()
        })
        .collect();
    clustered.iter().zip(scores).for_each(|(&row, score)| result[row] = Some(score));
    result
}

fn score(sums: &[f64], sizes: &[usize], own: usize) -> f64 {
    if sizes[own] < 2 {
        return 0.0;
    }
    let a = sums[own] / (sizes[own] - 1) as f64;
    let others = (0..sizes.len()).filter(|&c| c != own && sizes[c] > 0);
    let b = others.map(|c| sums[c] / sizes[c] as f64).fold(f64::INFINITY, f64::min);
    let most = a.max(b);
    if most > 0.0 { (b - a) / most } else { 0.0 }
}

/// Distances between all rows, a block at a time.
struct Distances<'a> {
    rows: &'a Matrix,
    wide: Vec<f64>,
    squares: Vec<f64>,
}

impl<'a> Distances<'a> {
    fn new(rows: &'a Matrix) -> Self {
        let wide = rows.as_slice().iter().map(|&x| f64::from(x)).collect();
        Distances { rows, wide, squares: rows.iter_rows().map(squared_length).collect() }
    }

    /// Tells `(i, j, distance)` for rows `first + i`, `i < count`, and all rows `j`.
    fn each(&self, first: usize, count: usize, mut tell: impl FnMut(usize, usize, f64)) {
        let (n, d) = (self.rows.rows(), self.rows.cols());
        let left = &self.wide[first * d..(first + count) * d];
        let mut block = vec![0.0f64; count * COLUMNS_PER_BLOCK.min(n)];
        for start in (0..n).step_by(COLUMNS_PER_BLOCK) {
            let width = COLUMNS_PER_BLOCK.min(n - start);
            let block = &mut block[..count * width];
            products_f64(left, &self.wide[start * d..(start + width) * d], d, block);
            for (i, line) in block.chunks_exact(width).enumerate() {
                for (at, &product) in line.iter().enumerate() {
                    let j = start + at;
                    let scale = self.squares[first + i] + self.squares[j];
                    let mut squared = scale - 2.0 * product;
                    if squared <= TOO_CLOSE * scale {
                        squared = squared_distance(self.rows.row(first + i), self.rows.row(j));
                    }
                    tell(i, j, squared.sqrt());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::ClusterId;

    fn label(c: i32) -> Label {
        (c >= 0).then_some(ClusterId(c as u32))
    }

    #[test]
    fn equals_the_definition_and_passes_noise_over() {
        let n = 150;
        let numbers: Vec<f32> = (0..n * 3).map(|i| (i as f32 * 0.37).sin()).collect();
        let rows = Matrix::new(n, 3, numbers).unwrap();
        let labels: Vec<Label> = (0..n as i32).map(|i| label(i % 5 - 1)).collect();
        let found = silhouette(&rows, &labels);
        let mean_to = |i: usize, cluster: Label| {
            let those: Vec<f64> = (0..n)
                .filter(|&j| j != i && labels[j] == cluster)
                .map(|j| squared_distance(rows.row(i), rows.row(j)).sqrt())
                .collect();
            those.iter().sum::<f64>() / those.len() as f64
        };
        for i in 0..n {
            let expected = labels[i].map(|_| {
                let a = mean_to(i, labels[i]);
                let others = (0..4).map(label).filter(|&c| c != labels[i]);
                let b = others.map(|c| mean_to(i, c)).fold(f64::INFINITY, f64::min);
                (b - a) / a.max(b)
            });
            match (found[i], expected) {
                (Some(x), Some(y)) => assert!((x - y).abs() < 1e-12, "{x} {y}"),
                (x, y) => assert_eq!(x, y),
            }
        }
    }

    #[test]
    fn equal_rows_and_single_rows_score_0() {
        let rows = Matrix::new(4, 2, vec![1.0; 8]).unwrap();
        let labels = [0, 0, 1, 2].map(label);
        assert_eq!(silhouette(&rows, &labels), vec![Some(0.0); 4]);
        assert_eq!(silhouette(&rows, &[label(0); 4]), vec![None; 4]);
    }
}

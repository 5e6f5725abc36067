//! How much of a row belongs to each cluster, from its distances to their centres.
//!
//! The share of a cluster is proportional to `exp(-d / s)`, `d` being the squared distance to its
//! centre: the posterior of a mixture of round Gaussians of equal width and weight. The width `s`,
//! the softness, is what makes the mean of the largest share the mean share that the rows' own
//! clusters have in all clusterings of samples: shares are soft where the clusters are unsure.

use rayon::prelude::*;

use crate::geometry::{Matrix, squared_distance};

/// The mean share of the own cluster where there are too few rows to measure it.
pub(super) const USUAL_OWN_SHARE: f64 = 0.8;

/// Halvings of the range of the softness.
const HALVINGS: usize = 40;

/// The softness at which the mean of the largest share of `rows` is `own_share`.
pub(super) fn softness(rows: &Matrix, centroids: &Matrix, own_share: f64) -> f64 {
    let squared: Vec<Vec<f64>> = (0..rows.rows())
        .into_par_iter()
        .map(|row| squared_distances(rows.row(row), centroids))
        .collect();
    let terms = squared.iter().flatten().count().max(1) as f64;
    let mean = squared.iter().flatten().sum::<f64>() / terms;
    if mean <= 0.0 {
        return 1.0;
    }
    let largest = |softness: f64| {
        let of_row = |line: &Vec<f64>| shares(line, softness).into_iter().fold(0.0, f64::max);
        squared.iter().map(of_row).sum::<f64>() / squared.len() as f64
    };
    let (mut sharp, mut soft) = ((mean * 1e-4).ln(), (mean * 10.0).ln());
    for _ in 0..HALVINGS {
        let middle = (sharp + soft) / 2.0;
        if largest(middle.exp()) > own_share { sharp = middle } else { soft = middle }
    }
    sharp.exp()
}

/// The shares of the clusters with these centres in a row; they sum to 1.
pub(super) fn shares_of(row: &[f32], centroids: &Matrix, softness: f64) -> Vec<f64> {
    shares(&squared_distances(row, centroids), softness)
}

fn squared_distances(row: &[f32], centroids: &Matrix) -> Vec<f64> {
    centroids.iter_rows().map(|centre| squared_distance(row, centre)).collect()
}

fn shares(squared: &[f64], softness: f64) -> Vec<f64> {
    let least = squared.iter().copied().fold(f64::INFINITY, f64::min);
    let weights: Vec<f64> = squared.iter().map(|d| (-(d - least) / softness).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_as_soft_as_asked_and_sum_to_one() {
        let rows = Matrix::new(5, 1, vec![0.0, 1.0, 2.0, 9.0, 10.0]).unwrap();
        let centroids = Matrix::new(3, 1, vec![1.0, 4.0, 9.5]).unwrap();
        for own_share in [0.5, 0.8, 0.95] {
            let softness = softness(&rows, &centroids, own_share);
            let all: Vec<Vec<f64>> =
                rows.iter_rows().map(|row| shares_of(row, &centroids, softness)).collect();
            let largest = all.iter().map(|line| line.iter().copied().fold(0.0, f64::max));
            assert!((largest.sum::<f64>() / 5.0 - own_share).abs() < 1e-6);
            assert!(all.iter().all(|line| (line.iter().sum::<f64>() - 1.0).abs() < 1e-12));
            // The middle one is nearest to the first centre and next to the second.
            assert!(all[2][0] > all[2][1] && all[2][1] > all[2][2]);
        }
        assert_eq!(shares_of(&[0.5], &Matrix::zeros(1, 1), 0.1), [1.0]);
    }
}

//! A mixture of Gaussians in the reduced space.
//!
//! The covariances of a mixture in hundreds of dimensions cannot be estimated from some hundred
//! rows, so it is fitted to reduced rows, scaled to unit variance. The model is linfa-clustering's:
//! expectation maximisation, full covariances, started from its k-means.

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use linfa_clustering::GaussianMixtureModel;
use ndarray::Array2;
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use super::error::ClusterError;
use crate::geometry::{Matrix, canonical_order};

/// Added to every variance, in units of the variance of all rows: a cluster of few or equal
/// rows keeps some width, and no role is infinitely unlikely.
const LEAST_VARIANCE: f64 = 1e-3;
/// Iterations at most; some dozens are usual.
const MAX_ITERATIONS: u64 = 1000;

/// A fitted mixture, which gives new rows their shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    model: GaussianMixtureModel<f64>,
    /// The fitted rows in few dimensions (`n x p`).
    pub(super) places: Matrix,
    /// Columns are divided by this before they meet the model.
    scale: f64,
    /// The model's component of each cluster.
    components: Vec<usize>,
}

impl Mixture {
    /// Fits `k` components to rows in few dimensions (`n x p`). The rows are taken in an order of
    /// the content of `vectors`, so that the order of the input does not matter.
    pub(super) fn fit(
        vectors: &Matrix,
        places: Matrix,
        k: usize,
        seed: u64,
    ) -> Result<Mixture, ClusterError> {
        let scale = standard_deviation(&places);
        let ordered = places.select(&canonical_order(vectors));
        let dataset = DatasetBase::from(scaled(&ordered, scale));
        let rng = Xoshiro256Plus::seed_from_u64(seed);
        let model = GaussianMixtureModel::params_with_rng(k, rng)
            .reg_covariance(LEAST_VARIANCE)
            .max_n_iterations(MAX_ITERATIONS)
            .check()
            .and_then(|params| params.fit(&dataset))
            .map_err(|error| ClusterError::Mixture { k, reason: error.to_string() })?;
        Ok(Mixture { model, places, scale, components: (0..k).collect() })
    }

    /// How much of each row (`m x p`, in few dimensions) belongs to each cluster: `m x k`, rows
    /// summing to 1.
    pub(super) fn shares(&self, places: &Matrix) -> Matrix {
        let all = self.model.predict_proba(&scaled(places, self.scale));
        let mut shares = Matrix::zeros(places.rows(), self.components.len());
        for (row, line) in all.rows().into_iter().enumerate() {
            // Too far from everything for f64: the nearest mean has it all.
            let lost = line.iter().any(|share| !share.is_finite());
            let nearest = lost.then(|| self.nearest(places.row(row)));
            for (to, &component) in shares.row_mut(row).iter_mut().zip(&self.components) {
                let alone = nearest.map(|nearest| f64::from(u8::from(nearest == component)));
                *to = alone.unwrap_or(line[component]) as f32;
            }
        }
        shares
    }

    fn nearest(&self, place: &[f32]) -> usize {
        let squared = |component: usize| -> f64 {
            let mean = self.model.means().row(component);
            let terms = place.iter().zip(mean).map(|(&x, m)| f64::from(x) / self.scale - m);
            terms.map(|x| x * x).sum()
        };
        let n = self.model.means().nrows();
        (0..n).min_by(|&a, &b| squared(a).total_cmp(&squared(b))).unwrap_or(0)
    }

    /// Cluster `i` of the result is `old[i]` here.
    pub(super) fn renumbered(mut self, old: &[usize]) -> Mixture {
        self.components = old.iter().map(|&old| self.components[old]).collect();
        self
    }
}

/// Root mean square of all coordinates, which lie around the origin.
fn standard_deviation(places: &Matrix) -> f64 {
    let squares: f64 = places.as_slice().iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    let mean = squares / places.as_slice().len().max(1) as f64;
    if mean > 0.0 { mean.sqrt() } else { 1.0 }
}

fn scaled(places: &Matrix, scale: f64) -> Array2<f64> {
    let at = |(row, column): (usize, usize)| f64::from(places.row(row)[column]) / scale;
    Array2::from_shape_fn((places.rows(), places.cols()), at)
}

/// The cluster with the largest share; of equal ones the first.
pub(super) fn likeliest(line: &[f32]) -> Option<(usize, f32)> {
    let larger = |&a: &usize, &b: &usize| line[a].total_cmp(&line[b]).then(b.cmp(&a));
    let best = (0..line.len()).max_by(larger)?;
    Some((best, line[best]))
}

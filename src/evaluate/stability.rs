//! Stability of a clustering under resampling.
//!
//! The rows are clustered many times with a share of them left out, and each result is compared
//! with the clustering of all rows, on the rows in both. A. Ben-Hur, A. Elisseeff and I. Guyon,
//! "A stability based method for discovering structure in clustered data", PSB 2002; per
//! cluster C. Hennig, "Cluster-wise assessment of cluster stability", 2007.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

use serde::{Deserialize, Serialize};

use crate::clustering::{ClusterId, Label};
use crate::contingency::Contingency;
use crate::geometry::Matrix;

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StabilityParams {
    /// Number of resamples.
    pub resamples: usize,
    /// Share of the rows kept in each, in `(0, 1]`.
    pub share: f64,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for StabilityParams {
    fn default() -> Self {
        StabilityParams { resamples: 20, share: 0.8, seed: 42 }
    }
}

/// How much of a clustering is found again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// Mean adjusted Rand index between the whole and the resamples: 1 is always the same,
    /// 0 is chance.
    pub mean_ari: f64,
    /// Per cluster the mean, over resamples that hold a row of it, of the largest Jaccard
    /// index with a cluster found there. Hennig takes above 0.75 for stable and below 0.6
    /// for not to be trusted.
    pub per_cluster: Vec<f64>,
}

/// Resamples `vectors` and asks `cluster` to cluster each resample; `labels` is the
/// clustering of all rows. A resample `cluster` cannot handle (`None`) is passed over;
/// `None` when that happened to all.
///
/// # Panics
/// If there is not one label per row.
pub fn stability(
    vectors: &Matrix,
    labels: &[Label],
    params: &StabilityParams,
    cluster: impl Fn(&Matrix) -> Option<Vec<Label>>,
) -> Option<Stability> {
    assert_eq!(labels.len(), vectors.rows(), "one label per row");
    let n = labels.len();
    let kept = ((params.share * n as f64).round() as usize).clamp(1.min(n), n);
    let n_clusters = labels.iter().flatten().map(|id| id.index() + 1).max().unwrap_or(0);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(params.seed);
    let (mut sum, mut count) = (0.0, 0usize);
    let mut recovered = vec![(0.0, 0usize); n_clusters];
    for _ in 0..params.resamples {
        let rows = draw(&mut rng, n, kept);
        let Some(found) = cluster(&vectors.select(&rows)) else { continue };
        let whole: Vec<Label> = rows.iter().map(|&row| labels[row]).collect();
        sum += Contingency::of(&whole, &found).adjusted_rand();
        count += 1;
        for (id, (total, times)) in recovered.iter_mut().enumerate() {
            if let Some(jaccard) = best_jaccard(&whole, &found, ClusterId(id as u32)) {
                *total += jaccard;
                *times += 1;
            }
        }
    }
    (count > 0).then(|| Stability {
        mean_ari: sum / count as f64,
        per_cluster: recovered.iter().map(|&(total, n)| total / n.max(1) as f64).collect(),
    })
}

/// The largest share of common rows in all rows of `id` and a cluster of `found`; `None`
/// when `id` has no row here.
fn best_jaccard(whole: &[Label], found: &[Label], id: ClusterId) -> Option<f64> {
    let own = whole.iter().filter(|&&label| label == Some(id)).count();
    let mut overlap: std::collections::BTreeMap<ClusterId, (usize, usize)> = Default::default();
    for (&whole, found) in whole.iter().zip(found) {
        if let Some(found) = found {
            let (common, size) = overlap.entry(*found).or_default();
            *size += 1;
            *common += usize::from(whole == Some(id));
        }
    }
    let jaccard = |&(common, size): &(usize, usize)| common as f64 / (own + size - common) as f64;
    (own > 0).then(|| overlap.values().map(jaccard).fold(0.0, f64::max))
}

/// `count` of `0..n`, ascending.
fn draw(rng: &mut Xoshiro256PlusPlus, n: usize, count: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..n).collect();
    for at in 0..count {
        let other = at + (rng.next_u64() % (n - at) as u64) as usize;
        rows.swap(at, other);
    }
    rows.truncate(count);
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_side(rows: &Matrix) -> Option<Vec<Label>> {
        Some(rows.iter_rows().map(|r| Some(ClusterId(u32::from(r[0] > 0.0)))).collect())
    }

    #[test]
    fn a_rule_that_looks_at_one_row_is_perfectly_stable() {
        let rows = Matrix::new(20, 1, (0..20).map(|i| i as f32 - 9.5).collect()).unwrap();
        let labels = by_side(&rows).unwrap();
        let found = stability(&rows, &labels, &StabilityParams::default(), by_side).unwrap();
        assert_eq!(found.mean_ari, 1.0);
        assert_eq!(found.per_cluster, [1.0, 1.0]);
    }

    #[test]
    fn a_rule_that_looks_at_positions_is_not() {
        let rows = Matrix::zeros(40, 1);
        let halves = |rows: &Matrix| {
            let n = rows.rows();
            Some((0..n).map(|i| Some(ClusterId((i * 7919 % n * 4 / n) as u32))).collect())
        };
        let labels: Vec<Label> = halves(&rows).unwrap();
        let found = stability(&rows, &labels, &StabilityParams::default(), halves).unwrap();
        assert!(found.mean_ari < 0.3, "{found:?}");
        assert!(found.per_cluster.iter().all(|&j| j < 0.6), "{found:?}");
        let never = stability(&rows, &labels, &StabilityParams::default(), |_| None);
        assert_eq!(never, None);
    }
}

//! Assigns noise to the nearest clusters until its share is within a bound.
//!
//! A density-based clustering of text declares noise much that a reader would assign without
//! hesitation. Noise rows are compared with the centroids of the clusters; those with the largest
//! margin over the second nearest centroid join the nearest one, until the share of noise meets
//! the bound. Their strength is that margin, low compared with rows in a dense region.

use serde::{Deserialize, Serialize};

use super::lloyd::Scale;
use super::means::means;
use super::nearest::{Centroids, Nearest};
use crate::geometry::Matrix;

/// Labels and strengths after the assignment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NoiseAssignment {
    pub(super) labels: Vec<Option<usize>>,
    pub(super) strengths: Vec<f32>,
    /// The centroids and the least margin that joins.
    pub(super) rule: Option<NoiseRule>,
}

/// Which noise joins which cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct NoiseRule {
    /// `n_clusters x d`, by label.
    pub(super) centroids: Matrix,
    /// A row with at least this margin joins the nearest.
    pub(super) least_margin: f32,
}

impl NoiseRule {
    /// The cluster each row would join and its margin; `None` where that is too small.
    pub(super) fn apply(&self, rows: &Matrix) -> Vec<Option<(usize, f32)>> {
        let nearest = Centroids::new(&self.centroids).two_nearest(rows);
        let joins = |n: &Nearest| (n.margin() >= self.least_margin).then(|| (n.first, n.margin()));
        nearest.iter().map(joins).collect()
    }
}

/// Assigns noise until at most `max_noise` of all rows is left, in `[0, 1]`. Rows of
/// equal margin join together. Without two clusters there is no margin, and nothing joins.
pub(super) fn assign_noise(
    rows: &Matrix,
    order: &[usize],
    mut labels: Vec<Option<usize>>,
    mut strengths: Vec<f32>,
    max_noise: f64,
) -> NoiseAssignment {
    let k = labels.iter().flatten().max().map_or(0, |most| most + 1);
    let noise: Vec<usize> = (0..labels.len()).filter(|&row| labels[row].is_none()).collect();
    let allowed = (max_noise * labels.len() as f64).floor() as usize;
    if k < 2 || noise.len() <= allowed {
        return NoiseAssignment { labels, strengths, rule: None };
    }
    let clustered: Vec<usize> =
        order.iter().copied().filter(|&row| labels[row].is_some()).collect();
    let of_row: Vec<usize> = clustered.iter().filter_map(|&row| labels[row]).collect();
    let centroids = means(&rows.select(&clustered), &of_row, k, Scale::AsIs);
    let nearest = Centroids::new(&centroids).two_nearest(&rows.select(&noise));
    let mut margins: Vec<f32> = nearest.iter().map(Nearest::margin).collect();
    margins.sort_by(|a, b| b.total_cmp(a));
    let least_margin = margins[noise.len() - allowed - 1];
    let rule = NoiseRule { centroids, least_margin };
    for (&row, joined) in noise.iter().zip(rule.apply(&rows.select(&noise))) {
        if let Some((label, margin)) = joined {
            labels[row] = Some(label);
            strengths[row] = margin;
        }
    }
    NoiseAssignment { labels, strengths, rule: Some(rule) }
}

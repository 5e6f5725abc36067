//! A cut -> how much every row leans to every cluster, noise included.

use rayon::prelude::*;

use super::condense::CondensedTree;
use super::error::HdbscanError;
use super::label::Cut;
use crate::geometry::{Matrix, squared_distance};

impl Cut {
    /// Per cluster the rows of highest density, ascending: those that leave the leaves of the
    /// tree below it last.
    pub fn exemplars(&self) -> Vec<Vec<usize>> {
        let tree = self.condensed();
        let children = tree.children();
        let mut exemplars = vec![Vec::new(); self.n_clusters()];
        for (row, (cluster, distance)) in self.rows().enumerate() {
            let last = distance <= tree.clusters()[cluster].death_distance;
            if let (Some(label), true) = (self.labels()[row], last && children[cluster].is_empty())
            {
                exemplars[label].push(row);
            }
        }
        exemplars
    }

    /// Soft membership: `n x n_clusters`, each line summing to the chance, in `[0, 1]`, that
    /// the row belongs to any cluster at all.
    ///
    /// After the `hdbscan` package (McInnes and Healy): nearness to a cluster's exemplars
    /// times nearness in the tree, where two nodes are near when they part at high density.
    ///
    /// # Errors
    /// When `rows` are not as many as were clustered.
    pub fn membership(&self, rows: &Matrix) -> Result<Matrix, HdbscanError> {
        let n = self.labels().len();
        if rows.rows() != n {
            return Err(HdbscanError::Shape {
                expected_rows: n,
                expected: rows.cols(),
                rows: rows.rows(),
                found: rows.cols(),
            });
        }
        let (tree, k) = (self.condensed(), self.n_clusters());
        if k == 0 {
            return Ok(Matrix::zeros(n, 0));
        }
        let parting: Vec<Vec<Option<f64>>> = (0..tree.clusters().len())
            .map(|from| {
                self.clusters().iter().map(|&to| parting_distance(tree, from, to)).collect()
            })
            .collect();
        let exemplars = self.exemplars();
        let mut result = vec![0.0f32; n * k];
        result.par_chunks_mut(k).enumerate().for_each(|(row, line)| {
            let from = tree.row_clusters()[row] as usize;
            let leaves = tree.row_distances()[row];
            let parts: Vec<f64> = parting[from].iter().map(|p| p.unwrap_or(leaves)).collect();
            let near = nearness(&exemplars, rows, row);
            let death = tree.clusters()[from].death_distance;
            let mut weights: Vec<f64> = near
                .iter()
                .zip(&parts)
                .map(|(near, &part)| near * tree_nearness(death, part))
                .collect();
            let sum: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|w| *w /= sum);
            let some = self.chance_of_any(&weights, &parts, leaves);
            line.iter_mut().zip(&weights).for_each(|(out, w)| *out = (w * some) as f32);
        });
        // n lines of k numbers fill n x k.
        Ok(Matrix::new(n, k, result).unwrap_or_default())
    }

    /// Density at which the row parts from its nearest cluster, over that cluster's highest.
    fn chance_of_any(&self, weights: &[f64], parts: &[f64], leaves: f64) -> f64 {
        let by_nearness = |&a: &usize, &b: &usize| {
            parts[b].total_cmp(&parts[a]).then(weights[a].total_cmp(&weights[b]))
        };
        let Some(nearest) = (0..parts.len()).max_by(by_nearness) else { return 0.0 };
        let death = self.condensed().clusters()[self.clusters()[nearest]].death_distance;
        let highest = death.min(leaves);
        if parts[nearest] <= highest { 1.0 } else { highest / parts[nearest] }
    }
}

/// One over the distance to the nearest exemplar; only the clusters whose exemplar the row
/// repeats, where there are any.
fn nearness(exemplars: &[Vec<usize>], rows: &Matrix, row: usize) -> Vec<f64> {
    let to = |&other: &usize| squared_distance(rows.row(row), rows.row(other));
    let distances: Vec<f64> = exemplars
        .iter()
        .map(|those| those.iter().map(to).fold(f64::INFINITY, f64::min).sqrt())
        .collect();
    if distances.contains(&0.0) {
        return distances.iter().map(|&d| if d == 0.0 { 1.0 } else { 0.0 }).collect();
    }
    distances.iter().map(|d| d.recip()).collect()
}

/// Distance at which two clusters part; `None` when one lies below the other.
fn parting_distance(tree: &CondensedTree, from: usize, to: usize) -> Option<f64> {
    let clusters = tree.clusters();
    let (mut left, mut right) = (from, to);
    let (mut moved_left, mut moved_right) = (false, false);
    // A parent's number is below its children's, so the larger one climbs.
    while left != right {
        let (climber, moved) = if left > right {
            (&mut left, &mut moved_left)
        } else {
            (&mut right, &mut moved_right)
        };
        *climber = clusters[*climber].parent? as usize;
        *moved = true;
    }
    (moved_left && moved_right).then_some(clusters[left].death_distance)
}

/// Grows with the density at which two nodes part, against the row's own cluster's highest.
fn tree_nearness(death: f64, part: f64) -> f64 {
    let ratio = if part <= death { 1.0 } else { part / death };
    (-ratio).exp().exp()
}

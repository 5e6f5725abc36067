//! DBCV, density-based clustering validation: whether clusters are denser inside than the gaps
//! between them.
//!
//! Per cluster, sparseness is the longest edge inside its spanning tree of mutual
//! reachability, separation the least mutual reachability to the inside of another
//! cluster; validity is `(separation - sparseness) / max(separation, sparseness)`. The
//! core distance of a row is the mean density at it over all rows of its cluster, to the
//! power of the dimension. D. Moulavi, P. A. Jaskowiak, R. J. G. B. Campello, A. Zimek and
//! J. Sander, "Density-based clustering validation", SDM 2014.
//!
//! Steps and ties follow `hdbscan.validity.validity_index`, whose figures it gives; powers
//! are taken in logarithms, so that hundreds of dimensions do not overflow.

use rayon::prelude::*;

use crate::clustering::Label;
use crate::geometry::{Matrix, squared_distance};

/// DBCV and its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Validity {
    /// Sum over clusters of validity times share of all rows, noise counted in the shares:
    /// in `[-1, 1]`, higher is better.
    pub index: f64,
    /// Validity of each cluster.
    pub per_cluster: Vec<f64>,
}

/// `None` when there are fewer than two clusters, or one has a single row, for which
/// density is not defined.
///
/// Takes `O(m^2 d)` operations and `O(m^2)` memory per cluster of `m` rows, and all pairs
/// of rows once.
///
/// # Panics
/// If there is not one label per row.
pub fn dbcv(vectors: &Matrix, labels: &[Label]) -> Option<Validity> {
    assert_eq!(labels.len(), vectors.rows(), "one label per row");
    let n_clusters = labels.iter().flatten().map(|id| id.index() + 1).max().unwrap_or(0);
    let mut members = vec![Vec::new(); n_clusters];
    for (row, label) in labels.iter().enumerate() {
        if let Some(id) = label {
            members[id.index()].push(row);
        }
    }
    if n_clusters < 2 || members.iter().any(|rows| rows.len() < 2) {
        return None;
    }
    let inside: Vec<Inside> = members.par_iter().map(|rows| Inside::of(vectors, rows)).collect();
    let validity = |i: usize| {
        let others = (0..n_clusters).filter(|&j| j != i);
        let separation = others
            .map(|j| separation(vectors, &inside[i], &inside[j]))
            .fold(f64::INFINITY, f64::min);
        let most = separation.max(inside[i].sparseness);
        if most > 0.0 { (separation - inside[i].sparseness) / most } else { 0.0 }
    };
    let per_cluster: Vec<f64> = (0..n_clusters).into_par_iter().map(validity).collect();
    let weighted = per_cluster.iter().zip(&members).map(|(v, rows)| v * rows.len() as f64);
    Some(Validity { index: weighted.sum::<f64>() / labels.len() as f64, per_cluster })
}

/// What counts of a cluster: the rows inside its tree and how sparse it is.
struct Inside {
    /// Rows with at least two edges, and their core distances.
    core: Vec<(usize, f64)>,
    sparseness: f64,
}

impl Inside {
    fn of(vectors: &Matrix, rows: &[usize]) -> Inside {
        let m = rows.len();
        let mut reach = vec![0.0f64; m * m];
        for i in 0..m {
            for j in 0..i {
                let squared = squared_distance(vectors.row(rows[i]), vectors.row(rows[j]));
                reach[i * m + j] = squared.sqrt();
                reach[j * m + i] = reach[i * m + j];
            }
        }
        let core: Vec<f64> =
            reach.chunks_exact(m).map(|r| core_distance(r, vectors.cols())).collect();
        for i in 0..m {
            for j in 0..m {
                reach[i * m + j] = reach[i * m + j].max(core[i]).max(core[j]);
            }
        }
        let tree = spanning_tree(&reach, m);
        let mut degree = vec![0; m];
        for &(a, b, _) in &tree {
            degree[a] += 1;
            degree[b] += 1;
        }
        let mut inner: Vec<usize> = (0..m).filter(|&i| degree[i] > 1).collect();
        if inner.is_empty() {
            inner.push(0);
        }
        let longest = |edges: &mut dyn Iterator<Item = &(usize, usize, f64)>| {
            edges.map(|edge| edge.2).fold(f64::NEG_INFINITY, f64::max)
        };
        let is_inner = |edge: &&(usize, usize, f64)| degree[edge.0] > 1 && degree[edge.1] > 1;
        let mut sparseness = longest(&mut tree.iter().filter(is_inner));
        if sparseness == f64::NEG_INFINITY {
            // Without an inner edge the longest of all counts, as in the authors' program.
            sparseness = longest(&mut tree.iter());
        }
        Inside { core: inner.into_iter().map(|i| (rows[i], core[i])).collect(), sparseness }
    }
}

/// `(sum of distance^-dimension / (m - 1))^(-1 / dimension)` over the other rows; copies
/// of the row do not count. 0 when all are copies.
fn core_distance(distances: &[f64], dimension: usize) -> f64 {
    let d = dimension as f64;
    let logs: Vec<f64> = distances.iter().filter(|&&x| x > 0.0).map(|x| -d * x.ln()).collect();
    if logs.is_empty() {
        return 0.0;
    }
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logs.iter().map(|log| (log - most).exp()).sum();
    (-(most + sum.ln() - ((distances.len() - 1) as f64).ln()) / d).exp()
}

/// Prim's tree from row 0. All-points core distances give many equal weights; each new row
/// is hung on the first row of the tree at (about) its weight, as the reference does.
fn spanning_tree(reach: &[f64], m: usize) -> Vec<(usize, usize, f64)> {
    let mut outside: Vec<usize> = (1..m).collect();
    let mut nearest = vec![f64::INFINITY; m];
    let mut inside = vec![false; m];
    let mut tree = Vec::with_capacity(m.saturating_sub(1));
    let mut current = 0;
    inside[0] = true;
    while !outside.is_empty() {
        let mut best = 0;
        for (at, &row) in outside.iter().enumerate() {
            nearest[row] = nearest[row].min(reach[current * m + row]);
            if nearest[row] < nearest[outside[best]] {
                best = at;
            }
        }
        let new = outside.remove(best);
        let weight = nearest[new];
        let close = |&row: &usize| {
            inside[row] && (reach[new * m + row] - weight).abs() <= 1e-8 + 1e-5 * weight
        };
        let from = (0..m).find(close).unwrap_or(current);
        tree.push((from, new, weight));
        inside[new] = true;
        current = new;
    }
    tree
}

/// The least mutual reachability between the insides of two clusters.
fn separation(vectors: &Matrix, a: &Inside, b: &Inside) -> f64 {
    let mut least = f64::INFINITY;
    for &(row, core) in &a.core {
        for &(other, other_core) in &b.core {
            if core.max(other_core) < least {
                let distance = squared_distance(vectors.row(row), vectors.row(other)).sqrt();
                least = least.min(distance.max(core).max(other_core));
            }
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::ClusterId;

    fn labels(raw: &[u32]) -> Vec<Label> {
        raw.iter().map(|&c| Some(ClusterId(c))).collect()
    }

    #[test]
    fn apart_is_good_and_mixed_is_bad() {
        let points = vec![0.0, 0.1, 0.2, 0.3, 9.0, 9.1, 9.2, 9.3];
        let rows = Matrix::new(8, 1, points).unwrap();
        let apart = dbcv(&rows, &labels(&[0, 0, 0, 0, 1, 1, 1, 1])).unwrap();
        let mixed = dbcv(&rows, &labels(&[0, 1, 0, 1, 0, 1, 0, 1])).unwrap();
        assert!(apart.index > 0.9 && mixed.index < -0.5, "{apart:?} {mixed:?}");
    }

    #[test]
    fn many_dimensions_do_not_overflow_and_copies_are_fine() {
        let d = 384;
        let mut rows = Matrix::zeros(6, d);
        for i in 0..6 {
            rows.row_mut(i)[i / 3] = 1.0;
            rows.row_mut(i)[3] = [0.0, 0.0, 0.001][i % 3];
        }
        let found = dbcv(&rows, &labels(&[0, 0, 0, 1, 1, 1])).unwrap();
        assert!(found.index > 0.9, "{found:?}");
        assert_eq!(dbcv(&rows, &labels(&[0, 0, 0, 0, 0, 1])), None);
        assert_eq!(dbcv(&rows, &labels(&[0; 6])), None);
    }
}

//! Exemplars: the roles nearest to the centroid of a cluster.

use std::collections::HashSet;

use crate::geometry::Matrix;
use crate::role::{Role, RoleId};

/// The `n` members nearest the cluster's centre by cosine, nearest first, no two with the
/// same text. Ties go by id, and the centre is summed in order of ids, so that the order of
/// rows does not matter.
pub(super) fn nearest(
    roles: &[Role],
    texts: &[String],
    vectors: &Matrix,
    members: &[usize],
    n: usize,
) -> Vec<RoleId> {
    let mut members = members.to_vec();
    members.sort_by(|&a, &b| roles[a].id.cmp(&roles[b].id));
    let mut centre = vec![0.0f64; vectors.cols()];
    for &row in &members {
        for (sum, &x) in centre.iter_mut().zip(vectors.row(row)) {
            *sum += f64::from(x);
        }
    }
    let closeness = |row: usize| -> f64 {
        vectors.row(row).iter().zip(&centre).map(|(&x, &c)| f64::from(x) * c).sum()
    };
    let mut ranked: Vec<(f64, usize)> = members.iter().map(|&row| (closeness(row), row)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen = HashSet::new();
    ranked
        .into_iter()
        .filter(|&(_, row)| seen.insert(texts[row].as_str()))
        .take(n)
        .map(|(_, row)| roles[row].id.clone())
        .collect()
}

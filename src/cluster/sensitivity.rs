//! Warns where a neighbouring parameter value gives another clustering.

use crate::contingency::Contingency;

/// Clusterings whose adjusted Rand index is lower than this are different ones.
const SAME_CLUSTERING: f64 = 0.6;

/// Says that one cluster more or less changes the clustering, given the labels for `k` and
/// those for the neighbouring numbers.
pub(super) fn to_k(k: usize, here: &[usize], others: &[(usize, Vec<usize>)]) -> Option<String> {
    let (other, rand) = most_different(here, others)?;
    Some(format!(
        "the clustering is sensitive to the number of clusters: with {other} instead of {k} it \
         agrees with this one to an adjusted Rand index of {rand:.2} (1 is the same, 0 is chance)"
    ))
}

/// Says that a smallest cluster of one role more or less changes the clustering.
pub(super) fn to_min_cluster_size(
    size: usize,
    here: &[Option<usize>],
    others: &[(usize, Vec<Option<usize>>)],
) -> Option<String> {
    let (other, rand) = most_different(here, others)?;
    let n_clusters = |labels: &[Option<usize>]| labels.iter().flatten().max().map_or(0, |l| l + 1);
    let clusters = others.iter().find(|o| o.0 == other).map_or(0, |o| n_clusters(&o.1));
    let now = n_clusters(here);
    Some(format!(
        "the clustering is sensitive to the smallest cluster size: with {other} instead of {size} \
         there are {clusters} clusters instead of {now}, and they agree to an adjusted Rand index \
         of {rand:.2} (1 is the same, 0 is chance)"
    ))
}

/// The parameter value whose labels agree least, unless all agree well enough.
fn most_different<L: Ord>(here: &[L], others: &[(usize, Vec<L>)]) -> Option<(usize, f64)> {
    others
        .iter()
        .map(|(value, labels)| (*value, Contingency::of(here, labels).adjusted_rand()))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|&(_, rand)| rand < SAME_CLUSTERING)
}

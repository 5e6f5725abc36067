//! Chooses the smallest cluster size of HDBSCAN: the one whose clusters last.
//!
//! A size is no property of the data, and the clusters of neighbouring sizes may have little in
//! common: any choice by a score falls off a cliff sooner or later. What the data do hold lasts over
//! many sizes (D. M. Bot, L. McInnes and J. Aerts, "Persistent multiscale density-based
//! clustering", arXiv 2512.16558, 2025, for the leaves of the tree). So one density tree is cut at
//! every size of an ascending list, and the cut wins that agrees best with all others, each
//! weighed by the logarithm of the range of sizes it stands for: the medoid of the cuts. Another
//! seed or a role more moves it to a neighbour that is nearly the same clustering.

use super::detail::Detail;
use super::hdbscan::{HdbscanError, HdbscanParams, Tree};
use crate::contingency::Contingency;

/// Each size is about this many times the one before.
const GROWTH: f64 = 1.25;

/// A cluster may need this share of all rows at most.
const LARGEST_SHARE: usize = 6;

/// More specialisations than this are no overview; such cuts count where there are no others.
const MOST_CLUSTERS: usize = 60;

/// What was tried and what won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChosenSize {
    pub(super) size: usize,
    /// Mean agreement of each size with the others, ascending; sizes without two clusters are left
    /// out.
    pub(super) tried: Vec<(usize, f64)>,
}

/// Sizes worth trying for `n` rows, ascending, never empty: for fine groups those below half the
/// square root of `n`, for coarse ones those above.
pub(super) fn candidates(n: usize, detail: Detail) -> Vec<usize> {
    let (least, most) = (2, (n / LARGEST_SHARE).max(2));
    let middle = (((n as f64).sqrt() / 2.0).round() as usize).clamp(least, most);
    let (least, most) = match detail {
        Detail::Coarse => (middle, most),
        Detail::Normal => (least, most),
        Detail::Fine => (least, middle),
    };
    let mut sizes = vec![least];
    while let Some(&last) = sizes.last() {
        let next = ((last as f64 * GROWTH).round() as usize).max(last + 1);
        if next > most {
            break;
        }
        sizes.push(next);
    }
    sizes
}

/// The clusters at one size.
pub(super) struct SizedCut {
    pub(super) size: usize,
    /// Logarithm of the range of sizes it stands for.
    pub(super) weight: f64,
    /// Of the rows asked for; `None` is noise.
    pub(super) labels: Vec<Option<usize>>,
    n_clusters: usize,
}

/// Cuts a tree at every candidate size that parameters and rows allow, and keeps the labels of
/// `rows`. Cuts of less than two clusters are left out, and those of too many while there are
/// others.
pub(super) fn cuts(
    tree: &Tree,
    base: &HdbscanParams,
    detail: Detail,
    rows: &[usize],
) -> Result<Vec<SizedCut>, HdbscanError> {
    let sizes = candidates(tree.n_rows(), detail);
    let mut cuts = Vec::new();
    for (at, &size) in sizes.iter().enumerate() {
        if base.max_cluster_size.is_some_and(|most| size > most) {
            break;
        }
        let cut = tree.cut(&HdbscanParams { min_cluster_size: size, ..base.clone() })?;
        if cut.n_clusters() < 2 {
            continue;
        }
        let next = sizes.get(at + 1).map_or(size as f64 * GROWTH, |&next| next as f64);
        cuts.push(SizedCut {
            size,
            weight: (next / size as f64).ln(),
            labels: rows.iter().map(|&row| cut.labels()[row]).collect(),
            n_clusters: cut.n_clusters(),
        });
    }
    if cuts.iter().any(|cut| cut.n_clusters <= MOST_CLUSTERS) {
        cuts.retain(|cut| cut.n_clusters <= MOST_CLUSTERS);
    }
    Ok(cuts)
}

/// The size whose clusters, seen on `rows`, agree best with those of all sizes.
pub(super) fn choose(
    tree: &Tree,
    base: &HdbscanParams,
    detail: Detail,
    rows: &[usize],
) -> Result<ChosenSize, HdbscanError> {
    Ok(medoid(&cuts(tree, base, detail, rows)?))
}

/// By weighted mean of the adjusted Rand index; on a tie the larger size.
fn medoid(cuts: &[SizedCut]) -> ChosenSize {
    let all: f64 = cuts.iter().map(|cut| cut.weight).sum();
    let mut agreement = vec![0.0; cuts.len()];
    for (i, a) in cuts.iter().enumerate() {
        agreement[i] += a.weight;
        for (j, b) in cuts.iter().enumerate().skip(i + 1) {
            let rand = Contingency::of(&a.labels, &b.labels).adjusted_rand();
            agreement[i] += b.weight * rand;
            agreement[j] += a.weight * rand;
        }
    }
    let tried: Vec<(usize, f64)> =
        cuts.iter().zip(agreement).map(|(cut, sum)| (cut.size, sum / all)).collect();
    let best = tried.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    ChosenSize { size: best.map_or(2, |&(size, _)| size), tried }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(size: usize, weight: f64, labels: &[i32]) -> SizedCut {
        let labels: Vec<Option<usize>> = labels.iter().map(|&l| usize::try_from(l).ok()).collect();
        let n_clusters = labels.iter().flatten().max().map_or(0, |most| most + 1);
        SizedCut { size, weight, labels, n_clusters }
    }

    #[test]
    fn sizes_rise_to_a_share_of_the_rows() {
        let normal = |n| candidates(n, Detail::Normal);
        assert_eq!(normal(0), [2]);
        assert_eq!(normal(12), [2]);
        assert_eq!(normal(60), [2, 3, 4, 5, 6, 8, 10]);
        assert!(normal(1_000_000).len() < 70);
        assert_eq!(candidates(60, Detail::Fine), [2, 3, 4]);
        assert_eq!(candidates(60, Detail::Coarse), [4, 5, 6, 8, 10]);
    }

    #[test]
    fn the_clusters_that_last_win() {
        let pairs = [0, 0, 1, 1, 2, 2, 3, 3];
        let halves = [0, 0, 0, 0, 1, 1, 1, 1];
        let odd = [0, 1, 0, 1, 0, 1, 0, 1];
        let lasting = [cut(2, 0.4, &pairs), cut(3, 0.3, &halves), cut(4, 0.3, &halves)];
        assert_eq!(medoid(&lasting).size, 4);
        // One cut against a longer range of others.
        let one = [cut(2, 0.9, &pairs), cut(3, 0.2, &halves), cut(4, 0.2, &odd)];
        assert_eq!(medoid(&one).size, 2);
        assert_eq!(medoid(&[]), ChosenSize { size: 2, tried: Vec::new() });
    }
}

//! Chooses the smallest cluster size of HDBSCAN.
//!
//! One density tree is cut at every size of an ascending list, which is cheap. The cut that wins is
//! the one that agrees best with those at all other sizes, by the mean adjusted Rand index, noise
//! counted as one group: what persists over sizes is in the data, what a single size finds is not
//! (compare the persistence of L. McInnes et al., "PLSCAN", and of EVoC's layers). The score of a
//! single cut, such as its silhouette, has its peak elsewhere as soon as the rows are reduced from
//! another start.
//!
//! Sizes go from a quarter of the square root of the number of rows to the root itself: below,
//! clusters are a handful of roles; above, whole directions.

use super::detail::Detail;
use super::hdbscan::{HdbscanError, HdbscanParams, Tree};
use crate::contingency::Contingency;

/// Each size is about this many times the one before.
const GROWTH: f64 = 1.25;

/// The least size, as a share of the largest.
const LEAST_OF_LARGEST: f64 = 0.25;

/// A cluster may need this share of all rows at most.
const LARGEST_SHARE: usize = 6;

/// A cut with a cluster larger than this share of the clustered rows is no overview.
const DOMINANT_SHARE: f64 = 0.5;

/// What was tried and what won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChosenSize {
    pub(super) size: usize,
    /// Mean agreement of each size with the others, ascending; sizes without any cluster are left
    /// out.
    pub(super) tried: Vec<(usize, f64)>,
}

/// Sizes worth trying for `n` rows, ascending, never empty.
pub(super) fn candidates(n: usize, detail: Detail) -> Vec<usize> {
    let root = (n as f64).sqrt() / detail.factor();
    let most = (root.round() as usize).min(n / LARGEST_SHARE).max(2);
    let mut sizes = vec![((most as f64 * LEAST_OF_LARGEST).round() as usize).max(2)];
    while let Some(&last) = sizes.last() {
        let next = ((last as f64 * GROWTH).round() as usize).max(last + 1);
        if next > most {
            break;
        }
        sizes.push(next);
    }
    sizes
}

struct Tried {
    size: usize,
    labels: Vec<Option<usize>>,
    /// Several clusters, none of which holds most rows.
    is_overview: bool,
}

/// Cuts `tree` at every candidate.
pub(super) fn choose(
    tree: &Tree,
    base: &HdbscanParams,
    detail: Detail,
) -> Result<ChosenSize, HdbscanError> {
    let candidates = candidates(tree.n_rows(), detail);
    let mut tried = Vec::new();
    for &size in &candidates {
        let cut = tree.cut(&HdbscanParams { min_cluster_size: size, ..base.clone() })?;
        if cut.n_clusters() == 0 {
            continue;
        }
        let labels = cut.labels().to_vec();
        let clustered = labels.iter().flatten().count();
        let largest = labels.iter().filter(|&&label| label == Some(0)).count();
        let dominated = largest as f64 > DOMINANT_SHARE * clustered as f64;
        tried.push(Tried { size, labels, is_overview: cut.n_clusters() > 1 && !dominated });
    }
    let scores = scores(&tried);
    let size = best(&tried, &scores).unwrap_or(candidates[0]);
    let sizes = tried.iter().map(|tried| tried.size);
    Ok(ChosenSize { size, tried: sizes.zip(scores).collect() })
}

/// The mean agreement of each cut with all others; 0 for a single one.
fn scores(tried: &[Tried]) -> Vec<f64> {
    let mut sums = vec![0.0; tried.len()];
    for (at, one) in tried.iter().enumerate() {
        for (before, other) in tried[..at].iter().enumerate() {
            let rand = Contingency::of(&one.labels, &other.labels).adjusted_rand();
            sums[at] += rand;
            sums[before] += rand;
        }
    }
    let others = tried.len().saturating_sub(1).max(1) as f64;
    sums.into_iter().map(|sum| sum / others).collect()
}

/// Overviews first, then by score; on a tie the larger size.
fn best(tried: &[Tried], scores: &[f64]) -> Option<usize> {
    let better = |a: &usize, b: &usize| {
        let by_kind = tried[*a].is_overview.cmp(&tried[*b].is_overview);
        by_kind.then(scores[*a].total_cmp(&scores[*b])).then(a.cmp(b))
    };
    (0..tried.len()).max_by(better).map(|at| tried[at].size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(size: usize, labels: &str, is_overview: bool) -> Tried {
        let labels = labels.chars().map(|c| c.to_digit(10).map(|d| d as usize)).collect();
        Tried { size, labels, is_overview }
    }

    #[test]
    fn sizes_follow_the_root_of_the_number_of_rows() {
        assert_eq!(candidates(0, Detail::Normal), [2]);
        assert_eq!(candidates(12, Detail::Normal), [2]);
        assert_eq!(candidates(83, Detail::Normal), [2, 3, 4, 5, 6, 8]);
        assert_eq!(candidates(400, Detail::Normal), [5, 6, 8, 10, 13, 16, 20]);
        assert_eq!(candidates(400, Detail::Coarse), [8, 10, 13, 16, 20, 25, 31]);
        assert!(candidates(1_000_000, Detail::Fine).len() < 10);
    }

    #[test]
    fn what_persists_wins_over_what_one_size_finds() {
        let all = [
            tried(2, "0123450123", true),
            tried(3, "0000111122", true),
            tried(4, "0000111122", true),
            tried(5, "000011112-", true),
            tried(6, "0000000001", false),
        ];
        let found = scores(&all);
        assert_eq!(best(&all, &found), Some(4));
        assert!(found[0] < found[1] && found[4] < found[3], "{found:?}");
        // One cluster that holds most rows is taken where there is nothing else.
        assert_eq!(best(&all[4..], &scores(&all[4..])), Some(6));
        assert_eq!(best(&[], &[]), None);
    }
}

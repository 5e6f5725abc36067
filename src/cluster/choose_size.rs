//! Chooses the smallest cluster size of HDBSCAN.
//!
//! One density tree is cut at every size of an ascending list, which is cheap.
//! Among the cuts whose number of clusters a reader can use, about `sqrt(n / 2)` (the rule of
//! thumb of Mardia, Kent and Bibby, "Multivariate Analysis", 1979, p. 365) to `1.5 sqrt(n)`
//! and never more than 60, the one with the highest score wins: the mean silhouette over all rows,
//! noise counted as 0. Counting noise is what relative validity does too (D. Moulavi et
//! al., "Density-based clustering validation", SDM 2014), and keeps a few tight pairs in a
//! sea of noise from winning. Where no cut is in the range the nearest one is taken.

use std::ops::RangeInclusive;

use super::hdbscan::{HdbscanError, HdbscanParams, Tree};
use crate::clustering::{ClusterId, Label};
use crate::evaluate::silhouette;
use crate::geometry::Matrix;

/// Each size is about this many times the one before.
const GROWTH: f64 = 1.25;

/// A cluster may need this share of all rows at most.
const LARGEST_SHARE: usize = 6;

/// A cut with a cluster larger than this share of the clustered rows is no overview.
const DOMINANT_SHARE: f64 = 0.5;

/// More specialisations than this are no overview.
const MOST_CLUSTERS: usize = 60;

/// The range never starts above this.
const FEWEST_CLUSTERS_CAP: usize = 20;

/// What was tried and what won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChosenSize {
    pub(super) size: usize,
    /// Score of each size, ascending; sizes without any cluster are left out.
    pub(super) tried: Vec<(usize, f64)>,
}

/// Sizes worth trying for `n` rows, ascending, never empty.
pub(super) fn candidates(n: usize) -> Vec<usize> {
    let most = (n / LARGEST_SHARE).max(2);
    let mut sizes = vec![2];
    while let Some(&last) = sizes.last() {
        let next = ((last as f64 * GROWTH).round() as usize).max(last + 1);
        if next > most {
            break;
        }
        sizes.push(next);
    }
    sizes
}

/// Numbers of clusters a reader can use, of `n` rows.
fn readable(n: usize) -> RangeInclusive<usize> {
    let root = (n as f64).sqrt();
    let most = ((1.5 * root).round() as usize).min(n / 3).clamp(1, MOST_CLUSTERS);
    let fewest = ((root / 2f64.sqrt()).round() as usize).clamp(2, FEWEST_CLUSTERS_CAP);
    fewest.min(most)..=most
}

struct Tried {
    size: usize,
    score: f64,
    n_clusters: usize,
    dominated: bool,
}

/// Cuts `tree` at every candidate. Scores are taken over `scored`, the numbers of the rows
/// that `rows` holds.
pub(super) fn choose(
    tree: &Tree,
    base: &HdbscanParams,
    rows: &Matrix,
    scored: &[usize],
) -> Result<ChosenSize, HdbscanError> {
    let candidates = candidates(tree.n_rows());
    let mut tried = Vec::new();
    for &size in &candidates {
        let cut = tree.cut(&HdbscanParams { min_cluster_size: size, ..base.clone() })?;
        if cut.n_clusters() == 0 {
            continue;
        }
        let label = |&row: &usize| cut.labels()[row].map(|label| ClusterId(label as u32));
        let labels: Vec<Label> = scored.iter().map(label).collect();
        let clustered = cut.labels().iter().flatten().count();
        let largest = cut.labels().iter().filter(|&&label| label == Some(0)).count();
        tried.push(Tried {
            size,
            score: mean_over_all(&silhouette(rows, &labels)),
            n_clusters: cut.n_clusters(),
            dominated: largest as f64 > DOMINANT_SHARE * clustered as f64,
        });
    }
    let range = readable(tree.n_rows());
    let size = best(&tried, &range).unwrap_or(candidates[0]);
    Ok(ChosenSize { size, tried: tried.iter().map(|t| (t.size, t.score)).collect() })
}

/// Nearest to the range first, then not dominated by one cluster, then by score; on a tie
/// the larger size.
fn best(tried: &[Tried], range: &RangeInclusive<usize>) -> Option<usize> {
    let beyond = |k: usize| {
        let (fewest, most) = (*range.start() as f64, *range.end() as f64);
        let k = k as f64;
        (fewest / k).ln().max((k / most).ln()).max(0.0)
    };
    let better = |a: &&Tried, b: &&Tried| {
        let by_range = beyond(b.n_clusters).total_cmp(&beyond(a.n_clusters));
        let by_range = b.dominated.cmp(&a.dominated).then(by_range);
        by_range.then(a.score.total_cmp(&b.score)).then(a.size.cmp(&b.size))
    };
    tried.iter().max_by(better).map(|t| t.size)
}

fn mean_over_all(scores: &[Option<f64>]) -> f64 {
    scores.iter().flatten().sum::<f64>() / scores.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(size: usize, n_clusters: usize, score: f64, dominated: bool) -> Tried {
        Tried { size, score, n_clusters, dominated }
    }

    #[test]
    fn sizes_rise_to_a_share_of_the_rows() {
        assert_eq!(candidates(0), [2]);
        assert_eq!(candidates(12), [2]);
        assert_eq!(candidates(60), [2, 3, 4, 5, 6, 8, 10]);
        assert!(candidates(1_000_000).len() < 70);
    }

    #[test]
    fn the_readable_range_grows_with_the_corpus_and_is_never_empty() {
        assert_eq!([0, 5, 6, 83, 6000].map(readable), [1..=1, 1..=1, 2..=2, 6..=14, 20..=60]);
        assert!((0..3000).all(|n| !readable(n).is_empty()));
    }

    #[test]
    fn readable_cuts_come_first_then_even_ones_then_good_ones() {
        let range = 6..=18;
        let all = [
            tried(2, 40, 0.9, false),
            tried(3, 16, 0.1, false),
            tried(4, 9, 0.2, false),
            tried(5, 7, 0.5, true),
            tried(8, 2, 0.6, false),
        ];
        assert_eq!(best(&all, &range), Some(4));
        assert_eq!(best(&all[..1], &range), Some(2));
        assert_eq!(best(&all[3..], &range), Some(8));
        assert_eq!(best(&[], &range), None);
    }
}

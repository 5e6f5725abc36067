//! The groups on which many clusterings agree, instead of those that one clustering happens to
//! find.
//!
//! Samples of the rows are clustered into several numbers of clusters ([`Resamples`]). The share
//! of clusterings in which two rows fall together is their similarity; average linkage of it gives
//! the specialisations, and average linkage of these the directions (A. L. N. Fred and A. K. Jain, IEEE TPAMI 27 (2005); S. Monti et al., "Consensus
//! clustering", Machine Learning 52 (2003)). A row that comes or goes changes few of the
//! samples, and so the picture little.

use super::gram::Gram;
use super::merge_tree::MergeTree;
use super::resamples::{Resamples, Together, n_samples, sample_size};

/// How many numbers of clusters the samples are clustered into, between a third and one and a half
/// times the number wanted.
const LEVELS: usize = 7;

/// A specialisation has at least this share of the rows it would have if all were equal, and
/// two where that is less than two.
const LEAST_OF_MEAN: f64 = 1.0 / 6.0;

/// How often rows fall together: in coarser and finer clusterings near `k`, and at exactly `k`.
pub(super) struct Consensus {
    n_directions: usize,
    near_k: Together,
    at_k: Together,
}

/// What the consensus says of given clusters of its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    /// The direction of each cluster, in `0..` by first cluster.
    pub(super) directions: Vec<usize>,
    /// Per cluster how often two of its rows fall together, in `[0, 1]`.
    pub(super) certainty: Vec<f64>,
    /// Mean over rows of the share of the own cluster in all affinities.
    pub(super) own_share: f64,
}

impl Consensus {
    /// Whether `n` rows are enough for samples that hold `k` clusters.
    pub(super) fn is_possible(n: usize, k: usize) -> bool {
        k >= 2 && 2 * k <= sample_size(n)
    }

    /// Samples and clusters the rows of `gram`, canonical, with their keys. Says [`Self::steps`]
    /// times that it goes on.
    pub(super) fn of(
        gram: &Gram,
        keys: &[u64],
        k: usize,
        n_directions: usize,
        done: impl Fn() + Sync,
    ) -> Self {
        let (fewest, most) = ((k / 3).max(2), (k * 3 / 2).max(k + 1));
        let ks = levels(fewest, most, k, sample_size(gram.len()));
        let resamples = Resamples::of(gram, keys, &ks, done);
        Consensus {
            n_directions,
            near_k: resamples.together(|_| true),
            at_k: resamples.together(|other| other == k),
        }
    }

    /// How often `done` is called for `n` rows.
    pub(super) fn steps(n: usize) -> usize {
        n_samples(n)
    }

    /// A label in `0..k` per row.
    ///
    /// Average linkage parts single rows from the rest first. The cut is therefore the first that
    /// has `k` clusters of some size, and what is smaller joins the cluster it is with most often;
    /// where there is no such cut, it is the one with `k` clusters of any size.
    pub(super) fn partition(&self, k: usize) -> Vec<usize> {
        let n = self.near_k.len();
        let distances = (0..n).flat_map(|row| self.near_k.row(row)).map(|share| 1.0 - share);
        let tree = MergeTree::average(distances.collect(), vec![1.0; n]);
        let least = ((n as f64 / k as f64 * LEAST_OF_MEAN).round() as usize).max(2);
        let counts = |labels: &[usize], parts: usize| {
            let mut sizes = vec![0usize; parts];
            labels.iter().for_each(|&label| sizes[label] += 1);
            sizes
        };
        for parts in k..=(n / 2).max(k) {
            let labels = tree.cut(parts);
            let sizes = counts(&labels, parts);
            if sizes.iter().filter(|&&size| size >= least).count() == k {
                return self.joined(&labels, &sizes, least);
            }
        }
        tree.cut(k)
    }

    /// Rows of clusters below `least` moved to the cluster they are with most often.
    fn joined(&self, labels: &[usize], sizes: &[usize], least: usize) -> Vec<usize> {
        let mut kept: Vec<Option<usize>> = vec![None; sizes.len()];
        let large = (0..sizes.len()).filter(|&label| sizes[label] >= least);
        large.enumerate().for_each(|(new, label)| kept[label] = Some(new));
        let place = |row: usize| {
            kept[labels[row]].unwrap_or_else(|| {
                let affinities = self.near_k.affinities(row, labels, sizes.len());
                let candidates = (0..sizes.len()).filter(|&label| kept[label].is_some());
                let nearest = candidates
                    .max_by(|&a, &b| affinities[a].total_cmp(&affinities[b]).then(b.cmp(&a)));
                nearest.and_then(|label| kept[label]).unwrap_or(0)
            })
        };
        (0..labels.len()).map(place).collect()
    }

    /// Judges `k` clusters of the rows; a label that is not in `0..k` is no cluster.
    pub(super) fn judge(&self, labels: &[usize], k: usize) -> Judgement {
        let mut sizes = vec![0usize; k];
        labels.iter().filter(|&&label| label < k).for_each(|&label| sizes[label] += 1);
        let (mut sums, mut own_share) = (vec![0.0f64; k], 0.0);
        for (row, &label) in labels.iter().enumerate().filter(|&(_, &label)| label < k) {
            let affinities = self.at_k.affinities(row, labels, k);
            let others = affinities.iter().enumerate().filter(|&(other, _)| other != label);
            let most = others.map(|(_, &share)| share).fold(0.0, f64::max);
            let own = if sizes[label] > 1 { affinities[label] } else { 1.0 - most };
            let all: f64 = affinities.iter().sum::<f64>() - affinities[label] + own;
            sums[label] += own;
            own_share += if all > 0.0 { own / all } else { 1.0 };
        }
        let mean = |(sum, &size): (&f64, &usize)| sum / size.max(1) as f64;
        Judgement {
            directions: self.directions(labels, k, &sizes),
            certainty: sums.iter().zip(&sizes).map(mean).collect(),
            own_share: own_share / sizes.iter().sum::<usize>().max(1) as f64,
        }
    }

    /// A direction per cluster, by average linkage of the clusters weighed by their rows.
    fn directions(&self, labels: &[usize], k: usize, sizes: &[usize]) -> Vec<usize> {
        let between = self.near_k.between(labels, k);
        let distances = between.iter().map(|&share| 1.0 - share as f32).collect();
        let weights = sizes.iter().map(|&size| size.max(1) as f32).collect();
        MergeTree::average(distances, weights).cut(self.n_directions.min(k))
    }
}

/// Numbers from `from` to `to` at equal ratios, with `exact` among them; none above `most`.
fn levels(from: usize, to: usize, exact: usize, most: usize) -> Vec<usize> {
    let ratio = (to as f64 / from as f64).powf(1.0 / (LEVELS - 1) as f64);
    let at = |step: usize| (from as f64 * ratio.powi(step as i32)).round() as usize;
    let mut levels: Vec<usize> =
        (0..LEVELS).map(at).chain([exact]).map(|level| level.min(most)).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::row_keys::row_keys;
    use crate::cluster::tests::directions;
    use crate::geometry::{Matrix, canonical_order};

    fn consensus(rows: &Matrix, k: usize, n_directions: usize) -> (Consensus, Vec<usize>) {
        let order = canonical_order(rows);
        let sorted = rows.select(&order);
        let (gram, keys) = (Gram::of(&sorted), row_keys(sorted.iter_rows()));
        (Consensus::of(&gram, &keys, k, n_directions, || ()), order)
    }

    #[test]
    fn groups_of_groups_are_found_on_both_levels() {
        // Three times three groups: 0, 3 and 6 lie in one direction, and so on.
        let coarse = directions(3, 1, 32, 0.0, 4);
        let mut rows = directions(9, 8, 32, 0.3, 5);
        for row in 0..72 {
            let own = coarse.row(row % 3).to_vec();
            rows.row_mut(row).iter_mut().zip(own).for_each(|(x, y)| *x += 1.5 * y);
        }
        rows.normalize_rows();
        let (consensus, order) = consensus(&rows, 9, 3);
        let labels = consensus.partition(9);
        let found = consensus.judge(&labels, 9);
        for (a, &i) in order.iter().enumerate() {
            for (b, &j) in order.iter().enumerate() {
                assert_eq!(labels[a] == labels[b], i % 9 == j % 9);
                let same = found.directions[labels[a]] == found.directions[labels[b]];
                assert_eq!(same, i % 3 == j % 3);
            }
        }
        assert!(found.certainty.iter().all(|&share| share > 0.9), "{found:?}");
        assert!(found.own_share > 0.8, "{found:?}");
    }

    #[test]
    fn no_cluster_is_a_single_row_while_there_is_another_cut() {
        let mut rows = directions(3, 20, 16, 1.2, 9);
        rows.row_mut(7).iter_mut().enumerate().for_each(|(at, x)| *x = at as f32 % 2.0 - 0.5);
        rows.normalize_rows();
        let labels = consensus(&rows, 4, 3).0.partition(4);
        let sizes = (0..4).map(|label| labels.iter().filter(|&&l| l == label).count());
        assert!(sizes.clone().all(|size| size >= 3), "{:?}", sizes.collect::<Vec<_>>());
    }

    #[test]
    fn levels_hold_the_exact_number_and_stay_in_range() {
        assert_eq!(levels(2, 9, 6, 100), [2, 3, 4, 5, 6, 7, 9]);
        assert_eq!(levels(4, 21, 14, 16), [4, 5, 7, 9, 12, 14, 16]);
        assert!(!Consensus::is_possible(6, 3) && Consensus::is_possible(7, 2));
    }
}

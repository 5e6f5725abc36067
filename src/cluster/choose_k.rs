//! Chooses `k` by the stability of clusterings of random halves.
//!
//! The rows are split into two random halves, many times. Each half is clustered, and the
//! centroids of one half classify the rows of the other. If `k` is the number of groups in the
//! data, both halves find the same groups; if a group is split or two are merged, each half does
//! it differently. The score of a `k` is the mean adjusted Rand index between the clusters of a
//! half and its classification by the other half (T. Lange, V. Roth, M. L. Braun and J. M. Buhmann, "Stability-based validation
//! of clustering solutions", Neural Computation 16 (2004); S. Dudoit and J. Fridlyand,
//! Genome Biology 3 (2002); R. Tibshirani and G. Walther, "Cluster validation by prediction
//! strength", JCGS 14 (2005)). Unlike the silhouette, it favours neither two large halves nor
//! pairs of near-duplicates.
//!
//! The largest `k` whose mean is within one standard error of the best wins (the rule of Breiman
//! et al., "Classification and Regression Trees", 1984, 3.4.3, but towards more clusters, because
//! a reader merges two specialisations more easily than they split one).

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use rayon::prelude::*;

use super::gram::Gram;
use super::seeding;
use super::ward::WardTree;
use crate::contingency::Contingency;

/// More specialisations than this are no overview.
const MOST_CLUSTERS: usize = 60;

/// A cluster should hold this many roles on average, half of them in each half.
const ROWS_PER_CLUSTER: usize = 4;

/// Rows looked at; of more a sample.
const MOST_ROWS: usize = 2048;

/// Times the rows are dealt: this often up to so many rows, then as often as takes the same
/// time, but not less often than the least.
const SPLITS: usize = 32;
const ALL_SPLITS_ROWS: usize = 512;
const LEAST_SPLITS: usize = 8;

/// What was tried and what won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) k: usize,
    /// Mean agreement of halves for each `k`, ascending.
    pub(super) tried: Vec<(usize, f64)>,
    /// Standard error of the best mean.
    pub(super) standard_error: f64,
}

/// The numbers of clusters worth trying for `n` different rows, ascending, never empty.
pub(super) fn candidates(n: usize) -> Vec<usize> {
    // Six rows may still be two groups of three.
    let most = (n / ROWS_PER_CLUSTER).max(usize::from(n >= 6) * 2).min(MOST_CLUSTERS);
    if most < 2 {
        return vec![1];
    }
    (2..=most).collect()
}

/// Scores every candidate on the rows of `gram` and picks one. Where there is only one
/// candidate nothing is tried.
pub(super) fn choose(
    gram: &Gram,
    candidates: &[usize],
    seed: u64,
    done: impl Fn() + Sync,
) -> Chosen {
    if let [only] = candidates[..] {
        return Chosen { k: only, tried: Vec::new(), standard_error: 0.0 };
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let part = (gram.len() > MOST_ROWS)
        .then(|| gram.select(&seeding::sample(&mut rng, gram.len(), MOST_ROWS)));
    let gram = part.as_ref().unwrap_or(gram);
    let n = gram.len();
    let halves: Vec<Vec<usize>> =
        (0..n_splits(n)).map(|_| seeding::sample(&mut rng, n, n / 2)).collect();
    // By split, then by candidate.
    let scores: Vec<Vec<f64>> = halves
        .par_iter()
        .map(|half| {
            let scores = agreement_of_halves(gram, half, candidates);
            done();
            scores
        })
        .collect();
    let n_splits = scores.len() as f64;
    let mut tried = Vec::new();
    let mut best = (f64::NEG_INFINITY, 0.0);
    for (at, &k) in candidates.iter().enumerate() {
        let mean = scores.iter().map(|of| of[at]).sum::<f64>() / n_splits;
        let squares: f64 = scores.iter().map(|of| (of[at] - mean).powi(2)).sum();
        if mean > best.0 {
            best = (mean, (squares / (n_splits - 1.0).max(1.0) / n_splits).sqrt());
        }
        tried.push((k, mean));
    }
    let (mean, standard_error) = best;
    let good = tried.iter().rev().find(|&&(_, score)| score >= mean - standard_error);
    let k = good.map_or(candidates.first().copied().unwrap_or(1), |&(k, _)| k);
    Chosen { k, tried, standard_error }
}

/// How often rows are dealt into halves, for `n` rows.
pub(super) fn n_splits(n: usize) -> usize {
    let n = n.min(MOST_ROWS);
    let same_time = SPLITS * ALL_SPLITS_ROWS * ALL_SPLITS_ROWS / (n * n).max(1);
    same_time.clamp(LEAST_SPLITS, SPLITS)
}

/// For every `k` how well what each half finds agrees with what the other says of it.
fn agreement_of_halves(gram: &Gram, half: &[usize], candidates: &[usize]) -> Vec<f64> {
    let mut in_half = vec![false; gram.len()];
    half.iter().for_each(|&row| in_half[row] = true);
    let rest: Vec<usize> = (0..gram.len()).filter(|&row| !in_half[row]).collect();
    let trees = [half, &rest].map(|rows| WardTree::build(&gram.select(rows)));
    let both = |&k: &usize| {
        let [of_half, of_rest] = [trees[0].cut(k), trees[1].cut(k)];
        let said_of_rest = predicted(gram, half, &of_half, &rest);
        let said_of_half = predicted(gram, &rest, &of_rest, half);
        let rand = |found: &[usize], said: &[usize]| Contingency::of(found, said).adjusted_rand();
        (rand(&of_rest, &said_of_rest) + rand(&of_half, &said_of_half)) / 2.0
    };
    candidates.iter().map(both).collect()
}

/// For each of `others` the cluster of `rows` whose mean is nearest.
fn predicted(gram: &Gram, rows: &[usize], labels: &[usize], others: &[usize]) -> Vec<usize> {
    let k = labels.iter().max().map_or(0, |most| most + 1);
    let mut sizes = vec![0.0f64; k];
    labels.iter().for_each(|&label| sizes[label] += 1.0);
    let mut products = vec![0.0f64; k];
    let mut sum_products = |row: usize| {
        let line = gram.row(row);
        products.fill(0.0);
        for (&of, &label) in rows.iter().zip(labels) {
            products[label] += f64::from(line[of]);
        }
        products.clone()
    };
    let mut squares = vec![0.0f64; k];
    for (&row, &label) in rows.iter().zip(labels) {
        squares[label] += sum_products(row)[label];
    }
    let nearest = |&row: &usize| {
        let products = sum_products(row);
        let distance = |c: usize| squares[c] / (sizes[c] * sizes[c]) - 2.0 * products[c] / sizes[c];
        (0..k).min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
    };
    others.iter().map(nearest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::directions;
    use crate::geometry::Matrix;

    fn chosen(rows: &Matrix) -> Chosen {
        choose(&Gram::of(rows), &candidates(rows.rows()), 42, || ())
    }

    #[test]
    fn the_range_grows_with_the_corpus_and_is_never_empty() {
        let ends = |n| (candidates(n)[0], *candidates(n).last().unwrap());
        assert_eq!(ends(0), (1, 1));
        assert_eq!(ends(5), (1, 1));
        assert_eq!(ends(6), (2, 2));
        assert_eq!(ends(83), (2, 20));
        assert_eq!(ends(6000), (2, 60));
        for n in 0..3000 {
            let ks = candidates(n);
            assert!(ks.windows(2).all(|w| w[0] + 1 == w[1]) && ks.len() < MOST_CLUSTERS);
        }
        assert_eq!((n_splits(2), n_splits(512), n_splits(100_000)), (32, 32, 8));
    }

    #[test]
    fn groups_that_are_there_are_counted() {
        for (groups, per, d, spread) in [
            (2, 40, 16, 0.5),
            (3, 30, 64, 0.9),
            (6, 25, 24, 0.7),
            (15, 12, 64, 0.8),
            (30, 10, 48, 0.6),
        ] {
            let found = chosen(&directions(groups, per, d, spread, 11));
            assert_eq!(found.k, groups, "{found:?}");
            let best = found.tried.iter().map(|t| t.1).fold(0.0, f64::max);
            assert!(best > 0.9, "{found:?}");
        }
    }

    #[test]
    fn pairs_of_near_repeats_do_not_count_as_groups() {
        // Four groups of ten pairs: the silhouette is highest with a cluster per pair.
        let one = directions(4, 10, 32, 0.8, 5);
        let twice: Vec<usize> = (0..80).map(|row| row / 2).collect();
        let mut rows = one.select(&twice);
        for row in 0..80 {
            rows.row_mut(row)[row % 32] += 0.02;
        }
        assert_eq!(chosen(&rows).k, 4, "{:?}", chosen(&rows));
    }

    #[test]
    fn few_rows_leave_no_choice_and_equal_rows_no_doubt() {
        let only = chosen(&Matrix::zeros(4, 2));
        assert_eq!((only.k, only.tried.len()), (1, 0));
        assert!(chosen(&Matrix::zeros(40, 2)).k >= 2);
    }
}

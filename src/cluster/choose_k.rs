//! How many clusters, when nobody says.
//!
//! The range comes from the number of roles: at least about `sqrt(n / 2)` (the rule of
//! thumb of Mardia, Kent and Bibby, "Multivariate Analysis", 1979, p. 365), at most
//! `1.5 sqrt(n)`, so that a cluster holds on average two thirds of `sqrt(n)` roles (6 of 83),
//! and never more than a person reads. Left to itself over all `k`, the mean silhouette of
//! text vectors prefers two halves of everything or pairs of near repeats, and neither says
//! anything about specialisations.
//!
//! Within the range every `k` gets the mean silhouette of its partition (P. J. Rousseeuw,
//! 1987), and of all whose mean is within one standard error of the best the largest wins:
//! the finest picture that is as good as any (the rule of Breiman et al., "Classification
//! and Regression Trees", 1984, 3.4.3, turned towards the finer side, because a reader
//! merges two specialisations more easily than he splits one).

use super::{RowScores, ScoreFn};
use crate::clustering::{ClusterId, Label};
use crate::geometry::Matrix;

/// More specialisations than this are no overview.
const MOST_CLUSTERS: usize = 60;

/// The range ends at this times `sqrt(n)`.
const MOST_PER_ROOT: f64 = 1.5;

/// The range never starts above this.
const FEWEST_CLUSTERS_CAP: usize = 20;

/// A cluster should hold this many roles on average.
const ROWS_PER_CLUSTER: usize = 3;

/// Values of `k` tried at most.
const MOST_CANDIDATES: usize = 24;

/// What was tried and what won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) k: usize,
    /// Mean score of each `k`, ascending.
    pub(super) tried: Vec<(usize, f64)>,
    /// Standard error of the best mean.
    pub(super) standard_error: f64,
}

/// The numbers of clusters worth trying for `n` different rows, ascending, never empty.
pub(super) fn candidates(n: usize) -> Vec<usize> {
    let root = (n as f64).sqrt();
    let most =
        ((MOST_PER_ROOT * root).round() as usize).min(n / ROWS_PER_CLUSTER).min(MOST_CLUSTERS);
    if most < 2 {
        return vec![1];
    }
    let fewest = ((root / 2f64.sqrt()).round() as usize).clamp(2, FEWEST_CLUSTERS_CAP).min(most);
    let count = (most - fewest + 1).min(MOST_CANDIDATES);
    let ratio = most as f64 / fewest as f64;
    let at = |i: usize| fewest as f64 * ratio.powf(i as f64 / (count - 1).max(1) as f64);
    let mut ks: Vec<usize> = if count == most - fewest + 1 {
        (fewest..=most).collect()
    } else {
        (0..count).map(|i| at(i).round() as usize).collect()
    };
    ks.dedup();
    ks
}

/// Scores the partition of `rows` for every candidate and picks one.
pub(super) fn choose(
    rows: &Matrix,
    candidates: &[usize],
    mut labels: impl FnMut(usize) -> Vec<usize>,
    score: &ScoreFn,
    mut done: impl FnMut(),
) -> Chosen {
    let mut tried = Vec::new();
    let mut best: Option<(f64, f64)> = None;
    for &k in candidates {
        let label = |label: usize| Some(ClusterId(label as u32));
        let labels: Vec<Label> = labels(k).into_iter().map(label).collect();
        if let Some((mean, error)) = mean_and_error(&score(rows, &labels)) {
            tried.push((k, mean));
            if best.is_none_or(|(most, _)| mean > most) {
                best = Some((mean, error));
            }
        }
        done();
    }
    let (mean, standard_error) = best.unwrap_or((0.0, 0.0));
    let good = tried.iter().rev().find(|&&(_, score)| score >= mean - standard_error);
    let k = good.map_or(candidates.first().copied().unwrap_or(1), |&(k, _)| k);
    Chosen { k, tried, standard_error }
}

/// `None` when no row has a score.
fn mean_and_error(scores: &RowScores) -> Option<(f64, f64)> {
    let known: Vec<f64> = scores.iter().flatten().copied().collect();
    if known.is_empty() {
        return None;
    }
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    let squares: f64 = known.iter().map(|s| (s - mean).powi(2)).sum();
    Some((mean, (squares / (n - 1.0).max(1.0) / n).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_grows_with_the_corpus_and_is_never_empty() {
        let ends = |n| (candidates(n)[0], *candidates(n).last().unwrap());
        assert_eq!(ends(0), (1, 1));
        assert_eq!(ends(5), (1, 1));
        assert_eq!(ends(6), (2, 2));
        assert_eq!(ends(83), (6, 14));
        assert_eq!(ends(6000), (20, 60));
        assert_eq!(ends(1_000_000), (20, 60));
        for n in 0..3000 {
            let ks = candidates(n);
            assert!(ks.windows(2).all(|w| w[0] < w[1]) && ks.len() <= MOST_CANDIDATES);
        }
    }

    #[test]
    fn the_finest_of_equals_wins_and_no_score_means_the_smallest() {
        let rows = Matrix::zeros(4, 1);
        let by_k = |_: &Matrix, labels: &[Label]| {
            let k = labels.iter().flatten().map(|c| c.0).max().unwrap_or(0) + 1;
            let mean = [0.0, 0.0, 0.30, 0.32, 0.31, 0.10][k as usize];
            vec![Some(mean - 0.05), Some(mean + 0.05), None, Some(mean)]
        };
        let chosen = choose(&rows, &[2, 3, 4, 5], |k| vec![0, k - 1, 0, 0], &by_k, || ());
        assert_eq!(chosen.k, 4);
        assert_eq!(chosen.tried.len(), 4);
        let none = |_: &Matrix, _: &[Label]| vec![None; 4];
        assert_eq!(choose(&rows, &[2, 3], |_| vec![0; 4], &none, || ()).k, 2);
    }
}

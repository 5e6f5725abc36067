//! Chooses the numbers of specialisations and of directions.
//!
//! The rows are split into two halves, many times. Each half is clustered, and the means of one
//! half classify the rows of the other. If `k` is the number of groups in the data, both halves
//! find the same groups; if a group is split or two are merged, each half does it differently. The
//! score of a `k` is the mean adjusted Rand index between the clusters of a half and its
//! classification by the other half (T. Lange, V. Roth, M. L. Braun and J. M. Buhmann,
//! "Stability-based validation of clustering solutions", Neural Computation 16 (2004);
//! S. Dudoit and J. Fridlyand, Genome Biology 3 (2002); R. Tibshirani and G. Walther, "Cluster
//! validation by prediction strength", JCGS 14 (2005)).
//!
//! Where the best score is high, the data hold clear groups, and the largest `k` within one
//! standard error of the best is their number (the rule of Breiman et al., "Classification and
//! Regression Trees", 1984, 3.4.3, but towards more clusters, because a reader merges two
//! specialisations more easily than they split one). Coarse merges of groups far apart score a
//! full 1 without any error, so a loss that is too small for a needless split is none. Groups of
//! groups give a peak each: three trades at .90 and seven specialisations at .88, with less between
//! and beyond. The finest peak is taken if its own score is beyond doubt; the coarse one gives the
//! directions.
//!
//! Postings of one trade hold no clear groups: the scores of all `k` are low and nearly equal, and the
//! best is chance. There the number follows the number of rows, which no few rows change. Between the
//! two, the logarithms are mixed by how clear the groups are, so that nothing jumps.

use rayon::prelude::*;

use super::detail::Detail;
use super::gram::{Gram, KeyedRows};
use super::row_keys::draw;
use super::sample_cuts::SampleCuts;
use crate::contingency::Contingency;

/// More specialisations than this are no overview.
pub(super) const MOST_CLUSTERS: usize = 60;

/// A cluster should hold this many roles on average, half of them in each half.
const ROWS_PER_CLUSTER: usize = 4;

/// Rows looked at; of more a sample.
const MOST_ROWS: usize = 2048;

/// Times the rows are dealt. With 8, the number of specialisations of 1,500 postings changed with a
/// tenth of the rows.
pub(super) const SPLITS: usize = 32;

/// Below the first score there are no clear groups, above the second there is no doubt of them.
/// Postings of one trade score .2 to .3, evenly spread rows in five dimensions as much; groups
/// that hardly touch score .9 and more.
const UNCLEAR: f64 = 0.45;
const CLEAR: f64 = 0.7;

/// Splitting one of `k` equal groups at random costs `0.5 / k` of the score and more; where a few
/// rows of a group happen to be in one half, a `k` that is right loses less. On ten kinds of made
/// groups, eight seeds each, the rule finds the right number in 97 % with this share, in 89 %
/// with the standard error alone, in 96 % with 0.3; with peaks and more splits in all.
const HARMLESS_LOSS: f64 = 0.2;

/// A finer number of clear groups is a peak of the scores that rises by this much, and by so many
/// standard errors, above the scores between it and a higher one.
const LEAST_RISE: f64 = 0.015;
const RISE_ERRORS: f64 = 4.0;

/// Specialisations per square root of the number of rows, and directions per square root of that
/// of specialisations, where the data say nothing: 14 in 8 directions for 83 roles, 58 in 12 for
/// 1,500.
const CLUSTERS_PER_ROOT: f64 = 1.5;
const DIRECTIONS_PER_ROOT: f64 = 2.2;

/// More directions than this are no first level.
const MOST_DIRECTIONS: usize = 12;

/// Clear groups are directions only where there are this many specialisations to each.
const CLUSTERS_PER_DIRECTION: f64 = 1.5;

/// What was tried and what won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) k: usize,
    pub(super) n_directions: usize,
    /// How clear the groups are: 0 for not at all, 1 for beyond doubt; `None` where there was
    /// nothing to choose.
    pub(super) clearness: Option<f64>,
    /// Mean agreement of halves for each `k`, ascending.
    pub(super) tried: Vec<(usize, f64)>,
    /// Standard error of the best mean.
    pub(super) standard_error: f64,
}

/// The numbers of clusters worth trying for `n` rows of which `n_distinct` are different,
/// ascending, never empty.
pub(super) fn candidates(n: usize, n_distinct: usize) -> Vec<usize> {
    // Six rows may still be two groups of three.
    let most = (n / ROWS_PER_CLUSTER).max(usize::from(n >= 6) * 2).min(MOST_CLUSTERS);
    if most.min(n_distinct) < 2 {
        return vec![1];
    }
    (2..=most.min(n_distinct)).collect()
}

/// The number of directions for `k` specialisations of which nothing else is known.
pub(super) fn directions_of(k: usize) -> usize {
    let usual = (DIRECTIONS_PER_ROOT * (k as f64).sqrt()).round() as usize;
    usual.clamp(1, MOST_DIRECTIONS).min(k)
}

/// Scores every candidate on `rows` and chooses for `n` rows in all, of which these may be a
/// sample. Where there is only one candidate nothing is tried.
pub(super) fn choose(
    rows: KeyedRows<'_>,
    n: usize,
    candidates: &[usize],
    detail: Detail,
    done: impl Fn() + Sync,
) -> Chosen {
    if let [only] = candidates[..] {
        return Chosen {
            k: only,
            n_directions: directions_of(only),
            clearness: None,
            tried: Vec::new(),
            standard_error: 0.0,
        };
    }
    let scores = scores(rows, candidates, done);
    let (tried, errors): (Vec<(usize, f64)>, Vec<f64>) = candidates
        .iter()
        .enumerate()
        .map(|(at, &k)| {
            let (mean, error) = mean_and_error(scores.iter().map(|of_split| of_split[at]));
            ((k, mean), error)
        })
        .unzip();
    let higher = |best: usize, at: usize| if tried[at].1 > tried[best].1 { at } else { best };
    let best = (0..tried.len()).fold(0, higher);
    let (mean, standard_error) = (tried[best].1, errors[best]);
    let is_good =
        |&&(k, score): &&(usize, f64)| score >= mean - standard_error.max(HARMLESS_LOSS / k as f64);
    let good = tried.iter().rev().find(is_good);
    let found = good.map_or(1, |&(k, _)| k).max(finest_clear_peak(&tried, &errors).unwrap_or(1));
    let clearness = clearness(mean);
    let most = candidates.last().copied().unwrap_or(1);
    let usual = (CLUSTERS_PER_ROOT * (n as f64).sqrt()).min(most as f64);
    let k = detail.factor() * mixed(usual, found as f64, clearness);
    let k = (k.round() as usize).clamp(2, most);
    let n_directions = n_directions(&tried, k);
    Chosen { k, n_directions, clearness: Some(clearness), tried, standard_error }
}

/// Mean and standard error of the mean.
fn mean_and_error(scores: impl ExactSizeIterator<Item = f64> + Clone) -> (f64, f64) {
    let n = scores.len() as f64;
    let mean = scores.clone().sum::<f64>() / n;
    let squares: f64 = scores.map(|score| (score - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0).max(1.0) / n).sqrt())
}

/// The largest `k` at a peak of the scores that is beyond doubt.
fn finest_clear_peak(tried: &[(usize, f64)], errors: &[f64]) -> Option<usize> {
    let rises = |at: &usize| {
        let score = tried[*at].1;
        let coarser = tried[..*at].iter().rev().map(|&(_, score)| score);
        let lowest = coarser.take_while(|&other| other < score).fold(score, f64::min);
        score >= CLEAR && score - lowest >= LEAST_RISE.max(RISE_ERRORS * errors[*at])
    };
    (0..tried.len()).rev().find(rises).map(|at| tried[at].0)
}

/// How clear groups are whose halves agree so well, in `[0, 1]`.
fn clearness(score: f64) -> f64 {
    let at = ((score - UNCLEAR) / (CLEAR - UNCLEAR)).clamp(0.0, 1.0);
    at * at * (3.0 - 2.0 * at)
}

/// Between two numbers by the logarithm: the first at 0, the second at 1.
fn mixed(a: f64, b: f64, at: f64) -> f64 {
    (a.ln() * (1.0 - at) + b.ln() * at).exp()
}

/// The number of directions: of clear groups above the specialisations, or the usual one.
fn n_directions(tried: &[(usize, f64)], k: usize) -> usize {
    let usual = directions_of(k);
    let few = |k_tried: usize| {
        k_tried <= MOST_DIRECTIONS && k_tried as f64 * CLUSTERS_PER_DIRECTION <= k as f64
    };
    let clearest = tried
        .iter()
        .filter(|&&(k_tried, _)| few(k_tried))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    let Some(&(found, score)) = clearest else { return usual };
    (mixed(usual as f64, found as f64, clearness(score)).round() as usize).min(k)
}

/// Agreement of halves, by split, then by candidate.
fn scores(
    KeyedRows { gram, keys }: KeyedRows<'_>,
    candidates: &[usize],
    done: impl Fn() + Sync,
) -> Vec<Vec<f64>> {
    let rows = draw(keys, 0, MOST_ROWS);
    let part = (gram.len() > MOST_ROWS).then(|| gram.select(&rows));
    let gram = part.as_ref().unwrap_or(gram);
    let keys: Vec<u64> = rows.iter().map(|&row| keys[row]).collect();
    let n = gram.len();
    let halves: Vec<Vec<usize>> =
        (1..=SPLITS as u64).map(|round| draw(&keys, round, n / 2)).collect();
    halves
        .par_iter()
        .map(|half| {
            let scores = agreement_of_halves(gram, half, candidates);
            done();
            scores
        })
        .collect()
}

/// For every `k` how well what each half finds agrees with what the other says of it.
fn agreement_of_halves(gram: &Gram, half: &[usize], candidates: &[usize]) -> Vec<f64> {
    let mut in_half = vec![false; gram.len()];
    half.iter().for_each(|&row| in_half[row] = true);
    let rest: Vec<usize> = (0..gram.len()).filter(|&row| !in_half[row]).collect();
    let most = candidates.iter().copied().max().unwrap_or(1);
    let [of_half, of_rest] = [half, &rest].map(|rows| SampleCuts::of(gram, rows, most));
    let one_way = |of: &SampleCuts, by: &SampleCuts, rows: &[usize]| -> Vec<f64> {
        let agreement = |(&k, said): (&usize, &Vec<u16>)| {
            let said: Vec<u16> = rows.iter().map(|&row| said[row]).collect();
            Contingency::of(&of.of_sample(k), &said).adjusted_rand()
        };
        candidates.iter().zip(&by.of_all(candidates)).map(agreement).collect()
    };
    let of_rest_by_half = one_way(&of_rest, &of_half, &rest);
    let of_half_by_rest = one_way(&of_half, &of_rest, half);
    of_rest_by_half.iter().zip(&of_half_by_rest).map(|(a, b)| (a + b) / 2.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::row_keys::row_keys;
    use crate::cluster::tests::directions;
    use crate::geometry::{Matrix, canonical_order, n_distinct};

    fn chosen(rows: &Matrix) -> Chosen {
        let sorted = rows.select(&canonical_order(rows));
        let candidates = candidates(rows.rows(), n_distinct(&sorted));
        let keys = row_keys(sorted.iter_rows());
        let keyed = KeyedRows { gram: &Gram::of(&sorted), keys: &keys };
        choose(keyed, rows.rows(), &candidates, Detail::Normal, || ())
    }

    #[test]
    fn the_range_grows_with_the_corpus_and_is_never_empty() {
        let ends = |n| (candidates(n, n)[0], *candidates(n, n).last().unwrap());
        assert_eq!(ends(0), (1, 1));
        assert_eq!(ends(5), (1, 1));
        assert_eq!(ends(6), (2, 2));
        assert_eq!(ends(83), (2, 20));
        assert_eq!(ends(6000), (2, 60));
        for n in 0..3000 {
            let ks = candidates(n, n);
            assert!(ks.windows(2).all(|w| w[0] + 1 == w[1]) && ks.len() < MOST_CLUSTERS);
        }
        assert_eq!(candidates(40, 1), [1]);
        assert_eq!(candidates(40, 3), [2, 3]);
    }

    #[test]
    fn groups_that_are_there_are_counted() {
        for (groups, per, d, spread) in [
            (2, 40, 16, 0.5),
            (3, 30, 64, 0.9),
            (6, 25, 24, 0.7),
            (15, 12, 64, 0.8),
            (30, 10, 48, 0.6),
            (4, 10, 8, 0.35),
            (3, 8, 16, 0.6),
        ] {
            let found = chosen(&directions(groups, per, d, spread, 11));
            assert_eq!(found.k, groups, "{found:?}");
            assert_eq!(found.clearness, Some(1.0));
            let best = found.tried.iter().map(|t| t.1).fold(0.0, f64::max);
            assert!(best > 0.9, "{found:?}");
        }
    }

    #[test]
    fn the_finest_clear_peak_is_one_that_rises_from_a_dip() {
        let of = |scores: &[f64], error: f64| {
            let tried: Vec<(usize, f64)> = (2..).zip(scores.iter().copied()).collect();
            finest_clear_peak(&tried, &vec![error; scores.len()])
        };
        let nested = [0.88, 0.90, 0.83, 0.82, 0.85, 0.88, 0.80, 0.79, 0.60, 0.65];
        assert_eq!(of(&nested, 0.003), Some(7));
        // A rise within the error of the scores is none, nor one of groups that are not clear.
        assert_eq!(of(&nested, 0.02), None);
        assert_eq!(of(&nested.map(|score| score - 0.25), 0.003), None);
        assert_eq!(of(&[0.95, 0.90, 0.85, 0.85, 0.8], 0.0), None);
    }

    #[test]
    fn of_groups_of_groups_the_finer_are_specialisations_and_the_coarser_directions() {
        let coarse = directions(3, 1, 32, 0.0, 4);
        let mut rows = directions(9, 14, 32, 0.7, 5);
        for row in 0..rows.rows() {
            let own = coarse.row(row % 3).to_vec();
            rows.row_mut(row).iter_mut().zip(own).for_each(|(x, y)| *x += 1.6 * y);
        }
        rows.normalize_rows();
        let found = chosen(&rows);
        assert_eq!((found.k, found.n_directions), (9, 3), "{found:?}");
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
    fn without_groups_the_number_follows_the_number_of_rows() {
        for (n, k) in [(40, 9), (80, 13), (160, 19)] {
            let found = chosen(&directions(n, 1, 48, 0.0, 3));
            assert_eq!((found.k, found.clearness), (k, Some(0.0)), "{found:?}");
            assert_eq!(found.n_directions, directions_of(k));
        }
    }

    #[test]
    fn more_detail_is_more_of_both_levels() {
        let rows = directions(160, 1, 48, 0.0, 3);
        let sorted = rows.select(&canonical_order(&rows));
        let rows = KeyedRows { gram: &Gram::of(&sorted), keys: &row_keys(sorted.iter_rows()) };
        let numbers = [Detail::Coarse, Detail::Normal, Detail::Fine].map(|detail| {
            let found = choose(rows, 160, &candidates(160, 160), detail, || ());
            (found.k, found.n_directions)
        });
        assert_eq!(numbers, [(11, 7), (19, 10), (30, 12)]);
    }

    #[test]
    fn few_rows_leave_no_choice_and_copies_of_two_rows_are_two_groups() {
        let only = chosen(&directions(4, 1, 4, 0.0, 1));
        assert_eq!((only.k, only.tried.len()), (1, 0));
        assert_eq!(chosen(&Matrix::zeros(40, 2)).k, 1);
        let two = directions(2, 1, 8, 0.0, 1).select(&[0, 1].repeat(20));
        assert_eq!(chosen(&two).k, 2);
    }
}

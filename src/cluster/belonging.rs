//! How surely a row belongs to a cluster, and whether it is like the run at all: measured in one
//! way for every algorithm.
//!
//! Both come from the nearest rows of the run, and every scale is fitted to the run itself, since
//! the cosine of unrelated texts is another with every model.
//!
//! - **Shares.** Each of the nearest rows counts for its cluster with `exp(s / T)`, `s` being its
//!   cosine. `T` is the one at which the rows of the run, each left out in turn, are likeliest to
//!   have the labels that they have (temperature scaling: C. Guo et al., "On calibration of modern
//!   neural networks", ICML 2017). The share of the own cluster is the strength of a row.
//! - **Likeness.** The mean cosine of the three nearest rows, less half of what these have with
//!   their own nearest: near a sparse region less is enough. How many rows of the run, each left
//!   out in turn, are less like it than a new one is an empirical p-value; a row that is less like
//!   it than all but a few of those is of another trade.
//!
//! A row of the run often has a twin, the same posting in other words or another language, which
//! a new row has not. So the nearest row is left out when rows of the run are scored.

use serde::{Deserialize, Serialize};

use crate::clustering::{ClusterId, Label};
use crate::geometry::{Matrix, canonical_order, nearest_among};

/// Nearest rows that a row shares a cluster with, and those that its likeness is the mean of.
const N_SHARING: usize = 15;
const N_ALIKE: usize = 3;
/// Weight of how dense the region of the nearest rows is.
const DENSITY_WEIGHT: f64 = 0.5;
/// Fewer rows than this tell nothing of what is usual.
const FEWEST_ROWS: usize = 12;
/// Rows that new ones are compared with at most, and scores kept.
const MOST_ROWS: usize = 20_000;
const N_QUANTILES: usize = 200;
/// Rows of many whose neighbours are in memory at once.
const AT_ONCE: usize = 16_384;
/// At most this share of the rows of the run's own trades may be refused; the limit is so low that
/// a run of this size exceeds it in one case of ten.
const REFUSED: f64 = 0.04;
const ONE_IN_TEN: f64 = 1.2816;
/// With too few rows for that the limit lies below the least like row, by this share of the way
/// from it to the median.
const BELOW_LEAST: f64 = 0.25;
/// Temperatures tried, as parts of the usual range of the cosines of the nearest.
const TEMPERATURES: [f64; 9] = [0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0];
/// Chance that a row has any label, whatever its neighbours have.
const ANY_LABEL: f64 = 0.02;

/// What is usual in a run, and the labels of its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// The rows that new ones are compared with, ascending.
    rows: Vec<u32>,
    labels: Vec<Label>,
    /// Per row the mean cosine with its nearest but one and those after it.
    own: Vec<f32>,
    /// Quantiles of the likeness of the rows, ascending.
    quantiles: Vec<f32>,
    /// A row that is less like the run is of another trade.
    least: f32,
    temperature: f64,
}

/// Where a row belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Belonging {
    /// The share of each cluster, largest first; what is left of 1 goes to rows in no cluster.
    pub shares: Vec<(ClusterId, f32)>,
    /// The share of the run's own rows that are less like the run, in `[0, 1]`.
    pub likeness: f32,
    /// Whether it is like enough to be of the run's trades.
    pub is_alike: bool,
}

impl Belonging {
    /// The share of a cluster.
    pub fn share(&self, of: ClusterId) -> f32 {
        self.shares.iter().find(|&&(id, _)| id == of).map_or(0.0, |&(_, share)| share)
    }
}

/// Cosine and place of the nearest rows, nearest first.
type Near = Vec<(f64, usize)>;

impl Membership {
    /// From the unit rows of a run and their labels, and what is said of these rows; `None` for too
    /// few of them. Rows should be different.
    ///
    /// # Panics
    /// If there is not a label for every row.
    pub fn fit(rows: &Matrix, labels: &[Label]) -> Option<(Membership, Vec<Belonging>)> {
        assert_eq!(rows.rows(), labels.len(), "one label per row");
        if rows.rows() < FEWEST_ROWS {
            return None;
        }
        let kept = kept(rows);
        let base = rows.select(&kept);
        let labels: Vec<Label> = kept.iter().map(|&row| labels[row]).collect();
        let place = places(&kept, rows.rows());
        let others = |some: &[usize]| -> Vec<Near> {
            let near = nearest(&rows.select(some), &base, N_SHARING + 2);
            let of_row = |(near, row): (Near, &usize)| {
                near.into_iter().filter(|&(_, at)| Some(at) != place[*row]).collect()
            };
            near.into_iter().zip(some).map(of_row).collect()
        };
        let near_kept = others(&kept);
        let of_kept: Vec<&Near> = near_kept.iter().collect();
        let own: Vec<f32> =
            of_kept.iter().map(|near| mean_cosine(without_twin(near)) as f32).collect();
        let mut scores: Vec<f64> =
            of_kept.iter().map(|near| score(without_twin(near), &own)).collect();
        scores.sort_unstable_by(f64::total_cmp);
        let membership = Membership {
            rows: kept.iter().map(|&row| row as u32).collect(),
            temperature: temperature(&of_kept, &labels),
            labels,
            own,
            quantiles: quantiles(&scores),
            least: least(&scores) as f32,
        };
        let of_fitted = |near: &Near| Belonging { is_alike: true, ..membership.belonging(near) };
        if kept.len() == rows.rows() {
            let belongings = near_kept.iter().map(of_fitted).collect();
            return Some((membership, belongings));
        }
        let all: Vec<usize> = (0..rows.rows()).collect();
        let belongings = all
            .chunks(AT_ONCE)
            .flat_map(|some| others(some).iter().map(of_fitted).collect::<Vec<_>>())
            .collect();
        Some((membership, belongings))
    }

    /// The rows that new ones are compared with, by their number among those of the run.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().map(|&row| row as usize)
    }

    /// Where new rows belong, given the rows of the run.
    pub fn of_new(&self, fitted: &Matrix, new: &Matrix) -> Vec<Belonging> {
        let base = fitted.select(&self.rows().collect::<Vec<_>>());
        nearest(new, &base, N_SHARING).iter().map(|near| self.belonging(near)).collect()
    }

    fn belonging(&self, near: &Near) -> Belonging {
        let score = score(near, &self.own) as f32;
        let below = self.quantiles.partition_point(|&quantile| quantile < score);
        let mut shares: Vec<(ClusterId, f32)> = Vec::new();
        for (label, share) in shares_of(near, &self.labels, self.temperature) {
            if let Some(id) = label {
                shares.push((id, share as f32));
            }
        }
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Belonging {
            shares,
            likeness: below as f32 / self.quantiles.len().max(1) as f32,
            is_alike: score >= self.least,
        }
    }
}

/// All rows, or as many as are compared with, at equal steps of an order of their content.
fn kept(rows: &Matrix) -> Vec<usize> {
    let n = rows.rows();
    if n <= MOST_ROWS {
        return (0..n).collect();
    }
    let order = canonical_order(rows);
    let mut kept: Vec<usize> = (0..MOST_ROWS).map(|at| order[n * at / MOST_ROWS]).collect();
    kept.sort_unstable();
    kept
}

/// For each row its place among those kept.
fn places(kept: &[usize], n: usize) -> Vec<Option<usize>> {
    let mut place = vec![None; n];
    kept.iter().enumerate().for_each(|(at, &row)| place[row] = Some(at));
    place
}

/// Cosines of unit rows are `1 - d^2 / 2`.
fn nearest(rows: &Matrix, base: &Matrix, k: usize) -> Vec<Near> {
    let cosine = |&(squared, row): &(f64, usize)| (1.0 - squared / 2.0, row);
    let near = nearest_among(rows, base, k, |_| ());
    near.iter().map(|near| near.iter().map(cosine).collect()).collect()
}

fn without_twin(near: &[(f64, usize)]) -> &[(f64, usize)] {
    &near[1.min(near.len())..]
}

fn mean_cosine(near: &[(f64, usize)]) -> f64 {
    let near = &near[..N_ALIKE.min(near.len())];
    near.iter().map(|&(cosine, _)| cosine).sum::<f64>() / near.len().max(1) as f64
}

fn score(near: &[(f64, usize)], own: &[f32]) -> f64 {
    let alike = &near[..N_ALIKE.min(near.len())];
    let dense: f64 = alike.iter().map(|&(_, at)| f64::from(own[at])).sum();
    mean_cosine(near) - DENSITY_WEIGHT * dense / alike.len().max(1) as f64
}

/// The score below which a row is refused, of ascending scores: the lower tolerance limit, by the
/// normal approximation of how many of `n` rows fall below a quantile (S. S. Wilks,
/// "Determination of sample sizes for setting tolerance limits", 1941).
fn least(scores: &[f64]) -> f64 {
    let n = scores.len() as f64;
    let below = n * REFUSED - ONE_IN_TEN * (n * REFUSED * (1.0 - REFUSED)).sqrt();
    if below >= 1.0 {
        return scores[below as usize];
    }
    scores[0] - BELOW_LEAST * (scores[scores.len() / 2] - scores[0])
}

/// At most [`N_QUANTILES`] of the ascending scores, at equal steps.
fn quantiles(scores: &[f64]) -> Vec<f32> {
    let count = scores.len().min(N_QUANTILES);
    (0..count).map(|at| scores[scores.len() * at / count] as f32).collect()
}

/// The share of each label among the nearest, by label.
fn shares_of(near: &[(f64, usize)], labels: &[Label], temperature: f64) -> Vec<(Label, f64)> {
    let near = &near[..N_SHARING.min(near.len())];
    let Some(&(largest, _)) = near.first() else { return Vec::new() };
    let mut found: Vec<(Label, f64)> = Vec::new();
    let mut all = 0.0;
    for &(cosine, at) in near {
        let weight = ((cosine - largest) / temperature).exp();
        all += weight;
        match found.iter_mut().find(|(label, _)| *label == labels[at]) {
            Some((_, sum)) => *sum += weight,
            None => found.push((labels[at], weight)),
        }
    }
    found.iter_mut().for_each(|(_, sum)| *sum /= all);
    found
}

/// The temperature at which the labels of the rows are likeliest, twins left out.
fn temperature(near: &[&Near], labels: &[Label]) -> f64 {
    let mut ranges: Vec<f64> = near
        .iter()
        .filter_map(|near| Some(near.first()?.0 - near.get(N_SHARING.min(near.len()) - 1)?.0))
        .collect();
    ranges.sort_unstable_by(f64::total_cmp);
    let range = ranges.get(ranges.len() / 2).copied().unwrap_or(0.0).max(1e-6);
    let likelihood = |temperature: f64| -> f64 {
        let of_row = |(near, own): (&&Near, &Label)| {
            let shares = shares_of(without_twin(near), labels, temperature);
            let share = shares.iter().find(|(label, _)| label == own).map_or(0.0, |&(_, s)| s);
            ((1.0 - ANY_LABEL) * share + ANY_LABEL).ln()
        };
        near.iter().zip(labels).map(of_row).sum()
    };
    let tried = TEMPERATURES.map(|part| (likelihood(part * range), part * range));
    tried.iter().fold(tried[0], |best, &one| if one.0 > best.0 { one } else { best }).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::directions;

    fn group_labels(n: usize, groups: usize) -> Vec<Label> {
        (0..n).map(|row| Some(ClusterId((row % groups) as u32))).collect()
    }

    /// 300 rows around six directions, and a hundred more of each kind: own, others.
    fn corpus() -> (Matrix, Matrix, Matrix) {
        let all = directions(12, 40, 24, 0.7, 5);
        let of = |from: usize, to: usize, own: bool| {
            let rows: Vec<usize> = (0..480)
                .filter(|row| (from..to).contains(&(row / 12)) && (row % 12 < 6) == own)
                .collect();
            all.select(&rows)
        };
        (of(0, 30, true), of(30, 40, true), of(0, 10, false))
    }

    #[test]
    fn rows_of_other_trades_are_refused_and_own_ones_are_not() {
        let (run, own, others) = corpus();
        let (membership, _) = Membership::fit(&run, &group_labels(run.rows(), 6)).unwrap();
        let refused = |rows: &Matrix| {
            let found = membership.of_new(&run, rows);
            found.iter().filter(|belonging| !belonging.is_alike).count()
        };
        assert!(refused(&own) <= 3, "{} of {}", refused(&own), own.rows());
        assert!(refused(&others) >= 57, "{} of {}", refused(&others), others.rows());
    }

    #[test]
    fn shares_are_of_the_groups_around_and_never_more_than_all() {
        let (run, own, _) = corpus();
        let labels = group_labels(run.rows(), 6);
        let (membership, fitted) = Membership::fit(&run, &labels).unwrap();
        let right = fitted
            .iter()
            .zip(&labels)
            .filter(|(belonging, label)| belonging.shares.first().map(|&(id, _)| id) == **label);
        assert!(right.count() > 170);
        for belonging in membership.of_new(&run, &own) {
            let sum: f32 = belonging.shares.iter().map(|&(_, share)| share).sum();
            assert!((sum - 1.0).abs() < 1e-4 && (0.0..=1.0).contains(&belonging.likeness));
        }
    }

    #[test]
    fn it_is_stored_and_read_and_a_row_alone_gets_what_it_gets_in_a_batch() {
        let (run, own, others) = corpus();
        let (membership, _) = Membership::fit(&run, &group_labels(run.rows(), 6)).unwrap();
        let json = serde_json::to_string(&membership).unwrap();
        let read: Membership = serde_json::from_str(&json).unwrap();
        assert_eq!(read, membership);
        for rows in [&own, &others] {
            let together = membership.of_new(&run, rows);
            for (row, expected) in together.iter().enumerate() {
                assert_eq!(&read.of_new(&run, &rows.select(&[row]))[0], expected);
            }
        }
    }

    #[test]
    fn a_handful_of_rows_tells_nothing_and_equal_rows_are_fine() {
        assert!(Membership::fit(&Matrix::zeros(11, 2), &[None; 11]).is_none());
        let equal = Matrix::new(20, 1, vec![1.0; 20]).unwrap();
        let (membership, _) = Membership::fit(&equal, &group_labels(20, 1)).unwrap();
        assert!(membership.of_new(&equal, &equal).iter().all(|b| b.is_alike));
        let far = Matrix::new(1, 1, vec![-1.0]).unwrap();
        assert!(!membership.of_new(&equal, &far)[0].is_alike);
    }

    #[test]
    fn the_limit_leaves_room_for_chance() {
        let scores: Vec<f64> = (0..1500).map(f64::from).collect();
        // Not 60, which is 4 %.
        assert_eq!(least(&scores), 50.0);
        assert_eq!(least(&scores[..20]), -2.5);
    }
}

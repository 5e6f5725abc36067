//! HDBSCAN of many samples at all sizes: the groups on which they agree.
//!
//! With few rows even the clusters that last over many sizes hang on single rows: one role more
//! joins two dense regions. So samples of the rows are clustered, each at every smallest cluster
//! size, and the share of clusterings in which two rows are in one cluster is their similarity
//! (A. L. N. Fred and A. K. Jain, "Combining multiple clusterings using evidence accumulation",
//! IEEE TPAMI 27 (2005)), each size weighed by the range it stands for. Average linkage of it is
//! cut where rows are together in half of the clusterings; groups too small to be one are noise.
//!
//! Which rows a sample holds follows from their content: no seed, no row order and no thread
//! changes anything.

use rayon::prelude::*;

use super::choose_size::{self, SizedCut};
use super::detail::Detail;
use super::hdbscan::{HdbscanError, HdbscanParams, Tree};
use super::merge_tree::MergeTree;
use super::row_keys::{draw, row_keys};
use crate::contingency::Contingency;
use crate::geometry::Matrix;
use crate::progress::{Progress, Silent};
use crate::project::Diffusion;

/// More different rows than this have one tree: similarities take memory as their square, and
/// single rows decide little.
pub(super) const MOST_ROWS: usize = 3000;
/// Fewer different rows than this have no regions to sample.
pub(super) const FEWEST_ROWS: usize = 30;

/// Share of the rows in a sample, as for k-means. With 60 samples of 0.8 the clusters of two nine
/// tenths of 166 postings agreed at 0.71 instead of 0.76 (adjusted Rand index), and less with people's.
const SAMPLE_SHARE: f64 = 0.65;
/// Samples: as many as take about the same time, within bounds.
const SAMPLED_ROWS: usize = 48_000;
const FEWEST_SAMPLES: usize = 16;
const MOST_SAMPLES: usize = 160;

/// Rows of a cluster are together in at least this share of the clusterings.
const MAJORITY: f32 = 0.5;
/// A cluster holds at least three rows, and this share of the square root of their number.
const FEWEST_IN_CLUSTER: usize = 3;
const OF_ROOT: f64 = 0.2;

/// No cluster, in lines of labels.
const NOISE: u16 = u16::MAX;

/// What the samples agree on, by different row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Agreement {
    pub(super) labels: Vec<Option<usize>>,
    /// How often a row is with the others of its cluster, in `[0, 1]`; 0 for noise.
    pub(super) strengths: Vec<f32>,
    /// For each size how far its clusters agree with these, ascending.
    pub(super) sizes: Vec<(usize, f64)>,
    pub(super) n_samples: usize,
}

/// Clusters samples of different rows (`m x d`, in canonical order) that stand for
/// `weights` roles each.
pub(super) fn agreement(
    rows: &Matrix,
    diffusion: &Diffusion,
    weights: &[usize],
    (base, detail): (&HdbscanParams, Detail),
    progress: &dyn Progress,
) -> Result<Agreement, HdbscanError> {
    let m = rows.rows();
    let n_samples = (SAMPLED_ROWS / m.max(1)).clamp(FEWEST_SAMPLES, MOST_SAMPLES);
    let in_sample = ((m as f64 * SAMPLE_SHARE).round() as usize).min(m);
    let keys = row_keys(rows.iter_rows());
    progress.start("clustering samples", n_samples as u64);
    let samples: Vec<Sample> = (0..n_samples as u64)
        .into_par_iter()
        .map(|round| {
            let sample =
                Sample::of(draw(&keys, round, in_sample), diffusion, weights, (base, detail));
            progress.advance(1);
            sample
        })
        .collect::<Result<_, _>>()?;
    progress.finish();
    let together = together(&samples, m);
    let distances = together.iter().map(|share| 1.0 - share).collect();
    let sizes = weights.iter().map(|&weight| weight as f32).collect();
    let groups = MergeTree::average(distances, sizes).cut_at(1.0 - MAJORITY);
    let clustered: Vec<f32> = (0..m).map(|row| together[row * m + row]).collect();
    let labels = large(&groups, weights, &clustered, detail);
    let strengths = strengths(&together, &labels);
    let sizes = by_size(&samples, &labels);
    Ok(Agreement { labels, strengths, sizes, n_samples })
}

/// The clusterings of one sample.
struct Sample {
    /// Its rows, ascending.
    rows: Vec<usize>,
    /// For each of all rows its place in the sample.
    place: Vec<Option<u32>>,
    cuts: Vec<SizedCut>,
    /// The weights of the cuts, summing to 1.
    weights: Vec<f32>,
    /// Per row of the sample its label in every cut.
    lines: Vec<u16>,
}

impl Sample {
    fn of(
        rows: Vec<usize>,
        diffusion: &Diffusion,
        weights: &[usize],
        (base, detail): (&HdbscanParams, Detail),
    ) -> Result<Self, HdbscanError> {
        let places = diffusion.of_sample(&rows);
        let repeated = |(at, &row): (usize, &usize)| std::iter::repeat_n(at, weights[row]);
        let source: Vec<usize> = rows.iter().enumerate().flat_map(repeated).collect();
        let mut first = vec![0; rows.len()];
        source.iter().enumerate().rev().for_each(|(at, &row)| first[row] = at);
        let min_samples = base.min_samples.map(|given| given.min(source.len()));
        let base = HdbscanParams { min_samples, ..base.clone() };
        let min_samples = base.resolved_min_samples(source.len());
        let tree = Tree::build(&places.select(&source), min_samples, &Silent)?;
        let cuts = choose_size::cuts(&tree, &base, detail, &first)?;
        let all: f64 = cuts.iter().map(|cut| cut.weight).sum();
        let mut place = vec![None; weights.len()];
        (0..).zip(&rows).for_each(|(at, &row)| place[row] = Some(at));
        let number = |label: Option<usize>| label.map_or(NOISE, |label| label as u16);
        let line = |at: usize| cuts.iter().map(move |cut| number(cut.labels[at]));
        let lines = (0..rows.len()).flat_map(line).collect();
        let weights = cuts.iter().map(|cut| (cut.weight / all) as f32).collect();
        Ok(Sample { rows, place, cuts, weights, lines })
    }

    fn line(&self, at: usize) -> &[u16] {
        let length = self.weights.len();
        &self.lines[at * length..(at + 1) * length]
    }
}

/// The weighted share of clusterings in which two rows are in one cluster, of those that hold
/// both: `m x m`.
fn together(samples: &[Sample], m: usize) -> Vec<f32> {
    let mut shares = vec![0.0f32; m * m];
    shares.par_chunks_mut(m.max(1)).enumerate().for_each(|(row, shares)| {
        let mut counts = vec![0u16; m];
        for sample in samples {
            let Some(at) = sample.place[row] else { continue };
            let own = sample.line(at as usize);
            for (other_at, &other) in sample.rows.iter().enumerate() {
                counts[other] += 1;
                let labels = own.iter().zip(sample.line(other_at));
                for ((&a, &b), weight) in labels.zip(&sample.weights) {
                    shares[other] += if a == b && a != NOISE { *weight } else { 0.0 };
                }
            }
        }
        for (share, &count) in shares.iter_mut().zip(&counts) {
            *share /= f32::from(count.max(1));
        }
    });
    shares
}

/// The groups that are large enough, renumbered; the rest is noise. A row alone, however often it
/// is there, is a group when it is `clustered` in most clusterings.
fn large(
    groups: &[usize],
    weights: &[usize],
    clustered: &[f32],
    detail: Detail,
) -> Vec<Option<usize>> {
    let n_groups = groups.iter().max().map_or(0, |most| most + 1);
    let mut sizes = vec![0usize; n_groups];
    for ((&group, &weight), &share) in groups.iter().zip(weights).zip(clustered) {
        sizes[group] += if share >= MAJORITY { weight } else { 0 };
    }
    let n: usize = weights.iter().sum();
    let root = (n as f64).sqrt() / detail.factor();
    let least = ((root * OF_ROOT).round() as usize).max(FEWEST_IN_CLUSTER);
    let kept: Vec<usize> = (0..n_groups).filter(|&group| sizes[group] >= least).collect();
    let mut number = vec![None; n_groups];
    kept.iter().enumerate().for_each(|(new, &group)| number[group] = Some(new));
    groups.iter().map(|&group| number[group]).collect()
}

/// The mean share of a row with the others of its cluster; 1 where it is alone.
fn strengths(together: &[f32], labels: &[Option<usize>]) -> Vec<f32> {
    let m = labels.len();
    let strength = |row: usize| {
        if labels[row].is_none() {
            return 0.0;
        }
        let others = (0..m).filter(|&other| other != row && labels[other] == labels[row]);
        let (sum, count) = others
            .fold((0.0f64, 0usize), |(s, c), o| (s + f64::from(together[row * m + o]), c + 1));
        if count == 0 { 1.0 } else { (sum / count as f64).clamp(0.0, 1.0) as f32 }
    };
    (0..m).into_par_iter().map(strength).collect()
}

/// For each size the mean adjusted Rand index of its cuts with the labels.
fn by_size(samples: &[Sample], labels: &[Option<usize>]) -> Vec<(usize, f64)> {
    let mut sums: std::collections::BTreeMap<usize, (f64, usize)> = Default::default();
    for sample in samples {
        let own: Vec<Option<usize>> = sample.rows.iter().map(|&row| labels[row]).collect();
        for cut in &sample.cuts {
            let rand = Contingency::of(&cut.labels, &own).adjusted_rand();
            let sum = sums.entry(cut.size).or_insert((0.0, 0));
            *sum = (sum.0 + rand, sum.1 + 1);
        }
    }
    sums.into_iter().map(|(size, (sum, count))| (size, sum / count as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Neighborhoods;

    fn number(i: usize) -> f32 {
        ((i * i % 7919) as f32 * 0.71).sin()
    }

    /// Five groups of 24 rows; a fifth of the rows of each stand farther out.
    fn groups(loose: f32) -> Matrix {
        let at = |i: usize| {
            let (row, column) = (i / 24, i % 24);
            number(row % 5 * 311 + column * 7) + loose * number(i + 4000)
        };
        let mut rows = Matrix::new(120, 24, (0..120 * 24).map(at).collect()).unwrap();
        rows.normalize_rows();
        rows
    }

    fn found(rows: &Matrix, weights: &[usize]) -> (Agreement, Vec<usize>) {
        let near = Neighborhoods::of(rows, 0);
        let diffusion = Diffusion::of(&near, &Silent).unwrap();
        let base = HdbscanParams { min_samples: Some(3), ..HdbscanParams::default() };
        let distinct = near.distinct(&Silent);
        let agreement =
            agreement(distinct, &diffusion, weights, (&base, Detail::Normal), &Silent).unwrap();
        (agreement, near.distinct_of(&Silent).to_vec())
    }

    #[test]
    fn groups_are_found_and_their_rows_stay_together() {
        let rows = groups(0.7);
        let (found, place) = found(&rows, &[1; 120]);
        let labels: Vec<Option<usize>> = place.iter().map(|&at| found.labels[at]).collect();
        let groups: Vec<usize> = (0..120).map(|row| row % 5).collect();
        let rand = Contingency::of(&groups, &labels).adjusted_rand();
        assert!(rand > 0.9, "{rand} {:?}", found.sizes);
        assert!(found.strengths.iter().all(|strength| (0.0..=1.0).contains(strength)));
        let mean = found.strengths.iter().sum::<f32>() / 120.0;
        assert!(mean > 0.7, "{mean}");
        assert_eq!(found.n_samples, MOST_SAMPLES);
    }

    #[test]
    fn neither_row_order_nor_threads_matter() {
        let rows = groups(1.3);
        let (first, place) = found(&rows, &[1; 120]);
        let order: Vec<usize> = (0..120).map(|i| (i * 77 + 5) % 120).collect();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let (again, turned) = pool.install(|| found(&rows.select(&order), &[1; 120]));
        assert_eq!(first, again);
        for (new, &old) in order.iter().enumerate() {
            assert_eq!(turned[new], place[old]);
        }
    }

    #[test]
    fn small_groups_are_noise_unless_they_stand_for_many() {
        let shares = [0.9, 0.9, 0.9, 0.9, 0.9, 0.8];
        let groups = [0, 0, 0, 1, 1, 2];
        let labels = |weights: &[usize]| large(&groups, weights, &shares, Detail::Normal);
        assert_eq!(labels(&[1; 6]), [Some(0), Some(0), Some(0), None, None, None]);
        let heavy = labels(&[1, 1, 1, 1, 1, 20]);
        assert_eq!(heavy, [Some(0), Some(0), Some(0), None, None, Some(1)]);
        let noise = [0.9, 0.9, 0.9, 0.9, 0.9, 0.3];
        assert_eq!(large(&groups, &[1, 1, 1, 1, 1, 20], &noise, Detail::Normal)[5], None);
    }
}

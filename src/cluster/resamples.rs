//! Clusterings of many samples of the rows, each for several numbers of clusters.
//!
//! Each sample holds 65 % of the rows. It is cut from Ward's tree into several numbers of
//! clusters, and the nearest means say where all other rows belong. Half of the rows would smooth
//! more but give other groups than the whole has; with 80 % single rows decide again.

use rayon::prelude::*;

use super::gram::Gram;
use super::row_keys::draw;
use super::sample_cuts::SampleCuts;

/// Share of the rows in a sample.
const SHARE: f64 = 0.65;

/// Samples: this many up to so many rows, above that as many as take the same time, but never
/// fewer than the least.
const MOST_SAMPLES: usize = 200;
const ALL_SAMPLES_ROWS: usize = 400;
const FEWEST_SAMPLES: usize = 24;

/// Samples drawn before these are those of other uses of the same keys.
const FIRST_ROUND: u64 = 1 << 32;

/// Labels of all rows after each sample.
#[derive(Debug)]
pub(super) struct Resamples {
    n: usize,
    /// By number of clusters, ascending: for each sample a label per row.
    by_k: Vec<(usize, Vec<Vec<u16>>)>,
}

/// How many samples `n` rows are worth.
pub(super) fn n_samples(n: usize) -> usize {
    let same_time = MOST_SAMPLES * ALL_SAMPLES_ROWS * ALL_SAMPLES_ROWS / (n * n).max(1);
    same_time.clamp(FEWEST_SAMPLES, MOST_SAMPLES)
}

/// How many rows a sample of `n` has.
pub(super) fn sample_size(n: usize) -> usize {
    ((n as f64 * SHARE).round() as usize).clamp(1.min(n), n)
}

impl Resamples {
    /// Clusters samples of the rows of `gram` into each of `ks`, ascending; `done` is called
    /// after each sample.
    pub(super) fn of(gram: &Gram, keys: &[u64], ks: &[usize], done: impl Fn() + Sync) -> Self {
        let n = gram.len();
        let rounds: Vec<u64> = (0..n_samples(n) as u64).map(|at| FIRST_ROUND + at).collect();
        let by_sample: Vec<Vec<Vec<u16>>> = rounds
            .par_iter()
            .map(|&round| {
                let labels = labels_after(gram, &draw(keys, round, sample_size(n)), ks);
                done();
                labels
            })
            .collect();
        let of_k = |at: usize| by_sample.iter().map(|labels| labels[at].clone()).collect();
        Resamples { n, by_k: ks.iter().enumerate().map(|(at, &k)| (k, of_k(at))).collect() }
    }

    /// How often each two rows fall into one cluster, over the samples and the numbers of
    /// clusters that `is_meant` picks.
    pub(super) fn together(&self, is_meant: impl Fn(usize) -> bool) -> Together {
        let picked: Vec<&Vec<u16>> =
            self.by_k.iter().filter(|(k, _)| is_meant(*k)).flat_map(|(_, labels)| labels).collect();
        let n = self.n;
        let of_row = |row: usize| picked.iter().map(move |labels| labels[row]);
        let lines: Vec<u16> = (0..n).flat_map(of_row).collect();
        let length = picked.len();
        let line = |row: usize| &lines[row * length..(row + 1) * length];
        let mut shares = vec![0.0f32; n * n];
        shares.par_chunks_mut(n.max(1)).enumerate().for_each(|(row, to)| {
            for (other, to) in to.iter_mut().enumerate() {
                let equal = line(row).iter().zip(line(other)).filter(|(a, b)| a == b).count();
                *to = equal as f32 / length.max(1) as f32;
            }
        });
        Together { n, shares }
    }
}

/// The share of clusterings in which two rows are in one cluster (A. L. N. Fred and A. K. Jain,
/// "Combining multiple clusterings using evidence accumulation", IEEE TPAMI 27 (2005)).
#[derive(Debug)]
pub(super) struct Together {
    n: usize,
    /// `n x n`, in `[0, 1]`.
    shares: Vec<f32>,
}

impl Together {
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The shares of a row with all rows.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.shares[row * self.n..(row + 1) * self.n]
    }

    /// The mean share of a row with the other rows of each of `k` clusters; 0 for a cluster that
    /// has no other row. A label that is not in `0..k` is no cluster.
    pub(super) fn affinities(&self, row: usize, labels: &[usize], k: usize) -> Vec<f64> {
        let (mut sums, mut counts) = (vec![0.0f64; k], vec![0usize; k]);
        for (other, (&label, &share)) in labels.iter().zip(self.row(row)).enumerate() {
            if other != row && label < k {
                sums[label] += f64::from(share);
                counts[label] += 1;
            }
        }
        sums.iter().zip(&counts).map(|(sum, &count)| sum / count.max(1) as f64).collect()
    }

    /// The mean share between the rows of each two of `k` clusters, line by line. A label that is
    /// not in `0..k` is no cluster.
    pub(super) fn between(&self, labels: &[usize], k: usize) -> Vec<f64> {
        let mut sizes = vec![0.0f64; k];
        let clustered = |&(_, &label): &(usize, &usize)| label < k;
        labels.iter().enumerate().filter(clustered).for_each(|(_, &label)| sizes[label] += 1.0);
        let mut sums = vec![0.0f64; k * k];
        for (row, &own) in labels.iter().enumerate().filter(clustered) {
            let shares = labels.iter().zip(self.row(row)).filter(|&(&label, _)| label < k);
            for (&label, &share) in shares {
                sums[own * k + label] += f64::from(share);
            }
        }
        for a in 0..k {
            (0..k).for_each(|b| sums[a * k + b] /= (sizes[a] * sizes[b]).max(1.0));
        }
        sums
    }
}

/// For each of `ks` the labels of all rows, when those of `sample` are clustered.
fn labels_after(gram: &Gram, sample: &[usize], ks: &[usize]) -> Vec<Vec<u16>> {
    let cuts = SampleCuts::of(gram, sample, ks.iter().copied().max().unwrap_or(1));
    cuts.of_all(ks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::row_keys::row_keys;
    use crate::cluster::tests::directions;
    use crate::geometry::canonical_order;

    #[test]
    fn rows_of_one_group_stay_together_and_the_fine_cuts_refine_the_coarse() {
        let rows = directions(4, 15, 16, 0.4, 7);
        let order = canonical_order(&rows);
        let sorted = rows.select(&order);
        let resamples =
            Resamples::of(&Gram::of(&sorted), &row_keys(sorted.iter_rows()), &[2, 4, 8], || ());
        let four = resamples.together(|k| k == 4);
        assert_eq!(four.len(), 60);
        for (at, &row) in order.iter().enumerate() {
            for (other, &share) in four.row(at).iter().enumerate() {
                let same = row % 4 == order[other] % 4;
                assert_eq!(share, f32::from(u8::from(same)), "{row} {}", order[other]);
            }
        }
        let groups: Vec<usize> = order.iter().map(|row| row % 4).collect();
        let (two, eight) = (resamples.together(|k| k == 2), resamples.together(|k| k == 8));
        let inner = |together: &Together| together.between(&groups, 4)[0];
        assert!(inner(&two) > 0.95 && inner(&eight) < 0.9);
        assert!(four.affinities(0, &groups, 4)[groups[0]] == 1.0);
    }
}

//! Lloyd's iterations over many rows: products in blocks, and only for rows whose nearest
//! centroid may have changed.
//!
//! Each row keeps an upper bound on the distance to its centroid and a lower bound on the
//! distance to every other; both are moved by how far centroids moved, and while the upper
//! stays below the lower nothing need be computed (G. Hamerly, "Making k-means even
//! faster", SDM 2010). Bounds carry the rounding error of the products, so that pruned and
//! plain iterations give the same labels.

use rayon::prelude::*;

use super::nearest::{Centroids, ROWS_PER_BLOCK};
use crate::geometry::{Matrix, TwoLowest, squared_distance, squared_length};

/// Bounds are widened by this share, for the roundings outside the products.
const WIDEN: f32 = 1e-6;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// After so many iterations.
    pub(super) max_iterations: usize,
    /// When the squared shifts of all centroids sum up to at most this.
    pub(super) shift: f64,
}

/// Whether centroids are means or means scaled to unit length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    AsIs,
    Unit,
}

/// How the iterations went.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) iterations: usize,
    /// Why the device was given up, if it was.
    pub(super) failure: Option<String>,
}

/// Scores of all rows computed elsewhere: given centroids (`k x d`) and half their squared
/// lengths, the two lowest of `half_square - row . centroid` for every row, or why not.
pub(super) type RemoteScores<'a> = dyn Fn(&Matrix, &[f32]) -> Result<Vec<TwoLowest>, String> + 'a;

/// Moves `centroids` to a local optimum for `rows`. With `remote` scores all rows are compared
/// with all centroids in every iteration; the result is the same. Where that fails, the
/// iterations go on without.
pub(super) fn lloyd(
    rows: &Matrix,
    centroids: &mut Matrix,
    scale: Scale,
    stop: Stop,
    mut remote: Option<&RemoteScores>,
) -> Course {
    let mut course = Course::default();
    let mut state = State::new(rows, centroids.rows());
    while course.iterations < stop.max_iterations {
        course.iterations += 1;
        let changes = remote.and_then(|scores| {
            let changes = state.assign_by(rows, centroids, scores);
            changes.map_err(|reason| course.failure = Some(reason)).ok()
        });
        let changes = changes.unwrap_or_else(|| {
            remote = None;
            state.assign(rows, centroids)
        });
        if changes.is_empty() {
            break;
        }
        state.move_rows(rows, &changes);
        state.fill_empty(rows, centroids);
        if state.update(centroids, scale) <= stop.shift {
            break;
        }
    }
    course
}

const NONE: u32 = u32::MAX;

/// A row that went from one cluster ([`NONE`] at first) to another.
#[derive(Debug, Clone, Copy)]
struct Change {
    row: usize,
    from: u32,
    to: u32,
}

struct State {
    /// `n`: cluster of each row.
    labels: Vec<u32>,
    /// `n`: at least the distance to the own centroid.
    upper: Vec<f32>,
    /// `n`: at most the distance to any other centroid.
    lower: Vec<f32>,
    /// `n`: squared length of each row.
    squares: Vec<f32>,
    /// `k x d`: sum of the rows of each cluster.
    sums: Vec<Vec<f64>>,
    /// `k`: number of rows of each cluster.
    sizes: Vec<usize>,
    /// `k`: how far each centroid moved last, rounded up.
    drifts: Vec<f32>,
}

impl State {
    fn new(rows: &Matrix, k: usize) -> Self {
        let n = rows.rows();
        let squares = rows.as_slice().par_chunks(rows.cols().max(1));
        State {
            labels: vec![NONE; n],
            upper: vec![f32::INFINITY; n],
            lower: vec![0.0; n],
            squares: squares.map(|row| squared_length(row) as f32).collect(),
            sums: vec![vec![0.0; rows.cols()]; k],
            sizes: vec![0; k],
            drifts: vec![0.0; k],
        }
    }

    /// Gives every row its nearest centroid and returns the rows that moved, ascending.
    fn assign(&mut self, rows: &Matrix, centroids: &Matrix) -> Vec<Change> {
        let view = Centroids::new(centroids);
        let apart = half_separations(centroids);
        let (most, most_at, next) = two_highest(&self.drifts);
        let drifts = &self.drifts;
        let blocks = (self.labels.par_chunks_mut(ROWS_PER_BLOCK))
            .zip(self.upper.par_chunks_mut(ROWS_PER_BLOCK))
            .zip(self.lower.par_chunks_mut(ROWS_PER_BLOCK))
            .zip(self.squares.par_chunks(ROWS_PER_BLOCK))
            .enumerate();
        let block = |(at, (((labels, upper), lower), squares)): (usize, BlockState)| {
            let first = at * ROWS_PER_BLOCK;
            let mut open = Vec::with_capacity(labels.len());
            for i in 0..labels.len() {
                let label = labels[i] as usize;
                if labels[i] != NONE {
                    upper[i] = (upper[i] + drifts[label]) * (1.0 + WIDEN);
                    let drift = if label == most_at { next } else { most };
                    lower[i] = ((lower[i] - drift) * (1.0 - WIDEN)).max(0.0);
                    let bound = lower[i].max(apart[label]);
                    if upper[i] < bound {
                        continue;
                    }
                    let exact = squared_distance(rows.row(first + i), centroids.row(label));
                    upper[i] = exact.sqrt() as f32 * (1.0 + WIDEN);
                    if upper[i] < bound {
                        continue;
                    }
                }
                open.push(i);
            }
            let mut gathered = Vec::with_capacity(open.len() * rows.cols());
            open.iter().for_each(|&i| gathered.extend_from_slice(rows.row(first + i)));
            let k = centroids.rows();
            let mut scores = vec![0.0; open.len() * k];
            view.scores(&gathered, &mut scores);
            let mut changes = Vec::new();
            for (&i, scores) in open.iter().zip(scores.chunks_exact(k)) {
                let slack = view.slack(squares[i].sqrt());
                let TwoLowest { at: mut to, least, second } = TwoLowest::of(scores);
                if second - least > 2.0 * slack {
                    let distance = |score: f32| (squares[i] + 2.0 * score).max(0.0).sqrt();
                    upper[i] = distance(least + 2.0 * slack) * (1.0 + WIDEN);
                    lower[i] = distance(second - 2.0 * slack) * (1.0 - WIDEN);
                } else {
                    let nearest = view.resolve(rows.row(first + i), scores);
                    to = nearest.first;
                    upper[i] = nearest.squared.sqrt() as f32 * (1.0 + WIDEN);
                    let other = nearest.second.map_or(f64::INFINITY, |(_, squared)| squared);
                    lower[i] = other.sqrt() as f32 * (1.0 - WIDEN);
                }
                if labels[i] != to as u32 {
                    changes.push(Change { row: first + i, from: labels[i], to: to as u32 });
                    labels[i] = to as u32;
                }
            }
            changes
        };
        blocks.flat_map_iter(block).collect()
    }

    /// The same with scores computed elsewhere. Bounds stay as they were initialised, so that
    /// [`State::assign`] may go on from here.
    fn assign_by(
        &mut self,
        rows: &Matrix,
        centroids: &Matrix,
        scores: &RemoteScores,
    ) -> Result<Vec<Change>, String> {
        let view = Centroids::new(centroids);
        let scored = scores(centroids, view.half_squares())?;
        let is_close = |(scored, squared): (&TwoLowest, &f32)| {
            scored.second - scored.least <= 2.0 * view.slack(squared.sqrt())
        };
        let close: Vec<bool> = scored.iter().zip(&self.squares).map(is_close).collect();
        let open: Vec<usize> = (0..rows.rows()).filter(|&row| close[row]).collect();
        let mut resolved = view.two_nearest(&rows.select(&open)).into_iter();
        let mut changes = Vec::new();
        for (row, (scored, close)) in scored.iter().zip(close).enumerate() {
            let nearest = if close { resolved.next().map(|nearest| nearest.first) } else { None };
            let (from, to) = (self.labels[row], nearest.unwrap_or(scored.at) as u32);
            if from != to {
                changes.push(Change { row, from, to });
                self.labels[row] = to;
            }
        }
        Ok(changes)
    }

    /// Takes rows out of the sums they were in and adds them where they are now.
    fn move_rows(&mut self, rows: &Matrix, changes: &[Change]) {
        let mut of_cluster: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.sums.len()];
        for change in changes {
            if change.from != NONE {
                of_cluster[change.from as usize].push((change.row, -1.0));
                self.sizes[change.from as usize] -= 1;
            }
            of_cluster[change.to as usize].push((change.row, 1.0));
            self.sizes[change.to as usize] += 1;
        }
        self.sums.par_iter_mut().zip(of_cluster).for_each(|(sum, moves)| {
            for (row, sign) in moves {
                let numbers = rows.row(row).iter();
                sum.iter_mut().zip(numbers).for_each(|(s, &x)| *s += sign * f64::from(x));
            }
        });
    }

    /// Gives an empty cluster the row farthest from its centroid, out of a cluster of more
    /// than one.
    fn fill_empty(&mut self, rows: &Matrix, centroids: &Matrix) {
        if !self.sizes.contains(&0) {
            return;
        }
        let to_own =
            |row| squared_distance(rows.row(row), centroids.row(self.labels[row] as usize));
        let mut distances: Vec<f64> = (0..rows.rows()).into_par_iter().map(to_own).collect();
        for cluster in 0..self.sizes.len() {
            if self.sizes[cluster] > 0 {
                continue;
            }
            let spare = (0..rows.rows()).filter(|&row| self.sizes[self.labels[row] as usize] > 1);
            let farther =
                |a: &usize, b: &usize| distances[*a].total_cmp(&distances[*b]).then(b.cmp(a));
            let Some(row) = spare.max_by(farther) else { return };
            let change = Change { row, from: self.labels[row], to: cluster as u32 };
            self.move_rows(rows, &[change]);
            self.labels[row] = cluster as u32;
            (self.upper[row], self.lower[row]) = (f32::INFINITY, 0.0);
            distances[row] = 0.0;
        }
    }

    /// Moves the centroids to the means and returns the sum of their squared shifts.
    fn update(&mut self, centroids: &mut Matrix, scale: Scale) -> f64 {
        let before = centroids.clone();
        for (cluster, sum) in self.sums.iter().enumerate() {
            let size = self.sizes[cluster] as f64;
            if size > 0.0 {
                write_mean(sum, size, scale, centroids.row_mut(cluster));
            }
        }
        let shifts: Vec<f64> = (before.iter_rows().zip(centroids.iter_rows()))
            .map(|(old, new)| squared_distance(old, new))
            .collect();
        self.drifts = shifts.iter().map(|s| s.sqrt() as f32 * (1.0 + WIDEN)).collect();
        shifts.iter().sum()
    }
}

type BlockState<'a> = (((&'a mut [u32], &'a mut [f32]), &'a mut [f32]), &'a [f32]);

/// The mean of rows that sum up to `sum`, scaled if asked for; a zero mean stays zero.
pub(super) fn write_mean(sum: &[f64], size: f64, scale: Scale, out: &mut [f32]) {
    let length = match scale {
        Scale::AsIs => size,
        Scale::Unit => sum.iter().map(|x| x * x).sum::<f64>().sqrt(),
    };
    let divisor = if length > 0.0 { length } else { 1.0 };
    out.iter_mut().zip(sum).for_each(|(to, x)| *to = (x / divisor) as f32);
}

/// Half the distance from each centroid to its nearest other one, rounded down: a row
/// nearer than that to its centroid has no nearer one.
fn half_separations(centroids: &Matrix) -> Vec<f32> {
    let k = centroids.rows();
    let nearest_other = |i: usize| {
        let others = (0..k).filter(|&j| j != i);
        let squared = others.map(|j| squared_distance(centroids.row(i), centroids.row(j)));
        squared.fold(f64::INFINITY, f64::min).sqrt() as f32 / 2.0 * (1.0 - WIDEN)
    };
    (0..k).into_par_iter().map(nearest_other).collect()
}

/// The highest number, its place, and the next highest.
fn two_highest(numbers: &[f32]) -> (f32, usize, f32) {
    let (mut most, mut at, mut next) = (0.0, usize::MAX, 0.0);
    for (place, &number) in numbers.iter().enumerate() {
        if number > most {
            next = most;
            most = number;
            at = place;
        } else if number > next {
            next = number;
        }
    }
    (most, at, next)
}

#[cfg(test)]
mod tests;

//! Partition tree: an order of rows in which near rows are near each other.
//!
//! All rows are split between two means, each part again, and so on: a binary tree whose leaves,
//! read from left to right, are the order (S. Dasgupta and Y. Freund, "Random projection
//! trees and low dimensional manifolds", STOC 2008, with means in place of random
//! directions). Consecutive rows then form compact blocks, so that a search that cannot
//! afford all pairs of rows looks at pairs of near blocks.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use super::{Matrix, canonical_order, inner_product, squared_distance, squared_length};

/// Parts of at most this many rows are not split further.
const LEAF: usize = 256;
/// Rows sampled to find the two means of a part.
const SAMPLE: usize = 256;
/// Iterations of 2-means.
const ROUNDS: usize = 5;
/// Each side of a split holds at least one in this many of its rows, which bounds the depth.
const LEAST_SHARE: usize = 10;
/// Rows per parallel task.
const ROWS_PER_TASK: usize = 4096;

/// The order, as row numbers. It depends on the seed and on what the rows hold, not on how
/// they were ordered before (equal rows aside). `O(n d log n)` operations.
pub fn partition_order(rows: &Matrix, seed: u64) -> Vec<usize> {
    let mut order: Vec<u32> = canonical_order(rows).into_iter().map(|row| row as u32).collect();
    split(rows, &mut order, seed);
    order.into_iter().map(|row| row as usize).collect()
}

fn split(rows: &Matrix, some: &mut [u32], seed: u64) {
    if some.len() <= LEAF {
        return;
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let sides = Sides::find(rows, some, &mut rng);
    let scores: Vec<f32> = some
        .par_iter()
        .with_min_len(ROWS_PER_TASK)
        .map(|&row| inner_product(rows.row(row as usize), &sides.direction) - sides.threshold)
        .collect();
    let seeds = [rng.next_u64(), rng.next_u64()];
    let n_left = divide(some, &scores);
    drop(scores);
    let (left, right) = some.split_at_mut(n_left);
    rayon::join(|| split(rows, left, seeds[0]), || split(rows, right, seeds[1]));
}

/// Puts rows of negative score first, both sides in the order they had; says how many.
fn divide(some: &mut [u32], scores: &[f32]) -> usize {
    let n = some.len();
    let least = n.div_ceil(LEAST_SHARE);
    let natural = scores.iter().filter(|&&score| score < 0.0).count();
    let n_left = natural.clamp(least, n - least);
    let mut goes_left: Vec<bool> = scores.iter().map(|&score| score < 0.0).collect();
    if n_left != natural {
        let mut ranked: Vec<u32> = (0..n as u32).collect();
        ranked.select_nth_unstable_by(n_left, |&a, &b| {
            scores[a as usize].total_cmp(&scores[b as usize]).then(a.cmp(&b))
        });
        goes_left.fill(false);
        ranked[..n_left].iter().for_each(|&at| goes_left[at as usize] = true);
    }
    let side = |left: bool| some.iter().zip(&goes_left).filter(move |(_, l)| **l == left);
    let divided: Vec<u32> = side(true).chain(side(false)).map(|(&row, _)| row).collect();
    some.copy_from_slice(&divided);
    n_left
}

/// A row is on the right when its product with the direction is above the threshold: then
/// the second mean is nearer.
struct Sides {
    direction: Vec<f32>,
    threshold: f32,
}

impl Sides {
    fn find(rows: &Matrix, some: &[u32], rng: &mut Xoshiro256PlusPlus) -> Sides {
        let drawn = |_| some[(rng.next_u64() % some.len() as u64) as usize] as usize;
        let sample: Vec<usize> = (0..SAMPLE.min(some.len())).map(drawn).collect();
        let first = rows.row(sample[0]);
        let distance = |row: &usize| squared_distance(first, rows.row(*row));
        let second = sample.iter().max_by(|a, b| distance(a).total_cmp(&distance(b)));
        let mut means = [first.to_vec(), rows.row(*second.unwrap_or(&sample[0])).to_vec()];
        for _ in 0..ROUNDS {
            let sides = Sides::between(&means);
            let mut sums = [vec![0.0f64; rows.cols()], vec![0.0f64; rows.cols()]];
            let mut counts = [0usize; 2];
            for &row in &sample {
                let right = inner_product(rows.row(row), &sides.direction) >= sides.threshold;
                counts[usize::from(right)] += 1;
                let sum = &mut sums[usize::from(right)];
                sum.iter_mut().zip(rows.row(row)).for_each(|(sum, x)| *sum += f64::from(*x));
            }
            if counts.contains(&0) {
                break;
            }
            for side in 0..2 {
                let count = counts[side] as f64;
                let mean = means[side].iter_mut().zip(&sums[side]);
                mean.for_each(|(mean, sum)| *mean = (sum / count) as f32);
            }
        }
        Sides::between(&means)
    }

    fn between([left, right]: &[Vec<f32>; 2]) -> Sides {
        let direction: Vec<f32> = right.iter().zip(left).map(|(r, l)| r - l).collect();
        let threshold = (squared_length(right) - squared_length(left)) / 2.0;
        Sides { direction, threshold: threshold as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten groups on the corners of a simplex, rows dealt out in turn.
    fn groups(n: usize) -> Matrix {
        let number = |i: usize| {
            let (row, column) = (i / 10, i % 10);
            f32::from(u8::from(row % 10 == column)) + 0.1 * ((i * 37) as f32).sin()
        };
        Matrix::new(n, 10, (0..n * 10).map(number).collect()).unwrap()
    }

    #[test]
    fn groups_become_stretches() {
        let n = 6000;
        let order = partition_order(&groups(n), 7);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..n));
        let changes = order.windows(2).filter(|pair| pair[0] % 10 != pair[1] % 10).count();
        // At least 9; leaves cut groups in few pieces, and inside a leaf order is by content.
        assert!(changes < n / 10, "{changes} changes of group");
    }

    #[test]
    fn neither_row_order_nor_threads_matter() {
        let rows = groups(3000);
        let order = partition_order(&rows, 7);
        let turned: Vec<usize> = (0..3000).rev().collect();
        let again = partition_order(&rows.select(&turned), 7);
        assert!(again.iter().map(|&row| turned[row]).eq(order.iter().copied()));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        assert_eq!(pool.install(|| partition_order(&rows, 7)), order);
    }

    #[test]
    fn equal_rows_are_parted_evenly_enough_to_end() {
        assert_eq!(partition_order(&Matrix::zeros(2000, 3), 1).len(), 2000);
        assert!(partition_order(&Matrix::default(), 1).is_empty());
    }
}

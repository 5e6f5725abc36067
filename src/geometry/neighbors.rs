//! The nearest other rows of every row, exactly, from blocked products.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::lengths::{Lengths, larger, round_up};
use super::near_blocks::BlockMeans;
use super::scratch::{Pool, sized};
use super::{Matrix, products, squared_distance};
use crate::progress::Progress;

/// Rows per block: a tile of products, 512 x 512, fits the cache of a core.
pub(super) const BLOCK: usize = 512;
/// Columns looked at together for anything near enough.
const LANES: usize = 16;

/// The `k` nearest other rows of each of `n` rows, nearest first, ties by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbors {
    k: usize,
    rows: Vec<u32>,
    squared: Vec<f64>,
}

impl Neighbors {
    /// `k` rows and squared distances per row, nearest first.
    pub(super) fn new(k: usize, rows: Vec<u32>, squared: Vec<f64>) -> Self {
        Neighbors { k, rows, squared }
    }

    /// The same neighbours as `(row, squared distance)`, `k` for every row.
    pub(super) fn into_entries(self) -> Vec<(f64, u32)> {
        self.squared.into_iter().zip(self.rows).collect()
    }

    /// Neighbours per row.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The neighbours of row `i` with their squared distances.
    pub fn of(&self, i: usize) -> impl ExactSizeIterator<Item = (usize, f64)> {
        let range = i * self.k..(i + 1) * self.k;
        let rows = self.rows[range.clone()].iter().map(|&row| row as usize);
        rows.zip(self.squared[range].iter().copied())
    }
}

/// The `k` nearest other rows of every row (all others where there are fewer).
///
/// Every pair of blocks is multiplied once, for both sides, so `n^2 d` operations. Products
/// only propose: whoever could be among the nearest, given how wrong a product can be, is
/// measured in `f64`. Memory is `O(n k)` and a tile per thread. Rows must be finite.
pub fn nearest_neighbors(rows: &Matrix, k: usize, progress: &dyn Progress) -> Neighbors {
    nearest_in_blocks(rows, k, BLOCK, progress)
}

/// The same among the rows of a row's own block and of the `near` blocks nearest to it, or
/// that it is nearest to: exact among the rows looked at. Blocks are [`BLOCK`] rows that
/// follow each other, so rows should be [arranged](super::arrange) before.
pub(super) fn nearest_in_near_blocks(
    rows: &Matrix,
    k: usize,
    near: usize,
    progress: &dyn Progress,
) -> Neighbors {
    let n = rows.rows();
    // One full block beside its own holds enough neighbours, even for a last block of one.
    let near = near.max(1);
    if near + 1 >= n.div_ceil(BLOCK) || k >= BLOCK {
        return nearest_neighbors(rows, k, progress);
    }
    let means = BlockMeans::of(n, rows.cols(), BLOCK, |row| rows.row(row));
    nearest_among(rows, k, BLOCK, means.near_pairs(near), progress)
}

fn nearest_in_blocks(rows: &Matrix, k: usize, block: usize, progress: &dyn Progress) -> Neighbors {
    let n_blocks = rows.rows().div_ceil(block);
    // By distance between blocks, so that tasks side by side seldom share a block.
    let pairs = (1..n_blocks).flat_map(|by| (by..n_blocks).map(move |j| (j - by, j))).collect();
    nearest_among(rows, k, block, pairs, progress)
}

fn nearest_among(
    rows: &Matrix,
    k: usize,
    block: usize,
    pairs: Vec<(usize, usize)>,
    progress: &dyn Progress,
) -> Neighbors {
    let n = rows.rows();
    let k = k.min(n.saturating_sub(1));
    let Some(lengths) = Lengths::of(rows).filter(|_| k > 0) else {
        return nearest_in_f64(rows, k, progress);
    };
    let n_blocks = n.div_ceil(block);
    progress.start("nearest neighbours", (n_blocks + pairs.len()) as u64);
    let search = Search { rows, lengths: &lengths, block, pool: Pool::default() };
    let found: Vec<Mutex<Nearest>> = (0..n_blocks)
        .into_par_iter()
        .map(|at| {
            let nearest = search.within_block(at, k);
            progress.advance(1);
            Mutex::new(nearest)
        })
        .collect();
    pairs.par_iter().with_max_len(1).for_each(|&(i, j)| {
        search.between_blocks(i, j, &found);
        progress.advance(1);
    });
    let (mut index, mut squared) = (vec![0; n * k], vec![0.0; n * k]);
    index.par_chunks_mut(block * k).zip(squared.par_chunks_mut(block * k)).zip(found).for_each(
        |((index, squared), nearest)| {
            let nearest = nearest.into_inner().unwrap_or_else(PoisonError::into_inner);
            nearest.finish(rows, index, squared);
        },
    );
    progress.finish();
    Neighbors { k, rows: index, squared }
}

/// The same by measuring every pair: for rows whose products leave the range of `f32`.
fn nearest_in_f64(rows: &Matrix, k: usize, progress: &dyn Progress) -> Neighbors {
    let n = rows.rows();
    progress.start("nearest neighbours", n as u64);
    let lines: Vec<Vec<(f64, u32)>> = (0..n)
        .into_par_iter()
        .map(|i| {
            let others = (0..n).filter(|&j| j != i);
            let mut all: Vec<(f64, u32)> =
                others.map(|j| (squared_distance(rows.row(i), rows.row(j)), j as u32)).collect();
            if k < all.len() {
                all.select_nth_unstable_by(k, nearer);
                all.truncate(k);
            }
            all.sort_unstable_by(nearer);
            progress.advance(1);
            all
        })
        .collect();
    progress.finish();
    let rows = lines.iter().flatten().map(|&(_, row)| row).collect();
    Neighbors { k, rows, squared: lines.iter().flatten().map(|&(d, _)| d).collect() }
}

fn nearer(a: &(f64, u32), b: &(f64, u32)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

/// What all tiles share.
struct Search<'a> {
    rows: &'a Matrix,
    lengths: &'a Lengths,
    block: usize,
    pool: Pool<Scratch>,
}

#[derive(Default)]
struct Scratch {
    tile: Vec<f32>,
    limits: [Vec<f32>; 2],
    hits: Vec<(u32, u32, f32)>,
}

impl Search<'_> {
    fn range(&self, block: usize) -> std::ops::Range<usize> {
        block * self.block..((block + 1) * self.block).min(self.rows.rows())
    }

    fn slice(&self, range: &std::ops::Range<usize>) -> &[f32] {
        let d = self.rows.cols();
        &self.rows.as_slice()[range.start * d..range.end * d]
    }

    fn within_block(&self, block: usize, k: usize) -> Nearest {
        let range = self.range(block);
        let (rows, n) = (self.slice(&range), range.len());
        let mut nearest = Nearest::new(range.start, n, k, self.lengths.margin);
        self.pool.with(|scratch| {
            let tile = sized(&mut scratch.tile, n * n);
            products(rows, rows, self.rows.cols(), tile);
            let squared = &self.lengths.squared[range.clone()];
            for i in 0..n {
                for j in (0..n).filter(|&j| j != i) {
                    let distance = squared[i] + squared[j] - 2.0 * tile[i * n + j];
                    nearest.offer(self.rows, i, (range.start + j) as u32, distance);
                }
            }
        });
        nearest
    }

    fn between_blocks(&self, i: usize, j: usize, found: &[Mutex<Nearest>]) {
        let (across, down) = (self.range(j), self.range(i));
        self.pool.with(|scratch| {
            let tile = sized(&mut scratch.tile, down.len() * across.len());
            products(self.slice(&down), self.slice(&across), self.rows.cols(), tile);
            let [limits_i, limits_j] = &mut scratch.limits;
            limits_i.clone_from(&lock(&found[i]).limits);
            limits_j.clone_from(&lock(&found[j]).limits);
            let squared = &self.lengths.squared;
            scratch.hits.clear();
            for (at, line) in tile.chunks_exact(across.len()).enumerate() {
                let (own, limit) = (squared[down.start + at], limits_i[at]);
                near_enough(line, own, &squared[across.clone()], limit, limits_j, |column, d| {
                    scratch.hits.push((at as u32, column as u32, d));
                });
            }
            let mut nearest = lock(&found[i]);
            for &(row, column, distance) in &scratch.hits {
                let other = across.start as u32 + column;
                nearest.offer(self.rows, row as usize, other, distance);
            }
            drop(nearest);
            let mut nearest = lock(&found[j]);
            for &(row, column, distance) in &scratch.hits {
                nearest.offer(self.rows, column as usize, down.start as u32 + row, distance);
            }
        });
    }
}

/// Calls `hit` for every column nearer than the row's limit or the column's.
#[inline]
fn near_enough(
    products: &[f32],
    own: f32,
    squared: &[f32],
    limit: f32,
    limits: &[f32],
    mut hit: impl FnMut(usize, f32),
) {
    let distance = |product: f32, other: f32| own + other - 2.0 * product;
    let (blocks, rest) = products.as_chunks::<LANES>();
    let ((squares, squares_rest), (others, others_rest)) =
        (squared.as_chunks::<LANES>(), limits.as_chunks::<LANES>());
    for (at, ((p, s), l)) in blocks.iter().zip(squares).zip(others).enumerate() {
        let mut any = false;
        for lane in 0..LANES {
            any |= distance(p[lane], s[lane]) <= larger(limit, l[lane]);
        }
        if any {
            for lane in 0..LANES {
                let d = distance(p[lane], s[lane]);
                if d <= larger(limit, l[lane]) {
                    hit(at * LANES + lane, d);
                }
            }
        }
    }
    let done = blocks.len() * LANES;
    for (lane, ((p, s), l)) in rest.iter().zip(squares_rest).zip(others_rest).enumerate() {
        let d = distance(*p, *s);
        if d <= larger(limit, *l) {
            hit(done + lane, d);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The nearest rows seen so far by a block of rows.
///
/// A row keeps, by distance from products, everything that may still be among its `k`
/// nearest: all within the `k`-th such distance and twice the margin.
struct Nearest {
    start: usize,
    k: usize,
    capacity: usize,
    margin: f32,
    /// Per row up to `capacity` (distance, row).
    entries: Vec<(f32, u32)>,
    lens: Vec<usize>,
    /// Per row the distance above which nothing can be among the nearest.
    limits: Vec<f32>,
}

impl Nearest {
    fn new(start: usize, n: usize, k: usize, margin: f32) -> Self {
        let capacity = 2 * k + 24;
        Nearest {
            start,
            k,
            capacity,
            margin,
            entries: vec![(0.0, 0); n * capacity],
            lens: vec![0; n],
            limits: vec![f32::INFINITY; n],
        }
    }

    #[inline]
    fn offer(&mut self, rows: &Matrix, row: usize, other: u32, distance: f32) {
        if distance > self.limits[row] {
            return;
        }
        self.entries[row * self.capacity + self.lens[row]] = (distance, other);
        self.lens[row] += 1;
        if self.lens[row] == self.capacity {
            self.shrink(rows, row);
        }
    }

    fn shrink(&mut self, rows: &Matrix, row: usize) {
        let start = row * self.capacity;
        let entries = &mut self.entries[start..start + self.lens[row]];
        let (_, kth, _) = entries.select_nth_unstable_by(self.k - 1, |a, b| a.0.total_cmp(&b.0));
        let limit = self.limits[row].min(kth.0 + 2.0 * self.margin);
        let mut kept = self.k;
        for at in self.k..entries.len() {
            if entries[at].0 <= limit {
                entries.swap(kept, at);
                kept += 1;
            }
        }
        self.limits[row] = limit;
        self.lens[row] = kept;
        // Too many within the margin of each other: measure them now.
        if kept > self.k + 3 * (self.capacity - self.k) / 4 {
            let mut exact = self.measured(rows, row);
            exact.truncate(self.k);
            let farthest = exact[self.k - 1].0 + f64::from(self.margin);
            self.limits[row] = limit.min(round_up(farthest));
            for (entry, (distance, other)) in self.entries[start..].iter_mut().zip(exact) {
                // By the true distance, which is within the margin of the product's.
                *entry = (distance as f32, other);
            }
            self.lens[row] = self.k;
        }
    }

    /// The entries of a row with exact distances, nearest first.
    fn measured(&self, rows: &Matrix, row: usize) -> Vec<(f64, u32)> {
        let start = row * self.capacity;
        let own = rows.row(self.start + row);
        let measure =
            |&(_, other): &(f32, u32)| (squared_distance(own, rows.row(other as usize)), other);
        let entries = &self.entries[start..start + self.lens[row]];
        let mut exact: Vec<(f64, u32)> = entries.iter().map(measure).collect();
        exact.sort_unstable_by(nearer);
        exact
    }

    fn finish(mut self, rows: &Matrix, index: &mut [u32], squared: &mut [f64]) {
        let lines = index.chunks_exact_mut(self.k).zip(squared.chunks_exact_mut(self.k));
        for (row, (index, squared)) in lines.enumerate() {
            if self.lens[row] > self.k {
                self.shrink(rows, row);
            }
            let exact = self.measured(rows, row);
            for (((distance, other), index), squared) in exact.into_iter().zip(index).zip(squared) {
                *index = other;
                *squared = distance;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_find_what_measuring_every_pair_finds(
            rows in prop::collection::vec(prop::collection::vec(-3i8..4, 5), 1..90),
            k in 1usize..12,
            block in 3usize..40,
            offset in 0u16..2000,
            wobble in 0.0f32..0.01,
        ) {
            // Many equal distances, near-copies, and lengths far above the distances.
            let number = |(at, x): (usize, &i8)| {
                f32::from(*x) + f32::from(offset) + wobble * (at as f32 * 0.7).sin()
            };
            let data: Vec<f32> = rows.iter().flatten().enumerate().map(number).collect();
            let rows = Matrix::new(rows.len(), 5, data).unwrap();
            let exact = nearest_in_f64(&rows, k.min(rows.rows() - 1), &Silent);
            prop_assert_eq!(nearest_in_blocks(&rows, k, block, &Silent), exact);
        }
    }

    #[test]
    fn a_thousand_near_copies_are_kept_within_bounds() {
        let number = |i: usize| 1.0 + 1e-6 * ((i * 31 % 97) as f32);
        let rows = Matrix::new(500, 4, (0..2000).map(number).collect()).unwrap();
        let exact = nearest_in_f64(&rows, 3, &Silent);
        assert_eq!(nearest_in_blocks(&rows, 3, 64, &Silent), exact);
    }
}

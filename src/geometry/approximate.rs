//! Approximate neighbour graph, for more rows than all pairs allow.
//!
//! Blocks of rows that belong together are compared with the blocks nearest to them,
//! exactly; then all again with rows put into other blocks, because wherever blocks end some
//! neighbours are parted. Then neighbours of neighbours are tried (Dong, Moses and Li, "Efficient
//! k-nearest neighbor graph construction for generic similarity measures", WWW 2011). All of
//! it is decided by measured distances, so the result does not depend on the number of
//! threads.

use rayon::prelude::*;

use super::knn_search::{BLOCK, nearest_in_near_blocks};
use super::norms::Norms;
use super::{
    Matrix, Neighbors, inner_product, nearest_neighbors, partition_order, squared_distance,
};
use crate::progress::Progress;

/// Rounds of trying neighbours of neighbours at most; fewer when little changes.
const ROUNDS: usize = 6;
/// A round that changes less than one entry in so many is the last.
const LEAST_CHANGE: usize = 500;
/// Makes another seed, for other blocks.
const OTHER_BLOCKS: u64 = 0x6f74_6865_7262_6c6f;
/// Rows per parallel task.
const ROWS_PER_TASK: usize = 256;

/// `k` near other rows of every row (all others where there are fewer): each entry's
/// distance is exact, but nearer rows may have been missed. Rows must be finite and should
/// be [ordered](partition_order): each block of 512 is compared with the `near` blocks nearest to
/// it. With as many as there are the neighbours are the nearest.
pub fn approximate_neighbors(
    rows: &Matrix,
    k: usize,
    near: usize,
    seed: u64,
    progress: &dyn Progress,
) -> Neighbors {
    let n = rows.rows();
    let all = near + 1 >= n.div_ceil(BLOCK);
    let Some(norms) = Norms::of(rows).filter(|_| !all && k > 0) else {
        return nearest_neighbors(rows, k, progress);
    };
    let half = near.div_ceil(2);
    let mut lists = Lists::new(nearest_in_near_blocks(rows, k, half, progress), n);
    let order = partition_order(rows, seed ^ OTHER_BLOCKS);
    let found = nearest_in_near_blocks(&rows.select(&order), k, half, progress);
    lists.offer_all(&found, &order);
    progress.start("neighbours of neighbours", ROUNDS as u64);
    for _ in 0..ROUNDS {
        let changed = lists.try_neighbors_of_neighbors(rows, &norms);
        progress.advance(1);
        if changed * LEAST_CHANGE < lists.entries.len() {
            break;
        }
    }
    progress.finish();
    lists.into_neighbors()
}

/// Up to `k` nearest rows found so far of every row, nearest first, ties by row.
struct Lists {
    k: usize,
    entries: Vec<(f64, u32)>,
    /// Whether a row's list changed in the last round.
    fresh: Vec<bool>,
}

const NOBODY: (f64, u32) = (f64::INFINITY, u32::MAX);

impl Lists {
    fn new(found: Neighbors, n: usize) -> Self {
        Lists { k: found.k(), entries: found.into_entries(), fresh: vec![true; n] }
    }

    /// What was found for other rows: row `i` there is row `order[i]` here.
    fn offer_all(&mut self, found: &Neighbors, order: &[usize]) {
        for (at, &row) in order.iter().enumerate() {
            let list = &mut self.entries[row * self.k..(row + 1) * self.k];
            for (other, distance) in found.of(at) {
                insert(list, (distance, order[other] as u32));
            }
        }
    }

    fn of(&self, row: usize) -> &[(f64, u32)] {
        &self.entries[row * self.k..(row + 1) * self.k]
    }

    /// Offers every row the neighbours of its neighbours, both ways; says how many entries
    /// are new. Where neither list has changed there is nothing to offer.
    fn try_neighbors_of_neighbors(&mut self, rows: &Matrix, norms: &Norms) -> usize {
        let (k, backward) = (self.k, self.backward());
        let known = |row: usize| {
            let forward = self.of(row).iter().map(|entry| entry.1);
            let backward = backward[row * k..(row + 1) * k].iter().copied();
            forward.chain(backward.filter(|&row| row != NOBODY.1))
        };
        let mut next = self.entries.clone();
        let new: Vec<usize> = next
            .par_chunks_mut(k)
            .enumerate()
            .with_min_len(ROWS_PER_TASK)
            .map_init(Vec::new, |candidates: &mut Vec<u32>, (row, list)| {
                candidates.clear();
                for near in known(row) {
                    if self.fresh[row] || self.fresh[near as usize] {
                        candidates.push(near);
                        candidates.extend(known(near as usize));
                    }
                }
                candidates.sort_unstable();
                candidates.dedup();
                let own = rows.row(row);
                let mut new = 0;
                for &other in candidates.iter().filter(|&&other| other as usize != row) {
                    let there = rows.row(other as usize);
                    let [a, b] = [row, other as usize].map(|row| norms.squared[row]);
                    let least = a + b - 2.0 * inner_product(own, there) - norms.margin;
                    if f64::from(least) <= list[k - 1].0 {
                        let entry = (squared_distance(own, there), other);
                        new += usize::from(insert(list, entry));
                    }
                }
                new
            })
            .collect();
        self.entries = next;
        self.fresh = new.iter().map(|&new| new > 0).collect();
        new.iter().sum()
    }

    /// For every row up to `k` rows that have it in their lists, the nearest ones.
    fn backward(&self) -> Vec<u32> {
        let mut lists = vec![NOBODY; self.entries.len()];
        for (at, &(distance, other)) in self.entries.iter().enumerate() {
            let list = &mut lists[other as usize * self.k..(other as usize + 1) * self.k];
            insert(list, (distance, (at / self.k) as u32));
        }
        lists.into_iter().map(|entry| entry.1).collect()
    }

    fn into_neighbors(self) -> Neighbors {
        let (squared, rows) = self.entries.into_iter().unzip();
        Neighbors::new(self.k, rows, squared)
    }
}

/// Puts an entry in its place, unless it is there or the list is full of nearer ones.
fn insert(list: &mut [(f64, u32)], entry: (f64, u32)) -> bool {
    let nearer = |a: &(f64, u32), b: &(f64, u32)| a.0 < b.0 || (a.0 == b.0 && a.1 < b.1);
    let Some(last) = list.last() else { return false };
    if !nearer(&entry, last) {
        return false;
    }
    let at = list.partition_point(|known| nearer(known, &entry));
    if list[at] == entry {
        return false;
    }
    list[at..].rotate_right(1);
    list[at] = entry;
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{RngCore, SeedableRng};

    fn groups(n: usize) -> Matrix {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut next = || (rng.next_u64() >> 40) as f32 / (1 << 23) as f32 - 1.0;
        let centres: Vec<f32> = (0..40 * 16).map(|_| next()).collect();
        let number = |i: usize| centres[i / 16 % 40 * 16 + i % 16];
        let mut rows =
            Matrix::new(n, 16, (0..n * 16).map(|i| number(i) + 0.4 * next()).collect()).unwrap();
        rows.normalize_rows();
        rows.select(&partition_order(&rows, 1))
    }

    fn recall(rows: &Matrix, found: &Neighbors, k: usize) -> f64 {
        let exact = nearest_neighbors(rows, k, &Silent);
        let hits = |i: usize| {
            let truth: Vec<usize> = exact.of(i).map(|(row, _)| row).collect();
            found.of(i).filter(|(row, _)| truth.contains(row)).count()
        };
        (0..rows.rows()).map(hits).sum::<usize>() as f64 / (k * rows.rows()) as f64
    }

    #[test]
    fn nearly_all_neighbours_are_found_and_all_distances_are_true() {
        let rows = groups(6000);
        let found = approximate_neighbors(&rows, 8, 2, 5, &Silent);
        for i in 0..rows.rows() {
            for (row, distance) in found.of(i) {
                assert_eq!(distance, squared_distance(rows.row(i), rows.row(row)));
                assert_ne!(row, i);
            }
        }
        let after = recall(&rows, &found, 8);
        let before = recall(&rows, &nearest_in_near_blocks(&rows, 8, 2, &Silent), 8);
        assert!(after > 0.98 && after > before, "recall {before}, then {after}");
    }

    #[test]
    fn threads_do_not_matter() {
        let rows = groups(5000);
        let in_pool = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| approximate_neighbors(&rows, 5, 1, 5, &Silent))
        };
        assert_eq!(in_pool(1), in_pool(3));
    }

    #[test]
    fn with_all_blocks_or_a_last_block_of_one_row_it_is_exact_or_complete() {
        let rows = groups(1500);
        let exact = nearest_neighbors(&rows, 3, &Silent);
        assert_eq!(approximate_neighbors(&rows, 3, 2, 5, &Silent), exact);
        let rows = groups(3 * 512 + 1);
        let found = approximate_neighbors(&rows, 3, 1, 5, &Silent);
        assert!(found.of(rows.rows() - 1).all(|(row, d)| row + 1 < rows.rows() && d > 0.0));
    }
}

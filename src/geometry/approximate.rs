//! The nearest rows of every row, nearly always: for more rows than all pairs allow.
//!
//! Rows are put into overlapping cells around rows drawn at random, each row into the few
//! cells nearest to it, and every cell is searched exactly. Then neighbours of neighbours
//! are tried (Dong, Moses and Li, "Efficient k-nearest neighbor graph construction for
//! generic similarity measures", WWW 2011). All of it decided by measured distances and one
//! seed, so the result does not depend on the number of threads.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use super::lengths::Lengths;
use super::scratch::{Pool, sized};
use super::{Matrix, Neighbors, nearest_neighbors, products, squared_distance, squared_length};
use crate::progress::{Progress, Silent};

/// Cells a row is put into.
const CELLS_PER_ROW: usize = 4;
/// Rows in a cell on average.
const CELL: usize = 1024;
/// Rounds of trying neighbours of neighbours at most; fewer when little changes.
const ROUNDS: usize = 4;
/// Rows per parallel task.
const ROWS_PER_TASK: usize = 256;

/// `k` near other rows of every row (all others where there are fewer): each entry's
/// distance is exact, but nearer rows may have been missed. Rows must be finite.
pub fn approximate_neighbors(
    rows: &Matrix,
    k: usize,
    seed: u64,
    progress: &dyn Progress,
) -> Neighbors {
    let n = rows.rows();
    let n_cells = (n * CELLS_PER_ROW).div_ceil(CELL);
    if n_cells < 3 * CELLS_PER_ROW || k == 0 || Lengths::of(rows).is_none() {
        return nearest_neighbors(rows, k, progress);
    }
    let cells = cells(rows, n_cells, seed, progress);
    let mut lists = Lists::new(n, k.min(n - 1));
    progress.start("near neighbours", cells.len() as u64);
    // Some cells at a time, so that what they found does not pile up.
    for some in cells.chunks(64) {
        let search = |members: &Vec<u32>| {
            let chosen: Vec<usize> = members.iter().map(|&row| row as usize).collect();
            let found = nearest_neighbors(&rows.select(&chosen), k, &Silent);
            progress.advance(1);
            found
        };
        let found: Vec<Neighbors> = some.par_iter().with_max_len(1).map(search).collect();
        for (members, found) in some.iter().zip(found) {
            for (at, &row) in members.iter().enumerate() {
                for (other, distance) in found.of(at) {
                    lists.offer(row as usize, (distance, members[other]));
                }
            }
        }
    }
    progress.finish();
    lists.fill(rows);
    progress.start("near neighbours of neighbours", ROUNDS as u64);
    for _ in 0..ROUNDS {
        let changed = lists.try_neighbors_of_neighbors(rows);
        progress.advance(1);
        if changed * 200 < n * lists.k {
            break;
        }
    }
    progress.finish();
    lists.into_neighbors()
}

/// The rows of each cell, ascending.
fn cells(rows: &Matrix, n_cells: usize, seed: u64, progress: &dyn Progress) -> Vec<Vec<u32>> {
    let (n, d) = (rows.rows(), rows.cols());
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut pivots: Vec<usize> = (0..n).collect();
    for at in 0..n_cells {
        let other = at + (rng.next_u64() % (n - at) as u64) as usize;
        pivots.swap(at, other);
    }
    pivots.truncate(n_cells);
    let pivots = rows.select(&pivots);
    let halves: Vec<f32> = pivots.iter_rows().map(|r| (squared_length(r) / 2.0) as f32).collect();
    let pool: Pool<Vec<f32>> = Pool::default();
    progress.start("cells", n as u64);
    // Cells of every row, nearest first.
    let mut cells_of = vec![0u32; n * CELLS_PER_ROW];
    cells_of
        .par_chunks_mut(ROWS_PER_TASK * CELLS_PER_ROW)
        .zip(rows.as_slice().par_chunks(ROWS_PER_TASK * d))
        .for_each(|(cells_of, some)| {
            pool.with(|tile| {
                let tile = sized(tile, some.len() / d * n_cells);
                products(some, pivots.as_slice(), d, tile);
                let lines = tile.chunks_exact(n_cells);
                for (line, best) in lines.zip(cells_of.chunks_exact_mut(CELLS_PER_ROW)) {
                    nearest_cells(line, &halves, best);
                }
            });
            progress.advance((some.len() / d) as u64);
        });
    progress.finish();
    let mut cells = vec![Vec::new(); n_cells];
    for (row, cells_of) in cells_of.chunks_exact(CELLS_PER_ROW).enumerate() {
        cells_of.iter().for_each(|&cell| cells[cell as usize].push(row as u32));
    }
    cells
}

/// The cells with the largest product less half the squared length of their middle: the
/// nearest ones, ties by number.
fn nearest_cells(products: &[f32], halves: &[f32], best: &mut [u32]) {
    let mut scores = [f32::NEG_INFINITY; CELLS_PER_ROW];
    for (cell, (product, half)) in products.iter().zip(halves).enumerate() {
        let score = product - half;
        if score <= scores[CELLS_PER_ROW - 1] {
            continue;
        }
        let mut at = CELLS_PER_ROW - 1;
        while at > 0 && scores[at - 1] < score {
            scores[at] = scores[at - 1];
            best[at] = best[at - 1];
            at -= 1;
        }
        scores[at] = score;
        best[at] = cell as u32;
    }
}

/// Up to `k` nearest rows found so far of every row, nearest first, ties by row.
struct Lists {
    k: usize,
    entries: Vec<(f64, u32)>,
}

const NOBODY: (f64, u32) = (f64::INFINITY, u32::MAX);

impl Lists {
    fn new(n: usize, k: usize) -> Self {
        Lists { k, entries: vec![NOBODY; n * k] }
    }

    fn offer(&mut self, row: usize, entry: (f64, u32)) -> bool {
        insert(&mut self.entries[row * self.k..(row + 1) * self.k], entry)
    }

    fn of(&self, row: usize) -> &[(f64, u32)] {
        &self.entries[row * self.k..(row + 1) * self.k]
    }

    /// Rows in small cells may have found too few: they get the rows that follow them.
    fn fill(&mut self, rows: &Matrix) {
        let n = rows.rows();
        for row in 0..n {
            let mut other = row;
            while self.of(row)[self.k - 1] == NOBODY {
                other = (other + 1) % n;
                self.offer(row, (squared_distance(rows.row(row), rows.row(other)), other as u32));
            }
        }
    }

    /// Offers every row the neighbours of its neighbours, both ways; says how many entries
    /// are new.
    fn try_neighbors_of_neighbors(&mut self, rows: &Matrix) -> usize {
        let backward = self.backward();
        let k = self.k;
        let known = |row: usize| {
            let forward = self.of(row).iter().map(|entry| entry.1);
            forward
                .chain(backward[row * k..(row + 1) * k].iter().copied().filter(|&r| r != NOBODY.1))
        };
        let mut next = self.entries.clone();
        let changed = next
            .par_chunks_mut(k)
            .enumerate()
            .with_min_len(ROWS_PER_TASK)
            .map_init(Vec::new, |candidates: &mut Vec<u32>, (row, list)| {
                candidates.clear();
                for near in known(row) {
                    candidates.push(near);
                    candidates.extend(known(near as usize));
                }
                candidates.sort_unstable();
                candidates.dedup();
                let mut changed = 0;
                for &other in candidates.iter().filter(|&&other| other as usize != row) {
                    if self.of(row).iter().any(|entry| entry.1 == other) {
                        continue;
                    }
                    let distance = squared_distance(rows.row(row), rows.row(other as usize));
                    changed += usize::from(insert(list, (distance, other)));
                }
                changed
            })
            .sum();
        self.entries = next;
        changed
    }

    /// For every row up to `k` rows that have it in their lists, the nearest ones.
    fn backward(&self) -> Vec<u32> {
        let n = self.entries.len() / self.k;
        let mut lists = Lists::new(n, self.k);
        for row in 0..n {
            for &(distance, other) in self.of(row) {
                lists.offer(other as usize, (distance, row as u32));
            }
        }
        lists.entries.into_iter().map(|entry| entry.1).collect()
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

    fn groups(n: usize) -> Matrix {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut next = || (rng.next_u64() >> 40) as f32 / (1 << 23) as f32 - 1.0;
        let centres: Vec<f32> = (0..40 * 16).map(|_| next()).collect();
        let number = |i: usize| centres[i / 16 % 40 * 16 + i % 16];
        let mut rows =
            Matrix::new(n, 16, (0..n * 16).map(|i| number(i) + 0.4 * next()).collect()).unwrap();
        rows.normalize_rows();
        rows
    }

    #[test]
    fn nearly_all_neighbours_are_found_and_all_distances_are_true() {
        let rows = groups(6000);
        let found = approximate_neighbors(&rows, 8, 1, &Silent);
        let exact = nearest_neighbors(&rows, 8, &Silent);
        let mut hits = 0;
        for i in 0..rows.rows() {
            let truth: Vec<usize> = exact.of(i).map(|(row, _)| row).collect();
            hits += found.of(i).filter(|(row, _)| truth.contains(row)).count();
            for (row, distance) in found.of(i) {
                assert_eq!(distance, squared_distance(rows.row(i), rows.row(row)));
                assert_ne!(row, i);
            }
        }
        let recall = hits as f64 / (8 * rows.rows()) as f64;
        assert!(recall > 0.98, "recall {recall}");
    }

    #[test]
    fn threads_do_not_matter_and_the_seed_does_little() {
        let rows = groups(5000);
        let in_pool = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| approximate_neighbors(&rows, 5, 7, &Silent))
        };
        assert_eq!(in_pool(1), in_pool(3));
    }

    #[test]
    fn few_rows_are_searched_exactly() {
        let rows = groups(100);
        let exact = nearest_neighbors(&rows, 3, &Silent);
        assert_eq!(approximate_neighbors(&rows, 3, 1, &Silent), exact);
    }
}

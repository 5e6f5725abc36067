//! The candidates for the nearest rows of a block of rows, by distances with a known error.

use super::neighbors::nearer;
use super::norms::round_up;
use super::{Matrix, squared_distance};

/// For every row of a block all rows seen so far that may still be among its `k` nearest: by
/// distance from products, those within the `k`-th such distance plus twice the margin of
/// error.
pub(super) struct KnnCandidates<'a> {
    /// The rows of the block.
    ids: &'a [u32],
    k: usize,
    capacity: usize,
    margin: f32,
    /// Per row up to `capacity` (distance, row).
    entries: Vec<(f32, u32)>,
    lens: Vec<usize>,
    /// Per row the distance above which nothing can be among the nearest.
    pub limits: Vec<f32>,
}

impl<'a> KnnCandidates<'a> {
    pub fn new(ids: &'a [u32], k: usize, margin: f32) -> Self {
        let (n, capacity) = (ids.len(), 2 * k + 24);
        KnnCandidates {
            ids,
            k,
            capacity,
            margin,
            entries: vec![(0.0, 0); n * capacity],
            lens: vec![0; n],
            limits: vec![f32::INFINITY; n],
        }
    }

    /// Offers a row at a distance that is within the margin of the exact one.
    #[inline]
    pub fn offer(&mut self, rows: &Matrix, row: usize, other: u32, distance: f32) {
        if distance > self.limits[row] {
            return;
        }
        self.entries[row * self.capacity + self.lens[row]] = (distance, other);
        self.lens[row] += 1;
        if self.lens[row] == self.capacity {
            self.shrink(rows, row);
        }
    }

    /// Lowers the limits as far as the candidates allow.
    pub fn tighten(&mut self, rows: &Matrix) {
        for row in 0..self.ids.len() {
            if self.lens[row] > self.k {
                self.shrink(rows, row);
            }
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
        let own = rows.row(self.ids[row] as usize);
        let measure =
            |&(_, other): &(f32, u32)| (squared_distance(own, rows.row(other as usize)), other);
        let entries = &self.entries[start..start + self.lens[row]];
        let mut exact: Vec<(f64, u32)> = entries.iter().map(measure).collect();
        exact.sort_unstable_by(nearer);
        exact
    }

    /// For every row its `k` nearest and their exact squared distances, nearest first.
    pub fn finish(mut self, rows: &Matrix) -> Vec<(f64, u32)> {
        self.tighten(rows);
        let nearest = |row| self.measured(rows, row).into_iter().take(self.k);
        (0..self.ids.len()).flat_map(nearest).collect()
    }
}

//! The nearest other rows of every row, exactly, by k-d tree.

use rayon::prelude::*;

use super::Neighbors;
use super::kd_tree::{DEEPEST, KdTree, squared};
use super::neighbors::nearer;
use crate::progress::Progress;

/// Rows looked up by one task; near places look at the same boxes.
const ROWS_PER_TASK: usize = 256;

impl<const P: usize> KdTree<P> {
    /// The `k` nearest other rows of every row (all others where there are fewer), nearest
    /// first, ties by row.
    pub fn nearest_neighbors(&self, k: usize, progress: &dyn Progress) -> Neighbors {
        let n = self.points.len();
        let k = k.min(n.saturating_sub(1));
        progress.start("nearest neighbours", n as u64);
        let places: Vec<usize> = (0..n).collect();
        let found: Vec<Vec<(f64, u32)>> = places
            .par_chunks(ROWS_PER_TASK)
            .map(|places| {
                let mut nearest = Vec::with_capacity(k + 1);
                let mut all = Vec::with_capacity(places.len() * k);
                for &place in places {
                    self.nearest(place, k, &mut nearest);
                    all.append(&mut nearest);
                }
                progress.advance(places.len() as u64);
                all
            })
            .collect();
        let (mut index, mut distances) = (vec![0; n * k], vec![0.0; n * k]);
        for (at, (distance, other)) in found.into_iter().flatten().enumerate() {
            let to = self.rows[at / k] as usize * k + at % k;
            (index[to], distances[to]) = (other, distance);
        }
        progress.finish();
        Neighbors::new(k, index, distances)
    }

    /// Fills `nearest` with the squared distance and the row of the nearest `k`.
    fn nearest(&self, place: usize, k: usize, nearest: &mut Vec<(f64, u32)>) {
        if k == 0 {
            return;
        }
        let point = &self.points[place];
        let mut farthest = f64::INFINITY;
        let mut open = [(0.0f64, 0usize); DEEPEST];
        let mut n_open = 1;
        while n_open > 0 {
            n_open -= 1;
            let (bound, mut node) = open[n_open];
            // At an equal distance a lower row may be met.
            if bound > farthest {
                continue;
            }
            while let Some([left, right]) = self.children(node) {
                let [near, far] = [left, right].map(|at| (self.squared_to_box(point, at), at));
                let (near, far) = if far.0 < near.0 { (far, near) } else { (near, far) };
                if far.0 <= farthest {
                    open[n_open] = far;
                    n_open += 1;
                }
                node = near.1;
            }
            for other in self.places(node).filter(|&other| other != place) {
                let found = (squared(point, &self.points[other]), self.rows[other]);
                if found.0 > farthest {
                    continue;
                }
                let at = nearest.partition_point(|known| nearer(known, &found).is_lt());
                nearest.insert(at, found);
                nearest.truncate(k);
                if nearest.len() == k {
                    farthest = nearest[k - 1].0;
                }
            }
        }
    }
}

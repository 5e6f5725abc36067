//! Pairs of near blocks of rows, for searches that cannot compare all pairs.

use rayon::prelude::*;

use super::products;

/// Blocks compared at a time with all others.
const BLOCKS_PER_TASK: usize = 64;

/// Means and mean squared norms of blocks of rows.
pub(super) struct BlockMeans {
    d: usize,
    means: Vec<f32>,
    squares: Vec<f32>,
}

impl BlockMeans {
    /// `row(place)` gives the row of `d` numbers at each of `n` places; blocks hold `block`
    /// places each, the last one what is left.
    pub fn of<'a>(
        n: usize,
        d: usize,
        block: usize,
        row: impl Fn(usize) -> &'a [f32] + Sync,
    ) -> Self {
        let mean = |at: usize| {
            let places = at * block..((at + 1) * block).min(n);
            let count = places.len() as f64;
            let (mut sums, mut square) = (vec![0.0f64; d], 0.0);
            for place in places {
                for (sum, x) in sums.iter_mut().zip(row(place)) {
                    *sum += f64::from(*x);
                    square += f64::from(*x) * f64::from(*x);
                }
            }
            let mean: Vec<f32> = sums.into_iter().map(|sum| (sum / count) as f32).collect();
            (mean, (square / count) as f32)
        };
        let found: Vec<(Vec<f32>, f32)> =
            (0..n.div_ceil(block)).into_par_iter().map(mean).collect();
        let squares = found.iter().map(|(_, square)| *square).collect();
        BlockMeans { d, means: found.into_iter().flat_map(|(mean, _)| mean).collect(), squares }
    }

    /// The pairs of different blocks of which one is among the `most` nearest of the other,
    /// smaller number first; nearest in rank first, so that bounds become tight early.
    ///
    /// Near is what lies few squared distances away on average over all pairs of rows.
    pub fn near_pairs(&self, most: usize) -> Vec<(usize, usize)> {
        let n = self.squares.len();
        let most = most.min(n.saturating_sub(1));
        if most == 0 {
            return Vec::new();
        }
        let mut ranked: Vec<(u32, u32, u32)> = (0..n.div_ceil(BLOCKS_PER_TASK))
            .into_par_iter()
            .flat_map_iter(|task| {
                let some = task * BLOCKS_PER_TASK..((task + 1) * BLOCKS_PER_TASK).min(n);
                self.nearest_of(some, most)
            })
            .collect();
        ranked.par_sort_unstable_by_key(|&(rank, i, j)| (i, j, rank));
        ranked.dedup_by_key(|&mut (_, i, j)| (i, j));
        ranked.par_sort_unstable();
        ranked.into_iter().map(|(_, i, j)| (i as usize, j as usize)).collect()
    }

    /// `(rank, smaller, larger)` for the nearest of some blocks.
    fn nearest_of(&self, some: std::ops::Range<usize>, most: usize) -> Vec<(u32, u32, u32)> {
        let n = self.squares.len();
        let mut tile = vec![0.0; some.len() * n];
        let own = &self.means[some.start * self.d..some.end * self.d];
        products(own, &self.means, self.d, &mut tile);
        let mut found = Vec::with_capacity(some.len() * most);
        let mut line: Vec<(f32, u32)> = Vec::with_capacity(n);
        for (i, products) in some.zip(tile.chunks_exact(n)) {
            let distance = |j: usize| (self.squares[j] - 2.0 * products[j], j as u32);
            line.clear();
            line.extend((0..n).filter(|&j| j != i).map(distance));
            let nearer = |a: &(f32, u32), b: &(f32, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if most < line.len() {
                line.select_nth_unstable_by(most, nearer);
                line.truncate(most);
            }
            line.sort_unstable_by(nearer);
            let ranked = |(rank, &(_, j)): (usize, &(f32, u32))| {
                (rank as u32, j.min(i as u32), j.max(i as u32))
            };
            found.extend(line.iter().enumerate().map(ranked));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of_blocks(most: usize) -> Vec<(usize, usize)> {
        // Five blocks of two rows on a line, at 0, 1, 3, 6 and 10, the last one of one row.
        let rows = [[0.0f32], [0.0], [1.0], [1.0], [3.0], [3.0], [6.0], [6.0], [10.0]];
        BlockMeans::of(9, 1, 2, |place| &rows[place]).near_pairs(most)
    }

    #[test]
    fn near_pairs_come_once_and_the_nearest_first() {
        assert_eq!(line_of_blocks(1), [(0, 1), (1, 2), (2, 3), (3, 4)]);
        let two = line_of_blocks(2);
        assert_eq!(two[..4], [(0, 1), (1, 2), (2, 3), (3, 4)]);
        assert_eq!(two[4..], [(0, 2), (2, 4)]);
    }

    #[test]
    fn all_pairs_are_all_pairs() {
        assert_eq!(line_of_blocks(4).len(), 10);
        assert_eq!(line_of_blocks(99).len(), 10);
        assert!(line_of_blocks(0).is_empty());
        let empty: &[f32] = &[];
        assert!(BlockMeans::of(0, 0, 4, |_| empty).near_pairs(3).is_empty());
    }
}

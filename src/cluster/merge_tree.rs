//! Trees of clusters merged two by two, each time the nearest two: by Ward's criterion (the least
//! growth of inertia), or by the mean distance of their rows.
//!
//! The cuts of one tree for neighbouring `k` differ by one split, so that a small change of `k`
//! changes little, and no randomness is involved.
//!
//! J. H. Ward, "Hierarchical grouping to optimize an objective function", JASA 58 (1963);
//! average linkage: R. R. Sokal and C. D. Michener, University of Kansas Science Bulletin 38
//! (1958); nearest-neighbour chain: F. Murtagh, "A survey of recent advances in hierarchical
//! clustering algorithms", The Computer Journal 26 (1983); start of k-means from Ward:
//! G. W. Milligan, Psychometrika 45 (1980).

use super::gram::Gram;
use crate::geometry::UnionFind;

/// Joins the clusters that hold rows `a` and `b`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Merge {
    a: usize,
    b: usize,
    height: f32,
}

/// All merges of `n` rows, by rising height.
#[derive(Debug, Clone)]
pub(super) struct MergeTree {
    n: usize,
    merges: Vec<Merge>,
}

/// The distance of a third cluster to the union of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Linkage {
    Ward,
    Average,
}

impl MergeTree {
    /// Ward's tree; a height is twice the growth of inertia. `O(n^2)` time, `n^2` numbers of
    /// memory; ties by row number.
    pub(super) fn ward(gram: &Gram) -> Self {
        let mut distances: Vec<f32> = Vec::with_capacity(gram.len() * gram.len());
        for i in 0..gram.len() {
            distances.extend(gram.squared_distances(i).map(|d| d as f32));
        }
        MergeTree::build(distances, vec![1.0; gram.len()], Linkage::Ward)
    }

    /// Average linkage of clusters of `size` rows at these mean distances (`n x n`, symmetric).
    pub(super) fn average(distances: Vec<f32>, size: Vec<f32>) -> Self {
        MergeTree::build(distances, size, Linkage::Average)
    }

    fn build(mut distances: Vec<f32>, mut size: Vec<f32>, linkage: Linkage) -> Self {
        let n = size.len();
        (0..n).for_each(|i| distances[i * n + i] = f32::INFINITY);
        // Added to distances: a cluster that dropped out is nobody's nearest.
        let mut dead = vec![0.0f32; n];
        let mut merges = Vec::with_capacity(n.saturating_sub(1));
        let mut chain: Vec<usize> = Vec::new();
        let mut first_alive = 0;
        while merges.len() + 1 < n {
            let top = match chain.last() {
                Some(&top) => top,
                None => {
                    while dead[first_alive] > 0.0 {
                        first_alive += 1;
                    }
                    chain.push(first_alive);
                    first_alive
                }
            };
            let previous = chain.len().checked_sub(2).map(|at| chain[at]);
            let row = &distances[top * n..(top + 1) * n];
            let (nearest, height) = nearest(row, &dead, previous);
            if Some(nearest) == previous {
                chain.truncate(chain.len() - 2);
                merges.push(Merge { a: nearest.min(top), b: nearest.max(top), height });
                dead[nearest.max(top)] = f32::INFINITY;
                merge(&mut distances, &mut size, &dead, merges[merges.len() - 1], linkage);
            } else {
                chain.push(nearest);
            }
        }
        merges.sort_by(|x, y| x.height.total_cmp(&y.height));
        MergeTree { n, merges }
    }

    /// A label per row when what is joined above `height` is parted again, clusters numbered by
    /// their first row.
    pub(super) fn cut_at(&self, height: f32) -> Vec<usize> {
        let above = self.merges.iter().filter(|merge| merge.height > height).count();
        self.cut(above + 1)
    }

    /// Rows of the two clusters that are one where there is one cluster less than `k`.
    pub(super) fn joined_below(&self, k: usize) -> Option<(usize, usize)> {
        let merge = self.merges.get(self.n.checked_sub(k)?)?;
        Some((merge.a, merge.b))
    }

    /// A label in `0..k` per row, clusters numbered by their first row.
    pub(super) fn cut(&self, k: usize) -> Vec<usize> {
        let mut sets = UnionFind::new(self.n);
        for merge in &self.merges[..self.n.saturating_sub(k.max(1))] {
            sets.union(merge.a, merge.b);
        }
        let mut number = vec![usize::MAX; self.n];
        let mut next = 0;
        let label = |row: usize| {
            let root = sets.find(row);
            if number[root] == usize::MAX {
                number[root] = next;
                next += 1;
            }
            number[root]
        };
        (0..self.n).map(label).collect()
    }
}

/// Distances compared at once.
const LANES: usize = 16;

/// The nearest column; on a tie the one the chain came from, then the first.
fn nearest(row: &[f32], dead: &[f32], previous: Option<usize>) -> (usize, f32) {
    let less = |a: f32, b: f32| if b < a { b } else { a };
    let mut least = [f32::INFINITY; LANES];
    let (chunks, dead_chunks) = (row.chunks_exact(LANES), dead.chunks_exact(LANES));
    let rest = chunks.remainder().iter().zip(dead_chunks.remainder());
    for (some, dead) in chunks.zip(dead_chunks) {
        for lane in 0..LANES {
            least[lane] = less(least[lane], some[lane] + dead[lane]);
        }
    }
    let least = rest.map(|(d, dead)| d + dead).chain(least).fold(f32::INFINITY, less);
    let distance = |column: usize| row[column] + dead[column];
    let from_chain = previous.filter(|&column| distance(column) == least);
    let first = || (0..row.len()).find(|&column| distance(column) == least);
    (from_chain.or_else(first).unwrap_or(0), least)
}

/// Row and column `a` become those of the union (Lance and Williams), `b` drops out.
fn merge(
    distances: &mut [f32],
    size: &mut [f32],
    dead: &[f32],
    Merge { a, b, height }: Merge,
    linkage: Linkage,
) {
    let n = size.len();
    let (before, after) = distances.split_at_mut(b * n);
    let to_a = &mut before[a * n..(a + 1) * n];
    let to_b = &after[..n];
    let (of_a, of_b) = (size[a], size[b]);
    // Also of clusters that dropped out: one loop without exceptions is faster.
    for ((to_a, &to_b), &of_other) in to_a.iter_mut().zip(to_b).zip(&*size) {
        *to_a = match linkage {
            Linkage::Ward => {
                let total = of_a + of_b + of_other;
                ((of_a + of_other) * *to_a + (of_b + of_other) * to_b - of_other * height) / total
            }
            Linkage::Average => (of_a * *to_a + of_b * to_b) / (of_a + of_b),
        };
    }
    to_a[a] = f32::INFINITY;
    for other in (0..n).filter(|&other| dead[other] == 0.0) {
        distances[other * n + a] = distances[a * n + other];
    }
    size[a] += size[b];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Matrix;

    fn tree(points: &[f32]) -> MergeTree {
        MergeTree::ward(&Gram::of(&Matrix::new(points.len(), 1, points.to_vec()).unwrap()))
    }

    #[test]
    fn a_cut_separates_what_is_far_apart() {
        let tree = tree(&[0.0, 10.0, 0.2, 10.3, 30.0, 0.1]);
        assert_eq!(tree.cut(3), [0, 1, 0, 1, 2, 0]);
        assert_eq!(tree.cut(1), [0; 6]);
        assert_eq!(tree.cut(6), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn heights_are_twice_the_growth_of_inertia() {
        let tree = tree(&[0.0, 2.0, 9.0]);
        // {0, 2}: inertia 2, from 0. All three: 44.67 in total.
        let heights: Vec<f32> = tree.merges.iter().map(|m| m.height).collect();
        assert!((heights[0] - 4.0).abs() < 1e-4, "{heights:?}");
        assert!((heights[1] - 2.0 * (44.666_668 - 2.0)).abs() < 1e-3, "{heights:?}");
    }

    #[test]
    fn average_linkage_weighs_by_size() {
        // Distances of 0, 1 and of 2 to both; the first counts three times.
        let distances = vec![0.0, 1.0, 2.0, 1.0, 0.0, 6.0, 2.0, 6.0, 0.0];
        let tree = MergeTree::average(distances, vec![3.0, 1.0, 1.0]);
        let heights: Vec<f32> = tree.merges.iter().map(|m| m.height).collect();
        assert_eq!(heights, [1.0, (3.0 * 2.0 + 6.0) / 4.0]);
        assert_eq!(tree.cut(2), [0, 0, 1]);
        assert_eq!((tree.cut_at(1.0), tree.cut_at(0.9)), (vec![0, 0, 1], vec![0, 1, 2]));
    }

    #[test]
    fn equal_rows_and_no_rows_are_fine() {
        assert_eq!(tree(&[1.0; 5]).cut(2).iter().max(), Some(&1));
        assert!(tree(&[]).cut(2).is_empty());
        assert_eq!(tree(&[1.0]).cut(2), [0]);
    }
}

//! Contingency table of two groupings of the same rows.

use std::collections::BTreeMap;

/// Sizes of the groups of each grouping and of their overlaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contingency {
    n: u64,
    rows: Vec<u64>,
    cols: Vec<u64>,
    cells: Vec<(usize, usize, u64)>,
}

impl Contingency {
    /// Counts the groups of `a` against those of `b`. Groups are numbered in the order of
    /// their labels.
    ///
    /// # Panics
    /// If the two differ in length.
    pub fn of<A: Ord, B: Ord>(a: &[A], b: &[B]) -> Self {
        assert_eq!(a.len(), b.len(), "two groupings of the same rows");
        let (a_numbers, rows) = numbered(a);
        let (b_numbers, cols) = numbered(b);
        let mut cells: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for pair in a_numbers.into_iter().zip(b_numbers) {
            *cells.entry(pair).or_insert(0) += 1;
        }
        let cells = cells.into_iter().map(|((row, col), count)| (row, col, count)).collect();
        Contingency { n: a.len() as u64, rows, cols, cells }
    }

    /// Number of rows grouped.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Sizes of the first grouping's groups.
    pub fn rows(&self) -> &[u64] {
        &self.rows
    }

    /// Sizes of the second grouping's groups.
    pub fn cols(&self) -> &[u64] {
        &self.cols
    }

    /// Overlaps that are not empty, as (first's group, second's group, size), ascending.
    pub fn cells(&self) -> &[(usize, usize, u64)] {
        &self.cells
    }

    /// The adjusted Rand index: 1 for the same grouping, 0 on average for unrelated ones.
    /// L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2 (1985).
    pub fn adjusted_rand(&self) -> f64 {
        let squares = |sizes: &mut dyn Iterator<Item = u64>| -> i128 {
            sizes.map(|size| i128::from(size) * i128::from(size)).sum()
        };
        let both = squares(&mut self.cells.iter().map(|&(_, _, count)| count));
        let in_a = squares(&mut self.rows.iter().copied());
        let in_b = squares(&mut self.cols.iter().copied());
        let n = i128::from(self.n);
        // Ordered pairs of rows: together in both, in one only, in none.
        let together = both - n;
        let only_b = in_b - both;
        let only_a = in_a - both;
        let apart = n * n - in_a - in_b + both;
        if only_a == 0 && only_b == 0 {
            return 1.0;
        }
        let [together, only_a, only_b, apart] =
            [together, only_a, only_b, apart].map(|count| count as f64);
        2.0 * (together * apart - only_a * only_b)
            / ((together + only_a) * (only_a + apart) + (together + only_b) * (only_b + apart))
    }
}

/// Each label as a number, and the size of each group.
fn numbered<T: Ord>(labels: &[T]) -> (Vec<usize>, Vec<u64>) {
    let mut sizes: BTreeMap<&T, u64> = BTreeMap::new();
    labels.iter().for_each(|label| *sizes.entry(label).or_insert(0) += 1);
    let number: BTreeMap<&T, usize> = sizes.keys().copied().zip(0..).collect();
    (labels.iter().map(|label| number[label]).collect(), sizes.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_overlaps() {
        let table = Contingency::of(&["x", "y", "x", "x"], &[Some(1), None, Some(1), None]);
        assert_eq!((table.rows(), table.cols(), table.n()), (&[3, 1][..], &[2, 2][..], 4));
        assert_eq!(table.cells(), [(0, 0, 1), (0, 1, 2), (1, 0, 1)]);
    }

    #[test]
    fn the_rand_index_is_1_for_renamed_groups_and_can_be_negative() {
        let rand = |a: &[i32], b: &[i32]| Contingency::of(a, b).adjusted_rand();
        assert_eq!(rand(&[0, 0, 1, 2], &[7, 7, 3, 5]), 1.0);
        assert_eq!(rand(&[0, 0, 1, 1], &[0, 1, 0, 1]), -0.5);
        assert_eq!(rand(&[], &[]), 1.0);
        assert_eq!(rand(&[0, 0, 0], &[0, 1, 2]), 0.0);
    }
}

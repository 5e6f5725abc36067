//! Canonical order of rows: by content alone.
//!
//! Random draws, tie-breaking and sums happen in this order, so that a shuffled corpus gives
//! the same clusters.

use std::cmp::Ordering;

use super::Matrix;

/// Row numbers sorted by content, number after number; equal rows by row number, which
/// nothing downstream can tell apart.
pub fn canonical_order(vectors: &Matrix) -> Vec<usize> {
    let mut order: Vec<usize> = (0..vectors.rows()).collect();
    order.sort_unstable_by(|&a, &b| compare(vectors.row(a), vectors.row(b)).then(a.cmp(&b)));
    order
}

/// How many different rows there are in a matrix whose rows are sorted.
pub fn n_distinct(sorted: &Matrix) -> usize {
    let differs = |i: &usize| compare(sorted.row(i - 1), sorted.row(*i)) != Ordering::Equal;
    usize::from(sorted.rows() > 0) + (1..sorted.rows()).filter(differs).count()
}

fn compare(a: &[f32], b: &[f32]) -> Ordering {
    let unequal = a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne());
    unequal.unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_sorted_and_repeats_are_counted_once() {
        let rows = Matrix::new(4, 2, vec![1.0, 0.0, 0.0, 5.0, 1.0, 0.0, 0.0, -1.0]).unwrap();
        let order = canonical_order(&rows);
        assert_eq!(order, [3, 1, 0, 2]);
        assert_eq!(n_distinct(&rows.select(&order)), 3);
        assert_eq!(n_distinct(&Matrix::default()), 0);
    }
}

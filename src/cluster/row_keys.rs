//! Random draws keyed by what a row holds: a row is drawn or not whatever the order of the rows,
//! and nearly always the same way when other rows come or go.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// A key for each of some rows in canonical order. Equal rows get different keys, so that copies of
/// a row are drawn one by one.
pub(super) fn row_keys<'r>(sorted: impl IntoIterator<Item = &'r [f32]>) -> Vec<u64> {
    let mut occurrence = 0;
    let mut keys = Vec::new();
    let mut last: Option<&[f32]> = None;
    for row in sorted {
        let is_copy = last.replace(row).is_some_and(|last| same_bits(row, last));
        occurrence = if is_copy { occurrence + 1 } else { 0 };
        let hash = row.iter().fold(occurrence, |hash, x| mixed(hash ^ u64::from(x.to_bits())));
        keys.push(hash);
    }
    keys
}

/// `count` of the rows, ascending: another draw for every `round`.
pub(super) fn draw(keys: &[u64], round: u64, count: usize) -> Vec<usize> {
    let mut order: Vec<(u64, usize)> =
        keys.iter().enumerate().map(|(row, &key)| (mixed(key ^ mixed(round)), row)).collect();
    order.sort_unstable();
    let mut rows: Vec<usize> = order.into_iter().take(count).map(|(_, row)| row).collect();
    rows.sort_unstable();
    rows
}

fn same_bits(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).all(|(x, y)| x.to_bits() == y.to_bits())
}

/// The first number of SplitMix64 from a state: a hash of it.
pub(super) fn mixed(x: u64) -> u64 {
    SplitMix64::seed_from_u64(x).next_u64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Matrix;

    #[test]
    fn a_row_is_drawn_by_what_it_holds() {
        let rows = Matrix::new(200, 1, (0..200).map(|i| i as f32).collect()).unwrap();
        let all = draw(&row_keys(rows.iter_rows()), 3, 100);
        assert_eq!(all.len(), 100);
        assert!(all.is_sorted());
        assert_ne!(all, draw(&row_keys(rows.iter_rows()), 4, 100));
        // Without the last twenty rows, those that are left are drawn as before.
        let fewer = rows.select(&(0..180).collect::<Vec<_>>());
        let kept = all.iter().filter(|&&row| row < 180).count();
        assert_eq!(draw(&row_keys(fewer.iter_rows()), 3, kept), all[..kept]);
    }

    #[test]
    fn copies_are_drawn_one_by_one() {
        let drawn = draw(&row_keys(Matrix::zeros(40, 2).iter_rows()), 0, 20);
        assert_eq!(drawn.len(), 20);
        assert_ne!(drawn, (0..20).collect::<Vec<_>>());
    }
}

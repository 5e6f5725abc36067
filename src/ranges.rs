//! Rows a number at a time: what is made of all of them need not be in memory at once.

use std::ops::Range;

/// The numbers below `n`, in order, `most` at a time; the last range may be shorter.
///
/// # Panics
/// If `most` is 0.
pub(crate) fn ranges(n: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    (0..n).step_by(most).map(move |start| start..n.min(start + most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_one_range() {
        assert_eq!(ranges(7, 3).collect::<Vec<_>>(), [0..3, 3..6, 6..7]);
        assert_eq!(ranges(6, 3).flatten().collect::<Vec<_>>(), (0..6).collect::<Vec<_>>());
        assert_eq!(ranges(0, 3).count(), 0);
    }
}

//! A set of rows.

/// A set of rows of an index, one bit each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSet {
    bits: Vec<u64>,
    len: usize,
}

impl RowSet {
    /// The set of `rows`, which are below `n`; repeats count once.
    ///
    /// # Panics
    /// If a row is not below `n`.
    pub fn new(n: usize, rows: impl IntoIterator<Item = usize>) -> Self {
        let mut bits = vec![0u64; n.div_ceil(64)];
        let mut len = 0;
        for row in rows {
            assert!(row < n, "row {row} of {n}");
            let bit = 1 << (row % 64);
            len += usize::from(bits[row / 64] & bit == 0);
            bits[row / 64] |= bit;
        }
        RowSet { bits, len }
    }

    /// How many rows are in it.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether it has this row.
    pub fn contains(&self, row: usize) -> bool {
        self.bits.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    /// The rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.bits.iter().enumerate().flat_map(|(at, &bits)| {
            let next = |rest: &u64| Some(rest & (rest - 1)).filter(|&rest| rest != 0);
            let first = Some(bits).filter(|&bits| bits != 0);
            std::iter::successors(first, next)
                .map(move |rest| 64 * at + rest.trailing_zeros() as usize)
        })
    }

    /// Leaves only the rows that `other` has too.
    pub fn intersect(&mut self, other: &RowSet) {
        let others = other.bits.iter().chain(std::iter::repeat(&0));
        self.bits.iter_mut().zip(others).for_each(|(bits, other)| *bits &= other);
        self.len = self.bits.iter().map(|bits| bits.count_ones() as usize).sum();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_set_it_was_made_of(
            a in prop::collection::btree_set(0usize..200, 0..60),
            b in prop::collection::btree_set(0usize..200, 0..60),
        ) {
            let mut set = RowSet::new(200, a.iter().copied().chain(a.iter().copied()));
            prop_assert_eq!(set.len(), a.len());
            prop_assert_eq!(set.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert!((0..300).all(|row| set.contains(row) == a.contains(&row)));
            set.intersect(&RowSet::new(200, b.iter().copied()));
            let both: BTreeSet<usize> = a.intersection(&b).copied().collect();
            prop_assert_eq!((set.len(), set.is_empty()), (both.len(), both.is_empty()));
            prop_assert_eq!(set.iter().collect::<BTreeSet<_>>(), both);
        }
    }
}

//! The features of all roles, made once: pairs are compared that stand far apart.

use rayon::prelude::*;

use super::features::Features;
use crate::number_lists::{NumberLists, NumberListsWriter};
use crate::ranges::ranges;

/// Rows whose features are made at a time.
const ROWS_AT_ONCE: usize = 8_192;

/// Shingles and words of every row.
pub(super) struct FeatureLists(NumberLists);

impl FeatureLists {
    /// Of `n` texts, and what `also` says of each and its features.
    pub fn of<'a, T: Send>(
        n: usize,
        text: &(dyn Fn(usize) -> &'a str + Sync),
        also: impl Fn(usize, &Features) -> T + Sync,
    ) -> (Self, Vec<T>) {
        let (mut lists, mut said) = (NumberListsWriter::default(), Vec::with_capacity(n));
        let of_row = |row: usize| {
            let features = Features::of(text(row));
            let said = also(row, &features);
            (features, said)
        };
        for rows in ranges(n, ROWS_AT_ONCE) {
            let part: Vec<(Features, T)> = rows.into_par_iter().map(of_row).collect();
            for (features, one) in part {
                lists.push(&features.shingles);
                lists.push(&features.words);
                said.push(one);
            }
        }
        (FeatureLists(lists.finish()), said)
    }

    pub fn shingles(&self, row: usize) -> &[u32] {
        self.0.get(2 * row)
    }

    pub fn words(&self, row: usize) -> &[u32] {
        self.0.get(2 * row + 1)
    }
}

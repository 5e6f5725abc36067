//! The most similar of any number of pairs of rows.

use rayon::prelude::*;

use super::features::shared;

/// So many roles are compared each with each.
pub(super) const EXACT_ROWS: usize = 10_000;

/// Among more, pairs are gathered from this similarity on: MinHash misses many below it.
pub(super) const LEAST_OF_MANY: f64 = 0.5;

/// Pairs listed; the rest is counted.
pub(super) const MOST_LISTED: usize = 1_000;

/// A pair, by the numbers of its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub first: u32,
    pub second: u32,
    pub similarity: f64,
}

/// The most similar pairs of all that were found.
#[derive(Debug, Default)]
pub(super) struct SimilarRows {
    pub best: Vec<Found>,
    /// How many there were.
    pub total: usize,
}

impl SimilarRows {
    /// With another pair.
    pub fn add(mut self, pair: Found) -> Self {
        self.best.push(pair);
        self.total += 1;
        if self.best.len() > 4 * MOST_LISTED { self.cut() } else { self }
    }

    /// Of two sets of pairs.
    pub fn join(mut self, other: SimilarRows) -> Self {
        self.best.extend(other.best);
        self.total += other.total;
        self.cut()
    }

    /// The order is total, so that what stays does not depend on who found it.
    pub fn cut(mut self) -> Self {
        self.best.sort_by(|a, b| {
            let places = (a.first, a.second).cmp(&(b.first, b.second));
            b.similarity.total_cmp(&a.similarity).then(places)
        });
        self.best.truncate(MOST_LISTED);
        self
    }

    /// The same pairs, where row `at` is `rows[at]`; these ascend.
    pub fn numbered(mut self, rows: &[usize]) -> Self {
        for Found { first, second, .. } in &mut self.best {
            (*first, *second) = (rows[*first as usize] as u32, rows[*second as usize] as u32);
        }
        self
    }
}

/// Those of some pairs of rows that are similar.
pub(super) fn among<'s>(
    pairs: &[(u32, u32)],
    set_of: &(dyn Fn(u32) -> &'s [u32] + Sync),
    least: f64,
) -> SimilarRows {
    let of_pair = |best: SimilarRows, &(first, second): &(u32, u32)| {
        let (a, b) = (set_of(first), set_of(second));
        let similarity = jaccard(shared(a, b), a, b);
        if similarity >= least { best.add(Found { first, second, similarity }) } else { best }
    };
    let best = pairs.par_iter().fold(SimilarRows::default, of_pair);
    best.reduce(SimilarRows::default, SimilarRows::join).cut()
}

/// Of two sets of which `both` elements are in both.
pub(super) fn jaccard(both: usize, a: &[u32], b: &[u32]) -> f64 {
    both as f64 / (a.len() + b.len() - both) as f64
}

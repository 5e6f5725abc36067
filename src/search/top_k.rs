//! The best rows of a list of scores.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A row and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbor {
    /// Row of the indexed matrix or text.
    pub row: usize,
    /// Cosine similarity in `[-1, 1]`, or what the [`Mode`](super::Mode) ranks by; higher is
    /// nearer.
    pub score: f32,
}

/// Rows [`top_k_passing`] asks about first.
const FIRST_BATCH: usize = 64;

/// The `k` best of `scores`, best first, equal scores by row; rows for which `keep` is false
/// are left out. `keep` is asked only about rows that are among the best so far.
pub fn top_k(scores: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<Neighbor> {
    // The worst of the best is on top, so most rows cost one comparison.
    let mut best: BinaryHeap<Reverse<Ranked>> = BinaryHeap::with_capacity(k.min(scores.len()) + 1);
    for (row, &score) in scores.iter().enumerate() {
        let next = Ranked(Neighbor { row, score });
        if best.len() >= k && best.peek().is_none_or(|worst| next < worst.0) || !keep(row) {
            continue;
        }
        best.push(Reverse(next));
        if best.len() > k {
            best.pop();
        }
    }
    best.into_sorted_vec().into_iter().map(|Reverse(Ranked(next))| next).collect()
}

/// The `k` best of `scores` as [`top_k`] gives them, for a condition that is costly to check.
///
/// `may` is a cheap condition, checked first. `keep` gets rows in batches, best first, every
/// batch twice as large as the one before, and answers for each row of a batch.
///
/// # Errors
/// Those of `keep`.
pub fn top_k_passing<E>(
    scores: &[f32],
    k: usize,
    may: &dyn Fn(usize) -> bool,
    mut keep: impl FnMut(&[usize]) -> Result<Vec<bool>, E>,
) -> Result<Vec<Neighbor>, E> {
    let mut candidates = best_first(scores).filter(|next| may(next.row));
    let (mut found, mut batch_size) = (Vec::new(), FIRST_BATCH);
    while found.len() < k {
        let batch: Vec<Neighbor> = candidates.by_ref().take(batch_size).collect();
        if batch.is_empty() {
            break;
        }
        let rows: Vec<usize> = batch.iter().map(|next| next.row).collect();
        let kept = batch.into_iter().zip(keep(&rows)?).filter(|&(_, kept)| kept);
        found.extend(kept.map(|(next, _)| next));
        batch_size *= 2;
    }
    found.truncate(k);
    Ok(found)
}

/// All rows, best first. A heap yields the first few without sorting the rest.
fn best_first(scores: &[f32]) -> impl Iterator<Item = Neighbor> {
    let all = scores.iter().enumerate().map(|(row, &score)| Ranked(Neighbor { row, score }));
    let mut heap: BinaryHeap<Ranked> = all.collect::<Vec<_>>().into();
    std::iter::from_fn(move || heap.pop().map(|Ranked(next)| next))
}

/// Orders by score, equal scores by falling row.
#[derive(PartialEq)]
struct Ranked(Neighbor);

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.score.total_cmp(&other.0.score).then(other.0.row.cmp(&self.0.row))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_give_what_one_pass_gives() {
        let scores: Vec<f32> = (0..500).map(|row| ((row * 7919) % 101) as f32).collect();
        let keep = |row: usize| row.is_multiple_of(5);
        for k in [0, 1, 7, 60, 90, 500] {
            let one_pass = top_k(&scores, k, &|row| row != 10 && keep(row));
            let mut largest = 0;
            let batched = top_k_passing(&scores, k, &|row| row != 10, |rows| {
                largest = largest.max(rows.len());
                Ok::<_, ()>(rows.iter().map(|&row| keep(row)).collect())
            });
            assert_eq!(batched.unwrap(), one_pass, "k = {k}");
            assert!(k > 7 || largest <= FIRST_BATCH, "few rows are asked about for a small k");
        }
        assert_eq!(top_k_passing(&scores, 3, &|_| true, |_| Err::<Vec<bool>, _>(7)), Err(7));
    }
}

//! Pairs of roles that share much of their text and are not merged: a list for people.
//!
//! Up to [`EXACT_ROWS`] roles every pair that shares a shingle is compared, by way of an inverted
//! index. Beyond that only the pairs that MinHash gives are, from a similarity of 0.5 on
//! ([`LEAST_OF_MANY`]): it finds most of these, and few below.

use std::collections::HashMap;

use rayon::prelude::*;

use super::duplicates::{FEWEST_SHINGLES, Merged};
use super::similar_rows::{EXACT_ROWS, Found, LEAST_OF_MANY, SimilarRows, jaccard};
use crate::intake::{SimilarPair, SimilarPairs};
use crate::role::Role;

/// The pairs from similarity `least` on, of many roles from [`LEAST_OF_MANY`] on, among the roles
/// that repeat no other.
pub(super) fn pairs(roles: &[Role], merged: &Merged, least: f64) -> SimilarPairs {
    if least >= 1.0 {
        return SimilarPairs { least, ..SimilarPairs::default() };
    }
    let own = |&row: &usize| merged.representative[row] == row;
    let rows: Vec<usize> = (0..roles.len()).filter(own).take(EXACT_ROWS + 1).collect();
    let all = (rows.len() <= EXACT_ROWS).then(|| {
        let sets = rows.into_iter().map(|row| (row, merged.features.shingles(row)));
        let (long, sets): (Vec<usize>, Vec<&[u32]>) =
            sets.filter(|(_, set)| set.len() >= FEWEST_SHINGLES).unzip();
        among_all(&sets, least).numbered(&long)
    });
    let (found, least) = match &all {
        Some(all) => (all, least),
        None => (&merged.similar, least.max(LEAST_OF_MANY)),
    };
    let id = |row: u32| roles[row as usize].id.clone();
    let listed = |pair: &Found| SimilarPair {
        first: id(pair.first),
        second: id(pair.second),
        similarity: pair.similarity,
    };
    let unlisted = found.total - found.best.len();
    SimilarPairs { least, pairs: found.best.iter().map(listed).collect(), unlisted }
}

/// Every pair of sets that share an element.
fn among_all(sets: &[&[u32]], least: f64) -> SimilarRows {
    let mut holders: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, set) in sets.iter().enumerate() {
        set.iter().for_each(|element| holders.entry(*element).or_default().push(at as u32));
    }
    let of_set = |mut best: SimilarRows, at: usize| {
        let mut both: HashMap<u32, u32> = HashMap::new();
        for element in sets[at] {
            let earlier = holders[element].iter().take_while(|&&other| (other as usize) < at);
            earlier.for_each(|&other| *both.entry(other).or_default() += 1);
        }
        for (other, both) in both {
            let similarity = jaccard(both as usize, sets[other as usize], sets[at]);
            if similarity >= least {
                best = best.add(Found { first: other, second: at as u32, similarity });
            }
        }
        best
    };
    (0..sets.len())
        .into_par_iter()
        .fold(SimilarRows::default, of_set)
        .reduce(SimilarRows::default, SimilarRows::join)
        .cut()
}

#[cfg(test)]
mod tests {
    use super::super::similar_rows::{MOST_LISTED, among};
    use super::*;

    fn sets() -> Vec<Vec<u32>> {
        let set = |from: u32, to: u32| (from..to).collect::<Vec<u32>>();
        vec![set(0, 100), set(50, 150), set(300, 400), set(10, 110), set(140, 240)]
    }

    fn all(sets: &[Vec<u32>], least: f64) -> SimilarRows {
        among_all(&sets.iter().map(Vec::as_slice).collect::<Vec<_>>(), least)
    }

    fn told(best: &SimilarRows) -> Vec<(u32, u32, String)> {
        best.best.iter().map(|p| (p.first, p.second, format!("{:.2}", p.similarity))).collect()
    }

    #[test]
    fn pairs_come_by_similarity_and_both_ways_agree() {
        let sets = sets();
        let found = all(&sets, 0.25);
        let expected = [(0, 3, "0.82"), (1, 3, "0.43"), (0, 1, "0.33")];
        assert_eq!(told(&found), expected.map(|(a, b, s)| (a, b, s.to_string())));
        let every: Vec<(u32, u32)> =
            (0..sets.len() as u32).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
        let set_of = |row: u32| sets[row as usize].as_slice();
        assert_eq!(told(&among(&every, &set_of, 0.25)), told(&found));
        assert_eq!(all(&sets, 0.9).total, 0);
    }

    #[test]
    fn of_many_pairs_the_most_similar_are_kept_and_all_are_counted() {
        // Sets that share one element each with each, and two alike at the end.
        let mut sets: Vec<Vec<u32>> =
            (0..120).map(|at| [0].into_iter().chain(at * 10 + 1..at * 10 + 5).collect()).collect();
        sets.push(sets[119].clone());
        let best = all(&sets, 0.0);
        assert_eq!((best.total, best.best.len()), (121 * 120 / 2, MOST_LISTED));
        assert_eq!((best.best[0].first, best.best[0].second), (119, 120));
        assert_eq!((best.best[1].first, best.best[1].second), (0, 1));
    }
}

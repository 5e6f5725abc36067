//! Ranks the roles by nearness in meaning, by the words they share with a query, or by both.
//!
//! Without a graph every row is scored. A graph leads to the best rows, also to the best of those
//! that pass a filter, and the threshold algorithm (R. Fagin, A. Lotem and M. Naor, "Optimal
//! aggregation algorithms for middleware", PODS 2001) tells whether a row that was not looked at
//! could be among them. Where few rows pass a filter, these are scored and no others.

use super::IndexError;
use super::baseline::Baseline;
use super::fuse::{demote, fuse};
use super::mode::Mode;
use super::row_set::RowSet;
use super::top_k::{Neighbor, top_k, top_k_passing};
use super::vector_index::VectorIndex;

/// A query, made ready to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Unit vector; not used in lexical mode.
    pub vector: &'a [f32],
    /// The share of the query's words in every row; not used in semantic mode.
    pub words: &'a [f32],
    /// The share of the unwanted words in every row; empty when nothing is unwanted.
    pub unwanted: &'a [f32],
    /// What a cosine means.
    pub baseline: Baseline,
    /// A row that is no answer: the role that others shall be like.
    pub excluded: Option<usize>,
}

impl Target<'_> {
    /// The score of a row. It grows with the cosine and with the share of the words.
    pub fn score(&self, mode: Mode, row: usize, cosine: f32) -> f32 {
        let words = self.words.get(row).copied().unwrap_or_default();
        let score = match mode {
            Mode::Hybrid => fuse(self.baseline.nearness(cosine), words),
            Mode::Semantic => self.baseline.nearness(cosine),
            Mode::Lexical => words,
        };
        self.unwanted.get(row).map_or(score, |&unwanted| demote(score, unwanted))
    }

    /// The scores of all rows, which have these cosines.
    fn scores(&self, mode: Mode, cosines: &[f32]) -> Vec<f32> {
        let score = |(row, &cosine): (usize, &f32)| self.score(mode, row, cosine);
        cosines.iter().enumerate().map(score).collect()
    }
}

/// Of a graph's rows, the share that passes a filter below which all that pass are scored: the
/// walk along the graph visits the more rows the fewer pass, and is the slower one below this
/// (`benches/search.rs`).
const SCORED_SHARE: f64 = 0.05;

/// Answers for each of some rows whether it passes the filters.
pub type RowFilter<'a, E> = dyn FnMut(&[usize]) -> Result<Vec<bool>, E> + 'a;

/// Which rows may be found.
pub enum Among<'a, E> {
    /// All.
    All,
    /// These.
    Rows(&'a RowSet),
    /// Those that a filter lets pass; it is asked about the best rows first.
    Passing(&'a mut RowFilter<'a, E>),
}

/// Why there is no ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankError<E> {
    /// The vectors or their graph are damaged.
    Vectors(IndexError),
    /// The error of the filter.
    Filter(E),
}

impl<E> From<IndexError> for RankError<E> {
    fn from(error: IndexError) -> Self {
        RankError::Vectors(error)
    }
}

/// The `k` best rows for `target`, best first, equal scores by row. In lexical mode rows that
/// share no word with the query are left out.
///
/// # Errors
/// When a row of the index is damaged, or the filter fails.
pub fn rank<E>(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
    among: Among<'_, E>,
) -> Result<Vec<Neighbor>, RankError<E>> {
    let words = target.words;
    let is_other = |row: usize| Some(row) != target.excluded;
    if mode == Mode::Lexical {
        let scores = target.scores(mode, &vec![0.0; words.len()]);
        return best(&scores, k, &|row| words[row] > 0.0 && is_other(row), among);
    }
    let found = match among {
        Among::All => by_graph(index, target, mode, k, None)?,
        Among::Rows(rows) => of_rows(index, target, mode, k, rows)?,
        Among::Passing(_) => None,
    };
    match found {
        Some(found) => Ok(found),
        None => best(&target.scores(mode, &index.scores(target.vector)?), k, &is_other, among),
    }
}

fn best<E>(
    scores: &[f32],
    k: usize,
    may: &dyn Fn(usize) -> bool,
    among: Among<'_, E>,
) -> Result<Vec<Neighbor>, RankError<E>> {
    match among {
        Among::All => Ok(top_k(scores, k, may)),
        Among::Rows(rows) => Ok(top_k(scores, k, &|row| rows.contains(row) && may(row))),
        Among::Passing(keep) => top_k_passing(scores, k, may, keep).map_err(RankError::Filter),
    }
}

/// The best of `rows`: by the graph where many are left, else by scoring these. `None` when every
/// row has to be scored.
fn of_rows(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
    rows: &RowSet,
) -> Result<Option<Vec<Neighbor>>, IndexError> {
    let share = rows.len() as f64 / index.n_rows().max(1) as f64;
    if share > SCORED_SHARE
        && let Some(found) = by_graph(index, target, mode, k, Some(rows))?
    {
        return Ok(Some(found));
    }
    let rows: Vec<usize> = rows.iter().collect();
    Ok(Some(scored(index, target, mode, k, &rows)?))
}

/// The best of `rows`, which are ascending.
fn scored(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
    rows: &[usize],
) -> Result<Vec<Neighbor>, IndexError> {
    let cosines = index.scores_of(rows, target.vector)?;
    let score = |(&row, &cosine): (&usize, &f32)| target.score(mode, row, cosine);
    let scores: Vec<f32> = rows.iter().zip(&cosines).map(score).collect();
    let mut found = top_k(&scores, k, &|at| Some(rows[at]) != target.excluded);
    found.iter_mut().for_each(|neighbor| neighbor.row = rows[neighbor.row]);
    Ok(found)
}

/// The best rows, `among` some where these are given, without scoring every row; `None` when
/// others may be as good, or there is no graph.
fn by_graph(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
    among: Option<&RowSet>,
) -> Result<Option<Vec<Neighbor>>, IndexError> {
    // One more than asked for, because the excluded row may be among them.
    let near = index.near(target.vector, k.saturating_add(1), among)?;
    let Some(near) = near else { return Ok(None) };
    let words = target.words;
    let may = |row: usize| words[row] > 0.0 && among.is_none_or(|among| among.contains(row));
    let wordy = top_k(words, near.len(), &may);
    let mut rows: Vec<usize> = near.iter().chain(&wordy).map(|found| found.row).collect();
    rows.sort_unstable();
    rows.dedup();
    let found = scored(index, target, mode, k, &rows)?;
    // A row in neither list has at most the cosine of the last row of the one and the words of the
    // last row of the other, so its score is at most the joint score of the two.
    let all_words = wordy.len() < near.len();
    let nearness = near.last().map_or(1.0, |last| target.baseline.nearness(last.score));
    let share = wordy.last().filter(|_| !all_words).map_or(0.0, |last| last.score);
    let threshold = fuse(nearness, share);
    let is_sure = found.len() == k && found.last().is_some_and(|last| last.score >= threshold);
    Ok(is_sure.then_some(found))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::geometry::Matrix;
    use crate::mapped_file::Bytes;
    use crate::progress::Silent;
    use crate::search::hnsw::{HnswGraph, HnswIndex, HnswParams};

    const N: usize = 800;

    /// Unit rows around twenty directions.
    fn rows() -> Matrix {
        let d = 16;
        // The finalizer of SplitMix64.
        let noise = |seed: usize| {
            let x = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            ((x ^ (x >> 31)) % 1000) as f32 / 1000.0 - 0.5
        };
        let number = |at: usize| {
            let (row, column) = (at / d, at % d);
            noise(row % 20 * d + column + 7) + 0.2 * noise(at + 90_001)
        };
        let mut rows = Matrix::new(N, d, (0..N * d).map(number).collect()).unwrap();
        rows.normalize_rows();
        rows
    }

    fn indexes(rows: &Matrix) -> [VectorIndex; 2] {
        let graph = HnswGraph::build(rows, &HnswParams::default(), &Silent);
        let mut bytes = Vec::new();
        graph.write(rows, "x", &mut bytes).unwrap();
        let mapped = HnswIndex::open(Bytes::Owned(bytes), "x").unwrap();
        [VectorIndex::Exact(rows.clone()), VectorIndex::Hnsw(mapped)]
    }

    fn target(vector: &[f32]) -> Target<'_> {
        let baseline = Baseline::UNKNOWN;
        Target { vector, words: &[], unwanted: &[], baseline, excluded: None }
    }

    #[test]
    fn a_filtered_walk_finds_the_best_of_the_rows_that_pass() {
        let rows = rows();
        let [exact, graph] = indexes(&rows);
        let words: Vec<f32> = (0..N).map(|row| if row % 11 == 0 { 0.4 } else { 0.0 }).collect();
        for (query, keep) in [(3, 2), (50, 3), (211, 7), (400, 60)] {
            let set = RowSet::new(N, (0..N).step_by(keep));
            let target = Target { words: &words, excluded: Some(query), ..target(rows.row(query)) };
            for mode in [Mode::Semantic, Mode::Lexical, Mode::Hybrid] {
                let all = ranked(&exact, &target, mode, N);
                let passing: Vec<Neighbor> =
                    all.into_iter().filter(|n| set.contains(n.row)).take(5).collect();
                for index in [&exact, &graph] {
                    let among = Among::<Infallible>::Rows(&set);
                    let found = rank(index, &target, mode, 5, among).unwrap();
                    assert_eq!(found, passing, "{mode:?} {query} one in {keep}");
                }
            }
        }
    }

    #[test]
    fn unwanted_words_take_a_row_down_with_and_without_a_graph() {
        let rows = rows();
        let words = vec![0.0; N];
        let plain = Target { words: &words, ..target(rows.row(3)) };
        for index in indexes(&rows) {
            let best = ranked(&index, &plain, Mode::Hybrid, 5);
            let mut unwanted = vec![0.0; N];
            unwanted[best[0].row] = 1.0;
            let target = Target { unwanted: &unwanted, ..plain };
            let without = ranked(&index, &target, Mode::Hybrid, 4);
            let rows = |found: &[Neighbor]| found.iter().map(|n| n.row).collect::<Vec<_>>();
            assert_eq!(rows(&without), rows(&best[1..]));
        }
    }

    fn ranked(index: &VectorIndex, target: &Target<'_>, mode: Mode, k: usize) -> Vec<Neighbor> {
        rank::<Infallible>(index, target, mode, k, Among::All).unwrap()
    }

    #[test]
    fn a_graph_finds_what_a_pass_over_all_rows_finds() {
        let rows = rows();
        let [exact, graph] = indexes(&rows);
        for query in (0..N).step_by(37) {
            // One text in nine shares a word, a few of them a rare one.
            let words: Vec<f32> = (0..N)
                .map(|row| match (row + query) % 9 {
                    0 => (1 + (row * 31) % 50) as f32 / 60.0,
                    _ => 0.0,
                })
                .collect();
            let vector = rows.row(query);
            let target = Target { words: &words, excluded: Some(query), ..target(vector) };
            for mode in [Mode::Semantic, Mode::Lexical, Mode::Hybrid] {
                let expected = ranked(&exact, &target, mode, 5);
                let found = ranked(&graph, &target, mode, 5);
                // The same cosine may differ in its last digit.
                for (a, b) in found.iter().zip(&expected) {
                    let same = a.row == b.row || (a.score - b.score).abs() < 1e-6;
                    assert!(same, "{mode:?} {query}: {a:?} {b:?}");
                }
                assert_eq!(found.len(), expected.len());
                assert!(found.iter().all(|n| n.row != query));
                assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
            }
        }
    }

    #[test]
    fn the_graph_answers_where_it_is_sure() {
        let rows = rows();
        let [exact, graph] = indexes(&rows);
        let target = target(rows.row(3));
        assert!(by_graph(&graph, &target, Mode::Hybrid, 5, None).unwrap().is_some());
        assert!(by_graph(&exact, &target, Mode::Hybrid, 5, None).unwrap().is_none());
        // Every row scores the same by words: any of them may be the best.
        let words = vec![1.0; N];
        let target = Target { words: &words, ..target };
        let found = by_graph(&graph, &target, Mode::Hybrid, 5, None).unwrap();
        assert!(found.is_none_or(|found| found[0].row == 3));
    }

    #[test]
    fn filters_are_asked_about_candidates_only_and_their_error_comes_back() {
        let rows = rows();
        let [exact, _] = indexes(&rows);
        let mut words = vec![0.0; N];
        words[5] = 0.5;
        words[8] = 0.9;
        let target = Target { words: &words, excluded: Some(8), ..target(&[]) };
        let mut asked = Vec::new();
        let mut keep = |some: &[usize]| {
            asked.extend_from_slice(some);
            Ok::<_, Infallible>(vec![true; some.len()])
        };
        let found = rank(&exact, &target, Mode::Lexical, 3, Among::Passing(&mut keep)).unwrap();
        assert_eq!(found, [Neighbor { row: 5, score: 0.5 }]);
        assert_eq!(asked, [5]);
        let mut refuse = |_: &[usize]| Err("no disk");
        let refused = rank(&exact, &target, Mode::Lexical, 3, Among::Passing(&mut refuse));
        assert_eq!(refused, Err(RankError::Filter("no disk")));
    }
}

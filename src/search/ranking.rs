//! Ranks the roles by cosine similarity, by BM25, or by both.
//!
//! With filters, or without a graph, every row is scored. Without filters a graph leads to the
//! best rows, and the threshold algorithm (R. Fagin, A. Lotem and M. Naor, "Optimal aggregation
//! algorithms for middleware", PODS 2001) tells whether a row that was not looked at could be
//! among them.

use super::IndexError;
use super::fuse::fuse;
use super::mode::Mode;
use super::top_k::{Neighbor, top_k, top_k_passing};
use super::vector_index::VectorIndex;

/// Rows taken evenly from all, whose cosines show how low cosines go when not every row is
/// scored: [`fuse`] scales by the lowest.
const SAMPLED_ROWS: usize = 256;

/// A query, made ready to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Unit vector; not used in lexical mode.
    pub vector: &'a [f32],
    /// BM25 of every row; not used in semantic mode.
    pub word_scores: &'a [f32],
    /// A row that is no answer: the role that others shall be like.
    pub excluded: Option<usize>,
}

/// Answers for each of some rows whether it passes the filters.
pub type RowFilter<'a, E> = dyn FnMut(&[usize]) -> Result<Vec<bool>, E> + 'a;

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

/// The `k` best rows for `target`, best first, equal scores by row; only rows that pass
/// `filter`, where there is one. In lexical mode rows that share no word with the query are left
/// out.
///
/// # Errors
/// When a row of the index is damaged, or the filter fails.
pub fn rank<E>(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
    filter: Option<&mut RowFilter<'_, E>>,
) -> Result<Vec<Neighbor>, RankError<E>> {
    let words = target.word_scores;
    let is_other = |row: usize| Some(row) != target.excluded;
    if mode == Mode::Lexical {
        return best_passing(words, k, &|row| words[row] > 0.0 && is_other(row), filter);
    }
    if filter.is_none()
        && let Some(found) = by_graph(index, target, mode, k)?
    {
        return Ok(found);
    }
    let mut scores = index.scores(target.vector)?;
    if mode == Mode::Hybrid {
        scores = fuse(&scores, words);
    }
    best_passing(&scores, k, &is_other, filter)
}

fn best_passing<E>(
    scores: &[f32],
    k: usize,
    may: &dyn Fn(usize) -> bool,
    filter: Option<&mut RowFilter<'_, E>>,
) -> Result<Vec<Neighbor>, RankError<E>> {
    match filter {
        None => Ok(top_k(scores, k, may)),
        Some(keep) => top_k_passing(scores, k, may, keep).map_err(RankError::Filter),
    }
}

/// The best rows without scoring every row; `None` when others may be as good, or there is no
/// graph.
fn by_graph(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
) -> Result<Option<Vec<Neighbor>>, IndexError> {
    // One more than asked for, because the excluded row may be among them.
    let Some(mut near) = index.near(target.vector, k.saturating_add(1))? else { return Ok(None) };
    if mode == Mode::Semantic {
        near.retain(|neighbor| Some(neighbor.row) != target.excluded);
        near.truncate(k);
        return Ok(Some(near));
    }
    let words = target.word_scores;
    let wordy = top_k(words, near.len(), &|row| words[row] > 0.0);
    let sample = (0..words.len()).step_by(words.len().div_ceil(SAMPLED_ROWS));
    let mut rows: Vec<usize> =
        near.iter().chain(&wordy).map(|found| found.row).chain(sample).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut cosines = index.scores_of(&rows, target.vector)?;
    let mut shared: Vec<f32> = rows.iter().map(|&row| words[row]).collect();
    // A row in neither list has at most the cosine of the last row of the one and the BM25 of the
    // last row of the other. The joint score of the two is the threshold.
    let all_words = wordy.len() < near.len();
    cosines.push(near.last().map_or(1.0, |last| last.score));
    shared.push(wordy.last().filter(|_| !all_words).map_or(0.0, |last| last.score));
    let mut scores = fuse(&cosines, &shared);
    let threshold = scores.pop().unwrap_or(f32::INFINITY);
    let mut found = top_k(&scores, k, &|at| Some(rows[at]) != target.excluded);
    let is_sure = found.len() == k && found.last().is_some_and(|last| last.score > threshold);
    found.iter_mut().for_each(|neighbor| neighbor.row = rows[neighbor.row]);
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

    fn ranked(index: &VectorIndex, target: &Target<'_>, mode: Mode, k: usize) -> Vec<Neighbor> {
        rank::<Infallible>(index, target, mode, k, None).unwrap()
    }

    #[test]
    fn a_graph_finds_what_a_pass_over_all_rows_finds() {
        let rows = rows();
        let [exact, graph] = indexes(&rows);
        for query in (0..N).step_by(37) {
            // One text in nine shares a word, a few of them a rare one.
            let words: Vec<f32> = (0..N)
                .map(|row| match (row + query) % 9 {
                    0 => 1.0 + ((row * 31) % 50) as f32 / 10.0,
                    _ => 0.0,
                })
                .collect();
            let target =
                Target { vector: rows.row(query), word_scores: &words, excluded: Some(query) };
            for mode in [Mode::Semantic, Mode::Lexical, Mode::Hybrid] {
                let expected = ranked(&exact, &target, mode, 5);
                let found = ranked(&graph, &target, mode, 5);
                assert_eq!(found.len(), expected.len());
                // The lowest cosine, by which a joint score is scaled, is that of a sample, so
                // rows whose scores are nearly the same may change places.
                let scores = match mode {
                    Mode::Semantic => exact.scores(rows.row(query)).unwrap(),
                    Mode::Lexical => words.clone(),
                    Mode::Hybrid => fuse(&exact.scores(rows.row(query)).unwrap(), &words),
                };
                let apart = if mode == Mode::Hybrid { 0.02 } else { 0.0 };
                for (a, b) in found.iter().zip(&expected) {
                    let difference = (scores[a.row] - scores[b.row]).abs();
                    assert!(difference <= apart, "{mode:?} {query}: {a:?} {b:?}");
                }
                assert!(found.iter().all(|n| n.row != query));
                assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
            }
        }
    }

    #[test]
    fn the_graph_answers_where_it_is_sure() {
        let rows = rows();
        let [exact, graph] = indexes(&rows);
        let words = vec![0.0; N];
        let target = Target { vector: rows.row(3), word_scores: &words, excluded: None };
        assert!(by_graph(&graph, &target, Mode::Hybrid, 5).unwrap().is_some());
        assert!(by_graph(&exact, &target, Mode::Hybrid, 5).unwrap().is_none());
        // Every row scores the same by words: any of them may be the best.
        let words = vec![1.0; N];
        let target = Target { word_scores: &words, ..target };
        let found = by_graph(&graph, &target, Mode::Hybrid, 5).unwrap();
        assert!(found.is_none_or(|found| found[0].row == 3));
    }

    #[test]
    fn filters_are_asked_about_candidates_only_and_their_error_comes_back() {
        let rows = rows();
        let [exact, _] = indexes(&rows);
        let mut words = vec![0.0; N];
        words[5] = 2.0;
        words[8] = 3.0;
        let target = Target { vector: &[], word_scores: &words, excluded: Some(8) };
        let mut asked = Vec::new();
        let mut keep = |some: &[usize]| {
            asked.extend_from_slice(some);
            Ok::<_, Infallible>(vec![true; some.len()])
        };
        let found = rank(&exact, &target, Mode::Lexical, 3, Some(&mut keep)).unwrap();
        assert_eq!(found, [Neighbor { row: 5, score: 2.0 }]);
        assert_eq!(asked, [5]);
        let mut refuse = |_: &[usize]| Err("no disk");
        let refused = rank(&exact, &target, Mode::Lexical, 3, Some(&mut refuse));
        assert_eq!(refused, Err(RankError::Filter("no disk")));
    }
}

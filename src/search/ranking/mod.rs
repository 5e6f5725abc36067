//! Ranks the roles by nearness in meaning, by the words they share with a query, or by both.
//!
//! Without a graph every row is scored. A graph leads to the best rows, also to the best of those
//! that pass a filter, and the threshold algorithm (R. Fagin, A. Lotem and M. Naor, "Optimal
//! aggregation algorithms for middleware", PODS 2001) tells whether a row that was not looked at
//! could be among them. Where few rows pass a filter, these are scored and no others.
//!
//! Which rows pass is either known, or a filter is asked about the best rows until enough have
//! passed: among those that the graph leads to, and where these are too few, among all.

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
    /// The share of the query's words in every row, in hybrid mode less what many rows reach
    /// ([`specific`](super::specific)); not used in semantic mode.
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
/// (`benches/search.rs`). A filter that is asked needs no such number: the graph leads to at least
/// sixteen rows for each that is wanted ([`VectorIndex::near`]), so that every row is scored where
/// less than about the same share passes.
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
    mut among: Among<'_, E>,
) -> Result<Vec<Neighbor>, RankError<E>> {
    let words = target.words;
    let is_other = |row: usize| Some(row) != target.excluded;
    if mode == Mode::Lexical {
        let scores = target.scores(mode, &vec![0.0; words.len()]);
        return best(&scores, k, &|row| words[row] > 0.0 && is_other(row), among);
    }
    let found = match &mut among {
        Among::All => by_graph(index, target, mode, k, None)?,
        Among::Rows(rows) => of_rows(index, target, mode, k, rows)?,
        Among::Passing(keep) => passing_by_graph(index, target, mode, k, keep)?,
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
    let Some(Shortlist { rows, others }) = shortlist(index, target, k, among)? else {
        return Ok(None);
    };
    let found = scored(index, target, mode, k, &rows)?;
    let is_sure = found.len() == k && found.last().is_some_and(|last| last.score >= others);
    Ok(is_sure.then_some(found))
}

/// The same for the rows that `keep` lets pass, which is asked only about rows that no other row
/// can be better than; `None` also when too few of these pass.
fn passing_by_graph<E>(
    index: &VectorIndex,
    target: &Target<'_>,
    mode: Mode,
    k: usize,
    mut keep: impl FnMut(&[usize]) -> Result<Vec<bool>, E>,
) -> Result<Option<Vec<Neighbor>>, RankError<E>> {
    let Some(Shortlist { rows, others }) = shortlist(index, target, k, None)? else {
        return Ok(None);
    };
    let ranked = scored(index, target, mode, rows.len(), &rows)?;
    let sure = ranked.iter().take_while(|found| found.score >= others);
    let scores: Vec<f32> = sure.map(|found| found.score).collect();
    let keep_ranks = |ranks: &[usize]| {
        let rows: Vec<usize> = ranks.iter().map(|&rank| ranked[rank].row).collect();
        keep(&rows)
    };
    let found = top_k_passing(&scores, k, &|_| true, keep_ranks).map_err(RankError::Filter)?;
    let found: Vec<Neighbor> = found.iter().map(|found| ranked[found.row]).collect();
    Ok((found.len() == k).then_some(found))
}

/// Rows that may be among the best.
struct Shortlist {
    /// Ascending.
    rows: Vec<usize>,
    /// No other row has a higher score than this.
    others: f32,
}

/// The rows that the graph and the words lead to, several times `k`; `None` without a graph, or
/// where the walk along it is not sure of its result.
fn shortlist(
    index: &VectorIndex,
    target: &Target<'_>,
    k: usize,
    among: Option<&RowSet>,
) -> Result<Option<Shortlist>, IndexError> {
    // One more than asked for, because the excluded row may be among them.
    let near = index.near(target.vector, k.saturating_add(1), among)?;
    let Some(near) = near else { return Ok(None) };
    let words = target.words;
    let may = |row: usize| words[row] > 0.0 && among.is_none_or(|among| among.contains(row));
    let wordy = top_k(words, near.len(), &may);
    let mut rows: Vec<usize> = near.iter().chain(&wordy).map(|found| found.row).collect();
    rows.sort_unstable();
    rows.dedup();
    // A row in neither list has at most the cosine of the last row of the one and the words of the
    // last row of the other, so its score is at most the joint score of the two.
    let all_words = wordy.len() < near.len();
    let nearness = near.last().map_or(1.0, |last| target.baseline.nearness(last.score));
    let share = wordy.last().filter(|_| !all_words).map_or(0.0, |last| last.score);
    Ok(Some(Shortlist { rows, others: fuse(nearness, share) }))
}

#[cfg(test)]
mod tests;

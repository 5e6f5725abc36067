//! Retrieval quality, measured on roles that are known to belong together.

use std::collections::HashMap;

use serde::Serialize;

use super::model_settings::QueryModel;
use super::searcher::Searcher;
use crate::error::Error;
use crate::evaluate::{Judged, Retrieval, retrieval};
use crate::search::Mode;
use crate::store::RunFolder;

/// Queries at most; of more roles, every n-th is taken.
const QUERIES: usize = 2_000;

/// Figures of every mode.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchEvaluation {
    /// Roles with the same value of this field are each other's right answers.
    pub pairs: String,
    /// Roles that have a right answer.
    pub n_paired: usize,
    /// Roles that were asked for: those, or an even sample of them.
    pub n_queries: usize,
    /// Figures by mode.
    pub modes: Vec<ModeEvaluation>,
}

/// Figures of one mode.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModeEvaluation {
    /// What ranked the roles.
    pub mode: Mode,
    /// How well.
    #[serde(flatten)]
    pub figures: Retrieval,
}

/// Searches for roles like each role that shares its value of `field` with another role, and
/// measures how high those others are ranked among all roles, in every mode. Every role is
/// scored, so the figures are those of the ranking and not of an index. The model is not needed.
///
/// # Errors
/// When no role has the field, or a file of the folder is damaged.
pub fn evaluate_search(run: &RunFolder, field: &str) -> Result<SearchEvaluation, Error> {
    let searcher = Searcher::open(run, QueryModel::default())?;
    let roles = searcher.roles()?;
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, role) in roles.iter().enumerate() {
        if let Some(value) = role.field(field).filter(|value| !value.trim().is_empty()) {
            groups.entry(value).or_default().push(row);
        }
    }
    if groups.is_empty() {
        return Err(Error::no_such_field(field, roles));
    }
    let mut right: Vec<(usize, Vec<usize>)> = Vec::new();
    for members in groups.values().filter(|members| members.len() > 1) {
        for &row in members {
            right.push((row, members.iter().copied().filter(|&other| other != row).collect()));
        }
    }
    right.sort_unstable();
    let n_paired = right.len();
    let step = n_paired.div_ceil(QUERIES).max(1);
    let asked: Vec<(usize, Vec<usize>)> = right.into_iter().step_by(step).collect();
    let mut found = [Mode::Hybrid, Mode::Semantic, Mode::Lexical].map(|mode| (mode, Vec::new()));
    for (row, right) in &asked {
        for ((mode, found), scores) in found.iter_mut().zip(searcher.scores_like(*row)?) {
            found.push(judged(&scores, *row, right, *mode));
        }
    }
    let figures =
        |(mode, found): (Mode, Vec<Judged>)| ModeEvaluation { mode, figures: retrieval(&found) };
    let modes = found.into_iter().map(figures).collect();
    Ok(SearchEvaluation { pairs: field.to_string(), n_paired, n_queries: asked.len(), modes })
}

/// Where the right answers stand when roles are ranked by score, ties by row, the query left
/// out; in lexical mode a role that shares no word is not ranked.
fn judged(scores: &[f32], query: usize, right: &[usize], mode: Mode) -> Judged {
    let ranked = |row: &usize| mode != Mode::Lexical || scores[*row] > 0.0;
    let rank = |row: usize| {
        let before = |other: usize| {
            let (a, b) = (scores[other], scores[row]);
            a > b || (a == b && other < row)
        };
        1 + (0..scores.len()).filter(|&other| other != query && before(other)).count()
    };
    let mut ranks: Vec<usize> = right.iter().copied().filter(ranked).map(rank).collect();
    ranks.sort_unstable();
    Judged { ranks, n_right: right.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_leave_out_the_query_and_break_ties_by_row() {
        let scores = [0.5, 9.0, 0.7, 0.5, 0.0];
        let found = judged(&scores, 1, &[3, 0, 4], Mode::Hybrid);
        assert_eq!((found.ranks, found.n_right), (vec![2, 3, 4], 3));
        let found = judged(&scores, 1, &[3, 4], Mode::Lexical);
        assert_eq!((found.ranks, found.n_right), (vec![3], 2));
    }
}

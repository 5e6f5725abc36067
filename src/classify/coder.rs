//! Ranks standard occupations by meaning and by letters.

use std::collections::BTreeMap;

use super::label_index::LabelIndex;
use super::standard_code::{Scheme, StandardCode};
use crate::geometry::inner_product;
use crate::isco_groups;
use crate::occupations::Occupations;

/// What the letters of the title weigh beside the vectors, which weigh 1.
const LETTERS: f32 = 0.2;

/// The least score at which an occupation is near; `data/occupations/README.md` says how it was
/// measured.
pub const NEAR: f32 = 0.4;

/// Codes of a role at most.
pub const MOST: usize = 3;

/// Finds the standard occupations nearest a role.
///
/// The score of an occupation is `(c + 0.2 l) / 1.2`: `c` is the cosine of its vector with that of
/// the role, `l` the likeness of the title's letters to its nearest label; without a title it is `c`.
/// A unit group is as near as its nearest occupation. What is less than [`NEAR`] is not near.
#[derive(Debug)]
pub struct Coder {
    occupations: &'static Occupations,
    /// Rows of the table that have a code of the standards.
    rows: Vec<usize>,
    labels: LabelIndex,
}

/// What is known of a role.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Its title; empty where it has none.
    pub title: &'a str,
    /// The unit vector of its text.
    pub vector: &'a [f32],
}

impl Coder {
    /// Of the occupations of a table that have an ISCO group.
    pub fn new(occupations: &'static Occupations) -> Self {
        let coded = |row: &usize| !occupations.rows()[*row].isco.is_empty();
        let rows: Vec<usize> = (0..occupations.rows().len()).filter(coded).collect();
        let labels = rows
            .iter()
            .enumerate()
            .flat_map(|(at, &row)| occupations.labels(row).map(move |(_, label)| (at, label)));
        let labels = LabelIndex::new(labels, rows.len());
        Coder { occupations, rows, labels }
    }

    /// The codes nearest a role, best first, at most [`MOST`]; titles are in a language, by its ISO
    /// 639-1 code, or in English where there is none. Empty where none is near.
    pub fn codes(&self, query: Query, scheme: Scheme, language: &str) -> Vec<StandardCode> {
        let near = self.ranked(query, scheme).into_iter().take(MOST);
        near.filter(|(_, _, score)| *score >= NEAR)
            .map(|(code, row, score)| {
                let title = match scheme {
                    Scheme::Esco => self.label(row, language),
                    Scheme::Isco => isco_groups::title(code, language),
                };
                StandardCode { code, title: title.unwrap_or(""), score }
            })
            .collect()
    }

    /// All codes, best first: each with the row of its nearest occupation and its score, however
    /// low. Equals stand in the order of the table.
    pub fn ranked(&self, query: Query, scheme: Scheme) -> Vec<(&'static str, usize, f32)> {
        let mut found: Vec<(&'static str, usize, f32)> = Vec::with_capacity(self.rows.len());
        let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
        for (&row, score) in self.rows.iter().zip(self.scores(query)) {
            let occupation = &self.occupations.rows()[row];
            let code = match scheme {
                Scheme::Esco => occupation.code,
                Scheme::Isco => occupation.isco,
            };
            let at = *by_code.entry(code).or_insert(found.len());
            match found.get_mut(at) {
                Some(known) if score > known.2 => *known = (code, row, score),
                Some(_) => {}
                None => found.push((code, row, score)),
            }
        }
        found.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.1.cmp(&b.1)));
        found
    }

    fn scores(&self, query: Query) -> Vec<f32> {
        let letters = self.labels.likeness(query.title);
        let of_letters = if query.title.trim().is_empty() { 0.0 } else { LETTERS };
        let score = |(at, &row): (usize, &usize)| {
            let cosine = inner_product(self.occupations.vectors().row(row), query.vector);
            (cosine + of_letters * letters[at]) / (1.0 + of_letters)
        };
        self.rows.iter().enumerate().map(score).collect()
    }

    fn label(&self, row: usize, language: &str) -> Option<&'static str> {
        self.occupations.label(row, language).or_else(|| self.occupations.label(row, "en"))
    }
}

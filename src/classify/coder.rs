//! Ranks standard occupations by meaning and by letters.

use std::collections::{BTreeMap, HashMap};

use super::label_index::LabelIndex;
use super::standard_code::{Scheme, StandardCode};
use crate::geometry::{four_inner_products, inner_product};
use crate::isco_groups;
use crate::occupations::Occupations;

/// What the letters of the title weigh beside the vectors, which weigh 1.
const LETTERS: f32 = 0.2;

/// The least score at which an occupation is near; `data/occupations/README.md` says how it was
/// measured.
pub const NEAR: f32 = 0.4;

/// Codes of a role at most.
pub const MOST: usize = 3;

/// Finds the codes of a standard that are nearest a role.
///
/// The score of an occupation is `(c + 0.2 l) / 1.2`: `c` is the cosine of its vector with that of
/// the role, `l` the likeness of the title's letters to its nearest label; without a title it is `c`.
/// A unit group is as near as its nearest occupation. What is less than [`NEAR`] is not near.
#[derive(Debug)]
pub struct Coder {
    occupations: &'static Occupations,
    scheme: Scheme,
    /// Rows of the table that have a code of the standard.
    rows: Vec<usize>,
    labels: LabelIndex,
    /// Every code once.
    codes: Vec<&'static str>,
    /// Places in `rows` and in `codes` that belong together, in the order of the table.
    coded: Vec<(usize, usize)>,
}

/// What is known of a role.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Its title; empty where it has none.
    pub title: &'a str,
    /// The unit vector of its text.
    pub vector: &'a [f32],
}

/// How near a code is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearness {
    /// The row of its nearest occupation in the table.
    pub row: usize,
    /// The score of that occupation.
    pub score: f32,
}

impl Coder {
    /// Of the occupations of a table that have an ISCO group.
    pub fn new(occupations: &'static Occupations, scheme: Scheme) -> Self {
        let has_group = |row: &usize| !occupations.rows()[*row].isco.is_empty();
        let rows: Vec<usize> = (0..occupations.rows().len()).filter(has_group).collect();
        let labels = rows
            .iter()
            .enumerate()
            .flat_map(|(at, &row)| occupations.labels(row).map(move |(_, label)| (at, label)));
        let labels = LabelIndex::new(labels, rows.len());
        let (mut codes, mut coded) = (Vec::new(), Vec::new());
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, &row) in rows.iter().enumerate() {
            let occupation = &occupations.rows()[row];
            let code = match scheme {
                Scheme::Esco => occupation.code,
                Scheme::Isco => occupation.isco,
            };
            let place = *places.entry(code).or_insert_with(|| {
                codes.push(code);
                codes.len() - 1
            });
            coded.push((at, place));
        }
        Coder { occupations, scheme, rows, labels, codes, coded }
    }

    /// The standard.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Every code of the standard that an occupation of the table has, once.
    pub fn all_codes(&self) -> &[&'static str] {
        &self.codes
    }

    /// The codes nearest a role, best first, at most [`MOST`]; titles are in a language, by its ISO
    /// 639-1 code, or in English where there is none. Empty where none is near.
    pub fn codes(&self, query: Query, language: &str) -> Vec<StandardCode> {
        let near = self.ranked(query).into_iter().take(MOST);
        near.filter(|(_, found)| found.score >= NEAR)
            .map(|(code, found)| {
                let title = self.title(code, found.row, language);
                StandardCode { code, title, score: found.score }
            })
            .collect()
    }

    /// All codes, best first, however far. Equals stand in the order of the table.
    pub fn ranked(&self, query: Query) -> Vec<(&'static str, Nearness)> {
        let mut found: Vec<(&'static str, Nearness)> =
            self.codes.iter().copied().zip(self.nearness(query)).collect();
        found.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
        found
    }

    /// How near each of [`Coder::all_codes`] is, in their order.
    pub fn nearness(&self, query: Query) -> Vec<Nearness> {
        self.nearest_of_codes(&joined(&self.cosines(query.vector), &self.letters(query.title)))
    }

    /// The [`Coder::nearness`] of each of some roles, with the same bits; titles that several have
    /// are looked at once.
    pub fn nearness_of_each(&self, queries: &[Query], mut each: impl FnMut(&[Nearness])) {
        let mut letters: HashMap<&str, Option<Vec<f32>>> = HashMap::new();
        for queries in queries.chunks(4) {
            for (query, cosines) in queries.iter().zip(self.cosines_of_four(queries)) {
                let title = query.title;
                let letters = letters.entry(title).or_insert_with(|| self.letters(title));
                each(&self.nearest_of_codes(&joined(&cosines, letters)));
            }
        }
    }

    /// The nearest occupation of every code, by the scores of all occupations.
    fn nearest_of_codes(&self, scores: &[f32]) -> Vec<Nearness> {
        let mut nearest: Vec<Option<Nearness>> = vec![None; self.codes.len()];
        for &(at, code) in &self.coded {
            let (row, score) = (self.rows[at], scores[at]);
            if nearest[code].is_none_or(|known| score > known.score) {
                nearest[code] = Some(Nearness { row, score });
            }
        }
        nearest.into_iter().flatten().collect()
    }

    /// What a code is called, whose nearest occupation stands in `row` of the table.
    pub(super) fn title(&self, code: &str, row: usize, language: &str) -> &'static str {
        let title = match self.scheme {
            Scheme::Esco => {
                let label = self.occupations.label(row, language);
                label.or_else(|| self.occupations.label(row, "en"))
            }
            Scheme::Isco => isco_groups::title(code, language),
        };
        title.unwrap_or("")
    }

    /// The unit group of ISCO-08 of an occupation, where the codes are not such groups.
    pub(super) fn isco(&self, row: usize) -> Option<&'static str> {
        (self.scheme == Scheme::Esco).then(|| self.occupations.rows()[row].isco)
    }

    /// The cosine of a role's vector with every occupation.
    fn cosines(&self, vector: &[f32]) -> Vec<f32> {
        let vectors = self.occupations.vectors();
        self.rows.iter().map(|&row| inner_product(vectors.row(row), vector)).collect()
    }

    /// The same for at most four roles, and empty ones for those that are fewer.
    fn cosines_of_four(&self, queries: &[Query]) -> [Vec<f32>; 4] {
        let Some(first) = queries.first() else { return Default::default() };
        let of_four = std::array::from_fn(|at| queries.get(at).unwrap_or(first).vector);
        let vectors = self.occupations.vectors();
        let mut cosines: [Vec<f32>; 4] = Default::default();
        for &row in &self.rows {
            let four = four_inner_products(of_four, vectors.row(row));
            cosines.iter_mut().zip(four).for_each(|(cosines, cosine)| cosines.push(cosine));
        }
        cosines
    }

    /// The likeness of a title's letters to every occupation; `None` where there is no title.
    fn letters(&self, title: &str) -> Option<Vec<f32>> {
        (!title.trim().is_empty()).then(|| self.labels.likeness(title))
    }
}

/// The scores of occupations by their cosines and by the letters of the title, if any.
fn joined(cosines: &[f32], letters: &Option<Vec<f32>>) -> Vec<f32> {
    match letters {
        None => cosines.to_vec(),
        Some(letters) => {
            let score =
                |(cosine, letters): (&f32, &f32)| (cosine + LETTERS * letters) / (1.0 + LETTERS);
            cosines.iter().zip(letters).map(score).collect()
        }
    }
}

//! Standard occupations a cluster may be called by, from the table of [`crate::occupations`].

use std::collections::BTreeMap;

use super::head_form::is_product;
use super::meaning::Centroids;
use super::name_language::NameLanguage;
use super::technology_matches::{Source, technology_matches};
use crate::geometry::{Matrix, inner_product};
use crate::occupations::Occupations;

/// Occupations looked at per cluster: those nearest its centroid.
const NEAREST: usize = 24;
/// Members asked which of them they are; more say the same.
const MOST_MEMBERS: usize = 256;
/// Occupations kept per cluster.
const KEPT: usize = 6;
/// Cosines to a centroid at which an occupation says nothing of a cluster, and at which it is sure to.
/// The vectors of the table are those of one model.
const FAR: f32 = 0.4;
const NEAR: f32 = 0.75;
/// What a title is worth that names a product.
const OF_A_TOOL: f64 = 0.5;
/// A title of more words than this is a description.
const LONGEST: usize = 5;

/// A standard title and the share of the members that are nearest to it, in `[0, 1]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StandardTitle {
    /// In the language of the names.
    pub text: String,
    /// Half of it from the members, half from its place among the titles near the centroid.
    pub support: f64,
    /// What it is worth whoever says it: less where it names a product.
    pub worth: f64,
}

/// The titles of one cluster, best supported first.
pub(super) fn standard_titles(
    occupations: &Occupations,
    vectors: &Matrix,
    members: &[usize],
    (centroids, cluster): (&Centroids, usize),
    language: NameLanguage,
) -> Vec<StandardTitle> {
    let label = |row: usize| {
        let own = occupations.label(row, language.code());
        // Better in English than not at all.
        own.or_else(|| {
            occupations.label(row, "en").filter(|_| !occupations.speaks(language.code()))
        })
    };
    let centroid = centroids.row(cluster);
    let near = occupations.nearest(centroid, NEAREST, |_| true);
    let near: Vec<Near> = near
        .into_iter()
        .filter_map(|(row, cosine)| label(row).map(|label| Near { row, label, cosine }))
        .filter(|near| is_short(near.label))
        .collect();
    let votes = votes(occupations, vectors, &asked(vectors, members, centroid), &near);
    let mut titles: BTreeMap<&str, f64> = BTreeMap::new();
    for (place, (near, votes)) in near.iter().zip(votes).enumerate() {
        let by_place = 1.0 / (1.0 + place as f64 / 3.0);
        let support = nearness(near.cosine) * (0.5 * votes + 0.5 * by_place);
        // Two occupations may have one label.
        *titles.entry(near.label).or_default() += support;
    }
    let mut titles: Vec<StandardTitle> = titles
        .into_iter()
        .map(|(text, support)| {
            let worth = if names_a_tool(text) { OF_A_TOOL } else { 1.0 };
            StandardTitle { text: text.into(), support: worth * support.min(1.0), worth }
        })
        .collect();
    titles.sort_by(|a, b| b.support.total_cmp(&a.support).then_with(|| a.text.cmp(&b.text)));
    titles.truncate(KEPT);
    titles
}

/// An occupation near a centroid.
struct Near<'a> {
    row: usize,
    label: &'a str,
    cosine: f32,
}

/// How far a cosine to the centroid speaks for a title, in `[0, 1]`: far from everything there is a
/// nearest occupation too.
fn nearness(cosine: f32) -> f64 {
    f64::from((cosine - FAR) / (NEAR - FAR)).clamp(0.0, 1.0)
}

/// Whether a title is that of people who work with one product: `Oracle DBA`.
fn names_a_tool(label: &str) -> bool {
    let hits = technology_matches(label, Source::Prose);
    hits.iter().any(|hit| is_product(hit.entry))
}

/// The members nearest the centroid, at most [`MOST_MEMBERS`].
fn asked(vectors: &Matrix, members: &[usize], centroid: &[f32]) -> Vec<usize> {
    let mut asked = members.to_vec();
    if asked.len() > MOST_MEMBERS {
        let cosine = |row: usize| inner_product(vectors.row(row), centroid);
        asked.sort_by(|&a, &b| cosine(b).total_cmp(&cosine(a)).then(a.cmp(&b)));
        asked.truncate(MOST_MEMBERS);
    }
    asked
}

/// The share of `members` that are nearest to each of these occupations.
fn votes(
    occupations: &Occupations,
    vectors: &Matrix,
    members: &[usize],
    near: &[Near],
) -> Vec<f64> {
    let mut votes = vec![0usize; near.len()];
    for &member in members {
        let cosine =
            |near: &Near| inner_product(vectors.row(member), occupations.vectors().row(near.row));
        let best = near.iter().map(cosine).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        best.into_iter().for_each(|(place, _)| votes[place] += 1);
    }
    votes.into_iter().map(|n| n as f64 / members.len().max(1) as f64).collect()
}

/// Whether a label is a title somebody would say: a few words, no alternatives and no notes.
fn is_short(label: &str) -> bool {
    label.split(' ').count() <= LONGEST
        && label.chars().count() <= 40
        && !label.contains(['/', '(', '（', ',', '，', ';'])
}

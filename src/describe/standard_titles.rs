//! Standard occupations a cluster may be called by, from the table of [`crate::occupations`].

use std::collections::BTreeMap;

use super::head_form::is_product;
use super::meaning::Centroids;
use super::name_language::NameLanguage;
use super::phrase_format::same_words;
use super::technology_matches::{Source, technology_matches};
use super::title_phrases;
use crate::geometry::{Matrix, inner_product};
use crate::isco_groups;
use crate::occupations::{Occupation, Occupations};

/// Occupations looked at per cluster: those nearest its centroid.
const NEAREST: usize = 24;
/// Members asked which of them they are; more say the same.
const MOST_MEMBERS: usize = 256;
/// Cosines to a centroid at which an occupation says nothing of a cluster, and at which it is sure to.
/// The vectors of the table are those of one model.
const FAR: f32 = 0.4;
const NEAR: f32 = 0.75;
/// What a title is worth that names a product.
const OF_A_TOOL: f64 = 0.5;
/// What a title is worth that hardly anybody would say: of two parts (`car and van delivery driver`), or as long as
/// any (`nurse responsible for general care`).
const LONG: f64 = 0.7;
/// The cosine from which an occupation of ours is of the ISCO group of another.
const SAME_GROUP: f32 = 0.8;
/// A title of more words than this is a description.
const LONGEST: usize = 5;

/// The same for a title of a group of occupations, which is written for statistics.
const LONGEST_OF_GROUP: usize = 4;

/// A standard title and how far a cluster may be called by it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StandardTitle {
    /// In the language of the names, or in English.
    pub text: String,
    /// Half of it from the share of the members that are nearest to it, half from its place among the titles
    /// near the centroid, in `[0, 1]`; 0 for one that is only of the same sort as these.
    pub support: f64,
    /// What it is worth whoever says it: less where it names a product or is long.
    pub worth: f64,
    /// Whether it is English for want of one in the language of the names.
    pub is_foreign: bool,
}

/// The titles of one cluster, best supported first: those of the occupations near it, of the unit groups of
/// ISCO over which its members are spread, and of the other occupations of these groups.
pub(super) fn standard_titles(
    occupations: &Occupations,
    vectors: &Matrix,
    members: &[usize],
    (centroids, cluster): (&Centroids, usize),
    language: NameLanguage,
) -> Vec<StandardTitle> {
    // Better in English than not at all.
    let label = |row: usize| {
        let own = occupations.spoken(row, language.code());
        let lacks = own.is_none() && !occupations.speaks(language.code());
        own.or_else(|| occupations.label(row, "en").filter(|_| lacks))
    };
    let centroid = centroids.row(cluster);
    let asked = asked(vectors, members, centroid);
    let nearest = occupations.nearest(centroid, NEAREST, |_| true);
    let all: Vec<Near> = nearest.into_iter().map(|(row, cosine)| Near { row, cosine }).collect();
    let near: Vec<(Near, &str)> = all
        .iter()
        .filter_map(|&near| label(near.row).map(|label| (near, label)))
        .filter(|(_, label)| is_short(label))
        .collect();
    let rows: Vec<Near> = near.iter().map(|(near, _)| *near).collect();
    let votes_of_near = votes(occupations, vectors, &asked, &rows);
    let mut titles: BTreeMap<&str, f64> = BTreeMap::new();
    for (place, ((near, label), votes)) in near.iter().zip(&votes_of_near).enumerate() {
        // Two occupations may have one label.
        *titles.entry(*label).or_default() += support(near.cosine, *votes, place);
    }
    let votes = votes(occupations, vectors, &asked, &all);
    for group in groups(occupations, &all, &votes) {
        if let Some(title) = group.is_spread.then(|| group.title(occupations, language)).flatten() {
            let support = titles.entry(title).or_default();
            *support = support.max(group.support);
        }
        let of_group = |row: &usize| occupations.rows()[*row].isco == group.code;
        for row in (0..occupations.rows().len()).filter(of_group) {
            if let Some(label) = label(row).filter(|label| is_short(label)) {
                titles.entry(label).or_default();
            }
        }
    }
    for (title, score) in &mut titles {
        let broader = as_broader(title, &near, &votes_of_near, language);
        *score = score.max(broader.unwrap_or(0.0));
    }
    let is_foreign = !occupations.speaks(language.code());
    let mut titles: Vec<StandardTitle> = titles
        .into_iter()
        .map(|(text, support)| {
            let of_a_tool = if names_a_tool(text) { OF_A_TOOL } else { 1.0 };
            let is_long = text.split(' ').count() >= LONGEST || language.is_joined(text);
            let worth = of_a_tool * if is_long { LONG } else { 1.0 };
            let support = worth * support.min(1.0);
            StandardTitle { text: text.into(), support, worth, is_foreign }
        })
        .collect();
    titles.sort_by(|a, b| b.support.total_cmp(&a.support).then_with(|| a.text.cmp(&b.text)));
    titles
}

/// How far an occupation speaks for a cluster.
fn support(cosine: f32, votes: f64, place: usize) -> f64 {
    let by_place = 1.0 / (1.0 + place as f64 / 3.0);
    nearness(cosine) * (0.5 * votes + 0.5 * by_place)
}

/// How far a title speaks for a cluster whose members are spread over titles that contain it, as those of
/// cooks contain `cook`; `None` where they are not.
fn as_broader(
    title: &str,
    near: &[(Near, &str)],
    votes: &[f64],
    language: NameLanguage,
) -> Option<f64> {
    let title = title.to_lowercase();
    let contains =
        |label: &str| title_phrases::has(&label.to_lowercase(), &title, language.detected());
    let places = (0..near.len()).filter(|&place| contains(near[place].1));
    let places: Vec<usize> = places.collect();
    let (first, share) = (*places.first()?, places.iter().map(|&place| votes[place]).sum::<f64>());
    let most = places.iter().map(|&place| votes[place]).fold(0.0, f64::max);
    (share > 0.0 && 2.0 * most <= share).then(|| support(near[first].0.cosine, share, first))
}

/// A group of ISCO with occupations near a cluster.
struct Group {
    code: &'static str,
    support: f64,
    /// Whether none of its parts has more than half of the members that are of the group.
    is_spread: bool,
}

impl Group {
    /// A title people may say: that of the occupation which is called like the group (`cook` of `Cooks`), or that of
    /// the group, where it is short and of one part. A group of what is left over has none.
    fn title(&self, occupations: &Occupations, language: NameLanguage) -> Option<&'static str> {
        let english = isco_groups::title_in(self.code, "en").unwrap_or_default().to_lowercase();
        if english.starts_with("other ") {
            return None;
        }
        let is_namesake = |&row: &usize| {
            let label = || occupations.label(row, "en").unwrap_or_default().to_lowercase();
            occupations.rows()[row].isco == self.code && same_words(&english, &label())
        };
        let namesake = (0..occupations.rows().len()).find(is_namesake);
        let namesake = namesake.and_then(|row| occupations.spoken(row, language.code()));
        let fits = |title: &&str| {
            let n_words = title.split(' ').count();
            is_short(title) && n_words <= LONGEST_OF_GROUP && !language.is_joined(title)
        };
        namesake.or_else(|| isco_groups::title_in(self.code, language.code()).filter(fits))
    }
}

/// The groups of ISCO that members are of, from sub-major groups to unit groups, by code.
fn groups(occupations: &Occupations, near: &[Near], votes: &[f64]) -> Vec<Group> {
    // By code the places of its occupations, and the shares of its parts: occupations or smaller groups.
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut parts: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for (place, near) in near.iter().enumerate() {
        let unit = unit_group(occupations, near.row);
        let mut part = occupations.rows()[near.row].code;
        for code in [4, 3, 2].into_iter().filter_map(|digits| unit.get(..digits)) {
            places.entry(code).or_default().push(place);
            *parts.entry(code).or_default().entry(part).or_default() += votes[place];
            part = code;
        }
    }
    let group = |(code, places): (&'static str, Vec<usize>)| {
        let shares = || parts[code].values().copied();
        let (share, most) = (shares().sum::<f64>(), shares().fold(0.0, f64::max));
        let support = support(near[places[0]].cosine, share, places[0]);
        (share > 0.0).then_some(Group { code, support, is_spread: 2.0 * most <= share })
    };
    places.into_iter().filter_map(group).collect()
}

/// The unit group of an occupation; one of ours is of that of the occupation it is most like, if it is like it.
fn unit_group(occupations: &Occupations, row: usize) -> &'static str {
    let isco = occupations.rows()[row].isco;
    if !isco.is_empty() {
        return isco;
    }
    let has_group = |occupation: &Occupation| !occupation.isco.is_empty();
    let nearest = occupations.nearest(occupations.vectors().row(row), 1, has_group);
    let alike = nearest.first().filter(|(_, cosine)| *cosine >= SAME_GROUP);
    alike.map_or("", |&(row, _)| occupations.rows()[row].isco)
}

/// An occupation near a centroid.
#[derive(Debug, Clone, Copy)]
struct Near {
    row: usize,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn row(occupations: &Occupations, label: &str) -> usize {
        (0..occupations.rows().len())
            .find(|&row| occupations.label(row, "en") == Some(label))
            .unwrap_or_else(|| panic!("no {label}"))
    }

    /// The best titles of a cluster of these occupations, one member each.
    fn best(labels: &[&str]) -> String {
        let occupations = Occupations::any_model().unwrap();
        let rows: Vec<usize> = labels.iter().map(|label| row(occupations, label)).collect();
        let mut vectors = Matrix::zeros(rows.len(), occupations.vectors().cols());
        for (at, &row) in rows.iter().enumerate() {
            vectors.row_mut(at).copy_from_slice(occupations.vectors().row(row));
        }
        let members: Vec<usize> = (0..rows.len()).collect();
        let centroids = Centroids::new(&vectors, std::slice::from_ref(&members));
        let language = NameLanguage::of(Language::En);
        let place = (&centroids, 0);
        standard_titles(occupations, &vectors, &members, place, language).remove(0).text
    }

    #[test]
    fn members_of_several_occupations_are_called_by_their_group() {
        assert_eq!(best(&["cook", "diet cook", "fish cook", "grill cook"]), "cook");
        assert_eq!(best(&["taxi driver", "taxi driver", "taxi driver"]), "taxi driver");
    }

    #[test]
    fn titles_of_groups_are_those_of_their_namesakes_or_short_and_of_one_part() {
        let occupations = Occupations::any_model().unwrap();
        let title = |code, language| {
            let group = Group { code, support: 1.0, is_spread: true };
            group.title(occupations, NameLanguage::of(language))
        };
        assert_eq!(title("5120", Language::En), Some("cook"));
        assert_eq!(title("2221", Language::En), Some("Nursing professionals"));
        assert_eq!(title("7411", Language::En), None);
        assert_eq!(title("235", Language::En), None);
        assert_eq!(title("7411", Language::Zh), None);
    }

    #[test]
    fn occupations_of_ours_are_of_the_group_of_those_like_them() {
        let occupations = Occupations::any_model().unwrap();
        assert_eq!(unit_group(occupations, row(occupations, "taxi driver")), "8322");
        assert_eq!(unit_group(occupations, row(occupations, "registered nurse")), "2221");
    }
}

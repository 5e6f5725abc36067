//! Titles as they stand, for languages whose titles cannot be cut into words.
//!
//! A stretch of a title between punctuation is a candidate as a whole, and counts for every title
//! that contains it: `看護師` speaks for `病棟看護師` too. Nothing is ever cut out of a stretch. Standard
//! titles are looked for in the same way, in any language.

use std::collections::BTreeMap;

use super::matcher::is_unspaced;
use super::tokens::Tokens;

/// Stretches looked at per cluster: those that most titles have.
const MOST_STRETCHES: usize = 64;
/// Members asked; more say the same.
const MOST_MEMBERS: usize = 512;
/// Lengths of a stretch, in characters, that may be a name.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=16;
/// Stretches kept per cluster.
const KEPT: usize = 8;

/// A stretch of titles.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TitlePhrase {
    /// As it is written.
    pub text: String,
    /// The share of the titles that contain it.
    pub share: f64,
}

/// The stretches that a cluster may be called by, those in most titles first.
pub(super) fn title_phrases(tokens: &Tokens, members: &[usize]) -> Vec<TitlePhrase> {
    let asked = &members[..members.len().min(MOST_MEMBERS)];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for stretch in asked.iter().flat_map(|&row| &tokens.stretches[row]) {
        if LENGTHS.contains(&stretch.chars().count()) {
            *counts.entry(stretch).or_insert(0) += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts.truncate(MOST_STRETCHES);
    let phrase = |(text, _): (&str, usize)| TitlePhrase {
        text: text.to_string(),
        share: share(tokens, asked, text),
    };
    let mut phrases: Vec<TitlePhrase> = counts.into_iter().map(phrase).collect();
    phrases.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.text.cmp(&b.text)));
    phrases.truncate(KEPT);
    phrases
}

/// The share of the members whose titles contain a phrase.
pub(super) fn share(tokens: &Tokens, members: &[usize], phrase: &str) -> f64 {
    let asked = &members[..members.len().min(MOST_MEMBERS)];
    let phrase = phrase.to_lowercase();
    let says = |row: &&usize| tokens.stretches[**row].iter().any(|title| has(title, &phrase));
    asked.iter().filter(says).count() as f64 / asked.len().max(1) as f64
}

/// Whether a title has a phrase, as whole words where words stand between spaces.
fn has(title: &str, phrase: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() && !is_unspaced(c);
    let is_whole = |(at, found): (usize, &str)| {
        let joined = |a: Option<char>, b: Option<char>| {
            a.zip(b).is_some_and(|(a, b)| goes_on(a) && goes_on(b))
        };
        let (before, after) = (&title[..at], &title[at + found.len()..]);
        !joined(before.chars().next_back(), found.chars().next())
            && !joined(found.chars().next_back(), after.chars().next())
    };
    title.match_indices(phrase).any(is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::long_text::LongText;
    use crate::role::{Role, RoleId};

    #[test]
    fn a_stretch_speaks_for_every_title_that_contains_it() {
        let titles = ["看護師 / 東京", "病棟看護師", "ICU看護師★急募", "運転手"];
        let role = |(n, title): (usize, &&str)| Role {
            id: RoleId::new(n.to_string()),
            title: title.to_string(),
            description: "患者さんの看護をします。".into(),
            ..Role::default()
        };
        let roles: Vec<Role> = titles.iter().enumerate().map(role).collect();
        let texts: Vec<LongText> = roles.iter().map(|role| role.text().into()).collect();
        let tokens = Tokens::new(&roles, &texts);
        assert!(has("senior nurse, ward", "nurse") && !has("nursery teacher", "nurse"));
        let found = title_phrases(&tokens, &[0, 1, 2, 3]);
        assert_eq!((found[0].text.as_str(), found[0].share), ("看護師", 0.75));
        let is_there = |phrase: &TitlePhrase| {
            titles.iter().any(|title| title.to_lowercase().contains(&phrase.text))
        };
        assert!(found.iter().all(is_there));
    }
}

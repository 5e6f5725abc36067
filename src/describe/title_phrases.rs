//! Titles as they stand, for languages whose titles cannot be cut into words.
//!
//! A stretch of a title between punctuation is a candidate as a whole, and counts for every title
//! that contains it: `看護師` speaks for `病棟看護師` too. Nothing is ever cut out of a stretch. Standard
//! titles are looked for in the same way, in any language. Two things are taken for a title of
//! their own though no title may be just that: the word that compounds end with (`Fahrer` of `Taxifahrer`
//! and `Lkw-Fahrer`), and in Vietnamese the word of two syllables that titles go on from in many ways
//! (`Giáo viên`).

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::char::is_combining_mark;

use super::lexicon::{Class, lexicon};
use super::matcher::is_unspaced;
use super::tokens::Tokens;
use crate::text::{DetectedLanguage, is_stopword};

/// Stretches looked at per cluster: those that most titles have.
const MOST_STRETCHES: usize = 64;
/// Members asked; more say the same.
const MOST_MEMBERS: usize = 512;
/// Lengths of a stretch, in characters, that may be a name.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=16;
/// Stretches kept per cluster.
const KEPT: usize = 8;
/// Ways in which titles go on from a word, or words that end with it, for it to be a title of its own.
const LEAST_WAYS: usize = 3;
/// Letters that a word has at least which others end with.
const LEAST_ENDING: usize = 4;

/// A stretch of titles.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TitlePhrase {
    /// As it is written.
    pub text: String,
    /// The share of the titles that contain it.
    pub share: f64,
    /// Those of them that were looked at.
    pub rows: Vec<usize>,
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
    let beginnings = beginnings(tokens, asked);
    let whole = counts.into_iter().map(|(text, _)| text);
    ranked(tokens, asked, whole.chain(beginnings.iter().map(String::as_str)))
}

/// Phrases by the share of the titles that contain them, the best of them.
fn ranked<'a>(
    tokens: &Tokens,
    asked: &[usize],
    texts: impl Iterator<Item = &'a str>,
) -> Vec<TitlePhrase> {
    let phrase = |text: &str| {
        let rows = saying(tokens, asked, text);
        TitlePhrase { text: text.to_string(), share: share_of(&rows, asked), rows }
    };
    let mut phrases: Vec<TitlePhrase> = texts.map(phrase).collect();
    phrases.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.text.cmp(&b.text)));
    phrases.truncate(KEPT);
    phrases
}

/// The first two syllables of Vietnamese titles that go on from there in many ways.
fn beginnings(tokens: &Tokens, asked: &[usize]) -> Vec<String> {
    let mut ways: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let vietnamese = |row: &&usize| tokens.languages[**row] == DetectedLanguage::Vi;
    for stretch in asked.iter().filter(vietnamese).flat_map(|&row| &tokens.stretches[row]) {
        let mut syllables = stretch.split(' ');
        if let (Some(a), Some(b), Some(next)) =
            (syllables.next(), syllables.next(), syllables.next())
        {
            ways.entry(format!("{a} {b}")).or_default().insert(next);
        }
    }
    ways.retain(|text, ways| ways.len() >= LEAST_WAYS && is_telling(text));
    ways.into_keys().collect()
}

/// Words that compounds end with, each as a title that speaks for all of these; for languages that write compounds
/// as one word. A word has to stand by itself too, or behind a hyphen.
pub(super) fn compound_heads(tokens: &Tokens, members: &[usize]) -> Vec<TitlePhrase> {
    let asked = &members[..members.len().min(MOST_MEMBERS)];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let compounding = |row: &&usize| has_compounds(tokens.languages[**row]);
    for stretch in asked.iter().filter(compounding).flat_map(|&row| &tokens.stretches[row]) {
        for word in stretch.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    let is_head = |word: &&str| {
        let ways = counts.keys().filter(|other| other.ends_with(word)).count();
        word.chars().count() >= LEAST_ENDING && ways >= LEAST_WAYS && is_telling(word)
    };
    let heads: Vec<&str> = counts.keys().copied().filter(is_head).collect();
    ranked(tokens, asked, heads.into_iter())
}

/// Whether a word says what somebody does, so far as the lexicon knows: `Mitarbeiter` does not.
fn is_telling(word: &str) -> bool {
    let lexicon = lexicon();
    let is_none = |class: Class| matches!(class, Class::Generic | Class::Dropped | Class::Weak);
    let spans = lexicon.concept_forms.find(word);
    let said = |span| lexicon.concepts[lexicon.concept_forms.form(span).entry].class;
    !is_stopword(word) && !spans.into_iter().any(|span| is_none(said(span)))
}

/// The share of the members whose titles contain a phrase.
pub(super) fn share(tokens: &Tokens, members: &[usize], phrase: &str) -> f64 {
    let asked = &members[..members.len().min(MOST_MEMBERS)];
    share_of(&saying(tokens, asked, phrase), asked)
}

fn share_of(rows: &[usize], asked: &[usize]) -> f64 {
    rows.len() as f64 / asked.len().max(1) as f64
}

/// Those of some roles whose titles contain a phrase.
fn saying(tokens: &Tokens, asked: &[usize], phrase: &str) -> Vec<usize> {
    let phrase = phrase.to_lowercase();
    let says = |row: &usize| {
        tokens.stretches[*row].iter().any(|title| has(title, &phrase, tokens.languages[*row]))
    };
    asked.iter().copied().filter(says).collect()
}

/// Whether a title has a phrase, both in small letters: as whole words where words stand between spaces, at the
/// end of a compound too.
pub(super) fn has(title: &str, phrase: &str, language: DetectedLanguage) -> bool {
    let goes_on = |c: char| {
        is_combining_mark(c) || c.is_alphanumeric() && !is_unspaced(c) && !is_segmented(c)
    };
    let ends_compounds = has_compounds(language)
        && phrase.chars().count() >= LEAST_ENDING
        && phrase.chars().all(char::is_alphabetic);
    let is_whole = |(at, found): (usize, &str)| {
        let joined = |a: Option<char>, b: Option<char>| {
            a.zip(b).is_some_and(|(a, b)| (goes_on(a) || is_segmented(a)) && goes_on(b))
        };
        let (before, after) = (&title[..at], &title[at + found.len()..]);
        let begins = ends_compounds || !joined(before.chars().next_back(), found.chars().next());
        begins && !joined(found.chars().next_back(), after.chars().next())
    };
    title.match_indices(phrase).any(is_whole)
}

/// Whether a letter is of a script of alphabets that puts no spaces between words.
fn is_segmented(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        && !is_combining_mark(c)
}

/// Whether a language writes compounds as one word, the head at the end.
fn has_compounds(language: DetectedLanguage) -> bool {
    use DetectedLanguage::{Da, De, Nl, Sv};
    matches!(language, De | Nl | Sv | Da)
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
            title: (*title).into(),
            description: "患者さんの看護をします。".into(),
            ..Role::default()
        };
        let roles: Vec<Role> = titles.iter().enumerate().map(role).collect();
        let texts: Vec<LongText> = roles.iter().map(|role| role.text().into()).collect();
        let tokens = Tokens::new(&roles, &texts, &(0..roles.len()).collect::<Vec<_>>());
        let en = DetectedLanguage::En;
        assert!(has("senior nurse, ward", "nurse", en) && !has("nursery teacher", "nurse", en));
        let found = title_phrases(&tokens, &[0, 1, 2, 3]);
        assert_eq!((found[0].text.as_str(), found[0].share), ("看護師", 0.75));
        let is_there = |phrase: &TitlePhrase| {
            titles.iter().any(|title| title.to_lowercase().contains(&phrase.text))
        };
        assert!(found.iter().all(is_there));
    }

    #[test]
    fn a_title_in_thai_speaks_for_those_that_contain_it_but_cuts_no_letter() {
        let has = |title: &str, phrase: &str| has(title, phrase, DetectedLanguage::Th);
        assert!(has("หัวหน้าช่างไฟฟ้า", "ช่างไฟฟ้า") && has("ช่างไฟฟ้าอาคาร", "ช่างไฟฟ้า"));
        // The last letter has a vowel sign in one and none in the other.
        assert!(!has("พนักงานขับรถ", "พน"));
    }

    fn of(titles: &[&str], text: &str) -> Tokens {
        let role = |(n, title): (usize, &&str)| Role {
            id: RoleId::new(n.to_string()),
            title: (*title).into(),
            description: text.into(),
            ..Role::default()
        };
        let roles: Vec<Role> = titles.iter().enumerate().map(role).collect();
        let texts: Vec<LongText> = roles.iter().map(|role| role.text().into()).collect();
        Tokens::new(&roles, &texts, &(0..roles.len()).collect::<Vec<_>>())
    }

    #[test]
    fn compounds_are_called_by_the_word_they_end_with() {
        let text = "Sie fahren mit dem Wagen und befördern die Fahrgäste oder die Ware zum Ziel.";
        let titles = ["Taxifahrer", "Lkw-Fahrer (m/w/d)", "Busfahrer im Linienverkehr", "Kurier"];
        let found = compound_heads(&of(&titles, text), &[0, 1, 2, 3]);
        let found: Vec<(&str, f64)> =
            found.iter().map(|phrase| (phrase.text.as_str(), phrase.share)).collect();
        assert_eq!(found, [("fahrer", 0.75)]);
        // Nobody is called after a word for everybody.
        let titles = ["Mitarbeiter", "Lagermitarbeiter", "Küchenmitarbeiter", "Büromitarbeiter"];
        assert!(compound_heads(&of(&titles, text), &[0, 1, 2, 3]).is_empty());
    }

    #[test]
    fn vietnamese_titles_are_called_by_the_word_they_begin_with() {
        let text = "Giảng dạy, soạn giáo án và đánh giá học sinh trong trường.";
        let titles = ["Giáo viên toán", "Giáo viên tiếng Anh", "Giáo viên mầm non", "Hiệu trưởng"];
        let found = title_phrases(&of(&titles, text), &[0, 1, 2, 3]);
        assert_eq!((found[0].text.as_str(), found[0].share), ("giáo viên", 0.75));
        let titles = ["Nhân viên kinh doanh", "Nhân viên bán hàng", "Nhân viên kho"];
        let found = title_phrases(&of(&titles, text), &[0, 1, 2]);
        assert!(found.iter().all(|phrase| phrase.share < 0.5), "{found:?}");
    }
}

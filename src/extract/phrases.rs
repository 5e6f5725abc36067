//! Finds labelled phrases in a line of text, by whole words in any script.
//!
//! A form that begins or ends with a letter of an alphabet must begin or end a word. Chinese and
//! Japanese characters and digits are no part of a word, so `eur` is found in `60eur`; a Korean
//! word may go on, because particles follow it.

use aho_corasick::AhoCorasick;

use crate::text::script;

/// A phrase found at `start..end` (bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub start: usize,
    pub end: usize,
    /// What it says: the part of its label behind the first dot.
    pub label: &'static str,
}

/// Forms, ready to be looked for.
#[derive(Debug)]
pub(super) struct Phrases {
    automaton: Option<AhoCorasick>,
    /// Label, and whether the form may go on.
    forms: Vec<(&'static str, bool)>,
}

impl Phrases {
    /// Takes pairs of label and form; a form that ends with `*` may go on.
    pub fn new(forms: &[(&'static str, &'static str)]) -> Self {
        let texts: Vec<&str> = forms.iter().map(|(_, form)| form.trim_end_matches('*')).collect();
        let open = |form: &str| form.ends_with('*');
        Phrases {
            // A few hundred short words are far below the limits of an automaton.
            automaton: AhoCorasick::new(&texts).ok(),
            forms: forms.iter().map(|&(label, form)| (label, open(form))).collect(),
        }
    }

    /// The phrases of a text in small letters, in order, the longest where several overlap.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<Found> = Vec::new();
        for hit in automaton.find_overlapping_iter(text) {
            let (label, open) = self.forms[hit.pattern().as_usize()];
            let (start, end) = (hit.start(), hit.end());
            if begins_word(text, start) && (open || ends_word(text, end)) {
                found.push(Found { start, end, label });
            }
        }
        // Stable, so that of two labels of one form the first in the file wins.
        found.sort_by_key(|hit| (std::cmp::Reverse(hit.end - hit.start), hit.start));
        let mut kept: Vec<Found> = Vec::new();
        for hit in found {
            if kept.iter().all(|other| hit.end <= other.start || hit.start >= other.end) {
                kept.push(hit);
            }
        }
        kept.sort_by_key(|hit| hit.start);
        kept
    }

    /// What the whole text says, where it is one of the forms.
    pub fn whole(&self, text: &str) -> Option<&'static str> {
        let all = self.find(text);
        all.iter().find(|hit| hit.start == 0 && hit.end == text.len()).map(|hit| hit.label)
    }
}

/// Whether a character belongs to a word written with spaces around it.
fn in_word(c: char) -> bool {
    c.is_alphabetic() && !script::is_wide(c)
}

fn begins_word(text: &str, at: usize) -> bool {
    let first = text[at..].chars().next();
    let before = text[..at].chars().next_back();
    !(first.is_some_and(in_word) && before.is_some_and(in_word))
}

fn ends_word(text: &str, at: usize) -> bool {
    let last = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    !(last.is_some_and(in_word) && after.is_some_and(in_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(phrases: &Phrases, text: &str) -> Vec<&'static str> {
        phrases.find(text).iter().map(|hit| hit.label).collect()
    }

    #[test]
    fn words_are_whole_and_the_longest_wins() {
        let forms = [("a", "intern"), ("b", "scrum master"), ("c", "master"), ("d", "erfahr*")];
        let phrases = Phrases::new(&forms);
        assert_eq!(labels(&phrases, "international"), [""; 0]);
        assert_eq!(labels(&phrases, "intern, scrum master"), ["a", "b"]);
        assert_eq!(labels(&phrases, "erfahrungen"), ["d"]);
        assert_eq!(phrases.whole("master"), Some("c"));
        assert_eq!(phrases.whole("a master"), None);
    }

    #[test]
    fn digits_and_chinese_end_a_word() {
        let phrases = Phrases::new(&[("eur", "eur"), ("year", "年")]);
        assert_eq!(labels(&phrases, "60eur"), ["eur"]);
        assert_eq!(labels(&phrases, "3年以上"), ["year"]);
    }
}

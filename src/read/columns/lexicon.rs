//! The names that columns of job data have, from `data/lexicon/columns.tsv`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::fold::{atoms, key, spelt_in_letters};
use super::target::{PayPart, Target};

/// A listed name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// What a column of that name holds; `None` for names that only look like one of ours.
    pub target: Option<Target>,
    /// Whether the name says so by itself; a weak one does where no better one is there.
    pub strong: bool,
    /// Its place among the names of that use in its line, 0 first.
    pub rank: usize,
}

/// All that is listed, by folded name.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// Whole names.
    pub whole: HashMap<String, Entry>,
    /// Whole names of alphabetic scripts by their first letter, for names that are misspelt.
    pub by_letter: HashMap<char, Vec<String>>,
    /// Words that decide inside a longer name, `None` for those that make it none of ours.
    pub words: HashMap<String, Option<Target>>,
    /// Words that change nothing.
    pub fillers: HashSet<String>,
    /// Atoms of the longest word or filler.
    pub longest: usize,
}

/// The lexicon that comes with the program.
pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../../data/lexicon/columns.tsv")));

impl Lexicon {
    fn parse(text: &str) -> Self {
        let mut lexicon = Lexicon::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split('\t');
            let (Some(label), Some(_), Some(names)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            for (rank, name) in names.split('|').enumerate() {
                lexicon.add(label, rank, name);
            }
        }
        let names = lexicon.whole.keys().filter(|name| spelt_in_letters(name));
        for name in names {
            if let Some(first) = name.chars().next() {
                lexicon.by_letter.entry(first).or_default().push(name.clone());
            }
        }
        // Of two names equally far from a misspelt one, the same one wins every time.
        lexicon.by_letter.values_mut().for_each(|names| names.sort_unstable());
        lexicon
    }

    fn add(&mut self, label: &str, rank: usize, name: &str) {
        let folded = key(name);
        if label == "filler" {
            self.longest = self.longest.max(atoms(name).len());
            self.fillers.insert(folded);
        } else if let Some(label) = label.strip_suffix('*') {
            self.longest = self.longest.max(atoms(name).len());
            self.words.insert(folded, target_of(label));
        } else {
            let strong = !label.ends_with('?');
            let target = target_of(label.trim_end_matches('?'));
            let entry = Entry { target, strong, rank };
            let known = self.whole.entry(folded).or_insert(entry);
            if (entry.strong, known.rank) > (known.strong, entry.rank) {
                *known = entry;
            }
        }
    }
}

/// The use a line of the file names; `None` for `other`.
fn target_of(label: &str) -> Option<Target> {
    Some(match label {
        "title" => Target::Title,
        "text" => Target::Description,
        "stack" => Target::Stack,
        "section" => Target::Section,
        "id" => Target::Id,
        "date" => Target::Date,
        "place" => Target::Place,
        "company" => Target::Company,
        "pay" => Target::Pay(PayPart::Whole),
        "pay.min" => Target::Pay(PayPart::Min),
        "pay.max" => Target::Pay(PayPart::Max),
        "pay.currency" => Target::Pay(PayPart::Currency),
        "pay.period" => Target::Pay(PayPart::Period),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../data/lexicon/columns.tsv");

    #[test]
    fn every_line_of_the_file_is_understood() {
        let uses = [
            "title",
            "text",
            "stack",
            "section",
            "id",
            "date",
            "place",
            "company",
            "pay",
            "pay.min",
            "pay.max",
            "pay.currency",
            "pay.period",
            "other",
            "filler",
        ];
        for line in FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('\t').collect();
            assert_eq!(parts.len(), 3, "{line}");
            let label = parts[0].trim_end_matches(['?', '*']);
            assert!(uses.contains(&label), "{label}");
            for name in parts[2].split('|') {
                assert!(!key(name).is_empty() && name == name.trim(), "{name:?} in {line}");
            }
        }
    }

    #[test]
    fn no_name_has_two_uses() {
        let mut seen: HashMap<(bool, String), &str> = HashMap::new();
        for line in FILE.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split('\t');
            let (Some(label), Some(names)) = (parts.next(), parts.nth(1)) else { continue };
            if label == "filler" {
                continue;
            }
            let word = label.ends_with('*');
            let label = label.trim_end_matches(['?', '*']);
            for name in names.split('|') {
                let before = seen.insert((word, key(name)), label);
                assert!(before.is_none_or(|before| before == label), "{name}: {label}, {before:?}");
            }
        }
    }

    #[test]
    fn the_stronger_use_of_a_name_holds() {
        let lexicon = Lexicon::parse("title?\ten\ta|b\ntitle\tde\tb\ntitle?\tfr\tb\n");
        assert_eq!(
            lexicon.whole["b"],
            Entry { target: Some(Target::Title), strong: true, rank: 0 }
        );
        assert!(!lexicon.whole["a"].strong);
    }
}

//! Sentences that recur among roles that have nothing else in common.
//!
//! Two wordings are one sentence when their [`key`](super::key) is equal. Likeness by
//! shingles was tried beside it: among the 61,000 sentences of 6,000 postings it added one in
//! a hundred, and most of those were duties, alike but for the technology they name. The rest
//! were wordings of one stock phrase, which the lexicon now knows.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::bounded::Bounded;
use super::features::{Weights, word_set};
use super::key::key;
use super::lexicon;
use super::params::CleanParams;
use super::strip::LeftOut;
use crate::intake::{BoilerplateSentence, BoilerplateSource};
use crate::text::sentences;

/// Roles looked at to tell whether a sentence is topical; their pairs are compared.
const SAMPLE: usize = 24;

/// Pairs of roles that say how much any two resemble each other.
const BASE_PAIRS: usize = 2_000;

/// Lexicon sentences said by one role alone are listed up to this many; the rest is counted.
const MAX_SINGLE_LISTED: usize = 200;

/// Keys of the sentences that recur in `rows` and are not topical.
///
/// A duty many roles share (`maintain our React components`) recurs too, but among roles
/// whose other words are alike. Boilerplate recurs among roles whose other words are as
/// different as those of any two roles.
pub(super) fn recurring(roles: &Bounded<'_>, rows: &[usize], params: &CleanParams) -> HashSet<u64> {
    let at_least = params.min_recurring.max((rows.len() as f64).cbrt().ceil() as usize);
    if rows.len() < at_least {
        return HashSet::new();
    }
    let keys: Vec<Box<[u64]>> =
        rows.par_iter().map(|&row| sentence_keys(roles.description(row)).into()).collect();
    let suspects = said_by_many(&keys, at_least);
    if suspects.is_empty() {
        return HashSet::new();
    }

    let base: Vec<usize> = base_rows(rows.len()).collect();
    not_topical((roles, rows), sample(&keys, &suspects), &base, params)
}

/// Those of the suspect sentences that roles say which have nothing else in common.
///
/// `sampled` holds places in `rows` of some roles that say each suspect, in order; `base` places of
/// roles two and two, whose resemblance is that of any two.
pub(super) fn not_topical(
    (roles, rows): (&Bounded<'_>, &[usize]),
    sampled: HashMap<u64, Vec<usize>>,
    base: &[usize],
    params: &CleanParams,
) -> HashSet<u64> {
    let needed: HashSet<usize> = sampled.values().flatten().chain(base).copied().collect();
    let mut needed: Vec<usize> = needed.into_iter().collect();
    needed.sort_unstable();
    let sets: HashMap<usize, Vec<u32>> =
        needed.par_iter().map(|&at| (at, other_words(roles, rows[at], &sampled))).collect();
    let weights = Weights::count(needed.len(), |i| &sets[&needed[i]]);
    let resemblance = |a: usize, b: usize| weights.jaccard(&sets[&a], &sets[&b]);
    let base = mean(base.chunks_exact(2).map(|pair| resemblance(pair[0], pair[1])));
    sampled
        .into_par_iter()
        .filter(|(_, at)| {
            let pairs = (0..at.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let among = mean(pairs.map(|(i, j)| resemblance(at[i], at[j])));
            among <= base * params.max_topical_lift
        })
        .map(|(key, _)| key)
        .collect()
}

/// The keys in at least so many of the sets, and in how many: sorted, not hashed, since most
/// sentences are said once.
fn said_by_many(keys: &[Box<[u64]>], at_least: usize) -> HashMap<u64, u32> {
    let mut all: Vec<u64> = keys.iter().flat_map(|keys| keys.iter().copied()).collect();
    all.par_sort_unstable();
    let said = all.chunk_by(|a, b| a == b).filter(|equal| equal.len() >= at_least);
    said.map(|equal| (equal[0], equal.len() as u32)).collect()
}

/// What is left out of the roles, sentences of one key once, as their first role writes them.
#[derive(Debug, Default)]
pub(super) struct LeftOutSentences {
    order: Vec<BoilerplateSentence>,
    /// By key the place in `order`, and the last role that says it.
    known: HashMap<u64, (usize, usize)>,
}

impl LeftOutSentences {
    /// Takes what is left out of the next role.
    pub fn add(&mut self, row: usize, left_out: Vec<LeftOut>) {
        for LeftOut { sentence, key, source } in left_out {
            match self.known.get_mut(&key) {
                // Said twice by one role, it counts once.
                Some((_, last)) if *last == row => {}
                Some((at, last)) => {
                    *last = row;
                    self.order[*at].count += 1;
                }
                None => {
                    self.known.insert(key, (self.order.len(), row));
                    self.order.push(BoilerplateSentence { sentence, count: 1, source });
                }
            }
        }
    }

    /// The sentences, most roles first, and how many more there were than are listed.
    pub fn listed(self) -> (Vec<BoilerplateSentence>, usize) {
        let mut order = self.order;
        // Stable: of equal counts the first in the input comes first.
        order.sort_by_key(|sentence| std::cmp::Reverse(sentence.count));
        let mut singles = 0;
        order.retain(|sentence| {
            let single = sentence.count == 1 && sentence.source == BoilerplateSource::Lexicon;
            singles += usize::from(single);
            !single || singles <= MAX_SINGLE_LISTED
        });
        (order, singles.saturating_sub(MAX_SINGLE_LISTED))
    }
}

/// Keys of the sentences of a description that the lexicon does not know, each once.
pub(super) fn sentence_keys(description: &str) -> Vec<u64> {
    let unknown = sentences(description).into_iter().filter(|s| !lexicon::is_boilerplate(s));
    let mut keys: Vec<u64> = unknown.filter_map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Positions of the roles that say each suspect, evenly spread over all that do.
fn sample(keys: &[Box<[u64]>], suspects: &HashMap<u64, u32>) -> HashMap<u64, Vec<usize>> {
    let mut met: HashMap<u64, usize> = HashMap::new();
    let mut sampled: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, keys) in keys.iter().enumerate() {
        for key in keys.iter() {
            let Some(&count) = suspects.get(key) else { continue };
            let met = met.entry(*key).or_default();
            let rows = sampled.entry(*key).or_default();
            if rows.len() * count as usize <= *met * SAMPLE.min(count as usize) {
                rows.push(at);
            }
            *met += 1;
        }
    }
    sampled
}

/// Positions of pairs of roles, far apart in the input, evenly spread.
fn base_rows(n: usize) -> impl Iterator<Item = usize> {
    let pairs = BASE_PAIRS.min(n / 2).max(1);
    let half = n / 2;
    (0..pairs).flat_map(move |i| {
        let first = i * half / pairs;
        [first, (first + half) % n]
    })
}

/// The words of a role outside its suspect sentences.
fn other_words(roles: &Bounded<'_>, row: usize, suspects: &HashMap<u64, Vec<usize>>) -> Vec<u32> {
    let role = &roles.roles[row];
    let mut text = format!("{}\n{}", role.title, role.stack.join("\n"));
    for sentence in sentences(roles.description(row)) {
        if key(sentence).is_none_or(|key| !suspects.contains_key(&key)) {
            text.push('\n');
            text.push_str(sentence);
        }
    }
    word_set(&text)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_listed_is_counted() {
        let said = |key: u64| LeftOut {
            sentence: format!("sentence {key}"),
            key,
            source: BoilerplateSource::Lexicon,
        };
        // Sentence 0 is said by all, the others by one role each.
        let mut left_out = LeftOutSentences::default();
        for key in 1..=MAX_SINGLE_LISTED as u64 + 7 {
            left_out.add(key as usize, vec![said(0), said(key)]);
        }
        let (listed, unlisted) = left_out.listed();
        assert_eq!((listed.len(), unlisted), (1 + MAX_SINGLE_LISTED, 7));
        assert_eq!(listed[0].count, MAX_SINGLE_LISTED + 7);
    }
}

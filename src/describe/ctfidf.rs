//! Class-based TF-IDF: the words typical of a cluster.
//!
//! All texts of a cluster count as one document. With `tf(t, c)` the share of term `t`
//! among the terms of cluster `c`, `f(t)` its count over all clusters and `A` the mean number
//! of terms per cluster, the weight is `tf(t, c) * ln(1 + A / f(t))` (M. Grootendorst,
//! "BERTopic", 2022, arXiv 2203.05794, section 3.3).
//!
//! Terms are words and phrases of two words. Two neighbours are a phrase if their
//! normalised pointwise mutual information is high (G. Bouma, 2009), or if roles write exactly
//! these two as one entry of their stack.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::lexicon::{Class, lexicon};
use super::phrase_format::PhraseFormat;
use super::tokens::{BREAK, Item, Tokens, runs};
use crate::profile::Term;

/// Least association of the words of a phrase, in `[-1, 1]`.
const LEAST_NPMI: f64 = 0.4;
/// Least number of times a phrase is written.
const LEAST_PAIRS: u32 = 3;
/// Least number of roles that write a phrase as one stack entry.
const LEAST_ENTRIES: u32 = 2;

/// One word, or two that follow each other; the second is [`BREAK`] for one word.
type TermKey = (u32, u32);

/// Numbers by term.
type Counts = HashMap<TermKey, u32>;

/// A term of a cluster and how typical it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typical {
    /// Its words.
    pub key: TermKey,
    /// Roles of the cluster that use it.
    pub roles: u32,
    /// Its weight.
    pub score: f64,
}

impl Typical {
    /// Its words, one or two.
    pub fn words(&self) -> Vec<u32> {
        [self.key.0, self.key.1].into_iter().filter(|&word| word != BREAK).collect()
    }
}

/// Per cluster, its terms, most typical first. In a cluster of more than two roles a term
/// has to be used by two.
pub(super) fn typical(tokens: &Tokens, members: &[Vec<usize>]) -> Vec<Vec<Typical>> {
    let phrases = phrases(tokens);
    let counted = members.par_iter().map(|rows| counts_of(tokens, rows, &phrases));
    let (counts, roles): (Vec<Counts>, Vec<Counts>) = counted.unzip();
    weights(&counts)
        .into_par_iter()
        .enumerate()
        .map(|(cluster, weights)| {
            let least = if members[cluster].len() > 2 { 2 } else { 1 };
            let mut terms: Vec<Typical> = weights
                .into_iter()
                .map(|(key, score)| Typical { key, roles: roles[cluster][&key], score })
                .filter(|term| term.roles >= least && says_something(tokens, term.key))
                .collect();
            terms.sort_by(|a, b| {
                b.score.total_cmp(&a.score).then_with(|| spelled(tokens, a.key, b.key))
            });
            terms
        })
        .collect()
}

/// How often each term is written in the texts of some roles, and by how many of them.
fn counts_of(tokens: &Tokens, rows: &[usize], phrases: &HashSet<TermKey>) -> (Counts, Counts) {
    let (mut counts, mut roles) = (Counts::new(), Counts::new());
    for &row in rows {
        let mut seen = HashSet::new();
        for term in terms_of(&tokens.texts[row], phrases) {
            *counts.entry(term).or_insert(0) += 1;
            if seen.insert(term) {
                *roles.entry(term).or_insert(0) += 1;
            }
        }
    }
    (counts, roles)
}

/// Weights from counts, by the formula at the head of this file.
fn weights<K: Eq + std::hash::Hash + Copy>(counts: &[HashMap<K, u32>]) -> Vec<HashMap<K, f64>> {
    let mut overall: HashMap<K, u64> = HashMap::new();
    for (&term, &count) in counts.iter().flatten() {
        *overall.entry(term).or_insert(0) += u64::from(count);
    }
    let total: u64 = overall.values().sum();
    let mean = total as f64 / counts.len().max(1) as f64;
    let of_class = |class: &HashMap<K, u32>| {
        let length: u64 = class.values().map(|&count| u64::from(count)).sum();
        let weight = |(&term, &count): (&K, &u32)| {
            let tf = f64::from(count) / length as f64;
            (term, tf * (1.0 + mean / overall[&term] as f64).ln())
        };
        class.iter().map(weight).collect()
    };
    counts.iter().map(of_class).collect()
}

/// The terms a person reads: most typical first, none repeated by a phrase that holds it.
pub(super) fn terms(typical: &[Typical], wording: &PhraseFormat, n: usize) -> Vec<Term> {
    let mut chosen: Vec<(&Typical, Term)> = Vec::new();
    // Words of the other script only fill up what is left.
    for foreign in [false, true] {
        for term in typical {
            if chosen.len() >= n {
                break;
            }
            let words = term.words();
            let said = wording.phrase(&words);
            let at_home = said.is_some() && words.iter().all(|&word| wording.is_at_home(word));
            if at_home == foreign {
                continue;
            }
            let text = said.unwrap_or_else(|| wording.in_any_language(&words));
            let repeats = chosen.iter().any(|(other, shown)| {
                shown.term.eq_ignore_ascii_case(&text)
                    || words.iter().any(|word| other.words().contains(word))
            });
            if !repeats && !text.is_empty() {
                chosen.push((term, Term { term: text, score: term.score }));
            }
        }
    }
    chosen.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then_with(|| a.1.term.cmp(&b.1.term)));
    chosen.into_iter().map(|(_, term)| term).collect()
}

/// Whether a term is more than a word such as `engineer` or `platform`.
fn says_something(tokens: &Tokens, (first, second): TermKey) -> bool {
    let class = |number: u32| match tokens.item(number) {
        Item::Concept(entry) => lexicon().concepts[*entry].class,
        _ => Class::Subject,
    };
    if second == BREAK {
        return matches!(class(first), Class::Subject | Class::Industry);
    }
    let both = [class(first), class(second)];
    let tells = |class: &Class| matches!(class, Class::Subject | Class::Industry);
    both.iter().any(tells) && !both.contains(&Class::Generic)
}

fn spelled(tokens: &Tokens, a: TermKey, b: TermKey) -> Ordering {
    let item = |number| (number != BREAK).then(|| tokens.item(number));
    (item(a.0), item(a.1)).cmp(&(item(b.0), item(b.1)))
}

fn terms_of<'a>(
    text: &'a [u32],
    phrases: &'a HashSet<TermKey>,
) -> impl Iterator<Item = TermKey> + 'a {
    let single = text.iter().filter(|&&number| number != BREAK).map(|&number| (number, BREAK));
    let pairs = text.windows(2).map(|pair| (pair[0], pair[1]));
    single.chain(pairs.filter(|pair| phrases.contains(pair)))
}

/// Pairs of neighbours that hold together.
fn phrases(tokens: &Tokens) -> HashSet<TermKey> {
    let mut singles = vec![0u32; tokens.len()];
    let mut pairs: HashMap<TermKey, u32> = HashMap::new();
    for run in tokens.texts.iter().flat_map(|text| runs(text)) {
        run.iter().for_each(|&number| singles[number as usize] += 1);
        for pair in run.windows(2) {
            *pairs.entry((pair[0], pair[1])).or_insert(0) += 1;
        }
    }
    let mut entries: BTreeMap<TermKey, u32> = BTreeMap::new();
    for stack in &tokens.stacks {
        let whole: HashSet<TermKey> =
            runs(stack).filter(|run| run.len() == 2).map(|run| (run[0], run[1])).collect();
        whole.into_iter().for_each(|pair| *entries.entry(pair).or_insert(0) += 1);
    }
    let n_singles: f64 = singles.iter().map(|&count| f64::from(count)).sum();
    let n_pairs: f64 = pairs.values().map(|&count| f64::from(count)).sum();
    let holds = |(&(a, b), &count): (&TermKey, &u32)| {
        if a == b || count < LEAST_PAIRS {
            return false;
        }
        let together = f64::from(count) / n_pairs;
        let [a, b] = [a, b].map(|number| f64::from(singles[number as usize]) / n_singles);
        together < 1.0 && (together / (a * b)).ln() / -together.ln() >= LEAST_NPMI
    };
    let by_association = pairs.iter().filter(|&pair| holds(pair)).map(|(&pair, _)| pair);
    let by_entry = entries.iter().filter(|&(pair, &n)| n >= LEAST_ENTRIES && pair.0 != pair.1);
    by_association.chain(by_entry.map(|(&pair, _)| pair)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_the_paper() {
        // Two classes, of 4 and 2 terms: A = 3.
        let counts = [
            HashMap::from([("gpu", 3u32), ("cluster", 1)]),
            HashMap::from([("cluster", 1), ("sales", 1)]),
        ];
        let found = weights(&counts);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(found[0]["gpu"], 0.75 * 2.0f64.ln());
        close(found[0]["cluster"], 0.25 * 2.5f64.ln());
        close(found[1]["cluster"], 0.5 * 2.5f64.ln());
        close(found[1]["sales"], 0.5 * 4.0f64.ln());
    }
}

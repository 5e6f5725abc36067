//! The head of a name: what the titles of a cluster have in common.
//!
//! The weight of a word is how much more often the roles of this cluster use it than the others
//! do, in their titles or, counted less, in their texts. A run of up to four consecutive words of
//! some title scores the sum of their weights, reduced by how rare the run is compared with its
//! commonest word: `GPU cluster` beats `GPU` if most titles with one contain the other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::ctfidf::Typical;
use super::head_form::{class, fitness, form};
use super::lexicon::{Class, lexicon};
use super::matcher::is_unspaced;
use super::phrase_format::{PhraseFormat, overlap};
use super::tokens::{BREAK, Item, Tokens, runs};
use crate::extract::Ranks;
use crate::text::DetectedLanguage;

/// Longest run of words.
const LONGEST_RUN: usize = 4;
/// What a role that says a word in its text counts, beside one that says it in its title.
const TEXT_WEIGHT: f64 = 0.3;
/// A run in fewer than one in this many titles scores less.
const LEAST_TITLES: usize = 10;
/// What a word of the texts alone is worth beside one of the titles.
const TEXT_ALONE: f64 = 0.5;
/// Added to shares before they are compared (additive smoothing).
const SMOOTHING: f64 = 0.02;
/// A head in a smaller share of the titles may be joined by a second one.
const ENOUGH_TITLES: f64 = 0.5;
/// Each of two heads is in at least this share of the titles.
const FAIR_TITLES: f64 = 0.25;
/// Different words beside a word for it to be the noun of titles.
const LEAST_OTHERS: usize = 3;
/// A second head is worth at least this part of the first.
const SECOND_WORTH: f64 = 0.45;

/// A possible head.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    /// Its words.
    pub words: Vec<u32>,
    /// As it is written.
    pub text: String,
    /// How well it names the cluster.
    pub score: f64,
    /// How fit its words are for a name, whatever they say of the cluster, in `[0, 1]`; part of the
    /// score.
    pub telling: f64,
    /// Whether titles have it, rather than texts alone.
    pub titled: bool,
    /// Members whose titles have it; those whose texts do, where no title does.
    pub rows: BTreeSet<usize>,
}

/// Roles that say a word in title and text, over all roles.
#[derive(Debug)]
pub(super) struct Usage {
    title: Vec<u32>,
    text: Vec<u32>,
    n_roles: usize,
}

impl Usage {
    /// Counts over all roles.
    pub fn new(tokens: &Tokens) -> Self {
        let count = |sequences: &[Vec<u32>]| {
            let mut counts = vec![0u32; tokens.len()];
            for sequence in sequences {
                distinct(sequence).for_each(|number| counts[number as usize] += 1);
            }
            counts
        };
        Usage {
            title: count(&tokens.titles),
            text: count(&tokens.texts),
            n_roles: tokens.titles.len(),
        }
    }
}

fn distinct(sequence: &[u32]) -> impl Iterator<Item = u32> {
    let numbers: HashSet<u32> = sequence.iter().copied().filter(|&n| n != BREAK).collect();
    numbers.into_iter()
}

/// The heads a cluster may have, best first.
pub(super) fn heads(
    tokens: &Tokens,
    usage: &Usage,
    members: &[usize],
    typical: &[Typical],
    wording: &PhraseFormat,
) -> Vec<Head> {
    let weights = weights(tokens, usage, members, wording);
    let mut heads = heads_of_titles(tokens, members, &weights, wording);
    // Words typical of the texts, for clusters whose titles have nothing in common.
    for term in typical.iter().take(20) {
        let words = term.words();
        let worth: f64 = words.iter().map(|word| weight_of(&weights, word).text).sum();
        let telling = fitness(tokens, &words) * form(tokens, &words, false);
        let score = TEXT_ALONE * worth / words.len() as f64 * telling;
        match heads.iter_mut().find(|head: &&mut Head| head.words == words) {
            Some(head) => head.score = head.score.max(score),
            None if score > 0.0 => {
                let rows = saying(tokens, members, &words);
                let text = wording.phrase(&words);
                let head = |text| Head { words, text, score, telling, titled: false, rows };
                heads.extend(text.map(head));
            }
            None => {}
        }
    }
    heads.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
    heads
}

/// Runs of words in the titles of the members, each with a score; in no order.
fn heads_of_titles(
    tokens: &Tokens,
    members: &[usize],
    weights: &BTreeMap<u32, Weight>,
    wording: &PhraseFormat,
) -> Vec<Head> {
    let mut found: HashMap<Vec<u32>, BTreeSet<usize>> = HashMap::new();
    let nouns = nouns(tokens, members);
    let mut whole: HashSet<&[u32]> = nouns.iter().map(std::slice::from_ref).collect();
    for &row in members {
        whole.extend(whole_title(tokens, &tokens.titles[row]));
        for run in runs(&tokens.titles[row]) {
            for length in 1..=LONGEST_RUN.min(run.len()) {
                for words in run.windows(length) {
                    found.entry(words.to_vec()).or_default().insert(row);
                }
            }
        }
    }
    let support: HashMap<u32, usize> =
        found.iter().filter(|(k, _)| k.len() == 1).map(|(k, rows)| (k[0], rows.len())).collect();
    let least = if members.len() > 3 { 2.max(members.len().div_ceil(LEAST_TITLES)) } else { 1 };
    let mut heads = Vec::new();
    for (words, rows) in found {
        let commonest = words.iter().map(|word| support[word]).max().unwrap_or(1);
        let held = (rows.len() as f64 / commonest as f64).powi(words.len() as i32 - 1);
        let worth: f64 = words.iter().map(|word| weight_of(weights, word).title).sum();
        let rare = if rows.len() < least { 0.3 } else { 1.0 };
        let telling = fitness(tokens, &words) * form(tokens, &words, whole.contains(&words[..]));
        let score = worth * held * rare * telling;
        if score > 0.0 && words.iter().collect::<HashSet<_>>().len() == words.len() {
            let text = wording.phrase(&words);
            let head = |text| Head { words, text, score, telling, titled: true, rows };
            heads.extend(text.map(head));
        }
    }
    heads
}

/// The words of a title that is a name: its first stretch, without what somebody is (`engineer`). One word
/// of no lexicon that is left of a longer title is none where words stand between spaces: `Hotel` of
/// `Mitarbeiter Hotel`.
fn whole_title<'a>(tokens: &Tokens, title: &'a [u32]) -> Option<&'a [u32]> {
    let whole = runs(title).next()?;
    let is_generic = |word: &u32| class(tokens, *word) == Class::Generic;
    let mut run = whole;
    while let Some((_, rest)) = run.split_first().filter(|(first, _)| is_generic(first)) {
        run = rest;
    }
    while let Some((_, rest)) = run.split_last().filter(|(last, _)| is_generic(last)) {
        run = rest;
    }
    let is_rest = run.len() < whole.len();
    let is_spaced = |word: &u32| match tokens.item(*word) {
        Item::Word(text) => !text.contains(is_unspaced),
        _ => false,
    };
    let is_piece = is_rest && matches!(run, [word] if is_spaced(word));
    (!run.is_empty() && !is_piece).then_some(run)
}

/// Words that a fair part of the titles begins or ends with, each beside several others, where a language puts
/// the noun first or last: `ممرض` of nurses of many wards.
fn nouns(tokens: &Tokens, members: &[usize]) -> Vec<u32> {
    let mut beside: BTreeMap<u32, (usize, BTreeSet<u32>)> = BTreeMap::new();
    for &row in members {
        let Some(run) = runs(&tokens.titles[row]).next() else { continue };
        let (word, next) = match noun_place(tokens.languages[row]) {
            Some(NounPlace::First) => (run.first(), run.get(1)),
            Some(NounPlace::Last) => (run.last(), run.len().checked_sub(2).map(|at| &run[at])),
            None => continue,
        };
        let Some(&word) = word else { continue };
        let (count, others) = beside.entry(word).or_default();
        *count += 1;
        others.extend(next);
    }
    let is_noun = |word: u32| match tokens.item(word) {
        Item::Word(text) => Ranks::of(text).iter().next().is_none(),
        _ => false,
    };
    let least = members.len() as f64 * FAIR_TITLES;
    let counts = |(count, others): &(usize, BTreeSet<u32>)| {
        *count as f64 >= least && others.len() >= LEAST_OTHERS
    };
    let found = beside.into_iter().filter(|(word, found)| counts(found) && is_noun(*word));
    found.map(|(word, _)| word).collect()
}

/// Where titles of a language have the word for who somebody is.
enum NounPlace {
    First,
    Last,
}

fn noun_place(language: DetectedLanguage) -> Option<NounPlace> {
    use DetectedLanguage::{Ar, Cs, Es, Fr, He, Hi, It, Ko, Pl, Pt, Ru, Tr, Uk};
    match language {
        Ar | He | Es | Fr | It | Pt | Pl | Cs | Ru | Uk => Some(NounPlace::First),
        Hi | Ko | Tr => Some(NounPlace::Last),
        _ => None,
    }
}

fn weight_of(weights: &BTreeMap<u32, Weight>, word: &u32) -> Weight {
    weights.get(word).copied().unwrap_or_default()
}

/// The head or the two heads a cluster of `size` roles is called by, of `heads` best first.
///
/// A head that half of the titles have stands alone. Beside another may stand a second one
/// that speaks for titles the first says nothing of, if both are in a fair part of the titles
/// and name things of one sort: `big data and storage` is a direction, `middleware and SRE`
/// is not. Where they do not go together and the first is in few titles, the second stands
/// alone.
pub(super) fn chosen<'a>(tokens: &Tokens, heads: &'a [Head], size: usize) -> Vec<&'a Head> {
    let Some(first) = heads.first() else { return Vec::new() };
    let in_enough = first.rows.len() as f64 >= ENOUGH_TITLES * size as f64;
    if size < 4 || in_enough {
        return vec![first];
    }
    let fair = ((size as f64 * FAIR_TITLES).ceil() as usize).max(2);
    let is_fair = first.titled && first.rows.len() >= fair;
    match second(tokens, heads, first, fair) {
        Some(second) if is_fair && sort(tokens, first) == sort(tokens, second) => {
            vec![first, second]
        }
        Some(second) if !is_fair => vec![second],
        _ => vec![first],
    }
}

/// The best head for at least `least` titles that `first` says nothing of.
fn second<'a>(tokens: &Tokens, heads: &'a [Head], first: &Head, least: usize) -> Option<&'a Head> {
    let rate = |head: &'a Head| {
        let new = head.rows.difference(&first.rows).count();
        let score = head.score * new as f64 / head.rows.len().max(1) as f64;
        (new, score, head)
    };
    heads
        .iter()
        .filter(|head| head.titled && !head.words.iter().any(|word| first.words.contains(word)))
        .filter(|head| fitness(tokens, &head.words) == 1.0)
        .filter(|head| !overlap(&head.text, &first.text))
        .map(rate)
        .filter(|&(new, score, _)| new >= least && score >= SECOND_WORTH * first.score)
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.2.text.cmp(&a.2.text)))
        .map(|(_, _, head)| head)
}

/// What sort of thing a head names.
#[derive(Debug, PartialEq)]
enum Sort {
    /// A field of work: `storage`, `capacity planning`, `sales`.
    Subject,
    /// A way of working with a name of its own: `SRE`, `DevOps`.
    Practice,
    /// A product: `Kubernetes`.
    Product,
}

/// That of the last word that says something by itself.
fn sort(tokens: &Tokens, head: &Head) -> Sort {
    let telling = |&&word: &&u32| matches!(class(tokens, word), Class::Subject | Class::Industry);
    let Some(&word) = head.words.iter().rfind(telling) else { return Sort::Subject };
    let Item::Technology(entry) = tokens.item(word) else { return Sort::Subject };
    let technology = &lexicon().technologies[*entry];
    match technology.kind {
        _ if technology.is_common_noun() => Sort::Subject,
        "practice" => Sort::Practice,
        _ => Sort::Product,
    }
}

/// Members whose texts have all of these words.
fn saying(tokens: &Tokens, members: &[usize], words: &[u32]) -> BTreeSet<usize> {
    let says = |row: &usize| words.iter().all(|word| tokens.texts[*row].contains(word));
    members.iter().copied().filter(says).collect()
}

/// How much a word sets a cluster apart, by its titles and by its texts alone.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    title: f64,
    text: f64,
}

fn weights(
    tokens: &Tokens,
    usage: &Usage,
    members: &[usize],
    wording: &PhraseFormat,
) -> BTreeMap<u32, Weight> {
    let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for &row in members {
        for number in distinct(&tokens.titles[row]) {
            counts.entry(number).or_default().0 += 1;
        }
        for number in distinct(&tokens.texts[row]) {
            counts.entry(number).or_default().1 += 1;
        }
    }
    let (n_here, n_there) = (members.len() as f64, (usage.n_roles - members.len()).max(1) as f64);
    let weigh = |(number, (title, text)): (u32, (u32, u32))| {
        let at = number as usize;
        let [title, text, title_there, text_there] =
            [title, text, usage.title[at] - title, usage.text[at] - text].map(f64::from);
        let said = |title: f64, text: f64, n: f64| {
            (title + TEXT_WEIGHT * text) / ((1.0 + TEXT_WEIGHT) * n)
        };
        let standing = standing(tokens, wording, number);
        // The root favours what most of the texts say over what few say alone.
        let text_alone = (text / n_here).sqrt() * apart(text / n_here, text_there / n_there);
        let weight = Weight {
            title: standing
                * apart(said(title, text, n_here), said(title_there, text_there, n_there)),
            text: standing * text_alone * as_subject(tokens, number),
        };
        (number, weight)
    };
    counts.into_iter().map(weigh).collect()
}

/// A share here, weighed by how many times the share elsewhere it is.
fn apart(here: f64, there: f64) -> f64 {
    here * ((here + SMOOTHING) / (there + SMOOTHING)).ln().max(0.05)
}

/// How fit a word is for a name, whatever it says.
fn standing(tokens: &Tokens, wording: &PhraseFormat, number: u32) -> f64 {
    match tokens.item(number) {
        Item::Technology(entry) => match lexicon().technologies[*entry].kind {
            // A provider is a place of work rather than a subject.
            "cloud" => 0.3,
            "certificate" => 0.0,
            _ => 1.0,
        },
        Item::Concept(entry) => match lexicon().concepts[*entry].class {
            Class::Subject | Class::Industry => 1.0,
            Class::Weak => 0.5,
            Class::Generic | Class::Dropped => 0.0,
        },
        Item::Word(_) if wording.is_at_home(number) => 0.8,
        Item::Word(_) => 0.3,
    }
}

/// What only the texts speak of names a cluster if it is a subject; a product is a tool there.
fn as_subject(tokens: &Tokens, number: u32) -> f64 {
    match tokens.item(number) {
        Item::Technology(entry) => {
            let technology = &lexicon().technologies[*entry];
            let practice = technology.kind == "practice";
            if technology.is_common_noun() {
                1.0
            } else if practice {
                0.6
            } else {
                0.4
            }
        }
        // Advertisers say what their business is.
        Item::Concept(entry) if lexicon().concepts[*entry].class == Class::Industry => 0.0,
        Item::Concept(_) => 1.0,
        // Any verb may be typical of a text.
        Item::Word(_) => 0.4,
    }
}

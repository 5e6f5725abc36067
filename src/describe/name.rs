//! Names of clusters, such as `GPU cluster operations · H100, Volcano`.
//!
//! The head is a trade or a field (see [`super::head_choice`]), another one for every cluster; after the
//! dot follow up to three technologies that distinguish the cluster. Names are unique: a name
//! already given gets further technologies, then further words, then a number. Only letters,
//! digits and a few punctuation marks of a posting can enter a name, on one line.

use std::collections::HashSet;

use unicode_normalization::char::is_combining_mark;

use super::head_choice::{Choice, choices};
use super::lexicon::lexicon;
use super::meaning::Meaning;
use super::phrase_format::{PhraseFormat, capitalised, overlap, same_words};
use super::sources::Sources;
use super::tokens::Item;
use crate::geometry::Matrix;

/// Technologies behind the dot.
const MOST_TECHNOLOGIES: usize = 3;
/// A further technology is worth at least this part of the first.
const TECHNOLOGY_WORTH: f64 = 0.45;
/// Least lift of a technology in a name.
const LEAST_LIFT: f64 = 1.25;
/// Least lift of one that is a common noun, such as monitoring.
const LEAST_NOUN_LIFT: f64 = 2.0;
/// A name longer than this many characters loses technologies.
const COMFORTABLE_NAME: usize = 64;
/// A name is cut after this many characters, whatever it takes to tell it from others.
const LONGEST_NAME: usize = 120;

/// One name per cluster, no two alike, and no two heads alike as long as there are others.
pub(super) fn names(sources: &Sources, vectors: &Matrix, meaning: &Meaning) -> Vec<String> {
    let mut given = Given::default();
    let vectors = meaning.vectors.unwrap_or(vectors);
    let choices = choices(sources, vectors, meaning).into_iter().enumerate();
    choices.map(|(cluster, choices)| name(sources, cluster, &choices, &mut given)).collect()
}

/// Names and heads given so far, in small letters.
#[derive(Debug, Default)]
struct Given {
    names: HashSet<String>,
    heads: HashSet<String>,
}

impl Given {
    /// The best choice none of whose phrases is a head already, in the singular or in the plural.
    fn choose<'a>(&self, choices: &'a [Choice]) -> Option<&'a Choice> {
        let is_new = |choice: &&Choice| {
            let is_given = |phrase: &String| {
                let phrase = phrase.to_lowercase();
                self.heads.iter().any(|head| same_words(head, &phrase))
            };
            !choice.phrases.iter().any(is_given)
        };
        choices.iter().find(is_new).or(choices.first())
    }
}

fn name(sources: &Sources, cluster: usize, choices: &[Choice], given: &mut Given) -> String {
    let Sources { tokens, typical, wording, .. } = *sources;
    let (phrases, used) = match given.choose(choices) {
        Some(choice) => (choice.phrases.clone(), choice.words.clone()),
        None => (Vec::new(), Vec::new()),
    };
    given.heads.extend(phrases.iter().map(|phrase| phrase.to_lowercase()));
    let in_head =
        |entry: usize| used.iter().any(|&word| *tokens.item(word) == Item::Technology(entry));
    let ranked: Vec<(f64, String)> = ranked_technologies(sources, cluster)
        .into_iter()
        .filter(|&(_, entry)| !in_head(entry))
        .filter_map(|(score, entry)| {
            Some((score, wording.technology(&lexicon().technologies[entry])?))
        })
        .filter(|(_, label)| !phrases.iter().any(|phrase| overlap(phrase, label)))
        .collect();
    let best = ranked.first().map_or(0.0, |(score, _)| *score);
    let n_shown = ranked
        .iter()
        .take(MOST_TECHNOLOGIES)
        .take_while(|(score, _)| *score >= TECHNOLOGY_WORTH * best)
        .count();
    let spare_terms = typical[cluster].iter().filter_map(|term| {
        let new = !term.words().iter().any(|word| used.contains(word));
        if new { wording.phrase(&term.words()) } else { None }
    });
    let mut labels = ranked.into_iter().map(|(_, label)| label).chain(spare_terms.take(8));
    let mut tail: Vec<String> = labels.by_ref().take(n_shown).collect();
    while tail.len() > 1
        && written(wording, &phrases, &tail, cluster).chars().count() > COMFORTABLE_NAME
    {
        tail.pop();
    }
    loop {
        let name = written(wording, &phrases, &tail, cluster);
        if given.names.insert(name.to_lowercase()) {
            return name;
        }
        match labels.next() {
            Some(label) if !tail.contains(&label) => tail.push(label),
            Some(_) => {}
            None => return numbered(name, given),
        }
    }
}

/// Technologies by how well they distinguish a cluster, best first.
fn ranked_technologies(sources: &Sources, cluster: usize) -> Vec<(f64, usize)> {
    let size = sources.members[cluster].len();
    let n = sources.technologies.n_roles();
    let least = if size > 2 { (size as f64 * 0.1).ceil().max(2.0) as usize } else { 1 };
    let rate = |(entry, count, overall): (usize, usize, usize)| {
        let technology = &lexicon().technologies[entry];
        let share = count as f64 / size as f64;
        let lift = share / (overall as f64 / n as f64);
        let elsewhere = (overall - count) as f64 / (n - size).max(1) as f64;
        let apart = ((share + 0.02) / (elsewhere + 0.02)).ln();
        let plain = match technology.kind {
            "certificate" => 0.0,
            "practice" => 0.4,
            _ if technology.is_common_noun() => 0.5,
            _ => 1.0,
        };
        let least_lift = if technology.is_common_noun() { LEAST_NOUN_LIFT } else { LEAST_LIFT };
        let counts = count >= least && (size == n || lift >= least_lift);
        (if counts { share * apart * plain } else { 0.0 }, entry)
    };
    let mut ranked: Vec<(f64, usize)> = sources.technologies.counts(cluster).map(rate).collect();
    ranked.retain(|&(score, _)| score > 0.0);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked
}

fn written(wording: &PhraseFormat, phrases: &[String], tail: &[String], cluster: usize) -> String {
    let separator = wording.language().comma();
    let name = match (phrases.is_empty(), tail.is_empty()) {
        (false, false) => format!("{} · {}", wording.and(phrases), tail.join(separator)),
        (false, true) => wording.and(phrases),
        (true, false) => tail.join(separator),
        (true, true) => String::new(),
    };
    let name = capitalised(&harmless(&name));
    if name.chars().any(char::is_alphanumeric) {
        return name;
    }
    wording.language().group(cluster + 1)
}

/// One line of letters, digits and the marks names are written with: text of a posting is
/// hostile input. Marks on letters stay, without which words of many scripts fall apart.
pub(super) fn harmless(text: &str) -> String {
    const MARKS: &str = "+#./-&,·・()'’、:_";
    let is_kept = |c: char| c.is_alphanumeric() || is_combining_mark(c) || MARKS.contains(c);
    let kept: String = text.chars().map(|c| if is_kept(c) { c } else { ' ' }).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = kept.chars().take(LONGEST_NAME).collect();
    if short.len() < kept.len() {
        let end = short.rfind([',', '、', ' ', '·']).filter(|&at| at > 0).unwrap_or(short.len());
        short.truncate(end);
    }
    short.trim_matches([' ', ',', '、', '·']).to_string()
}

fn numbered(name: String, given: &mut Given) -> String {
    let mut number = 2usize;
    loop {
        let candidate = format!("{name} ({number})");
        if given.names.insert(candidate.to_lowercase()) {
            return candidate;
        }
        number += 1;
    }
}

//! What clusters may be called, best first: phrases of their titles, standard occupations near
//! them, and fields their tools belong to.
//!
//! A choice is rated by its support, how much of the cluster says it, times how well its meaning tells
//! the cluster from the others: the cosine of its vector to the cluster's centroid, less
//! that to the nearest other one. A name that means another cluster better is a bad name, however
//! many titles have it. A choice that says a rank (`deputy`) which most titles do not say is hardly one,
//! and one in another language than that of names never goes before a standard title.

use rayon::prelude::*;

use super::head_form::{is_activity, is_tool};
use super::lexicon::lexicon;
use super::meaning::{Centroids, Meaning};
use super::name_head::{self, Head, Usage};
use super::sources::Sources;
use super::standard_titles::{StandardTitle, standard_titles};
use super::title_phrases::{self, TitlePhrase, title_phrases};
use super::tokens::Item;
use crate::extract::Ranks;
use crate::geometry::Matrix;
use crate::language::Language;
use crate::occupations::Occupations;
use crate::profile::KINDS;

/// Heads of titles that are looked at.
const MOST_HEADS: usize = 12;
/// A head in this share of the titles has all the support it needs.
const ENOUGH_TITLES: f64 = 0.4;
/// What words of the texts alone are worth beside those of titles.
const TEXT_ALONE: f64 = 0.5;
/// What a standard title is worth beside one that the roles have themselves.
const STANDARD: f64 = 0.7;
/// What the field of a tool is worth beside one that the titles have themselves.
const FIELD: f64 = 0.7;
/// What is done, by itself, where only texts say it: `monitoring`.
const LONE_ACTIVITY: f64 = 0.7;
/// What an English title is worth where there is none in the language of names.
const FOREIGN_STANDARD: f64 = 0.1;
/// A head in another language is better than none.
const FOREIGN: f64 = 0.02;
/// What a choice is worth that says a rank which most of the titles do not.
const UNSAID_RANK: f64 = 0.1;
/// Standard titles kept per cluster.
const MOST_STANDARD: usize = 6;
/// The lead in cosine at which a meaning is half clear, and how fast it gets clearer.
const HALF_CLEAR: f64 = -0.01;
const CLEARER: f64 = 0.025;

/// Kinds of technologies that programs are written in.
const DEVELOPED: [&str; 4] = ["language", "backend", "frontend", "mobile"];

/// Something a cluster may be called.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// One phrase, or two that stand side by side.
    pub phrases: Vec<String>,
    /// The words of the titles it is made of.
    pub words: Vec<u32>,
    /// How good it is.
    pub score: f64,
    /// Where it is from.
    source: Source,
    /// Whether it is in another language than names are.
    is_foreign: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Titles,
    Standard,
}

/// Per cluster what it may be called, best first.
pub(super) fn choices(sources: &Sources, vectors: &Matrix, meaning: &Meaning) -> Vec<Vec<Choice>> {
    let usage = Usage::new(sources.tokens);
    let centroids = Centroids::new(vectors, sources.members);
    let (clusters, occupations) = (0..sources.members.len(), meaning.occupations);
    let mut choices: Vec<Vec<Choice>> = clusters
        .into_par_iter()
        .map(|cluster| {
            let mut found = of_titles(sources, &usage, cluster);
            weigh_by_rank(sources, &sources.members[cluster], &mut found);
            if let Some(occupations) = occupations {
                found.extend(of_occupations(sources, occupations, vectors, (&centroids, cluster)));
            }
            found
        })
        .collect();
    weigh_by_meaning(sources, &mut choices, &centroids, meaning);
    for choices in &mut choices {
        put_foreign_last(choices);
        choices.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.phrases.cmp(&b.phrases)));
    }
    choices
}

/// Standard titles; one that the roles have themselves is worth as much as theirs.
fn of_occupations(
    sources: &Sources,
    occupations: &Occupations,
    vectors: &Matrix,
    place: (&Centroids, usize),
) -> Vec<Choice> {
    let (members, language) = (&sources.members[place.1], sources.wording.language());
    let titles = standard_titles(occupations, vectors, members, place, language);
    let said_by_titles = |text: &str| said(title_phrases::share(sources.tokens, members, text));
    let choice = |title: StandardTitle| {
        let is_foreign = title.is_foreign;
        let worth = if is_foreign { FOREIGN_STANDARD } else { 1.0 };
        let said = title.worth * said_by_titles(&title.text);
        Choice {
            score: worth * (STANDARD * title.support).max(said),
            phrases: vec![title.text],
            words: Vec::new(),
            source: Source::Standard,
            is_foreign,
        }
    };
    let mut choices: Vec<Choice> = titles.into_iter().map(choice).collect();
    weigh_by_rank(sources, members, &mut choices);
    // Stable, so that equals stay in the order of their support.
    choices.sort_by(|a, b| b.score.total_cmp(&a.score));
    choices.truncate(MOST_STANDARD);
    choices
}

/// Multiplies the scores of choices that say a rank which is not in most of the titles, or nothing else.
fn weigh_by_rank(sources: &Sources, members: &[usize], choices: &mut [Choice]) {
    let mut saying = [0; Ranks::COUNT];
    for rank in members.iter().flat_map(|&row| sources.tokens.ranks[row].iter()) {
        saying[rank] += 1;
    }
    let is_said = |rank: usize| 2 * saying[rank] > members.len();
    let in_english = sources.wording.language().of_lexicon() == Some(Language::En);
    for choice in choices {
        let mut ranks = choice.phrases.iter().flat_map(|phrase| Ranks::of(phrase).iter());
        let is_bare = choice.phrases.iter().any(|phrase| Ranks::is_bare(phrase, in_english));
        if is_bare || !ranks.all(is_said) {
            choice.score *= UNSAID_RANK;
        }
    }
}

/// Puts choices in another language behind every standard title in that of names.
fn put_foreign_last(choices: &mut [Choice]) {
    let standard = |choice: &&Choice| choice.source == Source::Standard && !choice.is_foreign;
    let best = choices.iter().filter(standard).map(|choice| choice.score).fold(0.0, f64::max);
    let most = if best > 0.0 { best * FOREIGN } else { f64::INFINITY };
    for choice in choices.iter_mut().filter(|choice| choice.is_foreign) {
        choice.score = choice.score.min(most);
    }
}

/// Multiplies every score by how clearly the choice means its cluster.
fn weigh_by_meaning(
    sources: &Sources,
    choices: &mut [Vec<Choice>],
    centroids: &Centroids,
    meaning: &Meaning,
) {
    let texts: Vec<String> =
        choices.iter().flatten().map(|choice| sources.wording.and(&choice.phrases)).collect();
    let Some(vectors) = meaning.vectors(&texts) else { return };
    let mut rows = vectors.iter_rows();
    for (cluster, choices) in choices.iter_mut().enumerate() {
        for (choice, vector) in choices.iter_mut().zip(&mut rows) {
            choice.score *= clearness(centroids.margin(cluster, vector));
        }
    }
}

/// A lead in cosine as a factor in `[0, 1]`.
fn clearness(margin: f64) -> f64 {
    1.0 / (1.0 + (-(margin - HALF_CLEAR) / CLEARER).exp())
}

fn of_titles(sources: &Sources, usage: &Usage, cluster: usize) -> Vec<Choice> {
    let Sources { tokens, typical, members, wording, .. } = *sources;
    let members = &members[cluster];
    if wording.language().is_uncut() {
        let phrases = title_phrases(tokens, members).into_iter();
        return phrases.map(|phrase| of_phrase(sources, phrase)).collect();
    }
    let heads = name_head::heads(tokens, usage, members, &typical[cluster], wording);
    let (mut heads, foreign): (Vec<Head>, Vec<Head>) =
        heads.into_iter().partition(|head| is_readable(sources, head));
    let n_readable = heads.len();
    heads.extend(foreign);
    let best = heads.first().map_or(1.0, |head| head.score);
    let mut choices: Vec<Choice> = Vec::new();
    let mut add = |phrases: Vec<String>, words: Vec<u32>, score: f64, is_foreign: bool| {
        choices.push(Choice { phrases, words, score, source: Source::Titles, is_foreign });
    };
    for (at, head) in heads.iter().enumerate().take(MOST_HEADS) {
        let is_foreign = at >= n_readable;
        let readable = if is_foreign { FOREIGN } else { 1.0 };
        let score = readable * support(head, best, members.len());
        let text = developed(sources, members, head);
        let is_developed = text != head.text;
        if !is_developed && let Some(field) = field_of(sources, head) {
            add(vec![field], head.words.clone(), FIELD * score, is_foreign);
        }
        let telling = match is_developed {
            true => 1.0,
            false if !head.titled && is_activity(tokens, &head.words) => {
                LONE_ACTIVITY * head.telling
            }
            false => head.telling,
        };
        add(vec![text], head.words.clone(), telling * score, is_foreign);
    }
    // Two fields side by side, where one is in too few titles.
    if let [first, second] = name_head::chosen(tokens, &heads[..n_readable], members.len())[..] {
        let words = first.words.iter().chain(&second.words).copied().collect();
        let both = [first, second].map(|head| head.telling * support(head, best, members.len()));
        add(
            vec![first.text.clone(), second.text.clone()],
            words,
            both.iter().sum::<f64>().min(1.0),
            false,
        );
    }
    let compounds = title_phrases::compound_heads(tokens, members).into_iter();
    choices.extend(compounds.map(|phrase| of_phrase(sources, phrase)));
    choices
}

/// A part of titles as it stands.
fn of_phrase(sources: &Sources, phrase: TitlePhrase) -> Choice {
    let is_foreign = !is_spoken(sources, &phrase.rows);
    Choice {
        score: said(phrase.share) * if is_foreign { FOREIGN } else { 1.0 },
        phrases: vec![phrase.text],
        words: Vec::new(),
        source: Source::Titles,
        is_foreign,
    }
}

/// Whether a head is in the language of names: its words are of the lexicon, or most of the roles that
/// say them are written in that language.
fn is_readable(sources: &Sources, head: &Head) -> bool {
    let tokens = sources.tokens;
    let known = |&word: &u32| !matches!(tokens.item(word), Item::Word(_));
    head.words.iter().all(known) || is_spoken(sources, &head.rows)
}

/// Whether most of some roles are written in the language of names.
fn is_spoken<'a>(sources: &Sources, rows: impl IntoIterator<Item = &'a usize>) -> bool {
    let language = sources.wording.language();
    let (mut spoken, mut all) = (0, 0);
    for &row in rows {
        spoken += usize::from(language.is_spoken_by(sources.tokens.languages[row]));
        all += 1;
    }
    2 * spoken >= all
}

/// How much is to be made of the share of the titles that say something, in `[0, 1]`.
fn said(share: f64) -> f64 {
    (share / ENOUGH_TITLES).min(1.0)
}

/// How much of the cluster says a head, in `[0, 1]`.
fn support(head: &Head, best: f64, size: usize) -> f64 {
    let share = head.rows.len() as f64 / size.max(1) as f64;
    let worth = (head.score / best).clamp(0.0, 1.0).sqrt();
    worth * said(share) * if head.titled { 1.0 } else { TEXT_ALONE }
}

/// The field a lone tool belongs to: containers for `Kubernetes`, development for `Java`.
fn field_of(sources: &Sources, head: &Head) -> Option<String> {
    if !is_tool(sources.tokens, &head.words) {
        return None;
    }
    let Item::Technology(entry) = sources.tokens.item(*head.words.first()?) else { return None };
    let technology = &lexicon().technologies[*entry];
    if DEVELOPED.contains(&technology.kind) {
        return Some(sources.wording.language().development(technology.name));
    }
    let kind = KINDS.iter().find(|kind| kind.key == technology.kind)?;
    Some(kind.label(sources.wording.language().of_lexicon()?).to_string())
}

/// The head as it is written; `Java` alone becomes `Java development` where the titles are
/// those of developers.
fn developed(sources: &Sources, members: &[usize], head: &Head) -> String {
    let Sources { tokens, wording, .. } = *sources;
    let [word] = head.words[..] else { return head.text.clone() };
    let Item::Technology(entry) = tokens.item(word) else { return head.text.clone() };
    let technology = &lexicon().technologies[*entry];
    if !DEVELOPED.contains(&technology.kind) || technology.is_common_noun() {
        return head.text.clone();
    }
    let by_developers = members
        .iter()
        .filter(|&&row| tokens.titles[row].contains(&word))
        .filter(|&&row| tokens.titles[row].iter().any(|&other| tokens.is_development(other)))
        .count();
    if 3 * by_developers < members.len() {
        return head.text.clone();
    }
    wording.language().development(&head.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_that_means_another_cluster_is_worth_little() {
        assert!(clearness(0.1) > 0.95);
        assert!(clearness(-0.1) < 0.05);
        assert!(clearness(0.02) > 2.0 * clearness(-0.03));
    }
}

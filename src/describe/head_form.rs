//! Which words may be a head at all, whatever they say of the cluster: a trade or a field, but no
//! lone tool, no line of business and no piece of a longer word.

use super::lexicon::{Class, lexicon};
use super::tokens::{Item, Tokens};

/// A tool or a programming language by itself.
const LONE_TOOL: f64 = 0.25;
/// A line of business by itself: half of the advertisers of a trade may be insurers.
const LINE_OF_BUSINESS: f64 = 0.2;
/// Words of no lexicon, or weak ones, that are nowhere a title of their own: an adjective, or half
/// a name.
const PIECE: f64 = 0.05;

/// How fit words are for a name together: weak words alone hardly are, and nobody is
/// called after a word that says what everybody is.
pub(super) fn fitness(tokens: &Tokens, words: &[u32]) -> f64 {
    let classes: Vec<Class> = words.iter().map(|&word| class(tokens, word)).collect();
    if classes.iter().any(|class| matches!(class, Class::Generic | Class::Dropped)) {
        return 0.0;
    }
    let tells = |class: &Class| matches!(class, Class::Subject | Class::Industry);
    if classes.iter().any(tells) { 1.0 } else { 0.35 }
}

/// How fit words are by what they are. `is_whole` says that some title is nothing but these words, so
/// that people use them as a name.
pub(super) fn form(tokens: &Tokens, words: &[u32], is_whole: bool) -> f64 {
    let unknown = words.iter().any(|&word| matches!(tokens.item(word), Item::Word(_)));
    let weak = words.iter().all(|&word| class(tokens, word) == Class::Weak);
    if (unknown || weak) && !is_whole {
        return PIECE;
    }
    if is_tool(tokens, words) {
        return LONE_TOOL;
    }
    if words.iter().all(|&word| class(tokens, word) == Class::Industry) {
        return LINE_OF_BUSINESS;
    }
    1.0
}

/// Whether words are a single technology that is a common noun: what is done, and not who does it.
pub(super) fn is_activity(tokens: &Tokens, words: &[u32]) -> bool {
    let [word] = *words else { return false };
    match tokens.item(word) {
        Item::Technology(entry) => lexicon().technologies[*entry].is_common_noun(),
        _ => false,
    }
}

/// Whether these words are names of tools and nothing else. A way of working (`SRE`) is no tool,
/// and neither is a common noun (`Load balancing`).
pub(super) fn is_tool(tokens: &Tokens, words: &[u32]) -> bool {
    let is_tool = |&word: &u32| match tokens.item(word) {
        Item::Technology(entry) => is_product(*entry),
        _ => false,
    };
    words.iter().all(is_tool)
}

/// Whether a technology is the name of a product or a language.
pub(super) fn is_product(entry: usize) -> bool {
    let technology = &lexicon().technologies[entry];
    !technology.is_common_noun()
        && !FIELDS.contains(&technology.name)
        && technology.kind != "practice"
}

/// Entries of the technologies whose name is that of a field.
const FIELDS: [&str; 21] = [
    "AIOps",
    "CDN",
    "CRM",
    "DSP",
    "DevSecOps",
    "ERP",
    "FPGA",
    "GPU",
    "HPC",
    "IoT",
    "LLM",
    "MLOps",
    "NFV",
    "NLP",
    "RPA",
    "SD-WAN",
    "SDN",
    "SEO",
    "SLAM",
    "SOC",
    "VoIP",
];

/// The class of a word; technologies and words of no lexicon are subjects.
pub(super) fn class(tokens: &Tokens, word: u32) -> Class {
    match tokens.item(word) {
        Item::Concept(entry) => lexicon().concepts[*entry].class,
        _ => Class::Subject,
    }
}

/// Whether a head is the name of a tool and nothing else, as [`is_tool`] says of words. `Chef` is one
/// only beside others.
#[cfg(test)]
pub(super) fn is_tool_name(head: &str) -> bool {
    use super::technology_matches::{Source, technology_matches};
    let hits = technology_matches(head, Source::Prose);
    hits.iter().any(|hit| (hit.start, hit.end) == (0, head.len()) && is_product(hit.entry))
}

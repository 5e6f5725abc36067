//! The terms of a text that are indexed, and those of a query that are looked up.

use std::collections::BTreeSet;

use crate::describe::{Mention, mentions, mentions_in_query};
use crate::text;

/// Stands before the canonical name of a technology or a word of the glossary. No word of a text
/// begins with it.
const NAMED: char = '=';

/// What is indexed of a text: its [`text::terms`] without function words, and the canonical name
/// of every technology and word of the glossary it mentions; repeats included. A function word
/// written in capitals is a name (`CA`, `IT`) and is kept.
pub(super) fn index_terms(text: &str) -> Vec<String> {
    let text = text::normalize(text);
    let mut terms = content_terms(&text);
    terms.extend(mentions(&text).into_iter().map(|mention| named(&mention)));
    terms
}

/// One thing a query asks for. A text has it when it has all of the words, or one of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Thing {
    /// The words it is written with; none when these are function words.
    pub words: Vec<String>,
    /// The canonical names it stands for, as they are indexed.
    pub names: Vec<String>,
}

/// The things a query asks for, each once, in an order that does not depend on the query's. A
/// mention of a technology or a word of the glossary is one thing; every other word is one of its
/// own.
pub(super) fn query_things(query: &str) -> Vec<Thing> {
    let query = text::normalize(query);
    let mut rest = content_terms(&query);
    if rest.is_empty() {
        // Asked for function words alone, look for them: they may be names.
        rest = text::terms(&query);
    }
    let mut found = mentions_in_query(&query);
    found.sort_by(|a, b| (a.start, a.end, &a.name).cmp(&(b.start, b.end, &b.name)));
    let mut things: BTreeSet<Thing> = BTreeSet::new();
    for of_span in found.chunk_by(|a, b| (a.start, a.end) == (b.start, b.end)) {
        let words = content_terms(&query[of_span[0].start..of_span[0].end]);
        for word in &words {
            if let Some(at) = rest.iter().position(|other| other == word) {
                rest.swap_remove(at);
            }
        }
        things.insert(Thing { words, names: of_span.iter().map(named).collect() });
    }
    things.extend(rest.into_iter().map(|word| Thing { words: vec![word], names: Vec::new() }));
    things.into_iter().collect()
}

fn named(mention: &Mention) -> String {
    format!("{NAMED}{}", mention.name)
}

/// The terms of a normalised text but for function words.
fn content_terms(text: &str) -> Vec<String> {
    let names = capitals(text);
    let is_kept = |term: &String| !text::is_stopword(term) || names.contains(term.as_str());
    text::terms(text).into_iter().filter(is_kept).collect()
}

/// The words of at least two letters that are written in capitals, in lower case.
fn capitals(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() || !c.is_ascii());
    let capital = |word: &&str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase());
    words.filter(capital).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_indexed_beside_the_words() {
        assert_eq!(
            index_terms("Ｋ８Ｓ and the CA"),
            ["k8s", "ca", "=kubernetes"],
            "function words are left out, unless they are written in capitals"
        );
    }

    #[test]
    fn a_query_asks_for_each_thing_once() {
        let things = |query: &str| -> Vec<String> {
            let thing = |t: Thing| format!("{} {}", t.words.join(" "), t.names.join(" "));
            query_things(query).into_iter().map(thing).collect()
        };
        assert_eq!(things("Golang 值班 Golang"), ["golang =go", "值班 =on-call"]);
        assert_eq!(things("new CA"), ["ca =cluster autoscaler"], "capitals are a name");
        assert_eq!(things("the"), ["the "], "nothing else is asked for");
        assert_eq!(things("..."), [""; 0]);
    }
}

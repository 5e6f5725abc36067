//! Puts misspelt words of a query right, by the words that the roles use.

use super::index_file::IndexError;
use super::lexical::LexicalIndex;
use crate::describe::mentions_in_query;
use crate::text::{self, script::Script};

/// Shorter words are left alone: too many others are one letter away.
const SHORTEST: usize = 4;
/// From this length on a word may be two edits away, below one.
const LONG: usize = 8;

/// The query with every misspelt word replaced by the nearest word of the index; `None` when there
/// is nothing to put right.
///
/// A word counts as misspelt when no role has it, no technology is spelt so, `is_word` does not
/// know it, and a word of the roles is one or two edits away that begins with the same letter:
/// letters left out, added, exchanged or swapped with their neighbour (F. J. Damerau, "A technique
/// for computer detection and correction of spelling errors", 1964). Of several the nearest is
/// taken, then the one that most roles have. Only words of scripts with letters are looked at.
///
/// # Errors
/// When the index is damaged.
pub fn corrected(
    query: &str,
    index: &LexicalIndex,
    is_word: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, IndexError> {
    let mut better = String::new();
    let mut rest = query;
    let mut any = false;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| joins(c) != joins(first)).unwrap_or(rest.len());
        let (run, tail) = rest.split_at(end);
        let replacement = match joins(first) && run.chars().all(is_letter) {
            true => replacement(run, index, is_word)?,
            false => None,
        };
        any |= replacement.is_some();
        better.push_str(replacement.as_deref().unwrap_or(run));
        rest = tail;
    }
    Ok(any.then_some(better))
}

fn replacement(
    word: &str,
    index: &LexicalIndex,
    is_word: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, IndexError> {
    let lower = text::normalize(word).to_lowercase();
    let length = lower.chars().count();
    let is_known = length < SHORTEST
        || text::is_stopword(&lower)
        || index.n_texts_with(&lower)? > 0
        || !mentions_in_query(word).is_empty()
        || is_word(word)
        || is_word(&lower);
    if is_known {
        return Ok(None);
    }
    let most_edits = if length < LONG { 1 } else { 2 };
    let first: String = lower.chars().take(1).collect();
    let mut best: Option<(usize, std::cmp::Reverse<usize>, String)> = None;
    index.each_word_from(&first, &mut |candidate, n_texts| {
        let letters = candidate.chars().count();
        if letters < SHORTEST
            || letters.abs_diff(length) > most_edits
            || !candidate.chars().all(is_letter)
        {
            return;
        }
        let edits = strsim::osa_distance(&lower, candidate);
        let found = (edits, std::cmp::Reverse(n_texts), candidate.to_string());
        if edits <= most_edits && best.as_ref().is_none_or(|best| found < *best) {
            best = Some(found);
        }
    })?;
    Ok(best.map(|(_, _, word)| word))
}

/// A letter of a script that puts spaces between words.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && matches!(Script::of(c), Script::Latin | Script::Cyrillic | Script::Other)
}

/// What may stand within one word or name: `node.js` and `c++` are no misspelt words.
fn joins(c: char) -> bool {
    is_letter(c)
        || c.is_ascii_digit()
        || matches!(c, '.' | '-' | '_' | '+' | '#' | '/' | '&' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> LexicalIndex {
        LexicalIndex::build(&[
            "Prometheus and Grafana dashboards",
            "Kubernetes operators, Grafana, the access layer",
            "Kafka 运维",
        ])
        .unwrap()
    }

    fn put_right(query: &str) -> Option<String> {
        corrected(query, &index(), &|word| word == "lawyer").unwrap()
    }

    #[test]
    fn slips_find_the_word_that_was_meant() {
        for (query, expected) in [
            ("Promethues grafna", "prometheus grafana"),
            ("Kubernets", "kubernetes"),
            ("熟悉kafak运维", "熟悉kafka运维"),
            ("grafana, dashbords!", "grafana, dashboards!"),
        ] {
            assert_eq!(put_right(query).as_deref(), Some(expected), "{query}");
        }
    }

    #[test]
    fn what_is_a_word_is_left_alone() {
        for query in [
            "lawyer",
            "Prometheus",
            "kafk/a kaf",
            "Golang",
            "node.js",
            "xylophone",
            "运维",
            "",
            "ceph",
        ] {
            assert_eq!(put_right(query), None, "{query}");
        }
    }
}

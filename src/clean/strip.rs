//! One role -> its text without boilerplate, and what was left out.

use std::collections::HashSet;

use super::features::hash;
use super::key::key;
use super::lexicon;
use crate::intake::BoilerplateSource;
use crate::role::Role;
use crate::text::script::is_wide;
use crate::text::{self, sentences};

/// A role's text as it is embedded.
pub(super) struct Stripped {
    pub text: String,
    pub left_out: Vec<LeftOut>,
    /// Bytes of the text before it was cut, where title and technologies made it too long.
    pub cut_from: Option<usize>,
}

impl Stripped {
    /// The text of a role with this description; one of twice the length that a description may
    /// have is cut, so that an endless title costs no more than an endless description.
    fn new(role: &Role, description: &str, left_out: Vec<LeftOut>) -> Self {
        let text = role.text_with(description);
        if text.len() <= 2 * text::MAX_TEXT_BYTES {
            return Stripped { text, left_out, cut_from: None };
        }
        let cut_from = Some(text.len());
        Stripped { text: text::excerpt(&text).into_owned(), left_out, cut_from }
    }
}

/// A sentence or clause left out.
pub(super) struct LeftOut {
    pub sentence: String,
    pub key: u64,
    pub source: BoilerplateSource,
}

/// Leaves out of a role's description sentences in `recurring` and those of the lexicon; in Chinese sentences also
/// single clauses of the lexicon. A description of which nothing would be left is kept whole.
pub(super) fn strip(role: &Role, description: &str, recurring: &HashSet<u64>) -> Stripped {
    match strip_description(description, recurring) {
        Some((stripped, left_out)) => Stripped::new(role, &stripped, left_out),
        None => Stripped::new(role, description, Vec::new()),
    }
}

/// A description without such sentences, and these; `None` where nothing would be left.
pub(super) fn strip_description(
    description: &str,
    recurring: &HashSet<u64>,
) -> Option<(String, Vec<LeftOut>)> {
    let mut left_out = Vec::new();
    let lines: Vec<String> =
        description.lines().filter_map(|line| strip_line(line, recurring, &mut left_out)).collect();
    let stripped = lines.join("\n");
    (!stripped.is_empty()).then_some((stripped, left_out))
}

/// What is left of a line; a line nothing is taken from stays as it is written.
fn strip_line(line: &str, recurring: &HashSet<u64>, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let before = left_out.len();
    let mut kept: Vec<String> = Vec::new();
    for sentence in sentences(line) {
        match source(sentence, recurring) {
            Some((source, key)) => {
                left_out.push(LeftOut { sentence: sentence.to_string(), key, source });
            }
            None => kept.push(without_clauses(sentence, left_out)),
        }
    }
    if left_out.len() == before {
        return (!line.trim().is_empty()).then(|| line.to_string());
    }
    let mut out = String::new();
    for sentence in kept {
        append(&mut out, &sentence);
    }
    (!out.is_empty()).then_some(out)
}

/// Adds a sentence; one that stood as a list item and has no end of its own is given one.
fn append(out: &mut String, sentence: &str) {
    let Some(last) = out.chars().next_back() else { return out.push_str(sentence) };
    let wide = is_wide(last) || sentence.chars().next().is_some_and(is_wide);
    if last.is_alphanumeric() {
        out.push(if wide { '；' } else { ';' });
    }
    if !wide {
        out.push(' ');
    }
    out.push_str(sentence);
}

fn source(sentence: &str, recurring: &HashSet<u64>) -> Option<(BoilerplateSource, u64)> {
    let key = key(sentence);
    if lexicon::is_boilerplate(sentence) {
        // A sentence of glue and stop words alone has no key; its text is its key then.
        return Some((BoilerplateSource::Lexicon, key.unwrap_or_else(|| hash(sentence))));
    }
    key.filter(|key| recurring.contains(key)).map(|key| (BoilerplateSource::Recurring, key))
}

/// A Chinese sentence without the clauses that are stock phrases:
/// `本科及以上学历，有三年Java开发经验` is about Java.
fn without_clauses(sentence: &str, left_out: &mut Vec<LeftOut>) -> String {
    let mostly_wide =
        sentence.chars().filter(|c| is_wide(*c)).count() * 2 > sentence.chars().count();
    if !mostly_wide || !sentence.contains(['，', ',']) {
        return sentence.to_string();
    }
    let mut kept: Vec<&str> = Vec::new();
    for clause in sentence.split_inclusive(['，', ',']) {
        let opens = clause.chars().filter(|c| matches!(c, '(' | '（')).count();
        let closes = clause.chars().filter(|c| matches!(c, ')' | '）')).count();
        if opens == closes && lexicon::is_boilerplate(clause) {
            let trimmed = clause.trim_end_matches(['，', ',', '。', '；', ';']).trim();
            let key = key(trimmed).unwrap_or_else(|| hash(trimmed));
            let source = BoilerplateSource::Lexicon;
            left_out.push(LeftOut { sentence: trimmed.to_string(), key, source });
        } else {
            kept.push(clause);
        }
    }
    let joined = kept.concat();
    if joined.len() == sentence.len() {
        joined
    } else {
        text::tidy(joined.trim_end_matches(['，', ',']))
    }
}

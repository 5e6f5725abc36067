//! The part of a title that says what the work is.

use arcstr::ArcStr;

use crate::role::Role;
use crate::text::DetectedLanguage;

/// Names of the employer and the place, where the input has columns for them.
pub(super) fn owner(role: &Role) -> impl Iterator<Item = &str> {
    const COLUMNS: [&str; 10] = [
        "company",
        "company_name",
        "employer",
        "公司",
        "公司名称",
        "企业",
        "city",
        "location",
        "城市",
        "地点",
    ];
    let facts = [&role.facts.company, &role.facts.place].into_iter().flatten();
    // Run folders of version 0.1 have no facts.
    let columns = COLUMNS.iter().filter_map(|column| role.fields.get(column));
    facts.chain(columns).map(ArcStr::as_str).filter(|name| name.chars().count() > 1)
}

/// A title without text in brackets; an unclosed bracket is ignored.
pub(super) fn without_brackets(title: &str) -> String {
    let mut out = String::new();
    let mut rest = title;
    while let Some(open) = rest.find(['(', '[', '【', '<', '「', '《', '{']) {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        out.push_str(" / ");
        let inner = tail.chars().next().map_or(0, char::len_utf8);
        let closed = tail.find([')', ']', '】', '>', '」', '》', '}']);
        rest = match closed {
            Some(close) => &tail[close + tail[close..].chars().next().map_or(0, char::len_utf8)..],
            None => &tail[inner..],
        };
    }
    out.push_str(rest);
    out
}

/// The stretches of a title between punctuation, in small letters; where the language puts no spaces
/// between words, spaces part them too.
pub(super) fn stretches(title: &str, language: DetectedLanguage) -> Vec<String> {
    let spaces_part = !is_spaced(language);
    let parts = title.split(|c: char| is_separator(c) || spaces_part && c.is_whitespace());
    let is_word = |part: &&str| part.chars().any(char::is_alphabetic);
    parts.map(str::trim).filter(is_word).map(str::to_lowercase).collect()
}

fn is_spaced(language: DetectedLanguage) -> bool {
    use DetectedLanguage::{Ja, Km, Lo, My, Th, Zh};
    !matches!(language, Zh | Ja | Th | Lo | Km | My)
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        '/' | '\\'
            | '|'
            | '、'
            | ','
            | '，'
            | '。'
            | ';'
            | ':'
            | '：'
            | '!'
            | '！'
            | '?'
            | '？'
            | '・'
            | '･'
            | '★'
            | '☆'
            | '◆'
            | '◇'
            | '■'
            | '□'
            | '●'
            | '○'
            | '◎'
            | '※'
            | '♪'
            | '~'
            | '〜'
            | '…'
            | '"'
            | '*'
    )
}

//! Inline markup -> the text a reader sees.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::super::html;
use crate::text;

static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"!\[([^\]]*)\]\([^)]*\)", "$1"),
        (r"\[([^\]]+)\]\([^)]*\)", "$1"),
        (r"<(https?://[^>\s]+)>", "$1"),
        (r"`+([^`]+)`+", "$1"),
        (r"\*\*\*?([^*]+)\*\*\*?", "$1"),
        (r"(^|[^\w])___?([^_]+)___?($|[^\w])", "$1$2$3"),
        (r"~~([^~]+)~~", "$1"),
        // A single star or underscore is markup only around a word, so `7*24*365`,
        // `snake_case` and `*.log` stay.
        (r"(^|[^\w*])\*([^\s*](?:[^*]*[^\s*])?)\*($|[^\w*])", "$1$2$3"),
        (r"(^|[^\w])_([^\s_](?:[^_]*[^\s_])?)_($|[^\w])", "$1$2$3"),
    ]
    .into_iter()
    .filter_map(|(pattern, to)| Regex::new(pattern).ok().map(|regex| (regex, to)))
    .collect()
});

/// [`plain`], with what links lead to kept beside their text.
pub(super) fn plain_with_links(markup: &str) -> String {
    static LINK: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)").ok());
    match LINK.as_ref().filter(|_| markup.contains("](")) {
        Some(link) => plain(&link.replace_all(markup, "$1 $2")),
        None => plain(markup),
    }
}

/// Text without inline markup and HTML, on one line.
pub(super) fn plain(markup: &str) -> String {
    let mut text = Cow::Borrowed(markup);
    let escapes = markup.contains('\\');
    if escapes {
        text = Cow::Owned(hide_escapes(markup));
    }
    if markup.contains(['*', '_', '`', '[', '~', '<']) {
        for (pattern, to) in RULES.iter() {
            if let Cow::Owned(changed) = pattern.replace_all(&text, *to) {
                text = Cow::Owned(changed);
            }
        }
    }
    if escapes {
        text = Cow::Owned(text.chars().map(shown).collect());
    }
    text::tidy(&html::to_text(&text)).replace('\n', " ")
}

/// Escaped marks are moved out of the way into a private range of Unicode, and back.
const HIDDEN: u32 = 0xe000;

fn hide_escapes(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut chars = markup.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && next.is_ascii_punctuation() => {
                out.extend(char::from_u32(HIDDEN + next as u32));
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

fn shown(c: char) -> char {
    match (c as u32).checked_sub(HIDDEN) {
        Some(hidden @ 0x21..=0x7e) => char::from_u32(hidden).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_text_stays() {
        for (markup, expected) in [
            ("**bold** and *em*, `code`", "bold and em, code"),
            ("[text](http://x) ![alt](y)", "text alt"),
            ("7*24*365 and snake_case_name, *.log", "7*24*365 and snake_case_name, *.log"),
            ("__bold__ _em_ ~~gone~~", "bold em gone"),
            (r"C\+\+ \*x\*", "C++ *x*"),
            ("a<br>b&nbsp;c", "a b c"),
            ("**技术栈**：a", "技术栈：a"),
            ("<https://x.y>", "https://x.y"),
        ] {
            assert_eq!(plain(markup), expected, "{markup}");
        }
    }

    /// What CommonMark reads otherwise, in part: the comparison in `DESIGN.md`.
    #[test]
    fn marks_are_read_as_people_write_them() {
        for (markup, expected) in [
            ("**职责：**负责集群", "职责：负责集群"),
            ("7*24*365", "7*24*365"),
            ("2*3*4 台设备", "2*3*4 台设备"),
            ("**「云原生」**平台", "「云原生」平台"),
            ("支持*.log和*.txt", "支持*.log和*.txt"),
            ("*重点*：稳定性", "重点：稳定性"),
            ("**熟悉 **Linux", "熟悉 Linux"),
            (r"C++/C\#", "C++/C#"),
            ("[官网](https://x.example/a b)", "官网"),
            ("<https://x.example>", "https://x.example"),
            ("snake_case_name", "snake_case_name"),
            ("薪资20k*16薪，加班*1.5", "薪资20k*16薪，加班*1.5"),
        ] {
            assert_eq!(plain(markup), expected, "{markup}");
        }
    }
}

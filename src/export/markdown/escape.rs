//! Escapes text of postings for Markdown.

pub(in crate::export) use crate::text::markdown::inline;
use crate::text::markdown::one_line;

/// `text` as a code span, whatever backticks it holds.
pub(in crate::export) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return String::new();
    }
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // A table splits its cells before it looks for code.
    let text = text.replace('|', "\\|");
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The first `n` characters of [`inline`] text, with an ellipsis where some were left out.
pub(in crate::export) fn excerpt(text: &str, n: usize) -> String {
    let text = one_line(text);
    match text.char_indices().nth(n) {
        Some((end, _)) => format!("{}…", inline(text[..end].trim_end())),
        None => inline(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_outlast_backticks() {
        assert_eq!(code("1.4"), "`1.4`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a|b"), r"`a\|b`");
    }

    #[test]
    fn an_excerpt_ends_at_a_character() {
        assert_eq!(excerpt("负责集群稳定性", 4), "负责集群…");
        assert_eq!(excerpt("short", 9), "short");
    }
}

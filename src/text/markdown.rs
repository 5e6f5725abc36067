//! Text as Markdown that shows it as it is.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` on one line, so that CommonMark and GitHub show it as it is: no emphasis, link,
/// mention, heading, list, table cell, HTML or formula results.
///
/// Runs of white space and control characters become one space. Characters that turn the
/// writing direction of what follows (embeddings, overrides and isolates) are named rather
/// than kept, since Markdown cannot isolate them.
pub fn inline(text: &str) -> String {
    let text = one_line(text);
    match list_marker(&text) {
        Some(at) => format!("{}\\{}", &text[..at], within_line(&text[at..])),
        None => within_line(&text),
    }
}

/// [`inline`] for what does not begin a line.
pub fn within_line(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '$' | '#' | '@' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // "https://" and "www." become links by themselves on GitHub.
            ':' if chars.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if before == 'w' || before == 'W' => out.push_str("\\."),
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// `text` on one line: runs of white space and control characters become one space.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !turns_direction(c);
    let tidy = text.split(' ').all(|word| !word.is_empty() && word.chars().all(plain));
    if tidy {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c.is_control() || c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if turns_direction(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "(U+{:04X})", c as u32);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out.trim_end().to_string())
}

/// Embeddings, overrides and isolates of the bidirectional algorithm (UAX 9).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Where the mark stands that would make a list or a heading of a line that begins so.
fn list_marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => Some(digits),
        Some(b'-' | b'+' | b'=') if digits == 0 => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_posting_becomes_markup() {
        assert_eq!(inline("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(inline("*a* _b_ `c` [d](e) | f"), r"\*a\* \_b\_ \`c\` \[d\](e) \| f");
        assert_eq!(inline("1. one"), r"1\. one");
        assert_eq!(inline("- one\n# two"), r"\- one \# two");
        assert_eq!(inline("https://x.y www.z.com a@b"), r"https\://x.y www\.z.com a\@b");
        assert_eq!(inline("a\u{2028}b\u{0}c\u{202e}d"), "a b c(U+202E)d");
        assert_eq!(inline("C++ 与 Node.js"), "C++ 与 Node.js");
        assert_eq!(within_line("1.4 *"), r"1.4 \*");
    }
}

//! Text of postings inside markup.

use crate::text::markdown::one_line;

/// Text as XML and HTML show it, in elements and in quoted attributes; characters they forbid are left
/// out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

/// [`escaped`] text on one line, without signs that turn the direction of writing.
pub(super) fn inline(text: &str) -> String {
    escaped(&one_line(text))
}

#[cfg(test)]
mod tests {
    use super::super::sample::HOSTILE;
    use super::*;

    #[test]
    fn no_text_ends_an_element_or_an_attribute() {
        let shown = inline(HOSTILE);
        assert!(!shown.contains(['<', '>', '"', '\'', '\u{2028}', '\u{202e}']), "{shown}");
        assert_eq!(inline("C++ & 存储\n2"), "C++ &amp; 存储 2");
        assert_eq!(escaped("a\0\u{9f}b\u{ffff}"), "ab");
    }
}

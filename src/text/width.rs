//! Text in terminal columns: a Chinese character takes two.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Columns a terminal uses for a line of text; control characters take none.
pub fn display_width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The text if it fits in `columns`, else its beginning with `…`, at most `columns` wide.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if display_width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else { return Cow::Borrowed("") };
    let mut used = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        end = at + c.len_utf8();
    }
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// [`truncate`], filled with spaces to exactly `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = truncate(text, columns).into_owned();
    let missing = columns.saturating_sub(display_width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(display_width("GPU集群"), 7);
        assert_eq!(display_width("e\u{301}\u{1b}"), 1);
    }

    #[test]
    fn cut_text_never_exceeds_its_columns() {
        assert_eq!(truncate("GPU集群", 7), "GPU集群");
        assert_eq!(truncate("GPU集群", 6), "GPU集…");
        assert_eq!(truncate("GPU集群", 5), "GPU…");
        assert_eq!(truncate("集群", 1), "…");
        assert_eq!(truncate("集群", 0), "");
        for columns in 0..12 {
            assert_eq!(display_width(&pad("a集b群c", columns)), columns);
        }
    }
}

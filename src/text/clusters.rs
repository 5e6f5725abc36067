//! Letters with the marks that belong to them, which no cut may separate.

use unicode_normalization::char::is_combining_mark;

/// Signs that put the next consonant below the one before: Khmer coeng, Burmese virama.
const STACKERS: [char; 2] = ['\u{17d2}', '\u{1039}'];

/// The text in pieces of one letter and its marks; a consonant written below another belongs to
/// the same piece.
pub(super) fn clusters(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        if at == 0 || begins_cluster(previous, c) {
            starts.push(at);
        }
        previous = c;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &text[start..end]).collect()
}

/// Whether a text may be cut between two characters.
pub(super) fn begins_cluster(previous: char, c: char) -> bool {
    let joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
    !(STACKERS.contains(&previous)
        || joiner(previous)
        || joiner(c)
        || !c.is_ascii() && is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_with_their_letter() {
        for (text, expected) in [
            ("น้ำดื่ม", "น้|ำ|ดื่|ม"),
            ("ក្រុម", "ក្រុ|ម"),
            ("नर्सें", "न|र्|सें"),
            ("e\u{301}a", "e\u{301}|a"),
            ("", ""),
        ] {
            assert_eq!(clusters(text).join("|"), expected, "{text}");
        }
    }
}

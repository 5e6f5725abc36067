//! Cuts the text of a posting into the parts that state one thing: sentences, the cells of a
//! header line, and the clauses within them.

/// Longer parts are cut: what states a fact is short, and the search for phrases is not linear in
/// the length of hostile text.
const LONGEST: usize = 1200;

/// More parts than any posting has; the rest of such a text is not looked at.
const MOST_PARTS: usize = 2000;

/// Lines, sentences and cells of header lines. The text is expected in one spelling (NFKC).
pub(super) fn segments(text: &str) -> impl Iterator<Item = &str> {
    let ends = |(at, c): (usize, char)| {
        let ends = match c {
            '\n' | '。' | ';' | '!' | '?' | '•' | '|' | '●' | '◆' | '■' | '★' => true,
            // A header line: `上海 / 3-5年 / 本科`.
            '/' => text[..at].ends_with(' ') && text[at + 1..].starts_with(' '),
            // A full stop ends a sentence where a new one begins; `min. 3` goes on.
            '.' => {
                let mut rest = text[at + 1..].chars();
                rest.next() == Some(' ') && rest.next().is_some_and(char::is_uppercase)
            }
            _ => false,
        };
        ends.then_some((at, c.len_utf8()))
    };
    cut(text, text.char_indices().filter_map(ends).collect())
}

/// The clauses of a segment: a comma between two digits belongs to a number.
pub(super) fn clauses(segment: &str) -> impl Iterator<Item = &str> {
    let ends = |(at, c): (usize, char)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let in_number = digit(segment[..at].chars().next_back())
            && digit(segment[at + c.len_utf8()..].chars().next());
        (matches!(c, ',' | '、' | '،') && !in_number).then_some((at, c.len_utf8()))
    };
    cut(segment, segment.char_indices().filter_map(ends).collect())
}

/// The parts between separators, each given by place and length.
fn cut(text: &str, separators: Vec<(usize, usize)>) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(separators.clone().into_iter().map(|(at, n)| at + n));
    let ends = separators.into_iter().map(|(at, _)| at).chain(std::iter::once(text.len()));
    let parts = starts.zip(ends).map(|(start, end)| bounded(text[start..end].trim()));
    parts.filter(|part| !part.is_empty()).take(MOST_PARTS)
}

fn bounded(part: &str) -> &str {
    let end = (0..=LONGEST.min(part.len())).rev().find(|&at| part.is_char_boundary(at));
    &part[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_cells_and_clauses_are_cut() {
        let parts: Vec<&str> =
            segments("上海 | 3-5年 | 15-25K·14薪\nPay is good. Ask us. min. 3 Jahre").collect();
        let expected = ["上海", "3-5年", "15-25K·14薪", "Pay is good", "Ask us. min. 3 Jahre"];
        assert_eq!(parts, expected);
        let parts: Vec<&str> = clauses("本科,3年以上, $15,000、硕士优先").collect();
        assert_eq!(parts, ["本科", "3年以上", "$15,000", "硕士优先"]);
    }
}

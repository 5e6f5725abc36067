//! The part of a text that is worth its cost: all of it, or an excerpt of bounded length.

use std::borrow::Cow;
use std::collections::HashSet;

use super::script::Script;

/// Texts longer than this many bytes are represented by an excerpt: about as much as seven
/// ordinary postings.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// A run of letters, digits and marks without a space longer than this is no word of any
/// language that puts spaces between words, but data: an encoded image, a key, a mistake.
pub const MAX_WORD_CHARS: usize = 200;

/// Bytes of one of the pieces taken from the rest of a long text.
const PIECE_BYTES: usize = 1_024;

/// A text without unbroken runs of more than [`MAX_WORD_CHARS`] and no longer than
/// [`MAX_TEXT_BYTES`]. Of a longer one, sentences that were said before are left out first; of
/// what is still too long, the beginning is taken, which is half of the excerpt, and pieces spread
/// evenly over the rest, each from the beginning of a sentence or at least of a word. A text that
/// is within both bounds comes back as it is.
pub fn excerpt(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_WORD_CHARS {
        return Cow::Borrowed(text);
    }
    let text = without_long_words(text);
    if text.len() <= MAX_TEXT_BYTES {
        return text;
    }
    let text = without_repeats(&text);
    if text.len() <= MAX_TEXT_BYTES {
        return Cow::Owned(text);
    }
    let half = MAX_TEXT_BYTES / 2;
    let first = begins(&text, half);
    let mut out = String::with_capacity(MAX_TEXT_BYTES);
    out.push_str(text[..first].trim_end());
    let n = half / PIECE_BYTES;
    let rest = text.len() - first;
    let mut end = first;
    for at in 0..n {
        let start = begins(&text, first + at * rest / n).max(end);
        let room = PIECE_BYTES.min((MAX_TEXT_BYTES - 1).saturating_sub(out.len()));
        end = ends(&text, start, room);
        let piece = text[start..end].trim();
        if !piece.is_empty() {
            out.push('\n');
            out.push_str(piece);
        }
    }
    Cow::Owned(out)
}

/// Every sentence once, where it stands first.
fn without_repeats(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut said = HashSet::new();
    let (mut start, mut previous) = (0, ' ');
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        let after = (at + c.len_utf8()).min(text.len());
        let ends = at == text.len() || ends_sentence(previous, c);
        previous = c;
        if ends {
            let sentence = &text[start..after];
            if said.insert(sentence.trim()) {
                out.push_str(sentence);
            }
            start = after;
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a sentence ends with `c`.
fn ends_sentence(previous: char, c: char) -> bool {
    let western = c.is_whitespace() && matches!(previous, '.' | '!' | '?' | ';');
    western || matches!(c, '\n' | '。' | '！' | '？' | '；')
}

/// Runs that are no words left out.
fn without_long_words(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut kept, mut start, mut length) = (0, 0, 0);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if is_run(c) {
            start = if length == 0 { at } else { start };
            length += 1;
            continue;
        }
        if length > MAX_WORD_CHARS {
            out.push_str(&text[kept..start]);
            kept = at;
        }
        length = 0;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    out.truncate(out.trim_end().len());
    Cow::Owned(out)
}

/// Characters of words in scripts with spaces, and what encodings of data use beside them.
fn is_run(c: char) -> bool {
    match Script::of(c) {
        Script::Latin | Script::Cyrillic | Script::Digit => true,
        Script::Common => c.is_ascii_graphic(),
        _ => false,
    }
}

/// The next place from `at` on where a line or a sentence begins, if there is one soon, else
/// a word or at least a character.
fn begins(text: &str, at: usize) -> usize {
    let at = (at..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let near = &text[at..ends(text, at, PIECE_BYTES / 2)];
    let after = |found: Option<(usize, char)>| found.map(|(by, c)| at + by + c.len_utf8());
    let mut previous = ' ';
    let sentence = near.char_indices().find(|&(_, c)| {
        let ends = ends_sentence(previous, c);
        previous = c;
        ends
    });
    after(sentence)
        .or_else(|| after(near.char_indices().find(|(_, c)| c.is_whitespace())))
        .unwrap_or(at)
}

/// The last place before `start + length` where a character ends.
fn ends(text: &str, start: usize, length: usize) -> usize {
    let wanted = (start + length).min(text.len());
    (start..=wanted).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_texts_stay_as_they_are() {
        let chinese = "负责支付平台的存储层设计与运维工作".repeat(40);
        for text in ["", "short", chinese.as_str(), &"You bake bread. ".repeat(500)] {
            assert!(matches!(excerpt(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn data_within_a_text_is_left_out() {
        for data in
            ["A".repeat(300_000), "data:image/png;base64,".to_string() + &"iVBORw0K+/".repeat(900)]
        {
            assert_eq!(excerpt(&format!("You bake {data} bread.")), "You bake  bread.");
            assert_eq!(excerpt(&data), "");
        }
        let word = "a".repeat(MAX_WORD_CHARS);
        assert_eq!(excerpt(&format!("{word} {word}b")), word);
    }

    #[test]
    fn long_texts_give_their_beginning_and_pieces_of_all_the_rest() {
        for sentence in [
            "You bake bread number {}. ",
            "第{}天你烤面包，然后打扫厨房。",
            "ขนมปังหมายเลข{}ทำทุกวัน",
            "Brot{}\n",
        ] {
            let text: String =
                (0..9_000).map(|at| sentence.replace("{}", &at.to_string())).collect();
            let excerpt = excerpt(&text);
            assert!(excerpt.len() <= MAX_TEXT_BYTES && excerpt.len() * 10 > MAX_TEXT_BYTES * 9);
            assert!(excerpt.starts_with(&text[..ends(&text, 0, 3_000)]), "{sentence}");
            // From every eighth of the text there is something.
            for eighth in 0..8 {
                let numbers = eighth * 9_000 / 8..(eighth + 1) * 9_000 / 8;
                assert!(
                    numbers
                        .clone()
                        .any(|n| excerpt.contains(&sentence.trim().replace("{}", &n.to_string()))),
                    "{sentence} {eighth}"
                );
            }
        }
    }

    #[test]
    fn what_a_long_text_says_again_and_again_is_said_once() {
        for (again, once) in [
            ("Keep the area tidy. ", "You write compilers in Rust."),
            ("保持工作区整洁。", "负责编译器的开发。"),
        ] {
            let text = again.repeat(4_000) + once + " " + &again.repeat(4_000);
            let expected = format!("{again}{once}");
            assert_eq!(excerpt(&text), expected, "{again}");
        }
    }

    #[test]
    fn no_border_falls_within_a_character() {
        for text in ["é".repeat(40_000), "🦀 ".repeat(9_000), "a\u{301} ".repeat(20_000)] {
            assert!(excerpt(&text).len() <= MAX_TEXT_BYTES);
        }
    }
}

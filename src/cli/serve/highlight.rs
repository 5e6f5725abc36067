//! Marks the words of a query in a text.

use maud::{Markup, html};

/// `text` with `<mark>` around each occurrence of one of `words` (lower case). A Latin word is
/// marked only where it stands alone, a Chinese one anywhere; of overlapping words the longest.
pub fn highlighted(text: &str, words: &[String]) -> Markup {
    let chars: Vec<char> = text.chars().collect();
    let words: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
    // Pieces of the text, and whether each is a word of the query.
    let mut pieces: Vec<(bool, String)> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let length = words.iter().filter(|word| occurs(&chars, at, word)).map(Vec::len).max();
        match (length, pieces.last_mut()) {
            (Some(length), _) => {
                pieces.push((true, chars[at..at + length].iter().collect()));
                at += length;
            }
            (None, Some((false, plain))) => {
                plain.push(chars[at]);
                at += 1;
            }
            (None, _) => {
                pieces.push((false, chars[at].to_string()));
                at += 1;
            }
        }
    }
    html! {
        @for (is_word, piece) in &pieces {
            @if *is_word { mark { (piece) } } @else { (piece) }
        }
    }
}

fn occurs(chars: &[char], at: usize, word: &[char]) -> bool {
    let Some(here) = chars.get(at..at + word.len()) else { return false };
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
    let within_another = (latin(word.first()) && at > 0 && latin(chars.get(at - 1)))
        || (latin(word.last()) && latin(chars.get(at + word.len())));
    !word.is_empty()
        && !within_another
        && here.iter().zip(word).all(|(c, wanted)| c.to_lowercase().eq(std::iter::once(*wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        highlighted(text, &words).into_string()
    }

    #[test]
    fn words_are_marked_whole_and_text_stays_text() {
        assert_eq!(mark("Go and Google", &["go"]), "<mark>Go</mark> and Google");
        assert_eq!(mark("负责存储系统", &["存储"]), "负责<mark>存储</mark>系统");
        assert_eq!(mark("用Go写", &["go"]), "用<mark>Go</mark>写");
        assert_eq!(mark("C++ <b>", &["c++", "b"]), "<mark>C++</mark> &lt;<mark>b</mark>&gt;");
        assert_eq!(mark("<mark>", &[]), "&lt;mark&gt;");
        assert_eq!(mark("", &["a", ""]), "");
        assert_eq!(mark("SRE", &["sre", "s"]), "<mark>SRE</mark>", "the longest");
    }
}

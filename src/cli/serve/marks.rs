//! Words of the query, marked where a text says them.

use std::fmt::Write;

use super::html::Text;

/// `text` escaped, with `<mark>` around every one of `words` (lower case) that stands in it.
/// A Latin word is marked where it stands alone, a Chinese one anywhere.
pub fn marked(text: &str, words: &[String]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let words: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
    let mut out = String::with_capacity(text.len() + 32);
    let mut plain = String::new();
    let mut at = 0;
    while at < chars.len() {
        let here = words.iter().filter(|word| stands(&chars, at, word)).map(Vec::len).max();
        match here {
            Some(length) => {
                let found: String = chars[at..at + length].iter().collect();
                // Writing to a string does not fail.
                let _ = write!(out, "{}<mark>{}</mark>", Text(&plain), Text(&found));
                plain.clear();
                at += length;
            }
            None => {
                plain.push(chars[at]);
                at += 1;
            }
        }
    }
    let _ = write!(out, "{}", Text(&plain));
    out
}

fn stands(chars: &[char], at: usize, word: &[char]) -> bool {
    let Some(here) = chars.get(at..at + word.len()) else { return false };
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
    let cut_from_another = (latin(word.first()) && at > 0 && latin(chars.get(at - 1)))
        || (latin(word.last()) && latin(chars.get(at + word.len())));
    !word.is_empty()
        && !cut_from_another
        && here.iter().zip(word).all(|(c, wanted)| c.to_lowercase().eq(std::iter::once(*wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str, words: &[&str]) -> String {
        marked(text, &words.iter().map(|word| word.to_string()).collect::<Vec<_>>())
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

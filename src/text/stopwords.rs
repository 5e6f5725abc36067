//! Words that carry no meaning of their own, from `data/lexicon/stopwords.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

static STOPWORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/lexicon/stopwords.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether a word as [`super::words()`] gives it is a function word of any known language, or
/// one that nearly every posting uses (`experience`, `负责`, `Kenntnisse`). Words are lower case.
pub fn is_stopword(word: &str) -> bool {
    STOPWORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_of_several_languages_are_known() {
        for word in ["the", "负责", "熟悉", "und", "します", "경험", "oraz", "les", "und"]
        {
            assert!(is_stopword(word), "{word}");
        }
        for word in ["kubernetes", "go", "r", "监控", "数据库", "网络", "c", "data"] {
            assert!(!is_stopword(word), "{word}");
        }
    }

    #[test]
    fn the_list_is_written_as_words_come() {
        for word in STOPWORDS.iter() {
            assert_eq!(crate::text::normalize(&word.to_lowercase()), **word);
        }
    }
}

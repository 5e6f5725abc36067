//! Formats sequences of words as phrases in the language of names.

use super::lexicon::{Technology, lexicon};
use super::matcher::is_unspaced;
use super::tokens::{Item, Tokens};
use crate::language::Language;

/// Writes words in one language.
#[derive(Debug)]
pub(super) struct PhraseFormat<'a> {
    tokens: &'a Tokens,
    language: Language,
}

impl<'a> PhraseFormat<'a> {
    /// For the words of `tokens`.
    pub fn new(tokens: &'a Tokens, language: Language) -> Self {
        PhraseFormat { tokens, language }
    }

    /// The language written.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Words one after the other, or `None` when one of them has no form in the language.
    ///
    /// Neither are there words for what would stammer: `trading systems` before `systems`.
    pub fn phrase(&self, numbers: &[u32]) -> Option<String> {
        let words: Option<Vec<String>> = numbers.iter().map(|&number| self.word(number)).collect();
        let words = words?;
        let stammers = |at: usize| words[..at].iter().any(|earlier| overlap(earlier, &words[at]));
        (!(1..words.len()).any(stammers)).then(|| join(&words))
    }

    /// Words one after the other, those without a form in the language as they were found.
    pub fn in_any_language(&self, numbers: &[u32]) -> String {
        let word = |&number: &u32| self.word(number).unwrap_or_else(|| self.as_found(number));
        join(&numbers.iter().map(word).collect::<Vec<String>>())
    }

    /// Two or more phrases as one.
    pub fn and(&self, phrases: &[String]) -> String {
        let word = match self.language {
            Language::Zh => "与",
            Language::En => " and ",
        };
        phrases.join(word)
    }

    /// Whether a word of no lexicon is at home in the language. In Chinese that takes Chinese
    /// characters or a capital, as product names have; in English, no Chinese ones.
    pub fn is_at_home(&self, number: u32) -> bool {
        let Item::Word(word) = self.tokens.item(number) else { return true };
        let unspaced = word.chars().any(is_unspaced);
        match self.language {
            Language::Zh => unspaced || self.as_found(number).chars().any(char::is_uppercase),
            Language::En => !unspaced,
        }
    }

    fn word(&self, number: u32) -> Option<String> {
        match self.tokens.item(number) {
            Item::Technology(entry) => Some(self.technology(&lexicon().technologies[*entry])),
            Item::Concept(entry) => Some(lexicon().concepts[*entry].label(self.language).into()),
            Item::Word(word) => {
                let foreign = self.language == Language::En && word.chars().any(is_unspaced);
                (!foreign).then(|| self.as_found(number))
            }
        }
    }

    /// A technology as it is written within a sentence.
    pub fn technology(&self, technology: &Technology) -> String {
        let label = technology.label(self.language);
        let common = self.language == Language::En && technology.is_common_noun();
        if common { lower_first(label) } else { label.to_string() }
    }

    fn as_found(&self, number: u32) -> String {
        match self.tokens.item(number) {
            Item::Word(word) => self.tokens.spelling(number).unwrap_or(word).to_string(),
            _ => String::new(),
        }
    }
}

/// Whether two phrases share a word, or two characters in a row of a script without spaces.
pub(super) fn overlap(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let folded: Vec<char> = text.to_lowercase().chars().collect();
        let pairs = folded.windows(2).filter(|pair| pair.iter().all(|&c| is_unspaced(c)));
        let words = text.to_lowercase();
        let words = words.split(|c: char| !c.is_alphanumeric() || is_unspaced(c));
        let words = words.filter(|word| word.chars().count() > 2);
        // `test`, `tests` and `testing` are one word here.
        let stem = |word: &str| {
            ["ing", "ers", "er", "s"]
                .iter()
                .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() > 2))
                .unwrap_or(word)
                .to_string()
        };
        let words = words.map(stem);
        pairs.map(|pair| pair.iter().collect()).chain(words).collect()
    };
    let parts_of_a = parts(a);
    parts(b).iter().any(|part| parts_of_a.contains(part))
}

/// A small letter first.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// A capital first, unless the first word has a capital of its own (`iOS`, `eBPF`, `vLLM`).
pub(super) fn capitalised(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    if first.chars().any(char::is_uppercase) {
        return text.to_string();
    }
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// With spaces where the scripts use them.
fn join(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let spaced = !out.ends_with(is_unspaced) && !word.starts_with(is_unspaced);
        if spaced && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_stand_between_latin_words_only() {
        let words = |all: &[&str]| join(&all.iter().map(|w| w.to_string()).collect::<Vec<_>>());
        assert_eq!(words(&["GPU", "集群", "运维"]), "GPU集群运维");
        assert_eq!(words(&["GPU", "cluster"]), "GPU cluster");
    }

    #[test]
    fn phrases_that_share_a_word_overlap() {
        assert!(overlap("trading systems", "system"));
        assert!(overlap("testing", "test automation"));
        assert!(overlap("分布式数据库", "数据库运维"));
        assert!(!overlap("database", "data warehouse"));
        assert!(!overlap("数据分析", "大数"));
        assert!(!overlap("GPU集群", "GPT"));
    }

    #[test]
    fn names_with_their_own_capitals_are_left_alone() {
        assert_eq!(capitalised("load balancing"), "Load balancing");
        assert_eq!(capitalised("iOS development"), "iOS development");
        assert_eq!(capitalised("运维"), "运维");
    }
}

//! Formats sequences of words as phrases in the language of names.
//!
//! In a language that the lexicon does not speak, its words are written as the postings do.

use super::lexicon::{Technology, lexicon};
use super::matcher::is_unspaced;
use super::name_language::NameLanguage;
use super::tokens::{Item, Tokens};
use crate::language::Language;
use crate::text;

/// Writes words in one language.
#[derive(Debug)]
pub(super) struct PhraseFormat<'a> {
    tokens: &'a Tokens,
    language: NameLanguage,
}

impl<'a> PhraseFormat<'a> {
    /// For the words of `tokens`.
    pub fn new(tokens: &'a Tokens, language: NameLanguage) -> Self {
        PhraseFormat { tokens, language }
    }

    /// The language written.
    pub fn language(&self) -> NameLanguage {
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
        self.language.and(phrases)
    }

    /// Whether a word of no lexicon is at home in the language. In Chinese that takes Chinese
    /// characters or a capital, as product names have, and so in Japanese and Korean; in others, no
    /// Chinese ones.
    pub fn is_at_home(&self, number: u32) -> bool {
        let Item::Word(word) = self.tokens.item(number) else { return true };
        let unspaced = word.chars().any(is_unspaced);
        if self.language.is_ideographic() {
            return unspaced || self.as_found(number).chars().any(char::is_uppercase);
        }
        !unspaced
    }

    fn word(&self, number: u32) -> Option<String> {
        match self.tokens.item(number) {
            Item::Technology(entry) => {
                let technology = &lexicon().technologies[*entry];
                self.technology(technology).or_else(|| self.spelling(number))
            }
            Item::Concept(entry) => match self.language.of_lexicon() {
                Some(language) => Some(lexicon().concepts[*entry].label(language).into()),
                None => self.spelling(number),
            },
            Item::Word(word) => {
                let foreign = !self.language.is_ideographic() && word.chars().any(is_unspaced);
                (!foreign).then(|| self.as_found(number))
            }
        }
    }

    /// A technology as it is written within a sentence; `None` for a common noun in a language that the
    /// lexicon does not speak.
    pub fn technology(&self, technology: &Technology) -> Option<String> {
        let common = technology.is_common_noun();
        match self.language.of_lexicon() {
            Some(Language::En) if common => Some(lower_first(technology.label(Language::En))),
            Some(language) => Some(technology.label(language).to_string()),
            None => (!common).then(|| technology.label(Language::En).to_string()),
        }
    }

    /// How most roles in other languages than those of the lexicon write a word.
    fn spelling(&self, number: u32) -> Option<String> {
        self.tokens.spelling(number).map(str::to_string)
    }

    fn as_found(&self, number: u32) -> String {
        match self.tokens.item(number) {
            Item::Word(word) => self.tokens.spelling(number).unwrap_or(word).to_string(),
            _ => self.spelling(number).unwrap_or_default(),
        }
    }
}

/// Whether two phrases share a word, in whatever gender or number, or two characters in a row of a
/// script without spaces.
pub(super) fn overlap(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let folded: Vec<char> = text.to_lowercase().chars().collect();
        let pairs = folded.windows(2).filter(|pair| pair.iter().all(|&c| is_unspaced(c)));
        let words = text.to_lowercase();
        let words = words.split(|c: char| !c.is_alphanumeric() || is_unspaced(c));
        let words = words.filter(|word| word.chars().count() > 2);
        // `test`, `tests` and `testing` are one word here.
        let stem = |word: &str| {
            ["ing", "erin", "ers", "er", "ères", "ère", "s"]
                .iter()
                .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() > 2))
                .unwrap_or(word)
                .to_string()
        };
        let words = words.map(stem);
        pairs.map(|pair| pair.iter().collect()).chain(words).collect()
    };
    let parts_of_a = parts(a);
    parts(b).iter().any(|part| parts_of_a.iter().any(|other| is_form_of(part, other)))
}

/// Whether two words are forms of one, a short word in one more letter too (`ممرض` and `ممرضة`).
fn is_form_of(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let (a_len, b_len) = (a.chars().count(), b.chars().count());
    let (shortest, longest) = (a_len.min(b_len), a_len.max(b_len));
    let is_longer = common == shortest && common >= LEAST_SINGULAR && longest - common <= 1;
    is_longer || text::is_form_of(a, b)
}

/// Whether two heads are the same but for endings of at most two letters: `cook` and `cooks`.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    let same = |(a, b): (&str, &str)| {
        let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
        let more = long.strip_prefix(short).map(|ending| ending.chars().count());
        more.is_some_and(|n| n == 0 || n <= 2 && short.chars().count() >= LEAST_SINGULAR)
    };
    let is_spaced = !a.contains(is_unspaced);
    a == b
        || is_spaced
            && a.split(' ').count() == b.split(' ').count()
            && a.split(' ').zip(b.split(' ')).all(same)
}

/// Letters of a word before the ending of the plural.
const LEAST_SINGULAR: usize = 4;

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

/// With spaces where the scripts use them, and around what has some of its own (`GPU 调度`).
fn join(words: &[String]) -> String {
    let (mut out, mut after_spaced) = (String::new(), false);
    for word in words {
        let bare = !out.ends_with(is_unspaced) && !word.starts_with(is_unspaced);
        let spaced = bare || after_spaced || word.contains(' ');
        after_spaced = word.contains(' ');
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
        assert_eq!(words(&["容器平台", "GPU 调度", "平台"]), "容器平台 GPU 调度 平台");
    }

    #[test]
    fn phrases_that_share_a_word_overlap() {
        assert!(overlap("trading systems", "system"));
        assert!(overlap("testing", "test automation"));
        assert!(overlap("分布式数据库", "数据库运维"));
        assert!(overlap("Conductor", "conductora") && overlap("Técnico", "Técnica de sonido"));
        assert!(overlap("Infirmier", "Infirmière") && overlap("ممرض", "ممرضة"));
        assert!(overlap("Krankenpfleger", "Krankenpflegerin") && !overlap("nurse", "nursery"));
        assert!(!overlap("operations", "operators") && !overlap("container", "contract"));
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

    #[test]
    fn heads_in_singular_and_plural_are_one() {
        assert!(same_words("cook", "cooks") && same_words("systems analysts", "systems analyst"));
        assert!(same_words("enfermero", "enfermeros") && same_words("护士", "护士"));
        assert!(!same_words("cook", "chef") && !same_words("taxi driver", "bus driver"));
        assert!(!same_words("护士", "护士长") && !same_words("nurse", "nurse manager"));
    }
}

//! The language that names are written in.
//!
//! Reports exist in two languages, and the lexicon speaks both. Names of specialisations are made of the
//! postings' own titles and of standard occupations, so that they may be in the language that most
//! postings are written in; an answer in one of the two is given only where it was asked for.

use std::collections::BTreeMap;

use crate::language::Language;
use crate::text::DetectedLanguage;

/// How a language joins phrases, and how it calls development in a programming language.
#[derive(Debug)]
struct Joiners {
    code: &'static str,
    /// Between two phrases side by side, with its spaces.
    and: &'static str,
    /// `{}` stands for the programming language.
    development: &'static str,
}

const fn joiners(code: &'static str, and: &'static str, development: &'static str) -> Joiners {
    Joiners { code, and, development }
}

const JOINERS: [Joiners; 18] = [
    joiners("zh", "与", "{}开发"),
    joiners("en", " and ", "{} development"),
    joiners("ja", "・", "{}開発"),
    joiners("ko", " · ", "{} 개발"),
    joiners("de", " und ", "{}-Entwicklung"),
    joiners("fr", " et ", "développement {}"),
    joiners("es", " y ", "desarrollo {}"),
    joiners("pt", " e ", "desenvolvimento {}"),
    joiners("it", " e ", "sviluppo {}"),
    joiners("nl", " en ", "{}-ontwikkeling"),
    joiners("pl", " i ", "programowanie {}"),
    joiners("cs", " a ", "vývoj {}"),
    joiners("tr", " ve ", "{} geliştirme"),
    joiners("sv", " och ", "{}-utveckling"),
    joiners("da", " og ", "{}-udvikling"),
    joiners("ru", " и ", "разработка {}"),
    joiners("uk", " і ", "розробка {}"),
    joiners("vi", " và ", "lập trình {}"),
];

/// For languages without a row of their own.
const OTHERS: Joiners = joiners("", " / ", "{}");

/// One in so many roles is a fair share for English, which most people can read.
const FAIR_SHARE: usize = 4;

/// The language of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameLanguage(DetectedLanguage);

impl NameLanguage {
    /// The one asked for, or that of more than half of the roles whose language could be told. Where
    /// there is no such language it is English, if a fair share of the roles is, and else the language
    /// of the most roles; of equals the first in the order of [`DetectedLanguage`].
    pub fn new(asked: Option<Language>, report: Language, roles: &[DetectedLanguage]) -> Self {
        if asked.is_some() || report == Language::Zh {
            return Self::of(asked.unwrap_or(report));
        }
        let mut counts: BTreeMap<DetectedLanguage, usize> = BTreeMap::new();
        for &language in roles.iter().filter(|language| **language != DetectedLanguage::Unknown) {
            *counts.entry(language).or_insert(0) += 1;
        }
        let told: usize = counts.values().sum();
        let english = counts.get(&DetectedLanguage::En).copied().unwrap_or(0);
        // The last of equals wins, so that counting begins at the end.
        let most = counts.into_iter().rev().max_by_key(|&(_, count)| count);
        match most {
            Some((DetectedLanguage::Mixed, _)) | None => Self::of(report),
            Some((language, count)) if 2 * count > told => NameLanguage(language),
            Some((_, most)) if FAIR_SHARE * english >= told || english == most => {
                NameLanguage(DetectedLanguage::En)
            }
            Some((language, _)) => NameLanguage(language),
        }
    }

    /// One of the two languages of reports.
    pub fn of(language: Language) -> Self {
        NameLanguage(match language {
            Language::Zh => DetectedLanguage::Zh,
            Language::En => DetectedLanguage::En,
        })
    }

    /// As texts are told to be in.
    pub fn detected(self) -> DetectedLanguage {
        self.0
    }

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The language, where the lexicon has words in it.
    pub fn of_lexicon(self) -> Option<Language> {
        match self.0 {
            DetectedLanguage::Zh => Some(Language::Zh),
            DetectedLanguage::En => Some(Language::En),
            _ => None,
        }
    }

    /// See [`is_uncut`].
    pub fn is_uncut(self) -> bool {
        is_uncut(self.0)
    }

    /// Whether words of this language are written in a script like Chinese or Korean.
    pub fn is_ideographic(self) -> bool {
        matches!(self.0, DetectedLanguage::Zh | DetectedLanguage::Ja | DetectedLanguage::Ko)
    }

    /// Whether somebody who reads this language can read that of a role.
    pub fn is_spoken_by(self, role: DetectedLanguage) -> bool {
        role == self.0 || matches!(role, DetectedLanguage::Unknown | DetectedLanguage::Mixed)
    }

    /// Whether a phrase has two parts side by side.
    pub fn is_joined(self, phrase: &str) -> bool {
        let and = self.joiners().and.trim();
        phrase.contains([',', '、', '，', '/', '和']) || phrase.split(' ').any(|word| word == and)
    }

    /// Two or more phrases as one.
    pub fn and(self, phrases: &[String]) -> String {
        phrases.join(self.joiners().and)
    }

    /// Development in a programming language.
    pub fn development(self, technology: &str) -> String {
        self.joiners().development.replace("{}", technology)
    }

    /// Between the members of a list.
    pub fn comma(self) -> &'static str {
        if matches!(self.0, DetectedLanguage::Zh | DetectedLanguage::Ja) { "、" } else { ", " }
    }

    /// What a group without any other name is called.
    pub fn group(self, number: usize) -> String {
        match self.0 {
            DetectedLanguage::Zh => format!("第{number}组"),
            DetectedLanguage::Ja => format!("グループ{number}"),
            _ => format!("Group {number}"),
        }
    }

    fn joiners(self) -> &'static Joiners {
        JOINERS.iter().find(|joiners| joiners.code == self.code()).unwrap_or(&OTHERS)
    }
}

/// Whether titles of a language cannot be cut into words that stand for themselves: what looks like
/// a word may be half of one, so that only whole titles are names.
pub(super) fn is_uncut(language: DetectedLanguage) -> bool {
    use DetectedLanguage::{Ja, Km, Lo, My, Th, Vi};
    // Vietnamese puts spaces between syllables.
    matches!(language, Ja | Th | Lo | Km | My | Vi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use DetectedLanguage::{De, En, Es, Ja, Ko, Mixed, Unknown, Zh};

    fn code(asked: Option<Language>, roles: &[DetectedLanguage]) -> &'static str {
        NameLanguage::new(asked, Language::En, roles).code()
    }

    #[test]
    fn names_speak_as_most_postings_do_unless_told() {
        assert_eq!(code(None, &[De, De, Ja, Unknown, Unknown]), "de");
        assert_eq!(code(None, &[De, Ja, En]), "en");
        assert_eq!(code(None, &[Mixed, Mixed]), "en");
        assert_eq!(code(None, &[Unknown]), "en");
        assert_eq!(code(Some(Language::En), &[Ja, Ja]), "en");
        assert_eq!(code(Some(Language::Zh), &[Ja, Ja]), "zh");
        let chinese = NameLanguage::new(None, Language::Zh, &[Zh, En]);
        assert_eq!((chinese.code(), chinese.of_lexicon()), ("zh", Some(Language::Zh)));
    }

    #[test]
    fn without_a_majority_the_most_frequent_language_goes_before_english_that_few_write() {
        assert_eq!(code(None, &[Es, De, Es, De]), "de");
        assert_eq!(code(None, &[Ko, Ja, Ko, Ja, Ko, En, Ja]), "ja");
        assert_eq!(code(None, &[Es, Es, Es, De, De, De, En, Ja]), "de");
        assert_eq!(code(None, &[Es, Es, Es, De, De, En, En]), "en");
        assert_eq!(code(None, &[Zh, En, Ja, Ko, De, Es, Mixed]), "en");
        assert_eq!(code(Some(Language::Zh), &[Es, De, Es, De]), "zh");
    }

    #[test]
    fn phrases_are_joined_as_the_language_does() {
        let joined = |language| NameLanguage(language).and(&["A".into(), "B".into()]);
        assert_eq!([Zh, En, De, Ja].map(joined), ["A与B", "A and B", "A und B", "A・B"]);
        assert_eq!(joined(DetectedLanguage::Am), "A / B");
        assert!(NameLanguage(De).is_joined("Bauelektriker und verwandte Berufe"));
        assert!(
            !NameLanguage(De).is_joined("Hunde") && NameLanguage(Zh).is_joined("建筑和相关电工")
        );
        assert_eq!(NameLanguage(De).development("Java"), "Java-Entwicklung");
    }
}

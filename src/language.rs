//! The language a person is written to: names and reports exist in two.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, VariantNames};

use crate::unknown_name::UnknownName;

use crate::text;

/// A language of names and reports.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_language)]
pub enum Language {
    /// Chinese, simplified.
    Zh,
    /// English.
    En,
}

fn unknown_language(name: &str) -> UnknownName {
    UnknownName::new("language", name, Language::VARIANTS)
}

impl Language {
    /// The code of BCP 47, as an HTML page states it.
    pub fn code(self) -> &'static str {
        match self {
            Language::Zh => "zh-Hans",
            Language::En => "en",
        }
    }

    /// The code of ISO 639-1.
    pub fn key(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }

    /// The language most of `texts` would be answered in: Chinese where at least half of
    /// them that hold letters are written in Chinese, else English.
    pub fn of_most<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<&str> = texts.into_iter().collect();
        let of_one = texts.into_par_iter().filter_map(Self::of);
        let (chinese, all) = of_one
            .map(|language| (usize::from(language == Language::Zh), 1))
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        if all > 0 && 2 * chinese >= all { Language::Zh } else { Language::En }
    }

    /// The language one text is answered in, or `None` if it holds no letter: Chinese for
    /// Chinese, alone or mixed with another, else English.
    pub fn of(text: &str) -> Option<Self> {
        match text::language(text) {
            text::DetectedLanguage::Zh | text::DetectedLanguage::Mixed => Some(Language::Zh),
            text::DetectedLanguage::Unknown if !text.chars().any(char::is_alphabetic) => None,
            _ => Some(Language::En),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_posting_full_of_english_names_is_chinese() {
        assert_eq!(Language::of("负责 Kubernetes 与 Prometheus 平台"), Some(Language::Zh));
        assert_eq!(Language::of("Runs the clusters, 7x24"), Some(Language::En));
        assert_eq!(Language::of("機械学習基盤の設計と運用を担当します"), Some(Language::En));
        assert_eq!(Language::of("7×24 ..."), None);
    }

    #[test]
    fn the_majority_decides_and_halves_go_to_chinese() {
        assert_eq!(Language::of_most(["运维", "operations", "1"]), Language::Zh);
        assert_eq!(Language::of_most(["运维", "operations", "storage"]), Language::En);
        assert_eq!(Language::of_most([]), Language::En);
        assert!("de".parse::<Language>().is_err());
    }
}

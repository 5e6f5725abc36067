//! The languages that are told apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language by its ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Each variant is its code.
pub enum DetectedLanguage {
    Zh,
    En,
    Ja,
    Ko,
    De,
    Fr,
    Es,
    Pt,
    It,
    Nl,
    Pl,
    Cs,
    Tr,
    Sv,
    Da,
    Ru,
    Uk,
    El,
    He,
    Ar,
    Hi,
    Th,
    Lo,
    Km,
    My,
    Am,
    Vi,
    /// Sentences of more than one language, such as Chinese and English.
    Mixed,
    /// Too little to tell.
    Unknown,
}

impl DetectedLanguage {
    /// The ISO 639-1 code; `mixed` and `unknown` for the two that are none.
    pub fn code(self) -> &'static str {
        use DetectedLanguage::*;
        match self {
            Zh => "zh",
            En => "en",
            Ja => "ja",
            Ko => "ko",
            De => "de",
            Fr => "fr",
            Es => "es",
            Pt => "pt",
            It => "it",
            Nl => "nl",
            Pl => "pl",
            Cs => "cs",
            Tr => "tr",
            Sv => "sv",
            Da => "da",
            Ru => "ru",
            Uk => "uk",
            El => "el",
            He => "he",
            Ar => "ar",
            Hi => "hi",
            Th => "th",
            Lo => "lo",
            Km => "km",
            My => "my",
            Am => "am",
            Vi => "vi",
            Mixed => "mixed",
            Unknown => "unknown",
        }
    }
}

impl fmt::Display for DetectedLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

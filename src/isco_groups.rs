//! The groups of ISCO-08, the International Standard Classification of Occupations, by code: one digit for a
//! major group, two for a sub-major, three for a minor and four for a unit group.
//!
//! `data/occupations/README.md` names the sources of their titles.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Levels of the tree, from major groups to unit groups: a code has as many digits.
pub const LEVELS: std::ops::RangeInclusive<usize> = 1..=4;

/// The titles of all groups.
#[derive(Debug)]
struct Groups {
    languages: Vec<&'static str>,
    /// By language; empty where the sources have none.
    titles: BTreeMap<&'static str, Vec<&'static str>>,
}

static GROUPS: LazyLock<Groups> = LazyLock::new(|| {
    let mut lines = include_str!("../data/occupations/isco.tsv").lines();
    let languages = lines.next().unwrap_or_default().split('\t').skip(1).collect();
    let row = |line: &'static str| {
        let (code, titles) = line.split_once('\t')?;
        Some((code, titles.split('\t').collect()))
    };
    Groups { languages, titles: lines.filter_map(row).collect() }
});

/// What a group is called in a language, by its ISO 639-1 code, or in English where there is no
/// title in that language. `None` for a code that is none.
pub fn title(code: &str, language: &str) -> Option<&'static str> {
    title_in(code, language).or_else(|| title_in(code, "en"))
}

/// What a group is called in just this language.
pub fn title_in(code: &str, language: &str) -> Option<&'static str> {
    let column = GROUPS.languages.iter().position(|known| *known == language)?;
    GROUPS.titles.get(code)?.get(column).copied().filter(|title| !title.is_empty())
}

/// A unit group and the groups above it, from the major group down, each as its code and title.
pub fn path(unit_group: &str, language: &str) -> Vec<String> {
    let codes = LEVELS.filter_map(|digits| unit_group.get(..digits));
    codes.map(|code| format!("{code} {}", title(code, language).unwrap_or(""))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::occupations::Occupations;

    #[test]
    fn every_group_above_an_occupation_has_a_title() {
        for occupation in Occupations::any_model().unwrap().rows() {
            let above = LEVELS.filter_map(|digits| occupation.isco.get(..digits));
            for code in above {
                let english = title(code, "en");
                assert!(english.is_some(), "{code}");
                assert!(title(code, "zh") != english, "{code} has no Chinese title");
            }
        }
    }

    #[test]
    fn a_title_is_in_the_language_or_in_english() {
        assert_eq!(title("2511", "en"), Some("Systems analysts"));
        assert_eq!(title("2511", "fr"), Some("Analystes de systèmes"));
        assert_eq!(title("2511", "th"), Some("Systems analysts"));
        assert_eq!(title_in("2511", "th"), None);
        assert_eq!(title("25", "zh"), Some("信息通信技术专业人员"));
        assert_eq!(title("9999", "en"), None);
        assert_eq!(path("2511", "en")[0], "2 Professionals");
        assert_eq!(path("2511", "en")[3], "2511 Systems analysts");
    }
}

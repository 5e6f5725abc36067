//! Years of experience asked for.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::phrases;
use super::phrases::Found;
use super::segments::clauses;
use super::source::Source;
use crate::details::Years;

/// More years than that are the age of a company or of a person.
const MOST_YEARS: u8 = 25;

static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    const NUMBER: &str = r"\d{1,2}|一|二|两|三|四|五|六|七|八|九|十|one|two|three|four|five|six|seven|eight|ten|zwei|drei|fünf|dos|tres|cinco|deux|trois|cinq";
    const TO: &str = r"-|–|—|~|〜|至|到|to|bis|a|à|do|до|or|oder|から";
    let pattern = format!(
        r"(?P<low>{NUMBER})\s*(?P<plus>\+)?(?:\s*年?\s*(?:{TO})\s*(?P<high>{NUMBER}))?\s*(?P<more>\+|plus|or more|以上)?[\s-]*"
    );
    Regex::new(&pattern).expect("a valid pattern")
});

/// The years that a segment in one spelling asks for.
pub(super) fn experience(segment: &str, source: Source) -> Option<Years> {
    let lower = segment.to_lowercase();
    let whole = lower.trim();
    clauses(whole).find_map(|clause| of_clause(clause, clause == whole, source))
}

fn of_clause(clause: &str, is_whole: bool, source: Source) -> Option<Years> {
    let words = phrases("experience").find(clause);
    let has = |label: &str| words.iter().any(|word| word.label == label);
    if has("none") {
        return Some(Years { min: Some(0), max: None });
    }
    if source == Source::Text && has("not") {
        return None;
    }
    let units = phrases("unit").find(clause);
    let bounds = phrases("bound").find(clause);
    for found in NUMBERS.captures_iter(clause) {
        let Some(all) = found.get(0) else { continue };
        let Some(unit) = unit_behind(clause, all.end(), &units, source) else { continue };
        if !stands_alone(clause, all.start()) {
            continue;
        }
        let Some(low) = found.name("low").and_then(|m| number(m.as_str())) else { continue };
        let high = found.name("high").and_then(|m| number(m.as_str()));
        let plus = found.name("plus").is_some() || found.name("more").is_some();
        let beside = |bound: &&Found| {
            let before =
                bound.end <= all.start() && clause[bound.end..all.start()].trim().is_empty();
            let behind =
                bound.start >= unit && clause[unit..bound.start].trim().chars().count() <= 1;
            before || behind
        };
        let bound = bounds.iter().find(beside).map(|bound| bound.label);
        let firm = plus || bound == Some("firm") || bound == Some("least");
        let in_header = is_whole && all.start() == 0 && (high.is_some() || firm);
        let asked = has("cue") || in_header || plus || bound == Some("firm");
        if source == Source::Text && !asked {
            continue;
        }
        return years(low, high, bound);
    }
    None
}

fn years(low: u8, high: Option<u8>, bound: Option<&str>) -> Option<Years> {
    let years = match (high, bound) {
        (Some(high), _) => Years { min: Some(low.min(high)), max: Some(low.max(high)) },
        (None, Some("most")) => Years { min: None, max: Some(low) },
        (None, _) => Years { min: Some(low), max: None },
    };
    let top = years.max.or(years.min)?;
    (top <= MOST_YEARS).then_some(years)
}

/// Where the word for years right behind a number ends. A column may hold the number alone.
fn unit_behind(clause: &str, at: usize, units: &[Found], source: Source) -> Option<usize> {
    if let Some(unit) = units.iter().find(|unit| unit.start == at) {
        return Some(unit.end);
    }
    let is_end = clause[at..].trim().is_empty();
    (source == Source::Column && is_end && clause.len() <= 8).then_some(clause.len())
}

/// Whether no digit, letter or decimal point stands right before a number.
fn stands_alone(clause: &str, at: usize) -> bool {
    let before = clause[..at].chars().next_back();
    !before.is_some_and(|c| {
        c.is_ascii_digit()
            || matches!(c, '.' | '/' | '第')
            || c.is_alphabetic() && !crate::text::script::is_wide(c)
    })
}

fn number(written: &str) -> Option<u8> {
    const WORDS: &[(&str, u8)] = &[
        ("一", 1),
        ("二", 2),
        ("两", 2),
        ("三", 3),
        ("四", 4),
        ("五", 5),
        ("六", 6),
        ("七", 7),
        ("八", 8),
        ("九", 9),
        ("十", 10),
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("ten", 10),
        ("zwei", 2),
        ("drei", 3),
        ("fünf", 5),
        ("dos", 2),
        ("tres", 3),
        ("cinco", 5),
        ("deux", 2),
        ("trois", 3),
        ("cinq", 5),
    ];
    let word = WORDS.iter().find(|(word, _)| *word == written);
    written.parse().ok().or_else(|| word.map(|(_, value)| *value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(Option<u8>, Option<u8>)> {
        experience(text, Source::Text).map(|years| (years.min, years.max))
    }

    #[test]
    fn years_are_asked_for_in_many_words() {
        assert_eq!(of("3-5年"), Some((Some(3), Some(5))));
        assert_eq!(of("三年以上工作经验"), Some((Some(3), None)));
        assert_eq!(of("5+ years of backend work"), Some((Some(5), None)));
        assert_eq!(of("mindestens 3 Jahre Berufserfahrung"), Some((Some(3), None)));
        assert_eq!(of("опыт работы от 3 до 6 лет"), Some((Some(3), Some(6))));
        assert_eq!(of("经验不限"), Some((Some(0), None)));
    }

    #[test]
    fn other_years_are_left_alone() {
        for text in
            ["公司成立10年", "since 2015", "a 2 year contract", "24/7", "Python 3 for years"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}

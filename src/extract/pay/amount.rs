//! Numbers as people write amounts: `15k`, `1.5万`, `15,000`, `15.000,50`, `15 000`, `20-30k`.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::lexicon::phrases;
use crate::extract::phrases::Found;

/// An amount, or a range of them, at `start..end` of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    pub start: usize,
    pub end: usize,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Where the first number ends and the second begins; both at `end` for a single number.
    pub inner: (usize, usize),
    /// What a number was multiplied by: 1000 for `15k`; 1 for a plain one.
    pub times: f64,
}

/// A number and what it counts by.
#[derive(Debug, Clone, Copy)]
struct Number {
    start: usize,
    end: usize,
    value: f64,
    times: Option<f64>,
}

impl Number {
    fn total(&self) -> f64 {
        self.value * self.times.unwrap_or(1.0)
    }
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{1,3}(?:[ ,.'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?")
        .expect("a valid pattern")
});

/// Words and signs between the two numbers of a range.
const TO: &[&str] = &[
    "-", "–", "—", "~", "〜", "−", "至", "到", "to", "bis", "a", "à", "do", "до", "から", "bis zu",
    "et", "and", "y", "e", "und", "i", "и", "~~", "--", "～",
];

/// Joining words that make a range only behind `between`.
const AND: &[&str] = &["et", "and", "y", "e", "und", "i", "и", "a"];
const BETWEEN: &[&str] = &["between", "entre", "zwischen", "pomiędzy", "między", "между", "de"];

/// The amounts of a text in small letters, in order. `units` are the phrases that may stand
/// between the numbers of a range: currencies and periods.
pub(super) fn amounts(text: &str, units: &[Found]) -> Vec<Amount> {
    let numbers = numbers(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < numbers.len() {
        let first = numbers[at];
        let second = numbers.get(at + 1).filter(|next| joins(text, &first, next, units));
        match second {
            Some(second) => {
                found.push(range(first, *second));
                at += 2;
            }
            None => {
                found.push(single(text, first));
                at += 1;
            }
        }
    }
    found
}

fn range(mut first: Number, mut second: Number) -> Amount {
    // `15-25k` and `15k-25`: the sign belongs to both, unless `8000-1.5万` shows otherwise.
    match (first.times, second.times) {
        (None, Some(times)) if first.value * times <= second.total() => first.times = Some(times),
        (Some(times), None) if second.value < first.total() => second.times = Some(times),
        _ => {}
    }
    let (low, high) = (first.total(), second.total());
    Amount {
        start: first.start,
        end: second.end,
        min: Some(low.min(high)),
        max: Some(low.max(high)),
        inner: (first.end, second.start),
        times: second.times.or(first.times).unwrap_or(1.0),
    }
}

fn single(text: &str, number: Number) -> Amount {
    let value = Some(number.total());
    Amount {
        start: number.start,
        end: number.end,
        min: value,
        max: value,
        inner: (number.end, number.end),
        times: number.times.unwrap_or(1.0),
    }
    .opened(text)
}

impl Amount {
    /// Opens an end where words beside a single number say so.
    fn opened(mut self, text: &str) -> Self {
        let bounds = phrases("bound").find(text);
        let beside = |found: &&Found| {
            // `6000元+提成` adds something; it does not say that more is paid.
            let adds = text[found.start..].starts_with('+')
                && text[found.end..].starts_with(char::is_alphabetic);
            !adds
                && (gap_is_short(text, found.end, self.start)
                    || gap_is_short(text, self.end, found.start))
        };
        match bounds.iter().find(beside).map(|found| found.label) {
            Some("most") => self.min = None,
            Some(_) => self.max = None,
            None => {}
        }
        self
    }
}

/// Whether nothing but a currency sign or a unit of few characters stands between two places.
fn gap_is_short(text: &str, from: usize, to: usize) -> bool {
    from <= to && text[from..to].trim().chars().count() <= 3
}

fn joins(text: &str, first: &Number, second: &Number, units: &[Found]) -> bool {
    let mut between = String::new();
    let mut at = first.end;
    for unit in units.iter().filter(|u| u.start >= first.end && u.end <= second.start) {
        if unit.start >= at {
            between.push_str(&text[at..unit.start]);
            at = unit.end;
        }
    }
    between.push_str(&text[at..second.start]);
    let between: String = between.replace(['$', '¥', '/', '+'], "");
    let between = between.trim();
    if !TO.contains(&between) {
        return false;
    }
    if !AND.contains(&between) || between == "a" && second.value > first.value {
        return true;
    }
    let before = text[..first.start].trim_end_matches(|c: char| !c.is_alphabetic());
    BETWEEN.iter().any(|word| before.ends_with(word))
}

fn numbers(text: &str) -> Vec<Number> {
    let signs = phrases("pay").find(text);
    let number = |found: regex::Match| {
        let (start, end) = (found.start(), found.end());
        let before = text[..start].chars().next_back();
        let cut = |c: char| c.is_ascii_digit();
        if text[end..].starts_with(cut) || before.is_some_and(|c| c == '.' || cut(c)) {
            return None;
        }
        let value = value(found.as_str())?;
        let sign = signs.iter().find(|sign| {
            let gap = if sign.start >= end { &text[end..sign.start] } else { "x" };
            let is_letter = sign.end - sign.start == 1 && &text[sign.start..sign.end] != "k";
            gap.is_empty() || gap == " " && !is_letter
        });
        let times = sign.and_then(|sign| sign.label.strip_prefix("times.")?.parse().ok());
        let end = if times.is_some() { sign.map_or(end, |sign| sign.end) } else { end };
        Some(Number { start, end, value, times })
    };
    NUMBER.find_iter(text).filter_map(number).collect()
}

/// The value of a number as it is written. A separator before three digits parts thousands;
/// before fewer it begins the decimals.
fn value(written: &str) -> Option<f64> {
    let plain: String = written.chars().filter(|c| !matches!(c, ' ' | '\'' | '’')).collect();
    let last = plain.rfind(['.', ',']);
    let decimals = last.map(|at| plain.len() - at - 1);
    let is_decimal = decimals.is_some_and(|n| n != 3);
    let text: String = match (last, is_decimal) {
        (Some(at), true) => {
            let whole = plain[..at].replace(['.', ','], "");
            format!("{whole}.{}", &plain[at + 1..])
        }
        _ => plain.replace(['.', ','], ""),
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_each_country_writes_them() {
        let cases = [
            ("15,000", 15000.0),
            ("15.000", 15000.0),
            ("15 000", 15000.0),
            ("1.5", 1.5),
            ("1,5", 1.5),
            ("1.234,56", 1234.56),
            ("1,234.56", 1234.56),
            ("1'250'000", 1_250_000.0),
            ("45.50", 45.5),
            ("2024", 2024.0),
        ];
        for (written, expected) in cases {
            assert_eq!(value(written), Some(expected), "{written}");
        }
    }

    #[test]
    fn the_sign_of_a_range_belongs_to_both_ends() {
        let ends = |text: &str| {
            let found = amounts(text, &phrases("currency").find(text));
            found.iter().map(|a| (a.min, a.max)).collect::<Vec<_>>()
        };
        assert_eq!(ends("15-25k"), [(Some(15000.0), Some(25000.0))]);
        assert_eq!(ends("8000-1.5万"), [(Some(8000.0), Some(15000.0))]);
        assert_eq!(ends("15k-25"), [(Some(15000.0), Some(25000.0))]);
        assert_eq!(ends("$120,000 to $150,000"), [(Some(120_000.0), Some(150_000.0))]);
        assert_eq!(ends("ab 3.500 €"), [(Some(3500.0), None)]);
        assert_eq!(ends("up to 90k eur"), [(None, Some(90000.0))]);
    }
}

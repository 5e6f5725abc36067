//! What time an amount is paid for, and how many months' pay a year has.

use std::sync::LazyLock;

use regex::Regex;

use super::amount::Amount;
use crate::details::Period;
use crate::extract::lexicon::phrases;
use crate::extract::phrases::Found;

/// Bytes between an amount and a word such as `annual` that may still belong to it.
const NEAR: usize = 60;

/// What is said about the period of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub period: Period,
    /// Whether it is not written, but usual for the amount.
    pub is_usual: bool,
}

/// The period that is written: beside the amount (`/月`, `per year`), in front of it (`월 300만`),
/// or by a word near it (`annual salary`). `currencies` may stand between.
pub(super) fn written(text: &str, amount: &Amount, currencies: &[Found]) -> Option<Period> {
    let after = skip(text, amount.end, currencies);
    let behind = phrases("per").find(text);
    let behind = behind.iter().find(|found| found.start >= amount.end && found.start <= after);
    if let Some(found) = behind {
        return found.label.parse().ok();
    }
    // `15000元/月-20000元/月`: what stands at the first number holds for both.
    let (first_end, second_start) = amount.inner;
    let inner = phrases("per").find(text);
    let inner = inner.iter().find(|f| f.start >= first_end && f.end <= second_start);
    if let Some(found) = inner.filter(|_| first_end < second_start) {
        return found.label.parse().ok();
    }
    let before = phrases("before").find(text);
    let front = before.iter().find(|found| {
        let gap = if found.end <= amount.start { &text[found.end..amount.start] } else { "long" };
        gap.chars().all(|c| c.is_whitespace() || "$¥€£約约".contains(c))
    });
    if let Some(found) = front {
        return found.label.parse().ok();
    }
    let distance = |found: &Found| {
        if found.end <= amount.start {
            amount.start - found.end
        } else {
            found.start.saturating_sub(amount.end)
        }
    };
    let named = phrases("period").find(text);
    let near = named.iter().filter(|found| distance(found) <= NEAR);
    near.min_by_key(|found| distance(found)).and_then(|found| found.label.parse().ok())
}

/// The place behind an amount where a period may begin: past the currency, a bracket, words such
/// as `brutto`.
fn skip(text: &str, from: usize, currencies: &[Found]) -> usize {
    const BETWEEN: &[&str] = &[
        "brutto",
        "gross",
        "brut",
        "brutos",
        "bruto",
        "netto",
        "net",
        "税前",
        "税后",
        "以上",
        "起",
        "+",
        "(",
        ")",
        " ",
        "·",
        "左右",
        "b2b",
        "на руки",
        "до вычета налогов",
        "ot",
        "程度",
        "이상",
        "base",
        "~",
        "vat",
        "de",
        "plus",
    ];
    let mut at = from;
    loop {
        let before = at;
        if let Some(found) = currencies.iter().find(|found| found.start == at) {
            at = found.end;
        }
        for word in BETWEEN {
            if text[at..].starts_with(word) {
                at += word.len();
            }
        }
        if at == before {
            return at;
        }
    }
}

/// The period that is usual where none is written: on Chinese boards an amount from two to a
/// hundred thousand is for a month; in dollars, euros, pounds and francs one from twenty thousand
/// on is for a year.
pub(super) fn usual(amount: &Amount, currency: &str) -> Option<Period> {
    let value = amount.min.or(amount.max)?;
    match currency {
        "CNY" if (2000.0..100_000.0).contains(&value) => Some(Period::Month),
        "USD" | "EUR" | "GBP" | "CHF" | "CAD" | "AUD" if value >= 20_000.0 => Some(Period::Year),
        _ => None,
    }
}

static MONTHS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<low>\d{2})(?:\s*[-~至]\s*(?P<high>\d{2}))?\s*
            (?:薪|个月薪|个月工资|monatsgehälter|gehälter|pagas|mois\ de\ salaire|monthly\ salaries|salários)
        | [×*x]\s*(?P<factor>1[2-9]|2[0-4])(?:薪|月|\b)
        | sur\s+(?P<sur>1[2-9])\s+mois
        | (?P<extra>13)(?:\.|º|o|th|e|ème|-я|-й)?\s*(?:monatsgehalt|salário|month\ salary|mois\b|зарплата|зп\b)",
    )
    .expect("a valid pattern")
});

/// How many months' pay a year has, and where that is said.
pub(super) fn months(text: &str) -> Option<((u8, u8), std::ops::Range<usize>)> {
    let found = MONTHS.captures(text)?;
    let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u8>().ok());
    let single = number("factor").or_else(|| number("sur")).or_else(|| number("extra"));
    let (low, high) = match number("low") {
        Some(low) => (low, number("high").unwrap_or(low)),
        None => (single?, single?),
    };
    let plausible = (12..=24).contains(&low) && (low..=24).contains(&high);
    plausible.then(|| ((low, high), found.get(0).map_or(0..0, |m| m.range())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_pay_are_found() {
        let told = |text: &str| months(text).map(|(months, _)| months);
        assert_eq!(told("15-25k·14薪"), Some((14, 14)));
        assert_eq!(told("13-16薪"), Some((13, 16)));
        assert_eq!(told("48.000 € in 14 gehältern, 14 gehälter"), Some((14, 14)));
        assert_eq!(told("25k*15"), Some((15, 15)));
        assert_eq!(told("48k€ sur 13 mois"), Some((13, 13)));
        assert_eq!(told("99薪"), None);
        assert_eq!(told("3-6个月"), None);
    }
}

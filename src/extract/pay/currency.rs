//! Which currency an amount is in, and what pay is plausible in it.

use super::amount::Amount;
use crate::extract::phrases::Found;
use crate::text::DetectedLanguage;
use crate::text::script::Script;

/// Units of each currency that buy about as much as one dollar, for bounds that are a factor of a
/// hundred apart; no amount is converted by them.
const PER_DOLLAR: &[(&str, f64)] = &[
    ("USD", 1.0),
    ("EUR", 1.0),
    ("GBP", 1.0),
    ("CHF", 1.0),
    ("CAD", 1.4),
    ("AUD", 1.5),
    ("SGD", 1.4),
    ("BRL", 5.0),
    ("PLN", 4.0),
    ("CNY", 7.0),
    ("HKD", 8.0),
    ("MXN", 18.0),
    ("TWD", 32.0),
    ("INR", 85.0),
    ("RUB", 90.0),
    ("JPY", 150.0),
    ("KRW", 1400.0),
];

/// Pay of a month in dollars outside of which an amount is taken for something else.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 60.0..=120_000.0;

/// Whether a month's pay may be this much.
pub(super) fn is_plausible(monthly: f64, currency: &str) -> bool {
    let rate = PER_DOLLAR.iter().find(|(code, _)| *code == currency).map_or(1.0, |(_, rate)| *rate);
    PLAUSIBLE.contains(&(monthly / rate))
}

/// What an amount's currency is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Currency {
    /// ISO 4217 code.
    Known(String),
    /// Nothing says which.
    Unknown,
    /// Two are named for one range.
    Mixed,
}

/// The currency of `amount` in `text`: what stands at its numbers, else the only one the text
/// names, else that of the language where a large unit (`万`, `만`) or `k` in Chinese says so.
pub(super) fn currency(
    text: &str,
    amount: &Amount,
    named: &[Found],
    language: DetectedLanguage,
) -> Currency {
    let beside = |from: usize, to: usize| from <= to && text[from..to].trim().is_empty();
    let (inner_end, inner_start) = amount.inner;
    let touches = |found: &&Found| {
        beside(found.end, amount.start)
            || beside(amount.end, found.start)
            || beside(inner_end, found.start)
            || beside(found.end, inner_start) && found.start >= inner_end
    };
    let mut codes: Vec<&str> = named.iter().filter(touches).map(|found| found.label).collect();
    let yen = text.match_indices('¥').map(|(at, sign)| (at, at + sign.len()));
    let has_yen = yen.clone().any(|(at, end)| {
        beside(end, amount.start) || beside(amount.end, at) || beside(end, inner_start)
    });
    if codes.is_empty() && has_yen {
        codes.push(if is_japanese(text, language) { "JPY" } else { "CNY" });
    }
    if codes.is_empty() {
        codes = named.iter().map(|found| found.label).collect();
    }
    codes.sort_unstable();
    codes.dedup();
    match codes[..] {
        [code] => Currency::Known(code.to_string()),
        [] => usual(text, amount, language),
        _ => Currency::Mixed,
    }
}

fn is_japanese(text: &str, language: DetectedLanguage) -> bool {
    let kana = |c: char| matches!(c, '\u{3041}'..='\u{30ff}');
    language == DetectedLanguage::Ja || text.contains(kana)
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| Script::of(c) == Script::Han)
}

fn usual(text: &str, amount: &Amount, language: DetectedLanguage) -> Currency {
    let code = if text.contains('만') || language == DetectedLanguage::Ko {
        if amount.times == 10_000.0 { "KRW" } else { return Currency::Unknown }
    } else if is_japanese(text, language) {
        if amount.times == 10_000.0 { "JPY" } else { return Currency::Unknown }
    } else if matches!(language, DetectedLanguage::Zh | DetectedLanguage::Mixed) || has_han(text) {
        "CNY"
    } else {
        return Currency::Unknown;
    };
    Currency::Known(code.to_string())
}

//! What is paid: an amount, its currency and its period, in a column or in a sentence.
//!
//! A number in a sentence counts as pay only where the words around it say so, because postings
//! are full of other money: bonuses, budgets, revenue, funding.

mod amount;
mod currency;
mod period;

use amount::{Amount, amounts};
use currency::Currency;
use period::Told;

use super::lexicon::phrases;
use super::phrases::Found;
use super::source::Source;
use crate::details::{Pay, Period};
use crate::text::DetectedLanguage;

/// The pay that a segment in one spelling states. `language` is that of the posting.
pub(super) fn pay(segment: &str, source: Source, language: DetectedLanguage) -> Option<Pay> {
    if !segment.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = segment.to_lowercase();
    let currencies = phrases("currency").find(&text);
    let mut units = currencies.clone();
    units.extend(phrases("per").find(&text));
    units.sort_by_key(|unit| unit.start);
    let months = period::months(&text);
    let line = Line { text: &text, currencies: &currencies, source, language };
    for amount in amounts(&text, &units) {
        let in_months = |(_, range): &(_, std::ops::Range<usize>)| {
            range.contains(&amount.start) || range.contains(&(amount.end - 1))
        };
        if months.as_ref().is_some_and(in_months) && !text[..amount.end].contains('k') {
            continue;
        }
        if let Some(pay) = line.pay_of(&amount, segment, months.as_ref().map(|(m, _)| *m)) {
            return Some(pay);
        }
    }
    None
}

/// A segment in small letters and what was found in it.
struct Line<'a> {
    text: &'a str,
    currencies: &'a [Found],
    source: Source,
    language: DetectedLanguage,
}

impl Line<'_> {
    fn pay_of(&self, amount: &Amount, raw: &str, months: Option<(u8, u8)>) -> Option<Pay> {
        let code = match currency::currency(self.text, amount, self.currencies, self.language) {
            Currency::Known(code) => Some(code),
            Currency::Unknown => None,
            Currency::Mixed => return None,
        };
        if self.is_other_money(amount) || self.counts_something(amount) {
            return None;
        }
        let written = period::written(self.text, amount, self.currencies);
        if self.source == Source::Text && !self.is_said_to_be_pay(amount, code.is_some(), written) {
            return None;
        }
        let told = self.period_of(amount, code.as_deref(), written);
        let pay = Pay {
            raw: raw.to_string(),
            min: amount.min,
            max: amount.max,
            currency: code,
            period: told.map(|told| told.period),
            period_is_usual: told.is_some_and(|told| told.is_usual),
            months: months.filter(|_| told.is_some_and(|told| told.period == Period::Month)),
        };
        self.is_plausible(&pay, amount).then_some(pay)
    }

    fn period_of(&self, amount: &Amount, code: Option<&str>, told: Option<Period>) -> Option<Told> {
        if let Some(period) = told {
            return Some(Told { period, is_usual: false });
        }
        let period = period::usual(amount, code?)?;
        Some(Told { period, is_usual: true })
    }

    /// Whether the last word about money before the amount, or the first one right behind it,
    /// names another kind of money than pay.
    fn is_other_money(&self, amount: &Amount) -> bool {
        let words = phrases("pay").find(self.text);
        let words: Vec<&Found> =
            words.iter().filter(|word| matches!(word.label, "cue" | "not")).collect();
        let before = words.iter().rev().find(|word| word.end <= amount.start);
        let behind = words.iter().find(|word| word.start >= amount.end);
        let near = |word: &&&Found| self.text[amount.end..word.start].chars().count() <= 24;
        match (before, behind.filter(near)) {
            (Some(word), _) if word.label == "not" => true,
            (Some(_), _) => false,
            (None, Some(word)) => word.label == "not",
            (None, None) => false,
        }
    }

    /// Whether what stands behind the number is what it counts: `401k`, `5k users`, `20%`.
    fn counts_something(&self, amount: &Amount) -> bool {
        let rest = self.text[amount.end..].trim_start();
        let number = &self.text[amount.start..amount.end];
        const COUNTED: &[&str] = &[
            "%",
            "user",
            "customer",
            "employee",
            "people",
            "mitarbeiter",
            "server",
            "人",
            "名",
            "台",
            "家",
            "个",
            "次",
            "qps",
            "tps",
            "条",
            "件",
            "명",
            "clients",
            "request",
            "用户",
            "节点",
            "members",
            "kunden",
            "usuarios",
            "pracown",
            "сотрудник",
            "пользовател",
            "stars",
            "lines",
            "nodes",
            "平",
            "亿",
            "社",
            "店",
        ];
        number.starts_with("401") || COUNTED.iter().any(|word| rest.starts_with(word))
    }

    /// In a sentence: a word for pay, or a currency and a period, or the way Chinese boards write
    /// pay (`15-25K`).
    fn is_said_to_be_pay(&self, amount: &Amount, currency: bool, period: Option<Period>) -> bool {
        let cue = phrases("pay").find(self.text).iter().any(|word| word.label == "cue");
        let is_range = amount.inner.0 != amount.inner.1;
        let board =
            is_range && amount.times == 1000.0 && self.language != DetectedLanguage::Unknown;
        let in_chinese = matches!(self.language, DetectedLanguage::Zh | DetectedLanguage::Mixed);
        let large = amount.times >= 1000.0 || amount.max.or(amount.min).unwrap_or(0.0) >= 500.0;
        let beside = self.currency_is_beside(amount);
        (cue && (beside || amount.times > 1.0 && currency || in_chinese && large && currency))
            || (beside && period.is_some())
            || (board && in_chinese)
    }

    fn currency_is_beside(&self, amount: &Amount) -> bool {
        let text = self.text;
        let touches = |start: usize, end: usize| {
            end <= amount.start && text[end..amount.start].trim().is_empty()
                || start >= amount.end && text[amount.end..start].trim().is_empty()
        };
        let signs = text.match_indices('¥').map(|(at, sign)| (at, at + sign.len()));
        let named = self.currencies.iter().map(|found| (found.start, found.end));
        signs.chain(named).any(|(start, end)| touches(start, end))
    }

    fn is_plausible(&self, pay: &Pay, amount: &Amount) -> bool {
        match (&pay.currency, pay.monthly()) {
            (Some(code), Some((low, high))) => {
                currency::is_plausible(low, code) && currency::is_plausible(high, code)
            }
            // Without period or currency a column still holds pay, but a sentence does not.
            _ => self.source == Source::Column && amount.max.or(amount.min).unwrap_or(0.0) >= 100.0,
        }
    }
}

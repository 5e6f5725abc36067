//! The day a role was posted, as any of the languages writes it.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use regex::Regex;

use super::lexicon::phrases;

/// Postings are no older than the web; other years belong to something else.
const YEARS: std::ops::RangeInclusive<i16> = 1995..=2100;

static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|\D)(\d{4})\s*(?:[-/.]|年|년)\s*(\d{1,2})\s*(?:[-/.]|月|월)\s*(\d{1,2})(?:\D|$)")
});
static YEAR_LAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^\da-z./-])(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:\D|$)"));
static COMPACT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d{4})(\d{2})(\d{2})$"));
static DAY_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|\D)(\d{1,2})(?:\.|st|nd|rd|th|er|-|º)?\s*(?:de\s+)?$"));
static BEHIND_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\.?,?\s*(?:de\s+|-)?(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})(?:\D|$)")
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|\D)(\d{1,3})\s*$"));

fn pattern(text: &str) -> Regex {
    // Patterns are constant and tested.
    Regex::new(text).expect("a valid pattern")
}

/// The day that a text in one spelling names. Relative days (`3 days ago`) need to know which day
/// it is; a date of two numbers under 13, which could be read both ways, is none.
pub(super) fn date(text: &str, today: Option<Date>) -> Option<Date> {
    let text = text.trim().to_lowercase();
    let found = epoch(&text)
        .or_else(|| in_numbers(&text))
        .or_else(|| with_month_name(&text))
        .or_else(|| relative(&text, today?));
    found.filter(|date| YEARS.contains(&date.year()))
}

/// Seconds or milliseconds since 1970, as databases export them.
fn epoch(text: &str) -> Option<Date> {
    if !matches!(text.len(), 10 | 13) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let seconds = if text.len() == 13 { number / 1000 } else { number };
    let instant = Timestamp::from_duration(SignedDuration::from_secs(seconds)).ok()?;
    Some(instant.to_zoned(TimeZone::UTC).date())
}

fn in_numbers(text: &str) -> Option<Date> {
    if let Some(found) = YEAR_FIRST.captures(text).or_else(|| COMPACT.captures(text)) {
        return day(&found[1], &found[2], &found[3]);
    }
    let found = YEAR_LAST.captures(text)?;
    let (first, second): (u8, u8) = (found[1].parse().ok()?, found[3].parse().ok()?);
    // A point is written only where the day comes first.
    let day_first = &found[2] == "." || first > 12 || first == second;
    match (day_first, second > 12) {
        (true, _) => day(&found[4], &found[3], &found[1]),
        (false, true) => day(&found[4], &found[1], &found[3]),
        (false, false) => None,
    }
}

fn with_month_name(text: &str) -> Option<Date> {
    for month in phrases("month").find(text) {
        let before = DAY_MONTH.captures(&text[..month.start]);
        let Some(behind) = BEHIND_MONTH.captures(&text[month.end..]) else { continue };
        let in_front = before.as_ref().map(|found| &found[1]);
        let Some(number) = in_front.or_else(|| behind.get(1).map(|m| m.as_str())) else { continue };
        if let Some(date) = day(&behind[2], month.label, number) {
            return Some(date);
        }
    }
    None
}

fn relative(text: &str, today: Date) -> Option<Date> {
    if let Some(found) = phrases("on").find(text).first() {
        let days: i64 = found.label.parse().ok()?;
        return today.checked_sub(days.days()).ok();
    }
    // `30+ days ago` is any day before.
    if text.contains('+') || text.contains("more than") || text.contains("以上") {
        return None;
    }
    let ago = phrases("ago").find(text);
    let (unit, number) = match ago.iter().find(|found| found.label == "before") {
        Some(before) => {
            let unit = ago.iter().find(|found| found.start > before.end)?;
            (unit.label.strip_prefix("unit.")?, text[before.end..unit.start].trim())
        }
        None => {
            let unit = ago.iter().find(|found| !found.label.starts_with("unit."))?;
            (unit.label, text[..unit.start].trim())
        }
    };
    let number: i64 = match number {
        "a" | "an" | "einem" | "einer" | "un" | "una" | "une" | "um" | "uma" | "" => 1,
        written => NUMBER.captures(written)?[1].parse().ok()?,
    };
    let span = match unit {
        "minute" | "hour" => return Some(today),
        "day" => number.days(),
        "week" => number.weeks(),
        "month" => number.months(),
        _ => return None,
    };
    today.checked_sub(span).ok()
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        let today = Date::new(2026, 3, 10).unwrap();
        date(text, Some(today)).map(|date| date.to_string())
    }

    #[test]
    fn dates_are_read_in_every_order() {
        for text in [
            "2026-03-05",
            "2026-03-05T08:00:00Z",
            "2026/3/5 12:30",
            "2026年3月5日",
            "2026년 3월 5일",
            "05.03.2026",
            "March 5, 2026",
            "5 March 2026",
            "5. März 2026",
            "5 mars 2026",
            "5 de marzo de 2026",
            "5 marca 2026",
            "5 марта 2026 г.",
            "5 de março de 2026",
            "20260305",
            "5天前",
            "5 days ago",
            "vor 5 tagen",
            "hace 5 días",
            "1772668800",
        ] {
            assert_eq!(of(text).as_deref(), Some("2026-03-05"), "{text}");
        }
        assert_eq!(of("yesterday").as_deref(), Some("2026-03-09"));
        assert_eq!(of("13/05/2026").as_deref(), Some("2026-05-13"));
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_none() {
        for text in ["03/05/2026", "30+ days ago", "13800138000", "2026", "v1.2.2026", "2026-13-40"]
        {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(date("3 days ago", None), None);
    }
}

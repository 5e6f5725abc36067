//! Numbers and dates of a column, compared.

/// A number or date, or a span of them: `20000-30000`, `2026-01`. Dates are `YYYYMMDD`, and a year
/// or month is the span of its days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    low: f64,
    high: f64,
}

/// How a value has to stand to the one asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
}

/// What a range filter asks for. A bare year may be either.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    number: Option<Span>,
    date: Option<Span>,
}

impl Bound {
    /// `20000`, `20,000`, `2026`, `2026-01` or `2026-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = date(text);
        let number = if date.is_some() { None } else { number(text).filter(|n| n.low == n.high) };
        let year = number.and_then(|_| year(text));
        (number.is_some() || date.is_some()).then_some(Bound { number, date: date.or(year) })
    }

    /// Whether a value of a column passes; `None` when it is no number or date to be compared with
    /// this one.
    ///
    /// A span passes when a part of it does: `25000-35000` is `>=30000`.
    pub fn admits(&self, comparison: Comparison, value: &str) -> Option<bool> {
        let (asked, found) = match (date(value), self.date) {
            (Some(found), Some(asked)) => (asked, found),
            (Some(_), None) => return None,
            (None, _) => match self.number {
                Some(asked) => (asked, number(value)?),
                None => (self.date?, year(value)?),
            },
        };
        Some(match comparison {
            Comparison::AtLeast => found.high >= asked.low,
            Comparison::MoreThan => found.high > asked.high,
            Comparison::AtMost => found.low <= asked.high,
            Comparison::LessThan => found.low < asked.low,
        })
    }
}

/// A date in ISO 8601 of at least year and month, of which a time of day is left out. Slashes and
/// dots are taken for dashes.
fn date(text: &str) -> Option<Span> {
    let text = text.trim().replace(['/', '.'], "-");
    let day = text.split([' ', 'T', 't']).next()?;
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next());
    let is_short = |part: &str| matches!(part.len(), 1 | 2);
    if year.len() != 4 || !is_short(month) || day.is_some_and(|day| !is_short(day)) {
        return None;
    }
    let month = whole(month).filter(|month| (1..=12).contains(month))?;
    let (first, last) = match day {
        Some(day) => whole(day).filter(|day| (1..=31).contains(day)).map(|day| (day, day))?,
        None => (1, 31),
    };
    let start = f64::from(whole(year)? * 10_000 + month * 100);
    let is_end = parts.next().is_none();
    is_end.then_some(Span { low: start + f64::from(first), high: start + f64::from(last) })
}

/// A year and nothing else.
fn year(text: &str) -> Option<Span> {
    let year = whole(text.trim()).filter(|year| (1900..2200).contains(year))?;
    let start = f64::from(year * 10_000);
    Some(Span { low: start + 101.0, high: start + 1231.0 })
}

fn whole(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A number, or two joined by a dash, with a currency before or behind: `20000`, `€ 45,000`,
/// `20k-30k`, `3.5 万`.
fn number(text: &str) -> Option<Span> {
    let text = text.trim().replace(['–', '—', '~', '～'], "-");
    let amounts: Vec<&str> =
        text.split('-').map(str::trim).filter(|part| !part.is_empty()).collect();
    match amounts[..] {
        [only] => {
            let (value, _) = amount(only)?;
            let value = if text.starts_with('-') { -value } else { value };
            Some(Span { low: value, high: value })
        }
        [low, high] => {
            let ((low, low_unit), (high, high_unit)) = (amount(low)?, amount(high)?);
            // The unit behind the second counts for both: `20-30k`.
            let low = if low_unit == 1.0 { low * high_unit } else { low };
            (low <= high).then_some(Span { low, high })
        }
        _ => None,
    }
}

/// The value of an amount, and the factor of its unit.
fn amount(text: &str) -> Option<(f64, f64)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let from = text.find(is_digit)?;
    let end = text[from..].find(|c: char| !is_digit(c) && !matches!(c, '.' | ',' | '_'));
    let (digits, behind) = text[from..].split_at(end.unwrap_or(text.len() - from));
    let value: f64 = digits.trim_end_matches(['.', ',']).replace([',', '_'], "").parse().ok()?;
    let behind = behind.trim_start();
    let factor = match behind.chars().next() {
        Some('k' | 'K' | '千') => 1e3,
        Some('万' | '萬' | 'w' | 'W') => 1e4,
        _ => 1.0,
    };
    let is_plain = !behind.contains(is_digit) && text[..from].chars().count() <= 4;
    is_plain.then_some((value * factor, factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(comparison: Comparison, asked: &str, value: &str) -> Option<bool> {
        Bound::parse(asked).unwrap().admits(comparison, value)
    }

    #[test]
    fn numbers_as_columns_write_them() {
        use Comparison::*;
        for (comparison, asked, value, expected) in [
            (AtLeast, "20000", "20000", Some(true)),
            (MoreThan, "20000", "20000", Some(false)),
            (AtLeast, "20000", "19,999.5", Some(false)),
            (AtLeast, "20000", "€ 45,000", Some(true)),
            (AtLeast, "20000", "15-25K", Some(true)),
            (AtLeast, "30000", "15k-25k", Some(false)),
            (AtMost, "15000", "15000–25000 EUR", Some(true)),
            (LessThan, "15000", "1.5万-2万", Some(false)),
            (AtLeast, "3", "-4", Some(false)),
            (AtLeast, "20000", "negotiable", None),
            (AtLeast, "20000", "2026-01-05", None),
        ] {
            assert_eq!(holds(comparison, asked, value), expected, "{comparison:?} {asked} {value}");
        }
    }

    #[test]
    fn dates_by_day_month_and_year() {
        use Comparison::*;
        for (comparison, asked, value, expected) in [
            (AtLeast, "2026-01", "2026-01-01", Some(true)),
            (AtLeast, "2026-01", "2025-12-31T23:59:59Z", Some(false)),
            (MoreThan, "2026-01", "2026-01-31", Some(false)),
            (MoreThan, "2026-01", "2026-02-01", Some(true)),
            (AtMost, "2026-01", "2026-01-31", Some(true)),
            (LessThan, "2026-01-15", "2026/1/14", Some(true)),
            (AtLeast, "2026", "2026-01-01", Some(true)),
            (AtLeast, "2026", "2025-06", Some(false)),
            (AtLeast, "2026-01", "2026", Some(true)),
            (AtLeast, "2026-01", "soon", None),
            (AtLeast, "2026-01", "20000", None),
        ] {
            assert_eq!(holds(comparison, asked, value), expected, "{comparison:?} {asked} {value}");
        }
    }

    #[test]
    fn what_is_neither_is_no_bound() {
        for text in ["", "x", "2026-13", "2026-01-32", "10-20", "2026-01-02-03"] {
            assert_eq!(Bound::parse(text), None, "{text}");
        }
    }
}

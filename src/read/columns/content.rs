//! What stands in a column, whatever it is called.

use std::collections::HashSet;

use crate::text::script::is_wide;

/// Different values counted up to this many.
const MOST_DISTINCT: usize = 2_000;

/// Characters of a value that are looked at.
const LOOKED_AT: usize = 400;

/// Texts are longer than this on average; one of these counts as two where a character is a word.
const LONG: f64 = 100.0;

/// Labels come from a list: no more than this share of the values differ.
const LABEL_SHARE: f64 = 0.5;

/// What a column seems to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Kind {
    /// Nothing.
    Empty,
    /// Numbers, dates, addresses of pages, yes and no.
    Data,
    /// Sentences.
    LongText,
    /// A few short values that come again and again.
    Labels,
    /// Short texts that mostly differ.
    ShortText,
}

/// Counts over the values of one column.
#[derive(Debug, Clone, Default)]
pub(in crate::read) struct Content {
    /// Values that are there.
    pub filled: usize,
    width: usize,
    wordless: usize,
    listed: usize,
    distinct: HashSet<String>,
}

impl Content {
    /// Counts a value that is there.
    pub fn add(&mut self, value: &str) {
        let seen: String = value.chars().take(LOOKED_AT).collect();
        self.filled += 1;
        self.width += seen.chars().map(width).sum::<usize>();
        self.wordless += usize::from(is_wordless(&seen));
        self.listed += usize::from(is_list(&seen));
        if self.distinct.len() < MOST_DISTINCT {
            self.distinct.insert(seen);
        }
    }

    /// Width of a value on average.
    pub fn mean(&self) -> f64 {
        self.width as f64 / self.filled.max(1) as f64
    }

    /// Share of the values that are different from all others, at least.
    pub fn variety(&self) -> f64 {
        let counted = self.filled.clamp(1, MOST_DISTINCT);
        self.distinct.len() as f64 / counted as f64
    }

    /// What the column seems to hold.
    pub fn kind(&self) -> Kind {
        match self {
            _ if self.filled == 0 => Kind::Empty,
            _ if self.wordless * 2 > self.filled => Kind::Data,
            _ if self.mean() > LONG => Kind::LongText,
            _ if self.filled >= 6 && self.variety() <= LABEL_SHARE => Kind::Labels,
            _ => Kind::ShortText,
        }
    }

    /// Whether the values are sentences and no lists of short entries.
    pub fn is_prose(&self) -> bool {
        self.kind() == Kind::LongText && self.listed * 2 < self.filled
    }
}

/// How much of a line a character says: twice as much where it is half a word.
fn width(c: char) -> usize {
    1 + usize::from(is_wide(c))
}

/// Numbers, dates, addresses, yes and no: values without words.
fn is_wordless(value: &str) -> bool {
    let value = value.trim();
    if matches!(value.to_lowercase().as_str(), "true" | "false" | "yes" | "no") {
        return true;
    }
    let address = value.starts_with("http://")
        || value.starts_with("https://")
        || value.starts_with("www.")
        || (value.contains('@') && !value.contains(' '));
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    // `2026-01-05T08:00:00Z`, `3.5e4`, `€ 40k`, and hashes such as `5f3a...`.
    let hash = digits > 0 && value.len() >= 12 && !value.contains(' ') && value.is_ascii();
    address || letters == 0 || letters * 2 <= digits || hash
}

/// Entries no longer than a few words, most of them.
fn is_list(value: &str) -> bool {
    let entries: Vec<&str> =
        value.split([',', ';', '|', '\n', '、', '，', '；', '•', '/']).collect();
    let short = |entry: &&&str| entry.trim().chars().map(width).sum::<usize>() <= 30;
    entries.len() >= 3 && entries.iter().filter(short).count() * 4 >= entries.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(values: &[&str]) -> Kind {
        let mut content = Content::default();
        values.iter().for_each(|value| content.add(value));
        content.kind()
    }

    #[test]
    fn values_tell_what_a_column_holds() {
        let long = "Plans the rounds of the night shift, keeps the records and calls for help \
                    when a patient gets worse than the doctors had expected.";
        let chinese = "负责仓库之间的长途运输，固定货物并做好行车记录，按照规定检查车辆，遇到故障及时上报调度，\
                       配合装卸人员完成交接，保持驾驶室整洁。";
        assert_eq!(kind(&[]), Kind::Empty);
        assert_eq!(kind(&["1", "2.5", "€ 40k", "-3"]), Kind::Data);
        assert_eq!(kind(&["2026-01-05T08:00:00Z", "2026-01-06T08:00:00Z"]), Kind::Data);
        assert_eq!(kind(&["https://a.example/1", "www.example.org"]), Kind::Data);
        assert_eq!(kind(&[long, long]), Kind::LongText);
        assert_eq!(kind(&[chinese]), Kind::LongText);
        assert_eq!(kind(&["a b", "c d", "a b", "c d", "a b", "a b"]), Kind::Labels);
        assert_eq!(kind(&["Night nurse", "Day nurse", "护士"]), Kind::ShortText);
    }

    #[test]
    fn lists_are_no_prose() {
        let mut content = Content::default();
        let list = "Go, Rust, PostgreSQL, Kubernetes, Terraform, Ansible, Prometheus, Grafana, \
                    Kafka, Redis, Linux, Bash, Python";
        content.add(list);
        assert_eq!((content.kind(), content.is_prose()), (Kind::LongText, false));
    }
}

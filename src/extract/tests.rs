//! The hand-checked lines of `tests/fixtures/fields/lines.tsv`: how much of what is found is
//! right, and how much of what is there is found.

// The figures are for those who change the rules: `cargo test extract -- --nocapture`.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::details::Years;
use crate::role::RoleId;

const LINES: &str = include_str!("../../tests/fixtures/fields/lines.tsv");

/// Lines the rules were not mended by, too few for a figure of each field.
const UNSEEN: &str = include_str!("../../tests/fixtures/fields/unseen.tsv");

/// Least recall over all fields of the unseen lines: what was measured.
const UNSEEN_RECALL: f64 = 0.95;

/// Least precision of every field.
const PRECISION: f64 = 0.95;

/// Least recall: what was measured, so that a change that loses lines is seen.
const RECALL: &[(&str, f64)] = &[
    ("company", 1.0),
    ("date", 1.0),
    ("education", 1.0),
    ("experience", 1.0),
    ("pay", 0.95),
    ("place", 1.0),
    ("seniority", 1.0),
];

/// A role with this text at this place, in a posting of this language.
fn role(source: &str, language: &str, text: &str) -> Role {
    let mut role = Role {
        id: RoleId::new("1"),
        title: if language == "zh" { "软件开发岗".into() } else { Default::default() },
        ..Role::default()
    };
    let text = text.replace("\\n", "\n");
    match source {
        "title" => role.title = text.into(),
        "text" => role.description = text.into(),
        "pay" => role.facts.pay = Some(text.into()),
        "date" => role.facts.date = Some(text.into()),
        "place" => role.facts.place = Some(text.into()),
        column => {
            role.fields.insert(column, text);
        }
    }
    role
}

/// Details in the words of the fixture.
fn told(details: &Details) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    let mut say = |name: &str, value: Option<String>| {
        said.extend(value.map(|value| format!("{name}={value}")));
    };
    say("date", details.posted.map(|date| date.to_string()));
    say("place", details.place.clone());
    say("company", details.company.clone());
    say("seniority", details.seniority.map(|level| <&str>::from(level).to_string()));
    say("education", details.education.map(|level| <&str>::from(level).to_string()));
    say("experience", details.experience.map(years));
    say("pay", details.pay.as_ref().map(pay));
    said
}

fn years(Years { min, max }: Years) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min}-{max}"),
        (Some(min), None) => format!("{min}+"),
        (None, max) => format!("-{}", max.unwrap_or_default()),
    }
}

fn pay(pay: &Pay) -> String {
    let mut text = match (pay.min, pay.max) {
        (Some(min), Some(max)) if min == max => format!("{min}"),
        (Some(min), Some(max)) => format!("{min}-{max}"),
        (Some(min), None) => format!("{min}+"),
        (None, max) => format!("-{}", max.unwrap_or_default()),
    };
    let months = pay.months.map(|(low, high)| match low == high {
        true => format!("x{low}"),
        false => format!("x{low}-{high}"),
    });
    let period = pay.period.map(|period| <&str>::from(period).to_string());
    for part in [pay.currency.clone(), period, months].into_iter().flatten() {
        text.push(' ');
        text.push_str(&part);
    }
    text
}

/// What of the details of some lines was found.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    right: usize,
    found: usize,
    there: usize,
}

impl Counts {
    fn precision(&self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / self.there.max(1) as f64
    }
}

/// The counts of a file by field, and the number of its lines.
fn measured(file: &str) -> (BTreeMap<String, Counts>, usize) {
    let today = Date::new(2026, 3, 10).unwrap();
    let (mut counts, mut n_lines) = (BTreeMap::<String, Counts>::new(), 0);
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [source, language, text, expected] = parts[..] else { panic!("{line}") };
        let expected: BTreeSet<String> =
            expected.split("; ").filter(|part| *part != "-").map(str::to_string).collect();
        let found = told(&extract(&role(source, language, text), Some(today)));
        n_lines += 1;
        let field = |part: &String| part.split('=').next().unwrap_or_default().to_string();
        for part in &found {
            let count = counts.entry(field(part)).or_default();
            count.right += usize::from(expected.contains(part));
            count.found += 1;
        }
        expected.iter().for_each(|part| counts.entry(field(part)).or_default().there += 1);
        if found != expected {
            println!("{text}: found {found:?}, there is {expected:?}");
        }
    }
    for (field, count) in &counts {
        let (precision, recall) = (count.precision(), count.recall());
        let Counts { found, there, .. } = count;
        println!("{field}: precision {precision:.3} of {found}, recall {recall:.3} of {there}");
    }
    (counts, n_lines)
}

#[test]
fn what_is_found_in_lines_checked_by_hand_is_right() {
    let (counts, n_lines) = measured(LINES);
    assert!(n_lines >= 300, "{n_lines}");
    assert_eq!(counts.len(), RECALL.len());
    for ((field, count), (name, least)) in counts.iter().zip(RECALL) {
        assert_eq!(field, name);
        assert!(count.precision() >= PRECISION, "precision of {field}: {count:?}");
        assert!(count.recall() >= *least, "recall of {field}: {count:?}");
    }
}

#[test]
fn what_is_found_in_unseen_lines_is_right() {
    let (counts, _) = measured(UNSEEN);
    let all = counts.values().fold(Counts::default(), |all, count| Counts {
        right: all.right + count.right,
        found: all.found + count.found,
        there: all.there + count.there,
    });
    println!("all: precision {:.3}, recall {:.3}", all.precision(), all.recall());
    assert!(all.precision() >= PRECISION && all.recall() >= UNSEEN_RECALL, "{all:?}");
}

#[test]
fn hostile_text_is_read_in_time_and_without_harm() {
    let long = "年3-5k元月薪$€".repeat(20_000);
    let digits = "1".repeat(100_000);
    let dots = "1.000.000.".repeat(20_000);
    for text in [long.as_str(), &digits, &dots, "\u{130}: \u{130}stanbul", ":", "：\n：", "$", "¥"]
    {
        let details = extract(&role("text", "en", text), None);
        assert!(details.posted.is_none(), "{details:?}");
    }
}

#[test]
fn a_column_goes_before_the_text() {
    let mut posting = role("text", "zh", "工作地点：上海\n薪资：10-12K");
    posting.facts.place = Some("杭州·余杭区".into());
    posting.facts.pay = Some("20-30K".into());
    let details = extract(&posting, None);
    assert_eq!(details.city.as_deref(), Some("杭州"));
    assert_eq!(details.pay.unwrap().monthly(), Some((20000.0, 30000.0)));
}

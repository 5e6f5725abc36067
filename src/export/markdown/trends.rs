//! How the market moves, where the roles say when they were posted: roles by period, shares of
//! specialisations by period, and what is asked for more or less in the last period than in the
//! first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::report_text::{grouped, n_roles, percent};
use super::digest::Digest;
use super::escape::inline;
use crate::language::Language;
use crate::tabulate::{
    Cell, Change, DEFAULT_FLOOR, Facets, Layout, Repeats, Span, Trends, Values, cross_tab, wilson,
};

/// More periods than this are taken together, months as quarters and quarters as years.
const MOST_PERIODS: usize = 12;
/// Specialisations in the table of shares.
const N_ROWS: usize = 10;
/// Rising and falling values shown of each kind.
const N_CHANGES: usize = 10;
/// Width of the longest bar.
const BAR: usize = 20;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let facets = Facets::new(digest.report, digest.roles, None, Repeats::LeftOut);
    let Some((span, periods, counts)) = periods(&facets) else { return Ok(()) };
    writeln!(out, "## {}\n", digest.say("随时间的变化", "Over time"))?;
    let dated: usize = counts.values().sum();
    let (with, of) = (n_roles(digest.language, dated), facets.rows().len());
    let share = percent(dated as f64 / of.max(1) as f64);
    match digest.language {
        Language::Zh => writeln!(
            out,
            "{with}写明了发布日期（{share}，重复的岗位不计）；括号内是 95% 置信区间（Wilson）。\n"
        )?,
        Language::En => writeln!(
            out,
            "{with} say when they were posted ({share}; repetitions do not count); in brackets stand \
             95 % intervals (Wilson).\n"
        )?,
    }
    by_period(digest, &counts, out)?;
    shares(digest, &facets, &periods, out)?;
    for (of, trends) in facets.trends(span, DEFAULT_FLOOR) {
        changes(digest, of, &trends, out)?;
    }
    Ok(())
}

/// A length of periods that gives few enough, the period of each role, and the roles of each
/// period; `None` where there are not two of some size.
type Periods = (Span, Vec<Vec<String>>, BTreeMap<String, usize>);

fn periods(facets: &Facets) -> Option<Periods> {
    for span in [Span::Month, Span::Quarter, Span::Year] {
        let periods = facets.periods(span);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        periods.iter().flatten().for_each(|p| *counts.entry(p.clone()).or_default() += 1);
        if counts.values().filter(|count| **count >= DEFAULT_FLOOR).count() < 2 {
            return None;
        }
        if counts.len() <= MOST_PERIODS || matches!(span, Span::Year) {
            return Some((span, periods, counts));
        }
    }
    None
}

/// Roles by period, with a bar for each.
fn by_period(
    digest: &Digest,
    counts: &BTreeMap<String, usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let head = digest.say("| 时期 | 岗位数 | 占比 | |", "| Period | Roles | Share | |");
    writeln!(out, "{head}\n|---|--:|--:|---|")?;
    let total: usize = counts.values().sum();
    let most = counts.values().copied().max().unwrap_or(1);
    for (period, &count) in counts {
        let bar = "█".repeat((count * BAR).div_ceil(most.max(1)));
        let count_of = interval(count, total);
        writeln!(out, "| {} | {} | {count_of} | {bar} |", inline(period), grouped(count))?;
    }
    writeln!(out)
}

/// A share with its interval: `25% (11–47)`.
fn interval(count: usize, total: usize) -> String {
    let share = percent(count as f64 / total.max(1) as f64);
    match wilson(count, total) {
        Some(range) => format!("{share} ({:.0}–{:.0})", 100.0 * range.low, 100.0 * range.high),
        None => share,
    }
}

/// Shares of the largest specialisations among the roles of each period.
fn shares(
    digest: &Digest,
    facets: &Facets,
    periods: &[Vec<String>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(names) = facets.values("specialisation") else { return Ok(()) };
    let layout = Layout { most_rows: N_ROWS, columns_are_periods: true, ..Layout::default() };
    let table = cross_tab(&names, periods, Values::Share, layout);
    let columns: Vec<String> = table.columns.iter().map(|name| inline(name)).collect();
    let first = digest.say("方向", "Specialisation");
    writeln!(out, "| {first} | {} |", columns.join(" | "))?;
    writeln!(out, "|---|{}", "--:|".repeat(columns.len()))?;
    for (name, cells) in table.rows.iter().zip(&table.cells) {
        let cells: Vec<String> = cells.iter().map(cell).collect();
        writeln!(out, "| {} | {} |", inline(name), cells.join(" | "))?;
    }
    writeln!(
        out,
        "\n{}\n",
        match digest.language {
            Language::Zh => format!("岗位数不足 {DEFAULT_FLOOR} 的格子不显示。"),
            Language::En => format!("Cells of fewer than {DEFAULT_FLOOR} roles are not shown."),
        }
    )
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Share { share, interval, .. } => {
            let (low, high) = (100.0 * interval.low, 100.0 * interval.high);
            format!("{} ({low:.0}–{high:.0})", percent(*share))
        }
        Cell::Count(count) => grouped(*count),
        Cell::Suppressed | Cell::Pay { .. } => String::new(),
    }
}

/// What rises and what falls beyond chance.
fn changes(digest: &Digest, of: &str, trends: &Trends, out: &mut dyn Write) -> io::Result<()> {
    let what = match of {
        "technology" => digest.say("技术", "Technology"),
        _ => digest.say("方向", "Specialisation"),
    };
    let (first, last) = (inline(&trends.first), inline(&trends.last));
    let significant = || trends.changes.iter().filter(|change| change.is_significant());
    let rising: Vec<&Change> = significant().filter(|c| c.change() > 0.0).take(N_CHANGES).collect();
    let falling: Vec<&Change> =
        significant().rev().filter(|c| c.change() < 0.0).take(N_CHANGES).collect();
    if rising.is_empty() && falling.is_empty() {
        let none = digest.say("没有超出偶然的变化", "nothing changed beyond chance");
        return writeln!(out, "{what} {first} → {last}{}{none}\n", digest.colon());
    }
    let difference = digest.say("差异（百分点，95% 区间）", "Difference in points, 95 % interval");
    writeln!(out, "| {what} | {first} | {last} | {difference} |\n|---|--:|--:|--:|")?;
    for change in rising.into_iter().chain(falling.into_iter().rev()) {
        writeln!(
            out,
            "| {} {} | {} | {} | {:+.1} … {:+.1} |",
            if change.change() > 0.0 { "↑" } else { "↓" },
            inline(&change.name),
            interval(change.before, trends.n_first),
            interval(change.after, trends.n_last),
            100.0 * change.difference.low,
            100.0 * change.difference.high
        )?;
    }
    writeln!(out)
}

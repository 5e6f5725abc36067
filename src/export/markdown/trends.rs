//! How the market moves, where the roles say when they were posted: roles by period, shares of
//! specialisations by period, and what is asked for more or less in the last period than in the
//! first.

use std::io::{self, Write};

use super::super::report_text::{self, grouped, interval_points, share_with_interval};
use super::digest::Digest;
use super::escape::inline;
use crate::over_time::{Change, OverTime, Trends};

/// Specialisations in the table of shares.
const N_ROWS: usize = 10;
/// Rising and falling values shown of each kind.
const N_CHANGES: usize = 10;
/// Width of the longest bar.
const BAR: usize = 20;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let Some(over_time) = &digest.report.over_time else { return Ok(()) };
    writeln!(out, "## {}\n", digest.say("随时间的变化", "Over time"))?;
    writeln!(out, "{}\n", report_text::dated(digest.language, over_time))?;
    by_period(digest, over_time, out)?;
    shares(digest, over_time, out)?;
    let (technologies, specialisations) =
        (digest.say("技术", "Technology"), digest.say("方向", "Specialisation"));
    changes(digest, specialisations, &over_time.specialisation_changes, out)?;
    changes(digest, technologies, &over_time.technology_changes, out)
}

/// Roles by period, with a bar for each.
fn by_period(digest: &Digest, over_time: &OverTime, out: &mut dyn Write) -> io::Result<()> {
    let head = digest.say("| 时期 | 岗位数 | 占比 | |", "| Period | Roles | Share | |");
    writeln!(out, "{head}\n|---|--:|--:|---|")?;
    let most = over_time.periods.iter().map(|period| period.roles.count).max().unwrap_or(1);
    for period in &over_time.periods {
        let count = period.roles.count;
        let bar = "█".repeat((count * BAR).div_ceil(most.max(1)));
        let share = share_with_interval(period.roles.share, period.roles.interval);
        writeln!(out, "| {} | {} | {share} | {bar} |", inline(&period.name), grouped(count))?;
    }
    writeln!(out)
}

/// Shares of the largest specialisations among the roles of each period.
fn shares(digest: &Digest, over_time: &OverTime, out: &mut dyn Write) -> io::Result<()> {
    let columns: Vec<String> = over_time.periods.iter().map(|p| inline(&p.name)).collect();
    let first = digest.say("方向", "Specialisation");
    writeln!(out, "| {first} | {} |", columns.join(" | "))?;
    writeln!(out, "|---|{}", "--:|".repeat(columns.len()))?;
    for row in over_time.specialisations.iter().take(N_ROWS) {
        let cell = |cell: &Option<crate::over_time::CountShare>| {
            cell.map_or_else(String::new, |cell| share_with_interval(cell.share, cell.interval))
        };
        let cells: Vec<String> = row.periods.iter().map(cell).collect();
        writeln!(out, "| {} | {} |", inline(&row.name), cells.join(" | "))?;
    }
    writeln!(out, "\n{}\n", report_text::suppressed(digest.language, over_time.floor))
}

/// What rises and what falls beyond chance.
fn changes(digest: &Digest, what: &str, trends: &Trends, out: &mut dyn Write) -> io::Result<()> {
    let (first, last) = (inline(&trends.first), inline(&trends.last));
    let (rising, falling) = (trends.rising(N_CHANGES), trends.falling(N_CHANGES));
    if rising.is_empty() && falling.is_empty() {
        let none = report_text::no_change(digest.language);
        return writeln!(out, "{what} {first} → {last}{}{none}\n", digest.colon());
    }
    let difference = report_text::difference(digest.language);
    writeln!(out, "| {what} | {first} | {last} | {difference} |\n|---|--:|--:|--:|")?;
    let mut row = |sign: &str, change: &Change| {
        let [before, after] = report_text::shares_of(change, trends);
        let points = interval_points(change.difference);
        writeln!(out, "| {sign} {} | {before} | {after} | {points} |", inline(&change.name))
    };
    rising.into_iter().try_for_each(|change| row("↑", change))?;
    falling.into_iter().rev().try_for_each(|change| row("↓", change))?;
    writeln!(out)
}

//! The figures of the market beside the map, as markup that needs no script: technologies by
//! number of roles, and where the roles say when they were posted, what moves.

use std::fmt::Write;

use super::super::chart::{Bar, bars};
use super::super::markup::inline;
use super::super::report_text::{self, grouped, interval_points, percent, pick};
use crate::language::Language;
use crate::over_time::{Change, OverTime, Trends};
use crate::report::Report;

/// Technologies in the chart.
const N_TECHNOLOGIES: usize = 20;
/// Rising and falling values of each kind.
const N_CHANGES: usize = 10;

/// The figures behind a heading that opens; nothing where there are none.
pub(super) fn details(report: &Report, language: Language) -> String {
    let mut inside = technologies(report, language);
    if let Some(over_time) = &report.over_time {
        inside.push_str(&moves(over_time, language));
    }
    if inside.is_empty() {
        return inside;
    }
    let summary = pick(language, "数字与变化", "Figures and changes");
    format!("<details id=\"figures\"><summary>{summary}</summary>\n{inside}</details>\n")
}

fn technologies(report: &Report, language: Language) -> String {
    let bar = |used: &crate::profile::TechnologyUse| Bar {
        label: used.label.clone(),
        value: used.count,
        figure: format!("{} ({})", grouped(used.count), percent(used.share)),
    };
    let shown: Vec<Bar> = report.technologies.iter().take(N_TECHNOLOGIES).map(bar).collect();
    let title = pick(language, "提到各项技术的岗位数", "Roles that name each technology");
    titled(title, &bars("technologies", title, &shown))
}

fn moves(over_time: &OverTime, language: Language) -> String {
    let bar = |period: &crate::over_time::Period| Bar {
        label: period.name.clone(),
        value: period.roles.count,
        figure: format!("{} ({})", grouped(period.roles.count), percent(period.roles.share)),
    };
    let periods: Vec<Bar> = over_time.periods.iter().map(bar).collect();
    let title = pick(language, "各时期的岗位数", "Roles by period");
    let mut out = titled(title, &bars("periods", title, &periods));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<p>{}</p>", inline(&report_text::dated(language, over_time)));
    for (what, trends) in [
        (pick(language, "方向", "Specialisation"), &over_time.specialisation_changes),
        (pick(language, "技术", "Technology"), &over_time.technology_changes),
    ] {
        out.push_str(&changes(what, trends, language));
    }
    let _ = writeln!(out, "<p>{}</p>", report_text::few_left_out(language, over_time));
    out
}

/// What rises and what falls beyond chance.
fn changes(what: &str, trends: &Trends, language: Language) -> String {
    let (first, last) = (inline(&trends.first), inline(&trends.last));
    let (rising, falling) = (trends.rising(N_CHANGES), trends.falling(N_CHANGES));
    let mut out = format!("<h3>{what}, {first} → {last}</h3>\n");
    if rising.is_empty() && falling.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", report_text::no_change(language));
        return out;
    }
    let difference = report_text::difference(language);
    let _ = writeln!(
        out,
        "<table><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\">{first}</th>\
         <th scope=\"col\">{last}</th><th scope=\"col\">{difference}</th></tr></thead><tbody>"
    );
    let mut row = |sign: &str, change: &Change| {
        let [before, after] = report_text::shares_of(change, trends);
        let points = interval_points(change.difference);
        let name = inline(&change.name);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{sign} <bdi>{name}</bdi></th><td>{before}</td><td>{after}</td>\
             <td>{points}</td></tr>"
        );
    };
    rising.into_iter().for_each(|change| row("↑", change));
    falling.into_iter().rev().for_each(|change| row("↓", change));
    out.push_str("</tbody></table>\n");
    out
}

/// A chart under its title; nothing where there is no chart.
fn titled(title: &str, chart: &str) -> String {
    match chart.is_empty() {
        true => String::new(),
        false => format!("<h3>{title}</h3>\n{chart}\n"),
    }
}

//! The tables of a digest's own, each figure beside what the roles say.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::Digest;
use super::escape::{code, inline};
use crate::digest_tables::{CountTable, Figure, SummaryKind, SummaryTable};
use crate::language::Language;

/// Rows shown of a table of counts; the rest is counted.
const N_ROWS: usize = 300;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let tables = &digest.report.digest_tables;
    if tables.counts.is_empty() && tables.summaries.is_empty() {
        return Ok(());
    }
    let title =
        digest.say("文档自己的表与岗位对照", "The digest\u{2019}s own tables beside its roles");
    writeln!(out, "## {title}\n")?;
    let legend = digest.say(
        "左边是文档自己写的数字，原样照录；右边是本次读入的岗位中提到它的岗位数。文档常按压缩、去重之前的\
         全部帖子计数，因此两边的大小不必相等，排序与缺漏才值得看。",
        "Left stands what the digest says, as it says it; right stands how many of the roles that \
         were read name it. Digests often count the postings before they were merged and \
         shortened, so the order and the gaps tell more than the sizes.",
    );
    writeln!(out, "{legend}\n")?;
    tables.counts.iter().try_for_each(|table| counts(digest, table, out))?;
    tables.summaries.iter().try_for_each(|table| summary(digest, table, out))
}

fn counts(digest: &Digest, table: &CountTable, out: &mut dyn Write) -> io::Result<()> {
    let place = code(&format!("{}:{}", table.file, table.line));
    writeln!(out, "### {} ({place})\n", inline(&table.heading))?;
    writeln!(
        out,
        "{}\n|---|--:|--:|--:|",
        digest.say("| 项目 | 文档 | 岗位数 | 占比 |", "| | The digest says | Roles | Share |")
    )?;
    let mut left = N_ROWS;
    let n_rows: usize = table.groups.iter().map(|group| group.rows.len()).sum();
    for group in &table.groups {
        if left == 0 {
            break;
        }
        if !group.name.is_empty() {
            let stated = group.stated.map(figure).unwrap_or_default();
            let mentions = report_text::grouped(group.mentions);
            writeln!(out, "| **{}** | {stated} | {mentions} | |", inline(&group.name))?;
        }
        for row in group.rows.iter().take(left) {
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                inline(&row.label),
                figure(row.stated),
                report_text::grouped(row.roles),
                report_text::percent(row.share)
            )?;
        }
        left = left.saturating_sub(group.rows.len());
    }
    writeln!(out)?;
    digest.rest(n_rows.saturating_sub(N_ROWS), out)
}

fn figure(stated: Figure) -> String {
    match (stated.percent, stated.value.fract() == 0.0) {
        (true, _) => format!("{}%", stated.value),
        (false, true) => report_text::grouped(stated.value as usize),
        (false, false) => stated.value.to_string(),
    }
}

fn summary(digest: &Digest, table: &SummaryTable, out: &mut dyn Write) -> io::Result<()> {
    let place = code(&format!("{}:{}", table.file, table.line));
    writeln!(out, "### {} ({place})\n", inline(&table.heading))?;
    let roles = report_text::n_roles(digest.language, table.n_roles);
    let section = table.section.as_deref().map(inline);
    let among = match (section, digest.language) {
        (Some(section), Language::Zh) => format!("与“{section}”的 {roles}对照。"),
        (Some(section), Language::En) => {
            format!("Beside the {roles} of \u{201c}{section}\u{201d}.")
        }
        (None, Language::Zh) => format!("与 {roles}对照。"),
        (None, Language::En) => format!("Beside {roles}."),
    };
    writeln!(out, "{among}\n")?;
    writeln!(
        out,
        "{}\n|---|---|---|",
        digest.say(
            "| 类别 | 文档列出，岗位也提到（岗位数） | 文档列出，岗位未提到 |",
            "| Kind | Listed, and named by roles | Listed, and named by none |"
        )
    )?;
    table.kinds.iter().try_for_each(|kind| summary_row(digest, kind, out))?;
    writeln!(out)?;
    if !table.unlisted.is_empty() {
        let listed: Vec<String> = table
            .unlisted
            .iter()
            .map(|entry| format!("{} {}", inline(&entry.label), report_text::grouped(entry.roles)))
            .collect();
        let lead = digest.say("岗位提到而文档未列出：", "Named by roles and not listed: ");
        writeln!(out, "{lead}{}\n", listed.join(digest.comma()))?;
    }
    Ok(())
}

fn summary_row(digest: &Digest, kind: &SummaryKind, out: &mut dyn Write) -> io::Result<()> {
    let (named, unnamed): (Vec<_>, Vec<_>) = kind.entries.iter().partition(|entry| entry.roles > 0);
    let named: Vec<String> = named
        .iter()
        .map(|e| format!("{} {}", inline(&e.label), report_text::grouped(e.roles)))
        .collect();
    let unnamed: Vec<String> = unnamed.iter().map(|entry| inline(&entry.label)).collect();
    let (named, unnamed) = (named.join(digest.comma()), unnamed.join(digest.comma()));
    writeln!(out, "| {} | {named} | {unnamed} |", inline(&kind.name))
}

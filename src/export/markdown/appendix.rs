//! The account of the input: what was read, merged and set aside, and what no lexicon knows.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::Digest;
use super::duplicates;
use super::escape::{code, excerpt, inline};
use crate::clustering::ClusterId;
use crate::intake::{ColumnNote, ColumnUse, FileNote};
use crate::language::Language;
use crate::lineage::{Event, Fate};

/// Names the lexicon does not know that are listed; the rest is counted.
const N_CANDIDATES: usize = 100;
/// Columns that are merely kept and listed by name.
const N_COLUMNS_KEPT: usize = 50;
/// Characters quoted of a line that was set aside.
const EXCERPT: usize = 100;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    candidates(digest, out)?;
    duplicates::merged(digest, out)?;
    intake(digest, out)
}

fn candidates(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let candidates = &digest.report.candidates;
    if candidates.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "## {}\n",
        digest.say("附录：词表之外的技术词", "Appendix: not in the lexicon yet")
    )?;
    writeln!(
        out,
        "{}\n",
        digest.say(
            "出现在技术栈里、但技术词表不认识的条目，数字是提到它的岗位数；没有计入上面的统计。",
            "Entries of stack lists that the lexicon does not know, with the roles that name \
             them; not counted above."
        )
    )?;
    let listed: Vec<String> = candidates
        .iter()
        .take(N_CANDIDATES)
        .map(|(name, count)| format!("{} {}", inline(name), report_text::grouped(*count)))
        .collect();
    writeln!(out, "{}\n", listed.join(digest.comma()))?;
    digest.rest(candidates.len().saturating_sub(N_CANDIDATES), out)
}

fn intake(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let intake = &digest.report.intake;
    writeln!(out, "## {}\n", digest.say("附录：读入了什么", "Appendix: what was read"))?;
    if !intake.files.is_empty() {
        writeln!(
            out,
            "{}\n|---|---|---|--:|",
            digest.say("| 文件 | 格式 | 编码 | 岗位数 |", "| File | Format | Encoding | Roles |")
        )?;
    }
    for file in &intake.files {
        let malformed = if file.malformed {
            digest.say("（有损坏的字节，已替换）", " (some bytes were no text and were replaced)")
        } else {
            ""
        };
        writeln!(
            out,
            "| {} | {} | {}{malformed} | {} |",
            code(&file.file),
            inline(&file.format),
            inline(&file.encoding),
            report_text::grouped(file.roles)
        )?;
    }
    writeln!(out)?;
    intake.files.iter().try_for_each(|file| columns(digest, file, out))?;
    if intake.skipped_total > 0 {
        let total = report_text::grouped(intake.skipped_total as usize);
        match digest.language {
            Language::Zh => writeln!(out, "**跳过 {total} 条记录**\n")?,
            Language::En => writeln!(out, "**Records skipped: {total}**\n")?,
        }
        for skipped in &intake.skipped {
            let place = code(&skipped.place());
            writeln!(out, "- {place} {}", inline(&skipped.reason))?;
        }
        writeln!(out)?;
        digest.rest((intake.skipped_total as usize).saturating_sub(intake.skipped.len()), out)?;
    }
    if !intake.set_aside.is_empty() {
        writeln!(out, "**{}**\n", digest.say("不是岗位的段落", "Blocks that are not roles"))?;
        for block in &intake.set_aside {
            let place = code(&block.place());
            let kind = report_text::set_aside(digest.language, block.kind);
            let first = block.lines.iter().find(|l| !l.trim().is_empty());
            let heading = if block.heading.is_empty() { first } else { Some(&block.heading) };
            let heading = excerpt(heading.map(String::as_str).unwrap_or_default(), EXCERPT);
            writeln!(out, "- {place} {heading} ({kind})")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What each column of a file was taken for, and what to know about it.
fn columns(digest: &Digest, file: &FileNote, out: &mut dyn Write) -> io::Result<()> {
    let (kept, used): (Vec<&ColumnNote>, Vec<&ColumnNote>) =
        file.columns.iter().partition(|column| column.used_as == ColumnUse::Kept);
    if !used.is_empty() {
        let heading = digest.say(
            "| 列 | 用作 | 有内容的记录 | 说明 |",
            "| Column | Taken for | Filled records | Remark |",
        );
        writeln!(out, "{}\n\n{heading}\n|---|---|--:|---|", code(&file.file))?;
        for column in used {
            writeln!(
                out,
                "| {} | {} | {} / {} | {} |",
                inline(&column.name),
                report_text::column_use(digest.language, column.used_as),
                report_text::grouped(column.filled as usize),
                report_text::grouped(file.records as usize),
                inline(column.why.as_deref().unwrap_or_default())
            )?;
        }
        writeln!(out)?;
    }
    if !kept.is_empty() {
        let names = kept.iter().take(N_COLUMNS_KEPT).map(|column| inline(&column.name));
        let names: Vec<String> = names.map(|name| name.to_string()).collect();
        let label = digest.say("仅保留的列：", "Columns merely kept: ");
        writeln!(out, "{label}{}\n", names.join(digest.comma()))?;
        digest.rest(kept.len().saturating_sub(N_COLUMNS_KEPT), out)?;
    }
    for warning in &file.warnings {
        writeln!(out, "- {}", inline(warning))?;
    }
    if !file.warnings.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// How the specialisations relate to those of the run before.
pub(super) fn lineage(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let Some(lineage) = &digest.report.lineage else { return Ok(()) };
    writeln!(out, "## {}\n", digest.say("与上次相比", "Since the last time"))?;
    let shared = report_text::n_roles(digest.language, lineage.shared_roles);
    match digest.language {
        Language::Zh => writeln!(out, "两次都有的岗位：{shared}。\n")?,
        Language::En => writeln!(out, "Present both times: {shared}.\n")?,
    }
    let before = |ids: &[ClusterId]| {
        let ids: Vec<String> = ids.iter().map(|id| id.to_string()).collect();
        ids.join(digest.comma())
    };
    let now = |ids: &[ClusterId]| {
        let name = |id: &ClusterId| digest.report.cluster_name(*id).map(inline).unwrap_or_default();
        let ids: Vec<String> = ids.iter().map(|id| format!("{} {}", id, name(id))).collect();
        ids.join(digest.comma())
    };
    for Event { fate, old, new } in &lineage.events {
        let fate = match fate {
            Fate::Kept => digest.say("保留", "kept"),
            Fate::Split => digest.say("拆分", "split"),
            Fate::Merged => digest.say("合并", "merged"),
            Fate::New => digest.say("新增", "new"),
            Fate::Gone => digest.say("消失", "gone"),
        };
        let change = match (old.as_slice(), new.as_slice()) {
            (old, []) => before(old),
            ([], new) => now(new),
            (old, new) => format!("{} → {}", before(old), now(new)),
        };
        writeln!(out, "- {fate}{}{change}", digest.colon())?;
    }
    writeln!(out)
}

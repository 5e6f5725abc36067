//! Roles that were merged, and pairs of roles that a person should look at.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::Digest;
use super::escape::inline;
use crate::language::Language;
use crate::role::RoleId;

/// Repetitions listed; the rest is counted.
const N_DUPLICATES: usize = 200;
/// Pairs to be checked that are listed; the rest is counted.
const N_SIMILAR: usize = 100;

/// Roles that say what another says.
pub(super) fn merged(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let duplicates = &digest.report.intake.duplicates;
    if duplicates.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("附录：重复的岗位", "Appendix: roles that repeat others"))?;
    writeln!(
        out,
        "{}\n|---|---|---|--:|",
        digest.say("| 岗位 | 重复的是 | 方式 | 相似度 |", "| Role | Repeats | How | Similarity |")
    )?;
    for duplicate in duplicates.iter().take(N_DUPLICATES) {
        writeln!(
            out,
            "| {} | {} | {} | {:.2} |",
            digest.named(&duplicate.role),
            digest.named(&duplicate.of),
            report_text::duplicate(digest.language, duplicate.kind),
            duplicate.similarity
        )?;
    }
    writeln!(out)?;
    digest.rest(duplicates.len().saturating_sub(N_DUPLICATES), out)
}

/// Pairs that share much of their text and were not merged.
pub(in crate::export) fn similar(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let similar = &digest.report.intake.similar;
    if similar.pairs.is_empty() {
        return Ok(());
    }
    let title = digest.say("相似的岗位（请核对）", "Similar pairs to check");
    writeln!(out, "## {title}\n")?;
    let least = similar.least;
    match digest.language {
        Language::Zh => writeln!(
            out,
            "下列岗位的文字有相当部分相同（相似度不低于 {least}），但没有合并；是否为同一岗位请人工判断。\n"
        )?,
        Language::En => writeln!(
            out,
            "These share much of their text (a similarity of {least} or more) and were not merged; \
             whether they are one job is for a person to say.\n"
        )?,
    }
    for pair in similar.pairs.iter().take(N_SIMILAR) {
        let [first, second] = [&pair.first, &pair.second].map(|id| placed(digest, id));
        writeln!(out, "- **{:.2}** {first} ~ {second}", pair.similarity)?;
    }
    writeln!(out)?;
    digest.rest(similar.pairs.len().saturating_sub(N_SIMILAR) + similar.unlisted, out)
}

/// A role by name, with the specialisation it is in.
fn placed(digest: &Digest, id: &RoleId) -> String {
    let placement = digest.row_of.get(id).map(|&row| &digest.report.placements[row]);
    match placement.and_then(|placement| placement.cluster) {
        Some(cluster) => {
            let name = digest.report.cluster_name(cluster).map(inline).unwrap_or_default();
            format!("{} ({cluster}. {name})", digest.named(id))
        }
        None => digest.named(id),
    }
}

//! What all roles ask for: stated by a digest, or recurring in the texts.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::Digest;
use super::escape::inline;
use crate::intake::SetAsideKind;
use crate::language::Language;

/// What a digest says that all roles have, with the roles whose own text says it too.
fn stated_requirements<'a>(digest: &Digest<'a>) -> Vec<(&'a str, usize)> {
    let known = &digest.report.digest_tables.requirements;
    if !known.is_empty() {
        return known.iter().map(|stated| (stated.text.as_str(), stated.roles)).collect();
    }
    // A report of an earlier version.
    let blocks = digest.report.intake.set_aside.iter();
    blocks
        .filter(|block| block.kind == SetAsideKind::CommonRequirements)
        .flat_map(|block| block.lines.iter().map(|line| (line.as_str(), 0)))
        .collect()
}

/// Requirements common to all roles, stated by the digest or recurring in the texts.
pub(in crate::export) fn write(
    digest: &Digest<'_>,
    most: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let intake = &digest.report.intake;
    let stated = stated_requirements(digest);
    if stated.is_empty() && intake.boilerplate.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "## {}\n",
        digest.say(
            "通用要求（不参与比较，仅列一次）",
            "Common requirements (not compared, listed once)"
        )
    )?;
    for (line, roles) in stated {
        let said = match (roles, digest.language) {
            (0, _) => String::new(),
            (n, Language::Zh) => {
                format!("（另见于 {} 的正文）", report_text::n_roles(Language::Zh, n))
            }
            (n, Language::En) => {
                format!(" (also in the text of {})", report_text::n_roles(Language::En, n))
            }
        };
        writeln!(out, "- {}{said}", inline(line.trim_start_matches(['-', '*', '•', ' '])))?;
    }
    for found in intake.boilerplate.iter().take(most) {
        let count = report_text::n_roles(digest.language, found.count);
        let source = report_text::boilerplate(digest.language, found.source);
        writeln!(out, "- {} ({count}, {source})", inline(&found.sentence))?;
    }
    let rest = intake.boilerplate.len().saturating_sub(most) + intake.boilerplate_unlisted;
    let n = report_text::grouped(rest);
    match digest.language {
        _ if rest == 0 => {}
        Language::Zh => writeln!(out, "- 另有 {n} 句，提到的岗位更少")?,
        Language::En => writeln!(out, "- and {n} more, said by fewer roles")?,
    }
    writeln!(out)
}

//! The first page: figures, most frequent technologies, a line per specialisation, and what all
//! roles have in common.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::Digest;
use super::escape::inline;
use crate::intake::SetAsideKind;
use crate::language::Language;
use crate::profile::TechnologyUse;

/// Technologies named in the line of a specialisation in the overview.
const N_IN_OVERVIEW: usize = 6;
/// Most asked-for technologies named at the top.
const N_HEADLINE: usize = 10;

/// Writes everything before the directions.
pub(super) fn write(digest: &Digest<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(digest, out)?;
    headline(digest, out)?;
    for warning in &digest.report.method.warnings {
        writeln!(out, "> ⚠ {}\n", inline(warning))?;
    }
    overview(digest, out)
}

fn head(digest: &Digest<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (report, language) = (digest.report, digest.language);
    let n = report.placements.len();
    let n_clusters = report.profiles.len();
    let noise = report.placements.iter().filter(|p| p.cluster.is_none()).count();
    let repeats = report.intake.duplicates.len();
    let roles = report_text::n_roles(language, n);
    let kinds = report_text::n_specialisations(language, n_clusters);
    writeln!(out, "# {}\n", report_text::title(language, n, n_clusters))?;
    let mut facts = vec![format!("**{roles}**"), format!("**{kinds}**")];
    let share = report_text::percent(digest.share(noise));
    facts.push(match language {
        Language::Zh => format!("{} 个未归入任何方向（{share}）", report_text::grouped(noise)),
        Language::En => format!("{} in none of them ({share})", report_text::grouped(noise)),
    });
    facts.push(match language {
        Language::Zh => format!("{} 个与其他岗位重复，已合并", report_text::grouped(repeats)),
        Language::En if repeats == 1 => "1 repeats another and was merged".into(),
        Language::En => format!("{} repeat others and were merged", report_text::grouped(repeats)),
    });
    let skipped = report_text::grouped(report.intake.skipped_total as usize);
    facts.push(match language {
        Language::Zh => format!("{skipped} 条记录无法读取"),
        Language::En if skipped == "1" => "1 record could not be read".into(),
        Language::En => format!("{skipped} records could not be read"),
    });
    facts.extend(report_text::compared_by_excerpt(language, report.intake.shortened.len()));
    writeln!(out, "{}\n", facts.join(" · "))
}

/// The technologies and the practices that most roles ask for.
fn headline(digest: &Digest<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (practices, technologies): (Vec<&TechnologyUse>, Vec<&TechnologyUse>) =
        digest.report.technologies.iter().partition(|t| t.is_practice());
    let technologies =
        (digest.say("最常要求的技术：", "Technologies asked for most: "), technologies);
    let practices = (digest.say("最常要求的方法与实践：", "Practices asked for most: "), practices);
    for (lead, uses) in [technologies, practices] {
        let most: Vec<String> = uses
            .iter()
            .take(N_HEADLINE)
            .map(|t| format!("{} {}", inline(&t.label), report_text::percent(t.share)))
            .collect();
        if !most.is_empty() {
            writeln!(out, "{lead}{}\n", most.join(digest.comma()))?;
        }
    }
    Ok(())
}

fn overview(digest: &Digest<'_>, out: &mut dyn Write) -> io::Result<()> {
    if digest.report.profiles.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("一览", "Overview"))?;
    writeln!(
        out,
        "{}\n|--:|---|--:|--:|---|",
        digest.say(
            "| # | 方向 | 岗位数 | 占比 | 突出的技术 |",
            "| # | Specialisation | Roles | Share | What sets it apart |"
        )
    )?;
    for profile in &digest.report.profiles {
        let telling: Vec<String> =
            profile.telling().iter().take(N_IN_OVERVIEW).map(|t| inline(&t.label)).collect();
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            profile.id,
            inline(&profile.name),
            report_text::grouped(profile.size),
            report_text::percent(digest.share(profile.size)),
            telling.join(digest.comma())
        )?;
    }
    writeln!(out)
}

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
pub(in crate::export) fn common_requirements(
    digest: &Digest<'_>,
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
    for found in &intake.boilerplate {
        let count = report_text::n_roles(digest.language, found.count);
        let source = report_text::boilerplate(digest.language, found.source);
        writeln!(out, "- {} ({count}, {source})", inline(&found.sentence))?;
    }
    if intake.boilerplate_unlisted > 0 {
        let n = report_text::grouped(intake.boilerplate_unlisted);
        match digest.language {
            Language::Zh => writeln!(out, "- 另有 {n} 句，各只有一个岗位提到")?,
            Language::En => writeln!(out, "- and {n} more, said by one role each")?,
        }
    }
    writeln!(out)
}

//! The first page: figures, most frequent technologies, a line per specialisation, why there are so
//! many, how sure they are, and what to look at.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::Digest;
use super::escape::inline;
use super::reasons;
use crate::language::Language;
use crate::profile::TechnologyUse;

/// Technologies named in the line of a specialisation in the overview.
const N_IN_OVERVIEW: usize = 6;
/// Specialisations in the overview; the rest is counted, so that it stays a page.
const N_OVERVIEW: usize = 25;
/// Most asked-for technologies named at the top.
const N_HEADLINE: usize = 10;

/// Writes everything before the directions.
pub(super) fn write(digest: &Digest<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(digest, out)?;
    headline(digest, out)?;
    overview(digest, out)?;
    let said = [reasons::why_so_many(digest), reasons::how_sure(digest), to_look_at(digest)];
    for sentence in said.into_iter().flatten() {
        writeln!(out, "{sentence}\n")?;
    }
    let warnings = digest.report.method.warnings.iter();
    for warning in warnings.filter(|warning| !reasons::is_told(warning)) {
        writeln!(out, "> ⚠ {}\n", inline(warning))?;
    }
    Ok(())
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

/// What a person should look at, with where it stands.
fn to_look_at(digest: &Digest<'_>) -> Option<String> {
    let intake = &digest.report.intake;
    let mut all = Vec::new();
    let similar = intake.similar.pairs.len() + intake.similar.unlisted;
    if similar > 0 {
        all.push(match (digest.language, similar) {
            (Language::Zh, n) => format!("{} 对相似而未合并的岗位", report_text::grouped(n)),
            (Language::En, 1) => "1 pair of similar roles that was not merged".into(),
            (Language::En, n) => {
                format!("{} pairs of similar roles that were not merged", report_text::grouped(n))
            }
        });
    }
    if !digest.report.digest_tables.counts.is_empty() {
        let words = digest.say(
            "文档自己的统计与岗位的对照",
            "the digest\u{2019}s own figures beside those of its roles",
        );
        all.push(words.to_string());
    }
    if intake.skipped_total > 0 {
        all.push(digest.say("未能读取的记录", "the records that could not be read").to_string());
    }
    let lead = digest.say("**值得一看**：", "**Worth a look** (sections below): ");
    let end = digest.say("（见下文各节）。", ".");
    (!all.is_empty()).then(|| format!("{lead}{}{end}", all.join(digest.say("；", "; "))))
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
    for profile in digest.report.profiles.iter().take(N_OVERVIEW) {
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
    writeln!(out)?;
    let rest = digest.report.profiles.len().saturating_sub(N_OVERVIEW);
    let n = report_text::grouped(rest);
    match (rest, digest.language) {
        (0, _) => Ok(()),
        (_, Language::Zh) => writeln!(out, "另有 {n} 个方向，见下文。\n"),
        (_, Language::En) => writeln!(out, "and {n} more, below.\n"),
    }
}

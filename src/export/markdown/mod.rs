//! `report.md`: the digest a person reads, from the whole to the single role.

mod appendix;
mod directions;
mod escape;
mod specialisations;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::words::{self, pick};
use crate::intake::{Duplicate, SetAsideKind};
use crate::language::Language;
use crate::profile::TechnologyUse;
use crate::report::Report;
use crate::role::{Role, RoleId};
use escape::{code, inline};

/// Technologies named in the line of a specialisation in the overview.
const N_IN_OVERVIEW: usize = 6;
/// Most asked-for technologies named at the top.
const N_HEADLINE: usize = 10;

/// Writes the digest of `report`; `roles` are those of its placements, in the same order.
///
/// # Errors
/// What `out` answers.
///
/// # Panics
/// If there is not one role per placement.
pub fn markdown(
    report: &Report,
    roles: &[Role],
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    assert_eq!(roles.len(), report.placements.len(), "one role per placement");
    let digest = Digest::new(report, roles, language);
    digest.head(out)?;
    digest.overview(out)?;
    directions::write(&digest, out)?;
    digest.common_requirements(out)?;
    specialisations::write(&digest, out)?;
    appendix::write(&digest, out)
}

/// The report with what several sections look up in it.
struct Digest<'a> {
    report: &'a Report,
    roles: &'a [Role],
    language: Language,
    row_of: HashMap<&'a RoleId, usize>,
    /// The roles that repeat a role, by that role.
    repeats: HashMap<&'a RoleId, Vec<&'a Duplicate>>,
}

impl<'a> Digest<'a> {
    fn new(report: &'a Report, roles: &'a [Role], language: Language) -> Self {
        let row_of = report.placements.iter().enumerate().map(|(row, p)| (&p.id, row)).collect();
        let mut repeats: HashMap<&RoleId, Vec<&Duplicate>> = HashMap::new();
        for duplicate in &report.intake.duplicates {
            repeats.entry(&duplicate.of).or_default().push(duplicate);
        }
        Digest { report, roles, language, row_of, repeats }
    }

    fn say(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.language, zh, en)
    }

    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let report = self.report;
        let n = report.placements.len();
        let n_clusters = report.profiles.len();
        let noise = report.placements.iter().filter(|p| p.cluster.is_none()).count();
        let repeats = report.intake.duplicates.len();
        let roles = words::n_roles(self.language, n);
        let kinds = words::n_specialisations(self.language, n_clusters);
        writeln!(out, "# {}\n", words::title(self.language, n, n_clusters))?;
        let mut facts = vec![format!("**{roles}**"), format!("**{kinds}**")];
        let share = words::percent(noise as f64 / n.max(1) as f64);
        facts.push(match self.language {
            Language::Zh => format!("{} 个未归入任何方向（{share}）", words::grouped(noise)),
            Language::En => format!("{} in none of them ({share})", words::grouped(noise)),
        });
        facts.push(match self.language {
            Language::Zh => format!("{} 个与其他岗位重复，已合并", words::grouped(repeats)),
            Language::En if repeats == 1 => "1 repeats another and was merged".into(),
            Language::En => format!("{} repeat others and were merged", words::grouped(repeats)),
        });
        let skipped = words::grouped(report.intake.skipped_total as usize);
        facts.push(match self.language {
            Language::Zh => format!("{skipped} 条记录无法读取"),
            Language::En if skipped == "1" => "1 record could not be read".into(),
            Language::En => format!("{skipped} records could not be read"),
        });
        facts.extend(words::compared_by_excerpt(self.language, report.intake.shortened.len()));
        writeln!(out, "{}\n", facts.join(" · "))?;
        if !report.technologies.is_empty() {
            let (practices, technologies): (Vec<&TechnologyUse>, Vec<&TechnologyUse>) =
                report.technologies.iter().partition(|t| t.is_practice());
            let technologies =
                (self.say("最常要求的技术：", "Technologies asked for most: "), technologies);
            let practices =
                (self.say("最常要求的方法与实践：", "Practices asked for most: "), practices);
            for (lead, uses) in [technologies, practices] {
                let most: Vec<String> = uses
                    .iter()
                    .take(N_HEADLINE)
                    .map(|t| format!("{} {}", inline(&t.label), words::percent(t.share)))
                    .collect();
                if !most.is_empty() {
                    writeln!(out, "{lead}{}\n", most.join(self.comma()))?;
                }
            }
        }
        for warning in &report.method.warnings {
            writeln!(out, "> ⚠ {}\n", inline(warning))?;
        }
        Ok(())
    }

    fn overview(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.report.profiles.is_empty() {
            return Ok(());
        }
        writeln!(out, "## {}\n", self.say("一览", "Overview"))?;
        writeln!(
            out,
            "{}\n|--:|---|--:|--:|---|",
            self.say(
                "| # | 方向 | 岗位数 | 占比 | 突出的技术 |",
                "| # | Specialisation | Roles | Share | What sets it apart |"
            )
        )?;
        for profile in &self.report.profiles {
            let telling: Vec<String> =
                profile.telling().iter().take(N_IN_OVERVIEW).map(|t| inline(&t.label)).collect();
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                profile.id.0 + 1,
                inline(&profile.name),
                words::grouped(profile.size),
                words::percent(self.share(profile.size)),
                telling.join(self.comma())
            )?;
        }
        writeln!(out)
    }

    fn common_requirements(&self, out: &mut dyn Write) -> io::Result<()> {
        let intake = &self.report.intake;
        let stated: Vec<&String> = intake
            .set_aside
            .iter()
            .filter(|block| block.kind == SetAsideKind::CommonRequirements)
            .flat_map(|block| &block.lines)
            .collect();
        if stated.is_empty() && intake.boilerplate.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "## {}\n",
            self.say("通用要求（不参与比较，仅列一次）", "Asked of many, listed once")
        )?;
        for line in stated {
            writeln!(out, "- {}", inline(line.trim_start_matches(['-', '*', '•', ' '])))?;
        }
        for found in &intake.boilerplate {
            let count = words::n_roles(self.language, found.count);
            let source = words::boilerplate(self.language, found.source);
            writeln!(out, "- {} ({count}, {source})", inline(&found.sentence))?;
        }
        if intake.boilerplate_unlisted > 0 {
            let n = words::grouped(intake.boilerplate_unlisted);
            match self.language {
                Language::Zh => writeln!(out, "- 另有 {n} 句，各只有一个岗位提到")?,
                Language::En => writeln!(out, "- and {n} more, said by one role each")?,
            }
        }
        writeln!(out)
    }

    fn share(&self, n: usize) -> f64 {
        n as f64 / self.report.placements.len().max(1) as f64
    }

    /// Between the entries of a list.
    fn comma(&self) -> &'static str {
        match self.language {
            Language::Zh => "、",
            Language::En => ", ",
        }
    }

    /// Between a lead and what it announces.
    fn colon(&self) -> &'static str {
        match self.language {
            Language::Zh => "：",
            Language::En => ": ",
        }
    }

    /// Ids of the roles that repeat `id`, or nothing.
    fn repeated_by(&self, id: &RoleId) -> String {
        let ids = self.repeats.get(id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().map(|d| code(d.role.as_str())).collect::<Vec<_>>().join(" ")
    }
}

/// Technologies by kind, the most used kind first, order within a kind kept.
fn by_kind(technologies: &[TechnologyUse]) -> Vec<(&str, Vec<&TechnologyUse>)> {
    let mut kinds: BTreeMap<&str, Vec<&TechnologyUse>> = BTreeMap::new();
    for technology in technologies {
        kinds.entry(&technology.kind).or_default().push(technology);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, uses)| std::cmp::Reverse(uses.iter().map(|t| t.count).sum::<usize>()));
    kinds
}

#[cfg(test)]
mod tests;

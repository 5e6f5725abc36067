//! Technologies: a summary of each direction, and how often each is named over all roles.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::markdown::digest::{Digest, by_kind};
use super::super::markdown::escape::excerpt;
use super::super::report_text;
use crate::language::Language;
use crate::profile::{ClusterProfile, TechnologyUse};
use crate::text::markdown::within_line;

/// Characters of a label in a list of counts; the reader takes a longer line for prose.
const LONGEST_LABEL: usize = 40;

/// The technologies of a direction by kind, each with the roles that name it.
pub(super) fn summary(
    digest: &Digest<'_>,
    profiles: &[&ClusterProfile],
    out: &mut dyn Write,
) -> io::Result<()> {
    let uses = together(profiles);
    if uses.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {}\n", digest.say("技术汇总", "Technology summary"))?;
    for (kind, uses) in by_kind(&uses) {
        let kind = within_line(&report_text::kind(digest.language, kind));
        let listed: Vec<String> =
            uses.iter().map(|technology| counted(digest, technology)).collect();
        writeln!(out, "- **{kind}**{}{}", digest.colon(), listed.join(digest.comma()))?;
    }
    writeln!(out)
}

/// Counts of several specialisations, which have no role in common, added up.
fn together(profiles: &[&ClusterProfile]) -> Vec<TechnologyUse> {
    let mut sums: BTreeMap<&str, TechnologyUse> = BTreeMap::new();
    for technology in profiles.iter().flat_map(|profile| &profile.technologies) {
        let sum = sums.entry(&technology.name);
        sum.and_modify(|sum| sum.count += technology.count).or_insert_with(|| technology.clone());
    }
    let mut sums: Vec<TechnologyUse> = sums.into_values().collect();
    sums.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    sums
}

fn counted(digest: &Digest<'_>, technology: &TechnologyUse) -> String {
    let (label, count) = (within_line(&technology.label), report_text::grouped(technology.count));
    match digest.language {
        Language::Zh => format!("{label}（{count}）"),
        Language::En => format!("{label} ({count})"),
    }
}

/// How many roles name each technology, by kind.
pub(super) fn frequencies(digest: &Digest<'_>, out: &mut dyn Write) -> io::Result<()> {
    if digest.report.technologies.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("技术频率统计", "Technology frequency statistics"))?;
    for (kind, uses) in by_kind(&digest.report.technologies) {
        let total = report_text::grouped(uses.iter().map(|technology| technology.count).sum());
        let kind = within_line(&report_text::kind(digest.language, kind));
        match digest.language {
            Language::Zh => writeln!(out, "### {kind}（共 {total} 次）\n")?,
            Language::En => writeln!(out, "### {kind} ({total} mentions)\n")?,
        }
        for technology in uses {
            let (count, share) =
                (report_text::grouped(technology.count), report_text::percent(technology.share));
            let label = excerpt(&technology.label, LONGEST_LABEL);
            match digest.language {
                Language::Zh => writeln!(out, "- {label}：{count} 次（{share}）")?,
                Language::En => writeln!(out, "- {label}: {count} ({share})")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

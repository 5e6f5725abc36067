//! How often each technology is named over all roles.

use std::io::{self, Write};

use super::super::report_text;
use super::digest::{Digest, by_kind};
use super::escape::inline;
use crate::language::Language;
use crate::profile::TechnologyUse;

/// A specialisation is named beside a technology from this lift and count on.
const LEAST_LIFT: f64 = 1.2;
const LEAST_COUNT: usize = 2;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    if digest.report.technologies.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("技术频率统计", "How often each technology is named"))?;
    writeln!(
        out,
        "{}\n",
        digest.say(
            "每个岗位对每项技术只计一次；重复的岗位也计入。",
            "A role counts once per technology, however often it names it."
        )
    )?;
    for (kind, uses) in by_kind(&digest.report.technologies) {
        let total = report_text::grouped(uses.iter().map(|t| t.count).sum());
        let kind = inline(&report_text::kind(digest.language, kind));
        match digest.language {
            Language::Zh => writeln!(out, "### {kind}（共 {total} 次）\n")?,
            Language::En => writeln!(out, "### {kind} ({total} mentions)\n")?,
        }
        writeln!(
            out,
            "{}\n|---|--:|--:|---|",
            digest.say(
                "| 技术 | 岗位数 | 占比 | 最集中于 |",
                "| Technology | Roles | Share | Most typical of |"
            )
        )?;
        for technology in uses {
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                inline(&technology.label),
                report_text::grouped(technology.count),
                report_text::percent(technology.share),
                home(digest, technology)
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The specialisation a technology is most typical of, if it is typical of any.
fn home(digest: &Digest, technology: &TechnologyUse) -> String {
    let uses = digest.report.profiles.iter().filter_map(|profile| {
        let here = profile.technologies.iter().find(|t| t.name == technology.name)?;
        (here.lift >= LEAST_LIFT && here.count >= LEAST_COUNT).then_some((profile, here))
    });
    let best = uses.max_by(|(a, x), (b, y)| {
        let (x, y) = (x.count as f64 * x.lift.ln(), y.count as f64 * y.lift.ln());
        x.total_cmp(&y).then(b.id.cmp(&a.id))
    });
    best.map(|(profile, here)| {
        format!("{} ({})", inline(&profile.name), report_text::lift(here.lift))
    })
    .unwrap_or_default()
}

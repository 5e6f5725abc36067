//! The digest itself, as people keep it by hand: what all roles ask for once, then the roles by
//! direction and specialisation, each direction with a summary of its technologies, then how often
//! each technology is named.
//!
//! [`read`](crate::read) reads it again with the same roles, which the tests of this folder check:
//! texts of postings are written by [`quote`](crate::read::quote), which knows what the reader would
//! take for something else. A role that repeats another is not written but named with it.

mod role;
mod sections;
mod tables;

use std::io::{self, Write};

use super::markdown::digest::Digest;
use super::markdown::{duplicates, requirements};
use super::report_text;
use crate::clean::RoleCleaner;
use crate::language::Language;
use crate::report::Report;
use crate::role::Role;
use role::Descriptions;

/// What becomes of sentences that many roles say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Boilerplate {
    /// They stand once, before the roles, and not in their texts.
    #[default]
    Once,
    /// They stand in every text too, as they were read.
    Kept,
}

/// Writes the digest of `report`; `roles` are those of its placements, in the same order.
///
/// # Errors
/// When `out` cannot be written.
///
/// # Panics
/// If there is not one role per placement.
pub fn digest(
    report: &Report,
    roles: &[Role],
    language: Language,
    boilerplate: Boilerplate,
    out: &mut dyn Write,
) -> io::Result<()> {
    assert_eq!(roles.len(), report.placements.len(), "one role per placement");
    let digest = Digest::new(report, roles, language);
    let cleaner = RoleCleaner::new(&report.intake.boilerplate);
    let stripped = |role: &Role| cleaner.description(role);
    let as_read = |role: &Role| role.description.to_string();
    let descriptions: &Descriptions<'_> = match boilerplate {
        Boilerplate::Once => &stripped,
        Boilerplate::Kept => &as_read,
    };
    head(&digest, boilerplate, out)?;
    requirements::write(&digest, usize::MAX, out)?;
    sections::write(&digest, descriptions, out)?;
    duplicates::similar(&digest, out)?;
    tables::frequencies(&digest, out)
}

/// Title and account: how many roles there are, and what was done with them.
fn head(digest: &Digest<'_>, boilerplate: Boilerplate, out: &mut dyn Write) -> io::Result<()> {
    let (report, language) = (digest.report, digest.language);
    let (n, intake) = (report.placements.len(), &report.intake);
    writeln!(out, "# {}\n", report_text::title(language, n, report.profiles.len()))?;
    let merged = intake.duplicates.len();
    let mut done = vec![match language {
        Language::Zh => format!("读入 {}", report_text::n_roles(language, n)),
        Language::En => format!("{} were read", report_text::n_roles(language, n)),
    }];
    if merged > 0 {
        let (merged, left) = (report_text::grouped(merged), report_text::grouped(n - merged));
        done.push(match language {
            Language::Zh => format!("合并重复的 {merged} 个，列出 {left} 个"),
            Language::En => {
                format!("{merged} repeat others and stand with them, which leaves {left}")
            }
        });
    }
    let sentences = intake.boilerplate.len() + intake.boilerplate_unlisted;
    if boilerplate == Boilerplate::Once && sentences > 0 {
        let sentences = report_text::grouped(sentences);
        done.push(match language {
            Language::Zh => format!("{sentences} 句通用要求已从正文移出，只列一次"),
            Language::En => {
                format!("{sentences} sentences of common requirements were taken out of the texts")
            }
        });
    }
    let (comma, end) = (digest.say("；", "; "), digest.say("。", "."));
    writeln!(out, "{}{end}\n", done.join(comma))
}

#[cfg(test)]
mod tests;

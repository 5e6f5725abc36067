//! `report.md`: what a person reads, from the whole to the single role.

mod appendix;
mod codes;
mod corrections;
pub(super) mod digest;
mod directions;
mod document;
pub(super) mod duplicates;
pub(super) mod escape;
mod front;
mod method;
mod own_tables;
mod parameters;
mod reasons;
pub(super) mod requirements;
mod specialisations;
mod technologies;
mod trends;

use std::io::{self, Write};

use crate::language::Language;
use crate::report::Report;
use crate::role::Role;
use digest::Digest;
pub(super) use document::document;

/// Common requirements listed; `export --format markdown` writes all of them.
const MOST_SENTENCES: usize = 40;

/// Writes the report for people: a page of summary, from the whole to the single role, figures over
/// all roles, and in an appendix how it came about. `roles` are those of its placements, in the
/// same order.
///
/// # Errors
/// When `out` cannot be written.
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
    front::write(&digest, out)?;
    directions::write(&digest, out)?;
    specialisations::write(&digest, out)?;
    technologies::write(&digest, out)?;
    trends::write(&digest, out)?;
    own_tables::write(&digest, out)?;
    requirements::write(&digest, MOST_SENTENCES, out)?;
    duplicates::similar(&digest, out)?;
    corrections::write(&digest, out)?;
    appendix::lineage(&digest, out)?;
    appendix::write(&digest, out)?;
    method::write(&digest, out)
}

#[cfg(test)]
mod tests;

//! `report.md`: the digest a person reads, from the whole to the single role.

mod appendix;
mod comparison;
mod corrections;
mod digest;
mod directions;
mod escape;
mod front;
mod specialisations;

use std::io::{self, Write};

use crate::language::Language;
use crate::report::Report;
use crate::role::Role;
pub use comparison::comparison;
use digest::Digest;

/// Writes the digest of `report`; `roles` are those of its placements, in the same order.
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
    front::common_requirements(&digest, out)?;
    specialisations::write(&digest, out)?;
    corrections::write(&digest, out)?;
    appendix::write(&digest, out)
}

#[cfg(test)]
mod tests;

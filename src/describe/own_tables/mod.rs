//! The tables of a digest's own beside what its roles say: counts, lists of technologies by kind,
//! common requirements.
//!
//! The reader sets such blocks aside as lines; here they are understood as far as they can be, and
//! a line that says nothing of the kind is passed over. What names a technology of the lexicon is
//! looked for in every spelling, anything else by its words.

mod counts;
mod requirements;
mod roles;
mod rows;
mod summaries;
mod wording;

use crate::digest_tables::DigestTables;
use crate::intake::{SetAside, SetAsideKind};
use crate::language::Language;
use crate::role::Role;
use roles::Roles;

/// The tables among the blocks that were set aside, compared with the roles; names of technologies
/// that the digest does not list are in `language`.
pub fn own_tables(set_aside: &[SetAside], roles: &[Role], language: Language) -> DigestTables {
    if !set_aside.iter().any(|block| block.kind != SetAsideKind::Other) {
        return DigestTables::default();
    }
    let roles = Roles::new(roles);
    let of = |kind: SetAsideKind| set_aside.iter().filter(move |block| block.kind == kind);
    DigestTables {
        counts: of(SetAsideKind::Statistics).filter_map(|b| counts::table(b, &roles)).collect(),
        summaries: of(SetAsideKind::Summary)
            .filter_map(|block| summaries::table(block, &roles, language))
            .collect(),
        requirements: requirements::stated(of(SetAsideKind::CommonRequirements), roles.all),
    }
}

#[cfg(test)]
mod tests;

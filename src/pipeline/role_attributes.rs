//! What is found out about a role for filters: its language and its technologies.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::describe::technologies_in;
use crate::role::Role;
use crate::store::StoredRoles;
use crate::text;

/// Found out for all roles at once where they are asked for again and again, by row; or else for
/// the one asked about.
#[derive(Debug, Default)]
pub(super) struct RoleAttributes {
    languages: OnceLock<Vec<&'static str>>,
    technologies: OnceLock<Vec<Vec<&'static str>>>,
}

impl RoleAttributes {
    /// ISO 639-1 codes of all.
    pub(super) fn languages(&self, stored: &StoredRoles) -> &[&'static str] {
        self.languages.get_or_init(|| {
            stored.texts.par_iter().map(|text| text::language(text).code()).collect()
        })
    }

    /// Canonical names of all.
    pub(super) fn all_technologies(&self, stored: &StoredRoles) -> &[Vec<&'static str>] {
        self.technologies
            .get_or_init(|| stored.corpus.roles().par_iter().map(technologies_in).collect())
    }

    /// The language of one role's text.
    pub(super) fn language(&self, row: usize, text: &str) -> &'static str {
        match self.languages.get() {
            Some(all) => all[row],
            None => text::language(text).code(),
        }
    }

    /// The technologies of one role.
    pub(super) fn technologies(&self, row: usize, role: &Role) -> Cow<'_, [&'static str]> {
        match self.technologies.get() {
            Some(all) => Cow::Borrowed(&all[row]),
            None => Cow::Owned(technologies_in(role)),
        }
    }
}

//! Languages and technologies of the roles, as filters and explanations need them.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::describe::technologies_in;
use crate::role::Role;
use crate::store::StoredRoles;
use crate::text;

/// A memo of what detection found out about each role, by row. A server fills it for all roles at
/// once; without that, every question is answered by looking at the one role.
#[derive(Debug, Default)]
pub struct RoleAttributes {
    languages: OnceLock<Vec<&'static str>>,
    technologies: OnceLock<Vec<Vec<&'static str>>>,
}

impl RoleAttributes {
    /// The language codes of all roles, detected at the first call.
    pub fn languages(&self, stored: &StoredRoles) -> &[&'static str] {
        self.languages.get_or_init(|| {
            stored.texts.par_iter().map(|text| text::language(text).code()).collect()
        })
    }

    /// The canonical names of the technologies of all roles, looked for at the first call.
    pub fn all_technologies(&self, stored: &StoredRoles) -> &[Vec<&'static str>] {
        self.technologies
            .get_or_init(|| stored.corpus.roles().par_iter().map(technologies_in).collect())
    }

    /// The language code of the role at `row`, whose text is `text`.
    pub fn language(&self, row: usize, text: &str) -> &'static str {
        match self.languages.get() {
            Some(all) => all[row],
            None => text::language(text).code(),
        }
    }

    /// The canonical names of the technologies of `role`, which stands at `row`.
    pub fn technologies(&self, row: usize, role: &Role) -> Cow<'_, [&'static str]> {
        match self.technologies.get() {
            Some(all) => Cow::Borrowed(&all[row]),
            None => Cow::Owned(technologies_in(role)),
        }
    }
}

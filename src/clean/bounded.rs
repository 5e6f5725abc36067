//! Descriptions of bounded length, so that one endless posting costs no more than a few.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::strip::Stripped;
use crate::intake::Shortened;
use crate::role::Role;
use crate::text;

/// Roles, and for some an excerpt that stands for their description.
pub(super) struct Bounded<'a> {
    pub roles: &'a [Role],
    excerpts: BTreeMap<usize, String>,
}

impl<'a> Bounded<'a> {
    pub fn new(roles: &'a [Role]) -> Self {
        let excerpt = |(row, role): (usize, &Role)| match text::excerpt(&role.description) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(excerpt) => Some((row, excerpt)),
        };
        let excerpts = roles.par_iter().enumerate().filter_map(excerpt).collect();
        Bounded { roles, excerpts }
    }

    /// What is compared of a role's description.
    pub fn description(&self, row: usize) -> &str {
        self.excerpts.get(&row).map_or(&*self.roles[row].description, String::as_str)
    }

    /// What is kept of a role, where an excerpt of the description, or of the whole text, stands for
    /// it.
    pub fn shortened(&self, row: usize, stripped: &Stripped) -> Option<Shortened> {
        let role = &self.roles[row];
        let (bytes, kept) = match (stripped.cut_from, self.excerpts.get(&row)) {
            (Some(bytes), _) => (bytes, stripped.text.len()),
            (None, Some(excerpt)) => (role.description.len(), excerpt.len()),
            (None, None) => return None,
        };
        Some(Shortened { role: role.id.clone(), bytes, kept })
    }
}

//! What is found out about every role for filters: its language and its technologies.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::filter::Filter;
use crate::describe::technologies_in;
use crate::store::StoredRoles;
use crate::text;

/// Found out for all roles at once, when first asked for; by row.
#[derive(Debug, Default)]
pub(super) struct Traits {
    languages: OnceLock<Vec<&'static str>>,
    technologies: OnceLock<Vec<Vec<&'static str>>>,
}

impl Traits {
    /// Finds out what `filters` ask for.
    pub(super) fn make_ready(&self, filters: &[Filter], stored: &StoredRoles) {
        if filters.iter().any(|filter| filter.field() == "language") {
            self.languages(stored);
        }
        if filters.iter().any(|filter| filter.field() == "technology") {
            self.all_technologies(stored);
        }
    }

    /// ISO 639-1 codes.
    pub(super) fn languages(&self, stored: &StoredRoles) -> &[&'static str] {
        self.languages.get_or_init(|| {
            stored.texts.par_iter().map(|text| text::language(text).code()).collect()
        })
    }

    /// Canonical names.
    pub(super) fn all_technologies(&self, stored: &StoredRoles) -> &[Vec<&'static str>] {
        self.technologies
            .get_or_init(|| stored.corpus.roles().par_iter().map(technologies_in).collect())
    }

    /// The technologies of one role.
    pub(super) fn technologies(&self, row: usize, stored: &StoredRoles) -> Cow<'_, [&'static str]> {
        match self.technologies.get() {
            Some(all) => Cow::Borrowed(&all[row]),
            None => Cow::Owned(technologies_in(&stored.corpus.roles()[row])),
        }
    }

    pub(super) fn languages_if_ready(&self) -> Option<&[&'static str]> {
        self.languages.get().map(Vec::as_slice)
    }

    pub(super) fn technologies_if_ready(&self) -> Option<&[Vec<&'static str>]> {
        self.technologies.get().map(Vec::as_slice)
    }
}

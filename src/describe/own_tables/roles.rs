//! The roles that a digest's own figures are compared with.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::wording::{self, Wording};
use crate::describe::lexicon::lexicon;
use crate::describe::technology_counts::{self, Found};
use crate::role::Role;

/// The roles, with what each of them names.
pub(super) struct Roles<'a> {
    pub all: &'a [Role],
    pub found: Vec<Found>,
    wordings: Vec<Wording>,
}

impl<'a> Roles<'a> {
    pub fn new(all: &'a [Role]) -> Self {
        Roles {
            all,
            found: all.par_iter().map(technology_counts::of_role).collect(),
            wordings: all.par_iter().map(|role| Wording::of(&role.text())).collect(),
        }
    }

    /// Of `rows` the number that name what `label` does, and the rows of the lexicon it was taken
    /// for.
    pub fn naming(&self, label: &str, rows: &[usize]) -> (usize, BTreeSet<usize>) {
        let entries = label.split([',', '，', '、', '/', '(', ')', '（', '）']);
        let known = technology_counts::of_parts(&[label], entries).known;
        if known.is_empty() {
            let terms = wording::terms(label);
            let says = |row: &&usize| terms.iter().any(|term| self.wordings[**row].has(term));
            return (rows.iter().filter(says).count(), known);
        }
        let names = |row: &&usize| !self.found[**row].known.is_disjoint(&known);
        (rows.iter().filter(names).count(), known)
    }
}

/// The canonical name of a row of the lexicon.
pub(super) fn name(entry: usize) -> String {
    lexicon().technologies[entry].name.to_string()
}

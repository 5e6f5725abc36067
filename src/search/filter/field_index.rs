//! The rows of every value of a field, so that a filter is answered without looking at the roles.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::apply::Candidate;
use super::kind::{Filter, folded};
use crate::search::row_set::RowSet;

/// Indexes of the fields that were asked for so far. The roles are looked at once per field.
#[derive(Debug, Default)]
pub struct FieldIndexes {
    by_field: Mutex<HashMap<String, Arc<FieldIndex>>>,
}

/// The rows of each folded value.
type FieldIndex = BTreeMap<String, Vec<u32>>;

impl FieldIndexes {
    /// The rows, of `n`, that pass all of `filters`; `role` gives the role of a row.
    pub fn rows<'a>(
        &self,
        filters: &[Filter],
        n: usize,
        role: &(dyn Fn(usize) -> Candidate<'a> + Sync),
    ) -> RowSet {
        let passing = |filter: &Filter| {
            let index = self.index(filter, n, role);
            let values = index.iter().filter(|(value, _)| filter.admits(value));
            RowSet::new(n, values.flat_map(|(_, rows)| rows).map(|&row| row as usize))
        };
        let mut sets = filters.iter().map(passing);
        let mut all = sets.next().unwrap_or_else(|| RowSet::new(n, 0..n));
        sets.for_each(|set| all.intersect(&set));
        all
    }

    fn index<'a>(
        &self,
        filter: &Filter,
        n: usize,
        role: &(dyn Fn(usize) -> Candidate<'a> + Sync),
    ) -> Arc<FieldIndex> {
        let mut by_field = self.by_field.lock().unwrap_or_else(PoisonError::into_inner);
        let build = || {
            let values = |row: usize| -> Vec<String> {
                filter.values(&role(row)).iter().map(|value| folded(value)).collect()
            };
            let of_rows: Vec<Vec<String>> = (0..n).into_par_iter().map(values).collect();
            let mut index = FieldIndex::new();
            for (row, values) in of_rows.into_iter().enumerate() {
                values.into_iter().for_each(|v| index.entry(v).or_default().push(row as u32));
            }
            Arc::new(index)
        };
        Arc::clone(by_field.entry(filter.indexed_field()).or_insert_with(build))
    }
}

//! Rows with their copies taken out, so that a text seen a thousand times costs one row.

use std::borrow::Cow;

use crate::geometry::{Edge, Matrix, first_occurrences};

/// Distinct rows, and how often each occurs.
pub(super) struct Duplicates<'a> {
    distinct: Cow<'a, Matrix>,
    /// For each row the distinct one it equals.
    pub(super) distinct_of: Vec<usize>,
    /// For each distinct row its first occurrence.
    first: Vec<usize>,
    /// For each distinct row how often it occurs.
    pub(super) counts: Vec<usize>,
}

impl<'a> Duplicates<'a> {
    pub(super) fn find(rows: &'a Matrix) -> Self {
        let first_of = first_occurrences(rows);
        let (mut first, mut counts) = (Vec::new(), Vec::new());
        let mut distinct_of = Vec::with_capacity(first_of.len());
        for (row, &earlier) in first_of.iter().enumerate() {
            if earlier == row {
                distinct_of.push(first.len());
                first.push(row);
                counts.push(1);
            } else {
                let distinct = distinct_of[earlier];
                counts[distinct] += 1;
                distinct_of.push(distinct);
            }
        }
        let distinct = if first.len() == rows.rows() {
            Cow::Borrowed(rows)
        } else {
            Cow::Owned(rows.select(&first))
        };
        Duplicates { distinct, distinct_of, first, counts }
    }

    pub(super) fn distinct(&self) -> &Matrix {
        &self.distinct
    }

    /// A spanning tree of the distinct rows made one of all rows: a copy is as far from its
    /// original as their core distance, and nothing is nearer to it.
    pub(super) fn with_copies(&self, tree: &[Edge], core: &[f64]) -> Vec<Edge> {
        let first = |distinct: u32| self.first[distinct as usize];
        let original = tree.iter().map(|e| Edge::new(first(e.a), first(e.b), e.weight));
        let copies = self.distinct_of.iter().enumerate().filter_map(|(row, &distinct)| {
            let original = self.first[distinct];
            (original != row).then(|| Edge::new(original, row, core[row]))
        });
        original.chain(copies).collect()
    }
}

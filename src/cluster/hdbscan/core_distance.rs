//! Rows -> the distance within which each has `min_samples` rows, itself counted.

use rayon::prelude::*;

use crate::geometry::{Matrix, squared_distance};
use crate::progress::Progress;

/// The core distance of every row: small where rows stand close together.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreDistances {
    squared: Vec<f64>,
    min_samples: usize,
}

impl CoreDistances {
    /// `min_samples` must lie in `1..=rows.rows()`, or there are no rows.
    pub(super) fn compute(rows: &Matrix, min_samples: usize, progress: &dyn Progress) -> Self {
        let n = rows.rows();
        progress.start("core distances", n as u64);
        let squared = (0..n)
            .into_par_iter()
            .map_init(Vec::new, |all, row| {
                all.clear();
                all.extend(rows.iter_rows().map(|other| squared_distance(rows.row(row), other)));
                let (_, kth, _) = all.select_nth_unstable_by(min_samples - 1, f64::total_cmp);
                progress.advance(1);
                *kth
            })
            .collect();
        progress.finish();
        CoreDistances { squared, min_samples }
    }

    /// Euclidean, one per row.
    pub fn distances(&self) -> Vec<f64> {
        self.squared.iter().map(|squared| squared.sqrt()).collect()
    }

    /// Squared, one per row.
    pub fn squared(&self) -> &[f64] {
        &self.squared
    }

    /// How many rows lie within a core distance, the row itself counted.
    pub fn min_samples(&self) -> usize {
        self.min_samples
    }
}

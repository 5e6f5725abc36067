//! Nearest neighbours -> the distance within which each row has `min_samples` rows, itself
//! counted.

use super::duplicates::Duplicates;
use crate::geometry::Neighbors;

/// The core distance of every row: small where rows stand close together.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreDistances {
    squared: Vec<f64>,
    min_samples: usize,
}

impl CoreDistances {
    /// Squared core distances of distinct rows that occur `counts` times each; `neighbors`
    /// must hold `min_samples - 1` of them for each, or all there are.
    pub(super) fn of_distinct(
        counts: &[usize],
        neighbors: &Neighbors,
        min_samples: usize,
    ) -> Vec<f64> {
        let core = |(row, &own): (usize, &usize)| {
            let mut within = own;
            if within >= min_samples {
                return 0.0;
            }
            for (other, squared) in neighbors.of(row) {
                within += counts[other];
                if within >= min_samples {
                    return squared;
                }
            }
            // Not met: there are at least `min_samples` rows.
            f64::INFINITY
        };
        counts.iter().enumerate().map(core).collect()
    }

    /// The distinct rows' core distances, said of all rows.
    pub(super) fn spread(copies: &Duplicates, distinct: &[f64], min_samples: usize) -> Self {
        let squared = copies.distinct_of.iter().map(|&row| distinct[row]).collect();
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

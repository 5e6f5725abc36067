//! What HDBSCAN refuses.

/// Rows or parameters HDBSCAN cannot work with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HdbscanError {
    /// A coordinate is NaN or infinite.
    #[error("row {row} is not finite (column {column}): embed it again, or leave it out")]
    NotFinite {
        /// Row, counted from 0.
        row: usize,
        /// Column, counted from 0.
        column: usize,
    },
    /// A cluster of one row is no cluster.
    #[error("min_cluster_size is {given}: give at least 2")]
    MinClusterSize {
        /// As given.
        given: usize,
    },
    /// There are not that many rows to count.
    #[error("min_samples is {given}, but there are {rows} rows: give 1 to {rows}")]
    MinSamples {
        /// As given.
        given: usize,
        /// Rows to cluster.
        rows: usize,
    },
    /// The tree was built with another value.
    #[error("min_samples is {given}, but the tree was built with {built}: build another tree")]
    OtherMinSamples {
        /// As given.
        given: usize,
        /// The tree's.
        built: usize,
    },
    /// Not a distance.
    #[error("epsilon is {given}: give a distance, 0 or larger")]
    Epsilon {
        /// As given.
        given: f64,
    },
    /// No size is small enough and large enough.
    #[error("max_cluster_size is {max}, below min_cluster_size {min}: raise it to {min} or more")]
    MaxClusterSize {
        /// As given.
        max: usize,
        /// `min_cluster_size`.
        min: usize,
    },
    /// New rows come from another model, or the fitted rows are not the fitted ones.
    #[error("expected {expected_rows} fitted rows of {expected} numbers, found {rows} of {found}")]
    Shape {
        /// Fitted rows.
        expected_rows: usize,
        /// Their length.
        expected: usize,
        /// Rows given.
        rows: usize,
        /// Their length.
        found: usize,
    },
}

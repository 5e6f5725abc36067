//! What clustering refuses.

use super::hdbscan::HdbscanError;

/// Rows cannot be clustered as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClusterError {
    /// Nothing to cluster.
    #[error("there are no roles to cluster")]
    NoRows,
    /// A vector holds NaN or infinity.
    #[error("number {column} of vector {row} is not finite; embed again with --dtype f32")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// No such number of clusters.
    #[error("{k} clusters cannot be made of {n} roles; ask for 1 to {n}, or for auto")]
    K {
        /// Asked for.
        k: usize,
        /// Rows there are.
        n: usize,
    },
    /// New rows and fitted rows differ in length.
    #[error(
        "vectors of {found} numbers cannot be assigned to clusters of {expected}; use the model that made the clusters"
    )]
    Dimension {
        /// Of the fitted rows.
        expected: usize,
        /// Of the new rows.
        found: usize,
    },
    /// Not a share.
    #[error("max_noise is {given}: give a share of the roles, 0 to 1")]
    MaxNoise {
        /// As given.
        given: f64,
    },
    /// HDBSCAN's own checks.
    #[error(transparent)]
    Hdbscan(#[from] HdbscanError),
    /// Expectation maximisation of a Gaussian mixture failed.
    #[error(
        "a mixture of {k} Gaussians cannot be fitted ({reason}); ask for fewer clusters with -k"
    )]
    Mixture {
        /// Components asked for.
        k: usize,
        /// linfa's words.
        reason: String,
    },
    /// linfa's own checks.
    #[error("{0}")]
    Linfa(String),
}

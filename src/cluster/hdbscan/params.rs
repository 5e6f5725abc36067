//! What counts as a cluster.

use serde::{Deserialize, Serialize};

use super::error::HdbscanError;

/// How clusters are chosen from the condensed tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// The set of clusters that lives longest in sum (the paper's choice).
    #[default]
    ExcessOfMass,
    /// The leaves of the tree: more, smaller, more even clusters.
    Leaf,
}

/// Whether all rows together may be the one cluster found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SingleCluster {
    /// Without a split there is no cluster, only noise.
    #[default]
    Refuse,
    /// Excess of mass may keep the root; then only its densest rows are labelled.
    Allow,
}

/// What counts as a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HdbscanParams {
    /// Fewest rows a cluster may have; at least 2.
    pub min_cluster_size: usize,
    /// A row is dense within the distance that holds this many rows, itself counted.
    /// `None` takes `min_cluster_size`, or the number of rows where that is smaller.
    pub min_samples: Option<usize>,
    /// Which clusters of the hierarchy are kept.
    pub selection: Selection,
    /// Clusters that split below this distance are kept whole; 0 for no such limit.
    pub epsilon: f64,
    /// Clusters with more rows are split further, or become noise where they cannot be.
    pub max_cluster_size: Option<usize>,
    /// Whether the root may be a cluster.
    pub single_cluster: SingleCluster,
}

impl Default for HdbscanParams {
    fn default() -> Self {
        HdbscanParams {
            min_cluster_size: 5,
            min_samples: None,
            selection: Selection::default(),
            epsilon: 0.0,
            max_cluster_size: None,
            single_cluster: SingleCluster::default(),
        }
    }
}

impl HdbscanParams {
    /// Whether the parameters fit `n` rows. A `min_cluster_size` above `n` is no error: it
    /// makes every row noise.
    ///
    /// # Errors
    /// Names the first value that does not fit.
    pub fn check(&self, n: usize) -> Result<(), HdbscanError> {
        if self.min_cluster_size < 2 {
            return Err(HdbscanError::MinClusterSize { given: self.min_cluster_size });
        }
        if let Some(given) = self.min_samples {
            check_min_samples(given, n)?;
        }
        if !self.epsilon.is_finite() || self.epsilon < 0.0 {
            return Err(HdbscanError::Epsilon { given: self.epsilon });
        }
        match self.max_cluster_size {
            Some(max) if max < self.min_cluster_size => {
                Err(HdbscanError::MaxClusterSize { max, min: self.min_cluster_size })
            }
            _ => Ok(()),
        }
    }

    /// `min_samples`, with the default filled in for `n` rows.
    pub fn resolved_min_samples(&self, n: usize) -> usize {
        self.min_samples.unwrap_or_else(|| self.min_cluster_size.min(n).max(1))
    }
}

/// `min_samples` counts rows, so it is at least 1 and at most their number.
pub(super) fn check_min_samples(given: usize, rows: usize) -> Result<(), HdbscanError> {
    if given == 0 || (rows > 0 && given > rows) {
        return Err(HdbscanError::MinSamples { given, rows });
    }
    Ok(())
}

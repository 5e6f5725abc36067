//! The parameters of a clustering as they were used, `auto` resolved: written into the report's
//! [`Method`](crate::report::Method), and read from it to repeat the clustering.

use serde::{Deserialize, Serialize};

use super::detail::Detail;
use super::hdbscan::{Precision, Selection, SingleCluster};
use super::kmeans::Metric;
use super::reduction::Reduction;

/// k-means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UsedKMeans {
    pub k: usize,
    /// `auto` or `given`.
    #[serde(skip_deserializing)]
    pub k_choice: &'static str,
    /// Missing in reports of versions that had no directions, as is `detail`.
    pub directions: Option<usize>,
    #[serde(default)]
    pub detail: Detail,
    pub metric: Metric,
    pub max_iterations: usize,
    pub tolerance: f64,
    pub seed: u64,
    pub inertia: f64,
    pub iterations: usize,
}

/// HDBSCAN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UsedHdbscan {
    pub min_cluster_size: usize,
    /// `auto` or `given`.
    #[serde(skip_deserializing)]
    pub min_cluster_size_choice: &'static str,
    /// Missing in reports of versions that had no directions, as is `detail`.
    pub directions: Option<usize>,
    #[serde(default)]
    pub detail: Detail,
    pub min_samples: usize,
    /// `auto` or `given`.
    #[serde(skip_deserializing)]
    pub min_samples_choice: &'static str,
    pub selection: Selection,
    pub epsilon: f64,
    pub max_cluster_size: Option<usize>,
    pub single_cluster: SingleCluster,
    pub max_noise: f64,
    /// Number of dimensions after reduction; `None` where the rows were not reduced.
    pub reduced_to: Option<usize>,
    /// How; missing in reports of early versions, which had UMAP alone.
    #[serde(default)]
    pub reduction: Option<Reduction>,
    /// Number of samples, where the clusters are those that samples of the rows agree on at all
    /// sizes: `min_cluster_size` is then the size whose clusters are most like them.
    #[serde(default)]
    pub samples: Option<usize>,
    /// Missing in reports of early versions, which had no approximate tree.
    pub tree: Option<Precision>,
    pub noise_share_before_soft_assignment: f64,
    pub seed: u64,
}

/// Gaussian mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UsedGmm {
    pub k: usize,
    /// `auto` or `given`.
    #[serde(skip_deserializing)]
    pub k_choice: &'static str,
    /// Missing in reports of versions that had no directions, as is `detail`.
    pub directions: Option<usize>,
    #[serde(default)]
    pub detail: Detail,
    pub reduced_to: usize,
    pub seed: u64,
}

//! Groups rows into specialisations.
//!
//! [`cluster()`] runs one of the algorithms of [`Algorithm`]: k-means (every role belongs to a
//! cluster, whose number is given or chosen), HDBSCAN (dense regions of any shape, the rest is
//! noise) or a Gaussian mixture (every role has a share in every cluster). Each gives the same clusters for the same rows in any order, on any number of
//! threads. [`assign()`] places new rows, [`lineage()`] compares two clusterings of the same roles.

mod algorithm;
mod assign;
mod belonging;
mod choice;
mod choose_k;
mod choose_size;
mod consensus;
mod counterparts;
mod dendrogram;
mod detail;
mod error;
mod fitted;
mod gmm_run;
mod gram;
mod grouping;
mod hartigan;
pub mod hdbscan;
mod hdbscan_consensus;
mod hdbscan_params;
mod hdbscan_report;
mod hdbscan_run;
mod kmeans;
mod kmeans_run;
mod language_offsets;
mod levels;
mod lineage;
mod linfa_api;
mod lloyd;
mod means;
mod membership;
mod merge_tree;
mod mixture;
mod near_given;
mod nearest;
mod noise_assignment;
mod on_sample;
mod reduction;
mod refit;
mod regroup;
mod resamples;
mod row_keys;
mod sample_cuts;
mod seeding;
mod sensitivity;
mod streamed;
#[cfg(test)]
mod tests;
mod used_parameters;
mod within;

use crate::encode::OpenedDevice;
use crate::geometry::Matrix;
use crate::progress::Progress;
use crate::project::Neighborhoods;

pub use algorithm::Algorithm;
pub use assign::{Assigned, ClusterModel, Density, RegroupedModel, SampledModel, Votes, assign};
pub use belonging::{Belonging, Membership};
pub use choice::Choice;
pub use detail::Detail;
pub use error::ClusterError;
pub use fitted::Fitted;
pub use gmm_run::GmmParams;
pub use hdbscan_params::DensityParams;
pub use kmeans::{KMeans, KMeansParams, Metric, fit as fit_kmeans};
pub use language_offsets::LanguageOffsets;
pub use lineage::{lineage, stable_ids};
pub use linfa_api::Hdbscan;
pub use mixture::Mixture;
pub use near_given::{NearGiven, Titles, near_given};
pub use on_sample::{RowSample, SAMPLE_ROWS};
pub use reduction::Reduction;
pub use refit::refit;
pub use regroup::{Grouping, Regrouped};
pub use streamed::fit_kmeans_streamed;
pub use within::within;

/// Groups the rows of `vectors` (`n x d`, unit length) into clusters.
///
/// # Errors
/// When there is no row, a number is not finite, or a parameter does not fit the number of
/// rows.
pub fn cluster(
    vectors: &Matrix,
    algorithm: &Algorithm,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    cluster_with(&Neighborhoods::of(vectors, algorithm.seed()), algorithm, None, progress)
}

/// [`cluster()`] with a neighbour graph that is used for more than clustering, and a GPU that
/// computes the distances of k-means where there are many rows: the clusters are the same.
///
/// # Errors
/// As [`cluster()`]. Where the device fails, the CPU goes on and the method says so.
pub fn cluster_with(
    rows: &Neighborhoods,
    algorithm: &Algorithm,
    device: Option<&OpenedDevice>,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    match algorithm {
        Algorithm::KMeans(params) => kmeans_run::run(rows.vectors(), params, device, progress),
        Algorithm::Hdbscan(params) => hdbscan_run::run(rows, params, progress),
        Algorithm::Gmm(params) => gmm_run::run(rows, params, progress),
    }
}

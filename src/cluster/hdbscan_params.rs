//! Parameters of HDBSCAN as the pipeline calls it.

use super::choice::Choice;
use super::detail::Detail;
use super::error::ClusterError;
use super::hdbscan::{EXACT_ROWS, HdbscanParams, NEAR_BLOCKS, Precision, Selection, SingleCluster};
use super::reduction::Reduction;
use crate::geometry::{MOST_DIMENSIONS, Matrix, first_not_finite};

/// How to run HDBSCAN for [`super::cluster()`].
#[derive(Debug, Clone, PartialEq)]
pub struct DensityParams {
    /// Fewest rows a cluster may have. `Auto` takes what many samples agree on at all sizes, and
    /// with more than 3,000 different rows, or without diffusion, the size whose clusters last.
    pub min_cluster_size: Choice<usize>,
    /// Number of directions that the clusters are grouped into.
    pub directions: Choice<usize>,
    /// How fine the clusters are that `Auto` makes.
    pub detail: Detail,
    /// A row is dense within the distance that holds this many rows, itself counted. `Auto`
    /// is 3 after diffusion, 1 otherwise, and one more per 5,000 rows, up to 5: with few rows
    /// there is little to smooth, and every step up makes more of them noise.
    pub min_samples: Choice<usize>,
    /// Which clusters of the tree are kept.
    pub selection: Selection,
    /// Clusters that split below this distance are kept whole; 0 for no such limit.
    pub epsilon: f64,
    /// Clusters with more rows are split further, or become noise where they cannot be.
    pub max_cluster_size: Option<usize>,
    /// Whether all rows together may be the one cluster.
    pub single_cluster: SingleCluster,
    /// At most this share of the rows may stay noise, in `[0, 1]`; 1 for what the density
    /// says. The surest noise joins the nearest cluster.
    pub max_noise: f64,
    /// What density is measured in.
    pub reduction: Reduction,
    /// With more roles than this a density tree of many dimensions is approximate, and the report
    /// says so; in few dimensions it is always exact.
    pub exact_rows: usize,
    /// Seed of UMAP, of the approximate tree, and of the sample that a reduction of more than
    /// 60,000 different rows starts from. Where none of these is used nothing is random.
    pub seed: u64,
}

impl Default for DensityParams {
    fn default() -> Self {
        DensityParams {
            min_cluster_size: Choice::Auto,
            directions: Choice::Auto,
            detail: Detail::Normal,
            min_samples: Choice::Auto,
            selection: Selection::default(),
            epsilon: 0.0,
            max_cluster_size: None,
            single_cluster: SingleCluster::default(),
            max_noise: 0.25,
            reduction: Reduction::default(),
            exact_rows: EXACT_ROWS,
            seed: 42,
        }
    }
}

/// Fewest `min_samples` after diffusion; rows per further one, and the most it grows to.
const DIFFUSED_SAMPLES: usize = 3;
const ROWS_PER_SAMPLE: usize = 5000;
const MOST_SAMPLES: usize = 5;

impl DensityParams {
    pub(super) fn check(&self, vectors: &Matrix) -> Result<(), ClusterError> {
        if vectors.rows() == 0 {
            return Err(ClusterError::NoRows);
        }
        if !(0.0..=1.0).contains(&self.max_noise) {
            return Err(ClusterError::MaxNoise { given: self.max_noise });
        }
        if let Choice::Given(size) = self.min_cluster_size {
            let min_samples = self.resolved_min_samples(vectors.rows());
            self.at_size(size, min_samples).check(vectors.rows())?;
        }
        match first_not_finite(vectors) {
            Some((row, column)) => Err(ClusterError::NotFinite { row, column }),
            None => Ok(()),
        }
    }

    pub(super) fn at_size(&self, min_cluster_size: usize, min_samples: usize) -> HdbscanParams {
        HdbscanParams {
            min_cluster_size,
            min_samples: Some(min_samples),
            selection: self.selection,
            epsilon: self.epsilon,
            max_cluster_size: self.max_cluster_size,
            single_cluster: self.single_cluster,
        }
    }

    /// How a tree of `n` rows of `d` numbers is built.
    pub(super) fn precision(&self, n: usize, d: usize) -> Precision {
        if n <= self.exact_rows || d <= MOST_DIMENSIONS {
            return Precision::Exact;
        }
        Precision::Approximate { seed: self.seed, near_blocks: NEAR_BLOCKS }
    }

    pub(super) fn resolved_min_samples(&self, n: usize) -> usize {
        match self.min_samples {
            Choice::Given(given) => given,
            Choice::Auto => {
                let fewest =
                    if self.reduction == Reduction::Diffusion { DIFFUSED_SAMPLES } else { 1 };
                (fewest + n / ROWS_PER_SAMPLE).min(MOST_SAMPLES).min(n.max(1))
            }
        }
    }
}

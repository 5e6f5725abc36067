//! The choice of algorithm.

use super::gmm_run::GmmParams;
use super::hdbscan_params::DensityParams;
use super::kmeans::KMeansParams;

/// Which algorithm, and how.
#[derive(Debug, Clone, PartialEq)]
pub enum Algorithm {
    /// Nearest of `k` centres.
    KMeans(KMeansParams),
    /// Dense regions, the rest noise.
    Hdbscan(DensityParams),
    /// A mixture of Gaussians: each role belongs to several clusters in part.
    Gmm(GmmParams),
}

impl Default for Algorithm {
    /// k-means: it gives every role a place and depends less on its seed than HDBSCAN; the crate's
    /// design notes have the figures.
    fn default() -> Self {
        Algorithm::KMeans(KMeansParams::default())
    }
}

impl Algorithm {
    /// The seed of every random choice it makes.
    pub fn seed(&self) -> u64 {
        match self {
            Algorithm::KMeans(params) => params.seed,
            Algorithm::Hdbscan(params) => params.seed,
            Algorithm::Gmm(params) => params.seed,
        }
    }
}

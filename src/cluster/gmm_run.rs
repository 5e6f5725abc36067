//! Gaussian mixture for a report: every role has a share in every cluster.
//!
//! The embeddings are reduced as for HDBSCAN; the number of clusters is the one k-means would
//! choose.

use super::assign::ClusterModel;
use super::choice::Choice;
use super::dendrogram;
use super::detail::Detail;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::grouping::{Grouped, grouped, means_of};
use super::kmeans::{KMeansParams, Prepared};
use super::kmeans_run;
use super::mixture::{Mixture, likeliest};
use super::used_parameters::UsedGmm;
use crate::clustering::Clustering;
use crate::progress::Progress;
use crate::project::{self, Neighborhoods};
use crate::report::Method;

/// How to fit a Gaussian mixture.
#[derive(Debug, Clone, PartialEq)]
pub struct GmmParams {
    /// Number of clusters; `Auto` takes what k-means chooses.
    pub k: Choice<usize>,
    /// Number of directions that the clusters are grouped into.
    pub directions: Choice<usize>,
    /// How many clusters `Auto` makes.
    pub detail: Detail,
    /// Seed of the reduction and of the initial centroids.
    pub seed: u64,
}

impl Default for GmmParams {
    fn default() -> Self {
        GmmParams { k: Choice::Auto, directions: Choice::Auto, detail: Detail::Normal, seed: 42 }
    }
}

/// Clusters `rows` (`n x d`).
pub(super) fn run(
    rows: &Neighborhoods,
    params: &GmmParams,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let vectors = rows.vectors();
    let mut method = Method { algorithm: "gmm".into(), ..Method::default() };
    let kmeans = KMeansParams {
        directions: params.directions,
        detail: params.detail,
        ..KMeansParams::default()
    };
    let prepared = Prepared::new(vectors, &kmeans)?;
    let levels = kmeans_run::levels(&prepared, params.k, &kmeans, &mut method, progress)?;
    let k = levels.k;
    let places = project::reduce(rows, params.seed, progress);
    progress.start("fitting the mixture", 1);
    let mixture = Mixture::fit(vectors, places, k, params.seed)?;
    progress.advance(1);
    progress.finish();

    let shares = mixture.shares(&mixture.places);
    let (raw, strengths): (Vec<Option<usize>>, Vec<f32>) = shares
        .iter_rows()
        .map(|line| likeliest(line).map_or((None, 0.0), |(at, share)| (Some(at), share)))
        .unzip();
    let (clustering, old) = Clustering::canonical(&raw, strengths);
    let clustering = clustering.with_shares(|row, id| shares.row(row)[old[id.index()]]);
    if old.len() < k {
        method.warnings.push(format!(
            "{k} components were fitted, but only {} of them are the likeliest of some role",
            old.len()
        ));
    }
    method.insert_parameters(&UsedGmm {
        k,
        k_choice: params.k.name(),
        directions: Some(levels.n_directions),
        detail: params.detail,
        reduced_to: project::REDUCED,
        seed: params.seed,
    });
    let centroids = means_of(vectors, &clustering);
    let consensus = kmeans_run::consensus(&prepared, levels, progress);
    let Grouped { clustering, .. } =
        grouped(clustering, &centroids, consensus.as_ref(), &prepared, levels);
    let hierarchy = dendrogram::of_centres(&centroids, &clustering);
    let model = ClusterModel::Mixture(Box::new(mixture.renumbered(&old)));
    Ok(Fitted { clustering, method, model, raw: None, hierarchy })
}

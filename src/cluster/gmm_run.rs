//! Gaussian mixture for a report: every role has a share in every cluster.
//!
//! The embeddings are reduced as for HDBSCAN; the number of clusters is the one k-means would
//! choose.

use super::assign::ClusterModel;
use super::choice::Choice;
use super::dendrogram;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::kmeans::{self, KMeansParams};
use super::kmeans_run;
use super::lloyd::Scale;
use super::mixture::{Mixture, likeliest};
use super::used_parameters::UsedGmm;
use crate::clustering::Clustering;
use crate::geometry::canonical_order;
use crate::progress::Progress;
use crate::project::{self, Neighborhoods};
use crate::report::Method;

/// How to fit a Gaussian mixture.
#[derive(Debug, Clone, PartialEq)]
pub struct GmmParams {
    /// Number of clusters; `Auto` takes what k-means chooses.
    pub k: Choice<usize>,
    /// Seed of the reduction and of the initial centroids.
    pub seed: u64,
}

impl Default for GmmParams {
    fn default() -> Self {
        GmmParams { k: Choice::Auto, seed: 42 }
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
    let kmeans = KMeansParams { k: params.k, seed: params.seed, ..KMeansParams::default() };
    let k = kmeans_run::number_of_clusters(vectors, &kmeans, &mut method, progress)?;
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
        reduced_to: project::REDUCED,
        seed: params.seed,
    });
    // Summed in an order of content, for the same bits in any order of the rows.
    let order = canonical_order(vectors);
    let labels = clustering.labels();
    let of_row: Vec<usize> = order.iter().filter_map(|&row| Some(labels[row]?.index())).collect();
    let centroids = kmeans::means(&vectors.select(&order), &of_row, old.len(), Scale::AsIs);
    let hierarchy = dendrogram::of_centres(&centroids, &clustering);
    let model = ClusterModel::Mixture(Box::new(mixture.renumbered(&old)));
    Ok(Fitted { clustering, method, model, raw: None, hierarchy })
}

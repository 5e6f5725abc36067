//! What a clustering says beyond its labels: directions, certainty, and shares of other clusters.

use rayon::prelude::*;

use super::consensus::{Consensus, Judgement};
use super::gram::Gram;
use super::kmeans::Prepared;
use super::levels::Levels;
use super::lloyd::Scale;
use super::means::means;
use super::membership::{USUAL_OWN_SHARE, shares_of, softness};
use super::merge_tree::MergeTree;
use crate::clustering::{ClusterId, Clustering};
use crate::geometry::{Matrix, canonical_order};

/// The clustering with directions, the certainty of its clusters, and the softness of its shares.
pub(super) struct Grouped {
    pub(super) clustering: Clustering,
    /// Squared distance at which a share falls to `1 / e`; see [`super::membership`].
    pub(super) softness: f64,
}

/// Judges the clusters with these centres (`k x d`, by cluster id) by the consensus of the core,
/// where there is one.
pub(super) fn grouped(
    clustering: Clustering,
    centroids: &Matrix,
    consensus: Option<&Consensus>,
    prepared: &Prepared,
    levels: Levels,
) -> Grouped {
    let k = clustering.n_clusters();
    let label = |row: &usize| clustering.labels()[*row].map_or(usize::MAX, ClusterId::index);
    let labels: Vec<usize> = prepared.core_order().iter().map(label).collect();
    let judged = consensus.map(|consensus| consensus.judge(&labels, k));
    let own_share = judged.as_ref().map_or(USUAL_OWN_SHARE, |judged| judged.own_share);
    let softness = softness(prepared.core_rows(), centroids, own_share);
    let (directions, certainty) = match judged {
        Some(Judgement { directions, certainty, .. }) => (directions, certainty),
        None => (nearest_centres(centroids, levels.n_directions), Vec::new()),
    };
    let certainty = certainty.into_iter().map(|share| share as f32).collect();
    Grouped { clustering: clustering.with_levels(&directions, certainty), softness }
}

/// The mean of each cluster (`k x d`), summed in an order of content, so that the bits are the same
/// in any order of the rows.
pub(super) fn means_of(vectors: &Matrix, clustering: &Clustering) -> Matrix {
    let labels = clustering.labels();
    let clustered =
        canonical_order(vectors).into_iter().filter_map(|row| Some((row, labels[row]?.index())));
    let (rows, of_row): (Vec<usize>, Vec<usize>) = clustered.unzip();
    means(&vectors.select(&rows), &of_row, clustering.n_clusters(), Scale::AsIs)
}

/// Shares of the three likeliest clusters of every clustered row of `vectors` (`n x d`); the own
/// cluster has the largest, also where another centre is nearer.
pub(super) fn with_shares(
    clustering: Clustering,
    vectors: &Matrix,
    centroids: &Matrix,
    softness: f64,
) -> Clustering {
    let labels = clustering.labels().to_vec();
    let of_row = |row: usize| {
        let Some(own) = labels[row] else { return Vec::new() };
        let mut shares = shares_of(vectors.row(row), centroids, softness);
        let largest = (0..shares.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b]));
        largest.iter().for_each(|&largest| shares.swap(own.index(), largest));
        shares
    };
    let shares: Vec<Vec<f64>> = (0..labels.len()).into_par_iter().map(of_row).collect();
    clustering.with_shares(|row, id| shares[row].get(id.index()).map_or(0.0, |&s| s as f32))
}

/// Directions of clusters of which only the centres are known.
fn nearest_centres(centroids: &Matrix, n_directions: usize) -> Vec<usize> {
    MergeTree::ward(&Gram::of(centroids)).cut(n_directions)
}

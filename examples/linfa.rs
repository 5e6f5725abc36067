//! The clustering algorithms behind linfa's traits, on three groups of points.
//!
//! k-means and HDBSCAN are this crate's own and are fitted like any model of linfa's; the
//! Gaussian mixture is linfa-clustering's.
//!
//!     cargo run --release --example linfa

// An example speaks to its reader.
#![allow(clippy::print_stdout)]

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::GaussianMixtureModel;
use ndarray::Array2;
use rolecluster::cluster::hdbscan::HdbscanParams;
use rolecluster::cluster::{Choice, KMeansParams};

/// `n` points in three discs of radius 1, 10 apart.
fn points(n: usize) -> Array2<f32> {
    Array2::from_shape_fn((n, 2), |(row, column)| {
        // Vogel's spiral fills a disc evenly.
        let (turn, radius) = ((row as f32) * 2.399_963, (row as f32 / n as f32).sqrt());
        let centre = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]][row % 3][column];
        centre + radius * if column == 0 { turn.cos() } else { turn.sin() }
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let records = points(300);
    let dataset = DatasetBase::from(records.clone());

    // The number of clusters is chosen by the stability of random halves.
    let kmeans = KMeansParams::default().fit(&dataset)?;
    println!("k-means: {} clusters", kmeans.centroids.rows());
    let given = KMeansParams { k: Choice::Given(2), ..KMeansParams::default() };
    println!("k-means, k = 2: inertia {:.1}", given.fit(&dataset)?.inertia);

    let params = HdbscanParams { min_cluster_size: 10, ..HdbscanParams::default() };
    let hdbscan = params.fit(&dataset)?;
    let noise = hdbscan.labels().iter().filter(|label| label.is_none()).count();
    let clusters = hdbscan.labels().iter().flatten().max().map_or(0, |most| most + 1);
    println!("HDBSCAN: {clusters} clusters, {noise} points of noise");

    let wide = DatasetBase::from(records.mapv(f64::from));
    let mixture = GaussianMixtureModel::params(3).fit(&wide)?;

    // New points; far away is noise for HDBSCAN alone.
    let new = ndarray::array![[0.1f32, 0.2], [10.0, 0.3], [500.0, 500.0]];
    println!("predicted by k-means: {:?}", kmeans.predict(&new).to_vec());
    println!("predicted by HDBSCAN: {:?}", hdbscan.predict(&new).to_vec());
    let shares = mixture.predict_proba(&ndarray::array![[4.9f64, 0.0]]);
    println!("shares of a point between two groups: {shares:.2}");
    Ok(())
}

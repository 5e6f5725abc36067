//! How good a clustering is: on its own, against labels, and under resampling; and how good
//! a ranking is ([`retrieval()`]).
//!
//! Noise counts as no cluster in the figures without labels ([`silhouette`], [`dbcv`]) and
//! as one group of its own in those with labels ([`agreement`]); each says so.

mod agreement;
mod dbcv;
mod retrieval;
mod silhouette;
mod stability;

use crate::clustering::{Clustering, Label};
use crate::geometry::Matrix;
use crate::report::Scores;

pub use agreement::{Agreement, agreement};
pub use dbcv::{Validity, dbcv};
pub use retrieval::{Judged, Retrieval, retrieval};
pub use silhouette::silhouette;
pub use stability::{Stability, StabilityParams, stability};

/// Rows [`scores`] computes the silhouette of; of larger corpora a sample.
const SILHOUETTE_ROWS: usize = 10_000;

/// The figures that need no labels.
///
/// Above 10,000 clustered rows the silhouette is that of a sample, which is drawn by the
/// rows' own content and so the same in any row order.
///
/// # Panics
/// If there is not one label per row.
pub fn scores(vectors: &Matrix, clustering: &Clustering) -> Scores {
    let labels = clustering.labels();
    assert_eq!(labels.len(), vectors.rows(), "one label per row");
    let n = labels.len().max(1) as f64;
    let clustered: Vec<usize> = (0..labels.len()).filter(|&row| labels[row].is_some()).collect();
    let largest = clustering.members().iter().map(Vec::len).max().unwrap_or(0);
    Scores {
        n_clusters: clustering.n_clusters(),
        silhouette: mean_silhouette(vectors, labels, clustered),
        noise_share: clustering.noise().len() as f64 / n,
        largest_share: largest as f64 / n,
    }
}

fn mean_silhouette(vectors: &Matrix, labels: &[Label], mut rows: Vec<usize>) -> Option<f64> {
    if rows.len() > SILHOUETTE_ROWS {
        rows.sort_by_cached_key(|&row| (content_hash(vectors.row(row)), row));
        rows.truncate(SILHOUETTE_ROWS);
    }
    let labels: Vec<Label> = rows.iter().map(|&row| labels[row]).collect();
    let scores: Vec<f64> =
        silhouette(&vectors.select(&rows), &labels).into_iter().flatten().collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// FNV-1a over the bits of a row.
fn content_hash(row: &[f32]) -> u64 {
    let bytes = row.iter().flat_map(|x| x.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_count_all_rows_and_the_silhouette_only_clustered_ones() {
        let vectors = Matrix::new(5, 1, vec![0.0, 0.1, 0.2, 9.0, 50.0]).unwrap();
        let raw = [Some(1), Some(1), Some(1), Some(0), None];
        let (clustering, _) = Clustering::canonical(&raw, vec![1.0; 5]);
        let found = scores(&vectors, &clustering);
        assert_eq!((found.n_clusters, found.noise_share, found.largest_share), (2, 0.2, 0.6));
        // The row at 9 is alone, which counts as 0; the other three are near 1.
        let silhouette = found.silhouette.unwrap();
        assert!((silhouette - 0.74).abs() < 0.01, "{silhouette}");
    }

    #[test]
    fn nothing_is_scored_where_nothing_is_defined() {
        let (one, _) = Clustering::canonical(&[Some(0), Some(0)], vec![1.0; 2]);
        assert_eq!(scores(&Matrix::zeros(2, 3), &one).silhouette, None);
        let (none, _) = Clustering::canonical(&[], vec![]);
        assert_eq!(scores(&Matrix::default(), &none), Scores::default());
    }
}

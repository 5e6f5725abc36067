//! Evaluation measures: of a clustering alone, against labels, and under resampling; and of a
//! ranking ([`retrieval()`]).
//!
//! Noise counts as no cluster in the figures without labels ([`silhouette`], [`dbcv`]) and
//! as one group of its own in those with labels ([`agreement`]); each says so.

mod agreement;
mod dbcv;
mod retrieval;
mod silhouette;
mod stability;

use std::collections::BTreeMap;

use crate::clustering::{ClusterId, Clustering, Label};
use crate::geometry::Matrix;
use crate::report::Scores;

pub use agreement::{Agreement, agreement};
pub use dbcv::{Validity, dbcv};
pub use retrieval::{Judged, Retrieval, retrieval};
pub use silhouette::silhouette;
pub use stability::{Stability, StabilityParams, stability};

/// Rows [`scores`] computes the silhouette of; of larger corpora a sample.
const SILHOUETTE_ROWS: usize = 10_000;

/// Rows, noise counted, that it computes DBCV of; of larger corpora a sample. DBCV takes
/// memory for all pairs of a cluster's rows.
const DBCV_ROWS: usize = 2000;

/// The figures that need no labels; stability, which needs more clusterings, is left open.
///
/// Above 10,000 clustered rows the silhouette is that of a sample, above 2,000 rows DBCV is;
/// samples are drawn by the rows' own content and so the same in any row order. DBCV is not
/// defined for a cluster of a single row: its row counts as noise there.
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
        dbcv: dbcv_of_some(vectors, labels),
        dbcv_sample: (labels.len() > DBCV_ROWS).then_some(DBCV_ROWS),
        stability: None,
    }
}

fn dbcv_of_some(vectors: &Matrix, labels: &[Label]) -> Option<f64> {
    let rows = sampled(vectors, (0..labels.len()).collect(), DBCV_ROWS);
    let mut sizes: BTreeMap<ClusterId, usize> = BTreeMap::new();
    rows.iter().filter_map(|&row| labels[row]).for_each(|id| *sizes.entry(id).or_default() += 1);
    // Ids without a gap, or a cluster outside the sample would be one without rows.
    let large = sizes.iter().filter(|(_, size)| **size > 1).map(|(id, _)| *id);
    let renumbered: BTreeMap<ClusterId, ClusterId> =
        large.enumerate().map(|(new, old)| (old, ClusterId(new as u32))).collect();
    let labels: Vec<Label> =
        rows.iter().map(|&row| renumbered.get(&labels[row]?).copied()).collect();
    if rows.len() == vectors.rows() {
        return dbcv(vectors, &labels).map(|validity| validity.index);
    }
    dbcv(&vectors.select(&rows), &labels).map(|validity| validity.index)
}

/// The rows, or `most` of them, chosen by what they hold.
fn sampled(vectors: &Matrix, mut rows: Vec<usize>, most: usize) -> Vec<usize> {
    if rows.len() > most {
        rows.sort_by_cached_key(|&row| (content_hash(vectors.row(row)), row));
        rows.truncate(most);
    }
    rows
}

fn mean_silhouette(vectors: &Matrix, labels: &[Label], rows: Vec<usize>) -> Option<f64> {
    let rows = sampled(vectors, rows, SILHOUETTE_ROWS);
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
        // With the single row taken for noise one cluster is left.
        assert_eq!((found.dbcv, found.dbcv_sample), (None, None));
    }

    #[test]
    fn dbcv_is_that_of_all_rows_or_of_a_sample_that_row_order_does_not_change() {
        let number = |i: usize| (i % 2 * 20) as f32 + (i as f32 * 0.7).sin();
        let n = DBCV_ROWS + 500;
        let vectors = Matrix::new(n, 1, (0..n).map(number).collect()).unwrap();
        let labelled = |rows: std::ops::Range<usize>| {
            let raw: Vec<Option<usize>> = rows.map(|i| (i % 7 > 0).then_some(i % 2)).collect();
            Clustering::canonical(&raw, vec![1.0; raw.len()]).0
        };
        let few: Vec<usize> = (0..200).collect();
        let few = scores(&vectors.select(&few), &labelled(0..200));
        let whole: Vec<usize> = (0..200).collect();
        let whole = dbcv(&vectors.select(&whole), labelled(0..200).labels()).unwrap();
        assert_eq!((few.dbcv, few.dbcv_sample), (Some(whole.index), None));

        let many = scores(&vectors, &labelled(0..n));
        assert_eq!(many.dbcv_sample, Some(DBCV_ROWS));
        assert!(many.dbcv.unwrap() > 0.5, "{many:?}");
        let turned: Vec<usize> = (0..n).rev().collect();
        let raw: Vec<Option<usize>> =
            turned.iter().map(|&i| labelled(0..n).labels()[i].map(ClusterId::index)).collect();
        let (labels, _) = Clustering::canonical(&raw, vec![1.0; n]);
        assert_eq!(scores(&vectors.select(&turned), &labels).dbcv, many.dbcv);
    }

    #[test]
    fn nothing_is_scored_where_nothing_is_defined() {
        let (one, _) = Clustering::canonical(&[Some(0), Some(0)], vec![1.0; 2]);
        assert_eq!(scores(&Matrix::zeros(2, 3), &one).silhouette, None);
        let (none, _) = Clustering::canonical(&[], vec![]);
        assert_eq!(scores(&Matrix::default(), &none), Scores::default());
    }
}

//! k-means for more rows than memory holds.
//!
//! Two passes over blocks of rows. The first keeps a sample, which is clustered like any
//! corpus; the second assigns every row to the nearest centroid of the sample. With hundreds of
//! rows per cluster in the sample its centroids are those of all rows but for a small error,
//! and unlike mini-batches (D. Sculley, "Web-scale k-means clustering", WWW 2010) the result
//! does not depend on the order in which rows come.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

use super::choice::Choice;
use super::error::ClusterError;
use super::kmeans::{self, KMeans, KMeansParams};
use super::kmeans_run;
use super::nearest::Centroids;
use super::row_keys::mixed;
use crate::clustering::Clustering;
use crate::geometry::Matrix;

/// Rows of the sample at least, and per cluster.
const SAMPLE_ROWS: usize = 65_536;
const SAMPLE_ROWS_PER_CLUSTER: usize = 256;

/// Fits k-means to rows that come in blocks, which are asked for twice: `blocks` begins
/// anew each time it is called. Keeps one block, up to twice a sample of 65,536 rows (more for
/// more than 256 clusters), and a label and a strength per row.
///
/// Which rows are in the sample is decided by what they hold and the seed, so neither the
/// order of rows nor the size of blocks changes a label.
///
/// # Errors
/// What a block is in place of rows, and what [`super::fit_kmeans`] refuses.
pub fn fit_kmeans_streamed<I, E>(blocks: impl Fn() -> I, params: &KMeansParams) -> Result<KMeans, E>
where
    I: Iterator<Item = Result<Matrix, E>>,
    E: From<ClusterError>,
{
    let most = match params.k {
        Choice::Given(k) => SAMPLE_ROWS.max(k.saturating_mul(SAMPLE_ROWS_PER_CLUSTER)),
        Choice::Auto => SAMPLE_ROWS,
    };
    fit_from_sample(blocks, params, most)
}

fn fit_from_sample<I, E>(
    blocks: impl Fn() -> I,
    params: &KMeansParams,
    most: usize,
) -> Result<KMeans, E>
where
    I: Iterator<Item = Result<Matrix, E>>,
    E: From<ClusterError>,
{
    let mut sample = Sample::new(most, params.seed);
    for block in blocks() {
        sample.offer(&block?);
    }
    let rows = sample.into_rows();
    let mut fitted = match params.k {
        Choice::Given(k) => kmeans::fit(&rows, k, params)?,
        Choice::Auto => kmeans_run::fit_auto(&rows, params)?,
    };
    drop(rows);

    let centroids = Centroids::new(&fitted.centroids);
    let (mut raw, mut strengths) = (Vec::new(), Vec::new());
    fitted.inertia = 0.0;
    for block in blocks() {
        let block = block?;
        if block.cols() != fitted.centroids.cols() {
            let (expected, found) = (fitted.centroids.cols(), block.cols());
            return Err(ClusterError::Dimension { expected, found }.into());
        }
        let rows = kmeans::prepare(&block, params.metric).map_err(|error| match error {
            ClusterError::NotFinite { row, column } => {
                ClusterError::NotFinite { row: row + raw.len(), column }
            }
            other => other,
        })?;
        for nearest in centroids.two_nearest(&rows) {
            raw.push(Some(nearest.first));
            strengths.push(nearest.margin());
            fitted.inertia += nearest.squared;
        }
    }
    let (clustering, kept) = Clustering::canonical(&raw, strengths);
    fitted.centroids = fitted.centroids.select(&kept);
    fitted.clustering = clustering;
    Ok(fitted)
}

/// The rows of the smallest hashes so far.
struct Sample {
    most: usize,
    seed: u64,
    cols: usize,
    rows: Vec<(u64, Vec<f32>)>,
}

impl Sample {
    fn new(most: usize, seed: u64) -> Self {
        let seed = Xoshiro256PlusPlus::seed_from_u64(seed).next_u64();
        Sample { most, seed, cols: 0, rows: Vec::new() }
    }

    fn offer(&mut self, block: &Matrix) {
        if self.rows.is_empty() {
            self.cols = block.cols();
        }
        // Blocks of other lengths are refused in the second pass.
        let fits = block.cols() == self.cols;
        for row in block.iter_rows().filter(|_| fits) {
            self.rows.push((self.hash(row), row.to_vec()));
            if self.rows.len() >= 2 * self.most.max(1) {
                self.shrink();
            }
        }
    }

    fn shrink(&mut self) {
        if self.rows.len() > self.most {
            self.rows.select_nth_unstable_by(self.most, |a, b| {
                let by_content = || a.1.iter().zip(&b.1).map(|(x, y)| x.total_cmp(y));
                let unequal = by_content().find(|order| order.is_ne());
                a.0.cmp(&b.0).then(unequal.unwrap_or(std::cmp::Ordering::Equal))
            });
            self.rows.truncate(self.most);
        }
    }

    /// By content: the fit puts rows in order itself.
    fn into_rows(mut self) -> Matrix {
        self.shrink();
        let data: Vec<f32> = self.rows.iter().flat_map(|(_, row)| row).copied().collect();
        // Rows of one length only were taken.
        Matrix::new(self.rows.len(), self.cols, data).unwrap_or_default()
    }

    fn hash(&self, row: &[f32]) -> u64 {
        row.iter().fold(self.seed, |hash, x| mixed(hash ^ u64::from(x.to_bits())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::fit_kmeans;
    use crate::cluster::tests::directions;

    fn blocks(
        rows: &Matrix,
        size: usize,
    ) -> impl Fn() -> std::vec::IntoIter<Result<Matrix, ClusterError>> {
        let rows = rows.clone();
        move || {
            let all: Vec<usize> = (0..rows.rows()).collect();
            let blocks: Vec<_> = all.chunks(size).map(|some| Ok(rows.select(some))).collect();
            blocks.into_iter()
        }
    }

    fn given(k: usize) -> KMeansParams {
        KMeansParams { k: Choice::Given(k), ..KMeansParams::default() }
    }

    #[test]
    fn a_sample_of_all_rows_is_the_usual_fit() {
        let rows = directions(5, 30, 12, 0.8, 4);
        let usual = fit_kmeans(&rows, 7, &given(7)).unwrap();
        let streamed = fit_kmeans_streamed(blocks(&rows, 32), &given(7)).unwrap();
        assert_eq!(streamed.clustering, usual.clustering);
        assert_eq!(streamed.centroids, usual.centroids);
        assert!((streamed.inertia - usual.inertia).abs() < 1e-9 * usual.inertia);
        let auto = fit_kmeans_streamed(blocks(&rows, 32), &KMeansParams::default()).unwrap();
        assert_eq!(auto.clustering.n_clusters(), 5);
    }

    #[test]
    fn a_small_sample_comes_near_and_order_does_not_matter() {
        let rows = directions(8, 1000, 10, 1.0, 9);
        let usual = fit_kmeans(&rows, 8, &given(8)).unwrap();
        let fit =
            |rows: &Matrix, size| fit_from_sample(blocks(rows, size), &given(8), 1500).unwrap();
        let streamed = fit(&rows, 700);
        assert!(streamed.inertia < 1.01 * usual.inertia, "{} {}", streamed.inertia, usual.inertia);
        assert!(streamed.inertia >= usual.inertia * 0.999);
        let turned: Vec<usize> = (0..8000).rev().collect();
        let again = fit(&rows.select(&turned), 333);
        let back: Vec<f32> = again.clustering.strengths().iter().rev().copied().collect();
        assert_eq!(back, streamed.clustering.strengths());
    }

    #[test]
    fn what_is_wrong_with_a_block_is_told() {
        let none = || Vec::<Result<Matrix, ClusterError>>::new().into_iter();
        assert_eq!(fit_kmeans_streamed(none, &given(2)), Err(ClusterError::NoRows));
        let mut rows = directions(2, 20, 4, 0.5, 1);
        rows.row_mut(25)[1] = f32::NAN;
        let found = fit_kmeans_streamed(blocks(&rows, 10), &given(2));
        assert!(matches!(found, Err(ClusterError::NotFinite { column: 1, .. })), "{found:?}");
        let torn = || vec![Ok(Matrix::zeros(4, 3)), Err(ClusterError::NoRows)].into_iter();
        assert_eq!(fit_kmeans_streamed(torn, &given(2)), Err(ClusterError::NoRows));
        let uneven = || {
            let fine: Result<Matrix, ClusterError> = Ok(directions(2, 20, 4, 0.5, 1));
            vec![fine, Ok(Matrix::zeros(3, 2))].into_iter()
        };
        let error = ClusterError::Dimension { expected: 4, found: 2 };
        assert_eq!(fit_kmeans_streamed(uneven, &given(2)), Err(error));
    }
}

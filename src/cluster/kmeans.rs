//! k-means: every role belongs to the nearest of `k` centres.
//!
//! Up to [`CORE_ROWS`] rows the work is done on the Gram matrix: start from a cut of Ward's tree,
//! then move rows, split and merge clusters while that lowers the inertia (see `ward` and
//! `hartigan`). For a given `k` random starts run beside and the lowest inertia
//! wins. Where `k` is chosen there are none: neighbouring `k` then differ by little more
//! than a split, and what is delivered starts from what was judged.
//!
//! Above that, the same is done on a sample, and its centres start Lloyd's iterations over
//! all rows (P. S. Bradley and U. M. Fayyad, "Refining initial points for k-means
//! clustering", ICML 1998).
//!
//! Labels are always those of the nearest final centre, decided in `f64`: assigning a
//! fitted row gives its label back. Rows are put in an order of their own content first,
//! so that row order and number of threads change nothing.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use super::choice::Choice;
use super::choose_k::{self, Chosen};
use super::error::ClusterError;
use super::gram::Gram;
use super::hartigan::{self, Partition};
use super::lloyd::{Course, RemoteScores, Scale, Stop, lloyd, write_mean};
use super::nearest::{Centroids, Nearest};
use super::seeding;
use super::ward::WardTree;
use crate::clustering::Clustering;
use crate::encode::OpenedDevice;
use crate::geometry::{Matrix, canonical_order, first_not_finite, n_distinct, squared_distance};

/// Rows whose inner products are tabled: 64 MiB, and as much again for Ward's tree.
pub(super) const CORE_ROWS: usize = 4096;

/// Rows of the sample of a larger corpus.
const SAMPLE_ROWS: usize = 2048;

/// With fewer core rows per cluster than this the core is no basis for centroids; they are
/// drawn by k-means++ from [`SEEDING_ROWS`] rows per cluster instead.
const CORE_ROWS_PER_CLUSTER: usize = 16;

/// As many rows per centre as faiss trains on.
const SEEDING_ROWS: usize = 256;

/// Splits and merges tried.
const RESHAPE_TRIES: usize = 40;

/// Up to so many rows all tries and restarts run; above it as many as take the same time.
const ALL_TRIES_ROWS: usize = 1024;

/// A random start wins over Ward's only if its inertia is below this share of it.
const CLEARLY_BETTER: f64 = 0.999;

/// What "nearest" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Euclidean distance to the mean; on unit rows close to the angle.
    #[default]
    Euclidean,
    /// The angle: rows and means are scaled to unit length (I. S. Dhillon and
    /// D. S. Modha, "Concept decompositions for large sparse text data", 2001).
    Spherical,
}

/// How to run k-means.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeansParams {
    /// Number of clusters; see `choose_k` for what `Auto` does.
    pub k: Choice<usize>,
    /// What "nearest" means.
    pub metric: Metric,
    /// Random starts beside the start from Ward's tree, for a given `k`; fewer above 1,024
    /// rows, none above 4,096.
    pub restarts: usize,
    /// Lloyd's iterations at most.
    pub max_iterations: usize,
    /// Lloyd stops when the squared shifts of all centres sum up to at most this share of
    /// the mean variance of a column, as in scikit-learn.
    pub tolerance: f64,
    /// Seed of every draw.
    pub seed: u64,
}

impl Default for KMeansParams {
    fn default() -> Self {
        KMeansParams {
            k: Choice::Auto,
            metric: Metric::Euclidean,
            restarts: 30,
            max_iterations: 300,
            tolerance: 1e-4,
            seed: 42,
        }
    }
}

/// A finished k-means.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeans {
    /// `k x d`, by cluster id.
    pub centroids: Matrix,
    /// Label and strength of every row; strength is `1 - a / b` of the distances to the
    /// own and the next centre: 1 on the centre, 0 half-way to another cluster.
    pub clustering: Clustering,
    /// Sum of squared distances to the own centre.
    pub inertia: f64,
    /// Lloyd's iterations over all rows; 0 where the core was all rows.
    pub iterations: usize,
    pub(super) metric: Metric,
}

/// Runs k-means for a given `k`.
///
/// Where fewer than `k` rows are different, there are that many clusters.
///
/// # Errors
/// When there is no row, a number is not finite, or `k` is 0 or larger than the number of
/// rows.
pub fn fit(vectors: &Matrix, k: usize, params: &KMeansParams) -> Result<KMeans, ClusterError> {
    Prepared::new(vectors, params)?.fit(k, Starts::All)
}

/// The same for a `k` chosen as [`super::cluster()`] chooses it.
///
/// # Errors
/// When there is no row, or a number is not finite.
pub(super) fn fit_auto(vectors: &Matrix, params: &KMeansParams) -> Result<KMeans, ClusterError> {
    let prepared = Prepared::new(vectors, params)?;
    let candidates = choose_k::candidates(prepared.n_distinct());
    prepared.fit(prepared.choose_k(&candidates, || ()).k, Starts::Ward)
}

/// Where a fit may start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starts {
    /// Ward's tree.
    Ward,
    /// Ward's tree and random rows.
    All,
}

/// Rows made ready for fits with several `k`.
pub(super) struct Prepared<'a> {
    params: &'a KMeansParams,
    /// Row `i` of `rows` is row `order[i]` of the input.
    order: Vec<usize>,
    rows: Matrix,
    n_distinct: usize,
    core: Core,
}

/// All rows, or a sample of them, with their products and tree.
struct Core {
    /// `None` when it is all rows.
    sample: Option<Matrix>,
    gram: Gram,
    tree: WardTree,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(vectors: &Matrix, params: &'a KMeansParams) -> Result<Self, ClusterError> {
        let prepared = prepare(vectors, params.metric)?;
        let order = canonical_order(&prepared);
        let rows = prepared.select(&order);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(params.seed);
        let sample = (rows.rows() > CORE_ROWS)
            .then(|| rows.select(&seeding::sample(&mut rng, rows.rows(), SAMPLE_ROWS)));
        let gram = Gram::of(sample.as_ref().unwrap_or(&rows));
        let core = Core { sample, tree: WardTree::build(&gram), gram };
        Ok(Prepared { params, n_distinct: n_distinct(&rows), order, rows, core })
    }

    pub(super) fn n_distinct(&self) -> usize {
        self.n_distinct
    }

    /// The number of clusters that comes back from halves of the rows; see [`choose_k`].
    pub(super) fn choose_k(&self, candidates: &[usize], done: impl Fn() + Sync) -> Chosen {
        choose_k::choose(&self.core.gram, candidates, self.params.seed, done)
    }

    /// All rows, or the sample of them.
    pub(super) fn core_rows(&self) -> &Matrix {
        self.core.sample.as_ref().unwrap_or(&self.rows)
    }

    /// Labels of the core for `k` clusters, from Ward's start alone.
    pub(super) fn core_labels(&self, k: usize) -> Vec<usize> {
        self.ward_partition(k).labels
    }

    fn ward_partition(&self, k: usize) -> Partition {
        let gram = &self.core.gram;
        let k = k.min(gram.len());
        let refined = hartigan::refine(gram, self.core.tree.cut(k), k);
        hartigan::reshape(gram, refined, k, affordable(RESHAPE_TRIES, gram.len()))
    }

    /// The best of Ward's start and the random ones.
    fn core_partition(&self, k: usize, starts: Starts) -> Partition {
        let gram = &self.core.gram;
        let mut best = self.ward_partition(k);
        let mut bar = best.inertia * CLEARLY_BETTER;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.params.seed ^ k as u64);
        let restarts = match (starts, &self.core.sample) {
            (Starts::All, None) => affordable(self.params.restarts, gram.len()),
            // On a sample the lowest inertia is partly chance, Ward's is not.
            _ => 0,
        };
        for _ in 0..restarts {
            let seeds = seeding::plus_plus(gram.len(), k, &mut rng, |rows| {
                rows.iter().map(|&row| gram.squared_distances(row).collect()).collect()
            });
            let found = hartigan::refine(gram, nearest_seed(gram, &seeds), k);
            if found.inertia < bar {
                bar = found.inertia;
                best = found;
            }
        }
        best
    }

    pub(super) fn fit(&self, k: usize, starts: Starts) -> Result<KMeans, ClusterError> {
        self.fit_on(None, k, starts).map(|(fitted, _)| fitted)
    }

    /// Whether there are iterations over all rows, which a GPU can help with.
    pub(super) fn iterates(&self) -> bool {
        self.core.sample.is_some()
    }

    /// The same with the rows on a device; also says how the iterations went.
    pub(super) fn fit_on(
        &self,
        device: Option<&OpenedDevice>,
        k: usize,
        starts: Starts,
    ) -> Result<(KMeans, Course), ClusterError> {
        let n = self.rows.rows();
        if k == 0 || k > n {
            return Err(ClusterError::K { k, n });
        }
        let k = k.min(self.n_distinct);
        let scale = match self.params.metric {
            Metric::Euclidean => Scale::AsIs,
            Metric::Spherical => Scale::Unit,
        };
        let core = self.core_rows();
        let from_core = self.core.sample.is_none() || k * CORE_ROWS_PER_CLUSTER <= core.rows();
        let mut centroids = if from_core {
            means(core, &self.core_partition(k, starts).labels, k, scale)
        } else {
            self.drawn_centroids(k)
        };
        let mut course = Course::default();
        if self.iterates() || scale == Scale::Unit {
            course = self.iterate(&mut centroids, scale, device);
        }
        Ok((self.finish(centroids, course.iterations), course))
    }

    /// Lloyd's iterations over all rows.
    fn iterate(
        &self,
        centroids: &mut Matrix,
        scale: Scale,
        device: Option<&OpenedDevice>,
    ) -> Course {
        let stop = Stop {
            max_iterations: self.params.max_iterations,
            shift: self.params.tolerance * mean_variance(&self.rows),
        };
        let loaded = device.map(|device| device.load_rows(&self.rows)).transpose();
        let (loaded, failure) = match loaded {
            Ok(loaded) => (loaded, None),
            Err(reason) => (None, Some(reason)),
        };
        let scores = loaded
            .map(|rows| move |columns: &Matrix, offsets: &[f32]| rows.two_lowest(columns, offsets));
        let remote = scores.as_ref().map(|scores| scores as &RemoteScores);
        let course = lloyd(&self.rows, centroids, scale, stop, remote);
        Course { failure: failure.or(course.failure), ..course }
    }

    /// k-means++ centres on a sample of the rows.
    fn drawn_centroids(&self, k: usize) -> Matrix {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.params.seed);
        let count = k.saturating_mul(SEEDING_ROWS);
        let rows = self.rows.select(&seeding::sample(&mut rng, self.rows.rows(), count));
        let seeds = seeding::plus_plus(rows.rows(), k, &mut rng, |from| {
            let to_all = |&row: &usize| {
                rows.iter_rows().map(|other| squared_distance(rows.row(row), other)).collect()
            };
            from.iter().map(to_all).collect()
        });
        rows.select(&seeds)
    }

    /// Labels by nearest centre, ids canonical, in the input's row order.
    fn finish(&self, centroids: Matrix, iterations: usize) -> KMeans {
        let nearest = Centroids::new(&centroids).two_nearest(&self.rows);
        let mut raw = vec![None; self.order.len()];
        let mut strengths = vec![0.0; self.order.len()];
        for (&row, nearest) in self.order.iter().zip(&nearest) {
            raw[row] = Some(nearest.first);
            strengths[row] = nearest.margin();
        }
        let inertia = nearest.iter().map(|n: &Nearest| n.squared).sum();
        let (clustering, kept) = Clustering::canonical(&raw, strengths);
        let centroids = centroids.select(&kept);
        KMeans { centroids, clustering, inertia, iterations, metric: self.params.metric }
    }
}

/// How many of `tries`, each of which takes `O(n^2)`, are worth their time.
fn affordable(tries: usize, n: usize) -> usize {
    (tries.saturating_mul(ALL_TRIES_ROWS * ALL_TRIES_ROWS) / (n * n).max(1)).min(tries)
}

/// The rows as k-means sees them: checked, and scaled to unit length if angles count.
pub(super) fn prepare(vectors: &Matrix, metric: Metric) -> Result<Matrix, ClusterError> {
    if vectors.rows() == 0 {
        return Err(ClusterError::NoRows);
    }
    if let Some((row, column)) = first_not_finite(vectors) {
        return Err(ClusterError::NotFinite { row, column });
    }
    let mut rows = vectors.clone();
    if metric == Metric::Spherical {
        rows.normalize_rows();
    }
    Ok(rows)
}

/// The nearest of the seed rows, for every row.
fn nearest_seed(gram: &Gram, seeds: &[usize]) -> Vec<usize> {
    let mut best = vec![(f64::INFINITY, 0); gram.len()];
    for (label, &seed) in seeds.iter().enumerate() {
        for (best, distance) in best.iter_mut().zip(gram.squared_distances(seed)) {
            if distance < best.0 {
                *best = (distance, label);
            }
        }
    }
    best.into_iter().map(|(_, label)| label).collect()
}

/// `k x d` means of the rows with each label.
pub(super) fn means(rows: &Matrix, labels: &[usize], k: usize, scale: Scale) -> Matrix {
    let mut sums = vec![vec![0.0f64; rows.cols()]; k];
    let mut sizes = vec![0.0f64; k];
    for (row, &label) in rows.iter_rows().zip(labels) {
        sizes[label] += 1.0;
        sums[label].iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
    }
    let mut means = Matrix::zeros(k, rows.cols());
    for (label, sum) in sums.iter().enumerate() {
        write_mean(sum, sizes[label].max(1.0), scale, means.row_mut(label));
    }
    means
}

/// Mean over columns of the variance over rows.
fn mean_variance(rows: &Matrix) -> f64 {
    let (n, d) = (rows.rows() as f64, rows.cols());
    let (mut sums, mut squares) = (vec![0.0f64; d], 0.0f64);
    for row in rows.iter_rows() {
        for (sum, &x) in sums.iter_mut().zip(row) {
            *sum += f64::from(x);
            squares += f64::from(x) * f64::from(x);
        }
    }
    let of_means: f64 = sums.iter().map(|sum| (sum / n).powi(2)).sum();
    (squares / n - of_means).max(0.0) / d.max(1) as f64
}

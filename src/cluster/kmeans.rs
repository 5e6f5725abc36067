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
use super::consensus::Consensus;
use super::detail::Detail;
use super::error::ClusterError;
use super::gram::{Gram, KeyedRows};
use super::hartigan::{self, Partition};
use super::lloyd::{Course, RemoteScores, Scale, Stop, lloyd};
use super::means::{mean_variance, means};
use super::merge_tree::MergeTree;
use super::nearest::{Centroids, Nearest};
use super::row_keys::{draw, row_keys};
use super::seeding;
use crate::clustering::Clustering;
use crate::encode::OpenedDevice;
use crate::geometry::{Matrix, canonical_order, first_not_finite, n_distinct, squared_distance};

/// Rows whose inner products are tabled, or those of the sample of a larger corpus: 16 MiB, as
/// much again for Ward's tree, and four times that for what rows have in common.
pub(super) const CORE_ROWS: usize = 2048;

/// The same for one fit with a given `k`, which looks for the lowest inertia and shares no samples.
pub(super) const FIT_CORE_ROWS: usize = 4096;

/// The draw of the sample, which no other draw by the same keys uses.
const SAMPLE_ROUND: u64 = u64::MAX;

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
    /// Number of directions that [`super::cluster()`] groups the clusters into.
    pub directions: Choice<usize>,
    /// How many clusters `Auto` makes.
    pub detail: Detail,
    /// What "nearest" means.
    pub metric: Metric,
    /// Random starts beside the start from Ward's tree where the lowest inertia is looked for
    /// ([`fit`]); fewer above 1,024 rows.
    pub restarts: usize,
    /// Lloyd's iterations at most.
    pub max_iterations: usize,
    /// Lloyd stops when the squared shifts of all centres sum up to at most this share of
    /// the mean variance of a column, as in scikit-learn.
    pub tolerance: f64,
    /// Seed of the random starts. Other draws are keyed by what the rows hold.
    pub seed: u64,
}

impl Default for KMeansParams {
    fn default() -> Self {
        KMeansParams {
            k: Choice::Auto,
            directions: Choice::Auto,
            detail: Detail::Normal,
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
    let prepared = Prepared::with_core(vectors, params, FIT_CORE_ROWS)?;
    let k = prepared.possible(k)?;
    Ok(prepared.settle(None, prepared.best_centroids(k)).0)
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
    /// Rows of `rows`, ascending; `None` when it is all of them.
    sample: Option<(Vec<usize>, Matrix)>,
    keys: Vec<u64>,
    gram: Gram,
    tree: MergeTree,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(vectors: &Matrix, params: &'a KMeansParams) -> Result<Self, ClusterError> {
        Prepared::with_core(vectors, params, CORE_ROWS)
    }

    fn with_core(
        vectors: &Matrix,
        params: &'a KMeansParams,
        most: usize,
    ) -> Result<Self, ClusterError> {
        let prepared = prepare(vectors, params.metric)?;
        let order = canonical_order(&prepared);
        let rows = prepared.select(&order);
        let mut keys = row_keys(rows.iter_rows());
        let sample = (rows.rows() > most).then(|| {
            let drawn = draw(&keys, SAMPLE_ROUND, most);
            keys = drawn.iter().map(|&row| keys[row]).collect();
            let sample = rows.select(&drawn);
            (drawn, sample)
        });
        let gram = Gram::of(sample.as_ref().map_or(&rows, |(_, sample)| sample));
        let core = Core { sample, keys, tree: MergeTree::ward(&gram), gram };
        Ok(Prepared { params, n_distinct: n_distinct(&rows), order, rows, core })
    }

    pub(super) fn n_distinct(&self) -> usize {
        self.n_distinct
    }

    pub(super) fn n_rows(&self) -> usize {
        self.rows.rows()
    }

    /// The most clusters that the rows can make of `k`.
    ///
    /// # Errors
    /// When `k` is 0 or larger than the number of rows.
    pub(super) fn possible(&self, k: usize) -> Result<usize, ClusterError> {
        let n = self.rows.rows();
        if k == 0 || k > n {
            return Err(ClusterError::K { k, n });
        }
        Ok(k.min(self.n_distinct))
    }

    /// The numbers of clusters and directions; see [`choose_k`].
    pub(super) fn choose_k(&self, detail: Detail, done: impl Fn() + Sync) -> Chosen {
        let candidates = choose_k::candidates(self.rows.rows(), self.n_distinct);
        let Core { gram, keys, .. } = &self.core;
        choose_k::choose(KeyedRows { gram, keys }, self.rows.rows(), &candidates, detail, done)
    }

    /// What many clusterings of the core say near `k` clusters in `n_directions`; `None` where
    /// there are too few rows for samples, or more clusters than the core can tell apart.
    pub(super) fn consensus(
        &self,
        k: usize,
        n_directions: usize,
        done: impl Fn() + Sync,
    ) -> Option<Consensus> {
        let Core { gram, keys, .. } = &self.core;
        let is_possible = Consensus::is_possible(gram.len(), k) && self.core_holds(k);
        is_possible.then(|| Consensus::of(gram, keys, k, n_directions, done))
    }

    fn core_holds(&self, k: usize) -> bool {
        self.core.sample.is_none() || k * CORE_ROWS_PER_CLUSTER <= self.core.gram.len()
    }

    /// All rows, or the sample of them.
    pub(super) fn core_rows(&self) -> &Matrix {
        self.core.sample.as_ref().map_or(&self.rows, |(_, sample)| sample)
    }

    /// For each row of the core the row of the input that it is.
    pub(super) fn core_order(&self) -> Vec<usize> {
        match &self.core.sample {
            None => self.order.clone(),
            Some((drawn, _)) => drawn.iter().map(|&row| self.order[row]).collect(),
        }
    }

    fn ward_partition(&self, k: usize) -> Partition {
        let gram = &self.core.gram;
        let k = k.min(gram.len());
        let refined = hartigan::refine(gram, self.core.tree.cut(k), k);
        hartigan::reshape(gram, refined, k, affordable(RESHAPE_TRIES, gram.len()))
    }

    /// The best of Ward's start and the random ones.
    fn core_partition(&self, k: usize) -> Partition {
        let gram = &self.core.gram;
        let mut best = self.ward_partition(k);
        let mut bar = best.inertia * CLEARLY_BETTER;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.params.seed ^ k as u64);
        for _ in 0..affordable(self.params.restarts, gram.len()) {
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

    /// Centres of low inertia, from the core if it holds `k` clusters.
    pub(super) fn best_centroids(&self, k: usize) -> Matrix {
        if self.core_holds(k) {
            self.centroids_of(&self.core_partition(k).labels, k)
        } else {
            self.drawn_centroids(k)
        }
    }

    /// The means of `k` clusters of the core.
    pub(super) fn centroids_of(&self, core_labels: &[usize], k: usize) -> Matrix {
        means(self.core_rows(), core_labels, k, self.scale())
    }

    /// Whether there are iterations over all rows, which a GPU can help with.
    pub(super) fn iterates(&self) -> bool {
        self.core.sample.is_some()
    }

    fn scale(&self) -> Scale {
        match self.params.metric {
            Metric::Euclidean => Scale::AsIs,
            Metric::Spherical => Scale::Unit,
        }
    }

    /// Places all rows with the nearest of these centres, which move with them where the core is a
    /// sample or angles count; also says how the iterations went.
    pub(super) fn settle(
        &self,
        device: Option<&OpenedDevice>,
        mut centroids: Matrix,
    ) -> (KMeans, Course) {
        let mut course = Course::default();
        let scale = self.scale();
        if self.iterates() || scale == Scale::Unit {
            course = self.iterate(&mut centroids, scale, device);
        }
        (self.finish(centroids, course.iterations), course)
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

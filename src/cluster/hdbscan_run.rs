//! HDBSCAN for a report: the smallest cluster size chosen, noise kept within its bound,
//! parameters and warnings told.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::assign::{ClusterModel, Density};
use super::choice::Choice;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::hdbscan::{
    Cut, EXACT_ROWS, HdbscanParams, Model, NEAR_BLOCKS, Precision, Selection, SingleCluster, Tree,
};
use super::noise_assignment::{NoiseAssignment, assign_noise};
use super::reduction::{FEWEST_REDUCED, Reduction};
use super::used_parameters::UsedHdbscan;
use super::{choose_size, dendrogram, seeding, sensitivity};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::geometry::{Matrix, canonical_order, first_not_finite};
use crate::progress::Progress;
use crate::project::{self, Neighborhoods};
use crate::report::Method;

/// How to run HDBSCAN for [`super::cluster()`].
#[derive(Debug, Clone, PartialEq)]
pub struct DensityParams {
    /// Fewest rows a cluster may have; see `choose_size` for what `Auto` does.
    pub min_cluster_size: Choice<usize>,
    /// A row is dense within the distance that holds this many rows, itself counted. `Auto`
    /// is 1 and one more per 5,000 rows, up to 5: with few rows there is nothing to smooth,
    /// and every step up makes more of them noise.
    pub min_samples: Choice<usize>,
    /// Which clusters of the tree are kept.
    pub selection: Selection,
    /// Clusters that split below this distance are kept whole; 0 for no such limit.
    pub epsilon: f64,
    /// Clusters with more rows are split further, or become noise where they cannot be.
    pub max_cluster_size: Option<usize>,
    /// Whether all rows together may be the one cluster.
    pub single_cluster: SingleCluster,
    /// At most this share of the rows may stay noise, in `[0, 1]`; 1 for what the density
    /// says. The surest noise joins the nearest cluster.
    pub max_noise: f64,
    /// What density is measured in.
    pub reduction: Reduction,
    /// With more roles than this the density tree is approximate, and the report says so.
    pub exact_rows: usize,
    /// Seed of the reduction, of the sample that larger corpora are scored on, and of the
    /// approximate tree.
    pub seed: u64,
}

impl Default for DensityParams {
    fn default() -> Self {
        DensityParams {
            min_cluster_size: Choice::Auto,
            min_samples: Choice::Auto,
            selection: Selection::default(),
            epsilon: 0.0,
            max_cluster_size: None,
            single_cluster: SingleCluster::default(),
            max_noise: 0.25,
            reduction: Reduction::default(),
            exact_rows: EXACT_ROWS,
            seed: 42,
        }
    }
}

/// Rows a cut is scored on at most: a silhouette takes a second for these.
const SCORED_ROWS: usize = 2048;

/// Rows per further `min_samples`, and the most it grows to.
const ROWS_PER_SAMPLE: usize = 5000;
const MOST_SAMPLES: usize = 5;

impl DensityParams {
    fn check(&self, vectors: &Matrix) -> Result<(), ClusterError> {
        if vectors.rows() == 0 {
            return Err(ClusterError::NoRows);
        }
        if !(0.0..=1.0).contains(&self.max_noise) {
            return Err(ClusterError::MaxNoise { given: self.max_noise });
        }
        if let Choice::Given(size) = self.min_cluster_size {
            let min_samples = self.resolved_min_samples(vectors.rows());
            self.at_size(size, min_samples).check(vectors.rows())?;
        }
        match first_not_finite(vectors) {
            Some((row, column)) => Err(ClusterError::NotFinite { row, column }),
            None => Ok(()),
        }
    }

    fn at_size(&self, min_cluster_size: usize, min_samples: usize) -> HdbscanParams {
        HdbscanParams {
            min_cluster_size,
            min_samples: Some(min_samples),
            selection: self.selection,
            epsilon: self.epsilon,
            max_cluster_size: self.max_cluster_size,
            single_cluster: self.single_cluster,
        }
    }

    fn precision(&self, n: usize) -> Precision {
        if n <= self.exact_rows {
            return Precision::Exact;
        }
        Precision::Approximate { seed: self.seed, near_blocks: NEAR_BLOCKS }
    }

    fn resolved_min_samples(&self, n: usize) -> usize {
        match self.min_samples {
            Choice::Given(given) => given,
            Choice::Auto => (1 + n / ROWS_PER_SAMPLE).min(MOST_SAMPLES),
        }
    }
}

/// Clusters `rows` (`n x d`).
pub(super) fn run(
    rows: &Neighborhoods,
    params: &DensityParams,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let n = rows.vectors().rows();
    params.check(rows.vectors())?;
    let mut method = Method { algorithm: "hdbscan".into(), ..Method::default() };
    let precision = params.precision(n);
    if precision != Precision::Exact {
        method.warnings.push(approximation(n, params.exact_rows));
    }
    let places = reduced(rows, params, progress);
    let vectors = places.as_ref().unwrap_or(rows.vectors());
    let min_samples = params.resolved_min_samples(n);
    let tree = Tree::build_with(vectors, min_samples, precision, progress)?;
    let run = Run { vectors: rows.vectors(), params, min_samples, tree };

    let order = canonical_order(run.vectors);
    let size = match params.min_cluster_size {
        Choice::Given(size) => size,
        Choice::Auto => run.chosen_size(&order, &mut method)?,
    };
    let cut = run.cut(size)?;
    let assigned = run.settle(&cut, &order);
    method.warnings.extend(what_to_know(cut.labels(), &assigned, params.max_noise));
    let mut others = Vec::new();
    for other in [size - 1, size + 1].into_iter().filter(|&other| other >= 2) {
        others.push((other, run.settle(&run.cut(other)?, &order).labels));
    }
    let sensitivity = sensitivity::to_min_cluster_size(size, &assigned.labels, &others);
    method.warnings.extend(sensitivity);
    Ok(run.fitted(size, &cut, assigned, places, method))
}

/// The rows in few dimensions, as asked for; `None` for too few different ones.
fn reduced(
    rows: &Neighborhoods,
    params: &DensityParams,
    progress: &dyn Progress,
) -> Option<Matrix> {
    let worthwhile = params.reduction == Reduction::Umap
        && rows.vectors().rows() >= FEWEST_REDUCED
        && rows.n_distinct(progress) >= FEWEST_REDUCED;
    worthwhile.then(|| project::reduce(rows, params.seed, progress))
}

/// What every cut of one density tree shares.
struct Run<'a> {
    vectors: &'a Matrix,
    params: &'a DensityParams,
    min_samples: usize,
    tree: Tree,
}

impl Run<'_> {
    /// The smallest cluster size that scores best on a sample of the rows.
    fn chosen_size(&self, order: &[usize], method: &mut Method) -> Result<usize, ClusterError> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.params.seed);
        let sample = seeding::sample(&mut rng, order.len(), SCORED_ROWS);
        let scored: Vec<usize> = sample.into_iter().map(|at| order[at]).collect();
        let rows = self.vectors.select(&scored);
        let base = self.params.at_size(2, self.min_samples);
        let chosen = choose_size::choose(&self.tree, &base, &rows, &scored)?;
        method.choice = chosen.tried;
        Ok(chosen.size)
    }

    fn cut(&self, size: usize) -> Result<Cut, ClusterError> {
        Ok(self.tree.cut(&self.params.at_size(size, self.min_samples))?)
    }

    /// The labels of a cut with noise kept within its bound.
    fn settle(&self, cut: &Cut, order: &[usize]) -> NoiseAssignment {
        let (labels, strengths) = (cut.labels().to_vec(), cut.probabilities().to_vec());
        assign_noise(self.vectors, order, labels, strengths, self.params.max_noise)
    }

    fn fitted(
        self,
        size: usize,
        cut: &Cut,
        assigned: NoiseAssignment,
        places: Option<Matrix>,
        mut method: Method,
    ) -> Fitted {
        let (clustering, old_of_new) = Clustering::canonical(&assigned.labels, assigned.strengths);
        let old: Vec<ClusterId> = old_of_new.iter().map(|&old| ClusterId(old as u32)).collect();
        let mut new_of_old = vec![ClusterId(0); old.len()];
        old.iter().enumerate().for_each(|(new, id)| new_of_old[id.index()] = ClusterId(new as u32));
        let raw: Vec<Label> =
            cut.labels().iter().map(|label| label.map(|label| new_of_old[label])).collect();
        self.tell_parameters(&mut method, size, &raw, places.as_ref().map(Matrix::cols));
        let model = Density { tree: Model::new(&self.tree, cut), rule: assigned.rule, places };
        let model = ClusterModel::Density(Box::new(model)).renumbered(&old);
        let hierarchy = (!old.is_empty()).then(|| dendrogram::of_cut(cut, &new_of_old));
        Fitted { clustering, method, model, raw: Some(raw), hierarchy }
    }

    fn tell_parameters(
        &self,
        method: &mut Method,
        size: usize,
        raw: &[Label],
        reduced_to: Option<usize>,
    ) {
        let params = self.params;
        let noise = raw.iter().filter(|label| label.is_none()).count() as f64 / raw.len() as f64;
        method.insert_parameters(&UsedHdbscan {
            min_cluster_size: size,
            min_cluster_size_choice: params.min_cluster_size.name(),
            min_samples: self.min_samples,
            min_samples_choice: params.min_samples.name(),
            selection: params.selection,
            epsilon: params.epsilon,
            max_cluster_size: params.max_cluster_size,
            single_cluster: params.single_cluster,
            max_noise: params.max_noise,
            reduced_to,
            tree: Some(self.tree.precision()),
            noise_share_before_soft_assignment: noise,
            seed: params.seed,
        });
    }
}

fn approximation(n: usize, exact_rows: usize) -> String {
    format!(
        "the density tree of these {n} roles is approximate: above {exact_rows} each role is \
         compared only with the regions nearest to it, so single roles may stand elsewhere than \
         an exact tree would put them"
    )
}

/// What the reader should know of noise and of clusters that are not there.
fn what_to_know(raw: &[Option<usize>], assigned: &NoiseAssignment, max_noise: f64) -> Vec<String> {
    let count = |labels: &[Option<usize>]| labels.iter().filter(|label| label.is_none()).count();
    let (before, after, n) = (count(raw), count(&assigned.labels), raw.len());
    let mut warnings = Vec::new();
    if before == n {
        warnings.push(
            "no region is denser than the rest: all roles are noise; a smaller --min-cluster-size \
             or --algorithm kmeans gives clusters"
                .to_string(),
        );
    } else if after < before {
        warnings.push(format!(
            "{before} of {n} roles lie in no dense region; {} of them were placed with the \
             nearest cluster, at low strength, to keep noise within {:.0} %",
            before - after,
            100.0 * max_noise
        ));
    } else if after as f64 > max_noise * n as f64 {
        warnings.push(format!(
            "{after} of {n} roles are noise, above the target of {:.0} %: with one cluster there \
             is no nearest one to choose",
            100.0 * max_noise
        ));
    }
    warnings
}

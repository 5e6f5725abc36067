//! The HDBSCAN side of the door: size chosen or given, noise kept within bounds.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde_json::json;

use super::assign::{ClusterModel, Density};
use super::hdbscan::{
    EXACT_ROWS, HdbscanParams, Model, NEAR_BLOCKS, Precision, Selection, SingleCluster, Tree,
};
use super::noise_assignment::{NoiseAssignment, assign_noise};
use super::{
    Choice, ClusterError, FEWEST_REDUCED, Fitted, ReduceFn, SAME_PICTURE, ScoreFn, choose_size,
    dendrogram, seeding,
};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::contingency::Contingency;
use crate::geometry::{Matrix, canonical_order, first_not_finite, first_occurrences};
use crate::progress::Progress;
use crate::report::Method;

/// How to run HDBSCAN behind [`super::cluster()`].
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
    /// With more roles than this the density tree is approximate, and the report says so.
    pub exact_rows: usize,
    /// Seed of the sample that larger corpora are scored on, and of the approximate tree.
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

/// The rows brought down to a few numbers, whatever their order; copies to the same ones.
fn reduced(vectors: &Matrix, reduce: &ReduceFn, progress: &dyn Progress) -> Option<Matrix> {
    let first = first_occurrences(vectors);
    let mut distinct = canonical_order(vectors);
    distinct.retain(|&row| first[row] == row);
    if distinct.len() < FEWEST_REDUCED {
        return None;
    }
    let places = reduce(&vectors.select(&distinct), progress);
    let mut place = vec![0; vectors.rows()];
    distinct.iter().enumerate().for_each(|(at, &row)| place[row] = at);
    let place_of_row: Vec<usize> = first.iter().map(|&row| place[row]).collect();
    Some(places.select(&place_of_row))
}

pub(super) fn by_density(
    vectors: &Matrix,
    params: &DensityParams,
    reduce: Option<&ReduceFn>,
    score: &ScoreFn,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let n = vectors.rows();
    if n == 0 {
        return Err(ClusterError::NoRows);
    }
    if !(0.0..=1.0).contains(&params.max_noise) {
        return Err(ClusterError::MaxNoise { given: params.max_noise });
    }
    let min_samples = params.resolved_min_samples(n);
    if let Choice::Given(size) = params.min_cluster_size {
        params.at_size(size, min_samples).check(n)?;
    }
    let mut method = Method { algorithm: "hdbscan".into(), ..Method::default() };
    let precision = params.precision(n);
    if precision != Precision::Exact {
        method.warnings.push(approximation(n, params.exact_rows));
    }
    let places = match reduce {
        Some(reduce) if first_not_finite(vectors).is_none() => reduced(vectors, reduce, progress),
        _ => None,
    };
    let rows = places.as_ref().unwrap_or(vectors);
    let tree = Tree::build_with(rows, min_samples, precision, progress)?;
    let order = canonical_order(vectors);
    let size = match params.min_cluster_size {
        Choice::Given(size) => size,
        Choice::Auto => {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(params.seed);
            let sample = seeding::sample(&mut rng, n, SCORED_ROWS);
            let scored: Vec<usize> = sample.into_iter().map(|at| order[at]).collect();
            let rows = vectors.select(&scored);
            let base = params.at_size(2, min_samples);
            let chosen = choose_size::choose(&tree, &base, &rows, &scored, score)?;
            method.choice = chosen.tried;
            chosen.size
        }
    };
    let cut = tree.cut(&params.at_size(size, min_samples))?;
    let settle = |labels: &[Option<usize>], strengths: &[f32]| {
        assign_noise(vectors, &order, labels.to_vec(), strengths.to_vec(), params.max_noise)
    };
    let assigned = settle(cut.labels(), cut.probabilities());
    method.warnings.extend(what_to_know(cut.labels(), &assigned, params.max_noise));
    let mut others = Vec::new();
    for other in [size - 1, size + 1].into_iter().filter(|&other| other >= 2) {
        let cut = tree.cut(&params.at_size(other, min_samples))?;
        others.push((other, settle(cut.labels(), cut.probabilities()).labels));
    }
    method.warnings.extend(cliff(size, &assigned.labels, &others));

    let (clustering, old_of_new) = Clustering::canonical(&assigned.labels, assigned.strengths);
    let old: Vec<ClusterId> = old_of_new.iter().map(|&old| ClusterId(old as u32)).collect();
    let reduced_to = places.as_ref().map(Matrix::cols);
    let model = Density { tree: Model::new(&tree, &cut), rule: assigned.rule, places };
    let model = ClusterModel::Density(Box::new(model)).renumbered(&old);
    let mut new_of_old = vec![ClusterId(0); old.len()];
    old.iter().enumerate().for_each(|(new, id)| new_of_old[id.index()] = ClusterId(new as u32));
    let raw: Vec<Label> = cut.labels().iter().map(|label| label.map(|l| new_of_old[l])).collect();

    let noise = |labels: &[Label]| labels.iter().filter(|l| l.is_none()).count() as f64 / n as f64;
    let is_auto = |choice: &Choice<usize>| if *choice == Choice::Auto { "auto" } else { "given" };
    let parameters = [
        ("min_cluster_size", json!(size)),
        ("min_cluster_size_choice", json!(is_auto(&params.min_cluster_size))),
        ("min_samples", json!(min_samples)),
        ("min_samples_choice", json!(is_auto(&params.min_samples))),
        ("selection", json!(params.selection)),
        ("epsilon", json!(params.epsilon)),
        ("max_cluster_size", json!(params.max_cluster_size)),
        ("single_cluster", json!(params.single_cluster)),
        ("max_noise", json!(params.max_noise)),
        ("reduced_to", json!(reduced_to)),
        ("tree", json!(tree.precision())),
        ("noise_share_before_soft_assignment", json!(noise(&raw))),
        ("seed", json!(params.seed)),
    ];
    method.parameters.extend(parameters.map(|(name, value)| (name.to_string(), value)));
    let hierarchy = (!new_of_old.is_empty()).then(|| dendrogram::of_cut(&cut, &new_of_old));
    Ok(Fitted { clustering, method, model, raw: Some(raw), hierarchy })
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

/// Warns when one role more or less per cluster gives another picture.
fn cliff(
    size: usize,
    here: &[Option<usize>],
    others: &[(usize, Vec<Option<usize>>)],
) -> Option<String> {
    let agreement = |(other, labels): &(usize, Vec<Option<usize>>)| {
        let clusters = labels.iter().flatten().max().map_or(0, |most| most + 1);
        (*other, clusters, Contingency::of(here, labels).adjusted_rand())
    };
    let (other, clusters, rand) =
        others.iter().map(agreement).min_by(|a, b| a.2.total_cmp(&b.2))?;
    let now = here.iter().flatten().max().map_or(0, |most| most + 1);
    (rand < SAME_PICTURE).then(|| {
        format!(
            "the picture hangs on the smallest cluster size: with {other} instead of {size} there \
             are {clusters} clusters instead of {now}, and they agree to an adjusted Rand index \
             of {rand:.2} (1 is the same, 0 is chance)"
        )
    })
}

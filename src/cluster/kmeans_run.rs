//! k-means for a report: the number of clusters chosen, the groups on which many clusterings
//! agree, directions, parameters and warnings told.

use serde_json::json;

use super::choice::Choice;
use super::choose_k::{MOST_CLUSTERS, SPLITS};
use super::consensus::Consensus;
use super::dendrogram;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::grouping::{Grouped, grouped, with_shares};
use super::kmeans::{KMeans, KMeansParams, Prepared};
use super::levels::Levels;
use super::lloyd::Course;
use super::sensitivity;
use super::used_parameters::UsedKMeans;
use crate::encode::OpenedDevice;
use crate::geometry::Matrix;
use crate::progress::{Progress, Silent};
use crate::report::Method;

/// With fewer roles than this nobody expects clear groups.
const FEWEST_JUDGED: usize = 24;

/// Below this clearness the numbers of groups come from the number of roles more than from the
/// groups.
const UNCLEAR: f64 = 0.5;

/// Clusters the rows of `vectors` (`n x d`); on `device` where there are many.
pub(super) fn run(
    vectors: &Matrix,
    params: &KMeansParams,
    device: Option<&OpenedDevice>,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let prepared = Prepared::new(vectors, params)?;
    let mut method = Method { algorithm: "kmeans".into(), ..Method::default() };
    let levels = levels(&prepared, params.k, params, &mut method, progress)?;
    let consensus = consensus(&prepared, levels, progress);
    let centroids = match &consensus {
        Some(consensus) => prepared.centroids_of(&consensus.partition(levels.k), levels.k),
        None => prepared.best_centroids(levels.k),
    };
    let device = device.filter(|_| prepared.iterates());
    progress.start("clustering", 1);
    let (fitted, course) = prepared.settle(device, centroids);
    progress.advance(1);
    progress.finish();

    let n_clusters = fitted.clustering.n_clusters();
    method.warnings.extend(fewer_than_asked(params.k, n_clusters, &prepared));
    method.warnings.extend(consensus.as_ref().and_then(|found| sensitivity(found, levels.k)));
    if let Some(device) = device {
        tell_device(&mut method, device, course);
    }
    tell_parameters(&mut method, params, levels, &fitted);
    let model = fitted.model();
    let KMeans { centroids, clustering, .. } = fitted;
    let hierarchy = dendrogram::of_centres(&centroids, &clustering);
    let Grouped { clustering, softness } =
        grouped(clustering, &centroids, consensus.as_ref(), &prepared, levels);
    let clustering = with_shares(clustering, vectors, &centroids, softness);
    Ok(Fitted { clustering, method, model, raw: None, hierarchy })
}

/// k-means alone, for a `k` chosen as [`run`] chooses it.
pub(super) fn fit_auto(vectors: &Matrix, params: &KMeansParams) -> Result<KMeans, ClusterError> {
    let prepared = Prepared::new(vectors, params)?;
    let mut method = Method::default();
    let levels = levels(&prepared, Choice::Auto, params, &mut method, &Silent)?;
    let centroids = match consensus(&prepared, levels, &Silent) {
        Some(consensus) => prepared.centroids_of(&consensus.partition(levels.k), levels.k),
        None => prepared.best_centroids(levels.k),
    };
    Ok(prepared.settle(None, centroids).0)
}

/// The numbers of groups, given or chosen, at most that of different rows.
pub(super) fn levels(
    prepared: &Prepared,
    k: Choice<usize>,
    params: &KMeansParams,
    method: &mut Method,
    progress: &dyn Progress,
) -> Result<Levels, ClusterError> {
    if let Choice::Given(k) = k {
        return Ok(Levels::of(prepared.possible(k)?, params.directions));
    }
    progress.start("choosing the number of clusters", SPLITS as u64);
    let chosen = prepared.choose_k(params.detail, || progress.advance(1));
    progress.finish();
    if !chosen.tried.is_empty() {
        method.parameters.insert("standard_error".into(), json!(chosen.standard_error));
    }
    let unclear = chosen.clearness.is_some_and(|clearness| clearness < UNCLEAR);
    if unclear && prepared.n_rows() >= FEWEST_JUDGED {
        method.warnings.push(no_clear_groups(&chosen.tried, chosen.k));
    }
    if chosen.k == MOST_CLUSTERS {
        method.warnings.push(format!(
            "{MOST_CLUSTERS} specialisations are the most that are made unasked; -k gives more"
        ));
    }
    method.choice = chosen.tried;
    let directions = match params.directions {
        Choice::Auto => Choice::Given(chosen.n_directions),
        given => given,
    };
    Ok(Levels::of(chosen.k, directions))
}

fn no_clear_groups(tried: &[(usize, f64)], k: usize) -> String {
    let best = tried.iter().map(|&(_, score)| score).fold(0.0, f64::max);
    format!(
        "the roles hold no clear groups: halves of them agree on no number of groups beyond an \
         adjusted Rand index of {best:.2} (1 is the same, 0 is chance), so the {k} specialisations \
         follow from the number of roles; -k or --detail make them coarser or finer"
    )
}

/// What many clusterings say near these numbers, where there are rows enough.
pub(super) fn consensus(
    prepared: &Prepared,
    levels: Levels,
    progress: &dyn Progress,
) -> Option<Consensus> {
    let n = prepared.core_rows().rows();
    progress.start("clustering samples of the roles", Consensus::steps(n) as u64);
    let found = prepared.consensus(levels.k, levels.n_directions, || progress.advance(1));
    progress.finish();
    found
}

fn fewer_than_asked(asked: Choice<usize>, found: usize, prepared: &Prepared) -> Option<String> {
    let Choice::Given(asked) = asked else { return None };
    (found < asked).then(|| {
        format!(
            "{asked} clusters were asked for, but only {} vectors are different: {found} clusters",
            prepared.n_distinct()
        )
    })
}

/// Compares with one cluster less and one more.
fn sensitivity(consensus: &Consensus, k: usize) -> Option<String> {
    let others: Vec<(usize, Vec<usize>)> = [k - 1, k + 1]
        .into_iter()
        .filter(|&other| other >= 2)
        .map(|other| (other, consensus.partition(other)))
        .collect();
    sensitivity::to_k(k, &consensus.partition(k), &others)
}

fn tell_device(method: &mut Method, device: &OpenedDevice, course: Course) {
    method.parameters.insert("device".into(), json!(device.name()));
    method.warnings.extend(
        course.failure.map(|reason| {
            format!("{} failed ({reason}); k-means went on without it", device.name())
        }),
    );
}

fn tell_parameters(method: &mut Method, params: &KMeansParams, levels: Levels, fitted: &KMeans) {
    method.insert_parameters(&UsedKMeans {
        k: fitted.clustering.n_clusters(),
        k_choice: params.k.name(),
        directions: Some(levels.n_directions),
        detail: params.detail,
        metric: params.metric,
        max_iterations: params.max_iterations,
        tolerance: params.tolerance,
        seed: params.seed,
        inertia: fitted.inertia,
        iterations: fitted.iterations,
    });
}

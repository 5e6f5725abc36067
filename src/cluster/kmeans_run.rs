//! k-means for a report: the number of clusters chosen, the parameters and warnings told.

use serde_json::json;

use super::choice::Choice;
use super::choose_k;
use super::dendrogram;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::kmeans::{KMeans, KMeansParams, Prepared, Starts};
use super::lloyd::Course;
use super::sensitivity;
use super::used_parameters::UsedKMeans;
use crate::encode::OpenedDevice;
use crate::geometry::Matrix;
use crate::progress::Progress;
use crate::report::Method;

/// Clusters the rows of `vectors` (`n x d`); on `device` where there are many.
pub(super) fn run(
    vectors: &Matrix,
    params: &KMeansParams,
    device: Option<&OpenedDevice>,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let prepared = Prepared::new(vectors, params)?;
    let mut method = Method { algorithm: "kmeans".into(), ..Method::default() };
    let (k, starts) = match params.k {
        Choice::Given(k) => (k, Starts::All),
        Choice::Auto => (chosen_k(&prepared, &mut method, progress), Starts::Ward),
    };
    let device = device.filter(|_| prepared.iterates());
    progress.start("clustering", 1);
    let (fitted, course) = prepared.fit_on(device, k, starts)?;
    progress.advance(1);
    progress.finish();

    let n_clusters = fitted.clustering.n_clusters();
    if n_clusters < k {
        method.warnings.push(format!(
            "{k} clusters were asked for, but only {} vectors are different: {n_clusters} clusters",
            prepared.n_distinct()
        ));
    }
    method.warnings.extend(sensitivity(&prepared, n_clusters));
    if let Some(device) = device {
        tell_device(&mut method, device, course);
    }
    tell_parameters(&mut method, params, starts, &fitted);
    let model = fitted.model();
    let hierarchy = dendrogram::of_centres(&fitted.centroids, &fitted.clustering);
    Ok(Fitted { clustering: fitted.clustering, method, model, raw: None, hierarchy })
}

/// The number of clusters, given or chosen, at most that of different rows.
pub(super) fn number_of_clusters(
    vectors: &Matrix,
    params: &KMeansParams,
    method: &mut Method,
    progress: &dyn Progress,
) -> Result<usize, ClusterError> {
    let prepared = Prepared::new(vectors, params)?;
    let n = vectors.rows();
    match params.k {
        Choice::Auto => Ok(chosen_k(&prepared, method, progress)),
        Choice::Given(k) if k == 0 || k > n => Err(ClusterError::K { k, n }),
        Choice::Given(k) => Ok(k.min(prepared.n_distinct())),
    }
}

fn chosen_k(prepared: &Prepared, method: &mut Method, progress: &dyn Progress) -> usize {
    let candidates = choose_k::candidates(prepared.n_distinct());
    let n_splits = choose_k::n_splits(prepared.core_rows().rows());
    progress.start("choosing the number of clusters", n_splits as u64);
    let chosen = prepared.choose_k(&candidates, || progress.advance(1));
    progress.finish();
    method.choice = chosen.tried;
    method.parameters.insert("standard_error".into(), json!(chosen.standard_error));
    chosen.k
}

/// Compares with one cluster less and one more.
fn sensitivity(prepared: &Prepared, k: usize) -> Option<String> {
    let most = prepared.core_rows().rows().min(prepared.n_distinct());
    let others: Vec<(usize, Vec<usize>)> = [k.saturating_sub(1), k + 1]
        .into_iter()
        .filter(|other| (2..=most).contains(other))
        .map(|other| (other, prepared.core_labels(other)))
        .collect();
    if k < 2 { None } else { sensitivity::to_k(k, &prepared.core_labels(k), &others) }
}

fn tell_device(method: &mut Method, device: &OpenedDevice, course: Course) {
    method.parameters.insert("device".into(), json!(device.name()));
    method.warnings.extend(
        course.failure.map(|reason| {
            format!("{} failed ({reason}); k-means went on without it", device.name())
        }),
    );
}

fn tell_parameters(method: &mut Method, params: &KMeansParams, starts: Starts, fitted: &KMeans) {
    method.insert_parameters(&UsedKMeans {
        k: fitted.clustering.n_clusters(),
        k_choice: params.k.name(),
        metric: params.metric,
        restarts: if starts == Starts::All { params.restarts } else { 0 },
        max_iterations: params.max_iterations,
        tolerance: params.tolerance,
        seed: params.seed,
        inertia: fitted.inertia,
        iterations: fitted.iterations,
    });
}

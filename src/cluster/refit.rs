//! Repeats an earlier clustering, with every parameter as it was used.

use super::algorithm::Algorithm;
use super::choice::Choice;
use super::gmm_run::{self, GmmParams};
use super::hdbscan::{EXACT_ROWS, Precision};
use super::hdbscan_params::DensityParams;
use super::hdbscan_run;
use super::kmeans::KMeansParams;
use super::kmeans_run;
use super::reduction::Reduction;
use super::used_parameters::{UsedGmm, UsedHdbscan, UsedKMeans};
use crate::clustering::Label;
use crate::geometry::Matrix;
use crate::progress::Silent;
use crate::project::Neighborhoods;
use crate::report::Method;

/// The labels an algorithm gives these rows, without a report; `None` where its parameters do
/// not fit so few rows.
pub fn refit(rows: &Matrix, algorithm: &Algorithm) -> Option<Vec<Label>> {
    let clustering = match algorithm {
        Algorithm::KMeans(params) => kmeans_run::run(rows, params, None, &Silent).ok()?.clustering,
        Algorithm::Hdbscan(params) => {
            let rows = Neighborhoods::of(rows, params.seed);
            hdbscan_run::run(&rows, params, &Silent).ok()?.clustering
        }
        Algorithm::Gmm(params) => {
            let rows = Neighborhoods::of(rows, params.seed);
            gmm_run::run(&rows, params, &Silent).ok()?.clustering
        }
    };
    Some(clustering.labels().to_vec())
}

impl Algorithm {
    /// The algorithm of a method, nothing left to choose, for a `share` of the roles, in `(0, 1]`:
    /// a smallest cluster then holds that share of what it held. `None` when the method is of
    /// another version and lacks a parameter.
    pub fn repeated(method: &Method, share: f64) -> Option<Algorithm> {
        match method.algorithm.as_str() {
            "kmeans" => Some(Algorithm::KMeans(kmeans_of(&method.parameters_as()?))),
            "hdbscan" => Some(Algorithm::Hdbscan(hdbscan_of(&method.parameters_as()?, share))),
            "gmm" => Some(Algorithm::Gmm(gmm_of(&method.parameters_as()?))),
            _ => None,
        }
    }
}

fn kmeans_of(used: &UsedKMeans) -> KMeansParams {
    KMeansParams {
        k: Choice::Given(used.k),
        directions: given(used.directions),
        detail: used.detail,
        metric: used.metric,
        restarts: KMeansParams::default().restarts,
        max_iterations: used.max_iterations,
        tolerance: used.tolerance,
        seed: used.seed,
    }
}

fn gmm_of(used: &UsedGmm) -> GmmParams {
    GmmParams {
        k: Choice::Given(used.k),
        directions: given(used.directions),
        detail: used.detail,
        seed: used.seed,
    }
}

fn given(used: Option<usize>) -> Choice<usize> {
    used.map_or(Choice::Auto, Choice::Given)
}

fn hdbscan_of(used: &UsedHdbscan, share: f64) -> DensityParams {
    let size = ((used.min_cluster_size as f64 * share).round() as usize).max(2);
    let is_exact = used.tree.is_none_or(|tree| tree == Precision::Exact);
    DensityParams {
        min_cluster_size: match used.samples {
            Some(_) => Choice::Auto,
            None => Choice::Given(size),
        },
        directions: given(used.directions),
        detail: used.detail,
        min_samples: Choice::Given(used.min_samples),
        selection: used.selection,
        epsilon: used.epsilon,
        max_cluster_size: used.max_cluster_size,
        single_cluster: used.single_cluster,
        max_noise: used.max_noise,
        reduction: match used.reduced_to {
            Some(_) => used.reduction.unwrap_or(Reduction::Umap),
            None => Reduction::None,
        },
        exact_rows: if is_exact { EXACT_ROWS } else { 0 },
        seed: used.seed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::cluster;

    fn groups() -> Matrix {
        let number =
            |i: usize| (3 * (i / 2 % 4) * (1 + i % 2)) as f32 + 0.3 * ((i * i) as f32).sin();
        Matrix::new(60, 2, (0..120).map(number).collect()).unwrap()
    }

    #[test]
    fn what_was_chosen_is_repeated_and_gives_the_same_labels() {
        let rows = groups();
        for algorithm in [
            Algorithm::default(),
            Algorithm::Hdbscan(DensityParams::default()),
            Algorithm::Gmm(GmmParams::default()),
        ] {
            let first = cluster(&rows, &algorithm, &Silent).unwrap();
            let repeated = Algorithm::repeated(&first.method, 1.0).unwrap();
            let second = cluster(&rows, &repeated, &Silent).unwrap();
            assert_eq!(first.clustering, second.clustering);
            assert_eq!(Algorithm::repeated(&second.method, 1.0), Some(repeated));
        }
    }

    #[test]
    fn a_share_needs_smaller_clusters_and_an_unknown_method_is_none() {
        let size = |n| DensityParams { min_cluster_size: Choice::Given(n), ..Default::default() };
        let found = cluster(&groups(), &Algorithm::Hdbscan(size(10)), &Silent).unwrap();
        match Algorithm::repeated(&found.method, 0.8) {
            Some(Algorithm::Hdbscan(p)) => assert_eq!(p.min_cluster_size, Choice::Given(8)),
            other => panic!("{other:?}"),
        }
        assert_eq!(Algorithm::repeated(&Method::default(), 1.0), None);
    }
}

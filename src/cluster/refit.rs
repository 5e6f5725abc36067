//! What a run did, to be done again: the algorithm with every parameter as it was used.

use serde::de::DeserializeOwned;

use super::hdbscan::EXACT_ROWS;
use super::{Algorithm, Choice, DensityParams, KMeansParams};
use crate::report::Method;

impl Algorithm {
    /// The algorithm a method tells of, nothing left to choose, made fit for a `share` of
    /// the roles, in `(0, 1]`: a smallest cluster then holds that share of what it held.
    /// `None` when the method is of another version and leaves a parameter open.
    pub fn repeated(method: &Method, share: f64) -> Option<Algorithm> {
        let known = Known(method);
        match method.algorithm.as_str() {
            "kmeans" => Some(Algorithm::KMeans(KMeansParams {
                k: Choice::Given(known.get("k")?),
                metric: known.get("metric")?,
                restarts: known.get("restarts")?,
                max_iterations: known.get("max_iterations")?,
                tolerance: known.get("tolerance")?,
                seed: known.get("seed")?,
            })),
            "hdbscan" => {
                let size: usize = known.get("min_cluster_size")?;
                let size = ((size as f64 * share).round() as usize).max(2);
                Some(Algorithm::Hdbscan(DensityParams {
                    min_cluster_size: Choice::Given(size),
                    min_samples: Choice::Given(known.get("min_samples")?),
                    selection: known.get("selection")?,
                    epsilon: known.get("epsilon")?,
                    max_cluster_size: known.get("max_cluster_size")?,
                    single_cluster: known.get("single_cluster")?,
                    max_noise: known.get("max_noise")?,
                    exact_rows: EXACT_ROWS,
                    seed: known.get("seed")?,
                }))
            }
            _ => None,
        }
    }
}

struct Known<'a>(&'a Method);

impl Known<'_> {
    fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.0.parameters.get(name)?.clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::cluster;
    use crate::clustering::Label;
    use crate::geometry::Matrix;
    use crate::progress::Silent;

    fn groups() -> Matrix {
        let number =
            |i: usize| (3 * (i / 2 % 4) * (1 + i % 2)) as f32 + 0.3 * ((i * i) as f32).sin();
        Matrix::new(60, 2, (0..120).map(number).collect()).unwrap()
    }

    #[test]
    fn what_was_chosen_is_repeated_and_gives_the_same_labels() {
        let rows = groups();
        let score = |_: &Matrix, labels: &[Label]| vec![Some(0.5); labels.len()];
        for algorithm in [Algorithm::default(), Algorithm::Hdbscan(DensityParams::default())] {
            let first = cluster(&rows, &algorithm, &score, &Silent).unwrap();
            let repeated = Algorithm::repeated(&first.method, 1.0).unwrap();
            let second = cluster(&rows, &repeated, &score, &Silent).unwrap();
            assert_eq!(first.clustering, second.clustering);
            assert_eq!(Algorithm::repeated(&second.method, 1.0), Some(repeated));
        }
    }

    #[test]
    fn a_share_needs_smaller_clusters_and_an_unknown_method_is_none() {
        let score = |_: &Matrix, labels: &[Label]| vec![Some(0.5); labels.len()];
        let size = |n| DensityParams { min_cluster_size: Choice::Given(n), ..Default::default() };
        let found = cluster(&groups(), &Algorithm::Hdbscan(size(10)), &score, &Silent).unwrap();
        match Algorithm::repeated(&found.method, 0.8) {
            Some(Algorithm::Hdbscan(p)) => assert_eq!(p.min_cluster_size, Choice::Given(8)),
            other => panic!("{other:?}"),
        }
        assert_eq!(Algorithm::repeated(&Method::default(), 1.0), None);
    }
}

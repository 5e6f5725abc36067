//! What a report says of a run of HDBSCAN.

use super::hdbscan::Precision;
use super::hdbscan_params::DensityParams;
use super::levels::Levels;
use super::noise_assignment::NoiseAssignment;
use super::used_parameters::UsedHdbscan;
use crate::clustering::Label;
use crate::report::Method;

/// What was used where the parameters leave it open.
pub(super) struct Told<'a> {
    pub(super) size: usize,
    pub(super) levels: Levels,
    pub(super) min_samples: usize,
    /// Labels before noise was placed.
    pub(super) raw: &'a [Label],
    pub(super) reduced_to: Option<usize>,
    pub(super) tree: Precision,
    /// Number of samples, where the clusters are what samples agree on.
    pub(super) samples: Option<usize>,
}

impl Told<'_> {
    /// Adds the parameters to the method.
    pub(super) fn tell(&self, method: &mut Method, params: &DensityParams) {
        let noise = self.raw.iter().filter(|label| label.is_none()).count() as f64;
        method.insert_parameters(&UsedHdbscan {
            min_cluster_size: self.size,
            min_cluster_size_choice: params.min_cluster_size.name(),
            directions: Some(self.levels.n_directions),
            detail: params.detail,
            min_samples: self.min_samples,
            min_samples_choice: params.min_samples.name(),
            selection: params.selection,
            epsilon: params.epsilon,
            max_cluster_size: params.max_cluster_size,
            single_cluster: params.single_cluster,
            max_noise: params.max_noise,
            reduced_to: self.reduced_to,
            reduction: self.reduced_to.map(|_| params.reduction),
            samples: self.samples,
            tree: Some(self.tree),
            noise_share_before_soft_assignment: noise / self.raw.len().max(1) as f64,
            seed: params.seed,
        });
    }
}

pub(super) fn approximation(n: usize, exact_rows: usize) -> String {
    format!(
        "the density tree of these {n} roles is approximate: above {exact_rows} each role is \
         compared only with the regions nearest to it, so single roles may stand elsewhere than \
         an exact tree would put them"
    )
}

/// What the reader should know of noise and of clusters that are not there.
pub(super) fn what_to_know(
    raw: &[Option<usize>],
    assigned: &NoiseAssignment,
    max_noise: f64,
) -> Vec<String> {
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

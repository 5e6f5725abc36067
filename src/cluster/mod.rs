//! Groups rows into specialisations.
//!
//! Two algorithms stand behind one door, [`cluster`]: k-means (every role belongs
//! somewhere, the number of clusters is given or chosen) and HDBSCAN (dense regions of any
//! shape, the rest is noise). Both give the same clusters for the same rows in any order,
//! on any number of threads.

mod assign;
mod choose_k;
mod choose_size;
mod dendrogram;
mod density;
mod gram;
mod hartigan;
pub mod hdbscan;
mod kmeans;
mod lineage;
mod linfa_api;
mod lloyd;
mod nearest;
mod noise_assignment;
mod refit;
mod seeding;
mod streamed;
mod ward;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde_json::json;

use crate::clustering::{ClusterId, Clustering, Label};
use crate::contingency::Contingency;
use crate::geometry::{Accelerator, Matrix};
use crate::hierarchy::Hierarchy;
use crate::progress::Progress;
use crate::report::Method;

pub use assign::{Assigned, ClusterModel, Density, assign};
pub use density::DensityParams;
use kmeans::Starts;
pub use kmeans::{KMeans, KMeansParams, Metric, fit as fit_kmeans};
pub use lineage::{lineage, stable_ids};
pub use streamed::fit_kmeans_streamed;

/// A parameter that may be left to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice<T> {
    /// The program chooses and says what it chose.
    #[default]
    Auto,
    /// This value.
    Given(T),
}

impl<T: FromStr> FromStr for Choice<T> {
    type Err = T::Err;

    /// `auto`, or a value.
    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text.eq_ignore_ascii_case("auto") {
            Ok(Choice::Auto)
        } else {
            text.parse().map(Choice::Given)
        }
    }
}

impl<T: fmt::Display> fmt::Display for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Auto => f.write_str("auto"),
            Choice::Given(value) => value.fmt(f),
        }
    }
}

/// Which algorithm, and how.
#[derive(Debug, Clone, PartialEq)]
pub enum Algorithm {
    /// Nearest of `k` centres.
    KMeans(KMeansParams),
    /// Dense regions, the rest noise.
    Hdbscan(DensityParams),
}

impl Default for Algorithm {
    /// k-means. Postings of one trade lie in one cloud of nearly even density: HDBSCAN calls
    /// half to nine tenths of a few hundred of them noise, and what it does find follows
    /// hand-made sections less than k-means does.
    fn default() -> Self {
        Algorithm::KMeans(KMeansParams::default())
    }
}

/// A score per row, such as its silhouette; `None` where it has none.
pub type RowScores = Vec<Option<f64>>;

/// Scores a labelling of the rows of a matrix; higher is better.
pub type ScoreFn<'a> = dyn Fn(&Matrix, &[Label]) -> RowScores + Sync + 'a;

/// Brings rows (`n x d`, at least [`FEWEST_REDUCED`]) down to a few numbers each in which
/// dense regions show; the same for the same rows.
pub type ReduceFn<'a> = dyn Fn(&Matrix, &dyn Progress) -> Matrix + Sync + 'a;

/// Fewer rows than this are clustered as they are.
pub const FEWEST_REDUCED: usize = 16;

/// What others can do for [`cluster_with`].
#[derive(Clone, Copy, Default)]
pub struct Helpers<'a> {
    /// HDBSCAN works on rows brought down by this; on the rows themselves without it.
    pub reduce: Option<&'a ReduceFn<'a>>,
    /// A device that compares rows and centres for k-means where there are many: the clusters
    /// are the same.
    pub accelerator: Option<&'a dyn Accelerator>,
}

/// What [`cluster`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// A label and a strength per row.
    pub clustering: Clustering,
    /// How it was found.
    pub method: Method,
    /// What [`assign`] needs for new rows.
    pub model: ClusterModel,
    /// The labels before noise was placed with the nearest cluster, ids as in `clustering`;
    /// `None` where the algorithm knows no noise.
    pub raw: Option<Vec<Label>>,
    /// How the clusters hang together and fall apart; `None` where there is one cluster, or
    /// there are more than anyone reads a tree of.
    pub hierarchy: Option<Hierarchy>,
}

impl Fitted {
    /// The same clusters seen by other rows: row `i` of the result is row `source[i]` of
    /// this one. Ids are made canonical again, in the model too.
    ///
    /// # Panics
    /// If a source row is out of range, or a cluster has no row left.
    pub fn spread(self, source: &[usize]) -> Fitted {
        let clustering = self.clustering.spread(source);
        let mut old_of_new = vec![ClusterId(0); clustering.n_clusters()];
        for (label, &row) in clustering.labels().iter().zip(source) {
            if let (Some(new), Some(old)) = (label, self.clustering.labels()[row]) {
                old_of_new[new.index()] = old;
            }
        }
        assert_eq!(old_of_new.len(), self.clustering.n_clusters(), "a cluster lost all its rows");
        let model = self.model.renumbered(&old_of_new);
        let new_of_old: BTreeMap<ClusterId, ClusterId> =
            old_of_new.iter().enumerate().map(|(new, &old)| (old, ClusterId(new as u32))).collect();
        let raw = self.raw.map(|raw| {
            source.iter().map(|&row| raw[row].map(|label| new_of_old[&label])).collect()
        });
        let hierarchy = self.hierarchy.map(|tree| {
            let ids: Vec<ClusterId> =
                (0..new_of_old.len() as u32).map(|id| new_of_old[&ClusterId(id)]).collect();
            tree.spread(source).renumbered(&ids)
        });
        Fitted { clustering, method: self.method, model, raw, hierarchy }
    }

    /// The same clusters under other ids: cluster `c` becomes `ids[c]`, in labels and model
    /// alike. See [`stable_ids`].
    ///
    /// # Panics
    /// If `ids` is not a permutation of the ids.
    pub fn renumbered(self, ids: &[ClusterId]) -> Fitted {
        let mut old_of_new = vec![ClusterId(0); ids.len()];
        ids.iter()
            .enumerate()
            .for_each(|(old, new)| old_of_new[new.index()] = ClusterId(old as u32));
        let rename = |label: Label| label.map(|id| ids[id.index()]);
        Fitted {
            clustering: self.clustering.renumbered(ids),
            method: self.method,
            model: self.model.renumbered(&old_of_new),
            raw: self.raw.map(|raw| raw.into_iter().map(rename).collect()),
            hierarchy: self.hierarchy.map(|tree| tree.renumbered(ids)),
        }
    }
}

/// Rows cannot be clustered as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClusterError {
    /// Nothing to cluster.
    #[error("there are no roles to cluster")]
    NoRows,
    /// A vector holds NaN or infinity.
    #[error("number {column} of vector {row} is not finite; embed again with --dtype f32")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// No such number of clusters.
    #[error("{k} clusters cannot be made of {n} roles; ask for 1 to {n}, or for auto")]
    K {
        /// Asked for.
        k: usize,
        /// Rows there are.
        n: usize,
    },
    /// New rows and fitted rows differ in length.
    #[error(
        "vectors of {found} numbers cannot be assigned to clusters of {expected}; use the model that made the clusters"
    )]
    Dimension {
        /// Of the fitted rows.
        expected: usize,
        /// Of the new rows.
        found: usize,
    },
    /// Not a share.
    #[error("max_noise is {given}: give a share of the roles, 0 to 1")]
    MaxNoise {
        /// As given.
        given: f64,
    },
    /// HDBSCAN's own checks.
    #[error(transparent)]
    Hdbscan(#[from] hdbscan::HdbscanError),
    /// linfa's own checks.
    #[error("{0}")]
    Linfa(String),
}

/// Groups the rows of `vectors` (`n x d`, unit length) into clusters. `score` is what
/// HDBSCAN's smallest cluster size is chosen by, where it is left to the program; the number of
/// clusters of k-means is chosen by how well halves of the rows agree.
///
/// # Errors
/// When there is no row, a number is not finite, or a parameter does not fit the number of
/// rows.
pub fn cluster(
    vectors: &Matrix,
    algorithm: &Algorithm,
    score: &ScoreFn,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    cluster_with(Helpers::default(), vectors, algorithm, score, progress)
}

/// [`cluster()`] with help.
///
/// # Errors
/// As [`cluster()`]. Where a device fails, the work goes on without it and the method says so.
pub fn cluster_with(
    helpers: Helpers,
    vectors: &Matrix,
    algorithm: &Algorithm,
    score: &ScoreFn,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    match algorithm {
        Algorithm::KMeans(params) => by_kmeans(helpers.accelerator, vectors, params, progress),
        Algorithm::Hdbscan(params) => {
            density::by_density(vectors, params, helpers.reduce, score, progress)
        }
    }
}

/// Two pictures with a lower adjusted Rand index than this are different pictures.
const SAME_PICTURE: f64 = 0.6;

fn by_kmeans(
    accelerator: Option<&dyn Accelerator>,
    vectors: &Matrix,
    params: &KMeansParams,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let prepared = kmeans::Prepared::new(vectors, params)?;
    let mut method = Method { algorithm: "kmeans".into(), ..Method::default() };
    let (k, starts) = match params.k {
        Choice::Given(k) => (k, Starts::All),
        Choice::Auto => {
            let candidates = choose_k::candidates(prepared.n_distinct());
            let n_splits = choose_k::n_splits(prepared.core_rows().rows());
            progress.start("choosing the number of clusters", n_splits as u64);
            let chosen = prepared.choose_k(&candidates, || progress.advance(1));
            progress.finish();
            method.choice = chosen.tried;
            method.parameters.insert("standard_error".into(), json!(chosen.standard_error));
            (chosen.k, Starts::Ward)
        }
    };
    progress.start("clustering", 1);
    let (fitted, course) = prepared.fit_on(accelerator, k, starts)?;
    progress.advance(1);
    progress.finish();

    let n_clusters = fitted.clustering.n_clusters();
    if n_clusters < k {
        method.warnings.push(format!(
            "{k} clusters were asked for, but only {} vectors are different: {n_clusters} clusters",
            prepared.n_distinct()
        ));
    }
    method.warnings.extend(cliff(&prepared, n_clusters));
    if let Some(device) = accelerator.filter(|_| prepared.iterates()) {
        method.parameters.insert("device".into(), json!(device.name()));
        method.warnings.extend(course.left.map(|reason| {
            format!("{} failed ({reason}); k-means went on without it", device.name())
        }));
    }
    let parameters = [
        ("k", json!(n_clusters)),
        ("k_choice", json!(if params.k == Choice::Auto { "auto" } else { "given" })),
        ("metric", json!(params.metric)),
        ("restarts", json!(if starts == Starts::All { params.restarts } else { 0 })),
        ("max_iterations", json!(params.max_iterations)),
        ("tolerance", json!(params.tolerance)),
        ("seed", json!(params.seed)),
        ("inertia", json!(fitted.inertia)),
        ("iterations", json!(fitted.iterations)),
    ];
    method.parameters.extend(parameters.map(|(name, value)| (name.to_string(), value)));
    let model = fitted.model();
    let hierarchy = dendrogram::of_centres(&fitted.centroids, &fitted.clustering);
    Ok(Fitted { clustering: fitted.clustering, method, model, raw: None, hierarchy })
}

/// Warns when one cluster more or less gives another picture.
fn cliff(prepared: &kmeans::Prepared, k: usize) -> Option<String> {
    let here = prepared.core_labels(k);
    let others = [k.saturating_sub(1), k + 1].into_iter().filter(|&other| {
        other >= 2 && other <= prepared.core_rows().rows().min(prepared.n_distinct())
    });
    let agreement =
        |other| (other, Contingency::of(&here, &prepared.core_labels(other)).adjusted_rand());
    let (other, rand) = others.map(agreement).min_by(|a, b| a.1.total_cmp(&b.1))?;
    (k >= 2 && rand < SAME_PICTURE).then(|| {
        format!(
            "the picture hangs on the number of clusters: with {other} instead of {k} it agrees \
             with this one to an adjusted Rand index of {rand:.2} (1 is the same, 0 is chance)"
        )
    })
}

#[cfg(test)]
mod tests;

//! Assigns new rows to the clusters of an earlier run.

use serde::{Deserialize, Serialize};

use super::error::ClusterError;
use super::hdbscan::{HdbscanError, Model};
use super::kmeans::{self, KMeans, Metric};
use super::mixture::{Mixture, likeliest};
use super::nearest::{Centroids, Nearest};
use super::noise_assignment::NoiseRule;
use crate::clustering::{ClusterId, Label};
use crate::geometry::{Matrix, first_not_finite, place_out_of_sample};
use crate::progress::Silent;

/// The fitted clusters, as far as new rows need them beside the fitted rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClusterModel {
    /// A row belongs to the nearest centroid.
    Centroids {
        /// `n_clusters x d`, by cluster id.
        centroids: Matrix,
        /// What "nearest" means.
        metric: Metric,
    },
    /// A row joins the density tree where its nearest fitted row is.
    Density(Box<Density>),
    /// A row belongs to the likeliest component of a Gaussian mixture.
    Mixture(Box<Mixture>),
}

/// A density tree and what becomes of rows it calls noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Density {
    pub(super) tree: Model,
    pub(super) rule: Option<NoiseRule>,
    /// The fitted rows brought down to a few numbers, where the tree is of those.
    #[serde(default)]
    pub(super) places: Option<Matrix>,
}

impl ClusterModel {
    /// The same model with other ids: cluster `i` of the result is `old_of_new[i]` here.
    ///
    /// # Panics
    /// If an id is out of range.
    pub fn renumbered(self, old_of_new: &[ClusterId]) -> ClusterModel {
        let old: Vec<usize> = old_of_new.iter().map(|id| id.index()).collect();
        match self {
            ClusterModel::Centroids { centroids, metric } => {
                ClusterModel::Centroids { centroids: centroids.select(&old), metric }
            }
            ClusterModel::Density(mut density) => {
                let mut new_of_old = vec![0; old.len()];
                old.iter().enumerate().for_each(|(new, &old)| new_of_old[old] = new);
                density.tree.renumber(&new_of_old);
                if let Some(rule) = &mut density.rule {
                    rule.centroids = rule.centroids.select(&old);
                }
                ClusterModel::Density(density)
            }
            ClusterModel::Mixture(mixture) => {
                ClusterModel::Mixture(Box::new(mixture.renumbered(&old)))
            }
        }
    }
}

impl KMeans {
    /// The model for [`assign()`].
    pub fn model(&self) -> ClusterModel {
        ClusterModel::Centroids { centroids: self.centroids.clone(), metric: self.metric }
    }
}

/// The place of a new row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assigned {
    /// Its cluster; `None` is noise.
    pub label: Label,
    /// How surely it belongs there, in `[0, 1]`, measured as for fitted rows.
    pub strength: f32,
}

/// Gives each row of `new` (`m x d`) the cluster it falls into. A fitted row gets the label
/// it was fitted with, and a row alone what it gets in a batch.
///
/// `fitted` are the rows the clusters were found in, as [`super::cluster()`] was given them
/// (`n x d`); centroids do without them.
///
/// # Errors
/// When the rows are not as long as those the clusters were found in, or a number is not
/// finite.
pub fn assign(
    model: &ClusterModel,
    fitted: &Matrix,
    new: &Matrix,
) -> Result<Vec<Assigned>, ClusterError> {
    if new.rows() == 0 {
        return Ok(Vec::new());
    }
    same_dimension(fitted, new)?;
    match model {
        ClusterModel::Centroids { centroids, metric } => {
            same_dimension(centroids, new)?;
            let rows = kmeans::prepare(new, *metric)?;
            let nearest = Centroids::new(centroids).two_nearest(&rows);
            let place = |n: &Nearest| Assigned {
                label: Some(ClusterId(n.first as u32)),
                strength: n.margin(),
            };
            Ok(nearest.iter().map(place).collect())
        }
        ClusterModel::Density(density) => density.assign(fitted, new),
        ClusterModel::Mixture(mixture) => {
            let shares = mixture.shares(&reduced(&mixture.places, fitted, new)?);
            let place = |line: &[f32]| match likeliest(line) {
                Some((at, strength)) => Assigned { label: Some(ClusterId(at as u32)), strength },
                None => Assigned { label: None, strength: 0.0 },
            };
            Ok(shares.iter_rows().map(place).collect())
        }
    }
}

/// New rows projected into the few dimensions of the fitted ones.
fn reduced(places: &Matrix, fitted: &Matrix, new: &Matrix) -> Result<Matrix, ClusterError> {
    if places.rows() != fitted.rows() {
        return Err(ClusterError::Hdbscan(HdbscanError::Shape {
            expected_rows: places.rows(),
            expected: fitted.cols(),
            rows: fitted.rows(),
            found: new.cols(),
        }));
    }
    if let Some((row, column)) = first_not_finite(new) {
        return Err(ClusterError::NotFinite { row, column });
    }
    Ok(place_out_of_sample(new, fitted, places, |_| ()))
}

impl Density {
    fn assign(&self, fitted: &Matrix, new: &Matrix) -> Result<Vec<Assigned>, ClusterError> {
        let predicted = match &self.places {
            None => self.tree.predict(fitted, new, &Silent)?,
            Some(places) => self.tree.predict(places, &reduced(places, fitted, new)?, &Silent)?,
        };
        let id = |label: usize| Some(ClusterId(label as u32));
        let mut places: Vec<Assigned> = predicted
            .iter()
            .map(|p| Assigned { label: p.label.and_then(id), strength: p.probability })
            .collect();
        if let Some(rule) = &self.rule {
            let noise: Vec<usize> =
                (0..places.len()).filter(|&row| places[row].label.is_none()).collect();
            for (&row, joined) in noise.iter().zip(rule.apply(&new.select(&noise))) {
                if let Some((label, strength)) = joined {
                    places[row] = Assigned { label: id(label), strength };
                }
            }
        }
        Ok(places)
    }
}

fn same_dimension(fitted: &Matrix, new: &Matrix) -> Result<(), ClusterError> {
    let (expected, found) = (fitted.cols(), new.cols());
    if expected == found { Ok(()) } else { Err(ClusterError::Dimension { expected, found }) }
}

//! Assigns new rows to the clusters of an earlier run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ClusterError;
use super::hdbscan::{HdbscanError, Model};
use super::kmeans::{self, KMeans, Metric};
use super::mixture::{Mixture, likeliest};
use super::nearest::{Centroids, Nearest};
use super::noise_assignment::NoiseRule;
use crate::clustering::{ClusterId, Label};
use crate::geometry::{Matrix, first_not_finite, nearest_among, place_out_of_sample};
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
    /// A row belongs where most of the fitted rows nearest to it belong.
    Votes(Votes),
    /// A row belongs to the likeliest component of a Gaussian mixture.
    Mixture(Box<Mixture>),
    /// A row belongs where the rows of its cluster went.
    Regrouped(RegroupedModel),
    /// A model of some of the fitted rows.
    Sampled(SampledModel),
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

/// Labels of fitted rows that vote on new ones: for clusters that no centre and no tree describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Votes {
    labels: Vec<Label>,
    strengths: Vec<f32>,
}

/// Fitted rows that vote on a new one.
const VOTERS: usize = 5;

impl Votes {
    pub(super) fn new(labels: &[Label], strengths: &[f32]) -> Self {
        Votes { labels: labels.to_vec(), strengths: strengths.to_vec() }
    }

    /// A vote weighs by nearness; noise votes too. A fitted row has its own label.
    fn assign(&self, fitted: &Matrix, new: &Matrix) -> Result<Vec<Assigned>, ClusterError> {
        same_rows(self.labels.len(), fitted, new)?;
        let near = nearest_among(new, fitted, VOTERS, |_| ());
        Ok(near.iter().map(|near| self.place(near)).collect())
    }

    fn place(&self, near: &[(f64, usize)]) -> Assigned {
        if let Some(&(0.0, same)) = near.first() {
            return Assigned { label: self.labels[same], strength: self.strengths[same] };
        }
        let mut votes: BTreeMap<Label, f64> = BTreeMap::new();
        for &(squared, row) in near {
            *votes.entry(self.labels[row]).or_insert(0.0) += squared.sqrt().recip();
        }
        let all: f64 = votes.values().sum();
        let most = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match most {
            Some((Some(id), votes)) => Assigned { label: Some(id), strength: (votes / all) as f32 },
            _ => Assigned { label: None, strength: 0.0 },
        }
    }

    fn renumbered(mut self, old_of_new: &[usize]) -> Self {
        renumber(&mut self.labels, old_of_new);
        self
    }
}

/// Label `old_of_new[i]` becomes `i`.
fn renumber(labels: &mut [Label], old_of_new: &[usize]) {
    let mut new_of_old = vec![0u32; old_of_new.len()];
    (0..).zip(old_of_new).for_each(|(new, &old)| new_of_old[old] = new);
    labels.iter_mut().flatten().for_each(|id| *id = ClusterId(new_of_old[id.index()]));
}

/// Clusters of another model, taken apart or put together.
///
/// A new row gets a cluster of the other model first. What became of the fitted rows of that
/// cluster is its label: where they are in several groups now, the nearest of them vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegroupedModel {
    found: Box<ClusterModel>,
    /// Of the fitted rows, by that model.
    found_labels: Vec<Label>,
    labels: Vec<Label>,
}

impl RegroupedModel {
    pub(super) fn new(found: ClusterModel, found_labels: &[Label], labels: &[Label]) -> Self {
        let (found_labels, labels) = (found_labels.to_vec(), labels.to_vec());
        RegroupedModel { found: Box::new(found), found_labels, labels }
    }

    fn assign(&self, fitted: &Matrix, new: &Matrix) -> Result<Vec<Assigned>, ClusterError> {
        same_rows(self.labels.len(), fitted, new)?;
        let mut places = assign(&self.found, fitted, new)?;
        let mut parts: BTreeMap<Label, Vec<usize>> = BTreeMap::new();
        for (row, place) in places.iter().enumerate() {
            parts.entry(place.label).or_default().push(row);
        }
        for (found, rows) in parts {
            let of_part = |row: &usize| self.found_labels[*row] == found;
            let voters: Vec<usize> = (0..self.labels.len()).filter(of_part).collect();
            let labels: Vec<Label> = voters.iter().map(|&row| self.labels[row]).collect();
            let first = labels.first().copied().flatten();
            if labels.iter().all(|&label| label == first) {
                rows.iter().for_each(|&row| places[row].label = first);
                continue;
            }
            let votes = Votes { strengths: vec![1.0; labels.len()], labels };
            let voted = votes.assign(&fitted.select(&voters), &new.select(&rows))?;
            for (row, voted) in rows.into_iter().zip(voted) {
                places[row].label = voted.label;
            }
        }
        Ok(places)
    }

    fn renumbered(mut self, old_of_new: &[usize]) -> Self {
        renumber(&mut self.labels, old_of_new);
        self
    }
}

/// A model that was fitted to a sample of the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampledModel {
    /// The rows of the sample, ascending.
    rows: Vec<u32>,
    model: Box<ClusterModel>,
}

impl SampledModel {
    /// Of a model that was fitted to these rows, ascending.
    pub(super) fn new(rows: &[usize], model: ClusterModel) -> Self {
        SampledModel { rows: rows.iter().map(|&row| row as u32).collect(), model: Box::new(model) }
    }

    fn assign(&self, fitted: &Matrix, new: &Matrix) -> Result<Vec<Assigned>, ClusterError> {
        let rows: Vec<usize> = self.rows.iter().map(|&row| row as usize).collect();
        if rows.last().is_some_and(|&last| last >= fitted.rows()) {
            return Err(ClusterError::Hdbscan(HdbscanError::Shape {
                expected_rows: rows.len(),
                expected: fitted.cols(),
                rows: fitted.rows(),
                found: new.cols(),
            }));
        }
        assign(&self.model, &fitted.select(&rows), new)
    }
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
            ClusterModel::Votes(votes) => ClusterModel::Votes(votes.renumbered(&old)),
            ClusterModel::Mixture(mixture) => {
                ClusterModel::Mixture(Box::new(mixture.renumbered(&old)))
            }
            ClusterModel::Regrouped(model) => ClusterModel::Regrouped(model.renumbered(&old)),
            ClusterModel::Sampled(SampledModel { rows, model }) => {
                let model = Box::new(model.renumbered(old_of_new));
                ClusterModel::Sampled(SampledModel { rows, model })
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
        ClusterModel::Votes(votes) => votes.assign(fitted, new),
        ClusterModel::Regrouped(model) => model.assign(fitted, new),
        ClusterModel::Sampled(model) => model.assign(fitted, new),
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
    same_rows(places.rows(), fitted, new)?;
    Ok(place_out_of_sample(new, fitted, places, |_| ()))
}

/// Whether as many fitted rows are given as were fitted, and the new ones are finite.
fn same_rows(expected_rows: usize, fitted: &Matrix, new: &Matrix) -> Result<(), ClusterError> {
    if expected_rows != fitted.rows() {
        return Err(ClusterError::Hdbscan(HdbscanError::Shape {
            expected_rows,
            expected: fitted.cols(),
            rows: fitted.rows(),
            found: new.cols(),
        }));
    }
    match first_not_finite(new) {
        Some((row, column)) => Err(ClusterError::NotFinite { row, column }),
        None => Ok(()),
    }
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
